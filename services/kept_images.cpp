#include "services/kept_images.hpp"

#include "core/json.hpp"
#include "core/text.hpp"
#include "services/selection_files.hpp"
#include "services/stop_record.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace ostclean::services {
namespace {

/// What every record of stop has near its beginning, and no list of images.
bool is_record(std::string_view text) {
  return text.substr(0, text.find('\n')).find("\"event\"") != std::string_view::npos;
}

std::string without_spaces(std::string_view text) {
  std::string rest{without_byte_order_mark(text)};
  std::erase_if(rest, [](unsigned char c) { return c <= ' '; });
  return rest;
}

}  // namespace

result<kept_images> parse_kept_images(std::string_view text, const std::string& name) {
  kept_images all;
  const std::string rest = without_spaces(text);
  if (rest == "[]") return all;
  if (rest.empty())
    return error{errc::config, name + " is empty: not even an empty list of images"};
  auto listed = parse_users(text, name);
  if (!listed) {
    error why = listed.error();
    if (auto at = why.message.find("user id"); at != std::string::npos)
      why.message.replace(at, 7, "image id");
    return why;
  }
  if (rest.find("\"remaining_days\":") != std::string::npos)
    return error{errc::config, name + " lists users, not images"};
  for (const auto& one : listed->entries) all.ids.insert(one.id);
  return all;
}

result<kept_images> read_kept_images(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (in) (void)in.peek();  // a folder can be opened, but not read
  if (!in && !in.eof())
    return error{errc::config, "cannot read " + file + ": " + std::strerror(errno)};
  in.clear();
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!is_record(text)) return parse_kept_images(text, file);
  auto record = read_stop_record(file);
  if (!record) return record.error();
  kept_images all;
  all.cloud = std::move(record->cloud);
  all.ids = std::move(record->in_use);
  all.projects = std::move(record->swept);
  return all;
}

}  // namespace ostclean::services
