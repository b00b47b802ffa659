#include "core/auth/discovery.hpp"

#include "core/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace ostclean::auth {
namespace {

namespace json = boost::json;

using number = std::pair<int, int>;

std::optional<number> parse_version(std::string_view text) {
  if (!text.starts_with('v') && !text.starts_with('V')) return {};
  number found{0, 0};
  const char* end = text.data() + text.size();
  auto major = std::from_chars(text.data() + 1, end, found.first);
  if (major.ec != std::errc{} || found.first < 0) return {};
  if (major.ptr == end) return found;
  if (*major.ptr != '.') return {};
  auto minor = std::from_chars(major.ptr + 1, end, found.second);
  if (minor.ec != std::errc{} || minor.ptr != end || found.second < 0) return {};
  return found;
}

std::string_view last_segment(std::string_view path) {
  auto at = path.rfind('/');
  return at == path.npos ? path : path.substr(at + 1);
}

std::string_view without_slashes(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

// The position behind "https://host:port".
std::size_t authority_end(std::string_view url) {
  auto scheme = url.find("://");
  auto at = url.find('/', scheme == url.npos ? 0 : scheme + 3);
  return at == url.npos ? url.size() : at;
}

bool is_usable(const json::value& version) {
  auto status = text_at(version, "status");
  std::transform(status.begin(), status.end(), status.begin(),
                 [](unsigned char c) { return static_cast<char>(::toupper(c)); });
  return status == "CURRENT" || status == "SUPPORTED" || status == "STABLE";
}

std::string self_path(const json::value& version) {
  const auto* links = find(version, "links");
  if (links == nullptr || !links->is_array()) return {};
  for (const auto& link : links->get_array())
    if (text_at(link, "rel") == "self") {
      auto href = text_at(link, "href");
      return href.substr(authority_end(href));
    }
  return {};
}

std::vector<const json::value*> versions_of(const json::value& document) {
  std::vector<const json::value*> found;
  if (const auto* one = find(document, "version")) found.push_back(one);
  const auto* list = find(document, "versions");
  if (list != nullptr && list->is_object()) list = find(*list, "values");
  if (list != nullptr && list->is_array())
    for (const auto& version : list->get_array()) found.push_back(&version);
  return found;
}

}  // namespace

std::string service_url::with(const std::string& wanted) const {
  return root + (wanted.empty() ? "" : "/" + wanted) + tail;
}

service_url split_url(std::string_view url, std::string_view project_id) {
  service_url parts;
  url = without_slashes(url);
  auto floor = authority_end(url);
  auto take_last = [&](std::string_view& from) {
    auto segment = last_segment(from.substr(floor));
    from.remove_suffix(segment.size() + 1);
    return segment;
  };
  auto rest = url;
  std::string_view last, before;
  if (rest.size() > floor) last = take_last(rest);
  auto parent = rest;
  if (parent.size() > floor) before = take_last(parent);
  if (parse_version(last)) {
    parts.root = rest;
    parts.version = last;
  } else if (parse_version(before)) {
    parts.root = parent;
    parts.version = before;
    parts.tail = "/" + std::string{last};
  } else if (!project_id.empty() && last.ends_with(project_id)) {
    parts.root = rest;
    parts.tail = "/" + std::string{last};
  } else {
    parts.root = url;
  }
  parts.root = without_slashes(parts.root);
  return parts;
}

std::string major_of(std::string_view version) {
  auto parsed = parse_version(version);
  return parsed ? std::to_string(parsed->first) : std::string{};
}

std::optional<std::string> best_version(const json::value& document, std::string_view major) {
  std::optional<number> best;
  std::string segment;
  for (const auto* version : versions_of(document)) {
    auto id = parse_version(text_at(*version, "id"));
    if (!id || std::to_string(id->first) != major || !is_usable(*version)) continue;
    if (best && *best >= *id) continue;
    const auto path = self_path(*version);
    const auto last = last_segment(without_slashes(path));
    const auto linked = parse_version(last);
    // A link into another major speaks another API, whatever its entry says.
    if (linked && linked->first != id->first) continue;
    best = id;
    segment = linked ? std::string{last} : std::string{};
  }
  if (!best) return {};
  return segment;
}

std::string conventional_version(std::string_view service_type, std::string_view major) {
  auto version = "v" + std::string{major};
  if (is_never_discovered(service_type) && major == "2") return "v2.0";
  // v2 is Nova's frozen API without microversions.
  return service_type == "compute" && major == "2" ? "v2.1" : version;
}

bool is_never_discovered(std::string_view service_type) {
  return service_type == "network" || service_type == "load-balancer";
}

std::string fill_placeholders(std::string url, const std::string& project_id) {
  for (std::string_view mark :
       {"%(project_id)s", "%(tenant_id)s", "$(project_id)s", "$(tenant_id)s"})
    for (auto at = url.find(mark); at != url.npos; at = url.find(mark, at + project_id.size()))
      url.replace(at, mark.size(), project_id);
  return url;
}

}  // namespace ostclean::auth
