// Glance's odd cases: protected images, and images that servers of others still use.
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"
#include "services/sharing.hpp"

namespace ostclean::services {
namespace asio = boost::asio;
using plan::step;

asio::awaitable<step> remove_image(cleaner& by, item& one) {
  if (true_at(one.data, "protected")) {
    std::string body = R"([{"op":"replace","path":"/protected","value":false}])";
    auto freed = co_await patch_image(*by.where().session, one, std::move(body));
    if (!freed && freed.error().status != 404) co_return step{step::kind::failed, freed.error()};
  }
  co_return co_await by.remove(one, cleaner::item_path(one));
}

asio::awaitable<result<void>> preserve_image(cleaner& by, const item& one) {
  auto alone = co_await remove_members(*by.where().session, one);
  if (!alone) co_return alone.error();
  // The mark carries the image's own id: a snapshot of a server made from it inherits the property,
  // and must not be purged.
  std::string body = R"([{"op":"replace","path":"/visibility","value":"private"},)"
                     R"({"op":"add","path":"/orphan_image","value":"True"},)"
                     R"({"op":"add","path":"/orphan_image_id","value":")" +
                     one.id + "\"}]";
  co_return co_await patch_image(*by.where().session, one, std::move(body));
}

}  // namespace ostclean::services
