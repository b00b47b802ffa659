// The invariants of what the program says: its result against the world, its requests against the
// owners.
#include <algorithm>

#include "tests/cli/world_checks.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {

/// The key of what the result names, or nothing. A key pair may be any selected user's.
std::string examination::key_of(const json::object& entry, const std::string& project) const {
  const auto kind = sandbox::text(entry, "kind"), id = sandbox::text(entry, "id");
  if (kind == "container") return "container/" + project + "/" + id;
  if (kind != "keypair") return kind + "/" + id;
  for (const auto& user : how_.users) {
    std::string key = "keypair/" + user + "/" + id;
    const auto* owner = before_.find("user", user);
    if (owner && owner->text("default_project_id") == project) return key;
  }
  return {};
}

void examination::reasons(const json::object& project, const char* list) const {
  for (const auto& one : project.at(list).as_array())
    if (sandbox::text(one.as_object(), "reason").empty())
      complain(std::string(list) + " without a reason: " + json::serialize(one));
}

/// The rules of what stays are about targets; a neighbour's leg is only named.
bool examination::is_target(const std::string& key) const {
  const auto at = before_.things.find(key);
  return at != before_.things.end() && rules_.is_target(at->second);
}

/// A project that could not be looked at counts as left as a whole.
void examination::unverified(const std::string& project, std::set<std::string>& told) const {
  if (!how_.faulty && how_.unseen(before_).count(project) == 0)
    complain("cannot be looked at without need: project " + project);
  for (const auto& [key, one] : before_.things) {
    const auto* user = one.kind == "keypair" ? before_.find("user", one.owner) : nullptr;
    if ((user ? user->text("default_project_id") : one.owner) == project &&
        after_.things.count(key) > 0)
      told.insert(key);
  }
}

/// The image of a shelved server goes when Nova sets that server aside, which counts as left. The
/// program calls the image gone meanwhile, though its own DELETE took it: less than the truth, and
/// no loss.
bool examination::goes_with_set_aside(const std::string& key) const {
  if (!how_.sets_aside) return false;
  for (const auto& [other, server] : before_.things) {
    const auto now = after_.things.find(other);
    if (server.kind == "server" && now != after_.things.end() &&
        "image/" + server.text("_shelved_image") == key)
      return now->second.text("status") == "SOFT_DELETED";
  }
  return false;
}

void examination::project_report(const json::object& project, std::set<std::string>& told,
                                 std::set<std::string>& unseen) const {
  const auto id = sandbox::text(project, "project_id");
  for (const auto& one : project.at("deleted").as_array()) {
    const auto key = key_of(one.as_object(), id);
    if (before_.things.count(key) == 0)
      complain("deleted, and never there: " + json::serialize(one));
    if (after_.things.count(key) > 0) complain("deleted, and still there: " + json::serialize(one));
    told.insert(key);
  }
  for (const char* list : {"failed", "kept"}) {
    reasons(project, list);
    for (const auto& one : project.at(list).as_array()) {
      const auto key = key_of(one.as_object(), id);
      told.insert(key);
      const bool failed = std::string_view(list) == "failed";
      if (after_.things.count(key) == 0)
        complain(std::string(list) + ", and not there: " + json::serialize(one));
      else if (is_target(key) && !how_.faulty &&
               !(failed ? rules_.may_fail(key) : rules_.may_be_kept(key) || rules_.may_fail(key)))
        complain(std::string(list) + " without need: " + json::serialize(one));
    }
  }
  if (!project.at("unverified").as_array().empty()) unverified(id, told);
  for (const auto& one : project.at("went_meanwhile").as_array()) {
    const auto key = key_of(one.as_object(), id);
    told.insert(key);
    if (!goes_with_set_aside(key)) complain("gone, and not by the run: " + json::serialize(one));
  }
  for (const auto& one : project.at("not_visible").as_array())
    unseen.insert(sandbox::text(one.as_object(), "kind"));
}

/// What is left and not spoken of, and what is gone and not spoken of.
void examination::untold(const std::set<std::string>& told,
                         const std::set<std::string>& unseen) const {
  for (const auto& [key, one] : before_.things) {
    if (!rules_.is_target(one) || told.count(key) > 0 || unseen.count(one.kind) > 0) continue;
    if (after_.things.count(key) > 0 && rules_.is_shown(one))
      complain("left, and not told: " + key + " " + json::serialize(one.body).substr(0, 400));
    else if (after_.things.count(key) == 0 && how_.only.empty())
      complain("gone, and not told: " + key);
  }
}

