#include "services/image_use.hpp"

#include "core/http/microversion.hpp"
#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "services/cells.hpp"
#include "services/ownership.hpp"

#include <algorithm>
#include <functional>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

class sweep {
 public:
  sweep(auth::session& admin, std::set<std::string> wanted)
      : admin_(admin), wanted_(std::move(wanted)) {}

  asio::awaitable<result<void>> volumes(std::string region) {
    if (auto all = co_await shows_all_volumes(region); !all) co_return all.error();
    std::function<void(const json::value&)> take = [this, region](const json::value& volume) {
      const std::string image = text_at(volume, "volume_image_metadata.image_id");
      if (!wanted_.contains(image)) return;
      image_user one;
      one.id = text_at(volume, "id");
      one.name = text_at(volume, "name");
      one.project_id = text_at(volume, "os-vol-tenant-attr:tenant_id");
      one.region = region;
      made_from_[one.id] = image;
      out.volumes[image].push_back(std::move(one));
    };
    const std::string kind = "volume", path = "/volumes/detail?all_tenants=1&limit=1000";
    co_return co_await each(kind, region, path, "", take);
  }

  asio::awaitable<result<void>> servers(std::string region) {
    std::function<void(const json::value&)> take = [this, region](const json::value& server) {
      // All that is known of a server whose cell is down.
      if (text_at(server, "status") == "UNKNOWN" && !find(server, "image")) ++unseen_;
      uses(server, region, text_at(server, "image.id"), "");
      for (const auto& volume : texts_at(server, "os-extended-volumes:volumes_attached.id"))
        if (auto at = made_from_.find(volume); at != made_from_.end())
          uses(server, region, at->second, volume);
    };
    if (auto up = co_await cells(region); !up) co_return up.error();
    const std::string kind = "server", all = "/servers/detail?all_tenants=1&limit=1000";
    // What is set aside may come back, and is in no plain list.
    for (const char* more : {"", "&deleted=True&status=SOFT_DELETED"}) {
      auto seen = co_await each(kind, region, all + more, k_down_cells, take);
      // An older Nova leaves them out without a word.
      if (!seen && seen.error().status == 406) {
        done_.clear();
        seen = co_await each(kind, region, all + more, "", take);
      }
      if (!seen) co_return seen;
    }
    if (unseen_ == 0) co_return result<void>{};
    co_return error{errc::service, "cannot see which images " + std::to_string(unseen_) +
                                       " servers use, in " + region + ": their cell is down"};
  }

  bool any(const std::string& kind) const { return seen_.contains(kind); }

  image_use out;

 private:
  /// To whom it does not take for an administrator, Cinder lists the volumes of the session's own
  /// project and says nothing; a list for administrators alone it refuses.
  asio::awaitable<result<void>> shows_all_volumes(std::string region) {
    std::string service = "block-storage", major = "3";
    auto base = co_await admin_.endpoint(service, region, std::move(major));
    if (!base && base.error().code == errc::not_found) co_return result<void>{};
    if (!base) co_return base.error();
    if (!up_.insert(*base).second) co_return result<void>{};
    http::request r{http::verb::get, *base + "/os-services"};
    r.service = std::move(service);
    r.headers.set("Accept", "application/json");
    auto answer = co_await http::get_json(admin_, std::move(r));
    if (answer) co_return result<void>{};
    error why = answer.error();
    why.message = "cannot see whether Cinder lists the volumes of all projects to this user, in " +
                  region + ": " + why.message;
    if (why.code == errc::forbidden)
      why.hint = "Cinder's policy (context_is_admin) says which role is an administrator's";
    co_return why;
  }

  /// Paged, as here, Nova's list leaves out the servers of cells that are down and says nothing.
  asio::awaitable<result<void>> cells(std::string region) {
    std::string service = "compute", major = "2";
    auto base = co_await admin_.endpoint(std::move(service), region, std::move(major));
    if (!base && base.error().code == errc::not_found) co_return result<void>{};
    if (!base) co_return base.error();
    if (!up_.insert(*base).second) co_return result<void>{};
    auto up = co_await check_cells(admin_, *base, region);
    if (up) co_return up;
    error why = up.error();
    why.message = "cannot see which servers of the cloud use the images: " + why.message;
    co_return why;
  }

  void uses(const json::value& server, const std::string& region, const std::string& image,
            const std::string& volume) {
    if (!wanted_.contains(image)) return;
    image_user one;
    one.id = text_at(server, "id");
    auto& all = out.servers[image];
    if (std::any_of(all.begin(), all.end(), [&](const auto& known) { return known.id == one.id; }))
      return;
    one.name = text_at(server, "name");
    one.project_id = text_at(server, "tenant_id");
    one.region = region;
    one.volume_id = volume;
    all.push_back(std::move(one));
  }

  asio::awaitable<result<void>> each(std::string kind, std::string region, std::string path,
                                     std::string microversion,
                                     std::function<void(const json::value&)> take) {
    const auto& row = *find_kind(kind);
    std::string service{row.service}, major{row.major}, key{row.key};
    auto base = co_await admin_.endpoint(service, region, std::move(major));
    if (!base && base.error().code == errc::not_found) {
      out.notes.push_back(base.error().message);
      co_return result<void>{};
    }
    if (!base) co_return base.error();
    seen_.insert(kind);
    if (!done_.insert(*base + path).second) co_return result<void>{};
    http::request r{http::verb::get, *base + path};
    r.service = std::move(service);
    r.headers.set("Accept", "application/json");
    set_microversion(r, row);
    if (!microversion.empty()) http::ask_for_version(r, "compute", microversion);
    http::page_reader read = [&take](const json::array& page) {
      for (const auto& one : page) take(one);
    };
    auto all = co_await http::for_each_page(admin_, std::move(r), row.paging, std::move(key), read);
    if (all) co_return result<void>{};
    error why = all.error();
    why.message = "cannot see which " + kind + "s of the cloud use the images, in " + region +
                  ": " + why.message;
    co_return why;
  }

  auth::session& admin_;
  std::set<std::string> wanted_;
  std::map<std::string, std::string> made_from_;  ///< volume -> image
  std::set<std::string> done_, seen_, up_;
  std::size_t unseen_ = 0;
};

}  // namespace

asio::awaitable<result<image_use>> find_image_use(auth::session& admin,
                                                  std::vector<std::string> regions,
                                                  std::set<std::string> wanted) {
  if (wanted.empty()) co_return image_use{};
  sweep all{admin, std::move(wanted)};
  for (const auto& region : regions)
    if (auto done = co_await all.volumes(region); !done) co_return done.error();
  for (const auto& region : regions)
    if (auto done = co_await all.servers(region); !done) co_return done.error();
  if (!all.any("server"))
    co_return error{errc::not_found, "the catalog has no compute service to ask about servers"};
  co_return std::move(all.out);
}

}  // namespace ostclean::services
