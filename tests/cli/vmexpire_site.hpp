// A cloud whose os-vm-expire tracks what a test says.
#pragma once

#include "tests/cli/harness.hpp"

namespace cli {

class vm_site : public site {
 public:
  explicit vm_site(sandbox::options o = sandbox::options());

  /// A row for a server that need not exist, ending `seconds` from now; its id.
  std::string track(const sandbox::seeded& owner, const std::string& name, long seconds,
                    const std::string& server = {});
  ending as_user(const words& args, const manner& how = manner());

  long end_of(const std::string& id) const;  ///< "expire" of a row, 0 when there is none
  bool tracks(const std::string& id) const;
  std::size_t asked(const std::string& method = {}, const std::string& path = {}) const;
};

constexpr long k_hour = 3600, k_day = 86400;
long seconds_now();

/// The object with that member, or null.
json::value with(const ending& e, const char* member, const std::string& value);

}  // namespace cli
