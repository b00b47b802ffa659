#include "services/kindless.hpp"

#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"

#include <functional>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// A list whose rows name their project in `owner`; a row that names none is the token's own.
class kindless_list {
 public:
  std::string_view service, major, name, path, key, owner;
  http::paging paging;
  bool elsewhere = false;  ///< an administrator of another project is shown the project's own
};

constexpr kindless_list k_lists[] = {
    // To an administrator Heat lists those of all projects. A software deployment is not asked for:
    // its config stays as long as it does. What a stack made is among them, and goes with that.
    {"orchestration", "", "software_config", "/software_configs", "software_configs", "project",
     http::paging::none, false},
    // What an order made is a secret or a container, the order itself stays.
    {"key-manager", "1", "order", "/orders?limit=1", "orders", "", http::paging::none, false},
    // Public ones of others are among them.
    {"image", "2", "metadef_namespace", "/metadefs/namespaces?limit=1000", "namespaces", "owner",
     http::paging::next, true},
};

class search {
 public:
  search(place where, std::set<std::string>& asked) : where_(std::move(where)), asked_(asked) {}

  asio::awaitable<void> look(const kindless_list& what) {
    if (!where_.scoped && !what.elsewhere) co_return;
    std::string service{what.service}, major{what.major};
    auto base = co_await endpoint(service, major);
    if (base.empty() || !asked_.insert(std::string{what.name} + " " + base).second) co_return;
    bool any = false;
    std::function<void(const json::value&)> take = [&](const json::value& row) {
      const auto owner = what.owner.empty() ? "" : text_at(row, what.owner);
      any = any || (owner.empty() && !what.elsewhere) || owner == where_.project_id;
    };
    std::string url = base + std::string{what.path}, key{what.key};
    auto read = co_await each(service, std::move(url), std::move(key), what.paging, take);
    tell(service, what.name, any ? k_some : "", read);
  }

  /// In a zone of its own a project's record sets go with the zone. Of others Designate lists only
  /// those zones that are shared with it.
  asio::awaitable<void> look_in_zones_of_others() {
    if (!where_.scoped) co_return;
    std::string service = "dns", major = "2";
    auto base = co_await endpoint(service, major);
    if (base.empty() || !asked_.insert("recordset " + base).second) co_return;
    std::vector<std::string> shared;
    std::function<void(const json::value&)> take = [&](const json::value& zone) {
      const auto owner = text_at(zone, "project_id");
      if (!owner.empty() && owner != where_.project_id) shared.push_back(text_at(zone, "id"));
    };
    std::string url = base + "/zones", key = "zones";
    auto read = co_await each(service, std::move(url), std::move(key), http::paging::links, take);
    bool any = false;
    std::function<void(const json::value&)> count = [&](const json::value& set) {
      any = any || text_at(set, "project_id") == where_.project_id;
    };
    for (std::size_t i = 0; read && !any && i < shared.size(); ++i) {
      std::string sets = base + "/zones/" + shared[i] + "/recordsets", of = "recordsets";
      read = co_await each(service, std::move(sets), std::move(of), http::paging::links, count);
    }
    tell(service, "recordset", any ? "the project has some in zones of others" : "", read);
  }

  std::vector<unseen> found;

 private:
  static constexpr std::string_view k_some = "the project has some, and no kind of it is known";

  asio::awaitable<std::string> endpoint(std::string service, std::string major) {
    std::string region = where_.region;
    auto base =
        co_await where_.session->endpoint(std::move(service), std::move(region), std::move(major));
    // What is not there, or does not answer, the kinds of the service tell.
    co_return base ? *base : std::string{};
  }

  asio::awaitable<result<void>> each(std::string service, std::string url, std::string key,
                                     http::paging paging,
                                     std::function<void(const json::value&)> take) {
    http::page_reader page = [&](const json::array& rows) {
      for (const auto& row : rows) take(row);
    };
    http::request r{http::verb::get, std::move(url)};
    r.service = std::move(service);
    r.headers.set("Accept", "application/json");
    co_return co_await http::for_each_page(*where_.session, std::move(r), paging, std::move(key),
                                           page);
  }

  /// A service that has no such list has none of it; and what a user is not shown at home, the
  /// kinds of the service tell as not visible.
  void tell(const std::string& service, std::string_view name, std::string_view some,
            const result<void>& read) {
    std::string why{some};
    if (!read && read.error().status == 404) return;
    if (!read && where_.home && read.error().code == errc::forbidden) return;
    if (!read) why = "cannot list them: " + read.error().message;
    if (!why.empty()) found.emplace_back(where_.region, service, std::string{name}, why);
  }

  place where_;
  std::set<std::string>& asked_;
};

}  // namespace

asio::awaitable<std::vector<unseen>> find_kindless(place where, std::set<std::string>& asked) {
  search all{std::move(where), asked};
  std::vector<asio::awaitable<void>> work;
  for (const auto& what : k_lists) work.push_back(all.look(what));
  work.push_back(all.look_in_zones_of_others());
  co_await all_of(std::move(work));
  co_return std::move(all.found);
}

}  // namespace ostclean::services
