// Who was warned of which day, kept from one run to the next: a user is warned once for an expiry
// date, and again when the date has moved.
#pragma once

#include "core/line_file.hpp"
#include "core/time.hpp"
#include "services/cloud_identity.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <string>

namespace ostclean::services {

class warned_book {
 public:
  /// `file` empty: warned.jsonl in the state folder. `cloud` keeps clouds apart. The file is held
  /// by this run until the book goes; `reads` opens nothing that is not there and writes nothing.
  /// errc::config for a damaged file, errc::conflict when another run holds it.
  static result<std::unique_ptr<warned_book>> open(const std::string& file, this_cloud cloud,
                                                   bool reads);

  bool knows(const std::string& user_id, const std::string& expires_at) const;
  /// On the disk when it returns. `how`: "mail" or "url".
  result<void> remember(const std::string& user_id, const std::string& expires_at,
                        const std::string& how, sys_time at);

 private:
  explicit warned_book(this_cloud cloud) : cloud_(std::move(cloud)) {}
  result<void> read();

  this_cloud cloud_;
  std::unique_ptr<line_file> file_;
  std::set<std::pair<std::string, std::string>> known_;
};

}  // namespace ostclean::services
