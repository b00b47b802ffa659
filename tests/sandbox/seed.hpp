// Seeding: resources are made through the services themselves, so that what a test deletes is what
// a user of that service could have made.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

/// Talks to the services without a socket, as one user; nothing is logged and no fault applies.
class hand {
 public:
  hand(world& w, std::string user, std::string password, std::string project);
  /// By ids: of any domain.
  static hand of(world& w, const std::string& user_id, const std::string& password,
                 const std::string& project_id);
  json::value call(const std::string& method, const std::string& path, const json::value& body = {},
                   const pairs& headers = {});
  json::value raw(const std::string& method, const std::string& path, const std::string& body,
                  const pairs& headers);
  /// POST of {key: fields}; the id of what was made.
  std::string make(const std::string& path, const std::string& key, json::object fields,
                   const pairs& headers = {});

 private:
  explicit hand(world& w) : w_(w) {}
  void log_in(const json::object& user, const json::object& project);

  world& w_;
  std::string token_;
};

struct trial {
  std::string name, role, started, email;  ///< role empty: an ordinary project and user
  int duration = 0;
  level how_much = level::plain;
  json::object attributes;
};

seeded seed(world& w, const trial& t);
void seed_extra(world& w, hand& user, seeded& s);
void seed_rare(world& w, hand& admin, hand& user, seeded& s);
std::string new_user(world& w, const std::string& name, const json::object& attributes);
json::object to_json(const seeded& s);
trial parse_trial(const std::string& spec);  ///< name[,key=value...]; throws std::invalid_argument

std::map<std::string, std::vector<std::string>> inventory_of(world& w, const std::string& owner);
std::map<std::string, std::string> snapshot_of(world& w, const std::string& except);

}  // namespace sandbox
