// The committed corpus through the same targets in every build, so that what fuzzing has found once
// stays found, also where there is no libFuzzer.
#include "tests/fuzz/fuzz.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

class target {
 public:
  std::string_view name;
  int (*run)(const std::uint8_t*, std::size_t);
};

#define TARGET(name) target{#name, fuzz_##name},
constexpr target targets[] = {FUZZ_TARGETS};
#undef TARGET

void run_file(const target& what, const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  // A copy of exactly this size: what reads beyond it is seen by the address sanitizer.
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  std::fprintf(stderr, "%s\n", file.c_str());
  (void)what.run(bytes.data(), bytes.size());
}

}  // namespace

/// replay TARGET FOLDER
int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::size_t files = 0;
  for (const auto& what : targets)
    if (what.name == argv[1])
      for (const auto& entry : std::filesystem::directory_iterator(argv[2]))
        run_file(what, entry.path()), ++files;
  std::printf("%zu inputs\n", files);
  return files == 0 ? 1 : 0;
}
