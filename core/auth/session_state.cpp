#include "core/auth/session_state.hpp"

#include "core/json.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

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
  take(std::move(*parsed), *good_until, *good_until - cache_margin);
  return true;
}

void session_state::adopt(authentication done) {
  auto life = life_of(done.fresh, wall_clock());
  auto margin = life > renewal_margin ? sys_time::duration{renewal_margin} : life / 10;
  auto good_until = wall_clock() + life;
  document_ = std::move(done.document);
  take(std::move(done.fresh), good_until, good_until - margin);
  save();
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

std::string session_state::service_setting(std::string_view type, std::string_view suffix) const {
  for (auto alias : type_aliases(type)) {
    std::string name{alias};
    std::replace(name.begin(), name.end(), '-', '_');
    auto at = who.services.find(name.append(suffix));
    if (at != who.services.end()) return at->second;
  }
  return {};
}

std::string session_state::catalog_url(const std::string& type, const std::string& region,
                                       const std::string& interface) const {
  auto where = region;
  if (where.empty()) where = service_setting(type, "_region_name");
  if (where.empty()) where = who.region;
  auto faces = interface.empty() ? service_setting(type, "_interface") : interface;
  const auto other_type = service_setting(type, "_service_type");
  return now.services.url(other_type.empty() ? type : other_type,
                          faces.empty() ? who.interface : faces, where);
}

}  // namespace ostclean::auth
