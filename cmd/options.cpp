#include "cmd/options.hpp"

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <charconv>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace po = boost::program_options;

constexpr std::string_view wild = "SERVICE";
constexpr std::size_t k_most_digits = 9;

error usage(std::string message, std::string hint = {}) {
  error e{errc::usage, std::move(message)};
  e.hint = std::move(hint);
  return e;
}

// "--os_x" is how the Python client's users spell some of them.
std::string spelled(std::string_view word) {
  std::string text{word};
  if (text.starts_with("--os_"))
    std::replace(text.begin(),
                 text.begin() + static_cast<std::ptrdiff_t>(std::min(text.find('='), text.size())),
                 '_', '-');
  return text;
}

// The SERVICE in "os-compute-endpoint-override" where the row says "os-SERVICE-endpoint-override".
std::string_view service_in(std::string_view name, std::string_view row) {
  const std::size_t at = row.find(wild);
  if (at == std::string_view::npos) return {};
  const std::string_view tail = row.substr(at + wild.size());
  if (name.size() <= at + tail.size() || !name.starts_with(row.substr(0, at)) ||
      !name.ends_with(tail))
    return {};
  return name.substr(at, name.size() - at - tail.size());
}

// One row serves every service: the word is rewritten to the row's name with "compute=" in front of
// the value.
result<std::vector<std::string>> rewritten(std::span<const std::string> args,
                                           std::span<const option_spec> rows) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < args.size(); ++i) {
    std::string word = spelled(args[i]);
    if (word == "--") {
      words.insert(words.end(), args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
      break;
    }
    // Program_options takes what stands behind it for an argument of the command.
    if (word.starts_with("--=")) return usage("option " + word + " has no name");
    const option_spec* row = word.starts_with("--") ? find_option(word, rows) : nullptr;
    const std::string name = word.substr(0, word.find('='));
    const std::string_view service = row == nullptr
                                         ? std::string_view{}
                                         : service_in(std::string_view{name}.substr(2), row->name);
    if (!service.empty()) {
      std::string value = name.size() < word.size() ? word.substr(name.size() + 1) : std::string{};
      if (name.size() == word.size() && i + 1 < args.size() && !args[i + 1].starts_with("--"))
        value = args[++i];
      if (value.empty()) return usage("option " + name + " needs " + std::string{row->argument});
      word = "--" + std::string{row->name} + '=' + std::string{service} + '=' + value;
    }
    words.push_back(std::move(word));
  }
  return words;
}

po::options_description described(std::span<const option_spec> rows) {
  po::options_description all;
  for (const auto& row : rows) {
    std::string name{row.name};
    if (row.letter != 0) name += std::string{","} + row.letter;
    const po::value_semantic* semantic =
        row.argument.empty() ? static_cast<po::value_semantic*>(new po::untyped_value(true))
                             : po::value<std::string>();
    all.add_options()(name.c_str(), semantic, "");
  }
  return all;
}

error unknown_option(const std::string& word, std::span<const option_spec> rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back("--" + std::string{row.name});
  const std::string name = word.substr(0, word.find('='));
  const std::string near = did_you_mean(name, names);
  return usage("unknown option " + name, near.empty() ? "" : "did you mean " + near);
}

