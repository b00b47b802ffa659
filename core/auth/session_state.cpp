#include "core/auth/session_state.hpp"

#include "core/auth/service_settings.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

namespace ostclean::auth {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto renewal_margin = 120s;
constexpr auto cache_margin = 60s;

constexpr std::int64_t longest_life = 10L * 366 * 24 * 3600;  // s; what is more is nonsense

std::int64_t to_seconds(sys_time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// By Keystone's own count of the token's life, so that a wrong local clock does no harm.
sys_time::duration life_of(const token& fresh, sys_time now) {
  auto from = fresh.issued_at == sys_time{} ? now : fresh.issued_at;
  auto life = to_seconds(fresh.expires_at) - to_seconds(from);
  return std::chrono::seconds{std::clamp<std::int64_t>(life, 0, longest_life)};
}

std::optional<sys_time> end_of(const json::value& kept) {
  const auto* until = find(kept, "good_until");
  if (until == nullptr || !until->is_int64()) return {};
  const auto now = to_seconds(wall_clock());
  if (until->get_int64() < now || until->get_int64() > now + longest_life) return {};
  return sys_time{std::chrono::seconds{until->get_int64()}};
}

}  // namespace

session_state::session_state(settings who, http::transport& next, token_cache* cache)
    : who(std::move(who)), next(next), cache(this->who.cache ? cache : nullptr) {
  if (this->cache != nullptr) key = token_cache::key(this->who);
}

bool session_state::adopt_cached() {
  if (cache == nullptr) return false;
  auto text = cache->load(key);
  if (!text) return false;
  boost::system::error_code ec;
  auto kept = json::parse(*text, ec);
  if (ec || text_at(kept, "id") == rejected_) return false;
  auto good_until = end_of(kept);
  if (!good_until || *good_until - cache_margin <= wall_clock()) return false;
  const auto* document = find(kept, "document");
  auto parsed = parse_token(text_at(kept, "id"), document == nullptr ? json::value{} : *document);
  if (!parsed) return false;
  if (const auto* known = find(kept, "discovered"); known != nullptr && known->is_object())
    for (const auto& [where, version] : known->get_object())
      if (version.is_string()) discovered.try_emplace(where, version.get_string());
  document_ = *document;
  fresh = false;
  take(std::move(*parsed), *good_until, *good_until - cache_margin);
  return true;
}

void session_state::adopt(authentication done) {
  auto life = life_of(done.fresh, wall_clock());
  auto margin = life > renewal_margin ? sys_time::duration{renewal_margin} : life / 10;
  auto good_until = wall_clock() + life;
  document_ = std::move(done.document);
  fresh = true;
  take(std::move(done.fresh), good_until, good_until - margin);
  save();
}

bool session_state::adopt_catalog(const http::response& answer) {
  if (answer.status != 200) return false;
  boost::system::error_code ec;
  const auto body = json::parse(answer.body, ec);
  const auto* list = ec ? nullptr : find(body, "catalog");
  auto* kept = document_.is_object() ? document_.get_object().if_contains("token") : nullptr;
  if (list == nullptr || !list->is_array() || kept == nullptr || !kept->is_object()) return false;
  kept->get_object()["catalog"] = *list;
  now.services = catalog::parse(*list);
  fresh = true;
  save();
  return true;
}

void session_state::take(token fresh, sys_time good_until, sys_time renew_at) {
  now = std::move(fresh);
  good_until_ = good_until;
  renew_at_ = renew_at;
  valid_ = true;
  ++generation;
}

void session_state::save() const {
  if (cache == nullptr || !valid_) return;
  json::object known;
  for (const auto& [where, version] : discovered) known[where] = version;
  json::object kept;
  kept["id"] = now.id;
  kept["good_until"] = to_seconds(good_until_);
  kept["document"] = document_;
  kept["discovered"] = std::move(known);
  cache->store(key, json::serialize(kept));
}

void session_state::reject(std::uint64_t refused) {
  if (refused != generation || !valid_) return;
  valid_ = false;
  rejected_ = now.id;
}

void session_state::drop_rejected() const {
  if (cache == nullptr || rejected_.empty()) return;
  auto text = cache->load(key);
  if (!text) return;
  boost::system::error_code ec;
  auto kept = json::parse(*text, ec);
  if (ec || text_at(kept, "id") == rejected_) cache->drop(key);
}

bool session_state::refuses(const std::string& service, std::uint64_t current) const {
  auto at = refusing_.find(service);
  return at != refusing_.end() && at->second == current;
}

std::string session_state::region_of(const std::string& type, const std::string& region) const {
  if (!region.empty()) return region;
  auto own = find_service_setting(who, type, "_region_name", region).value;
  return own.empty() ? who.region : own;
}

std::string session_state::interface_in(const std::string& type, const std::string& region) const {
  auto own = find_service_setting(who, type, "_interface", region).value;
  if (!own.empty()) return own;
  const auto at = who.regional.find(region);
  if (at == who.regional.end() || !at->second.contains("interface")) return who.interface;
  return at->second.at("interface");
}

std::string session_state::catalog_url(const std::string& type, const std::string& region,
                                       const std::string& interface) const {
  const auto where = region_of(type, region);
  const auto faces = interface.empty() ? interface_in(type, where) : interface;
  const auto typed = find_service_setting(who, type, "_service_type", where).value;
  const auto& wanted = typed.empty() ? type : typed;
  auto url = now.services.url(wanted, faces, where);
  // What has a region only was met there; what has none must not hide behind the others.
  if (url.empty() && where == no_region) url = now.services.url(wanted, faces, "");
  return url;
}

bool session_state::needs_catalog(const std::string& type, const std::string& region) const {
  const auto fixed = find_override(who, type, region);
  if (fixed.value.empty() || fixed.value.find(")s") != std::string::npos) return true;
  return !fixed.regional && !region.empty() && region != who.region;
}

result<std::string> session_state::service_url(const std::string& type,
                                               const std::string& region) const {
  const auto fixed = find_override(who, type, region);
  if (fixed.value.empty()) return catalog_url(type, region);
  if (fixed.regional || region.empty() || region == who.region) return fixed.value;
  std::set<std::string> urls;
  std::string names;
  for (const auto& one : now.services.regions())
    if (auto url = catalog_url(type, one); !url.empty() && urls.insert(std::move(url)).second)
      names += (names.empty() ? "" : ", ") + one;
  if (urls.size() < 2) return fixed.value;
  // One that goes with a chosen region says nothing of the others.
  if (!who.region.empty()) return catalog_url(type, region);
  error e{errc::config, fixed.name + " (" + fixed.source + ") is one URL, and the catalog has " +
                            std::to_string(urls.size()) + " of service " + type + ", in " + names};
  e.hint =
      "name one region with --os-region-name, or give each its own under regions in clouds.yaml";
  return e;
}

error session_state::no_endpoint(const std::string& type, const std::string& region) const {
  const auto where = region_of(type, region), faces = interface_in(type, where);
  error e{errc::not_found, "the catalog has no " + faces + " endpoint of service " + type +
                               (where.empty() ? "" : " in region " + where)};
  const auto typed = find_service_setting(who, type, "_service_type", where);
  if (!typed.value.empty() &&
      (!now.services.offers(typed.value) || !now.services.url(type, faces, where).empty())) {
    e.code = errc::config;
    e.message += " under the type " + typed.value;
    e.hint = "check " + typed.name + ", which " + typed.source + " sets";
  } else if (!catalog_url(type, region, "public,internal,admin").empty()) {
    e.code = errc::config;
    e.hint = "it has one of another interface; check --os-interface, OS_INTERFACE and clouds.yaml";
  }
  return e;
}

}  // namespace ostclean::auth
