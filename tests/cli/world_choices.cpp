// Random worlds: who acts, what is asked for, and what goes wrong meanwhile.
#include <fmt/core.h>

#include "tests/cli/world_trial.hpp"

namespace cli {
namespace {

const words& kinds() {
  static const words all{"stack",          "load_balancer", "server",      "keypair",
                         "server_group",   "zone",          "floating_ip", "trunk",
                         "router",         "port",          "subnet",      "network",
                         "security_group", "address_group", "image",       "volume_transfer",
                         "backup",         "snapshot",      "group",       "volume",
                         "container",      "secret",        "qos_policy",  "subnet_pool"};
  return all;
}

}  // namespace

void trial_of_world::choose() {
  choose_actor();
  choose_limits();
  planned_ = any_.chance(25);
  rehearsed_ = any_.chance(20);
  how_.faulty = !planned_ && any_.chance(20);
}

/// The administrator for projects or for users, the users by their passwords, or one user alone.
void trial_of_world::choose_actor() {
  const auto way = any_.below(10);
  const bool alone = way == 9;
  for (auto& t : tenants_) {
    if (!t.ours) continue;
    // A user alone is one; the others of ours are neighbours then.
    if (alone && !how_.projects.empty()) {
      t.ours = false;
      continue;
    }
    how_.projects.insert(t.project_id);
    how_.users.insert(t.user_id);
    // A project in which somebody else works goes only by its own name.
    if (way < 6 || (way < 7 && rare_.lends_no_role()))
      actor_.insert(actor_.end(), {"--project", t.project_id});
    else if (way < 7)
      actor_.insert(actor_.end(), {"--user", t.user_id});
  }
  how_.as_user = way >= 7;
  if (way == 7 || way == 8) actor_ = {"--credentials", credentials()};
  if (alone) actor_ = {"--auth-project"}, who_ = "user";
}

void trial_of_world::choose_limits() {
  if (any_.chance(30)) how_.include_protected = true, limits_.push_back("--include-protected");
  if (any_.chance(30)) how_.force = true, limits_.push_back("--force");
  if (any_.chance(15)) {
    how_.created_before = "2021-01-01";
    limits_.insert(limits_.end(), {"--created-before", how_.created_before});
  }
  if (any_.chance(15))
    for (std::size_t i = 0; i < any_.between(1, 3); ++i)
      if (const auto& kind = any_.one_of(kinds()); how_.only.insert(kind).second)
        limits_.insert(limits_.end(), {"--only", kind});
  if (any_.chance(15))
    for (std::size_t i = 0; i < any_.between(1, 2); ++i)
      if (const auto& kind = any_.one_of(kinds()); how_.skip.insert(kind).second)
        limits_.insert(limits_.end(), {"--skip", kind});
}

/// Services that are busy, tired or cut off for a moment, and well again the next.
void trial_of_world::add_faults() {
  if (!how_.faulty) return;
  static const std::vector<int> statuses{409, 429, 500, 502, 503};
  static const words services{
      "compute",       "network",       "volume", "image",       "object-store",
      "load-balancer", "orchestration", "dns",    "key-manager", ""};
  const auto n = any_.between(1, 6);
  for (std::size_t i = 0; i < n; ++i) {
    sandbox::fault f;
    f.service = any_.one_of(services);
    f.method = f.service.empty() || any_.chance(80) ? "DELETE" : "";
    f.nth = any_.between(1, 12);
    f.optional = true;  // a small world may send fewer
    f.status = any_.one_of(statuses);
    if (any_.chance(10)) f.action = any_.chance(50) ? "reset" : "lost";
    if (f.status == 429 || f.status == 503)
      f.headers = {{"Retry-After", any_.chance(90) ? "0" : "1"}};
    it_.add_fault(f);
  }
}

/// Somebody's change of a load balancer is still under way; it ends by itself.
void trial_of_world::make_pending() {
  it_.arrange([&](sandbox::world& w) {
    for (auto& [seq, r] : w.of("loadbalancer").rows()) {
      if (how_.projects.count(r.owner) == 0 || !any_.chance(20)) continue;
      r.body["provisioning_status"] = "PENDING_UPDATE";
      w.later(
          [&w, id = r.id] {
            if (auto* lb = w.of("loadbalancer").find(id);
                lb && sandbox::text(lb->body, "provisioning_status") == "PENDING_UPDATE")
              lb->body["provisioning_status"] = "ACTIVE";
          },
          20);
    }
  });
}

}  // namespace cli
