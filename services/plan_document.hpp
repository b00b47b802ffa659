// What a run is going to delete, written down: `delete --plan` hands it to a person and to
// `--apply`, and the journal keeps it for `--resume`. Whoever reads it looks at each object again;
// what the document does not name stays.
#pragma once

#include "core/error.hpp"
#include "core/time.hpp"
#include "services/cloud_identity.hpp"
#include "services/planned.hpp"

#include "services/coverage.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ostclean::services {

class planned_project {
 public:
  planned_project() = default;
  std::string id, name;
};

class plan_document {
 public:
  plan_document() = default;
  cloud_identity cloud;
  std::string user_id, user_name;  ///< who made it
  sys_time made;
  bool as_users = false;  ///< users acted for themselves: their file is needed again
  /// The options that decided, as in cmd::arguments, with ids for the names of who was selected.
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::vector<planned_project> projects;
  planned_objects objects;
  std::vector<unseen> not_looked_at;  ///< written for people, and not read again
};

/// With "version" and a "sha256" over everything else.
boost::json::object to_json(const plan_document& plan);
/// errc::config for what is no plan, of another version, or was changed since it was written.
/// `where` begins each message.
result<plan_document> plan_from_json(const boost::json::value& value, const std::string& where);

/// 0600, never over an existing file, synced. errc::io.
result<void> write_plan(const std::string& file, const plan_document& plan);
result<plan_document> read_plan(const std::string& file);

}  // namespace ostclean::services
