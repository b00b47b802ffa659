#include "tests/cli/world_trial.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace cli {
namespace {

/// A crowd of 10,000 objects in one world of fifty.
bool is_crowded(std::uint64_t seed) { return seed % 50 == 7; }

bool is_fine(int code) { return code == 0 || code == 3; }

/// A kept address keeps its router, but not its port; without the port the router is free.
bool frees_a_router(const picture& before, const picture& after) {
  return std::any_of(after.things.begin(), after.things.end(), [&](const auto& entry) {
    const auto was = before.things.find(entry.first);
    return entry.second.kind == "floating_ip" && entry.second.text("port_id").empty() &&
           was != before.things.end() && !was->second.text("port_id").empty();
  });
}

/// Of a run that changes nothing.
int code_of_a_look(const orders& how, const picture& at) {
  if (how.are_blind(at)) return 1;
  return how.unseen(at).empty() ? 0 : 3;
}

std::string word(const json::value& of, const char* member) {
  return sandbox::text(of.as_object(), member);
}

}  // namespace

trial_of_world::trial_of_world(std::uint64_t seed, verdict& out)
    : any_(seed), rare_(seed), out_(out), it_(rare_.options()) {
  it_.arrange([&](sandbox::world& w) {
    tenants_ = fill_world(w, any_, is_crowded(seed), any_.chance(40));
    rare_.add(w, tenants_);
  });
  home_.write("ca.pem", it_.ca_pem());
  how_.sets_aside = rare_.sets_aside;
  if (const auto told = rare_.told(); !told.empty()) out_.commands.push_back(told);
}

std::string trial_of_world::credentials() const {
  std::string all;
  for (const auto& t : tenants_)
    if (t.ours)
      all += json::serialize(json::object{{"user_id", t.user_id},
                                          {"user_name", t.user_name},
                                          {"domain_id", t.domain},
                                          {"project_id", t.project_id},
                                          {"password", "trialpw"}}) +
             "\n";
  return home_.write("credentials.jsonl", all);
}

/// Strings of JSON are strings of YAML too, whatever is in them.
void trial_of_world::write_clouds() const {
  std::string all = "clouds:\n";
  auto add = [&](const char* cloud, const std::string& user, const std::string& domain,
                 const std::string& password, const std::string& project) {
    const json::object auth{{"auth_url", it_.auth_url()},
                            {"username", user},
                            {"user_domain_id", domain},
                            {"password", password},
                            {"project_id", project}};
    all += fmt::format("  {}:\n    auth: {}\n    region_name: RegionOne\n    cacert: {}\n", cloud,
                       json::serialize(auth), home_.path("ca.pem"));
  };
  std::string admins;
  it_.arrange([&](sandbox::world& w) {
    for (const auto& [seq, p] : w.of("project").rows())
      if (sandbox::text(p.body, "name") == "admin") admins = p.id;
  });
  add("admin", "admin", "default", sandbox::cloud::admin_password(), admins);
  for (const auto& t : tenants_)
    if (t.ours) add("user", t.user_name, t.domain, "trialpw", t.project_id);
  home_.write("clouds.yaml", all);
}

ending trial_of_world::start(const words& args) {
  const words environment{"HOME=" + home_.path(""),
                          "XDG_CACHE_HOME=" + home_.path("cache"),
                          "XDG_STATE_HOME=" + home_.path("state"),
                          "XDG_CONFIG_HOME=" + home_.path("config"),
                          "TERM=dumb",
                          "PATH=/usr/bin:/bin",
                          "OS_CLOUD=" + who_,
                          "OS_CLIENT_CONFIG_FILE=" + home_.path("clouds.yaml")};
  words argv{program()};
  argv.insert(argv.end(), args.begin(), args.end());
  std::string shown;
  for (const auto& word : args) shown += (shown.empty() ? "" : " ") + word;
  it_.clear_requests();
  const auto at = home_.path("run" + std::to_string(++runs_));
  auto e = cli::start(std::move(argv), environment, at + ".out", at + ".err").wait();
  out_.commands.push_back(fmt::format("OS_CLOUD={} ostclean {} -> {}", who_, shown, e.code));
  if (e.code != 0) out_.commands.push_back(e.err);
  out_.requests += it_.requests().size();
  ++out_.codes[e.code];
  return e;
}

words trial_of_world::command(const words& further) const {
  words all{"delete"};
  for (const auto* some : {&actor_, &limits_, &further})
    all.insert(all.end(), some->begin(), some->end());
  return all;
}

