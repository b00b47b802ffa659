#include "services/warning_letter.hpp"

#include "core/text.hpp"

#include <fmt/core.h>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <sys/stat.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

namespace ostclean::services {
namespace {

constexpr std::string_view k_default =
    "Subject: Your account {name} ends on {expires}\n"
    "\n"
    "Hello {name},\n"
    "\n"
    "your account (role {role}) ends on {expires}: {days} days from today. After that day the\n"
    "servers of project {project} are stopped, and {grace_days} days later everything in it is\n"
    "deleted and cannot be recovered. Today that is:\n"
    "\n"
    "{what}\n"
    "\n"
    "Save what you want to keep before, or ask the operators of the cloud for more time.\n";

constexpr std::array<std::string_view, 10> k_words{"name",       "user_id", "email",   "project",
                                                   "project_id", "role",    "expires", "days",
                                                   "grace_days", "what"};

std::string value_of(std::string_view word, const warning_facts& facts) {
  if (word == "name") return facts.name;
  if (word == "user_id") return facts.user_id;
  if (word == "email") return facts.email;
  if (word == "project") return facts.project;
  if (word == "project_id") return facts.project_id;
  if (word == "role") return facts.role;
  if (word == "expires") return facts.expires;
  if (word == "days") return std::to_string(facts.days);
  if (word == "grace_days") return std::to_string(facts.grace_days);
  return facts.what;
}

error complain(const std::string& name, std::size_t line, std::string_view what) {
  return error(errc::config, fmt::format("{}:{}: {}", name, line, what));
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t size = c < 0x80                    ? 1
                             : (c >> 5) == 6 && c > 0xc1 ? 2
                             : (c >> 4) == 14            ? 3
                             : (c >> 3) == 30            ? 4
                                                         : 0;
    if (size == 0 || i + size > text.size()) return false;
    for (std::size_t k = 1; k < size; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    i += size;
  }
  return true;
}

/// The word behind a brace at `at`; nullopt for a brace that opens none.
std::optional<std::string_view> word_at(std::string_view text, std::size_t at) {
  const auto end = text.find('}', at);
  if (end == std::string_view::npos) return std::nullopt;
  const auto word = text.substr(at + 1, end - at - 1);
  if (std::find(k_words.begin(), k_words.end(), word) == k_words.end()) return std::nullopt;
  return word;
}

std::string filled(std::string_view text, const warning_facts& facts) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{') {
      out += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '{') {
      out += text[i++];
    } else if (const auto word = word_at(text, i)) {
      out += value_of(*word, facts);
      i += word->size() + 1;
    }
  }
  return out;
}

std::optional<error> check_words(std::string_view text, const std::string& name) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++line;
    if (text[i] != '{') continue;
    if (i + 1 < text.size() && text[i + 1] == '{') {
      ++i;
      continue;
    }
    if (word_at(text, i)) continue;
    std::string known;
    for (const auto word : k_words)
      known += fmt::format("{}{{{}}}", known.empty() ? "" : " ", word);
    return complain(name, line, fmt::format("a brace that begins none of {}", known));
  }
  return std::nullopt;
}

}  // namespace

result<warning_template> warning_template::parse(std::string_view given, const std::string& name) {
  std::string text{without_byte_order_mark(given)};
  std::erase(text, '\r');
  if (!is_utf8(text)) return error(errc::config, fmt::format("{} is not UTF-8", name));
  if (auto wrong = check_words(text, name)) return *wrong;
  warning_template made;
  std::size_t at = 0;
  for (std::size_t number = 1; at < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty()) break;
    const auto colon = line.find(':');
    const std::string key = boost::algorithm::to_lower_copy(line.substr(0, colon));
    std::string* into = key == "subject"    ? &made.subject_
                        : key == "from"     ? &made.from_
                        : key == "reply-to" ? &made.reply_to_
                                            : nullptr;
    if (colon == std::string::npos || !into)
      return complain(name, number,
                      "not a header (Subject, From, Reply-To) and no empty line before the text");
    if (!into->empty()) return complain(name, number, "this header is given twice");
    *into = boost::algorithm::trim_copy(line.substr(colon + 1));
  }
  if (made.subject_.empty()) return complain(name, 1, "no Subject");
  if (at < text.size()) made.body_ = text.substr(at);
  if (boost::algorithm::trim_copy(made.body_).empty())
    return error(errc::config, fmt::format("{} has no text", name));
  return made;
}

result<warning_template> warning_template::load(const std::string& file) {
  if (file.empty()) return parse(k_default, "the built-in template");
  struct stat info {};
  std::ifstream in;
  int why = ::stat(file.c_str(), &info) != 0 ? errno : S_ISREG(info.st_mode) ? 0 : EINVAL;
  if (why == 0) in.open(file, std::ios::binary);
  if (why == 0 && !in) why = errno;
  if (why != 0)
    return error(errc::config,
                 fmt::format("cannot read the template {}: {}", file, std::strerror(why)));
  std::ostringstream text;
  text << in.rdbuf();
  return parse(text.str(), file);
}

bool warning_template::names(std::string_view word) const {
  const std::string wanted = fmt::format("{{{}}}", word);
  return subject_.find(wanted) != std::string::npos || body_.find(wanted) != std::string::npos;
}

mail::letter warning_template::fill(const warning_facts& facts) const {
  mail::letter made;
  made.to = facts.email;
  made.subject = filled(subject_, facts);
  made.from = filled(from_, facts);
  made.reply_to = filled(reply_to_, facts);
  made.body = filled(body_, facts);
  return made;
}

}  // namespace ostclean::services
