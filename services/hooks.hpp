// What some kinds do instead of, or around, one DELETE. The rest of the services' knowledge is in
// the rows of kinds.cpp.
#pragma once

#include "services/cleaner.hpp"

namespace ostclean::services {

// Each of these is the remove_hook of the kind in its name.
boost::asio::awaitable<plan::step> remove_server(cleaner& by, item& one);
boost::asio::awaitable<plan::step> remove_keypair(cleaner& by, item& one);
boost::asio::awaitable<plan::step> remove_router_interface(cleaner& by, item& one);
boost::asio::awaitable<plan::step> remove_subnet(cleaner& by, item& one);
boost::asio::awaitable<plan::step> remove_group(cleaner& by, item& one);
boost::asio::awaitable<plan::step> remove_image(cleaner& by, item& one);
boost::asio::awaitable<plan::step> remove_container(cleaner& by, item& one);

/// The look_hook of containers: their headers.
boost::asio::awaitable<result<void>> look_at_container(place where, item& one, const choices& how);

/// Makes an image private and marks it as kept for servers of others (--keep-images).
boost::asio::awaitable<result<void>> preserve_image(cleaner& by, const item& one);

/// Before the stacks go: the locks of what they made, where that goes too.
boost::asio::awaitable<void> unlock_stack_servers(cleaner& by, const std::vector<item>& items,
                                                  const relations& all);

/// Leaves item `at`, unless `id`, which stands against it, may go in the same run: `owner` has it,
/// or whoever has it does not show.
void leave(const place& where, std::vector<item>& items, std::size_t at, const std::string& owner,
           const std::string& id, std::string why, ties& all);

// What the plan must ask beyond the lists.
/// The tag of each container, and which others hold its segments and older versions.
boost::asio::awaitable<result<void>> read_containers(place where, std::vector<item>& items,
                                                     const choices& how);
/// Judges together, with whatever the large objects of the containers that stay are made of, and
/// marks what is tied. A container of which a newer one is to stay alone stays whole. It may be
/// called again when more have come to stay: `all` then knows more bonds, after an error too.
boost::asio::awaitable<result<void>> keep_what_is_held(place where, std::vector<item>& items,
                                                       relations& all, const choices& how);
/// What things of the kinds in `unlisted` need, or would go along with, stays.
void settle_unlisted(std::vector<item>& items, const std::set<std::string>& unlisted);
/// Secrets that somebody says to use who is none of the project's stay.
void settle_consumers(const place& where, std::vector<item>& items, ties& all);
/// As administrator: key pairs of users whose servers in other projects name them stay, and those
/// of which that cannot be known.
boost::asio::awaitable<void> settle_keypairs(place where, std::vector<item>& items, ties& all);
/// Ports whose device is not the project's stay; as administrator a server that is gone is told
/// from one that is another project's.
boost::asio::awaitable<void> settle_devices(place where, std::vector<item>& items, ties& all);
/// Other projects' router interfaces and subnets on the owned networks (rule 1's one exception).
boost::asio::awaitable<result<void>> settle_foreign(place where, std::vector<item>& items);
/// What ports of others stand on stays; what goes with a load balancer is waited for.
boost::asio::awaitable<result<void>> settle_guests(place where, std::vector<item>& items,
                                                   std::vector<item> others, ties& all);
/// What holds something for others stays: servers with their volumes, groups of their servers,
/// trunks, floating IPs and forwardings of their ports, gateways of their subnets, shares of
/// whatever is theirs.
boost::asio::awaitable<result<void>> settle_carried(place where, std::vector<item>& items,
                                                    std::set<std::string> unlisted, ties& all);
/// As administrator: a shelved server whose image is another project's stays, because Nova deletes
/// that image with it.
boost::asio::awaitable<result<void>> settle_shelved(place where, std::vector<item>& items,
                                                    ties& all);
/// Ports and groups that others refer to stay: with them Neutron would change what is others'.
boost::asio::awaitable<result<void>> settle_references(place where, std::vector<item>& items,
                                                       ties& all);
/// And ports that others' floating IPs forward to: the forwardings would go with them.
boost::asio::awaitable<result<void>> settle_forwardings(place where, std::vector<item>& items,
                                                        ties& all);
/// What each stack made, so that nothing else deletes it under Heat's hands; as administrator a
/// stack that holds what is not the project's stays; so does one that holds something `unlisted`.
boost::asio::awaitable<result<void>> add_stack_contents(place where, std::vector<item>& items,
                                                        relations& all,
                                                        std::set<std::string> unlisted);

}  // namespace ostclean::services