void trial_of_world::dry_run() {
  const auto before = take_picture(it_);
  const auto e = start(command({"--dry-run", "-f", "json"}));
  const auto after = take_picture(it_);
  const examination seen(before, after, how_, out_.complaints);
  seen.nothing();
  seen.only_reads(it_.requests(), false);
  if (e.code != code_of_a_look(how_, before)) out_.complaints.push_back("dry run: " + e.err);
  if (e.code != 0 && e.code != 3) return;
  const oracle rules(before, how_);
  const auto listed = e.data();
  for (const auto& one : listed.as_array()) {
    const auto kind = word(one, "kind");
    if (word(one, "action") != "delete" || kind == "container" || kind == "keypair") continue;
    const auto key = kind + "/" + word(one, "id"), why = rules.because(key);
    // Barbican shows an administrator nothing before a role is granted, and a dry run grants none.
    if (rules.must_stay().count(key) > 0 && why.find("<- secret") == std::string::npos)
      out_.complaints.push_back("dry run wants to delete what must stay: " + json::serialize(one) +
                                why);
  }
}

void trial_of_world::plan() {
  const auto before = take_picture(it_);
  const auto e = start(command({"--plan", home_.path("plan.json")}));
  const auto after = take_picture(it_);
  const examination seen(before, after, how_, out_.complaints);
  seen.nothing();
  seen.only_reads(it_.requests(), true);
  if (e.code != code_of_a_look(how_, before)) out_.complaints.push_back("plan: " + e.err);
  planned_ = e.code == 0;
  if (planned_) how_.planned = before;
}

/// The tenants go on working while somebody reads the plan.
void trial_of_world::change_after_plan() {
  it_.arrange([&](sandbox::world& w) {
    w.delay = std::chrono::milliseconds(0);
    builder b(any_, w, tenants_);
    for (auto& t : tenants_)
      if (any_.chance(t.ours ? 90 : 30)) add_later(b, t);
    w.settle();
    w.delay = std::chrono::milliseconds(20);
  });
}

void trial_of_world::judge(const ending& e, const picture& before, const picture& after) {
  const examination seen(before, after, how_, out_.complaints);
  seen.requests(it_.requests());
  if (how_.faulty && (e.code == 1 || e.code == 4)) {
    seen.nothing();
    return;
  }
  if (how_.are_blind(before)) {
    seen.nothing();
    if (e.code != 1)
      out_.complaints.push_back(fmt::format("exit code {}, and a cell is down: {}", e.code, e.err));
    return;
  }
  seen.others();
  seen.kept();
  out_.deleted += seen.gone();
  out_.compared += seen.neighbours();
  if (is_fine(e.code))
    seen.report(e);
  else
    out_.complaints.push_back(fmt::format("exit code {}: {}", e.code, e.err));
}

void trial_of_world::remove() {
  add_faults();
  make_pending();
  words further{"--yes", "-f", "json"};
  words args = command(further);
  if (planned_) {
    args = {"delete", "--apply", home_.path("plan.json"), "--yes", "-f", "json"};
    if (actor_.front() == "--credentials") args.insert(args.end(), actor_.begin(), actor_.end());
  }
  const auto before = take_picture(it_);
  const auto e = start(args);
  it_.settle();
  const auto after = take_picture(it_);
  judge(e, before, after);
  it_.set_faults({});
  const bool finished = e.code == 0 && !how_.faulty && !frees_a_router(before, after);
  if (any_.chance(50) || how_.faulty) once_more(finished);
}

/// Nothing new happens, or what failed for the moment is done now.
void trial_of_world::once_more(bool finished) {
  how_.faulty = false;
  how_.planned.reset();
  if (planned_) return;
  const auto before = take_picture(it_);
  const auto e = start(command({"--yes", "-f", "json"}));
  it_.settle();
  const auto after = take_picture(it_);
  judge(e, before, after);
  if (!finished) return;
  const examination seen(before, after, how_, out_.complaints);
  seen.nothing();
  seen.only_reads(it_.requests(), true);
  if (e.code != 0) out_.complaints.push_back("the second run ends otherwise: " + e.err);
}

void trial_of_world::run() {
  choose();
  write_clouds();
  it_.set_async_delay(std::chrono::milliseconds(20));
  if (rehearsed_) dry_run();
  if (planned_) {
    plan();
    change_after_plan();
  }
  remove();
}

verdict try_world(std::uint64_t seed) {
  verdict out;
  try {
    trial_of_world world(seed, out);
    world.run();
  } catch (const std::exception& e) {
    out.complaints.push_back(std::string("thrown: ") + e.what());
  }
  return out;
}

}  // namespace cli
