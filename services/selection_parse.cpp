// The parsers of services/selection_files.hpp.
#include "core/text.hpp"
#include "services/selection_files.hpp"

#include <fmt/core.h>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace ostclean::services {
namespace {

namespace json = boost::json;

/// A line without its end, and the place it has in the file.
class line {
 public:
  line(std::string text, std::string where) : text(std::move(text)), where(std::move(where)) {}
  std::string text, where;
};

/// Lines that are not blank; the byte order mark and carriage returns are taken off.
std::vector<line> lines_of(std::string_view text, const std::string& name) {
  text = without_byte_order_mark(text);
  std::vector<line> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string one = boost::algorithm::trim_copy(std::string(text.substr(0, end)));
    if (!one.empty()) lines.emplace_back(std::move(one), fmt::format("{}:{}", name, number));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

class record {
 public:
  record(json::object body, std::string where) : body(std::move(body)), where(std::move(where)) {}
  json::object body;
  std::string where;

  std::string text(std::string_view key) const {
    const auto* found = body.if_contains(key);
    const auto* value = found ? found->if_string() : nullptr;
    return value ? std::string(*value) : std::string();
  }
};

/// A JSON array. Boost.JSON says how many bytes it took before it stumbled: that is the line.
result<std::vector<record>> array_of(std::string_view text, const std::string& name) {
  json::stream_parser parser;
  boost::system::error_code ec;
  const std::size_t taken = parser.write_some(text.data(), text.size(), ec);
  if (!ec && text.find_first_not_of(" \t\r\n", taken) != std::string_view::npos)
    ec = json::error::extra_data;
  if (!ec) parser.finish(ec);
  if (ec) {
    const auto stop = text.begin() + static_cast<std::ptrdiff_t>(std::min(taken, text.size()));
    const auto number = 1 + std::count(text.begin(), stop, '\n');
    return config_error(fmt::format("{}:{}", name, number), "not valid JSON: " + ec.message());
  }
  const json::value root = parser.release();
  std::vector<record> records;
  for (const auto& entry : root.as_array()) {
    const std::string where = fmt::format("{}: entry {}", name, records.size() + 1);
    if (!entry.is_object()) return config_error(where, "not a JSON object");
    records.emplace_back(entry.as_object(), where);
  }
  return records;
}

result<std::vector<record>> json_lines(const std::vector<line>& lines) {
  std::vector<record> records;
  for (const auto& one : lines) {
    boost::system::error_code ec;
    const json::value value = json::parse(one.text, ec);
    if (ec) return config_error(one.where, "not valid JSON: " + ec.message());
    if (!value.is_object()) return config_error(one.where, "not a JSON object");
    records.emplace_back(value.as_object(), one.where);
  }
  return records;
}

result<std::vector<record>> records_of(std::string_view text, const std::vector<line>& lines,
                                       const std::string& name) {
  if (layout_of(text) == layout::json_array) return array_of(without_byte_order_mark(text), name);
  return json_lines(lines);
}

/// Ids end up in URLs and messages: anything odd in one is a damaged file.
bool plausible(std::string_view id) {
  const auto odd = [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '/' || c == '"'; };
  return !id.empty() && id.size() <= 255 && std::none_of(id.begin(), id.end(), odd);
}

/// The first field of a line, without quotes.
std::string first_field(const std::string& text) {
  std::string field = boost::algorithm::trim_copy(text.substr(0, text.find(',')));
  if (field.size() > 1 && field.front() == '"' && field.back() == '"')
    field = field.substr(1, field.size() - 2);
  return field;
}

result<std::vector<listed_user>> plain_users(const std::vector<line>& lines) {
  std::vector<listed_user> users;
  for (const auto& one : lines) {
    std::string id = first_field(one.text);
    if (&one == &lines.front() && boost::algorithm::iequals(id, "id")) continue;
    if (!plausible(id)) return config_error(one.where, "no user id in the first field");
    users.emplace_back(std::move(id), one.where);
  }
  return users;
}

result<std::vector<listed_user>> json_users(const std::vector<record>& records) {
  std::vector<listed_user> users;
  for (const auto& one : records) {
    std::string id = one.text(one.body.contains("id") ? "id" : "user_id");
    if (!plausible(id)) return config_error(one.where, "no user id");
    users.emplace_back(std::move(id), one.where);
  }
  return users;
}

/// Drops what was there before, with a warning; `key` tells two entries apart.
template <class T, class Key>
file_entries<T> once(std::vector<T> all, const Key& key) {
  file_entries<T> kept;
  std::set<std::string> seen;
  for (auto& one : all) {
    std::string id = key(one);
    if (seen.insert(id).second)
      kept.entries.push_back(std::move(one));
    else
      kept.warnings.push_back(fmt::format("{}: user {} is listed twice", one.where, id));
  }
  return kept;
}

/// Without a domain a name may be several people's; each has a project.
std::string identity_of(const credentials& one) {
  if (!one.user_id.empty()) return one.user_id;
  if (!one.domain_id.empty()) return fmt::format("{} of domain {}", one.user_name, one.domain_id);
  return fmt::format("{} of project {}", one.user_name,
                     one.project_id.empty() ? one.project_name : one.project_id);
}

credentials from_record(const record& one) {
  credentials made;
  made.user_id = one.text("user_id");
  made.user_name = one.text("user_name");
  made.domain_id = one.text("domain_id");
  made.project_id = one.text("project_id");
  made.project_name = one.text("project_name");
  made.password = one.text("password");
  made.trust_id = one.text("trust_id");
  made.where = one.where;
  return made;
}

/// Keystone's own ids: 32 hexadecimal digits, 64 for a user of LDAP.
bool looks_like_id(std::string_view text) {
  return (text.size() == 32 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// "user,password,project": a password may hold commas, the other two cannot.
result<std::vector<credentials>> plain_credentials(const std::vector<line>& lines) {
  std::vector<credentials> all;
  for (const auto& one : lines) {
    const auto first = one.text.find(','), last = one.text.rfind(',');
    if (first == std::string::npos || first == last)
      return config_error(one.where, "not a line of user,password,project");
    credentials made;
    const std::string user = one.text.substr(0, first), project = one.text.substr(last + 1);
    (looks_like_id(user) ? made.user_id : made.user_name) = user;
    (looks_like_id(project) ? made.project_id : made.project_name) = project;
    made.password = one.text.substr(first + 1, last - first - 1);
    made.where = one.where;
    all.push_back(std::move(made));
  }
  return all;
}

result<std::vector<credentials>> complete(std::vector<credentials> all) {
  for (const auto& one : all) {
    if (one.user_id.empty() && one.user_name.empty()) return config_error(one.where, "no user");
    if (!one.user_id.empty() && !plausible(one.user_id))
      return config_error(one.where, "the user id is damaged");
    if (one.password.empty()) return config_error(one.where, "no password");
    if (one.project_id.empty() && one.project_name.empty())
      return config_error(one.where, "no project");
  }
  return all;
}

error nobody_in(const std::string& name) {
  return error(errc::config, fmt::format("no users in {}", name));
}

/// What a filter that found nobody writes: nothing to do, and no mistake, unlike an empty file.
file_entries<listed_user> nobody_on_purpose(const std::string& name) {
  file_entries<listed_user> none;
  none.warnings.push_back(name + " lists nobody");
  return none;
}

}  // namespace

layout layout_of(std::string_view text) {
  text = without_byte_order_mark(text);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\v\f"), text.size()));
  if (text.starts_with('[')) return layout::json_array;
  return text.starts_with('{') ? layout::json_lines : layout::plain;
}

result<file_entries<listed_user>> parse_users(std::string_view text, const std::string& name) {
  const auto lines = lines_of(text, name);
  if (lines.empty()) return nobody_in(name);
  result<std::vector<listed_user>> users{std::vector<listed_user>()};
  if (layout_of(text) != layout::plain) {
    const auto records = records_of(text, lines, name);
    if (!records) return records.error();
    if (records->empty()) return nobody_on_purpose(name);
    users = json_users(*records);
  } else {
    users = plain_users(lines);
  }
  if (!users) return users.error();
  if (users->empty()) return nobody_in(name);
  return once(std::move(*users), [](const listed_user& one) { return one.id; });
}

result<file_entries<credentials>> parse_credentials(std::string_view text,
                                                    const std::string& name) {
  const auto lines = lines_of(text, name);
  if (lines.empty()) return nobody_in(name);
  std::vector<credentials> all;
  if (layout_of(text) != layout::plain) {
    const auto records = records_of(text, lines, name);
    if (!records) return records.error();
    for (const auto& one : *records) all.push_back(from_record(one));
  } else {
    auto plain = plain_credentials(lines);
    if (!plain) return plain.error();
    all = std::move(*plain);
  }
  if (all.empty()) return nobody_in(name);
  auto checked = complete(std::move(all));
  if (!checked) return checked.error();
  return once(std::move(*checked), identity_of);
}

result<file_entries<credentials>> parse_trusts(std::string_view text, const std::string& name) {
  const auto lines = lines_of(text, name);
  if (lines.empty()) return nobody_in(name);
  const auto records = records_of(text, lines, name);
  if (!records) return records.error();
  std::vector<credentials> all;
  for (const auto& one : *records) {
    all.push_back(from_record(one));
    all.back().password.clear();
    if (!plausible(all.back().trust_id)) return config_error(one.where, "no trust_id");
    if (!plausible(all.back().user_id)) return config_error(one.where, "no user_id");
  }
  if (all.empty()) return nobody_in(name);
  return once(std::move(all), [](const credentials& one) { return one.trust_id; });
}

}  // namespace ostclean::services
