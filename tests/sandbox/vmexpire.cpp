// os-vm-expire 0.9.9, from what the real one answered behind a real Keystone: the policy it is
// shipped with, its three shapes of an error, statuses that do not mean what they say, and the
// writes it makes although it refuses.
#include <fmt/core.h>

#include <algorithm>
#include <ctime>

#include "tests/sandbox/world.hpp"

namespace sandbox {
namespace {

constexpr const char* k_naive = "%Y-%m-%dT%H:%M:%S";
constexpr long k_day = 86400, k_first = 60, k_more = 30, k_most = 365;

long seconds_now() { return static_cast<long>(std::time(nullptr)); }

long seconds_of(const std::string& created) {
  std::tm t{};
  strptime(created.c_str(), k_naive, &t);
  return static_cast<long>(timegm(&t));
}

/// The error of a hook: an object.
[[noreturn]] void fail(int status, const std::string& title, const json::value& why) {
  throw refusal{
      reply(status, json::object{{"code", status}, {"title", title}, {"description", why}})};
}

/// The error of a controller: nothing but a string.
[[noreturn]] void refuse(const std::string& why) {
  throw refusal{reply(403, json::value(json::string(why)))};
}

[[noreturn]] void broken(const std::string& why) {
  fail(500, "Internal Server Error", json::value(json::string(why)));
}

/// What it does not route ends the connection.
[[noreturn]] void hang_up() { throw refusal{reply(0)}; }

bool excludes(const context& c) { return c.path[2] == "vmexcludes"; }

void need(bool allowed, const std::string& what) {
  if (!allowed)
    fail(403, "Forbidden",
         json::value(json::string(
             what + " attempt not allowed - please review your user/project privileges")));
}

/// rule:admin_or_owner, where the owner is whoever has the project of the path.
bool owner(const context& c) {
  const bool own = !c.project().empty() && c.path[1] == c.project();
  const bool lenient = c.w.opts.vmexpire_policy != "shipped" && c.admin();
  return excludes(c) && c.w.opts.vmexpire_policy == "closed" ? c.admin() : own || lenient;
}

void need_json(const context& c) {
  const std::string type = c.req.header("Content-Type");
  if (type.substr(0, type.find(';')) != "application/json")
    fail(415, "Unsupported Media Type",
         "Unexpected content type. Expected content types are: ['application/json']");
}

json::object view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = json::object{{"self", c.base + "/v1/vmexpire/" + r.id}};
  return o;
}

rows sorted(collection& all, const std::function<bool(const record&)>& keep) {
  rows list = select(all, keep, false);
  std::sort(list.begin(), list.end(), [](auto* a, auto* b) { return a->id < b->id; });
  return list;
}

reply list_of(const context& c, const std::string& key, const rows& all) {
  json::array list;
  for (const auto* r : all) list.push_back(view(c, *r));
  const std::string self = fmt::format("{}/v1/{}/{}/", c.base, c.path[1], key);
  return {200, json::object{{key, list},
                            {"links", json::object{{"self", self}}},
                            {"total", static_cast<std::int64_t>(all.size())}}};
}

record* row(const context& c, const std::string& id) {
  return c.w.of(excludes(c) ? "vmexclude" : "vmexpire").find(id);
}

std::string missing(const context& c, const std::string& id) {
  return fmt::format("No {} found with ID {}", excludes(c) ? "VMExclude" : "VMExpire", id);
}

void need_id(const context& c, const char* method) {
  if (c.path.size() < 4)
    broken(fmt::format("{}Controller.on_{}() missing 1 required positional argument: 'instance_id'",
                       excludes(c) ? "VmExclude" : "VmExpire", method));
}

reply list(context& c) {
  need(owner(c), excludes(c) ? "VmExclude retrieval" : "VmExpire retrieval");
  if (excludes(c))
    return list_of(c, "vmexcludes", sorted(c.w.of("vmexclude"), [](const auto&) { return true; }));
  const bool all = c.has("all_tenants");
  if (all && !c.admin()) refuse("all_tenants is restricted to admin users");
  return list_of(c, "vmexpires", sorted(c.w.of("vmexpire"), [&](const record& r) {
                   return all || r.owner == c.path[1];
                 }));
}

/// The row's project is not looked at: whoever knows the id sees it.
reply show(context& c) {
  need(owner(c), excludes(c) ? "VmExclude retrieval" : "VmExpire retrieval");
  const record* r = row(c, c.path[3]);
  if (!r) broken(missing(c, c.path[3]));
  return {200, json::object{{excludes(c) ? "vmexclude" : "vmexpire", view(c, *r)}}};
}

/// The end is written before the age is looked at, and stays written.
reply extend(context& c) {
  need(owner(c), "VmExpire extend");
  need_json(c);
  need_id(c, "put");
  record* r = row(c, c.path[3]);
  if (!r) refuse(missing(c, c.path[3]));
  const long end = seconds_now() + k_more * k_day;
  r->body["expire"] = end;
  r->body["updated"] = now_iso(k_naive);
  if (end > seconds_of(text(r->body, "created")) + k_most * k_day)
    refuse("VM reached its maximum life, " + r->id + ", cannot extend it");
  r->body["notified"] = false;
  r->body["notified_last"] = false;
  return {202, json::object{{"vmexpire", view(c, *r)}}};
}

std::string excluded(const context& c, const record& server) {
  const auto listed = [&](int type, const std::string& id) {
    for (const auto& [seq, r] : c.w.of("vmexclude").rows())
      if (r.body.at("exclude_type") == type && text(r.body, "exclude_id") == id) return true;
    return false;
  };
  const record* project = c.w.of("project").find(server.owner);
  if (project && listed(0, text(project->body, "domain_id"))) return "domain";
  if (listed(1, server.owner)) return "project";
  return listed(2, text(server.body, "user_id")) ? "user" : "";
}

/// What is tracked is forgotten first, also when nothing new comes of it.
reply add(context& c) {
  need(c.admin(), "VmExpire add");
  need_json(c);
  need_id(c, "post");
  const std::string server = c.path[3];
  auto& all = c.w.of("vmexpire");
  for (auto* old :
       sorted(all, [&](const auto& r) { return text(r.body, "instance_id") == server; }))
    all.erase(std::string(old->id));
  const record* vm = c.w.of("server").find(server);
  if (!vm) refuse("No Openstack instance found with ID " + server);
  if (const auto by = excluded(c, *vm); !by.empty())
    refuse(fmt::format("Instance {} cannot be added to the expiration table: {} is excluded",
                       server, by));
  const std::string id = c.w.uuid(), now = now_iso(k_naive);
  json::object body{{"created", now},
                    {"updated", now},
                    {"id", id},
                    {"instance_id", server},
                    {"project_id", vm->owner},
                    {"expire", seconds_now() + k_first * k_day},
                    {"notified", false},
                    {"notified_last", false},
                    {"notified_time", nullptr},
                    {"user_id", text(vm->body, "user_id")},
                    {"instance_name", text(vm->body, "name")}};
  return {202, json::object{{"vmexpire", view(c, all.add(id, vm->owner, std::move(body)))}}};
}

/// A 204 that has a body, and the end of the connection behind it.
reply remove(context& c) {
  const bool allowed = excludes(c) ? owner(c) : c.admin();
  need(allowed, excludes(c) ? "VmExclude deletion" : "VmExpire expiration deletion");
  need_json(c);
  need_id(c, "delete");
  if (!c.w.of(excludes(c) ? "vmexclude" : "vmexpire").erase(c.path[3]))
    broken(missing(c, c.path[3]));
  return {204, "null"};
}

std::string sent_id(const json::object& sent) {
  const auto* id = sent.if_contains("id");
  if (id && id->is_number()) return json::serialize(*id);
  std::string given = text(sent, "id");
  given.erase(0, std::min(given.find_first_not_of(' '), given.size()));
  return given.substr(0, given.find_last_not_of(' ') + 1);
}

int sent_type(const json::value& type) {
  int n = 0;
  for (const char* word : {"domain", "project", "user"}) {
    if (type == word) return n;
    ++n;
  }
  refuse("Invalid type");
}

reply exclude(context& c) {
  need(owner(c), "VmExclude create");
  need_json(c);
  if (c.path.size() > 3) fail(404, "Not Found", "");
  if (c.body.is_null()) fail(400, "Bad Request", "Malformed JSON");
  if (!c.body.is_object()) broken("'list' object has no attribute 'get'");
  const json::object& sent = c.body.get_object();
  const std::string what = sent_id(sent);
  if (what.empty() || !sent.if_contains("type")) refuse("Empty id or type");
  const int type = sent_type(sent.at("type"));
  if (what.size() > 255) {
    c.w.counters["vmexpire session"] = 1;
    hang_up();
  }
  auto& all = c.w.of("vmexclude");
  for (const auto& [seq, r] : all.rows())
    if (text(r.body, "exclude_id") == what)
      refuse(fmt::format(
          "Error creating exclude entity entity for entity_id={},entity_type={} already exists",
          what, type));
  const std::string id = c.w.uuid(), now = now_iso(k_naive);
  json::object body{
      {"created", now}, {"updated", now}, {"id", id}, {"exclude_id", what}, {"exclude_type", type}};
  return {202, json::object{{"vmexclude", view(c, all.add(id, "", std::move(body)))}}};
}

reply version(const context& c, bool list) {
  const json::object self{{"rel", "self"}, {"href", c.base + "/v1/"}};
  const json::object v{{"id", "v1"},
                       {"status", "stable"},
                       {"updated", "2017-11-22T00:00:00Z"},
                       {"links", json::array{self}}};
  if (!list) return {200, json::object{{"version", v}}};
  return {300, json::object{{"versions", json::object{{"values", json::array{v}}}}}};
}

}  // namespace

