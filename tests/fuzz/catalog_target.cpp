// What Keystone says with a token, and what services say of their versions: whatever it is, only
// endpoints that are there are ever named.
#include "core/auth/catalog.hpp"
#include "core/auth/discovery.hpp"
#include "core/auth/token.hpp"
#include "core/json.hpp"
#include "core/time.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <boost/json.hpp>

using namespace ostclean;
using namespace ostclean::fuzz;
namespace json = boost::json;

namespace {

json::array written(const auth::catalog& all) {
  json::array services;
  for (const auto& service : all.services) {
    json::array endpoints;
    for (const auto& e : service.endpoints)
      endpoints.push_back({{"interface", e.interface}, {"region_id", e.region}, {"url", e.url}});
    services.push_back(
        {{"type", service.type}, {"name", service.name}, {"endpoints", std::move(endpoints)}});
  }
  return services;
}

bool has_url(const auth::catalog& all, const std::string& url, std::string region) {
  const bool none = region == auth::no_region;
  if (none) region.clear();
  for (const auto& service : all.services)
    for (const auto& e : service.endpoints)
      if (e.url == url && ((region.empty() && !none) || e.region == region)) return true;
  return false;
}

void check_catalog(const auth::catalog& all) {
  auto regions = all.regions();
  require(std::find(regions.begin(), regions.end(), "") == regions.end(), "a region has a name");
  regions.emplace_back();
  for (const auto& service : all.services) {
    require(!service.type.empty(), "a service has a type");
    for (const auto& e : service.endpoints) {
      require(!e.url.empty() && !e.interface.empty(), "an endpoint has a URL");
      const bool plain = !e.interface.ends_with("URL") &&
                         e.interface.find(',') == e.interface.npos &&
                         !e.interface.starts_with(' ') && !e.interface.ends_with(' ');
      require(!plain || !all.url(service.type, e.interface, e.region).empty(),
              "what is in the catalog is found", e.url);
    }
    for (const auto& region : regions)
      if (const auto url = all.url(service.type, "internal,public", region); !url.empty())
        require(has_url(all, url, region), "only what is in the catalog is found", url);
  }
  regions.pop_back();
  std::sort(regions.begin(), regions.end());
  require(std::unique(regions.begin(), regions.end()) == regions.end(), "a region is named once");
}

void check_same(const auth::catalog& all, const json::value& document) {
  const auto again = auth::catalog::parse(written(all));
  const bool suffixed = json::serialize(document).find("URL") != std::string::npos;
  require(suffixed || written(again) == written(all), "a catalog survives being written");
}

void check_versions(const json::value& document) {
  for (const auto* major : {"", "1", "2", "3"}) {
    const auto best = auth::best_version(document, major);
    if (!best || best->empty()) continue;
    require(best->find('/') == std::string::npos, "a version is one segment", *best);
    require(*major == '\0' || auth::major_of(*best) == major, "a version is of its major", *best);
  }
  for (const auto& text : texts_at(document, "versions.id")) {
    const auto parts = auth::split_url("http://cloud/x/" + text, "p1");
    require(parts.with(parts.version).starts_with("http://cloud"), "a URL stays in its place",
            text);
    (void)auth::fill_placeholders(text, "p1");
  }
}

}  // namespace

extern "C" int fuzz_catalog(const std::uint8_t* data, std::size_t size) {
  boost::system::error_code ec;
  const auto text = text_of(data, size);
  const auto document = json::parse(json::string_view{text.data(), text.size()}, ec);
  if (ec) return 0;
  check_versions(document);
  const auto bare = auth::catalog::parse(document);
  check_catalog(bare);
  check_same(bare, document);
  const auto token = auth::parse_token("secret-token-id", document);
  if (!token) {
    require_hidden(token.error().line(), "secret-token-id");
    return 0;
  }
  require(token->id == "secret-token-id", "a token is the one of the header");
  require(parse_iso8601(text_at(document, "token.expires_at")) == token->expires_at,
          "a token ends when Keystone says");
  check_catalog(token->services);
  check_same(token->services, document);
  return 0;
}
