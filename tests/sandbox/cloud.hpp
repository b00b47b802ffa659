// An OpenStack in one process: real state, real TLS, the real services' answers. Tests that only
// mock what a client expects prove nothing; here a client's mistake deletes something, and the
// inventory shows whose it was. This header is all a test needs; the services live in files of
// their own.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sandbox {

namespace json = boost::json;

class world;

/// Of OpenStack, in the order they came: what a service answers depends on how old it is.
enum class release {
  zed,    ///< 2022.2
  epoxy,  ///< 2025.1
};

struct options {
  options() {}

  release is = release::zed;
  std::uint16_t port = 0;  ///< 0 takes any free port of 127.0.0.1
  std::vector<std::string> regions{"RegionOne", "RegionTwo"};
  bool distinct_regions = false;      ///< each further region has a state of its own under /r2, /r3
  bool internal_localhost = false;    ///< the internal endpoints have another host name
  std::vector<std::string> services;  ///< path prefixes to offer, empty for all of them
  /// Prefixes whose endpoints, beyond the first region's, are registered without a region.
  std::vector<std::string> regionless;
  int newest_volume_version = 0;                ///< 3.N; 0: that of the release
  std::vector<std::string> further_types;       ///< in the catalog, with nothing behind them
  std::vector<std::string> further_extensions;  ///< of Neutron
  /// Service types without an endpoint in the second region.
  std::vector<std::string> first_region_only;
  bool soft_delete = false;  ///< Nova's reclaim_instance_interval: a deleted server is set aside
  bool trusts_for_admin = false;  ///< OS-TRUST/trusts_for_admin, which stock Keystone has not
  bool bulk_delete = true;        ///< false: /info has no bulk_delete and POST ?bulk-delete fails
  bool ceph_objects = false;      ///< Ceph's gateway for Swift: no list shows what is a manifest
  std::chrono::seconds token_life{3600};
  std::size_t keystone_most = 1000;  ///< its max_db_limit, which counts since 2025.1
  /// Its bug 2134871: behind a prefix its links to the next page have that twice.
  bool keystone_prefix_twice = false;
  std::size_t list_limit = 0;  ///< Keystone's own setting, 0 for none
  /// What the policies of all services call the role of those who may do everything.
  std::string admin_role = "admin";
  /// os-vm-expire in the catalog: its type, and what follows "URL/vmexpire", $P being the project.
  std::string vmexpire_type = "vmexpire", vmexpire_suffix = "/v1/$P";
  /// Its policy.json: shipped, sample (administrators may use any project in the path) or closed
  /// (sample, and exclusions are for administrators).
  std::string vmexpire_policy = "shipped";
};

/// What seed_project() made: the same things the seed of a real cloud makes, then the rarer kinds.
struct seeded {
  std::string name, project_id, user_id, password;
  std::string network, subnet, router, security_group, port, keypair, volume, snapshot, backup;
  std::string private_image, shared_image, container, floating_ip;
  std::vector<std::string> servers;
  std::string load_balancer, stack, stack_network, secret, zone;  ///< level >= extra
  std::map<std::string, std::string> rare;                        ///< level == rare: kind -> id
};

enum class level {
  plain,  ///< network, servers, volumes, images, objects
  extra,  ///< and a load balancer, a stack, a secret, a zone
  rare,   ///< and one of every kind that is easy to forget
};

/// One request as it was answered.
struct seen {
  std::string service, method, path, query, body;
  int status = 0;
  std::string user, project;  ///< ids of the token's owner and scope, empty without a token
};

/// What goes wrong, and for which requests. Empty strings match everything.
struct fault {
  fault() {}

