// What the files of the network service share. A kind is a row: where it is, what it is called in a
// message, what a new one looks like, and the two moments at which it differs from the others.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

struct network_kind {
  const char* path;     ///< below /v2.0
  const char* one;      ///< key of one object
  const char* many;     ///< key of a list
  const char* kind;     ///< name of the collection
  const char* type;     ///< Type of TypeNotFound
  const char* missing;  ///< the text of that error, {} the id
  bool admin_writes;    ///< only an administrator may create and delete
  json::object (*fresh)(const std::string& id);
  void (*created)(context&, record&, const json::object& sent);  ///< may refuse
  void (*updated)(context&, record&, const json::object& sent);  ///< null: merge what was sent
  void (*removing)(context&, record&);                           ///< refuses, or tidies up
};

[[noreturn]] void neutron_fail(int status, const std::string& type, const std::string& message);
std::span<const network_kind> network_kinds();
record& neutron_find(context& c, const network_kind& k, const std::string& id);
const network_kind& network_kind_of(const std::string& kind);
json::object neutron_view(context& c, const network_kind& k, const record& r);
json::object network_fresh(const std::string& kind, const std::string& id);
void neutron_touch(record& r);
std::string allocate_address(world& w, const std::string& region, const record& subnet);
bool inside(const std::string& address, const std::string& cidr);
std::span<const route> neutron_action_routes();
std::span<const route> neutron_floating_routes();
std::string subnet_of_port(const record& port);  ///< of its first address, empty without one

// The moments of the kinds that need code (neutron_kinds.cpp and neutron_routers.cpp).
void subnet_created(context& c, record& r, const json::object& sent);
void port_created(context& c, record& r, const json::object& sent);
void subnetpool_created(context& c, record& r, const json::object& sent);
void group_created(context& c, record& r, const json::object& sent);
void router_created(context& c, record& r, const json::object& sent);
void router_updated(context& c, record& r, const json::object& sent);
void floatingip_created(context& c, record& r, const json::object& sent);
void floatingip_updated(context& c, record& r, const json::object& sent);
void trunk_created(context& c, record& r, const json::object& sent);
void network_removing(context& c, record& r);
void subnet_removing(context& c, record& r);
void port_removing(context& c, record& r);
void group_removing(context& c, record& r);
void router_removing(context& c, record& r);
void floatingip_removing(context& c, record& r);
void trunk_removing(context& c, record& r);
void policy_removing(context& c, record& r);
void rbac_removing(context& c, record& r);
void address_group_removing(context& c, record& r);
void address_scope_removing(context& c, record& r);
void subnetpool_removing(context& c, record& r);
void label_removing(context& c, record& r);
void disassociate(record& floating_ip);

// What is asked before anything is made, and what every object can have (neutron_checks.cpp).
/// Refuses what this caller may not say about a new object.
void refuse_unfit(const context& c, const network_kind& k, const json::object& sent);
/// Refuses a subnet that is none or overlaps another of its network.
void refuse_bad_subnet(const context& c, const json::object& sent);
bool neutron_reserved(const std::string& key);  ///< a word of the list, no attribute
bool neutron_filters(const network_kind& k, const std::string& key);  ///< an attribute of lists
void refuse_unknown_filters(const context& c, const network_kind& k);
/// Whoever lists groups or rules makes a default group.
void neutron_make_default_group(context& c);
std::size_t neutron_limit(const context& c);  ///< 0 without one; refuses what is no number
/// What a view shows to an administrator only, or only of some objects.
void dress(context& c, const network_kind& k, const record& r, json::object& o);
std::span<const route> neutron_common_routes();  ///< quotas, extensions, tags

}  // namespace sandbox
