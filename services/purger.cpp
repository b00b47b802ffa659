#include "services/purger.hpp"

#include "core/bounded.hpp"
#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "services/fate.hpp"
#include "services/image_use.hpp"

#include <algorithm>
#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

constexpr std::size_t k_images_at_once = 8;

std::vector<std::string> ids_of(const image_use& use, const std::string& image) {
  std::vector<std::string> ids;
  for (const auto* users : {&use.servers, &use.volumes})
    if (auto at = users->find(image); at != users->end())
      for (const auto& one : at->second) ids.push_back(one.id);
  return ids;
}

std::string told(const image_use& use, const std::string& image) {
  auto servers = use.servers.find(image);
  if (servers != use.servers.end())
    return "in use by server " + servers->second.front().name + " (" + servers->second.front().id +
           ") of project " + servers->second.front().project_id;
  auto volumes = use.volumes.find(image);
  if (volumes == use.volumes.end()) return {};
  return "volume " + volumes->second.front().id + " of project " +
         volumes->second.front().project_id + " was made from it";
}

json::object line_of(const char* event, const orphan& one) {
  return {
      {"event", event},        {"kind", "image"},           {"id", one.what.id},
      {"name", one.what.name}, {"region", one.what.region}, {"project_id", one.what.project_id}};
}

http::request image_request(http::verb method, std::string url) {
  http::request r{method, std::move(url)};
  r.service = "image";
  r.headers.set("Accept", "application/json");
  return r;
}

item item_of(const json::value& image, const std::string& base, const std::string& region) {
  item one{*find_kind("image"), text_at(image, "id")};
  one.name = text_at(image, "name");
  one.project_id = text_at(image, "owner");
  one.region = region;
  one.base = base;
  one.data = image;
  return one;
}

}  // namespace

bool is_orphan(const json::value& image) {
  const std::string id = text_at(image, "id");
  return !id.empty() && text_at(image, "orphan_image") == "True" &&
         text_at(image, "orphan_image_id") == id;
}

asio::awaitable<result<void>> purger::marked_in(std::string region, std::set<std::string>& done,
                                                std::vector<item>& found) {
  std::string service = "image", major = "2";
  auto base = co_await admin_.endpoint(std::move(service), region, std::move(major));
  if (!base && base.error().code == errc::not_found) co_return result<void>{};
  if (!base) co_return base.error();
  if (!done.insert(*base).second) co_return result<void>{};
  std::set<std::string> seen;
  http::page_reader take = [&](const json::array& page) {
    for (const auto& image : page) {
      item one = item_of(image, *base, region);
      const bool asked = projects_.empty() || projects_.contains(one.project_id);
      if (is_orphan(image) && asked && seen.insert(one.id).second) found.push_back(std::move(one));
    }
  };
  // Glance leaves hidden images out, and community images of other projects, unless they are asked
  // for.
  for (const char* more : {"", "&os_hidden=true"}) {
    http::request r = image_request(
        http::verb::get, *base + "/images?orphan_image=True&visibility=all&limit=1000" + more);
    std::string key = "images";
    auto read = co_await http::for_each_page(admin_, std::move(r), http::paging::next,
                                             std::move(key), take);
    if (!read) co_return read.error();
  }
  co_return result<void>{};
}

asio::awaitable<result<std::vector<item>>> purger::marked() {
  std::set<std::string> done;
  std::vector<item> found;
  for (const auto& region : regions_) {
    auto read = co_await marked_in(region, done, found);
    if (read) continue;
    error why = read.error();
    why.message = "cannot list the marked images in " + region + ": " + why.message;
    co_return why;
  }
  co_return found;
}