void examination::report(const ending& e) const {
  json::error_code ec;
  const json::value all = json::parse(e.out, ec);
  if (ec || !all.is_object()) return complain("no result: " + e.out.substr(0, 200) + e.err);
  std::set<std::string> told, unseen;
  bool left = false;
  for (const auto& project : all.at("projects").as_array()) {
    project_report(project.as_object(), told, unseen);
    left = left || !project.at("failed").as_array().empty() ||
           !project.at("unverified").as_array().empty();
  }
  untold(told, unseen);
  if (e.code != (left ? 3 : 0))
    complain("exit code " + std::to_string(e.code) + (left ? " with" : " without") +
             " something left: " + e.err);
}

bool examination::is_identity_change(const sandbox::seen& r) const {
  if (r.service != "identity") return false;
  if (r.path.ends_with("/v3/auth/tokens")) return true;
  const bool role = r.path.find("/roles/") != std::string::npos &&
                    r.path.find("/users/" + r.user + "/") != std::string::npos;
  const bool flag = r.method == "PATCH";
  for (const auto& project : how_.projects)
    if ((role || flag) && r.path.find("/projects/" + project) != std::string::npos) return true;
  complain("identity: " + r.method + " " + r.path + " " + r.body);
  return true;
}

/// A neighbour's router gives up its leg on an own subnet.
bool examination::is_allowed(const sandbox::seen& r, const thing& what) const {
  if (what.kind == "project") return how_.projects.count(what.id) > 0;
  if (what.kind == "user") return what.id == r.user || how_.users.count(what.id) > 0;
  if (how_.owns(what)) return true;
  if (what.kind != "router" || !r.path.ends_with("/remove_router_interface")) return false;
  json::error_code ec;
  const json::value body = json::parse(r.body, ec);
  const auto* subnet = body.is_object()
                           ? before_.find("subnet", sandbox::text(body.as_object(), "subnet_id"))
                           : nullptr;
  if (!subnet || !how_.owns(*subnet)) return false;
  for (const auto& [key, one] : before_.things)
    if (one.kind == "router_interface" && one.text("device_id") == what.id &&
        before_.mentioned_by(one).count("subnet/" + subnet->id) > 0)
      return rules_.may_be_taken_off(one);
  return false;
}

void examination::path_of(const sandbox::seen& r) const {
  std::string segment;
  for (const char c : r.path + "/") {
    if (c != '/') {
      segment += c;
      continue;
    }
    const auto word = sandbox::decode(segment);
    if (word.starts_with("AUTH_") && how_.projects.count(word.substr(5)) == 0)
      complain("somebody else's account: " + r.method + " " + r.path);
    if (word.starts_with("AUTH_")) return;  // below it are names
    auto [at, end] = before_.by_id.equal_range(word);
    for (; at != end; ++at)
      if (!is_allowed(r, before_.things.at(at->second)))
        complain("sent to somebody else's " + at->second + ": " + r.method + " " + r.path);
    segment.clear();
  }
  if (r.path.find("/os-keypairs/") == std::string::npos) return;
  const auto at = r.query.find("user_id=");
  const auto user = at == std::string::npos ? r.user : r.query.substr(at + 8, 32);
  if (how_.users.count(user) == 0) complain("somebody else's key pair: " + r.path + "?" + r.query);
}

void examination::body_of(const sandbox::seen& r) const {
  json::error_code ec;
  thing body;
  const json::value sent = json::parse(r.body, ec);
  if (ec || !sent.is_object()) return;
  body.body = sent.as_object();
  for (const auto& key : before_.mentioned_by(body))
    if (!is_allowed(r, before_.things.at(key)))
      complain("speaks of somebody else's " + key + ": " + r.method + " " + r.path + " " + r.body);
}

void examination::requests(const std::vector<sandbox::seen>& log) const {
  for (const auto& r : log) {
    if (r.method == "GET" || r.method == "HEAD" || is_identity_change(r)) continue;
    path_of(r);
    body_of(r);
  }
}

void examination::only_reads(const std::vector<sandbox::seen>& log, bool lends) const {
  for (const auto& r : log) {
    if (r.method == "GET" || r.method == "HEAD" || r.path.ends_with("/v3/auth/tokens")) continue;
    if (lends && r.service == "identity" && is_identity_change(r)) continue;
    complain("sent while nothing was to change: " + r.method + " " + r.path);
  }
}

}  // namespace cli
