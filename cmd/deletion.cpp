#include "cmd/deletion.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace ostclean::cmd {
namespace asio = boost::asio;

asio::awaitable<result<void>> deletion::open(const selected& who, std::string journal_file) {
  auto opened = co_await access_.open(who, std::move(journal_file));
  if (!opened) co_return opened.error();
  for (const auto& one : access_.places()) {
    auto work = std::make_unique<services::cleanup>(*one.where.session, one.where.project_id,
                                                    one.project_name, one.regions, how_);
    work->where() = one.where;
    regions_.insert(one.regions.begin(), one.regions.end());
    if (!one.whole) work->restrict_to("keypair");
    projects_.push_back(std::move(work));
  }
  auto together = std::make_shared<std::set<std::string>>();
  for (const auto& one : projects_) together->insert(one->project_id());
  for (auto& one : projects_) one->where().together = together;
  co_return result<void>{};
}

asio::awaitable<void> deletion::give_back(bool complete) { co_await access_.give_back(complete); }

asio::awaitable<void> deletion::plan_one(services::cleanup& one, std::vector<error>& failed) {
  auto planned = co_await one.plan();
  if (planned) co_return;
  error why = planned.error();
  why.message = "project " + one.project_name() + ": " + why.message;
  failed.push_back(std::move(why));
}

/// The extensions of one Neutron are asked for once, whatever the number of projects.
asio::awaitable<void> deletion::look_for_unseen() {
  std::map<std::string, std::vector<services::unseen>> extensions;
  const auto& not_ours = ctx_.policy().not_ours;
  for (auto& one : projects_) {
    auto& session = *one->where().session;
    auto token = co_await session.current();
    if (!token || one->is_part()) continue;
    auto found = services::uncovered_services((*token)->services, one->regions());
    for (const auto& region : one->regions()) {
      std::string service = "network", where = region, major = "2";
      auto url = co_await session.endpoint(std::move(service), std::move(where), std::move(major));
      if (!url) continue;
      if (!extensions.contains(*url)) {
        std::string base = *url, place = region;
        auto listed =
            co_await services::uncovered_extensions(session, std::move(base), std::move(place));
        extensions[*url] = std::move(listed);
      }
      for (auto unseen : extensions.at(*url)) {
        unseen.region = region;
        found.push_back(std::move(unseen));
      }
    }
    std::erase_if(found, [&](const auto& unseen) { return is_in(unseen, not_ours); });
    one->overlook(std::move(found));
  }
}

std::vector<services::unseen> deletion::not_looked_at() const {
  std::set<services::unseen> all;
  for (const auto& one : projects_)
    for (auto& unseen : one->not_looked_at())
      if (!is_in(unseen, ctx_.policy().not_ours)) all.insert(std::move(unseen));
  return {all.begin(), all.end()};
}

asio::awaitable<result<void>> deletion::plan() {
  std::vector<error> failed;
  std::vector<asio::awaitable<void>> work;
  work.push_back(look_for_unseen());
  for (auto& one : projects_) work.push_back(plan_one(*one, failed));
  co_await all_of(std::move(work));
  if (!failed.empty()) co_return failed.front();
  for (bool changed = projects_.size() > 1; changed;) {
    changed = false;
    std::set<std::string> going;
    for (const auto& one : projects_) one->add_going(going);
    for (const auto& one : projects_) changed = one->settle_with(going) || changed;
  }
  co_return result<void>{};
}

services::counts deletion::planned() const {
  services::counts all;
  for (const auto& one : projects_)
    for (const auto& [kind, n] : one->planned()) all[kind] += n;
  return all;
}

services::planned_objects deletion::objects() const {
  services::planned_objects all;
  for (const auto& one : projects_)
    for (const auto& i : one->items()) {
      const bool meant = i.decided == services::item::fate::goes || i.preserve;
      if (!meant && !i.tied) continue;
      services::planned_object object{i};
      object.along = !meant;
      object.unlock = how_.unlock.contains(i.id);
      // What does not go in one part of a project may in another.
      auto& known = all.emplace(object.key(), object).first->second;
      if (meant) known = std::move(object);
    }
  return all;
}

void deletion::drop(const std::string& project_id) {
  std::erase_if(projects_, [&](const auto& one) { return one->project_id() == project_id; });
}

void deletion::seen(const services::item& one, const services::cleaner::outcome& how) {
  ++done_;
  const bool gone = how.how == plan::step::kind::gone;
  ctx_.detail((gone ? "deleted " : "left ") + services::describe(one) +
              (how.reason.empty() ? "" : ": " + how.reason));
  ctx_.progress().update(done_, total_, services::describe(one));
}

result<void> deletion::remember(const services::plan_document& plan) {
  return access_.journal().write({{"event", "plan"}, {"plan", services::to_json(plan)}});
}

asio::awaitable<void> deletion::execute() {
  for (const auto& [kind, n] : planned()) total_ += n;
  services::cleaner::observer observe =
      [this](const services::item& one, const services::cleaner::outcome& how) { seen(one, how); };
  std::function<bool()> stop = [this] { return ctx_.interrupted(); };
  std::vector<asio::awaitable<void>> work;
  for (auto& one : projects_) work.push_back(one->execute(access_.journal(), observe, stop));
  co_await all_of(std::move(work));
  ctx_.progress().clear();
}

asio::awaitable<void> deletion::verify() {
  std::vector<asio::awaitable<void>> work;
  for (auto& one : projects_) work.push_back(one->verify());
  co_await all_of(std::move(work));
}

bool deletion::has_work() const {
  return std::any_of(projects_.begin(), projects_.end(),
                     [](const auto& one) { return one->has_work(); });
}

bool deletion::left() const {
  return access_.unreturned() || std::any_of(projects_.begin(), projects_.end(),
                                             [](const auto& one) { return one->left(); });
}

}  // namespace ostclean::cmd
