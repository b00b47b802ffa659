#include "cmd/stopping.hpp"

#include "cmd/changing.hpp"
#include "core/parallel.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <filesystem>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace json = boost::json;
using services::affected;
namespace {

constexpr std::string_view k_unswept =
    "which images servers of others use can only an administrator see: 'ostclean images' lists "
    "them";

/// Beside the journals: a run without --record can be undone too.
std::string default_record(const std::string& label) {
  const std::filesystem::path journals{plan::journal_folder()};
  return plan::new_journal_name((journals.parent_path() / "stopped").string(), label);
}

std::string done_word(const affected& one, bool back) {
  if (!one.is_server()) return back ? "shared" : "private";
  if (one.wish == "stop and lock") return one.reason.empty() ? "stopped and locked" : "stopped";
  if (one.wish == "stop") return "stopped";
  if (one.wish == "start") return "started";
  return one.wish == "none" ? "as before" : one.wish + "ed";
}

std::string result_word(const affected& one, bool back) {
  switch (one.end) {
    case affected::fate::done:
      return done_word(one, back);
    case affected::fate::stays:
      return "kept";
    case affected::fate::left:
      return "left";
    case affected::fate::pending:
      break;
  }
  return one.wish == "none" ? "as before" : "not reached";
}

std::string plan_word(const affected& one) {
  if (one.end == affected::fate::stays) return "keep";
  if (one.end == affected::fate::left) return "cannot";
  return one.wish;
}

json::array ids_of(const std::vector<services::image_user>& users) {
  json::array ids;
  for (const auto& one : users) ids.push_back(report::cell(one.id));
  return ids;
}

/// What changes in a project, and what cannot.
std::string counted(const services::stopper& project) {
  std::map<std::string, std::size_t> by_wish;
  for (const auto& one : project.all()) {
    const std::string wish = plan_word(one);
    if (wish != "none") ++by_wish[wish + " " + std::string{one.what.row->name}];
  }
  std::string line;
  for (const auto& [wish, n] : by_wish)
    line += fmt::format("{}{} ({})", line.empty() ? "" : ", ", wish, n);
  return line.empty() ? "nothing to do" : line;
}

json::array servers_of(const std::vector<services::image_user>& users) {
  json::array servers;
  for (const auto& one : users)
    servers.push_back(json::object{{"id", one.id},
                                   {"name", one.name},
                                   {"project_id", one.project_id},
                                   {"region", one.region}});
  return servers;
}

}  // namespace

stopping::stopping(context& ctx, services::stop_wishes how, std::string file, bool back, bool reads)
    : ctx_(ctx),
      how_(std::move(how)),
      file_(std::move(file)),
      back_(back),
      access_(ctx, "stop", reads) {}

asio::awaitable<result<void>> stopping::open(const selected& who) {
  as_users_ = who.as_users;
  label_ = label_of(who.all.targets, "stop");
  auto here = co_await find_cloud(ctx_, as_users_);
  if (!here) co_return here.error();
  cloud_ = std::move(*here);
  if (auto known = read_record(); !known) co_return known.error();
  auto opened = co_await access_.open(who, "");
  if (!opened) co_return opened.error();
  of_place_.resize(access_.places().size());
  co_return result<void>{};
}

/// Nothing known when there is none yet.
result<services::stop_facts> stopping::read_record() const {
  if (file_.empty()) return services::stop_facts{};
  auto known = back_ ? services::read_stop_record(file_) : services::look_at_stop_record(file_);
  if (!known || known->cloud.url.empty()) return known;
  if (auto same = cloud_.check(known->cloud, file_, services::k_record_way_out); !same)
    return same.error();
  return known;
}

asio::awaitable<void> stopping::plan_one(services::stopper& one, std::vector<error>& failed) {
  result<void> planned;
  if (back_)
    planned = co_await one.plan_back(known_);
  else
    planned = co_await one.plan(&known_);
  if (planned) co_return;
  error why = planned.error();
  why.message = "project " + one.project_name() + ": " + why.message;
  failed.push_back(std::move(why));
}

asio::awaitable<result<void>> stopping::plan() {
  auto known = read_record();  // now that nobody else works there
  if (!known) co_return known.error();
  known_ = std::move(*known);
  const auto turns = access_.turns();
  for (const auto& one : turns) {
    auto planned = co_await plan_turn(one);
    if (turns.size() > 1) co_await leave(one);
    if (!planned) co_return planned.error();
  }
  if (!back_) co_return co_await sweep();
  std::set<std::string> wanted;
  for (const auto& entry : known_.changed) wanted.insert(entry.second.project_id);
  for (const auto& one : projects_) wanted.erase(one->project_id());
  missing_.assign(wanted.begin(), wanted.end());
  co_return result<void>{};
}

