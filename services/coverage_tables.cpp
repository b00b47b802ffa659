// What holds nothing of a project, or nothing but what a row of the table of kinds lists: of the
// services, those of the service-types-authority and what clouds call theirs besides; of Neutron's
// extensions those of neutron-lib, which for the most part are further fields of what has a row. A
// new row for a service or an extension adds it here.
#include "services/coverage.hpp"

namespace ostclean::services {
namespace {

constexpr std::string_view k_services =
    // who may do what, how much, what it costs, and what was measured
    "identity placement metric metering event rating "
    // other doors to what has a row: CloudFormation to Heat, the ones of Amazon, old ones of Nova
    "cloudformation ec2 ec2-api s3 compute_legacy computev21 compute-legacy novav21 volumev1 "
    // what is made for the whole cloud, and what only shows
    "baremetal-introspection resource-optimization optimization instance-ha dashboard search "
    // has commands of its own
    "vmexpire";

constexpr std::string_view k_extensions =
    "aap-reject-multicast address-group address-scope agent agent-resources-synced "
    "agent_sort_key allowed-address-pairs auto-allocated-topology availability_zone "
    "availability_zone_filter bgp_4byte_asn bgp_dragent_scheduler "
    "bgpvpn-routes-control bgpvpn-vni binding binding-extended data-plane-status "
    "default-subnetpools dhcp_agent_scheduler dns-domain-ports dns-integration "
    "dns-integration-domain-keywords dvr ecmp_routes empty-string-filtering "
    "enable-default-route-bfd enable-default-route-ecmp expose-l3-conntrack-helper "
    "expose-port-forwarding-in-fip ext-gw-mode external-gateway-multihoming "
    "external-net extra_dhcp_opt extraroute extraroute-atomic filter-validation "
    "fip-port-details flavors floating-ip-distributed floating-ip-port-forwarding "
    "floating-ip-port-forwarding-description floating-ip-port-forwarding-detail "
    "floating-ip-port-forwarding-port-ranges floatingip-autodelete-internal "
    "floatingip-pools ip-substring-filtering ip_allocation l2_adjacency "
    "l3-agent-scheduler-ha-chassis-priority l3-conntrack-helper l3-ext-ndp-proxy "
    "l3-flavors l3-ha l3-port-ip-change-not-allowed l3_agent_scheduler metering "
    "metering_source_and_destination_fields multi-provider net-mtu net-mtu-writable "
    "network network-cascade-delete network-ip-availability "
    "network-ip-availability-details network_availability_zone network_ha "
    "networking-sfc-tap pagination port port-device-profile port-hardware-offload-type "
    "port-hint-ovs-tx-steering port-hints port-mac-address-regenerate "
    "port-mac-override port-numa-affinity-policy port-numa-affinity-policy-socket "
    "port-resource-request port-resource-request-groups port-security "
    "port-security-groups-filtering port-trusted-vif project-default-networks "
    "project-id provider pvlan qinq qos qos-bw-limit-direction qos-bw-minimum-ingress "
    "qos-default qos-fip qos-fip-network-policy qos-gateway-ip qos-port-network-policy "
    "qos-pps qos-pps-minimum qos-pps-minimum-rule-alias qos-rule-type-details "
    "qos-rule-type-filter qos-rules-alias quota-check-limit quota-check-limit-default "
    "quota_details quotas rbac-address-group rbac-address-scope rbac-bgpvpn "
    "rbac-policies rbac-security-groups rbac-subnetpool revision-if-match router "
    "router-admin-state-down-before-update router-enable-snat router-service-type "
    "router_availability_zone security-group security-groups-default-rules "
    "security-groups-default-statefulness security-groups-normalized-cidr "
    "security-groups-remote-address-group security-groups-rules-belongs-to-default-sg "
    "security-groups-shared-filtering segment segments-peer-subnet-host-routes "
    "service-type sort-key-validation sorting standard-attr-bgpvpn "
    "standard-attr-bgpvpn-network-association standard-attr-bgpvpn-port-association "
    "standard-attr-bgpvpn-router-association standard-attr-description "
    "standard-attr-fwaas-v2 standard-attr-revisions standard-attr-segment "
    "standard-attr-tag standard-attr-timestamp stateful-security-group subnet "
    "subnet-dns-publish-fixed-ip subnet-external-network subnet-segmentid-enforce "
    "subnet-segmentid-writable subnet-service-types subnet_allocation subnet_onboard "
    "subnetpool subnetpool-prefix-ops taas-vlan-filter tag tag-creation tag-ext "
    "tag-ports-during-bulk-creation tap-mirror-both-direction trunk trunk-details "
    "uplink-status-propagation uplink-status-propagation-updatable vlan-transparent "
    "vpn-aes-ccm-gcm vpn-aes-ctr vpn-flavors vpn-no-sha1-3des";

constexpr bool has(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    const auto end = words.find(' ');
    if (words.substr(0, end) == wanted) return !wanted.empty();
    words.remove_prefix(end == words.npos ? words.size() : end + 1);
  }
  return false;
}

}  // namespace

bool is_harmless_service(std::string_view type) { return has(k_services, type); }
bool is_harmless_extension(std::string_view alias) { return has(k_extensions, alias); }

}  // namespace ostclean::services
