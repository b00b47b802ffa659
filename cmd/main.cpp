// Nothing but the way into the library that the tests link too.
#include "cmd/command.hpp"
#include "cmd/process.hpp"

#include <string>
#include <vector>

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv, argv + argc);
  ostclean::cmd::hide_secrets(argc, argv);
  std::vector<const char*> words;
  words.reserve(given.size());
  for (const auto& word : given) words.push_back(word.c_str());
  return ostclean::cmd::run(argc, words.data());
}
