// Of a shelved server Nova made an image for the project of whoever shelved it: of an administrator
// at home, for the administrator's. With the server Nova deletes that image, in the name of whoever
// deletes the server (nova/compute/api.py: shelve, _delete): with an administrator's power it goes
// whatever tags it has and whoever booted from it since; to a tenant Glance refuses it, and Nova
// goes on.
#include "core/bounded.hpp"
#include "core/http/pages.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"
#include "services/states.hpp"

#include <fmt/core.h>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

constexpr std::size_t k_shelved_at_once = 16;

class image_of_server {
 public:
  std::string id, owner;
};

using images_of_server = std::vector<image_of_server>;

/// Those of any project that say to be of this server; not the backups, which stay.
asio::awaitable<result<images_of_server>> images_of(place where, std::string base,
                                                    std::string server) {
  images_of_server found;
  http::page_reader take = [&](const json::array& page) {
    for (const auto& image : page) {
      if (text_at(image, "image_type") == "backup" || text_at(image, "instance_uuid") != server)
        continue;
      image_of_server one;
      one.id = text_at(image, "id");
      one.owner = text_at(image, "owner");
      found.push_back(std::move(one));
    }
  };
  const auto url =
      base + "/images?visibility=all&limit=1000&instance_uuid=" + http::percent_encode(server);
  for (const char* more : {"", "&os_hidden=true"}) {
    http::request r{http::verb::get, url + more};
    r.service = "image";
    r.headers.set("Accept", "application/json");
    std::string key = "images";
    auto read = co_await http::for_each_page(*where.session, std::move(r), http::paging::next,
                                             std::move(key), take);
    if (!read) co_return read.error();
  }
  co_return found;
}

/// Whether Nova may have an image of it: of a server that runs from a volume it makes none.
bool may_have_image(const item& one) {
  const auto* from = find(one.data, "image");
  return one.row->name == "server" && one.is_open() && !one.foreign &&
         is_or_gets_shelved(one.data) && !(from && from->is_string());
}

class shelved_servers {
 public:
  shelved_servers(place where, std::vector<item>& items, ties& all)
      : where_(std::move(where)), items_(items), all_(all) {
    for (std::size_t i = 0; i < items.size(); ++i)
      if (may_have_image(items[i])) servers.push_back(i);
  }

  asio::awaitable<void> operator()(std::size_t i) {
    const std::size_t at = servers[i];
    auto done = co_await look(at);
    if (!done) outcome = done.error();
  }

  std::vector<std::size_t> servers;
  result<void> outcome;

 private:
  /// No field says which of them it comes back from, and whoever owns one has named it as he likes.
  asio::awaitable<result<void>> look(std::size_t at) {
    const auto& one = items_[at];
    std::string service = "image", region = one.region, major = "2", server = one.id;
    auto base =
        co_await where_.session->endpoint(std::move(service), std::move(region), std::move(major));
    if (!base && base.error().code == errc::not_found) co_return result<void>{};
    if (!base) co_return base.error();
    std::string glance = *base;
    auto images = co_await images_of(where_, std::move(glance), std::move(server));
    if (!images) co_return images.error();
    for (const auto& image : *images) {
      if (image.owner == where_.project_id) continue;
      leave(where_, items_, at, image.owner, image.id,
            fmt::format("its image {} is of project {}, from which it was shelved, and Nova would "
                        "delete that with it; unshelve it first, or delete it with --credentials",
                        image.id, image.owner),
            all_);
    }
    co_return result<void>{};
  }

  place where_;
  std::vector<item>& items_;
  ties& all_;
};

}  // namespace

asio::awaitable<result<void>> settle_shelved(place where, std::vector<item>& items, ties& all) {
  if (where.as_user) co_return result<void>{};
  shelved_servers look{std::move(where), items, all};
  co_await run_bounded(look.servers.size(), k_shelved_at_once, look);
  co_return look.outcome;
}

}  // namespace ostclean::services
