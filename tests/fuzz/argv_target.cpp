// The command line, one word a line: what is selected is what was written, and no option takes the
// next option for its value.
#include "cmd/commands.hpp"
#include "cmd/options.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace ostclean;
using namespace ostclean::fuzz;
using words = std::vector<std::string>;

namespace {

words words_of(std::string_view text) {
  words all;
  while (!text.empty()) all.emplace_back(take_line(text));
  return all;
}

/// The row's name with the service in the place of SERVICE, which stands before the value.
std::string written(const std::string& name, const std::string& value) {
  const auto at = name.find("SERVICE");
  if (at == std::string::npos) return "--" + name + "=" + value;
  const auto equals = value.find('=');
  require(equals != std::string::npos, "a service's option names the service", value);
  return "--" + name.substr(0, at) + value.substr(0, equals) + name.substr(at + 7) + "=" +
         value.substr(equals + 1);
}

words written_again(const cmd::arguments& given, std::span<const cmd::option_spec> rows) {
  words all;
  for (const auto& [name, values] : given.options) {
    const auto* row = cmd::find_option("--" + name, rows);
    require(row != nullptr && row->name == name, "an option has a row", name);
    require(values.size() == 1 || row->repeatable, "an option is given once", name);
    for (const auto& value : values) {
      require(row->argument.empty() == value.empty(), "an option has a value if it takes one",
              name);
      all.push_back(value.empty() ? "--" + name : written(name, value));
    }
  }
  all.emplace_back("--");
  all.insert(all.end(), given.words.begin(), given.words.end());
  return all;
}

/// Whether `value` stands in a word as its end, not as the whole of it.
bool is_attached(const words& args, std::string_view value) {
  return std::any_of(args.begin(), args.end(), [value](const std::string& word) {
    return word.size() > value.size() && word.ends_with(value);
  });
}

void check_values(const cmd::arguments& given, const words& args) {
  const bool ended = std::find(args.begin(), args.end(), "--") != args.end();
  for (const auto& [name, values] : given.options)
    for (const auto& value : values) {
      const bool service = name.find("SERVICE") != std::string::npos;
      const auto plain = service ? value.substr(value.find('=') + 1) : value;
      require(!plain.starts_with("--") || is_attached(args, plain), "no option is a value", plain);
    }
  for (const auto& word : given.words) {
    require(ended || !word.starts_with("--"), "no option is an argument", word);
    require(std::find(args.begin(), args.end(), word) != args.end(), "an argument was given", word);
  }
}

void check(const words& args, std::span<const cmd::option_spec> rows) {
  const auto given = cmd::parse_options(args, rows);
  if (!given) {
    require(given.error().code == errc::usage && !given.error().message.empty(),
            "what is not understood is a usage error");
    return;
  }
  check_values(*given, args);
  const auto again = cmd::parse_options(written_again(*given, rows), rows);
  require(again.has_value(), "what was understood can be written",
          again ? "" : again.error().line());
  require(again->options == given->options && again->words == given->words,
          "what was understood is the same when written");
}

}  // namespace

extern "C" int fuzz_argv(const std::uint8_t* data, std::size_t size) {
  if (size > 2000) return 0;
  const words args = words_of(text_of(data, size));
  const std::size_t position = cmd::command_position(args);
  require(position <= args.size(), "the command is one of the words");
  cmd::command any;
  any.lists = true;
  const auto all = std::span{args};
  check(words(args.begin(), args.begin() + static_cast<std::ptrdiff_t>(position)),
        cmd::options_of(any));
  std::size_t used = 0;
  if (const auto* what = cmd::find_command(all.subspan(position), used)) {
    require(used > 0 && position + used <= args.size(), "a command has a name");
    check(words(args.begin() + static_cast<std::ptrdiff_t>(position + used), args.end()),
          cmd::options_of(*what));
  } else if (position < args.size()) {
    require(cmd::unknown_command(args[position]).code == errc::usage, "no command is usage");
  }
  return 0;
}
