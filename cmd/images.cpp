// `ostclean images`: the images of the selected projects that servers of other projects use. What
// `delete --keep-images` reads.
#include "cmd/access.hpp"
#include "cmd/commands.hpp"
#include "cmd/exit_status.hpp"
#include "core/json.hpp"
#include "services/image_use.hpp"
#include "services/ownership.hpp"
#include "services/reach.hpp"

#include <fmt/core.h>
#include <algorithm>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// The images of one project, in every region, each once.
asio::awaitable<result<void>> list_images(context& ctx, std::string project_id,
                                          std::vector<std::string> regions,
                                          std::vector<services::item>& all) {
  std::set<std::string> done;
  for (const auto& region : regions) {
    const auto& row = *services::find_kind("image");
    std::string service = "image", major = "2";
    auto base = co_await ctx.session().endpoint(std::move(service), region, std::move(major));
    if (!base && base.error().code == errc::not_found) continue;
    if (!base) co_return base.error();
    services::place where{ctx.session(), project_id, region};
    where.scoped = false;
    auto listed = co_await services::list_kind(std::move(where), row, *base);
    if (!listed) {
      error why = listed.error();
      why.message = fmt::format("cannot list the images of project {} in {}: {}", project_id,
                                region, why.message);
      co_return why;
    }
    for (auto& image : listed->items)
      if (done.insert(*base + " " + image.id).second) all.push_back(std::move(image));
  }
  co_return result<void>{};
}

json::array objects_of(const std::vector<services::image_user>& users) {
  json::array all;
  for (const auto& one : users) {
    json::object server{
        {"id", one.id}, {"name", one.name}, {"project_id", one.project_id}, {"region", one.region}};
    server["volume_id"] = one.volume_id.empty() ? json::value() : report::cell(one.volume_id);
    all.push_back(std::move(server));
  }
  return all;
}

/// For people the names; for machines all there is to know.
json::value servers_cell(const context& ctx, const std::vector<services::image_user>& users) {
  if (ctx.format() != "table") return objects_of(users);
  json::array names;
  for (const auto& one : users) names.push_back(report::cell(one.name.empty() ? one.id : one.name));
  return names;
}

report::table table_of(const context& ctx, const std::vector<services::item>& images,
                       const services::image_use& use) {
  report::table rows{{"id", "name", "project_id", "region", "visibility", "servers"}};
  rows.hidden = {"region"};
  for (const auto& image : images) {
    auto at = use.servers.find(image.id);
    if (at == use.servers.end()) continue;
    std::vector<services::image_user> others;
    for (const auto& one : at->second)
      if (one.project_id != image.project_id) others.push_back(one);
    if (others.empty()) continue;
    rows.rows.push_back({report::cell(image.id), report::cell(image.name),
                         report::cell(image.project_id), report::cell(image.region),
                         report::cell(text_at(image.data, "visibility")),
                         servers_cell(ctx, others)});
  }
  return rows;
}

asio::awaitable<result<int>> run_images(context& ctx, arguments args) {
  if (!args.words.empty())
    co_return error{errc::usage, "images takes no arguments: name a --project"};
  for (auto option : {"credentials", "trusts"})
    if (args.has(option)) {
      error no{errc::usage, std::string{"images takes no --"} + option};
      no.hint = "only an administrator sees the servers of other projects";
      co_return no;
    }
  ctx.only_read();
  ctx.want_fresh_catalog();
  const std::vector<services::item> none;
  const services::image_use unused;
  ctx.check_columns(table_of(ctx, none, unused));
  auto token = co_await ctx.session().current();
  if (!token) co_return token.error();
  if (auto sees = check_scope(**token); !sees) co_return sees.error();
  auto regions = (*token)->services.regions();
  const std::string for_what = "images";
  auto all = co_await services::check_shown_all_servers(ctx.session(), regions, for_what);
  if (!all) co_return all.error();
  auto who = co_await select_targets(ctx, args);
  if (!who) co_return who.error();
  std::vector<services::item> images;
  for (const auto& one : who->all.targets) {
    auto listed = co_await list_images(ctx, one.project_id, regions, images);
    if (!listed) co_return listed.error();
  }
  std::set<std::string> wanted;
  for (const auto& image : images) wanted.insert(image.id);
  auto use =
      co_await services::find_image_use(ctx.session(), std::move(regions), std::move(wanted));
  if (!use) co_return use.error();
  for (const auto& note : use->notes) ctx.note(note);
  ctx.print(table_of(ctx, images, *use));
  co_return code_for(exit_done, who->all);
}

}  // namespace

command images_command() {
  command row;
  row.name = "images";
  row.summary = "list the images of the selected projects that servers of others use";
  row.synopsis = "[selection] [output options]";
  row.options = selector_options();
  row.lists = true;
  row.run = run_images;
  row.only_reads = true;
  return row;
}

}  // namespace ostclean::cmd
