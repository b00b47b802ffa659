#include "services/stack_judge.hpp"

#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/cleaner.hpp"
#include "services/ownership.hpp"

#include <fmt/core.h>
#include <algorithm>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// {"server": {...}}, {"servers": [...]}, or the object itself.
const json::value& inner_object(const json::value& answer) {
  if (!answer.is_object() || answer.get_object().size() != 1) return answer;
  const auto& inner = answer.get_object().begin()->value();
  return inner.is_object() || inner.is_array() ? inner : answer;
}

/// An object, or each of a list.
bool is_owned_by(const std::string& project, const json::value& what, std::string_view owner) {
  if (!what.is_array()) return text_at(what, owner) == project;
  const auto& all = what.get_array();
  return std::all_of(all.begin(), all.end(),
                     [&](const json::value& one) { return text_at(one, owner) == project; });
}

bool is_there(const json::value& resource) {
  // What was never begun is not deleted either.
  const auto status = text_at(resource, "resource_status");
  return !status.starts_with("INIT_") && status != "DELETE_COMPLETE";
}

std::string holds(const json::value& resource, const std::string& type, std::string_view what) {
  const auto id = text_at(resource, "physical_resource_id");
  return fmt::format("holds {} {}, {}", type, id.empty() ? text_at(resource, "resource_name") : id,
                     what);
}

}  // namespace

std::string linked(const json::value& resource, std::string_view rel) {
  const auto* links = find(resource, "links");
  if (!links || !links->is_array()) return {};
  for (const auto& link : links->get_array()) {
    const auto href = text_at(link, "href");
    const auto at = href.find("/stacks/");
    if (text_at(link, "rel") == rel && at != std::string::npos) return href.substr(at);
  }
  return {};
}

std::string id_at_end(const std::string& id) { return id.substr(id.find_last_of('/') + 1); }

std::string path_of_stack(const json::value& resource, const item& otherwise) {
  auto at = linked(resource, "stack");
  return at.empty() ? cleaner::item_path(otherwise) : at;
}

stack_judge::answer stack_judge::get(std::string service, std::string url,
                                     std::string_view microversion) {
  http::request r{http::verb::get, std::move(url)};
  if (!microversion.empty()) r.headers.set("OpenStack-API-Version", std::string{microversion});
  r.service = std::move(service);
  co_return co_await http::get_json_surely(*where_.session, std::move(r));
}

asio::awaitable<result<std::string>> stack_judge::why_left() {
  if (auto made_otherwise = why_not_created(); !made_otherwise.empty()) co_return made_otherwise;
  if (auto replaced = why_replaced(); !replaced.empty()) co_return replaced;
  auto known = co_await read_environments();
  if (!known) co_return known.error();
  for (const auto& resource : told_.resources) {
    auto why = co_await judge(resource);
    if (!why || !why->empty()) co_return why;
  }
  for (const auto& snapshot : told_.snapshots) {
    auto why = co_await judge_saved(snapshot);
    if (!why || !why->empty()) co_return why;
  }
  co_return std::string{};
}

asio::awaitable<result<void>> stack_judge::read_environments() {
  std::set<std::string> stacks{cleaner::item_path(stack_)};
  for (const auto& resource : told_.resources) stacks.insert(path_of_stack(resource, stack_));
  for (const auto& at : stacks) {
    auto types = co_await types_in(at);
    if (!types) co_return types.error();
  }
  co_return result<void>{};
}

/// A nested stack has an environment of its own, and what its parent gives it as parameters may be
/// in it: the parent's does not tell.
asio::awaitable<result<const type_registry*>> stack_judge::types_in(std::string at) {
  auto known = environments_.find(at);
  if (known == environments_.end()) {
    auto told = co_await get("orchestration", stack_.base + at + "/environment");
    if (!told) co_return told.error();
    auto both = std::pair(type_registry(*told), *told);
    known = environments_.emplace(std::move(at), std::move(both)).first;
  }
  const type_registry* found = &known->second.first;
  co_return found;
}

asio::awaitable<result<std::string>> stack_judge::judge(const json::value& resource) {
  if (!is_there(resource)) co_return std::string{};
  // Only what Heat itself makes as a stack has this link: its leaves are in the list.
  if (!linked(resource, "nested").empty()) co_return std::string{};
  auto types = co_await types_in(path_of_stack(resource, stack_));
  if (!types) co_return types.error();
  for (const auto& type : (*types)->meanings(text_at(resource, "resource_type"))) {
    auto why = co_await judge_as(resource, type);
    if (!why || !why->empty()) co_return why;
  }
  co_return std::string{};
}

