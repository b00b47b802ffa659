// Something happens between the plan and the deletes.
#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>

#include "tests/cli/harness.hpp"

namespace cli {

/// Deletes while `meanwhile` happens, after all lists were read and longer before the first DELETE
/// than what they showed is believed.
inline ending remove_while(site& s, const std::function<void()>& meanwhile, words further = {}) {
  sandbox::fault late;
  late.action = "delay", late.service = "network", late.method = "GET";
  late.path = "/security-group-rules?remote_group_id", late.nth = 1;
  late.wait = std::chrono::milliseconds(3000);
  s.it.add_fault(late);
  words args{"delete", "--project", s.mine.name, "--yes", "-f", "json"};
  args.insert(args.end(), further.begin(), further.end());
  auto run = s.start(args);
  BOOST_TEST_REQUIRE(s.wait_until([&] { return s.it.met_fault(); }));
  meanwhile();
  return run.wait();
}

inline bool is_kept(const ending& e, const std::string& id) {
  const auto all = e.data();
  for (const auto& project : all.at("projects").as_array())
    for (const auto& kept : texts(project.at("kept"), "id"))
      if (kept == id) return true;
  return false;
}

}  // namespace cli