/// Only an administrator sees the servers of others.
asio::awaitable<result<void>> stopping::sweep() {
  use_ = services::image_use{};
  swept_ = false;
  if (as_users_) {
    ctx_.note(std::string{k_unswept});
    co_return result<void>{};
  }
  std::set<std::string> ids, regions;
  std::map<std::string, std::string> owners;
  for (const auto& project : projects_)
    for (const auto& image : project->images()) {
      ids.insert(image.id);
      owners[image.id] = image.project_id;
    }
  auto token = co_await ctx_.session().current();
  if (!token) co_return token.error();
  auto everywhere = (*token)->services.regions();
  auto use =
      co_await services::find_image_use(ctx_.session(), std::move(everywhere), std::move(ids));
  if (!use && use.error().code == errc::forbidden) {
    ctx_.note(std::string{k_unswept});
    co_return result<void>{};
  }
  if (!use) co_return use.error();
  swept_ = true;
  for (auto& entry : use->servers) {
    const std::string& owner = owners[entry.first];
    std::erase_if(entry.second, [&](const auto& one) { return one.project_id == owner; });
    if (!entry.second.empty()) use_.servers.insert(std::move(entry));
  }
  co_return result<void>{};
}

const std::vector<services::image_user>* stopping::users_of(const std::string& image) const {
  auto at = use_.servers.find(image);
  return at == use_.servers.end() ? nullptr : &at->second;
}

result<void> stopping::open_record() {
  const std::string file = file_.empty() ? default_record(label_) : file_;
  auto opened = back_ ? services::stop_record::reopen(file, cloud_)
                      : services::stop_record::open(file, cloud_);
  if (!opened) return opened.error();
  record_ = std::move(*opened);
  if (file_.empty()) ctx_.note("record: " + file + " ('ostclean stop --undo' takes it)");
  return record_use();
}

result<void> stopping::record_use() {
  if (!swept_) return {};
  for (const auto& project : projects_) {
    for (const auto& image : project->images())
      if (const auto* users = users_of(image.id))
        if (auto written = record_->in_use(image, servers_of(*users)); !written)
          return written.error();
    if (auto written = record_->swept(project->project_id()); !written) return written.error();
  }
  return {};
}

asio::awaitable<void> stopping::run_one(services::stopper& one, std::vector<error>& failed) {
  std::function<bool()> interrupted = [this] { return ctx_.interrupted(); };
  result<void> done;
  if (back_)
    done = co_await one.execute_back(*record_, std::move(interrupted));
  else
    done = co_await one.execute(*record_, std::move(interrupted));
  if (!done) failed.push_back(done.error());
}

asio::awaitable<result<void>> stopping::execute() {
  if (planned() == 0 && file_.empty()) co_return result<void>{};
  if (auto opened = open_record(); !opened) co_return opened.error();
  result<void> first;
  for (const auto& one : access_.turns()) {
    auto done = co_await execute_turn(one);
    co_await leave(one);
    if (first && !done) first = done;
    if (ctx_.interrupted()) break;
  }
  co_return first;
}

std::size_t stopping::planned() const {
  std::size_t n = 0;
  for (const auto& project : projects_)
    n += static_cast<std::size_t>(
        std::count_if(project->all().begin(), project->all().end(), [](const affected& one) {
          return one.end == affected::fate::pending && one.wish != "none";
        }));
  return n;
}

void stopping::say_counts() const {
  for (const auto& one : projects_)
    ctx_.note(
        fmt::format("project {} ({}): {}", one->project_name(), one->project_id(), counted(*one)));
  for (const auto& id : missing_)
    ctx_.warning("project " + id + " of the record is gone, or nobody was given who can act in it");
}

report::table stopping::rows(bool planned) const {
  report::table all{{"kind", "id", "name", "project_id", "region", "before",
                     planned ? "action" : "result", "reason", "used_by"}};
  all.hidden = {"project_id", "region"};
  for (const auto& project : projects_) {
    std::set<std::string> shown;
    for (const auto& one : project->all()) {
      const auto* users = one.is_server() ? nullptr : users_of(one.what.id);
      shown.insert(one.what.id);
      all.rows.push_back({report::cell(std::string{one.what.row->name}), report::cell(one.what.id),
                          report::cell(one.what.name), report::cell(project->project_id()),
                          report::cell(one.what.region), report::cell(one.was),
                          report::cell(planned ? plan_word(one) : result_word(one, back_)),
                          report::cell(one.reason), users ? ids_of(*users) : json::array{}});
    }
    for (const auto& image : project->images())
      if (const auto* users = users_of(image.id); users && !shown.contains(image.id))
        all.rows.push_back({report::cell("image"), report::cell(image.id), report::cell(image.name),
                            report::cell(project->project_id()), report::cell(image.region),
                            report::cell(image.state), report::cell("none"), report::cell(""),
                            ids_of(*users)});
  }
  return all;
}

bool stopping::left() const {
  return access_.unreturned() || !missing_.empty() ||
         std::any_of(projects_.begin(), projects_.end(),
                     [](const auto& one) { return one->left(); });
}

}  // namespace ostclean::cmd
