// A cloud that nobody would think of: made from a seed, through the services themselves, with one
// to four projects that are to go, their neighbours, and whatever can hang between them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/cli/child.hpp"
#include "tests/cli/dice.hpp"
#include "tests/sandbox/seed.hpp"

namespace cli {

/// A project with its user.
class tenant {
 public:
  tenant() = default;
  bool ours = false;
  std::string name, project_id, user_name, user_id, domain;  ///< domain: its id
  std::shared_ptr<sandbox::hand> user;
  std::map<std::string, words> has;  ///< kind in the sandbox -> ids, in the order they were made
};

/// What the files that fill a world share.
class builder {
 public:
  builder(dice& any, sandbox::world& w, std::vector<tenant>& tenants);

  std::string name();  ///< odd, or the id or name of something else in this world
  /// POST of {key: fields} as the tenant; notes and returns the id.
  std::string make(tenant& t, const std::string& kind, const std::string& path,
                   const std::string& key, json::object fields, const sandbox::pairs& headers = {});
  /// For what a service may refuse in some worlds.
  template <class Deed>
  bool attempt(Deed deed) {
    try {
      deed();
      return true;
    } catch (const std::runtime_error&) {
      ++refused;
      return false;
    }
  }
  std::string pick(const tenant& t, const std::string& kind);  ///< an id, or nothing
  void set(const std::string& kind, const std::string& id, const json::object& fields);
  std::string field(const std::string& kind, const std::string& id, const char* member);
  tenant& another(const tenant& than);
  tenant* of_ours();      ///< any of them
  tenant* a_neighbour();  ///< null when there is none
  std::string next_cidr();
  void settle() { w.settle(); }

  dice& any;
  sandbox::world& w;
  std::vector<tenant>& tenants;
  sandbox::hand admin;
  std::string outside, public_image;         ///< the cloud's own network and image
  std::map<std::string, words> shared_with;  ///< project -> networks of others it may use
  int refused = 0;
  bool later = false;  ///< what is made now is new: no service dates it back
};

void add_identity(builder& b, tenant& t);
void add_networks(builder& b, tenant& t);
void share_networks(builder& b);
void add_ports(builder& b, tenant& t);
void add_routers(builder& b, tenant& t);
void add_addresses(builder& b, tenant& t);  ///< floating IPs, forwardings, trunks
void tangle_networks(builder& b);           ///< the references between projects
void add_images(builder& b, tenant& t);
void add_volumes(builder& b, tenant& t);
void add_backups(builder& b, tenant& t);
void add_servers(builder& b, tenant& t);
void tangle_storage(builder& b);
void tangle_people(builder& b);  ///< users of ours who work elsewhere too
void add_objects(builder& b, tenant& t, bool crowded);
void add_balancers(builder& b, tenant& t);
void add_stacks(builder& b, tenant& t);
void add_secrets(builder& b, tenant& t);
void add_zones(builder& b, tenant& t);
void age(builder& b);      ///< half of everything is years old
void protect(builder& b);  ///< tags, locks, protected images
/// What a tenant makes while somebody reads the plan. Every id is noted in `has`.
void add_later(builder& b, tenant& t);

/// The whole: every tenant with everything. `crowded`: one container holds 10,000 objects.
std::vector<tenant> fill_world(sandbox::world& w, dice& any, bool crowded, bool guarded);

inline constexpr const char* k_keep_tag = "ostclean:keep";

}  // namespace cli