asio::awaitable<result<void>> purger::plan(
    std::function<identity::answer<std::string>(std::string)> why_kept, std::string tag) {
  all_.clear();
  tag_ = std::move(tag);
  auto found = co_await marked();
  if (!found) co_return found.error();
  std::set<std::string> wanted;
  for (const auto& one : *found) wanted.insert(one.id);
  auto use = co_await find_image_use(admin_, regions_, std::move(wanted));
  if (!use) co_return use.error();
  notes_ = use->notes;
  for (auto& image : *found) {
    orphan one{std::move(image)};
    auto kept = co_await why_kept(one.what.project_id);
    if (!kept) co_return kept.error();
    one.used_by = ids_of(*use, one.what.id);
    if (!one.used_by.empty())
      one.ends(orphan::fate::kept, told(*use, one.what.id));
    else if (!kept->empty())
      one.ends(orphan::fate::kept, *kept);
    else if (true_at(one.what.data, "protected"))
      one.ends(orphan::fate::kept, "protected");
    else if (has_tag(one.what, tag_))
      one.ends(orphan::fate::kept, "protected by the tag " + tag_);
    all_.push_back(std::move(one));
  }
  co_return result<void>{};
}

asio::awaitable<result<bool>> purger::still_marked(orphan& one) {
  http::request r = image_request(http::verb::get, one.what.base + "/images/" + one.what.id);
  auto now = co_await http::get_json(admin_, std::move(r));
  if (!now && now.error().status == 404) {
    one.ends(orphan::fate::gone, "");
    co_return false;
  }
  if (!now) co_return now.error();
  one.what.data = *now;
  const bool same = is_orphan(*now) && text_at(*now, "owner") == one.what.project_id &&
                    !true_at(*now, "protected") && !has_tag(one.what, tag_);
  if (!same) one.ends(orphan::fate::kept, "was changed meanwhile");
  co_return same;
}

asio::awaitable<void> purger::remove(orphan& one, plan::journal& log) {
  auto marked = co_await still_marked(one);
  if (!marked) one.ends(orphan::fate::left, marked.error().line());
  if (!marked || !*marked) co_return;
  if (auto written = log.write(line_of("intent", one)); !written) {
    one.ends(orphan::fate::left, written.error().line());
    co_return;
  }
  http::request r = image_request(http::verb::del, one.what.base + "/images/" + one.what.id);
  http::request said{r.method, r.url};
  auto answer = co_await admin_.send(std::move(r));
  if (!answer)
    one.ends(orphan::fate::left, answer.error().line());
  else if (answer->status >= 400 && answer->status != 404)
    one.ends(orphan::fate::left, http::to_error(*answer, said).line());
  else
    one.ends(orphan::fate::gone, "");
  json::object end = line_of("outcome", one);
  end["result"] = one.end == orphan::fate::gone ? "gone" : one.reason;
  (void)log.write(end);  // what became of it is known all the same
}

asio::awaitable<void> purger::execute(plan::journal& log, std::function<bool()> interrupted) {
  std::vector<orphan*> doomed;
  for (auto& one : all_)
    if (one.end == orphan::fate::goes) doomed.push_back(&one);
  auto remove_at = [&](std::size_t i) -> asio::awaitable<void> {
    if (interrupted())
      doomed[i]->ends(orphan::fate::left, "not reached before the interrupt");
    else
      co_await remove(*doomed[i], log);
  };
  co_await run_bounded(doomed.size(), k_images_at_once, remove_at);
}

asio::awaitable<result<void>> purger::verify() {
  auto found = co_await marked();
  if (!found) co_return found.error();
  for (auto& one : all_)
    if (one.end == orphan::fate::gone &&
        std::any_of(found->begin(), found->end(), [&](const item& there) {
          return there.id == one.what.id && there.base == one.what.base;
        }))
      one.ends(orphan::fate::left, "Glance said it was gone and still lists it");
  co_return result<void>{};
}

std::size_t purger::planned() const {
  return static_cast<std::size_t>(std::count_if(
      all_.begin(), all_.end(), [](const orphan& one) { return one.end == orphan::fate::goes; }));
}

bool purger::left() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const orphan& one) { return one.end == orphan::fate::left; });
}

}  // namespace ostclean::services
