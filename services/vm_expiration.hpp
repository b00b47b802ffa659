// When virtual machines expire: the resource vmexpires of os-vm-expire. What the service does with
// a row is not always what it answers, so after a refusal the row is looked at again and the error
// says what it is now.
#pragma once

#include "core/time.hpp"
#include "services/vm_service.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ostclean::services {

class vm_expiration {
 public:
  vm_expiration() = default;
  explicit vm_expiration(boost::json::object from);

  boost::json::object body;  ///< every field, as the service sent it
  std::string id, instance_id, instance_name, project_id, user_id;
  std::optional<sys_time> expires_at;  ///< nothing when "expire" cannot be read

  std::string label() const;  ///< "trial-01-vm0 (ID)"
};

/// "2026-12-22T05:36:55Z", or "unknown".
std::string end_of(const vm_expiration& row);

/// What POST did: the service replaces the row of a server that it knows already.
class vm_addition {
 public:
  vm_addition() = default;
  vm_expiration made;
  std::vector<vm_expiration> replaced;
};

class vm_expirations {
 public:
  vm_expirations(http::transport& who, std::string base) : service_(who, std::move(base)) {}

  /// GET /vmexpires/; with `all_tenants` those of every project, which is for administrators.
  vm_answer<void> list(bool all_tenants, std::shared_ptr<http::json_list> into);
  vm_answer<vm_expiration> one(std::string id);
  /// PUT: the end becomes now and the extension the service is configured for. A refusal says in
  /// its message what the end is now: a row past its maximum life is refused, and written.
  vm_answer<vm_expiration> extend(vm_expiration row);
  /// DELETE: the server is not tracked any more.
  vm_answer<void> remove(std::string id);
  /// POST for a server. `tracked`: its rows of before; the service takes all of them away.
  vm_answer<vm_addition> add(std::string server_id, std::vector<vm_expiration> tracked);

 private:
  vm_answer<vm_expiration> row_of(boost::json::value answer, std::string id);

  vm_service service_;
};

}  // namespace ostclean::services
