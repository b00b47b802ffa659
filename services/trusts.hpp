// Trusts in the place of passwords (Identity API v3, OS-TRUST): the user stays what it is, and
// somebody else acts as it for some hours. Keystone lets only the trustor make one; clouds with the
// extension OS-TRUST/trusts_for_admin let an administrator.
#pragma once

#include "core/time.hpp"
#include "services/identity.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace ostclean::services {

class trust {
 public:
  trust() = default;
  std::string id, trustor_id, trustee_id, project_id;
  sys_time expires_at;
};
static_assert(!std::is_aggregate_v<trust>);

class trust_maker {
 public:
  /// `caller_id` makes its own trusts directly, everybody else's as administrator.
  trust_maker(http::transport& who, std::string base, std::string caller_id)
      : who_(who), base_(std::move(base)), caller_id_(std::move(caller_id)) {}

  /// A trust of the user's `roles` (ids, else names) with impersonation, until `wanted.expires_at`.
  /// One that an interrupted run made and that is good until half of the time from `now` is taken
  /// again. errc::not_found when the cloud has no trusts_for_admin, with what to do.
  identity::answer<trust> make(trust wanted, std::vector<named> roles, sys_time now);
  /// True; one that is gone is fine. errc::refused when it is another user's or for another
  /// project.
  identity::answer<bool> remove(std::string id, std::string trustor_id, std::string project_id);

 private:
  identity::answer<std::optional<trust>> existing(trust wanted, sys_time now);

  http::transport& who_;
  std::string base_, caller_id_;
};

}  // namespace ostclean::services
