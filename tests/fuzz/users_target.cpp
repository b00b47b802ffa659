// The files that name users or images: each entry has an id that can stand in a URL, each once, and
// the same list comes out of the same list written again.
#include "services/kept_images.hpp"
#include "services/selection_files.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>

using namespace ostclean;
using namespace ostclean::fuzz;
using services::listed_user;

namespace {

void check_id(std::string_view id) {
  require(!id.empty() && id.size() <= 255, "an id is not empty", id);
  for (const unsigned char c : id)
    require(c > ' ' && c != 0x7f && c != '/' && c != '"', "an id can stand in a URL", id);
}

void check_page_error(const error& e) {
  require(e.code == errc::config, "a file that is refused is a mistake in the settings");
  require(e.message.starts_with("list") || e.message.find("in list") != std::string::npos,
          "an error names the file", e.message);
  require(e.message.find('\n') == std::string::npos, "an error is one line", e.message);
}

std::string as_json(const std::vector<listed_user>& all) {
  std::string text;
  for (const auto& one : all)
    text += boost::json::serialize(boost::json::object{{"id", one.id}}) + "\n";
  return text;
}

std::string as_lines(const std::vector<listed_user>& all) {
  std::string text = "id\n";
  for (const auto& one : all) text += one.id + ",more\r\n";
  return text;
}

bool is_utf8(const std::string& id) {
  for (const unsigned char c : id)
    if (c >= 0x80) return false;
  return true;
}

void check_again(const std::vector<listed_user>& all, const std::string& text) {
  const auto again = services::parse_users(text, "list");
  require(again && again->entries.size() == all.size() && again->warnings.empty(),
          "a list survives being written", text);
  for (std::size_t i = 0; i < all.size(); ++i)
    require(again->entries[i].id == all[i].id, "an id survives being written", text);
}

void check_users(std::string_view text) {
  const auto users = services::parse_users(text, "list");
  if (!users) return check_page_error(users.error());
  std::set<std::string> seen;
  bool plain = true, lines = true;
  for (const auto& one : users->entries) {
    check_id(one.id);
    require(seen.insert(one.id).second, "an id is listed once", one.id);
    plain = plain && is_utf8(one.id);
    // Quotes, commas and brackets mean something in a line.
    lines = lines && one.id.find_first_of(",[{") == std::string::npos;
  }
  if (users->entries.empty()) return;
  if (plain) check_again(users->entries, as_json(users->entries));
  if (lines) check_again(users->entries, as_lines(users->entries));
}

void check_images(std::string_view text) {
  const auto images = services::parse_kept_images(text, "list");
  if (!images) return;
  require(!images->projects, "a list of images knows no projects");
  for (const auto& id : images->ids) check_id(id);
}

}  // namespace

extern "C" int fuzz_users(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  check_users(text);
  check_images(text);
  (void)services::read_kept_images(scratch_file("images", text));
  return 0;
}