bool is_whole(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_seconds(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() && value > 0 &&
         value < 1e9;
}

bool is_word_of(std::string_view text, std::string_view words) {
  return text.find(' ') == std::string_view::npos &&
         (' ' + std::string{words} + ' ').find(' ' + std::string{text} + ' ') != std::string::npos;
}

result<void> check_value(const option_spec& row, const std::string& value) {
  const std::string name = "--" + std::string{row.name};
  if (value.empty()) return usage("option " + name + " has an empty value");
  if (row.argument == "N" && !is_whole(value))
    return usage("option " + name + " needs a whole number, not '" + value + "'");
  // So many hours are still a number of microseconds.
  if (row.argument == "N" && value.size() > k_most_digits)
    return usage("option " + name + " takes at most 999999999, not '" + value + "'");
  if (row.argument == "SECONDS" && !is_seconds(value))
    return usage("option " + name + " needs a number of seconds above 0, not '" + value + "'");
  if (!row.words.empty() && row.words.front() != '<' && !is_word_of(value, row.words))
    return usage("option " + name + " takes no '" + value + "'",
                 "one of: " + std::string{row.words});
  return {};
}

result<void> add(arguments& all, const po::option& given, std::span<const option_spec> rows) {
  if (given.position_key >= 0) {
    all.words.insert(all.words.end(), given.value.begin(), given.value.end());
    return {};
  }
  const option_spec* row = find_option(
      given.string_key.starts_with('-') ? given.string_key : "--" + given.string_key, rows);
  if (row == nullptr) return unknown_option(given.string_key, rows);
  const std::string name = "--" + std::string{row->name};
  auto& list = all.options[std::string{row->name}];
  if (!list.empty() && !row->repeatable) return usage("option " + name + " is given twice");
  if (row->argument.empty()) {
    list.emplace_back();
    return {};
  }
  if (given.original_tokens.size() > 1 && given.original_tokens[1].starts_with("--"))
    return usage("option " + name + " needs " + std::string{row->argument} + ", not '" +
                     given.original_tokens[1] + "'",
                 "a value that begins with -- is written " + name + "=VALUE");
  const std::string value = given.value.empty() ? std::string{} : given.value.front();
  if (auto good = check_value(*row, value); !good) return good;
  list.push_back(value);
  return {};
}

error explained(const po::error& e, std::span<const option_spec> rows) {
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&e))
    return unknown_option(unknown->get_option_name(), rows);
  if (const auto* syntax = dynamic_cast<const po::invalid_command_line_syntax*>(&e)) {
    const std::string name = syntax->get_option_name();
    const option_spec* row = find_option(name, rows);
    switch (syntax->kind()) {
      case po::invalid_syntax::missing_parameter:
        return usage("option " + name + " needs " +
                     std::string{row != nullptr ? row->argument : "value"});
      case po::invalid_syntax::empty_adjacent_parameter:
        return usage("option " + name + " has an empty value");
      case po::invalid_syntax::extra_parameter:
        return usage("option " + name + " takes no value");
      default:
        break;
    }
  }
  return usage(e.what());
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({change, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

}  // namespace

bool arguments::has(std::string_view option) const { return options.find(option) != options.end(); }

std::string arguments::value(std::string_view option, std::string_view otherwise) const {
  const auto at = options.find(option);
  return std::string{at == options.end() || at->second.empty() ? otherwise : at->second.back()};
}

std::vector<std::string> arguments::values(std::string_view option) const {
  const auto at = options.find(option);
  return at == options.end() ? std::vector<std::string>{} : at->second;
}

double arguments::number(std::string_view option, double otherwise) const {
  return has(option) ? std::stod(value(option)) : otherwise;
}

const option_spec* find_option(std::string_view word, std::span<const option_spec> rows) {
  const std::string text = spelled(word);
  if (!text.starts_with("--")) {
    if (text.size() < 2 || text[0] != '-') return nullptr;
    for (const auto& row : rows)
      if (row.letter == text[1]) return &row;
    return nullptr;
  }
  const std::string_view name = std::string_view{text}.substr(2, text.find('=') - 2);
  for (const auto& row : rows)
    if (row.name == name) return &row;
  for (const auto& row : rows)
    if (!service_in(name, row.name).empty()) return &row;
  return nullptr;
}

std::size_t command_position(std::span<const std::string> args) {
  std::vector<option_spec> rows{global_options().begin(), global_options().end()};
  rows.insert(rows.end(), output_options().begin(), output_options().end());
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& word = args[i];
    if (word == "--") return i + 1;
    if (word.size() < 2 || word[0] != '-') return i;
    const option_spec* row = find_option(word, rows);
    // In a cluster such as -vf the last letter may want the next word.
    if (!word.starts_with("--"))
      for (std::size_t at = 2; row != nullptr && row->argument.empty() && at < word.size(); ++at)
        row = find_option(std::string{'-', word[at]}, rows);
    const bool attached = word.starts_with("--") ? word.find('=') != std::string::npos
                                                 : row != nullptr && word.back() != row->letter;
    if (row != nullptr && !row->argument.empty() && !attached) ++i;
  }
  return args.size();
}

result<arguments> parse_options(std::span<const std::string> args,
                                std::span<const option_spec> rows) {
  auto words = rewritten(args, rows);
  if (!words) return words.error();
  arguments all;
  try {
    const po::options_description known = described(rows);
    const auto parsed =
        po::command_line_parser(*words)
            .options(known)
            .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
            .run();
    for (const auto& given : parsed.options)
      if (auto good = add(all, given, rows); !good) return good.error();
  } catch (const po::error& e) {
    return explained(e, rows);
  }
  return all;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const bool begins = word.size() > 2 && candidate.starts_with(word);
    const std::size_t far = begins ? 1 : distance(word, candidate);
    if (far >= least) continue;
    least = far;
    best = candidate;
  }
  return best;
}

std::vector<option_spec> options_of(const command& what) {
  std::vector<option_spec> rows{what.options.begin(), what.options.end()};
  if (what.lists) rows.insert(rows.end(), output_options().begin(), output_options().end());
  rows.insert(rows.end(), global_options().begin(), global_options().end());
  return rows;
}

}  // namespace ostclean::cmd
