#include "tests/cli/changing_commands.hpp"

#include <fmt/core.h>

#include <boost/test/unit_test.hpp>

namespace cli {
namespace {

std::string ten_days_ago() {
  const std::time_t then = seconds_now() - 10 * k_day;
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&then));
  return text;
}

words stop(const busy_site& s) {
  return {"stop", "--project", s.mine.name, "--record", s.record()};
}

void stop_them(busy_site& s) {
  auto args = stop(s);
  args.push_back("--yes");
  const auto e = s.run(args);
  BOOST_TEST(e.code == 0, e.err);
  s.it.settle();
  s.it.clear_requests();
}

std::vector<changing_command> accounts() {
  return {
      {"users --notify",
       [](const busy_site&) {
         return words{"users", "--notify", "--sendmail", "/bin/true", "--again"};
       },
       "users to warn (1): ", "1"},
      {"reset",
       [](const busy_site& s) {
         return words{"reset", "--user", s.mine.name, "--credentials", s.credentials()};
       },
       "users to reset (1): ", "1"},
      {"recategorize",
       [](const busy_site& s) {
         return words{"recategorize", "--user", s.mine.name};
       },
       "(1): ", "1"},
  };
}

std::vector<changing_command> resources() {
  return {
      {"stop", stop, "type yes to do all this: ", "yes"},
      {"stop --undo",
       [](const busy_site& s) {
         return words{"stop", "--undo", s.record()};
       },
       "type yes to do all this: ", "yes", stop_them},
      {"delete",
       [](const busy_site& s) {
         return words{"delete", "--project", s.mine.name};
       },
       "type the project's name to delete all this: ", "trial-01"},
      {"purge", [](const busy_site&) { return words{"purge"}; },
       "type the number of images (1) to delete them: ", "1"},
  };
}

std::vector<changing_command> expirations() {
  return {
      {"vmexpire add",
       [](const busy_site& s) {
         return words{"vmexpire", "add", s.mine.servers[0]};
       },
       "Go on? [y/N] ", "y"},
      {"vmexpire extend",
       [](const busy_site& s) {
         return words{"vmexpire", "extend", s.tracked};
       },
       "", ""},
      {"vmexpire delete",
       [](const busy_site& s) {
         return words{"vmexpire", "delete", s.tracked};
       },
       "[y/N] ", "y"},
      {"vmexclude create",
       [](const busy_site& s) {
         return words{"vmexclude", "create", "--type", "user", s.theirs.user_id};
       },
       "", ""},
      {"vmexclude delete",
       [](const busy_site& s) {
         return words{"vmexclude", "delete", s.excluded};
       },
       "[y/N] ", "yes"},
  };
}

}  // namespace

busy_site::busy_site(sandbox::options o)
    : vm_site(std::move(o)),
      soon(it.seed_trial_user("soon", "trial", ten_days_ago(), 14, "soon@example.org")),
      tracked(track(mine, "tracked", k_day)),
      excluded("33333333-0000-4000-8000-000000000001"),
      orphan(theirs.private_image) {
  untracked = mine.servers[1];
  track(mine, "first", k_day, mine.servers[0]);
  it.put("vmexclude", excluded, "", {{"exclude_id", theirs.project_id}, {"exclude_type", 1}});
  it.change("image", orphan, {{"orphan_image", "True"}, {"orphan_image_id", orphan}});
  it.settle();
  it.clear_requests();
}

const std::vector<changing_command>& changing_commands() {
  static const std::vector<changing_command> all = [] {
    auto rows = accounts();
    for (const auto& part : {expirations(), resources()})
      rows.insert(rows.end(), part.begin(), part.end());
    return rows;
  }();
  return all;
}

std::vector<changing_command> asking_commands() {
  auto all = changing_commands();
  std::erase_if(all, [](const changing_command& one) { return one.asks.empty(); });
  return all;
}

words changes_beyond_loans(const site& s) {
  auto all = s.changes();
  std::erase_if(all, [](const std::string& line) {
    return line.find("/roles/") != std::string::npos ||
           line.starts_with("DELETE /identity/v3/auth/tokens");
  });
  return all;
}

}  // namespace cli
