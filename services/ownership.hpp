// Rule 1, nobody else's: whether an object that a service sent is the target project's. A filter in
// the query is no proof; the owner field of the object itself is, or what its row says in its
// place.
#pragma once

#include "services/inventory.hpp"

#include <optional>

namespace ostclean::services {

/// The item, or nullopt when it is somebody else's, has no usable id, or is never a thing of its
/// own (the default security group).
std::optional<item> make_item(const place& where, const kind& row, const std::string& base,
                              const boost::json::value& data);

/// True for an object that does not say whose it is where it should: a list of such cannot be told
/// from an empty one.
bool is_ownerless(const place& where, const kind& row, const std::string& base,
                  const boost::json::value& data);

/// Drops items whose row wants an owned parent that is not in the inventory.
void prove_parents(inventory& found);

/// Ports are three things: router interfaces (a kind of their own), ports that Neutron makes and
/// removes by itself (dropped), and ports. Also asks for what others have on the owned networks:
/// their routers' interfaces are items, their ports are `others`.
boost::asio::awaitable<void> settle_ports(place where, inventory& found);

bool is_router_interface(std::string_view device_owner);
/// Neutron has made the port for itself, and takes it away with the network, the router or the
/// floating IP. It gives such a port to no project, or deletes it with the network: any other is
/// somebody's, whatever that calls it.
bool is_neutrons_own(const boost::json::value& port);
/// The run has more targets than this one.
bool is_one_of_several(const place& where);
/// The project is another target of the same run.
bool goes_with_another(const place& where, const std::string& project_id);

/// Lists the routers' interfaces on these networks, whoever has them.
std::string router_interfaces_url(const std::string& base,
                                  const std::vector<std::string>& networks);

/// Whether `field` of the parent says that it has children: not an empty array.
bool has_children(const item& parent, std::string_view field);

/// Swift's account is part of the endpoint; for another project's it is put in its place. Empty
/// where that cannot be done.
std::string account_url(const place& where, const kind& row, const std::string& base);

/// The row's, or that of a service which is too old for it.
void set_microversion(http::request& r, const kind& row, bool older = false);

}  // namespace ostclean::services
