#include "services/inventory.hpp"

#include "core/http/pages.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/ownership.hpp"
#include "services/reach.hpp"

#include <algorithm>
#include <functional>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

std::string fill(std::string text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
    text.replace(at, name.size(), value);
  return text;
}

/// The URLs to ask for one kind: one for each path of the row, for keypairs one for each user.
std::vector<std::string> list_urls(const place& where, const kind& row, const std::string& base,
                                   const std::string& parent) {
  std::vector<std::string> urls;
  std::string_view paths = where.scoped || row.list_all.empty() ? row.list : row.list_all;
  while (!paths.empty()) {
    auto end = paths.find(' ');
    std::string path{paths.substr(0, end)};
    paths.remove_prefix(end == std::string_view::npos ? paths.size() : end + 1);
    const auto& caller = where.caller_project.empty() ? where.project_id : where.caller_project;
    path = fill(fill(std::move(path), "{project}", where.project_id), "{parent}",
                http::percent_encode(parent));
    path = fill(std::move(path), "{caller}", caller);
    if (path.find("{user}") == std::string::npos)
      urls.push_back(base + path);
    else if (where.own_keypairs)
      urls.push_back(base + path.substr(0, path.find('?')));
    else
      for (const auto& user : where.keypair_users)
        urls.push_back(base + fill(path, "{user}", http::percent_encode(user)));
  }
  return urls;
}

std::string user_of_url(const place& where, const std::string& url) {
  if (where.own_keypairs)
    return where.keypair_users.empty() ? std::string{} : where.keypair_users.front();
  for (const auto& user : where.keypair_users)
    if (url.ends_with("user_id=" + http::percent_encode(user))) return user;
  return {};
}

/// Nova wraps each key pair once more.
const json::value& unwrapped(const json::value& element) {
  const auto* inner = find(element, "keypair");
  return inner ? *inner : element;
}

asio::awaitable<result<listing>> list_with(place where, const kind& row, std::string base,
                                           std::string url, std::string parent, bool older) {
  listing found;
  std::string user = row.name == "keypair" ? user_of_url(where, url) : std::string{};
  bool ownerless = false, owned = false;
  std::function<void(const json::array&)> take = [&](const json::array& page) {
    for (const auto& element : page) {
      auto one = make_item(where, row, base, unwrapped(element));
      (is_ownerless(where, row, base, unwrapped(element)) ? ownerless : owned) = true;
      if (!one) continue;
      one->parent = parent;
      one->user_id = user;
      found.items.push_back(std::move(*one));
    }
  };
  http::request first = list_request(where, row, url, older);
  std::string key{row.key};
  auto done = co_await http::for_each_page(*where.session, std::move(first), row.paging,
                                           std::move(key), take);
  if (!done) co_return done.error();
  found.ownerless = ownerless && !owned;
  co_return found;
}

/// A service that does not know the version has nothing of what it shows; the rest is asked for.
asio::awaitable<result<listing>> list_url(place where, const kind& row, std::string base,
                                          std::string url, std::string parent) {
  auto found = co_await list_with(where, row, base, url, parent, false);
  if (!found && found.error().status == 406 && !row.older.empty())
    found = co_await list_with(where, row, base, url, parent, true);
  co_return found;
}

/// Adds what was found to `all`, unless nothing in it can be known for the project's.
result<void> add(inventory& all, result<listing> found) {
  if (!found) return found.error();
  if (found->ownerless)
    return error{errc::protocol, "the service lists objects without saying whose they are"};
  std::move(found->items.begin(), found->items.end(), std::back_inserter(all.items));
  return {};
}

/// Whoever works in somebody else's project is to see all of it, and else there is something wrong.
bool may_be_refused(const place& where) { return where.home || !where.scoped; }

class collector {
 public:
  collector(place where, std::set<std::string> skip, std::set<std::string>& done)
      : where_(std::move(where)), skip_(std::move(skip)), done_(done) {}

  asio::awaitable<void> collect(const kind& row) {
    std::string service{row.service}, major{row.major}, region = where_.region;
    auto base =
        co_await where_.session->endpoint(std::move(service), std::move(region), std::move(major));
    if (!base) {
      no_endpoint(row, base.error());
      auto token = co_await where_.session->current();
      if (token && base.error().code == errc::not_found) is_elsewhere(row, **token, base.error());
      co_return;
    }
    if (co_await is_of_a_region(where_, row, *base)) co_return;
    if (!done_.insert(std::string{row.name} + " " + *base).second) co_return;
    if (!where_.scoped && (row.list_all == no_view || account_url(where_, row, *base).empty())) {
      remark_not_visible(row, "an administrator of another project cannot list it");
      co_return;
    }
    auto found = co_await list_kind(where_, row, *base);
    if (found && !row.aside.empty())
      if (auto whole = co_await check_servers(where_, *base); !whole) found = whole.error();
    if (found && !found->unseen.empty())
      out.not_looked_at.emplace_back(where_.region, std::string{row.service}, std::string{row.name},
                                     found->unseen);
    if (auto added = add(out, std::move(found)); !added) not_listed(row, added.error());
  }

  inventory out;

 private:
  void remark_not_visible(const kind& row, const std::string& why) {
    out.not_visible.emplace_back(std::string{row.name}, where_.region, why);
  }