  std::string service;  ///< the path prefix: identity, compute, network, ...
  std::string method;
  std::string path;       ///< part of "path?query"
  std::string user;       ///< id of the user who asks; empty: anybody
  std::uint64_t nth = 0;  ///< 0: every match; else only the nth
  /// Nothing is done: status (with $TOKEN and $BODY of the request in the answer), reset, hang,
  /// refused (nobody listens for `wait`).
  /// Done, and then: delay (the true answer after `wait`), hold (the true answer once release() is
  /// called), late_status (`status` instead of it),
  /// lost (no answer), truncate, garbage (200 and broken JSON), not_http, overlong and underlong
  /// (Content-Length lies), endless (a body without an end), dribble (one, a byte at a time).
  /// The true answer, but: headers (added), ignore_filter (the list shows everybody's), inject
  /// (`object` joins the list), fail_async (accepted, then ends in ERROR or error_deleting).
  std::string action = "status";
  int status = 503;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds wait{1000};
  json::object object;
  bool for_good = false;      ///< whatever repeats the request it once met fails as well
  bool optional = false;      ///< nobody complains when nothing comes of it: see unmet_faults()
  std::uint64_t matched = 0;  ///< how often it matched so far
  std::string met;            ///< "METHOD /path" of that request
  /// Something came of it: no inject into an answer without a list, no ignore_filter or fail_async
  /// of a request whose service has no such lie.
  bool acted = false;
};

class cloud {
 public:
  explicit cloud(options o = options());
  ~cloud();
  cloud(const cloud&) = delete;
  cloud& operator=(const cloud&) = delete;

  std::uint16_t port() const;
  std::string url() const;       ///< https://127.0.0.1:PORT
  std::string auth_url() const;  ///< with /identity/v3
  std::string ca_pem() const;    ///< the certificate to trust
  /// The administrator: name admin, project admin, domain Default.
  static std::string admin_password() { return "adminsecret"; }

  /// A project, its user (name == project, password "trialpw", role member) and its resources.
  seeded seed_project(const std::string& name, level how_much = level::plain);
  /// As seed_project, and the user holds `role` with the attributes a trial has.
  seeded seed_trial_user(const std::string& name, const std::string& role,
                         const std::string& started, int duration, const std::string& email = {},
                         level how_much = level::plain, json::object attributes = {});
  /// A user without a project of its own; returns the id.
  std::string add_user(const std::string& name, const json::object& attributes = {});
  void grant(const std::string& user_id, const std::string& project_id, const std::string& role);

  /// Kind -> ids of what a project (or, for keypairs, a user) owns.
  std::map<std::string, std::vector<std::string>> inventory(const std::string& owner) const;
  /// "kind/id" -> the object as stored, of everything `except` does not own.
  std::map<std::string, std::string> snapshot(const std::string& except = {}) const;
  /// The stored object, or null.
  json::value object(const std::string& kind, const std::string& id) const;
  /// Changes a stored object behind the services' back.
  void change(const std::string& kind, const std::string& id, const json::object& fields);
  /// Puts an object of another make straight into a collection.
  void put(const std::string& kind, const std::string& id, const std::string& owner,
           json::object body);

  /// Puts `count` small objects named "n/NUMBER" into a container.
  void fill(const seeded& owner, const std::string& container, std::size_t count);
  /// Works on the state itself, under its lock: for worlds that no seed has.
  void arrange(const std::function<void(world&)>& what) const;

  std::vector<seen> requests() const;
  void clear_requests();
  void add_fault(fault f);
  void set_faults(std::vector<fault> all);  ///< in the place of those there were
  bool met_fault() const;                   ///< whether one of the faults that are set has happened
  /// Each fault that was ever set and of which nothing came, in words, but for the optional ones. A
  /// test that injects where no request goes proves nothing: its fixture asks for them at the end.
  std::vector<std::string> unmet_faults() const;
  bool holds() const;  ///< whether an answer is held back
  void release();      ///< lets those go that are, and holds no more for what held them
  void set_bulk_delete(bool on);
  /// Every asynchronous operation takes this long; negative goes back to 50 to 200 ms.
  void set_async_delay(std::chrono::milliseconds d);
  void settle();  ///< finishes every asynchronous operation now
  void expire_tokens();
  std::vector<std::string> tokens() const;                    ///< every one that is valid
  std::vector<std::string> issued() const;                    ///< every one there ever was
  std::string password_of(const std::string& user_id) const;  ///< empty when there is none
  std::size_t connections() const;                            ///< accepted since the start

  /// For the control endpoint: what to call on POST /_sandbox/stop.
  void on_stop(std::function<void()> f);
  std::string clouds_yaml(const std::string& cacert_path) const;

 private:
  struct running;
  std::unique_ptr<running> running_;
};

}  // namespace sandbox
