#include "services/credentials_out.hpp"

#include "core/text.hpp"
#include "services/selection_files.hpp"

#include <fmt/core.h>
#include <boost/json.hpp>

#include <string_view>

namespace ostclean::services {
namespace {

namespace json = boost::json;

/// How a line of ours begins, and its two ends; they are as long as each other.
constexpr std::string_view k_line_begin = "{\"user_id\":\"";
constexpr std::string_view k_pending = "\"done\":false}", k_done = "\"done\":true }";
constexpr std::size_t k_word = 6;  ///< "false}"
static_assert(k_pending.size() == k_done.size());

std::string json_line(const user& who, const std::string& password) {
  json::object line;
  line["user_id"] = who.id;
  line["user_name"] = who.name;
  line["domain_id"] = who.domain_id;
  line["project_id"] = who.own_project();
  line["password"] = password;
  line["done"] = false;
  return json::serialize(line);
}

}  // namespace

result<std::unique_ptr<credentials_out>> credentials_out::open(const std::string& file, bool append,
                                                               credentials_format how) {
  auto opened = line_file::open(file, append ? line_file::mode::append : line_file::mode::fresh);
  if (!opened) {
    error why = opened.error();
    if (why.code == errc::refused)
      why.hint = "--append adds to it, and finishes what an interrupted run began";
    return why;
  }
  std::unique_ptr<credentials_out> made(new credentials_out(std::move(*opened), how));
  if (auto read = made->read(); !read) return read.error();
  return made;
}

result<void> credentials_out::read() {
  if (how_ == credentials_format::csv && !file_->tail().empty()) return file_->unended();
  if (auto mended = file_->mend_tail(k_line_begin); !mended) return mended;
  const std::string& text = file_->text();
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return {};
  const auto wanted = how_ == credentials_format::json ? layout::json_lines : layout::plain;
  if (layout_of(text) != wanted)
    return error(
        errc::config,
        fmt::format("{} has another format than --credentials-format asks for", file_->name()));
  auto known = parse_credentials(text, file_->name());
  if (!known) return known.error();
  for (const auto& one : known->entries) {
    const std::string place = one.project_id.empty() ? one.project_name : one.project_id;
    entry& made =
        entries_[how_ == credentials_format::json ? one.user_id : one.label() + "," + place];
    made.password = one.password;
  }
  if (how_ == credentials_format::csv) return {};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string_view line = std::string_view(text).substr(at, end - at);
    const std::string_view body_text = at == 0 ? without_byte_order_mark(line) : line;
    boost::system::error_code ec;
    const auto body = json::parse(json::string_view(body_text.data(), body_text.size()), ec);
    if (const auto* object = ec ? nullptr : body.if_object()) {
      const auto* id = object->if_contains("user_id");
      const auto* mark = object->if_contains("done");
      auto found =
          id && id->is_string() ? entries_.find(std::string(id->get_string())) : entries_.end();
      if (found != entries_.end()) {
        found->second.done = mark && mark->is_bool() && mark->get_bool();
        if (line.ends_with(k_pending)) found->second.mark_at = at + line.size() - k_word;
      }
    }
    at = end + 1;
  }
  return {};
}

std::string credentials_out::key(const user& who) const {
  return how_ == credentials_format::json ? who.id : who.name + "," + who.own_project();
}

const credentials_out::entry* credentials_out::find(const user& who) const {
  const auto found = entries_.find(key(who));
  return found == entries_.end() ? nullptr : &found->second;
}

std::string credentials_out::why_unwritable(const user& who) const {
  if (how_ == credentials_format::json) return "";
  for (const char c : who.name)
    if (c == ',' || c == '"' || static_cast<unsigned char>(c) < 0x20)
      return "the user's name cannot be written as CSV";
  if (who.name.empty() || who.name.front() == ' ' || who.name.back() == ' ')
    return "the user's name cannot be written as CSV";
  return "";
}

result<credentials_out::entry> credentials_out::add(const user& who, const std::string& password) {
  const bool lines = how_ == credentials_format::json;
  const std::string text =
      lines ? json_line(who, password) : who.name + "," + password + "," + who.own_project();
  auto at = file_->append(text);
  if (!at) return at.error();
  entry made;
  made.password = password;
  if (lines) made.mark_at = *at + text.size() - k_word;
  entries_[key(who)] = made;
  return made;
}

result<void> credentials_out::mark_done(const entry& what) {
  if (!what.mark_at) return {};
  return file_->overwrite(*what.mark_at, k_done.substr(k_done.size() - k_word));
}

}  // namespace ostclean::services
