#include "core/auth/service_settings.hpp"

#include "core/auth/catalog.hpp"

#include <algorithm>
#include <array>

namespace ostclean::auth {
namespace {

constexpr std::array<std::string_view, 8> suffixes{
    "_endpoint_override", "_endpoint",     "_api_version", "_default_microversion",
    "_service_type",      "_service_name", "_region_name", "_interface"};

service_setting look(const std::map<std::string, std::string>& in, std::string_view type,
                     std::string_view suffix) {
  service_setting found;
  for (auto alias : type_aliases(type)) {
    std::string name{alias};
    std::replace(name.begin(), name.end(), '-', '_');
    auto at = in.find(name.append(suffix));
    if (at == in.end()) continue;
    found.name = at->first;
    found.value = at->second;
    break;
  }
  return found;
}

}  // namespace

std::span<const std::string_view> service_suffixes() { return suffixes; }

bool is_service_setting(std::string_view key) {
  return std::any_of(suffixes.begin(), suffixes.end(), [&](auto suffix) {
    return key.size() > suffix.size() && key.ends_with(suffix);
  });
}

service_setting find_service_setting(const settings& who, std::string_view type,
                                     std::string_view suffix, const std::string& region) {
  auto where = region.empty() ? who.region : region;
  if (where.empty() && !who.regions.empty()) where = who.regions.front();
  service_setting found;
  if (auto own = who.regional.find(where); own != who.regional.end()) {
    found = look(own->second, type, suffix);
    found.regional = !found.value.empty();
  }
  if (!found.regional) found = look(who.services, type, suffix);
  const auto source = who.sources.find(found.name + (found.regional ? " of " + where : ""));
  found.source = source == who.sources.end() ? found.name : source->second;
  return found;
}

service_setting find_override(const settings& who, std::string_view type,
                              const std::string& region) {
  auto found = find_service_setting(who, type, "_endpoint_override", region);
  return found.value.empty() ? find_service_setting(who, type, "_endpoint", region) : found;
}

}  // namespace ostclean::auth
