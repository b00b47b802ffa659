#include "services/warnings.hpp"

#include "core/json.hpp"
#include "core/time.hpp"

#include <fmt/core.h>
#include <boost/json.hpp>

#include <filesystem>
#include <string_view>

namespace ostclean::services {
namespace {

namespace json = boost::json;

constexpr std::string_view k_warning_begin = "{\"cloud\":\"";

}  // namespace

result<std::unique_ptr<warned_book>> warned_book::open(const std::string& file, this_cloud cloud,
                                                       bool reads) {
  const std::string name = file.empty() ? state_folder() + "/warned.jsonl" : file;
  std::unique_ptr<warned_book> made(new warned_book(std::move(cloud)));
  std::error_code ec;
  if (reads && !std::filesystem::exists(name, ec)) return made;
  auto opened = line_file::open(name, line_file::mode::append, true);
  if (!opened) return opened.error();
  made->file_ = std::move(*opened);
  if (!reads)
    if (auto mended = made->file_->mend_tail(k_warning_begin); !mended) return mended.error();
  if (auto read = made->read(); !read) return read.error();
  return made;
}

result<void> warned_book::read() {
  std::string_view rest = file_->text();
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    boost::system::error_code ec;
    const auto line = json::parse(json::string_view(rest.data(), end), ec);
    std::string user = ec ? "" : text_at(line, "user_id"),
                day = ec ? "" : text_at(line, "expires_at");
    if (user.empty() || day.empty()) {
      error damaged(errc::config, fmt::format("{}:{}: not a line of the record of warnings",
                                              file_->name(), number));
      damaged.hint = "remove the line; whom it named is warned again";
      return damaged;
    }
    if (cloud_.is(cloud_identity::read(line, "cloud")))
      known_.emplace(std::move(user), std::move(day));
    rest.remove_prefix(end + 1);
  }
  return {};
}

bool warned_book::knows(const std::string& user_id, const std::string& expires_at) const {
  return known_.contains({user_id, expires_at});
}

result<void> warned_book::remember(const std::string& user_id, const std::string& expires_at,
                                   const std::string& how, sys_time at) {
  json::object line;
  cloud_.identity.write(line, "cloud");
  line["user_id"] = user_id;
  line["expires_at"] = expires_at;
  line["by"] = how;
  line["warned_at"] = format_rfc3339(at);
  auto written = file_->append(json::serialize(line));
  if (!written) return written.error();
  known_.emplace(user_id, expires_at);
  return {};
}

}  // namespace ostclean::services
