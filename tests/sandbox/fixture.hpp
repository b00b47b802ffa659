// A cloud with an administrator, a trial user with everything and a neighbour, as most tests want.
// What is asynchronous ends when the test says settle(), however slow the machine is.
#pragma once

#include <boost/test/unit_test.hpp>

#include "tests/sandbox/client.hpp"

namespace sandbox {

struct two_tenants {
  explicit two_tenants(level how_much = level::rare, options o = options())
      : it(std::move(o)),
        mine(it.seed_trial_user("trial-01", "trial", "2026-10-01", 14, {}, how_much)),
        theirs(it.seed_project("neighbour", how_much)),
        admin(it, "admin", cloud::admin_password(), "admin"),
        user(it, mine.name, mine.password, mine.name) {
    it.set_async_delay(std::chrono::hours(1));
  }

  two_tenants(const two_tenants&) = delete;
  two_tenants& operator=(const two_tenants&) = delete;
  /// Complains about each fault that no request met.
  ~two_tenants() {
    for (const auto& one : it.unmet_faults()) BOOST_ERROR("no request met: " << one);
  }

  /// What a GET answers once nothing is pending.
  int settled(const std::string& target) {
    it.settle();
    return user.get(target).status;
  }

  cloud it;
  seeded mine, theirs;
  client admin, user;
};

}  // namespace sandbox
