#include "core/auth/catalog.hpp"

#include "core/json.hpp"

#include <algorithm>
#include <array>

namespace ostclean::auth {
namespace {

// The authority's name and its aliases in the order they are tried:
// https://service-types.openstack.org/service-types.json
constexpr std::array<std::string_view, 27> families{
    "accelerator",
    "application-catalog",
    "backup",
    "baremetal bare-metal",
    "baremetal-introspection",
    "block-storage volumev3 volumev2 volume block-store",
    "compute",
    "container-infrastructure-management container-infrastructure container-infra",
    "dns",
    "identity",
    "image",
    "instance-ha ha",
    "key-manager",
    "load-balancer",
    "message messaging",
    "metric",
    "alarm alarming",
    "network",
    "nfv-orchestration",
    "object-store",
    "optimization infra-optim resource-optimization",
    "orchestration",
    "placement",
    "rating",
    "shared-file-system sharev2 share",
    "vmexpire",
    "workflow workflowv2"};

std::vector<std::string_view> words(std::string_view text, char separator) {
  std::vector<std::string_view> list;
  for (std::size_t from = 0; from <= text.size();) {
    auto to = std::min(text.find(separator, from), text.size());
    auto word = text.substr(from, to - from);
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (!word.empty()) list.push_back(word);
    from = to + 1;
  }
  return list;
}

// Catalogs that came from v2 still say publicURL.
std::string_view plain_interface(std::string_view name) {
  if (name.ends_with("URL")) name.remove_suffix(3);
  return name;
}

catalog::endpoint parse_endpoint(const boost::json::value& value) {
  catalog::endpoint e;
  e.interface = plain_interface(text_at(value, "interface"));
  e.region = text_at(value, "region_id");
  if (e.region.empty()) e.region = text_at(value, "region");
  e.url = text_at(value, "url");
  return e;
}

const std::string* find_url(const catalog::service& service, std::string_view interface,
                            std::string_view region) {
  for (const auto& e : service.endpoints)
    if (e.interface == interface &&
        (region.empty() || e.region == (region == no_region ? std::string_view{} : region)))
      return &e.url;
  return nullptr;
}

}  // namespace

std::vector<std::string_view> type_aliases(std::string_view type) {
  for (auto family : families) {
    auto names = words(family, ' ');
    if (std::find(names.begin(), names.end(), type) != names.end()) return names;
  }
  return {type};
}

std::vector<std::string_view> known_service_types() {
  std::vector<std::string_view> all;
  for (auto family : families)
    for (auto name : words(family, ' ')) all.push_back(name);
  return all;
}

catalog catalog::parse(const boost::json::value& array) {
  catalog all;
  if (!array.is_array()) return all;
  for (const auto& item : array.get_array()) {
    service s;
    s.id = text_at(item, "id");
    s.type = text_at(item, "type");
    s.name = text_at(item, "name");
    const auto* endpoints = find(item, "endpoints");
    if (s.type.empty() || endpoints == nullptr || !endpoints->is_array()) continue;
    for (const auto& value : endpoints->get_array())
      if (auto e = parse_endpoint(value); !e.url.empty() && !e.interface.empty())
        s.endpoints.push_back(std::move(e));
    all.services.push_back(std::move(s));
  }
  return all;
}

std::string catalog::url(std::string_view type, std::string_view interface,
                         std::string_view region) const {
  std::vector<std::string_view> types{type};
  for (auto alias : type_aliases(type))
    if (alias != type) types.push_back(alias);
  for (auto wanted : types)
    for (auto face : words(interface, ','))
      for (const auto& s : services)
        if (s.type == wanted)
          if (const auto* found = find_url(s, plain_interface(face), region)) return *found;
  return {};
}

std::string catalog::id(std::string_view type) const {
  const auto of_type = [&](const service& s) { return s.type == type; };
  const auto at = std::find_if(services.begin(), services.end(), of_type);
  return at == services.end() ? std::string{} : at->id;
}

bool catalog::offers(std::string_view type) const {
  return !url(type, "public,internal,admin", "").empty();
}

std::vector<std::string> catalog::regions() const {
  std::vector<std::string> all;
  bool without = false;
  for (const auto& s : services)
    for (const auto& e : s.endpoints) {
      without = without || e.region.empty();
      if (!e.region.empty() && std::find(all.begin(), all.end(), e.region) == all.end())
        all.push_back(e.region);
    }
  if (without && !all.empty()) all.emplace_back(no_region);
  return all;
}

result<void> catalog::check_region(const std::string& region) const {
  const auto all = regions();
  if (region.empty() || all.empty() || std::find(all.begin(), all.end(), region) != all.end())
    return {};
  std::string names;
  for (const auto& one : all) names += (names.empty() ? "" : ", ") + one;
  error e{errc::config, "the catalog has no region " + region + ", only " + names};
  e.hint = "check --os-region-name, OS_REGION_NAME and clouds.yaml";
  return e;
}

}  // namespace ostclean::auth
