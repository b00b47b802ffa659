// Heat's odd case: what a stack made is deleted by Heat, with the rights of whoever deletes the
// stack, and only the stack's resource list says what that is.
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

const kind* row_of_type(std::string_view type) {
  for (const auto& row : kinds())
    for (std::string_view words = row.heat; !words.empty();) {
      const auto end = words.find(' ');
      if (words.substr(0, end) == type) return &row;
      words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    }
  return nullptr;
}

/// What belongs to the whole cloud: only an administrator's stack makes such.
bool is_operators(std::string_view type) {
  static constexpr std::array<std::string_view, 8> begins{
      "OS::Keystone::",     "OS::Nova::Flavor",    "OS::Nova::HostAggregate",
      "OS::Nova::Quota",    "OS::Cinder::Quota",   "OS::Cinder::VolumeType",
      "OS::Neutron::Quota", "OS::Neutron::Segment"};
  return std::any_of(begins.begin(), begins.end(),
                     [&](std::string_view begin) { return type.starts_with(begin); });
}

/// Whether the type's kind is among these. Barbican's and Swift's are not in the rows: Heat has no
/// plain id of theirs.
bool is_among(const std::set<std::string>& names, std::string_view type) {
  if (const auto* row = row_of_type(type)) return names.count(std::string{row->name}) > 0;
  if (type.starts_with("OS::Swift::")) return names.count("container") > 0;
  return type.starts_with("OS::Barbican::") &&
         (names.count("secret") > 0 || names.count("secret_container") > 0);
}

/// {"server": {...}} or the object itself.
const json::value& inner_object(const json::value& answer) {
  if (!answer.is_object() || answer.get_object().size() != 1) return answer;
  const auto& inner = answer.get_object().begin()->value();
  return inner.is_object() ? inner : answer;
}

class stack_reader {
 public:
  stack_reader(place where, std::vector<item>& items, relations& all,
               std::set<std::string> unlisted)
      : where_(std::move(where)), items_(items), all_(all), unlisted_(std::move(unlisted)) {
    for (std::size_t i = 0; i < items.size(); ++i) by_id_.emplace(items[i].id, i);
  }

  asio::awaitable<void> read(std::size_t stack) {
    item& one = items_[stack];
    http::request r{http::verb::get,
                    one.base + cleaner::item_path(one) + "/resources?nested_depth=5"};
    r.service = "orchestration";
    auto answer = co_await http::get_json_surely(*where_.session, std::move(r));
    if (!answer && answer.error().status == 404) {
      leave(one, "Heat does not say what it made");
      co_return;
    }
    if (!answer) {
      outcome = answer.error();
      co_return;
    }
    const auto* resources = find(*answer, "resources");
    if (!resources || !resources->is_array()) {
      outcome = error{errc::protocol, "Heat lists no resources of " + describe(one)};
      co_return;
    }
    for (const auto& resource : resources->get_array()) {
      const auto id = text_at(resource, "physical_resource_id");
      if (!id.empty()) co_await add(stack, id, text_at(resource, "resource_type"));
    }
  }

  result<void> outcome;

 private:
  static void stay(item& stack, item::fate what, std::string why) {
    if (!stack.is_open()) return;
    stack.decided = what;
    stack.reason = std::move(why);
  }

  static void leave(item& stack, std::string why) { stay(stack, item::fate::left, std::move(why)); }

  static void keep(item& stack, std::string why) { stay(stack, item::fate::kept, std::move(why)); }

  asio::awaitable<void> add(std::size_t stack, std::string id, std::string type) {
    bool known = false;
    for (auto [at, last] = by_id_.equal_range(id); at != last; ++at) {
      known = true;
      if (at->second != stack) all_.add_stack_content(stack, at->second);
    }
    for (auto interface : interfaces_named(items_, id)) {
      known = true;
      all_.add_stack_content(stack, interface);
    }
    if (!known && is_among(unlisted_, type)) {
      keep(items_[stack],
           fmt::format("holds {} {}, which stays: left out by --skip, and not listed", type, id));
      co_return;
    }
    // A key pair has only a name, and Heat asks for the name under the caller.
    if (!where_.admin || (known && type != "OS::Nova::KeyPair")) co_return;
    auto others = co_await is_of_others(items_[stack], id, type);
    if (!others)
      leave(items_[stack], fmt::format("holds {} {}, and whose that is does not show: {}", type, id,
                                       others.error().line()));
    else if (*others)
      leave(items_[stack], fmt::format("holds {} {}, which is not one of the project's", type, id));
  }

  /// Whether the caller could delete it and the project's own user could not.
  asio::awaitable<result<bool>> is_of_others(const item& stack, std::string id, std::string type) {
    if (is_operators(type)) co_return true;
    const kind* row = row_of_type(type);
    if (!row) co_return false;
    std::string service{row->service}, region = stack.region, major{row->major};
    auto base =
        co_await where_.session->endpoint(std::move(service), std::move(region), std::move(major));
    if (!base && base.error().code == errc::not_found) co_return false;
    if (!base) co_return base.error();
    const std::string path = cleaner::item_path(item(*row, id));
    http::request r{http::verb::get, *base + path.substr(0, path.find('?'))};
    r.service = std::string{row->service};
    set_microversion(r, *row);
    auto answer = co_await http::get_json_surely(*where_.session, std::move(r));
    if (!answer && answer.error().status == 404) co_return false;  // gone, or nobody's to be found
    if (!answer) co_return answer.error();
    co_return !make_item(where_, *row, *base, inner_object(*answer));
  }

  place where_;
  std::vector<item>& items_;
  relations& all_;
  std::set<std::string> unlisted_;
  std::multimap<std::string, std::size_t> by_id_;
};

}  // namespace

asio::awaitable<result<void>> add_stack_contents(place where, std::vector<item>& items,
                                                 relations& all, std::set<std::string> unlisted) {
  stack_reader reader{std::move(where), items, all, std::move(unlisted)};
  std::vector<asio::awaitable<void>> work;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].row->name == "stack") work.push_back(reader.read(i));
  co_await all_of(std::move(work));
  all.settle_stacks();
  co_return reader.outcome;
}

}  // namespace ostclean::services
