// Heat's odd case: what a stack made is deleted by Heat, with the rights of whoever deletes the
// stack, and only the stack's resource list says what that is.
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/hooks.hpp"
#include "services/reach.hpp"
#include "services/stack_judge.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// Whether the type's kind is among these. Barbican's and Swift's are not in the rows: Heat has no
/// plain id of theirs.
bool is_among(const std::set<std::string>& names, std::string_view type) {
  if (const auto* row = row_of_type(type)) return names.count(std::string{row->name}) > 0;
  if (type.starts_with("OS::Swift::")) return names.count("container") > 0;
  return type.starts_with("OS::Barbican::") &&
         (names.count("secret") > 0 || names.count("secret_container") > 0);
}

class stack_reader {
 public:
  stack_reader(place where, std::vector<item>& items, relations& all,
               std::set<std::string> unlisted, bool guarded)
      : where_(std::move(where)),
        items_(items),
        all_(all),
        unlisted_(std::move(unlisted)),
        guarded_(guarded) {
    for (std::size_t i = 0; i < items.size(); ++i) by_id_.emplace(items[i].id, i);
  }

  asio::awaitable<void> read(std::size_t stack) {
    item& one = items_[stack];
    http::request r{http::verb::get,
                    one.base + cleaner::item_path(one) + "/resources?nested_depth=100"};
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
      if (!id.empty()) add(stack, id, text_at(resource, "resource_type"));
    }
    if (guarded_ && one.is_open()) co_await judge(one, resources->get_array());
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

  void add(std::size_t stack, const std::string& id, const std::string& type) {
    bool known = false;
    for (auto [at, last] = by_id_.equal_range(id); at != last; ++at) {
      known = true;
      if (at->second != stack) all_.add_stack_content(stack, at->second);
    }
    for (auto interface : interfaces_named(items_, id)) {
      known = true;
      all_.add_stack_content(stack, interface);
    }
    if (!known && is_among(unlisted_, type))
      keep(items_[stack],
           fmt::format("holds {} {}, which stays: left out by --skip, and not listed", type, id));
  }

  asio::awaitable<void> judge(item& stack, const json::array& resources) {
    stack_judge by{where_, stack, items_, resources};
    auto why = co_await by.why_left();
    if (!why)
      leave(stack, "Heat does not say all that it holds: " + why.error().line());
    else if (!why->empty())
      leave(stack, *why);
  }

  place where_;
  std::vector<item>& items_;
  relations& all_;
  std::set<std::string> unlisted_;
  bool guarded_;  ///< Heat would delete with more than the project's own rights
  std::multimap<std::string, std::size_t> by_id_;
};

}  // namespace

namespace {

/// A user's own session can harm nobody through Heat; in its home project a caller may or may not
/// be more than a user.
asio::awaitable<result<bool>> is_guarded(place where, const std::vector<item>& items) {
  const auto stack = std::find_if(items.begin(), items.end(),
                                  [](const item& one) { return one.row->name == "stack"; });
  if (stack == items.end() || where.as_user) co_return false;
  // Heat names the project to administrators only.
  if (!where.home || !text_at(stack->data, "project").empty()) co_return true;
  co_return co_await is_shown_others(std::move(where));
}

}  // namespace

asio::awaitable<result<void>> add_stack_contents(place where, std::vector<item>& items,
                                                 relations& all, std::set<std::string> unlisted) {
  auto guarded = co_await is_guarded(where, items);
  if (!guarded) co_return guarded.error();
  stack_reader reader{std::move(where), items, all, std::move(unlisted), *guarded};
  std::vector<asio::awaitable<void>> work;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].row->name == "stack") work.push_back(reader.read(i));
  co_await all_of(std::move(work));
  all.settle_stacks();
  co_return reader.outcome;
}

}  // namespace ostclean::services
