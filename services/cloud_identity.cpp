#include "services/cloud_identity.hpp"

#include "core/json.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <set>

namespace ostclean::services {
namespace json = boost::json;
namespace {

std::string without_version(std::string url) {
  const auto without_slashes = [&url] {
    while (url.ends_with('/')) url.pop_back();
  };
  without_slashes();
  for (const std::string_view version : {"/v3", "/v2.0"})
    if (url.ends_with(version)) url.resize(url.size() - version.size());
  without_slashes();
  return url;
}

/// Of the service that answers at the URL `name`; a catalog may have several. Behind a name that
/// the catalog does not know is the only one, and of several nobody knows which.
std::string id_at(const auth::catalog& all, const std::string& name) {
  std::set<std::string> here, known;
  for (const auto& one : all.services) {
    if (one.type != "identity") continue;
    known.insert(one.id);
    for (const auto& at : one.endpoints)
      if (without_version(at.url) == name) here.insert(one.id);
  }
  const auto& some = here.empty() ? known : here;
  return some.size() == 1 ? *some.begin() : std::string{};
}

}  // namespace

cloud_identity cloud_identity::read(const json::value& line, std::string_view url_member) {
  return cloud_identity{text_at(line, url_member), text_at(line, "keystone_id")};
}

bool cloud_identity::may_be(const cloud_identity& other) const {
  if (!keystone_id.empty() && !other.keystone_id.empty()) return keystone_id == other.keystone_id;
  return name() == other.name();
}

void cloud_identity::write(json::object& line, std::string_view url_member) const {
  line[url_member] = url;
  if (!keystone_id.empty()) line["keystone_id"] = keystone_id;
}

std::string cloud_identity::name() const { return without_version(url); }

this_cloud::this_cloud(std::string url, const auth::catalog* all) : identity(std::move(url), "") {
  if (!all) return;
  identity.keystone_id = id_at(*all, identity.name());
  for (const auto& one : all->services)
    for (const auto& at : one.endpoints)
      if (one.type == "identity" && one.id == identity.keystone_id)
        names_.push_back(without_version(at.url));
}

bool this_cloud::is(const cloud_identity& other) const {
  const bool both = !identity.keystone_id.empty() && !other.keystone_id.empty();
  if (both && identity.keystone_id != other.keystone_id) return false;
  return other.name() == identity.name() ||
         (both && std::find(names_.begin(), names_.end(), other.name()) != names_.end());
}

result<void> this_cloud::check(const cloud_identity& other, const std::string& file,
                               std::string_view way_out) const {
  if (is(other)) return {};
  error no{errc::config, fmt::format("{} is of another cloud: {}", file, other.url)};
  if (other.name() != identity.name()) return no;
  no.message += ", where Keystone has another id in the catalog by now";
  no.hint = fmt::format("if Identity was only registered anew, {}", way_out);
  return no;
}

}  // namespace ostclean::services
