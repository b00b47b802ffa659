// Whose virtual machines never expire: the resource vmexcludes of os-vm-expire. It takes a word
// for the type and gives back a number; the published reference promises a word both ways.
#pragma once

#include "services/vm_service.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace ostclean::services {

class vm_exclusion {
 public:
  vm_exclusion() = default;
  /// `exclude_type` becomes the word in `body` too.
  explicit vm_exclusion(boost::json::object from);

  boost::json::object body;  ///< every other field as the service sent it
  std::string id;            ///< of the exclusion itself
  std::string exclude_id;    ///< of the domain, project or user
  std::string exclude_type;  ///< domain, project or user; another number stays one
};

class vm_exclusions {
 public:
  vm_exclusions(http::transport& who, std::string base) : service_(who, std::move(base)) {}

  vm_answer<void> list(std::shared_ptr<http::json_list> into);
  /// `type`: domain, project or user. errc::conflict when the id is excluded already, as whatever.
  vm_answer<vm_exclusion> create(std::string type, std::string id);
  vm_answer<void> remove(std::string id);

 private:
  vm_service service_;
};

}  // namespace ostclean::services
