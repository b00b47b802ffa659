#include "services/sharing.hpp"

#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <functional>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

std::string url_of(const item& image) { return image.base + "/images/" + image.id; }

asio::awaitable<result<void>> change(auth::session& as, http::verb method, std::string url,
                                     std::string body, std::string type) {
  // A gateway in trouble says 404 as well: what is gone twice is gone.
  for (bool again = false;; again = true) {
    http::request r{method, url};
    r.service = "image";
    r.headers.set("Accept", "application/json");
    if (!body.empty()) r.headers.set("Content-Type", type);
    r.body = body;
    http::request said{r.method, r.url};
    auto answer = co_await as.send(std::move(r));
    if (!answer) co_return answer.error();
    if (answer->status == 404 && !again) continue;
    if (answer->status >= 400) co_return http::to_error(*answer, said);
    co_return result<void>{};
  }
}

asio::awaitable<result<json::value>> read(auth::session& as, std::string url) {
  http::request r{http::verb::get, std::move(url)};
  r.service = "image";
  co_return co_await http::get_json_surely(as, std::move(r));
}

asio::awaitable<result<void>> add_member(auth::session& as, const item& image, std::string member) {
  const std::string url = url_of(image) + "/members";
  json::object wanted;
  wanted["member"] = member;
  auto added =
      co_await change(as, http::verb::post, url, json::serialize(wanted), "application/json");
  if (added || added.error().status != 409) co_return added;
  // It should be one already; a proxy in trouble says 409 of anything.
  auto now = co_await read(as, url);
  if (!now) co_return now.error();
  const auto members = texts_at(*now, "members.member_id");
  if (std::find(members.begin(), members.end(), member) == members.end()) co_return added;
  co_return result<void>{};
}

asio::awaitable<result<void>> set_status(auth::session& as, const item& image, std::string member,
                                         std::string status) {
  std::string url = url_of(image) + "/members/" + http::percent_encode(member);
  json::object wanted;
  wanted["status"] = status;
  co_return co_await change(as, http::verb::put, std::move(url), json::serialize(wanted),
                            "application/json");
}

}  // namespace

asio::awaitable<result<void>> patch_image(auth::session& as, const item& image, std::string body) {
  // Glance takes it only under its own content type.
  co_return co_await change(as, http::verb::patch, url_of(image), std::move(body),
                            "application/openstack-images-v2.1-json-patch");
}

namespace {

/// What was asked is proved by what Glance then says.
asio::awaitable<result<void>> set_visibility(auth::session& as, const item& image,
                                             std::string wanted) {
  json::array patch;
  patch.push_back(json::object{{"op", "replace"}, {"path", "/visibility"}, {"value", wanted}});
  std::string body = json::serialize(patch);
  auto done = co_await patch_image(as, image, std::move(body));
  if (!done) co_return done.error();
  auto now = co_await read(as, url_of(image));
  if (!now) co_return now.error();
  if (text_at(*now, "visibility") == wanted) co_return result<void>{};
  co_return error{errc::service, "Glance accepted " + wanted + " for image " + image.id +
                                     " and left it " + text_at(*now, "visibility")};
}

}  // namespace

asio::awaitable<result<std::vector<image_member>>> members_of(auth::session& as,
                                                              const item& image) {
  std::vector<image_member> all;
  if (text_at(image.data, "visibility") != "shared") co_return all;
  auto answer = co_await read(as, url_of(image) + "/members");
  if (!answer) co_return answer.error();
  const auto* list = find(*answer, "members");
  if (!list || !list->is_array())
    co_return error{errc::protocol, "Glance lists no members of image " + image.id};
  for (const auto& member : list->get_array())
    all.emplace_back(text_at(member, "member_id"), text_at(member, "status"));
  co_return all;
}

asio::awaitable<result<void>> remove_members(auth::session& as, const item& image) {
  auto members = co_await members_of(as, image);
  if (!members) co_return members.error();
  for (const auto& member : *members) {
    std::string url = url_of(image) + "/members/" + http::percent_encode(member.id);
    auto gone = co_await change(as, http::verb::del, std::move(url), "", "");
    if (!gone && gone.error().status != 404) co_return gone.error();
  }
  co_return result<void>{};
}

asio::awaitable<result<void>> make_private(auth::session& as, const item& image) {
  auto alone = co_await remove_members(as, image);
  if (!alone) co_return alone.error();
  std::string wanted = "private";
  co_return co_await set_visibility(as, image, std::move(wanted));
}

asio::awaitable<result<std::vector<std::string>>> share_again(auth::session& as, const item& image,
                                                              former before) {
  std::vector<std::string> pending;
  if (text_at(image.data, "visibility") != before.state) {
    std::string wanted = before.state;
    auto seen = co_await set_visibility(as, image, std::move(wanted));
    if (!seen) co_return seen.error();
  }
  for (const auto& member : before.members) {
    auto added = co_await add_member(as, image, member.id);
    if (!added) co_return added.error();
    if (member.status != "accepted") continue;
    auto accepted = co_await set_status(as, image, member.id, member.status);
    if (!accepted && accepted.error().code != errc::forbidden) co_return accepted.error();
    if (!accepted) pending.push_back(member.id);
  }
  co_return pending;
}

}  // namespace ostclean::services
