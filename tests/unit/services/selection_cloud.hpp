// A Keystone with trial users, of whom an administrator picks.
#pragma once

#include "services/selection.hpp"
#include "tests/unit/support/keystone_model.hpp"
#include "tests/unit/support/loop.hpp"

#include <unistd.h>
#include <cstdio>
#include <fstream>

namespace ostclean::services::selection_test {

using namespace std::chrono_literals;
using std::chrono::sys_days;

inline const auto today = sys_days(2026y / 11 / 22) + 1h;
inline const std::string over = R"("trial_started_at":"2026-10-01")";
inline const std::string running = R"("trial_started_at":"2026-11-21")";

class cloud : public testing::loop_fixture {
 public:
  cloud() {
    keystone.add_administrator();
    admin.user_id = "root";
    admin.user_name = "name-root";
    admin.project_id = "adm";
    admin.roles = {"admin", "member"};
  }
  /// A user with a project of its own and the role there.
  void add(const std::string& id, const std::string& attributes = over,
           const std::string& role = "trial") {
    keystone.add_user(id, "p-" + id, attributes);
    keystone.add_project("p-" + id);
    keystone.grant(role, id, "p-" + id);
  }
  result<selection> pick() { return run(select(from, rules, admin, wanted, lent, today)); }
  /// The targets with their keypair users and the spared, or the error with its code.
  std::string picked() {
    const auto made = pick();
    if (!made)
      return (made.error().code == errc::refused  ? "refused: "
              : made.error().code == errc::config ? "config: "
                                                  : "?: ") +
             made.error().message;
    std::string all;
    for (const auto& one : made->targets) {
      all += one.project_id + "(";
      for (const auto& user : one.keypair_users) all += user + ",";
      all += ") ";
    }
    for (const auto& one : made->spared) all += "spared " + one.user_id + ": " + one.reason + " ";
    return all;
  }
  /// A users file that is removed again.
  std::string file(const std::string& text) {
    std::string name = "/tmp/ostclean-users-XXXXXX";
    ::close(::mkstemp(name.data()));
    std::ofstream(name) << text;
    files.push_back(name);
    return name;
  }
  ~cloud() {
    for (const auto& name : files) std::remove(name.c_str());
  }

  std::vector<std::string> files;
  testing::keystone_model keystone;
  identity from{keystone, testing::keystone_model::base};
  policy rules = policy::built_in();
  auth::token admin;
  selectors wanted;
  is_lent lent;
};

}  // namespace ostclean::services::selection_test
