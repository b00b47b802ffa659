// What the files of the compute service share.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

record& nova_server(context& c, const std::string& id);
reply nova_create(context& c);
reply nova_remove(context& c);  ///< DELETE, and the action forceDelete
std::span<const route> nova_action_routes();
reply nova_create_image(context& c, const record& server, const json::object& sent);
/// The image that a server is unshelved from; one that boots from a volume has none.
void nova_shelve_image(context& c, record& server);
bool nova_lost_image(context& c, const record& server);
/// Nova takes it away when it is of no use any more, and with the server; Glance may refuse that.
void nova_drop_shelved(world& w, const std::string& region, record& server,
                       const std::string& project, bool admin);
reply nova_versions(const context& c);
int nova_newest(const context& c);  ///< minor microversion
std::span<const route> nova_more_routes();
json::array nova_links(const context& c, const std::string& what, const std::string& id);
void nova_finish_delete(world& w, const std::string& region, const std::string& id,
                        bool as_administrator);
bool nova_cell_is_down(const record& r);
json::object nova_view_from_afar(const context& c, const record& r);
/// Whether the list that is asked for has it, as far as it is deleted or out of sight.
bool nova_is_asked_for(const context& c, const record& r);
json::array nova_services(const context& c);

}  // namespace sandbox
