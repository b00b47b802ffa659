// Cinder's odd case: a volume of a group is deleted neither by itself nor, safely, with the group.
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"
#include "services/states.hpp"

#include <chrono>

namespace ostclean::services {
namespace asio = boost::asio;
using plan::step;
namespace {

std::string members(const cleaner& by, const item& group) {
  std::string ids;
  for (const auto& one : by.items())
    if (one.row->name == "volume" && text_at(one.data, "group_id") == group.id)
      ids += (ids.empty() ? "" : ",") + one.id;
  return ids;
}

asio::awaitable<std::string> status_now(cleaner& by, item& one) {
  auto answer = co_await by.send(one, http::verb::get, cleaner::item_path(one), "");
  if (!answer) co_return answer.error().status == 404 ? "gone" : "";
  http::request asked{http::verb::get, one.base};
  auto data = http::parse_json(answer->body, asked);
  co_return data ? text_at(*data, "group.status") : "";
}

}  // namespace

/// Its volumes are taken out first, so that only the volumes of the plan are deleted, each as
/// itself.
asio::awaitable<step> remove_group(cleaner& by, item& one) {
  if (auto ids = members(by, one); !ids.empty() && one.children == 0) {
    std::string body = R"({"group":{"remove_volumes":")" + ids + "\"}}";
    auto taken_out =
        co_await by.send(one, http::verb::put, cleaner::item_path(one), std::move(body));
    if (!taken_out) co_return step_of(one, taken_out.error());
    one.children = 1;  // asked once; from here it is only waited for
  }
  for (int tries = 0; tries < 50; ++tries) {
    std::string status = co_await status_now(by, one);
    if (status == "gone") co_return step{step::kind::gone};
    if (status != "updating") break;
    co_await by.sleep(std::chrono::milliseconds{200});
  }
  std::string body = R"({"delete":{"delete-volumes":false}})";
  auto answer =
      co_await by.send(one, http::verb::post, cleaner::item_path(one) + "/action", std::move(body));
  co_return by.taken(one, answer);
}

}  // namespace ostclean::services
