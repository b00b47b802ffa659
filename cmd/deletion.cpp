#include "cmd/deletion.hpp"

#include "core/parallel.hpp"
#include "core/time.hpp"
#include "services/kindless.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

/// What does not answer, or is not to be asked any more, is no trouble of one project's.
bool is_everybodys(const error& why) {
  return why.code == errc::network || why.code == errc::tls || why.code == errc::timeout ||
         why.code == errc::interrupted;
}

}  // namespace

asio::awaitable<result<void>> deletion::open(const selected& who, std::string journal_file) {
  auto opened = co_await access_.open(who, std::move(journal_file));
  for (const auto& one : access_.places()) together_->insert(one.where.project_id);
  co_return opened;
}

services::cleanup* deletion::at(std::size_t place) const {
  const auto found = std::find_if(projects_.begin(), projects_.end(), [&](const auto& one) {
    return place < of_place_.size() && one.get() == of_place_[place];
  });
  return found == projects_.end() ? nullptr : found->get();
}

/// With what was learnt by entering it.
void deletion::look_in(std::size_t place) {
  const auto& one = access_.places()[place];
  of_place_.resize(access_.places().size());
  if (!of_place_[place]) {
    auto work = std::make_unique<services::cleanup>(*one.where.session, one.where.project_id,
                                                    one.project_name, one.regions, how_);
    if (!one.whole) work->restrict_to("keypair");
    of_place_[place] = work.get();
    projects_.push_back(std::move(work));
  }
  services::place where = one.where;
  where.together = together_;
  at(place)->enter(std::move(where), one.regions);
  regions_.insert(one.regions.begin(), one.regions.end());
}

asio::awaitable<result<void>> deletion::enter(std::size_t place) {
  const auto& project = access_.places()[place].where.project_id;
  if (dropped_.contains(project) || (at(place) && at(place)->is_left_out()))
    co_return result<void>{};
  auto entered = co_await access_.enter(place);
  if (entered) look_in(place);
  co_return entered;
}

asio::awaitable<void> deletion::leave(const turn& which) {
  for (auto place : which) co_await access_.leave(place);
}

asio::awaitable<void> deletion::give_back(bool complete) { co_await access_.give_back(complete); }

asio::awaitable<void> deletion::plan_one(services::cleanup& one) {
  if (one.is_left_out()) co_return;
  if (auto planned = co_await one.plan(); !planned) leave_out(one.project_id(), planned.error());
}

void deletion::leave_out(const std::string& project_id, const error& why) {
  together_->erase(project_id);
  for (const auto& one : projects_) {
    if (one->project_id() != project_id || one->is_left_out()) continue;
    error told = why;
    told.message = "project " + one->project_name() + ": " + told.message;
    if (!one->is_part()) left_out_.emplace_back(project_id, told);
    one->leave_out(told);
  }
}

/// The extensions of one Neutron are asked for once a turn, whatever the number of projects.
asio::awaitable<void> deletion::look_for_unseen(const turn& which) {
  std::map<std::string, std::vector<services::unseen>> extensions;
  const auto& not_ours = ctx_.policy().not_ours;
  for (auto place : which) {
    auto* const one = at(place);
    if (!one || one->is_left_out()) continue;
    auto& session = *one->where().session;
    auto token = co_await session.current();
    if (!token || one->is_part()) continue;
    auto found = services::uncovered_services((*token)->services, one->regions());
    std::set<std::string> asked;
    for (const auto& region : one->regions()) {
      services::place there_is = one->where();
      there_is.region = region;
      auto kindless = co_await services::find_kindless(std::move(there_is), asked);
      found.insert(found.end(), kindless.begin(), kindless.end());
      std::string service = "network", where = region, major = "2";
      auto url = co_await session.endpoint(std::move(service), std::move(where), std::move(major));
      if (!url) continue;
      if (!extensions.contains(*url)) {
        std::string base = *url, there = region;
        auto listed =
            co_await services::uncovered_extensions(session, std::move(base), std::move(there));
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

asio::awaitable<result<void>> deletion::plan_turn(const turn& which) {
  for (auto place : which) {
    auto entered = co_await enter(place);
    if (entered) continue;
    if (is_everybodys(entered.error())) co_return entered;
    look_in(place);
    leave_out(access_.places()[place].where.project_id, entered.error());
  }
  const context::heeding until_here{ctx_};
  std::vector<asio::awaitable<void>> work;
  work.push_back(look_for_unseen(which));
  for (auto place : which)
    if (auto* one = at(place)) work.push_back(plan_one(*one));
  co_await all_of(std::move(work));
  // Else each turn would wait for the same service again.
  const bool none = std::none_of(which.begin(), which.end(), [this](std::size_t place) {
    return at(place) && !at(place)->is_left_out();
  });
  for (const auto& [project, why] : left_out_)
    if (why.code == errc::interrupted || (none && is_everybodys(why))) co_return why;
  co_return result<void>{};
}

/// Where every project is left out, nothing is to be done.
result<void> deletion::judge_left_out() {
  const bool all = std::all_of(projects_.begin(), projects_.end(),
                               [](const auto& one) { return one->is_left_out(); });
  if (all && !left_out_.empty()) return left_out_.front().second;
  for (; told_ < left_out_.size(); ++told_)
    ctx_.warning("left out: " + left_out_[told_].second.line());
  return {};
}

/// What stays in one project for what another has stays also when that does not go.
void deletion::settle_together() {
  for (bool changed = !projects_.empty(); changed;) {
    changed = false;
    std::set<std::string> going;
    for (const auto& one : projects_) one->add_going(going);
    for (const auto& one : projects_) changed = one->settle_with(going) || changed;
  }
}

/// The only turn goes on until the work is done; of several each ends before the next begins.
asio::awaitable<result<void>> deletion::plan() {
  planned_at_ = wall_clock();
  const auto all = turns();
  for (const auto& one : all) {
    auto planned = co_await plan_turn(one);
    if (all.size() > 1) co_await leave(one);
    if (!planned) co_return planned;
  }
  if (auto some = judge_left_out(); !some) co_return some;
  settle_together();
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
  dropped_.insert(project_id);
  together_->erase(project_id);
  for (std::size_t place = 0; place < of_place_.size(); ++place)
    if (access_.places()[place].where.project_id == project_id) of_place_[place] = nullptr;
  std::erase_if(projects_, [&](const auto& one) { return one->project_id() == project_id; });
  settle_together();
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

bool deletion::has_work() const {
  return std::any_of(projects_.begin(), projects_.end(),
                     [](const auto& one) { return one->has_work(); });
}

bool deletion::left() const {
  return access_.unreturned() || std::any_of(projects_.begin(), projects_.end(),
                                             [](const auto& one) { return one->left(); });
}

}  // namespace ostclean::cmd
