// The state the services share and the few words they are written in: a collection of JSON objects
// for each kind, a clock that finishes what was accepted, and a table of routes. Internal to the
// sandbox; tests include cloud.hpp.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/sandbox/cloud.hpp"

namespace sandbox {

using steady = std::chrono::steady_clock;
using pairs = std::vector<std::pair<std::string, std::string>>;

struct http_request {
  std::string method, target, body;
  pairs headers;
  std::string header(std::string_view name) const;  ///< empty when absent; the name in any case
};

struct reply {
  reply(int status, std::string body = {}, std::string type = "application/json");
  reply(int status, const char* body) : reply(status, std::string(body)) {}
  reply(int status, const json::value& body);
  reply& with(std::string name, std::string value);

  reply& unnamed();  ///< this one carries no request id, as the real service's has none

  int status;
  std::string body;
  pairs headers;
  bool named = true;
};

/// Thrown by a handler to answer at once.
struct refusal {
  reply answer;
};

/// What the server does with an answer.
struct outcome {
  reply answer{404};  ///< status 0: the connection ends without one
  std::chrono::milliseconds wait{0};
  std::string action;  ///< of a fault that concerns the connection, else empty
};

struct record {
  std::string id;
  std::string owner;  ///< project id; user id for keypairs; empty for what nobody owns
  json::object body;  ///< keys that begin with '_' are the sandbox's own and never shown
};

/// Objects of one kind in the order they were made.
class collection {
 public:
  record& add(std::string id, std::string owner, json::object body);
  record* find(std::string_view id);
  bool erase(std::string_view id);
  std::size_t size() const { return rows_.size(); }
  const std::map<std::uint64_t, record>& rows() const { return rows_; }
  std::map<std::uint64_t, record>& rows() { return rows_; }

 private:
  std::map<std::uint64_t, record> rows_;
  std::unordered_map<std::string, std::uint64_t> by_id_;
  std::uint64_t next_ = 0;
};

struct token {
  std::string id, user, project, domain, trust, application_credential;
  std::set<std::string> roles;  ///< names
  std::vector<std::string> methods;
  std::chrono::system_clock::time_point issued, expires;
  bool system = false;
};

struct assignment {
  std::string role, user, group, project, domain;
  bool inherited = false, system = false;
  auto operator<=>(const assignment&) const = default;  // NOLINT(modernize-use-nullptr)
};

struct swift_object {
  std::string etag, type, modified, body, manifest, dlo, version;
  std::string link;          ///< "CONTAINER/OBJECT" of a symlink, quoted as it was sent
  std::string link_account;  ///< where that is
  bool names_account = false, delete_marker = false;
};

struct swift_container {
  std::map<std::string, swift_object> objects;
  std::map<std::string, std::deque<swift_object>> versions;  ///< newest first, current included
  pairs headers;
  std::string modified;
  bool versioning = false;
};

/// What a fault told a service to get wrong. It knows whether the service ever looked, so that a
/// fault that no service can act on is not taken for one that did.
class lie {
 public:
  void tell() { set_ = true; }
  bool told() const { return told_; }
  operator bool() const {  // read where the service decides, as any other condition
    told_ = told_ || set_;
    return set_;
  }

 private:
  bool set_ = false;
  mutable bool told_ = false;
};

struct context;
using handler = reply (*)(context&);
struct route {
  std::string_view method, pattern;  ///< '*' stands for one segment
  handler call;
};
struct service {
  std::string_view prefix, type, name, suffix;  ///< suffix of the catalog URL, $P the project id
  handler call;
};
std::span<const service> services();

class world {
 public:
  explicit world(options o) : opts(std::move(o)) {}

  mutable std::recursive_mutex mutex;
  options opts;
  std::string url;
  std::string mark;                         ///< its own, wherever it listens
  std::map<std::string, collection> kinds;  ///< key: region prefix + kind
  std::map<std::string, token> tokens;
  std::vector<std::string> issued;           ///< the ids of all tokens there ever were
  std::map<std::string, std::string> ended;  ///< token -> why it is no more
  std::set<assignment> assignments;
  std::map<std::string, std::set<std::string>> members;  ///< group -> users
  std::map<std::string, std::map<std::string, swift_container>> accounts;
  std::vector<seen> log;
  std::vector<fault> faults;
  std::optional<std::chrono::milliseconds> delay;
  std::function<void()> stop;
  std::map<std::string, std::string> passwords;  ///< user id -> password
  std::map<std::string, int> counters;
  std::set<std::string> gone;  ///< ids that were once a server's

  std::string uuid();  ///< with dashes
  std::string hex();   ///< 32 digits
  collection& of(const std::string& kind) { return kinds[kind]; }
  std::string role_id(const std::string& name);
  /// Runs `what` after the asynchronous delay.
  void later(std::function<void()> what, double factor = 1);
  void advance();  ///< runs what is due
  void settle();   ///< runs everything, due or not
  void set_faults(std::vector<fault> all);
  std::vector<std::string> unmet_faults() const;
  void bootstrap();
  outcome handle(const http_request& r);

