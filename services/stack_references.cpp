// What the properties of a stack's resource name: Heat deletes some by that, and not by the id that
// it shows.
#include "core/json.hpp"
#include "services/stack_judge.hpp"

#include <algorithm>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// The member in HOT's or in CFN's writing.
const json::value* section_of(const json::value& whole, std::string_view hot,
                              std::string_view cfn) {
  const auto* found = find(whole, hot);
  return found ? found : find(whole, cfn);
}

const json::value* resource_of(const json::value& whole, const std::string& name) {
  const auto* all = section_of(whole, "resources", "Resources");
  return all && all->is_object() ? all->get_object().if_contains(name) : nullptr;
}

/// What a template gives for the first of these properties that it has.
const json::value* given_value(const json::value& whole, const std::string& name,
                               std::string_view properties) {
  const auto* one = resource_of(whole, name);
  const auto* values = one ? section_of(*one, "properties", "Properties") : nullptr;
  const json::value* value = nullptr;
  while (values && !value && !properties.empty()) {
    const auto end = properties.find(' ');
    value = find(*values, properties.substr(0, end));
    properties.remove_prefix(end == std::string_view::npos ? properties.size() : end + 1);
  }
  return value;
}

}  // namespace

asio::awaitable<result<const json::value*>> stack_judge::template_of(std::string at) {
  auto known = templates_.find(at);
  if (known == templates_.end()) {
    auto text = co_await get("orchestration", stack_.base + at + "/template");
    if (!text) co_return text.error();
    known = templates_.emplace(std::move(at), std::move(*text)).first;
  }
  const json::value* found = &known->second;
  co_return found;
}

/// As whatever Heat takes it for; and its name is not what Heat goes by.
bool stack_judge::is_judged(const json::value& resource) const {
  const auto known = environments_.find(path_of_stack(resource, stack_));
  if (known == environments_.end()) return false;
  const auto types = known->second.first.meanings(text_at(resource, "resource_type"));
  return std::all_of(types.begin(), types.end(), [](const std::string& type) {
    return is_looked_up(type) && !is_referred_to_by_name(type);
  });
}

bool stack_judge::is_made_here(const std::string& id) const {
  return std::any_of(told_.resources.begin(), told_.resources.end(), [&](const json::value& one) {
    return text_at(one, "physical_resource_id") == id && is_judged(one);
  });
}

bool stack_judge::is_judged_resource(const std::string& at, const std::string& name) const {
  return std::any_of(told_.resources.begin(), told_.resources.end(), [&](const json::value& one) {
    return path_of_stack(one, stack_) == at && text_at(one, "resource_name") == name &&
           is_judged(one);
  });
}

/// What a nested stack is given by its parent is in its environment.
std::string stack_judge::parameter(const std::string& at, const std::string& name) const {
  const auto known = environments_.find(at);
  const auto* all =
      known == environments_.end() ? nullptr : find(known->second.second, "parameters");
  return all ? text_at(*all, name) : std::string{};
}

/// What the template gives there is the id of something that is judged by itself, or a reference to
/// it; a name would be looked for among everybody's.
asio::awaitable<result<bool>> stack_judge::names_ours(const json::value& resource,
                                                      std::string_view properties) {
  const auto at = path_of_stack(resource, stack_);
  auto whole = co_await template_of(at);
  if (!whole) co_return whole.error();
  const auto* value = given_value(**whole, text_at(resource, "resource_name"), properties);
  if (!value) co_return false;
  if (const auto name = text_at(*value, "get_resource"); !name.empty())
    co_return is_judged_resource(at, name);
  // A resource or, if there is none of that name, a parameter.
  const auto name = text_at(*value, "Ref");
  if (resource_of(**whole, name)) co_return is_judged_resource(at, name);
  const auto id = value->is_string() ? std::string(value->get_string())
                                     : parameter(at, text_at(*value, "get_param") + name);
  const auto is_that = [&](const item& one) { return one.id == id && one.row->id != "name"; };
  co_return !id.empty() && (is_made_here(id) || std::any_of(items_.begin(), items_.end(), is_that));
}

/// With a context a stack is made in another region or, with credentials of its own, anywhere: what
/// answered there chose the id.
asio::awaitable<result<bool>> stack_judge::is_stack_beside(const json::value& resource,
                                                           std::string id) {
  auto whole = co_await template_of(path_of_stack(resource, stack_));
  if (!whole) co_return whole.error();
  co_return is_listed(*find_kind("stack"), id) &&
      !given_value(**whole, text_at(resource, "resource_name"), "context");
}

}  // namespace ostclean::services
