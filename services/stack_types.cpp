#include "services/stack_types.hpp"

#include "core/json.hpp"

#include <algorithm>
#include <array>

namespace ostclean::services {
namespace json = boost::json;
namespace {

constexpr std::string_view k_harmless[] = {
    "OS::Heat::AccessPolicy", "OS::Heat::AutoScalingGroup", "OS::Heat::CloudConfig",
    "OS::Heat::Delay", "OS::Heat::DeployedServer", "OS::Heat::HARestarter",
    "OS::Heat::InstanceGroup", "OS::Heat::MultipartMime", "OS::Heat::None",
    "OS::Heat::RandomString", "OS::Heat::ResourceChain", "OS::Heat::ResourceGroup",
    "OS::Heat::ScalingPolicy", "OS::Heat::SoftwareComponent", "OS::Heat::SoftwareConfig",
    "OS::Heat::SoftwareDeployment", "OS::Heat::SoftwareDeploymentGroup",
    "OS::Heat::SoftwareDeployments", "OS::Heat::StructuredConfig", "OS::Heat::StructuredDeployment",
    "OS::Heat::StructuredDeploymentGroup", "OS::Heat::StructuredDeployments",
    "OS::Heat::SwiftSignal", "OS::Heat::SwiftSignalHandle", "OS::Heat::TestResource",
    "OS::Heat::UpdateWaitConditionHandle", "OS::Heat::Value", "OS::Heat::WaitCondition",
    "OS::Heat::WaitConditionHandle",
    // Users are those of Heat's own domain, and groups and stacks are judged by what they hold.
    "AWS::AutoScaling::AutoScalingGroup", "AWS::AutoScaling::LaunchConfiguration",
    "AWS::AutoScaling::ScalingPolicy", "AWS::CloudFormation::Stack",
    "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle",
    "AWS::EC2::InternetGateway", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::IAM::AccessKey",
    "AWS::IAM::User",
    // Swift's account and Zaqar's queues are found by the token's project.
    "AWS::S3::Bucket", "OS::Swift::Container", "OS::Zaqar::Queue", "OS::Zaqar::SignedQueueURL",
    "OS::Zaqar::Subscription",
    // So are Monasca's, by the service itself, and from 2025.2 on Heat asks nobody for them.
    "OS::Monasca::AlarmDefinition", "OS::Monasca::Notification",
    // Since Train these are names only: Heat deletes nothing for them.
    "OS::Designate::Domain", "OS::Designate::Record"};

constexpr std::string_view k_project = "project_id";

// clang-format off
constexpr looked_up_type k_looked_up[] = {
    {"OS::Octavia::Listener", "load-balancer", "2", "/lbaas/listeners/{id}", k_project},
    {"OS::Octavia::Pool", "load-balancer", "2", "/lbaas/pools/{id}", k_project},
    {"OS::Octavia::HealthMonitor", "load-balancer", "2", "/lbaas/healthmonitors/{id}", k_project},
    {"OS::Octavia::L7Policy", "load-balancer", "2", "/lbaas/l7policies/{id}", k_project},
    {"OS::Neutron::SecurityGroupRule", "network", "2", "/security-group-rules/{id}", k_project},
    {"OS::Neutron::VPNService", "network", "2", "/vpn/vpnservices/{id}", k_project},
    {"OS::Neutron::IPsecSiteConnection", "network", "2", "/vpn/ipsec-site-connections/{id}", k_project},
    {"OS::Neutron::IKEPolicy", "network", "2", "/vpn/ikepolicies/{id}", k_project},
    {"OS::Neutron::IPsecPolicy", "network", "2", "/vpn/ipsecpolicies/{id}", k_project},
    {"OS::Neutron::Firewall", "network", "2", "/fw/firewalls/{id}", "tenant_id"},
    {"OS::Neutron::FirewallPolicy", "network", "2", "/fw/firewall_policies/{id}", "tenant_id"},
    {"OS::Neutron::FirewallRule", "network", "2", "/fw/firewall_rules/{id}", "tenant_id"},
    {"OS::Neutron::L2Gateway", "network", "2", "/l2-gateways/{id}", "tenant_id"},
    {"OS::Neutron::L2GatewayConnection", "network", "2", "/l2-gateway-connections/{id}", "tenant_id"},
    {"OS::Neutron::FlowClassifier", "network", "2", "/sfc/flow_classifiers/{id}", k_project},
    {"OS::Neutron::PortChain", "network", "2", "/sfc/port_chains/{id}", k_project},
    {"OS::Neutron::PortPairGroup", "network", "2", "/sfc/port_pair_groups/{id}", k_project},
    {"OS::Neutron::PortPair", "network", "2", "/sfc/port_pairs/{id}", k_project},
    {"OS::Neutron::TaaS::TapService", "network", "2", "/taas/tap_services/{id}", k_project},
    {"OS::Neutron::TaaS::TapFlow", "network", "2", "/taas/tap_flows/{id}", k_project},
    // Heat asks Neutron in the same words, and takes the first.
    {"AWS::EC2::EIPAssociation", "network", "2", "/floatingips?floating_ip_address={id}", k_project},
    {"OS::Manila::Share", "sharev2", "", "/shares/{id}", k_project},
    {"OS::Manila::ShareNetwork", "sharev2", "", "/share-networks/{id}", k_project},
    {"OS::Manila::SecurityService", "sharev2", "", "/security-services/{id}", k_project},
    {"OS::Magnum::Cluster", "container-infra", "", "/clusters/{id}", k_project},
    {"OS::Magnum::ClusterTemplate", "container-infra", "", "/clustertemplates/{id}", k_project},
    {"OS::Magnum::Bay", "container-infra", "", "/clusters/{id}", k_project},
    {"OS::Magnum::BayModel", "container-infra", "", "/clustertemplates/{id}", k_project},
    {"OS::Trove::Instance", "database", "", "/instances/{id}", "tenant_id"},
    {"OS::Trove::Cluster", "database", "", "/clusters/{id}", "tenant_id"},
    {"OS::Blazar::Lease", "reservation", "", "/leases/{id}", k_project},
    {"OS::Zun::Container", "container", "", "/containers/{id}", k_project},
    {"OS::Aodh::Alarm", "alarming", "2", "/alarms/{id}", k_project},
    {"OS::Aodh::CombinationAlarm", "alarming", "2", "/alarms/{id}", k_project},
    {"OS::Aodh::CompositeAlarm", "alarming", "2", "/alarms/{id}", k_project},
    {"OS::Aodh::EventAlarm", "alarming", "2", "/alarms/{id}", k_project},
    {"OS::Aodh::LBMemberHealthAlarm", "alarming", "2", "/alarms/{id}", k_project},
    {"OS::Aodh::PrometheusAlarm", "alarming", "2", "/alarms/{id}", k_project},
    {"OS::Aodh::GnocchiResourcesAlarm", "alarming", "2", "/alarms/{id}", k_project},
    {"OS::Aodh::GnocchiAggregationByMetricsAlarm", "alarming", "2", "/alarms/{id}", k_project},
    {"OS::Aodh::GnocchiAggregationByResourcesAlarm", "alarming", "2", "/alarms/{id}", k_project},
    // Barbican lets nobody but the project itself delete these, whatever the caller's role there.
    {"OS::Barbican::Order", "key-manager", "1", "/orders/{id}", ""},
    {"OS::Barbican::Secret", "key-manager", "1", "/secrets/{id}", ""},
    {"OS::Barbican::GenericContainer", "key-manager", "1", "/containers/{id}", ""},
    {"OS::Barbican::CertificateContainer", "key-manager", "1", "/containers/{id}", ""},
    {"OS::Barbican::RSAContainer", "key-manager", "1", "/containers/{id}", ""},
};

constexpr std::pair<std::string_view, std::string_view> k_naming[] = {
    {"OS::Neutron::FloatingIPAssociation", "floatingip_id"},
    {"OS::Nova::FloatingIPAssociation", "floating_ip"},
    {"OS::Neutron::FloatingIPPortForward", "floatingip"},
    {"OS::Neutron::ExtraRoute", "router_id"},
    {"OS::Neutron::ExtraRouteSet", "router"},
    {"OS::Neutron::MeteringRule", "metering_label_id"},
    {"OS::Neutron::QoSBandwidthLimitRule", "policy"},
    {"OS::Neutron::QoSDscpMarkingRule", "policy"},
    {"OS::Neutron::QoSMinimumBandwidthRule", "policy"},
    {"OS::Neutron::QoSMinimumPacketRateRule", "policy"},
    {"OS::Octavia::PoolMember", "pool"},
    {"OS::Octavia::L7Rule", "l7policy"},
    {"OS::Designate::RecordSet", "zone"},
    {"OS::Cinder::VolumeAttachment", "volume_id"},
    {"AWS::EC2::VolumeAttachment", "VolumeId"},
};
// clang-format on

/// What Heat's own environment maps, unless the operator does otherwise, and what its groups of
/// instances call their members.
constexpr std::pair<std::string_view, std::string_view> k_of_heat[] = {
    {"OS::Quantum*", "OS::Neutron*"},
    {"OS::Metering::Alarm", "OS::Aodh::Alarm"},
    {"OS::Ceilometer::Alarm", "OS::Aodh::Alarm"},
    {"OS::Ceilometer::CombinationAlarm", "OS::Aodh::CombinationAlarm"},
    {"OS::Ceilometer::GnocchiResourcesAlarm", "OS::Aodh::GnocchiResourcesAlarm"},
    {"OS::Ceilometer::GnocchiAggregationByMetricsAlarm",
     "OS::Aodh::GnocchiAggregationByMetricsAlarm"},
    {"OS::Ceilometer::GnocchiAggregationByResourcesAlarm",
     "OS::Aodh::GnocchiAggregationByResourcesAlarm"},
    {"AWS::CloudWatch::Alarm", "AWS_CloudWatch_Alarm.yaml"},
    {"AWS::RDS::DBInstance", "AWS_RDS_DBInstance.yaml"},
    {"OS::Heat::ScaledResource", "AWS::EC2::Instance"},
};

/// No honest environment needs as many, and a dishonest one shall not keep us busy.
constexpr std::size_t k_most_meanings = 50;

}  // namespace

const kind* row_of_type(std::string_view type) {
  for (const auto& row : kinds())
    for (std::string_view words = row.heat; !words.empty();) {
      const auto end = words.find(' ');
      if (words.substr(0, end) == type) return &row;
      words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    }
  return nullptr;
}

bool is_harmless(std::string_view type) {
  return std::find(std::begin(k_harmless), std::end(k_harmless), type) != std::end(k_harmless);
}

bool is_operators(std::string_view type) {
  static constexpr std::array<std::string_view, 16> begins{"OS::Keystone::",
                                                           "OS::Nova::Flavor",
                                                           "OS::Nova::HostAggregate",
                                                           "OS::Nova::Quota",
                                                           "OS::Cinder::Quota",
                                                           "OS::Cinder::VolumeType",
                                                           "OS::Cinder::EncryptedVolumeType",
                                                           "OS::Cinder::QoS",
                                                           "OS::Neutron::Quota",
                                                           "OS::Neutron::Segment",
                                                           "OS::Octavia::AvailabilityZone",
                                                           "OS::Octavia::Flavor",
                                                           "OS::Octavia::Quota",
                                                           "OS::Manila::ShareType",
                                                           "OS::Ironic::",
                                                           "OS::Blazar::Host"};
  return std::any_of(begins.begin(), begins.end(),
                     [&](std::string_view begin) { return type.starts_with(begin); });
}

const looked_up_type* find_looked_up(std::string_view type) {
  const auto* at = std::find_if(std::begin(k_looked_up), std::end(k_looked_up),
                                [&](const auto& one) { return one.type == type; });
  return at == std::end(k_looked_up) ? nullptr : at;
}

bool is_looked_up(std::string_view type) {
  return row_of_type(type) || find_looked_up(type) || is_on_a_router(type);
}

std::string_view naming_properties(std::string_view type) {
  for (const auto& [named, properties] : k_naming)
    if (named == type) return properties;
  return {};
}

bool is_on_a_router(std::string_view type) {
  return type == "OS::Neutron::RouterInterface" || type == "OS::Neutron::RouterGateway";
}

bool acts_on_names(std::string_view type) {
  static constexpr std::array<std::string_view, 4> types{"AWS::EC2::VPC", "AWS::EC2::Subnet",
                                                         "AWS::EC2::VPCGatewayAttachment",
                                                         "AWS::EC2::SubnetRouteTableAssociation"};
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool is_referred_to_by_name(std::string_view type) {
  return type == "OS::Nova::KeyPair" || type.starts_with("AWS::EC2::EIP");
}

bool is_template(std::string_view type) {
  return type.ends_with(".yaml") || type.ends_with(".template");
}

type_registry::type_registry(const json::value& environment) {
  for (const auto& [pattern, value] : k_of_heat)
    entries_.emplace_back(std::string(pattern), std::string(value), origin::heat);
  if (const auto* all = find(environment, "resource_registry")) read(*all, origin::everywhere);
}

void type_registry::read(const json::value& level, origin from) {
  if (!level.is_object()) return;
  for (const auto& [name, value] : level.get_object())
    if (value.is_object())
      read(value, origin::one_name);
    else if (value.is_string() && !is_template(name))
      entries_.emplace_back(std::string(name), std::string(value.get_string()), from);
}

std::optional<std::string> type_registry::entry::put_for(const std::string& type) const {
  if (!pattern_.ends_with('*')) return type == pattern_ ? std::optional(value_) : std::nullopt;
  const auto begin = pattern_.substr(0, pattern_.size() - 1);
  // A pattern that leads to a template, or to the type itself, does nothing in Heat.
  if (is_template(value_) || value_ == type || !type.starts_with(begin)) return std::nullopt;
  if (!value_.ends_with('*')) return value_;
  return value_.substr(0, value_.size() - 1) + type.substr(begin.size());
}

/// Heat goes on to the type's own class when it has none for what is put there: that must be one
/// which every Heat has. Types of Heat's own are never trusted to be hidden by another class.
bool type_registry::entry::hides(const std::string& type, const std::string& put) const {
  if (from_ != origin::everywhere) return from_ == origin::heat;
  if (is_template(put) || put == "OS::Heat::None") return true;
  if (type.starts_with("OS::") || type.starts_with("AWS::")) return false;
  return row_of_type(put) || is_harmless(put);
}

std::set<std::string> type_registry::meanings(const std::string& type) const {
  std::set<std::string> all, seen{type};
  std::vector<std::string> open{type};
  while (!open.empty() && seen.size() <= k_most_meanings) {
    const auto one = std::move(open.back());
    open.pop_back();
    bool hidden = false;
    for (const auto& entry : entries_) {
      auto put = entry.put_for(one);
      if (!put) continue;
      hidden = hidden || entry.hides(one, *put);
      if (seen.insert(*put).second) open.push_back(std::move(*put));
    }
    if (!hidden) all.insert(one);
  }
  if (!open.empty() || all.empty()) all.insert(type + " and too many others");
  return all;
}

}  // namespace ostclean::services
