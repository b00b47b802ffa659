#include "core/http/message.hpp"

#include <strings.h>
#include <algorithm>
#include <array>

namespace ostclean::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string_view to_string(verb method) {
  static constexpr std::array<std::string_view, 6> names{"GET", "HEAD",  "POST",
                                                         "PUT", "PATCH", "DELETE"};
  return names[static_cast<std::size_t>(method)];
}

void fields::set(std::string name, std::string value) {
  std::erase_if(list_, [&](const auto& field) { return same_name(field.first, name); });
  add(std::move(name), std::move(value));
}

void fields::add(std::string name, std::string value) {
  list_.emplace_back(std::move(name), std::move(value));
}

std::string_view fields::get(std::string_view name) const {
  auto at = std::find_if(list_.begin(), list_.end(),
                         [&](const auto& field) { return same_name(field.first, name); });
  return at == list_.end() ? std::string_view{} : std::string_view{at->second};
}

std::string response::request_id() const {
  for (auto name : {"x-openstack-request-id", "x-compute-request-id", "x-trans-id"})
    if (auto id = headers.get(name); !id.empty()) return std::string{id};
  return {};
}

}  // namespace ostclean::http
