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
  if (type.starts_with("OS::Swift::") || type == "AWS::S3::Bucket")
    return names.count("container") > 0;
  return type.starts_with("OS::Barbican::") &&
         (names.count("secret") > 0 || names.count("secret_container") > 0);
}

/// Barbican's ids are URLs to Heat.
std::string id_in_rows(const std::string& id) {
  return id.find("://") == std::string::npos ? id : id_at_end(id);
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
    stack_record told;
    auto resources = co_await list_of(one, "/resources?nested_depth=100", "resources");
    if (!resources && resources.error().status == 404) {
      leave(one, "Heat does not say what it made");
      co_return;
    }
    if (!resources) {
      outcome = resources.error();
      co_return;
    }
    told.resources = std::move(*resources);
    auto events = co_await events_of(one);
    auto snapshots = co_await list_of(one, "/snapshots", "snapshots");
    if (!events || !snapshots) {
      leave(one, "Heat does not say all that it held: " +
                     (events ? snapshots.error() : events.error()).line());
      co_return;
    }
    told.events = std::move(*events);
    told.snapshots = std::move(*snapshots);
    bind(stack, told);
    if (guarded_ && one.is_open()) co_await judge(one, told);
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

  static void keep_unlisted(item& stack, const std::string& what, const std::string& id) {
    keep(stack,
         fmt::format("holds {} {}, which stays: left out by --skip, and not listed", what, id));
  }

  /// Whether that is among the items.
  bool add(std::size_t stack, const std::string& id) {
    bool known = false;
    for (auto [at, last] = by_id_.equal_range(id); at != last; ++at) {
      known = true;
      if (at->second != stack) all_.add_stack_content(stack, at->second);
    }
    for (auto interface : interfaces_named(items_, id)) {
      known = true;
      all_.add_stack_content(stack, interface);
    }
    return known;
  }

  /// To all that goes with it.
  void bind(std::size_t stack, const stack_record& told) {
    item& one = items_[stack];
    for (const auto& resource : told.resources) {
      const auto id = text_at(resource, "physical_resource_id");
      const auto type = text_at(resource, "resource_type");
      if (!id.empty() && !add(stack, id_in_rows(id)) && is_among(unlisted_, type))
        keep_unlisted(one, type, id);
    }
    for (const auto& [id, event] : held_once(told.events)) add(stack, id_in_rows(id));
    for (const auto& snapshot : told.snapshots) bind_saved(stack, snapshot);
    if (!shows_all(told, one)) bind_to_all(stack);
  }

  /// Heat does not show any more what it once held: any of these may be among it.
  void bind_to_all(std::size_t stack) {
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (i != stack) all_.bonds.emplace_back(i, stack, true);
    if (!unlisted_.empty())
      keep(items_[stack],
           "Heat does not show any more all that it held, and what --skip leaves "
           "out is not listed");
  }

  void bind_saved(std::size_t stack, const json::value& snapshot) {
    item& one = items_[stack];
    auto all = saved_by(snapshot);
    if (!all) return leave(one, all.error().line());
    for (const auto& saved : *all) {
      const std::string kind{saved.row->name};
      if (!add(stack, saved.id) && unlisted_.contains(kind)) keep_unlisted(one, kind, saved.id);
    }
  }

  /// With a depth Heat tells only of stacks that still hold something.
  asio::awaitable<result<json::array>> events_of(const item& stack) {
    auto all = co_await list_of(stack, "/events?nested_depth=100&sort_dir=asc", "events");
    if (!all || !all->empty()) co_return all;
    co_return co_await list_of(stack, "/events?sort_dir=asc", "events");
  }

  asio::awaitable<result<json::array>> list_of(const item& stack, const char* path,
                                               std::string_view key) {
    http::request r{http::verb::get, stack.base + cleaner::item_path(stack) + path};
    r.service = "orchestration";
    auto answer = co_await http::get_json_surely(*where_.session, std::move(r));
    if (!answer) co_return answer.error();
    const auto* list = find(*answer, key);
    if (!list || !list->is_array())
      co_return error{errc::protocol, fmt::format("Heat's answer has no list '{}'", key)};
    co_return list->get_array();
  }

  asio::awaitable<void> judge(item& stack, const stack_record& told) {
    stack_judge by{where_, stack, items_, told};
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
