#include "services/naming.hpp"

#include "core/json.hpp"

#include <boost/json/parse.hpp>

namespace ostclean::services {
namespace json = boost::json;
namespace {

constexpr std::size_t k_uuid = 36;

std::string last_of(const std::string& address) {
  return address.substr(address.find_last_of('/') + 1);
}

/// Glance calls a container of an image's data "glance_ID", of which an operator sets the first
/// word.
std::string image_of_container(const std::string& name) {
  const bool is_long = name.size() > k_uuid && name[name.size() - k_uuid - 1] == '_';
  return is_long ? name.substr(name.size() - k_uuid) : std::string{};
}

/// Glance and Cinder call the volume of an image's data "image-ID", Nova a secret
/// "... for instance ID ...".
std::string id_in_name(std::string_view kind, const std::string& name) {
  const std::string_view before = kind == "image" ? "image-" : " for instance ";
  const auto at = name.find(before);
  if (at == std::string::npos || (kind == "image" && at != 0)) return {};
  return name.substr(at + before.size(), k_uuid);
}

}  // namespace

std::string id_in(std::string_view of, const reference& word, std::string said) {
  if (word.field == "name" && of == "container") return image_of_container(said);
  if (word.field == "name") return id_in_name(word.kind, said);
  // Octavia writes "lb-ID" into its ports' device_id.
  if (word.kind == "load_balancer" && said.starts_with("lb-")) return said.substr(3);
  if (word.kind == "secret") return last_of(said);
  // An image's data in Cinder: "cinder://ID", or "cinder://STORE/ID".
  if (word.kind == "volume" && said.find("://") != std::string::npos)
    return said.starts_with("cinder://") ? last_of(said) : std::string{};
  return said;
}

std::vector<std::string> other_ids(const item& one) {
  std::vector<std::string> ids;
  auto words = one.row->also;
  while (!words.empty()) {
    const auto end = words.find(' ');
    for (auto& id : texts_at(one.data, words.substr(0, end)))
      if (!id.empty()) ids.push_back(std::move(id));
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
  }
  return ids;
}

json::value decoded(const json::value& data, std::string_view field) {
  const std::string said = text_at(data, field);
  if (said.empty() || !data.is_object()) return data;
  boost::system::error_code ec;
  auto inner = json::parse(said, ec);
  if (ec) return data;
  json::object whole = data.get_object();
  whole[field] = std::move(inner);
  return whole;
}

std::vector<std::string> consumers_of(const item& one) {
  auto ids = texts_at(one.data, "consumers.resource_id");
  for (const auto& url : texts_at(one.data, "consumers.URL")) ids.push_back(last_of(url));
  return ids;
}

}  // namespace ostclean::services