  /// The cloud has that service, but none is to be asked in this region; what has no region at all
  /// is looked at for itself.
  void is_elsewhere(const kind& row, const auth::token& who, const error& why) {
    const auto everywhere = who.services.url(row.service, "public,internal,admin", auth::no_region);
    if (!everywhere.empty() || where_.region == auth::no_region) return;
    if (!who.services.offers(row.service) || !missing_.insert(std::string{row.service}).second)
      return;
    out.not_looked_at.emplace_back(where_.region, std::string{row.service}, "", why.message);
  }

  void no_endpoint(const kind& row, const error& why) {
    if (why.code == errc::not_found)
      out.absent.emplace_back(std::string{row.name}, where_.region, why.message);
    else if (!is_skipped(row, why))
      out.failures.push_back(why);
  }

  /// What stacks hold nothing but their list tells: without it nothing else is safe either.
  bool is_skipped(const kind& row, const error& why) {
    if (row.name == "stack" || skip_.count(std::string{row.name}) == 0) return false;
    out.unlisted.emplace(row.name);
    remark_not_visible(row, why.message);
    return true;
  }

  /// A service that is older than the kind has none of it; one that is not, has what it does not
  /// show to us.
  void too_old(const kind& row, const error& why) {
    const auto reason = "the service is too old: " + why.message;
    out.absent.emplace_back(std::string{row.name}, where_.region, reason);
    if (!came_after(row.since, why.message))
      out.not_looked_at.emplace_back(where_.region, std::string{row.service}, std::string{row.name},
                                     reason);
  }

  void not_listed(const kind& row, error why) {
    if (row.optional && why.status == 404)
      out.absent.emplace_back(std::string{row.name}, where_.region,
                              "the service does not offer it");
    else if (row.optional && why.status == 406)
      too_old(row, why);
    else if (is_skipped(row, why))
      return;
    else if (why.code == errc::forbidden && may_be_refused(where_))
      remark_not_visible(row, why.message);
    else {
      why.message =
          "cannot list " + std::string{row.name} + " in " + where_.region + ": " + why.message;
      if (why.hint.empty()) {
        why.hint = "nothing was deleted; try again";
        if (row.name != "stack")
          why.hint += ", or leave it out with --skip " + std::string{row.name};
      }
      out.failures.push_back(std::move(why));
    }
  }

  place where_;
  std::set<std::string> skip_;
  std::set<std::string>& done_;
  std::set<std::string> missing_;  ///< services without an endpoint in the region
};

/// Rows with a parent are asked only for parents that say they have some.
asio::awaitable<void> collect_children(place where, const kind& row, collector& all) {
  auto [parent_kind, field] = [&] {
    auto words = row.parent;
    return next_reference(words);
  }();
  std::vector<item> parents;
  for (const auto& one : all.out.items)
    if (one.row->name == parent_kind && has_children(one, field)) parents.push_back(one);
  for (const auto& parent : parents) {
    for (auto& url : list_urls(where, row, parent.base, parent.id)) {
      auto found = co_await list_url(where, row, parent.base, std::move(url), parent.id);
      auto added = add(all.out, std::move(found));
      if (!added && added.error().code != errc::not_found)
        all.out.failures.push_back(added.error());
    }
  }
}

bool is_child_row(const kind& row) { return row.list.find("{parent}") != std::string_view::npos; }

}  // namespace

http::request list_request(const place& where, const kind& row, const std::string& url,
                           bool older) {
  http::request r{http::verb::get, url};
  r.service = std::string{row.service};
  r.headers.set("Accept", "application/json");
  set_microversion(r, row, older);
  // Designate's word for "not only my own"; the others do not know it.
  if (!where.scoped) r.headers.set("X-Auth-All-Projects", "true");
  return r;
}

asio::awaitable<result<listing>> list_kind(place where, const kind& row, std::string base) {
  listing all;
  std::string at = account_url(where, row, base);
  for (auto& url : list_urls(where, row, at, "")) {
    auto some = co_await list_url(where, row, at, std::move(url), "");
    if (!some) co_return some.error();
    std::move(some->items.begin(), some->items.end(), std::back_inserter(all.items));
    all.ownerless = all.ownerless || some->ownerless;
  }
  if (row.aside.empty() || where.as_user) co_return all;
  std::string url = at + fill(std::string{row.aside}, "{project}", where.project_id);
  auto some = co_await list_url(where, row, at, std::move(url), "");
  // A policy of the cloud's own may keep it to itself.
  if (!some && some.error().code == errc::forbidden) {
    all.unseen = "those that are set aside: " + some.error().message;
    co_return all;
  }
  if (!some) co_return some.error();
  std::set<std::string> known;
  for (const auto& one : all.items) known.insert(one.id);
  for (auto& one : some->items)
    if (!known.contains(one.id)) all.items.push_back(std::move(one));
  co_return all;
}

asio::awaitable<inventory> take_inventory(place where, std::set<std::string> skip,
                                          std::set<std::string>& done) {
  collector all{where, std::move(skip), done};
  std::vector<asio::awaitable<void>> work;
  for (const auto& row : kinds())
    if (!row.list.empty() && !is_child_row(row)) work.push_back(all.collect(row));
  // The first goes alone: what Keystone tells one service about a new token, the others find in the
  // cache that they share, and it is not asked thirty times at once.
  co_await std::move(work.back());
  work.pop_back();
  co_await all_of(std::move(work));
  for (const auto& row : kinds())
    if (is_child_row(row)) co_await collect_children(where, row, all);
  co_await settle_ports(where, all.out);
  prove_parents(all.out);
  co_return std::move(all.out);
}

}  // namespace ostclean::services
