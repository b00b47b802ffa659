// One run at a time on one project: two that delete the same things would report each other's work
// as their own. It holds between processes of one machine and one user.
#pragma once

#include "core/error.hpp"

#include <memory>
#include <string>

namespace ostclean::plan {

class exclusive {
 public:
  /// errc::refused when another process holds `name`; `what` says in the message what that is. The
  /// lock goes with the process, however it ends; its file stays. errc::io.
  static result<std::unique_ptr<exclusive>> take(const std::string& name, const std::string& what);
  ~exclusive();
  exclusive(const exclusive&) = delete;
  exclusive& operator=(const exclusive&) = delete;

 private:
  explicit exclusive(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace ostclean::plan
