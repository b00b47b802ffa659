// What the tests of `reset` ask of its files and of the cloud.
#pragma once

#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {

inline words reset_of(const site& s, const std::string& user, words further = {}) {
  words args{"reset", "--user", user,  "--credentials", s.home.path("out.jsonl"),
             "--yes", "-f",     "json"};
  args.insert(args.end(), further.begin(), further.end());
  return args;
}

/// As reset would have written it.
inline std::string credentials_of(const sandbox::seeded& who) {
  return json::serialize(json::object{{"user_id", who.user_id},
                                      {"user_name", who.name},
                                      {"domain_id", "default"},
                                      {"project_id", who.project_id},
                                      {"password", who.password}}) +
         "\n";
}

inline std::vector<json::object> lines_of(const std::string& file) {
  std::vector<json::object> all;
  std::string rest = contents(file);
  for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
    all.push_back(json::parse(rest.substr(0, end)).as_object());
    rest.erase(0, end + 1);
  }
  BOOST_TEST(rest.empty(), rest);
  return all;
}

inline bool lets_in(const site& s, const sandbox::seeded& who, const std::string& password) {
  sandbox::client c(s.it);
  return c.post("/identity/v3/auth/tokens", sandbox::password_auth(who.name, password, who.name))
             .status == 201;
}

inline std::size_t patches(const site& s) { return s.count("PATCH", "identity", "/users/"); }

inline std::string result_of(const ending& e, const std::string& name) {
  const auto all = e.data();
  for (const auto& row : all.as_array())
    if (text(row, "name") == name) return text(row, "result");
  return "no row";
}

}  // namespace cli
