// Compute: which servers a list leaves out: what is deleted, and those of a cell whose database
// does not answer (nova/api/openstack/compute: servers.py _is_cell_down_supported, services.py
// _get_service_detail).
#include <algorithm>

#include "tests/sandbox/nova.hpp"

namespace sandbox {

bool nova_cell_is_down(const record& r) { return truth(r.body, "_cell_down"); }

/// What the API's own database knows of it.
json::object nova_view_from_afar(const context& c, const record& r) {
  return {{"id", r.id},
          {"status", "UNKNOWN"},
          {"tenant_id", r.owner},
          {"created", r.body.at("created")},
          {"links", nova_links(c, "servers", r.id)}};
}

namespace {

/// From 2.69 on, and only in a list that is not filtered, sorted or paged.
bool shows_down_cells(const context& c) {
  return c.minor >= 69 && std::all_of(c.query.begin(), c.query.end(), [](const auto& field) {
           return field.first == "all_tenants";
         });
}

}  // namespace

/// What is deleted, or set aside for a while, is listed to administrators who ask for that, and
/// then nothing else is.
bool nova_is_asked_for(const context& c, const record& r) {
  const std::string status = text(r.body, "status"), wanted = c.q("deleted");
  const bool gone = status == "DELETED" || status == "SOFT_DELETED";
  if (nova_cell_is_down(r) && !shows_down_cells(c)) return false;
  return gone == (c.admin() && (wanted == "True" || wanted == "true" || wanted == "1"));
}

/// The services with hosts of which only the mapping is known, as 2.69 shows them.
json::array nova_services(const context& c) {
  json::array all{json::object{{"binary", "nova-compute"},
                               {"host", "compute-1"},
                               {"zone", "nova"},
                               {"status", "enabled"},
                               {"state", "up"}}};
  const auto& servers = c.of("server").rows();
  const bool down = std::any_of(servers.begin(), servers.end(),
                                [](const auto& row) { return nova_cell_is_down(row.second); });
  if (down && c.minor >= 69)
    all.push_back(
        json::object{{"binary", "nova-compute"}, {"host", "far-1"}, {"status", "UNKNOWN"}});
  return all;
}

}  // namespace sandbox
