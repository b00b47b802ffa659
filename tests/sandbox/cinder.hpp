// What the files of the block storage service share.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

/// The object if this caller may see it; else 404 with cinder's name for the kind.
record& cinder_find(context& c, const std::string& kind, const char* name, const std::string& id);
using cinder_view = json::object (*)(const context&, const record&);
/// Lists a collection with cinder's filters, order, pages and links.
reply cinder_list(context& c, const char* kind, const char* key, cinder_view view,
                  const std::vector<const char*>& fields);
json::array cinder_self(const context& c, const std::string& collection, const std::string& id);
reply cinder_accepted();
/// Starts the deletion that ends in 404, or in `status` when a fault says so.
void cinder_delete_later(context& c, const std::string& kind, const std::string& id,
                         double factor = 1);
/// os-force_delete, which only administrators may; any other action there is none.
reply cinder_force(context& c, const std::string& kind, const std::string& id);
int cinder_newest(const context& c);  ///< minor microversion
reply cinder_versions(const context& c);
extern const char* const cinder_time;
/// What was accepted becomes `status`, or error when a fault says so.
void cinder_finish(context& c, const std::string& kind, const std::string& id, const char* status);
std::span<const route> cinder_snapshot_routes();
std::span<const route> cinder_group_routes();
std::span<const route> cinder_more_routes();
std::span<const route> cinder_type_routes();
void cinder_need(const context& c, int minor);  ///< 404 below that microversion

}  // namespace sandbox
