#include "services/coverage.hpp"

#include "core/http/status.hpp"
#include "core/json.hpp"
#include "services/kind.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <map>
#include <optional>
#include <set>

namespace ostclean::services {
namespace {

constexpr const char* k_unknown = "no kind of it is known";

/// One service may stand in the catalog under several names.
std::string_view family_of(std::string_view type) { return auth::type_aliases(type).front(); }

bool has_row(std::string_view type) {
  const auto family = family_of(type);
  return std::any_of(kinds().begin(), kinds().end(),
                     [&](const kind& row) { return family_of(row.service) == family; });
}

std::set<std::string> regions_of(const auth::catalog::service& one,
                                 const std::vector<std::string>& wanted) {
  std::set<std::string> found;
  for (const auto& there : one.endpoints)
    for (const auto& region : wanted)
      if (there.region == region || there.region.empty() || region.empty()) found.insert(region);
  return found;
}

/// Whether the second answers there elsewhere than the first.
bool is_another(const auth::catalog::service& first, const auth::catalog::service& second,
                const std::string& region) {
  for (const auto& at : second.endpoints)
    for (const auto& known : first.endpoints)
      if (at.interface == known.interface && at.region == known.region && at.url != known.url &&
          (at.region == region || at.region.empty() || region.empty()))
        return true;
  return false;
}

/// Of a type that is known the session takes the first service that a region has.
void add_seconds(const auth::catalog& all, const std::vector<std::string>& regions,
                 std::vector<unseen>& found) {
  std::map<std::pair<std::string, std::string>, const auth::catalog::service*> firsts;
  for (const auto& one : all.services) {
    if (!has_row(one.type)) continue;
    for (const auto& region : regions_of(one, regions)) {
      const auto [at, is_first] = firsts.emplace(std::pair{one.type, region}, &one);
      if (!is_first && is_another(*at->second, one, region))
        found.emplace_back(region, one.type, "",
                           "a second service of this type: only the first is looked at");
    }
  }
}

/// "3.58" as two numbers.
std::optional<std::pair<int, int>> version_of(std::string_view text) {
  std::pair<int, int> found;
  const char* const end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, found.first);
  if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, found.second);
  if (minor.ec != std::errc{}) return std::nullopt;
  return found;
}

}  // namespace

boost::json::object to_json(const unseen& one) {
  return {
      {"region", one.region}, {"service", one.service}, {"kind", one.kind}, {"reason", one.reason}};
}

std::vector<unseen> uncovered_services(const auth::catalog& all,
                                       const std::vector<std::string>& regions) {
  std::vector<unseen> found;
  std::set<std::pair<std::string, std::string>> told;  // family, region
  for (const auto& one : all.services) {
    if (is_harmless_service(one.type) || is_harmless_service(family_of(one.type)) ||
        has_row(one.type))
      continue;
    for (const auto& region : regions_of(one, regions))
      if (told.emplace(family_of(one.type), region).second)
        found.emplace_back(region, one.type, "", k_unknown);
  }
  add_seconds(all, regions, found);
  return found;
}

http::asio::awaitable<std::vector<unseen>> uncovered_extensions(http::transport& who,
                                                                std::string network,
                                                                std::string region) {
  std::vector<unseen> found;
  http::request r{http::verb::get, network + "/extensions"};
  r.service = "network";
  auto answer = co_await http::get_json(who, std::move(r));
  const auto* list = answer ? find(*answer, "extensions") : nullptr;
  if (list == nullptr || !list->is_array()) {
    found.emplace_back(region, "network", "extensions",
                       answer ? "the service does not list its extensions"
                              : "cannot list the extensions: " + answer.error().message);
    co_return found;
  }
  for (const auto& alias : texts_at(*answer, "extensions.alias"))
    if (!is_harmless_extension(alias)) found.emplace_back(region, "network", alias, k_unknown);
  co_return found;
}

bool is_in(const unseen& one, const std::vector<std::string>& not_ours) {
  return std::any_of(not_ours.begin(), not_ours.end(), [&one](const std::string& name) {
    return name == one.service || name == one.kind || family_of(name) == family_of(one.service);
  });
}

/// Nova and Cinder say "... Minimum is 3.0 and maximum is 3.50", each in its own sentence.
bool came_after(std::string_view since, const std::string& words) {
  const auto first = version_of(since);
  const auto at = words.find("maximum is ");
  if (!first || at == std::string::npos) return false;
  const auto newest = version_of(std::string_view{words}.substr(at + 11));
  return newest && *newest < *first;
}

}  // namespace ostclean::services
