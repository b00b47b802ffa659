#include "cmd/prior.hpp"

#include "cmd/changing.hpp"
#include "cmd/resuming.hpp"
#include "core/time.hpp"

#include <fmt/core.h>
#include <array>
#include <map>
#include <set>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

/// What a plan has decided; the first ones are kept in it as they were given.
constexpr std::array k_decided{
    "only",  "skip",         "created-before", "updated-before", "include-protected",
    "force", "project",      "project-domain", "user",           "user-domain",
    "users", "auth-project", "keep-images",    "record"};
constexpr std::size_t k_choosing = 6;

result<void> check_undecided(const arguments& args, const char* option) {
  for (const char* name : k_decided)
    if (args.has(name))
      return error{errc::usage,
                   fmt::format("--{} and --{} contradict each other: the plan has decided that",
                               option, name)};
  return {};
}

result<void> check_users(const arguments& args, const char* option, bool as_users) {
  if (acts_as_users(args) == as_users) return {};
  return error{errc::usage, as_users
                                ? fmt::format("--{}: the users acted for themselves: give their "
                                              "--credentials or --trusts again",
                                              option)
                                : fmt::format("--{}: the plan was made by an administrator; "
                                              "--credentials and --trusts do not fit it",
                                              option)};
}

result<void> check_age(const arguments& args, const services::plan_document& plan,
                       const std::string& file) {
  const auto hours = std::chrono::hours{static_cast<int>(args.number("max-age", 24))};
  const auto age = wall_clock() - plan.made;
  if (age > -std::chrono::minutes{5} && age <= hours) return {};
  error old{errc::stale, age > hours ? fmt::format("{} is older than {} hours", file, hours.count())
                                     : fmt::format("{} was made in the future", file)};
  old.hint = "make a new one with --plan";
  return old;
}

std::string key_anywhere(services::planned_object one) {
  one.endpoint.clear();
  return one.key();
}

error made_elsewhere(std::string what) {
  error why{errc::stale, std::move(what) + "; nothing was deleted"};
  why.hint = "use the interface and the region of the plan, or make a new one with --plan";
  return why;
}

asio::awaitable<result<std::optional<prior>>> read_unfinished(context& ctx, const arguments& args,
                                                              std::optional<error>& unplanned) {
  if (auto readable = check_journal(args); !readable) co_return readable.error();
  auto here = co_await find_cloud(ctx, acts_as_users(args));
  if (!here) {
    // Users who acted for themselves want their file again, and no login of the caller.
    const bool of_users = is_of_users(ctx, args);
    if (auto alone = check_users(args, "resume", of_users); of_users && !alone)
      co_return alone.error();
    co_return here.error();
  }
  auto found = find_unfinished(ctx, args, *here, unplanned);
  if (!found || !*found) co_return found;
  if (auto alone = check_users(args, "resume", (**found).plan.as_users); !alone)
    co_return alone.error();
  co_return found;
}

asio::awaitable<result<std::optional<prior>>> read_plan_of(context& ctx, const arguments& args) {
  const std::string file = args.value("apply");
  auto plan = services::read_plan(file);
  if (!plan) co_return plan.error();
  if (auto alone = check_users(args, "apply", plan->as_users); !alone) co_return alone.error();
  if (auto young = check_age(args, *plan, file); !young) co_return young.error();
  auto here = co_await find_cloud(ctx, acts_as_users(args));
  if (!here) co_return here.error();
  if (auto same = here->check(plan->cloud, file, "make a new plan"); !same) co_return same.error();
  prior found;
  found.plan = std::move(*plan);
  co_return std::optional<prior>{std::move(found)};
}

}  // namespace

result<void> check_prior(const arguments& args) {
  const bool resumes = args.has("resume"), applies = args.has("apply");
  if (applies && resumes) return error{errc::usage, "--apply and --resume contradict each other"};
  if (!applies && !resumes) return {};
  return check_undecided(args, resumes ? "resume" : "apply");
}

asio::awaitable<result<std::optional<prior>>> read_prior(context& ctx, const arguments& args,
                                                         std::optional<error>& unplanned) {
  result<std::optional<prior>> found = std::optional<prior>{};
  if (args.has("resume"))
    found = co_await read_unfinished(ctx, args, unplanned);
  else if (args.has("apply"))
    found = co_await read_plan_of(ctx, args);
  co_return found;
}

arguments with_decided(arguments args, const services::plan_document& plan) {
  for (const auto& [name, values] : plan.options) args.options[name] = values;
  return args;
}

void restrict_to_plan(services::choices& how, const services::plan_document& plan) {
  for (const auto& [key, one] : plan.objects) {
    if (one.preserve) how.keep_images.insert(one.id);
    if (one.unlock) how.unlock.insert(one.id);
  }
  how.planned = std::make_shared<const services::planned_objects>(plan.objects);
  how.planned_at = plan.made;
}

result<void> check_endpoints(const deletion& work) {
  const auto planned = work.how().planned;
  if (!planned || planned->empty()) return {};
  std::set<std::string> now, then;
  for (const auto& project : work.projects())
    for (const auto& one : project->items()) now.insert(one.base);
  std::map<std::string, std::string> unseen;  // endpoints, by the rest of the key
  bool looked = false;
  for (const auto& [key, one] : *planned) {
    then.insert(one.endpoint);
    looked = looked || now.contains(one.endpoint) || work.regions().contains(one.region);
    if (!now.contains(one.endpoint)) unseen.emplace(key_anywhere(one), one.endpoint);
  }
  if (!looked)
    return made_elsewhere("the plan is of region " + planned->begin()->second.region +
                          ", where this run does not look");
  for (const auto& project : work.projects()) {
    // A dry run looks through the caller's own project, whose id stands in some endpoints.
    if (!project->where().scoped) continue;
    for (const auto& one : project->items()) {
      const auto at = unseen.find(key_anywhere(services::planned_object{one}));
      if (at == unseen.end() || then.contains(one.base)) continue;
      return made_elsewhere(
          fmt::format("the plan was made over other endpoints: {} was at {} and is at {} now",
                      services::describe(one), at->second, one.base));
    }
  }
  return {};
}

services::plan_document plan_of(context& ctx, const deletion& work, const selected& who,
                                const arguments& args, const auth::token* token) {
  services::plan_document plan;
  plan.cloud =
      services::this_cloud(ctx.settings().auth_url, token ? &token->services : nullptr).identity;
  if (token) plan.user_id = token->user_id, plan.user_name = token->user_name;
  // A plan that is carried out stays as old as it is: what came since is not in it.
  plan.made = work.how().planned_at.value_or(wall_clock());
  plan.as_users = who.as_users;
  for (std::size_t i = 0; i < k_choosing; ++i)
    if (args.has(k_decided[i])) plan.options[k_decided[i]] = args.values(k_decided[i]);
  if (args.has("auth-project")) plan.options["auth-project"] = {""};
  if (!who.as_users)
    for (const auto& one : who.all.accounts) plan.options["user"].push_back(one.who.id);
  for (const auto& one : who.all.targets)
    if (one.origin == "--project") plan.options["project"].push_back(one.project_id);
  for (const auto& one : work.projects()) {
    if (one->is_left_out()) continue;
    services::planned_project project;
    project.id = one->project_id();
    project.name = one->project_name();
    plan.projects.push_back(std::move(project));
  }
  plan.objects = work.objects();
  plan.not_looked_at = work.not_looked_at();
  return plan;
}

}  // namespace ostclean::cmd