asio::awaitable<result<std::string>> stack_judge::judge_as(const json::value& resource,
                                                           const std::string& type) {
  const auto id = text_at(resource, "physical_resource_id");
  const auto naming = naming_properties(type);
  if (is_harmless(type) || is_template(type)) co_return std::string{};
  if (is_operators(type)) co_return holds(resource, type, "which is not one of the project's");
  const bool told = is_looked_up(type) || !naming.empty() || type == "OS::Heat::Stack";
  if (!told || acts_on_names(type))
    co_return holds(resource, type, "and what is deleted with it does not show") +
        std::string{k_as_its_user};
  if (id.empty()) co_return std::string{};
  result<bool> ours = false;
  if (type == "OS::Heat::Stack")
    ours = co_await is_stack_beside(resource, id);
  else if (naming.empty())
    ours = co_await is_the_projects(type, id);
  else
    ours = co_await names_ours(resource, naming);
  if (!ours)
    co_return holds(resource, type, "and whose that is does not show: ") + ours.error().line() +
        std::string{k_as_its_user};
  if (*ours) co_return std::string{};
  co_return holds(resource, type,
                  naming.empty() ? "which is not one of the project's"
                                 : "and whose things that changes does not show") +
      std::string{k_as_its_user};
}

bool stack_judge::is_listed(const kind& row, const std::string& id) const {
  return std::any_of(items_.begin(), items_.end(), [&](const item& one) {
    return one.row == &row && one.id == id && (row.name != "stack" || one.region == stack_.region);
  });
}

asio::awaitable<result<bool>> stack_judge::is_the_projects(std::string type, std::string id) {
  // Heat shows the address, or the id where the template has that.
  if (type == "AWS::EC2::EIPAssociation" && id.find('.') == std::string::npos)
    type = "AWS::EC2::EIP";
  if (is_on_a_router(type)) {
    id = id.substr(0, id.find(':'));
    type = "OS::Neutron::Router";
  }
  if (const auto* row = row_of_type(type)) co_return co_await is_ours_by_row(*row, std::move(id));
  co_return co_await is_ours_by_look(*find_looked_up(type), std::move(id));
}

/// Gone, or nobody's to be found, is not another's.
asio::awaitable<result<bool>> stack_judge::is_ours_by_row(const kind& row, std::string id) {
  // A key pair has only a name, and Heat asks for the name under the caller.
  if (row.name != "keypair" && is_listed(row, id)) co_return true;
  std::string service{row.service}, region = stack_.region, major{row.major};
  auto base =
      co_await where_.session->endpoint(std::move(service), std::move(region), std::move(major));
  if (!base) co_return base.error();
  const std::string path = cleaner::item_path(item(row, id));
  http::request r{http::verb::get, *base + path.substr(0, path.find('?'))};
  r.service = std::string{row.service};
  set_microversion(r, row);
  auto found = co_await http::get_json_surely(*where_.session, std::move(r));
  if (!found && found.error().status == 404) co_return true;
  if (!found) co_return found.error();
  co_return make_item(where_, row, *base, inner_object(*found)).has_value();
}

asio::awaitable<result<bool>> stack_judge::is_ours_by_look(const looked_up_type& what,
                                                           std::string id) {
  std::string service{what.service}, region = stack_.region, major{what.major};
  auto base =
      co_await where_.session->endpoint(std::move(service), std::move(region), std::move(major));
  if (!base) co_return base.error();
  std::string url = *base + std::string{what.path};
  url.replace(url.find("{id}"), 4, http::percent_encode(id_at_end(id)));
  const bool magnum = what.service == "container-infra";
  auto found = co_await get(std::string{what.service}, std::move(url),
                            magnum ? std::string_view{"container-infra 1.1"} : std::string_view{});
  if (!found && found.error().status == 404) co_return true;
  if (!found) co_return found.error();
  if (what.owner.empty()) co_return true;
  co_return is_owned_by(where_.project_id, inner_object(*found), what.owner);
}

}  // namespace ostclean::services
