// The rows. Field names are those of the services' API references (compute 2.x, block-storage 3.x,
// network 2.0, image 2, object-store 1, orchestration 1, load-balancer 2, dns 2, key-manager 1).
#include "services/kind.hpp"

#include <algorithm>

namespace ostclean::services {
namespace {

using http::paging;

// A row is read field by field, not line by line.
// clang-format off
constexpr kind rows[] = {
    {.name = "stack", .service = "orchestration", .major = "", .list = "/stacks?show_hidden=true",
     .list_all = "/stacks?global_tenant=true&show_hidden=true", .key = "stacks", .item = "/stacks/{name}/{id}",
     .label = "stack_name", .owner = "project", .status = "stack_status",
     .broken = "DELETE_FAILED",
     .marks = "tags", .reads = "links.href"},
    {.name = "load_balancer", .service = "load-balancer", .major = "2",
     .list = "/lbaas/loadbalancers?project_id={project}", .key = "loadbalancers",
     .item = "/lbaas/loadbalancers/{id}?cascade=true", .owner = "project_id",
     .also = "listeners.id pools.id",
     .before = "port:vip_port_id subnet:vip_subnet_id network:vip_network_id",
     .status = "provisioning_status", .broken = "ERROR",
     .heat = "OS::Octavia::LoadBalancer",
     .marks = "tags"},
    {.name = "server", .service = "compute", .major = "2", .list = "/servers/detail",
     .list_all = "/servers/detail?all_tenants=1&project_id={project}",
     .aside = "/servers/detail?all_tenants=1&project_id={project}&deleted=True&status=SOFT_DELETED",
     .ids = "/servers",
     .key = "servers",
     .item = "/servers/{id}", .owner = "tenant_id", .microversion = "2.26",
     .before = "volume:os-extended-volumes:volumes_attached.id image:image.id",
     .status = "OS-EXT-STS:task_state", .force = "forceDelete",
     .heat = "OS::Nova::Server AWS::EC2::Instance",
     .marks = "metadata tags",
     .reads = "locked status key_name user_id os-extended-volumes:volumes_attached.delete_on_termination"},
    {.name = "keypair", .service = "compute", .major = "2", .list = "/os-keypairs?user_id={user}",
     .key = "keypairs", .item = "/os-keypairs/{id}", .id = "name", .owner = "user_id",
     .microversion = "2.35",
     .heat = "OS::Nova::KeyPair"},
    {.name = "server_group", .service = "compute", .major = "2", .list = "/os-server-groups",
     .list_all = "/os-server-groups?all_projects=1", .key = "server_groups",
     .item = "/os-server-groups/{id}", .owner = "project_id", .microversion = "2.13",
     .paging = paging::offset, .stands = "server:members", .heat = "OS::Nova::ServerGroup", .optional = true},
    {.name = "zone", .service = "dns", .major = "2", .list = "/zones", .key = "zones",
     .item = "/zones/{id}", .owner = "project_id", .status = "action",
     .heat = "OS::Designate::Zone",
     .marks = "attributes"},
    {.name = "port_forwarding", .service = "network", .major = "2",
     .list = "/floatingips/{parent}/port_forwardings", .key = "port_forwardings",
     .item = "/floatingips/{parent}/port_forwardings/{id}",
     .label = "protocol", .otherwise = fallback_owner::parent,
     .parent = "floating_ip:port_forwardings",
     .before = "floating_ip:parent port:internal_port_id", .stands = "port:internal_port_id",
     .optional = true},
    {.name = "floating_ip", .service = "network", .major = "2",
     .list = "/floatingips?project_id={project}", .key = "floatingips", .item = "/floatingips/{id}",
     .label = "floating_ip_address", .owner = "project_id",
     .before = "router_interface:router_id network:floating_network_id qos_policy:qos_policy_id",
     .stands = "port:port_id", .heat = "OS::Neutron::FloatingIP OS::Nova::FloatingIP AWS::EC2::EIP", .optional = true,
     .marks = "tags"},
    {.name = "trunk", .service = "network", .major = "2", .list = "/trunks?project_id={project}",
     .key = "trunks", .item = "/trunks/{id}", .owner = "project_id",
     .before = "port:port_id port:sub_ports.port_id", .stands = "port:port_id", .heat = "OS::Neutron::Trunk", .optional = true,
     .marks = "tags"},
    {.name = "router_interface", .service = "network", .major = "2", .list = "", .key = "ports",
     .item = "/ports/{id}", .owner = "project_id", .also = "device_id",
     .before = "router:device_id subnet:fixed_ips.subnet_id network:network_id",
     .marks = "tags"},
    {.name = "router", .service = "network", .major = "2", .list = "/routers?project_id={project}",
     .key = "routers", .item = "/routers/{id}", .owner = "project_id",
     .before = "network:external_gateway_info.network_id qos_policy:external_gateway_info.qos_policy_id",
     .heat = "OS::Neutron::Router AWS::EC2::RouteTable", .optional = true,
     .marks = "tags", .reads = "routes.nexthop"},
    {.name = "port", .service = "network", .major = "2", .list = "/ports?project_id={project}",
     .key = "ports", .item = "/ports/{id}", .owner = "project_id",
     .before = "subnet:fixed_ips.subnet_id network:network_id security_group:security_groups qos_policy:qos_policy_id",
     .after = "server:device_id load_balancer:device_id trunk:device_id",
     .dies_with = "server:device_id load_balancer:device_id",
     .heat = "OS::Neutron::Port AWS::EC2::NetworkInterface",
     .marks = "tags",
     .reads = "device_owner fixed_ips.ip_address allowed_address_pairs.ip_address"},
    {.name = "rbac_policy", .service = "network", .major = "2",
     .list = "/rbac-policies?project_id={project}", .key = "rbac_policies",
     .item = "/rbac-policies/{id}", .label = "object_type", .owner = "project_id",
     .before = "network:object_id security_group:object_id address_group:object_id subnet_pool:object_id address_scope:object_id qos_policy:object_id",
     .heat = "OS::Neutron::RBACPolicy", .optional = true},
    {.name = "subnet", .service = "network", .major = "2", .list = "/subnets?project_id={project}",
     .key = "subnets", .item = "/subnets/{id}", .owner = "project_id",
     .before = "network:network_id subnet_pool:subnetpool_id",
     .heat = "OS::Neutron::Subnet AWS::EC2::Subnet",
     .marks = "tags",
     .reads = "gateway_ip host_routes.nexthop ipv6_address_mode ipv6_ra_mode"},
    {.name = "network", .service = "network", .major = "2",
     .list = "/networks?project_id={project}", .key = "networks", .item = "/networks/{id}",
     .owner = "project_id", .before = "qos_policy:qos_policy_id",
     .heat = "OS::Neutron::Net OS::Neutron::ProviderNet AWS::EC2::VPC",
     .marks = "tags", .reads = "shared subnets"},
    // Neutron makes the default group of the project that is named first: the caller's has one.
    {.name = "security_group", .service = "network", .major = "2",
     .list = "/security-groups?project_id={caller}&project_id={project}", .key = "security_groups",
     .item = "/security-groups/{id}", .owner = "project_id",
     .before = "address_group:security_group_rules.remote_address_group_id", .heat = "OS::Neutron::SecurityGroup AWS::EC2::SecurityGroup", .optional = true,
     .marks = "tags", .reads = "security_group_rules.remote_group_id"},
    {.name = "address_group", .service = "network", .major = "2",
     .list = "/address-groups?project_id={project}", .key = "address_groups",
     .item = "/address-groups/{id}", .owner = "project_id", .optional = true},
    {.name = "subnet_pool", .service = "network", .major = "2",
     .list = "/subnetpools?project_id={project}", .key = "subnetpools", .item = "/subnetpools/{id}",
     .owner = "project_id", .before = "address_scope:address_scope_id", .heat = "OS::Neutron::SubnetPool", .optional = true,
     .marks = "tags"},
    {.name = "address_scope", .service = "network", .major = "2",
     .list = "/address-scopes?project_id={project}", .key = "address_scopes",
     .item = "/address-scopes/{id}", .owner = "project_id", .heat = "OS::Neutron::AddressScope", .optional = true},
    {.name = "qos_policy", .service = "network", .major = "2",
     .list = "/qos/policies?project_id={project}", .key = "policies", .item = "/qos/policies/{id}",
     .owner = "project_id", .heat = "OS::Neutron::QoSPolicy", .optional = true,
     .marks = "tags"},
    {.name = "metering_label", .service = "network", .major = "2",
     .list = "/metering/metering-labels?project_id={project}", .key = "metering_labels",
     .item = "/metering/metering-labels/{id}", .owner = "project_id", .heat = "OS::Neutron::MeteringLabel", .optional = true},
    // Glance leaves hidden images out unless they are asked for, and so it does, with those who ask
    // from another project, with community images: administrators are no exception.
    {.name = "image", .service = "image", .major = "2",
     .list = "/images?owner={project}&visibility=all&limit=1000 /images?owner={project}&visibility=all&os_hidden=true&limit=1000",
     .key = "images", .item = "/images/{id}", .owner = "owner", .paging = paging::next,
     .also = "instance_uuid",
     .before = "snapshot:block_device_mapping.snapshot_id volume:block_device_mapping.volume_id volume:direct_url volume:locations.url image:block_device_mapping.image_id image:kernel_id image:ramdisk_id secret:cinder_encryption_key_id secret:img_signature_certificate_uuid secret:os_encrypt_key_id secret:hw_ephemeral_encryption_secret_uuid secret:block_device_mapping.encryption_secret_uuid",
     .heat = "OS::Glance::Image OS::Glance::WebImage",
     .encoded = "block_device_mapping", .marks = "tags",
     .reads = "protected instance_uuid image_type"},
    {.name = "volume_transfer", .service = "block-storage", .major = "3",
     .list = "/os-volume-transfer/detail", .list_all = "/os-volume-transfer/detail?all_tenants=1",
     .key = "transfers", .item = "/os-volume-transfer/{id}", .otherwise = fallback_owner::parent,
     .parent = "volume:volume_id", .before = "volume:volume_id", .optional = true},
    {.name = "backup", .service = "block-storage", .major = "3", .list = "/backups/detail",
     .list_all = "/backups/detail?all_tenants=1&project_id={project}", .key = "backups",
     .item = "/backups/{id}", .owner = "os-backup-project-attr:project_id",
     .otherwise = fallback_owner::token, .microversion = "3.43",
     .older = "3.18", .before = "container:container", .status = "status",
     .broken = "error_deleting error", .force = "os-force_delete", .optional = true,
     .marks = "metadata", .reads = "volume_id is_incremental created_at"},
    {.name = "group_snapshot", .service = "block-storage", .major = "3",
     .list = "/group_snapshots/detail",
     .list_all = "/group_snapshots/detail?all_tenants=1&project_id={project}",
     .key = "group_snapshots", .item = "/group_snapshots/{id}", .owner = "project_id",
     .otherwise = fallback_owner::token, .microversion = "3.58", .since = "3.14",
     .before = "group:group_id",
     .status = "status", .broken = "error_deleting error", .optional = true},
    {.name = "snapshot", .service = "block-storage", .major = "3", .list = "/snapshots/detail",
     .list_all = "/snapshots/detail?all_tenants=1&project_id={project}", .key = "snapshots",
     .item = "/snapshots/{id}", .owner = "os-extended-snapshot-attributes:project_id",
     .microversion = "3.14", .before = "volume:volume_id",
     .after = "group_snapshot:group_snapshot_id", .dies_with = "group_snapshot:group_snapshot_id",
     .status = "status", .broken = "error_deleting", .force = "os-force_delete",
     .marks = "metadata"},
    {.name = "group", .service = "block-storage", .major = "3", .list = "/groups/detail",
     .list_all = "/groups/detail?all_tenants=1&project_id={project}", .key = "groups",
     .item = "/groups/{id}", .owner = "project_id", .otherwise = fallback_owner::token,
     .microversion = "3.58", .since = "3.13", .status = "status",
     .broken = "error_deleting error", .optional = true},
    {.name = "volume", .service = "block-storage", .major = "3", .list = "/volumes/detail",
     .list_all = "/volumes/detail?all_tenants=1&project_id={project}", .key = "volumes",
     .item = "/volumes/{id}", .owner = "os-vol-tenant-attr:tenant_id", .microversion = "3.13",
     .after = "group:group_id image:metadata.glance_image_id image:name",
     .dies_with = "group:group_id image:metadata.glance_image_id image:name", .status = "status",
     .broken = "error_deleting", .force = "os-force_delete",
     .heat = "OS::Cinder::Volume AWS::EC2::Volume",
     .marks = "metadata", .reads = "encrypted snapshot_id attachments"},
    // With its objects: they are deleted in bulk, and never held in memory one by one.
    {.name = "container", .service = "object-store", .major = "", .list = "?format=json", .key = "",
     .item = "/{id}", .id = "name", .otherwise = fallback_owner::token, .paging = paging::marker,
     .before = "container:holds container:manifests", .after = "image:name", .marks = "tags"},
    {.name = "secret_container", .service = "key-manager", .major = "1",
     .list = "/containers?limit=100", .list_all = no_view, .key = "containers",
     .item = "/containers/{id}", .id = "container_ref", .otherwise = fallback_owner::token,
     .paging = paging::next,
     .before = "secret:secret_refs.secret_ref", .optional = true, .reads = "consumers"},
    {.name = "secret", .service = "key-manager", .major = "1", .list = "/secrets?limit=100",
     .list_all = no_view, .key = "secrets", .item = "/secrets/{id}", .id = "secret_ref",
     .otherwise = fallback_owner::token, .microversion = "1.1", .older = "1.0",
     .paging = paging::next, .after = "server:name", .reads = "secret_type consumers"},
};
// clang-format on

constexpr std::size_t position(std::string_view name) {
  for (std::size_t i = 0; i < std::size(rows); ++i)
    if (rows[i].name == name) return i;
  return std::size(rows);
}

/// Every name that `words` mentions is of row `at` itself or stands later (or earlier) than it.
consteval bool stand(std::string_view words, std::size_t at, bool later) {
  while (true) {
    auto named = next_reference(words);
    if (named.kind.empty()) return true;
    auto other = position(named.kind);
    if (other == std::size(rows) || (other != at && (other > at) != later)) return false;
  }
}

consteval bool known(std::string_view words) {
  while (true) {
    auto named = next_reference(words);
    if (named.kind.empty()) return true;
    if (position(named.kind) == std::size(rows)) return false;
  }
}

consteval bool legal_order() {
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    if (position(rows[i].name) != i) return false;
    if (!stand(rows[i].before, i, true) || !stand(rows[i].after, i, false)) return false;
    if (!known(rows[i].stands) || !known(rows[i].dies_with) || !known(rows[i].parent)) return false;
  }
  return true;
}

consteval bool all_owned() {
  return std::all_of(std::begin(rows), std::end(rows), [](const kind& row) {
    return !row.owner.empty() || row.otherwise != fallback_owner::none;
  });
}

static_assert(legal_order(), "a row names an unknown kind, or one on the wrong side of it");
static_assert(all_owned(), "a row without an owner field must say how ownership is proved");

}  // namespace

std::span<const kind> kinds() { return rows; }

const kind* find_kind(std::string_view name) {
  auto at = position(name);
  return at == std::size(rows) ? nullptr : &rows[at];
}

}  // namespace ostclean::services
