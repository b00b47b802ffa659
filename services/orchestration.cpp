// Heat's odd case: what a stack made is deleted by Heat, and only the stack's resource list says
// what that is.
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/hooks.hpp"

#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
namespace {

using index = std::multimap<std::string, std::size_t>;

asio::awaitable<void> add_one(place where, const std::vector<item>& items, const index& by_id,
                              std::size_t stack, relations& all, result<void>& outcome) {
  const item& one = items[stack];
  http::request r{http::verb::get,
                  one.base + cleaner::item_path(one) + "/resources?nested_depth=5"};
  r.service = "orchestration";
  auto answer = co_await http::get_json(*where.session, std::move(r));
  if (!answer && answer.error().status == 404) co_return;  // it went meanwhile
  if (!answer) {
    outcome = answer.error();
    co_return;
  }
  for (const auto& id : texts_at(*answer, "resources.physical_resource_id")) {
    auto [first, last] = by_id.equal_range(id);
    for (; first != last; ++first)
      if (first->second != stack) all.add_stack_content(stack, first->second);
  }
}

}  // namespace

asio::awaitable<result<void>> add_stack_contents(place where, const std::vector<item>& items,
                                                 relations& all) {
  index by_id;
  for (std::size_t i = 0; i < items.size(); ++i) by_id.emplace(items[i].id, i);
  std::vector<asio::awaitable<void>> work;
  result<void> outcome;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].row->name == "stack")
      work.push_back(add_one(where, items, by_id, i, all, outcome));
  co_await all_of(std::move(work));
  all.settle_stacks();
  co_return outcome;
}

}  // namespace ostclean::services