reply vmexpire(context& c) {
  if (c.path.empty())
    return c.has("build") ? reply(200, json::object{{"build", "0.9.9"}}) : version(c, true);
  if (!c.who) return error_401_json(c);
  if (c.w.counters["vmexpire session"] > 0) {
    c.w.counters["vmexpire session"] = 0;
    broken(
        "This Session's transaction has been rolled back due to a previous exception during flush. "
        "To begin a new transaction with this Session, first issue Session.rollback().");
  }
  if (c.path.size() == 1 && c.path[0] == "v1") return version(c, false);
  if (c.path[0] != "v1" || c.path.size() < 3 ||
      (c.path[2] != "vmexpires" && c.path[2] != "vmexcludes"))
    hang_up();
  if (c.method == "OPTIONS") return reply(200);
  const std::string accept = c.req.header("Accept");
  if (accept == "text/html") fail(406, "Not Acceptable", nullptr);
  if (c.path.size() > 4) fail(404, "Not Found", "");
  if (c.method == "GET") return c.path.size() == 3 ? list(c) : show(c);
  if (c.method == "DELETE") return remove(c);
  if (c.method == "POST") return excludes(c) ? exclude(c) : add(c);
  if (c.method == "PUT" && !excludes(c)) return extend(c);
  fail(404, "Not Found", nullptr);
}

}  // namespace sandbox
