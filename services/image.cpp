// Glance's odd cases: protected images, and images that servers of others still use.
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"

namespace ostclean::services {
namespace asio = boost::asio;
using plan::step;
namespace {

/// Glance takes a JSON patch (RFC 6902) only under its own content type.
asio::awaitable<result<void>> patch(cleaner& by, const item& one, std::string body) {
  http::request r{http::verb::patch, one.base + cleaner::item_path(one)};
  r.service = "image";
  r.headers.set("Accept", "application/json");
  r.headers.set("Content-Type", "application/openstack-images-v2.1-json-patch");
  r.body = std::move(body);
  http::request said{r.method, r.url};
  auto answer = co_await by.where().session->send(std::move(r));
  if (!answer) co_return answer.error();
  if (answer->status >= 400) co_return http::to_error(*answer, said);
  co_return result<void>{};
}

}  // namespace

asio::awaitable<step> remove_image(cleaner& by, item& one) {
  if (true_at(one.data, "protected")) {
    std::string body = R"([{"op":"replace","path":"/protected","value":false}])";
    auto freed = co_await patch(by, one, std::move(body));
    if (!freed && freed.error().status != 404) co_return step{step::kind::failed, freed.error()};
  }
  co_return co_await by.remove(one, cleaner::item_path(one));
}

asio::awaitable<result<void>> preserve_image(cleaner& by, const item& one) {
  // The mark carries the image's own id: a snapshot of a server made from it inherits the property,
  // and must not be purged.
  std::string body = R"([{"op":"replace","path":"/visibility","value":"private"},)"
                     R"({"op":"add","path":"/orphan_image","value":"True"},)"
                     R"({"op":"add","path":"/orphan_image_id","value":")" +
                     one.id + "\"}]";
  co_return co_await patch(by, one, std::move(body));
}

}  // namespace ostclean::services