 private:
  std::multimap<steady::time_point, std::function<void()>> due_;
  std::vector<std::string> unmet_;  ///< of faults that are no longer set
  std::mt19937_64 random_{std::random_device{}()};
};

/// One request on its way through a service.
struct context {
  context(world& w, const http_request& r) : w(w), req(r) {}

  world& w;
  const http_request& req;
  std::string method, region, base, raw_query;  ///< region: "" or "r2:"; base: URL of the service
  std::vector<std::string> path;                ///< decoded, without the service's prefix
  std::string raw_path;                         ///< decoded, without the service's prefix
  pairs query;
  json::value body;
  const token* who = nullptr;
  std::vector<std::string> args;  ///< what the '*' of the route stood for
  int minor = 1;                  ///< microversion
  lie ignore_filter, fail_async;

  bool epoxy() const { return w.opts.is >= release::epoxy; }
  bool admin() const { return who && who->roles.count(w.opts.admin_role) != 0; }
  std::string project() const { return who ? who->project : std::string(); }
  std::string q(std::string_view name) const;  ///< first value of a query parameter, or empty
  std::vector<std::string> all(std::string_view name) const;
  bool has(std::string_view name) const;
  bool mine(const record& r) const { return admin() || r.owner == project(); }
  collection& of(const std::string& kind) const { return w.of(region + kind); }
  /// The object in the body under `key`, empty when absent.
  json::object sent(std::string_view key) const;
  void later(std::function<void()> f, double factor = 1) const { w.later(std::move(f), factor); }
};

using rows = std::vector<record*>;
struct page {
  rows items;
  bool more = false;
};

std::string now_iso(std::string_view form = "%Y-%m-%dT%H:%M:%SZ");
std::string iso(std::chrono::system_clock::time_point t, std::string_view form);
std::string decode(std::string_view s, bool plus = false);
std::string encode(std::string_view s);
pairs parse_query(std::string_view q);
std::string text(const json::object& o, std::string_view key);  ///< "" unless a string
bool truth(const json::object& o, std::string_view key);
json::object shown(const json::object& o);  ///< without the keys that begin with '_'
bool dispatch(context& c, std::span<const route> table, reply& out);
rows select(collection& c, const std::function<bool(const record&)>& keep, bool newest_first);
/// Rows after `marker`; throws `unknown` when there is no such marker.
page cut(rows all, const std::string& marker, std::size_t limit, const refusal& unknown);
std::size_t limit_of(const context& c, std::size_t otherwise);
/// The request's own address with limit kept and `marker` set.
std::string next_link(const context& c, const std::string& marker);
void merge(json::object& into, const json::object& from);
reply error_401_json(const context& c);
/// The error of nova and cinder: {"badRequest": {"code": 400, "message": ...}} and the like.
[[noreturn]] void compute_fail(int status, const std::string& message);
/// Reads the microversion into c.minor; answers 406 when it is none of 0 or 1 to `max`.
void read_microversion(context& c, const char* word, int major, int least, int max);
/// What this kind shows besides, in the release that this cloud is (releases.cpp).
void add_newer_fields(const context& c, std::string_view kind, json::object& o);
/// An unknown path of a paste/routes service.
reply no_such_path();
/// What nova and cinder list: own, or everybody's to an admin who asks with all_tenants.
std::function<bool(const record&)> tenant_filter(const context& c,
                                                 const std::vector<const char*>& fields);

reply keystone(context& c);
reply nova(context& c);
reply neutron(context& c);
reply cinder(context& c);
reply glance(context& c);
reply swift(context& c);
reply heat(context& c);
reply octavia(context& c);
reply designate(context& c);
reply barbican(context& c);
reply vmexpire(context& c);
reply control(context& c);

// What one service asks of another, as the real ones do.
std::string create_port(world& w, const std::string& region, const std::string& project,
                        const std::string& network, json::object extra);
/// Nova asks Neutron for the ports of a server that goes, as whoever deletes it: an administrator
/// is shown those of others too.
void release_ports(world& w, const std::string& region, const record& server,
                   bool as_administrator);
void remove_port(world& w, const std::string& region, const std::string& id);
/// And Cinder to let go of its volumes, or to delete those that are to end with it.
void release_volumes(world& w, const std::string& region, const record& server,
                     bool as_administrator);
std::string default_group(world& w, const std::string& region, const std::string& project);
std::string authenticate_url(const world& w);
/// `why`: what Keystone says with 404 of a token whose ground is gone; without, it is just 401.
void forget_tokens(world& w, const std::function<bool(const token&)>& which,
                   const std::string& why = {});
std::set<std::string> effective_roles(const world& w, const std::string& user,
                                      const std::string& project, const std::string& domain);

}  // namespace sandbox
