// Which of the project's objects stay: what the user left out, what is protected, and whatever a
// kept object stands on.
#pragma once

#include "core/plan/graph.hpp"
#include "core/time.hpp"
#include "services/inventory.hpp"
#include "services/planned.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::services {

class choices {
 public:
  choices() = default;
  std::set<std::string> only, skip;  ///< kind names
  std::optional<sys_time> created_before, updated_before;
  std::set<std::string> keep_images;  ///< ids: made private and marked instead of deleted
  std::set<std::string> unlock;       ///< ids of servers whose lock `stop --lock` has set
  /// Only these, when it is set; and of containers only what is older than `planned_at`.
  std::shared_ptr<const planned_objects> planned;
  std::optional<sys_time> planned_at;
  bool planned_by_this_run = false;  ///< and not in an earlier one, which somebody has read
  bool include_protected = false;
  bool force = false;
  std::string tag;  ///< the policy's, such as "ostclean:keep"
};

/// Whether a container loses only a part of its objects: those that are older than a time that was
/// asked for, or than an earlier run's plan. What comes while a run is at work is not meant.
bool spares_objects(const choices& how);
/// Whether an object of a container stays, for its age or because it does not show: `modified` is
/// "last_modified" of Swift's listing, the time of the last POST too.
bool is_spared(const std::string& modified, const choices& how);

/// Whether the object carries the policy's tag: as a tag, as metadata, as an image property.
bool has_tag(const item& one, const std::string& tag);

/// Decides the fate of every item by itself: choices, tag, locks, protection.
void judge_alone(std::vector<item>& items, const choices& how);

/// Keeps it if its tag or a lock protects it by now; true when so.
bool keep_protected(item& one, const choices& how);

/// What must go before what, and who stays because of whom; indices are those of `items`.
class relations {
 public:
  explicit relations(const std::vector<item>& items);

  std::vector<std::pair<std::size_t, std::size_t>> order;  ///< the first goes before the second
  class bond {
   public:
    bond(std::size_t from, std::size_t to, bool only_protected)
        : from(from), to(to), only_protected(only_protected) {}
    std::size_t from, to;  ///< when `from` stays, `to` stays
    bool only_protected;   ///< not when `from` is merely unselected
    bool itself = false;   ///< nor when it only stays for something that stands on it
  };
  std::vector<bond> bonds;
  /// An order that gives way to that of stacks: what is on a subnet goes before the routers'
  /// interfaces there.
  std::vector<std::pair<std::size_t, std::size_t>> wishes;

  /// What `from` takes away with it, and no list shows, stands on `ground`.
  void add_guest(std::size_t from, std::size_t ground);
  /// What has come to be referred to by things of this kind: bonds only, for who stays. Whether
  /// there are any.
  bool add_bonds_of(const std::vector<item>& items, std::string_view kind);
  /// A stack and what it made; told by Heat, not by the items.
  void add_stack_content(std::size_t stack, std::size_t content);
  /// After the last of them: what the user hung on a stack's content goes before the stack, or Heat
  /// fails.
  void settle_stacks();
  /// Each stack with each thing that it made.
  const std::vector<std::pair<std::size_t, std::size_t>>& stack_contents() const {
    return contents_;
  }

 private:
  std::vector<std::pair<std::size_t, std::size_t>> contents_;
};

/// What an item has to do with things that are no items of its project.
class ties {
 public:
  ties() = default;
  /// A load balancer, and what its amphorae stand on.
  std::set<std::pair<std::size_t, std::size_t>> guests;
  class condition {
   public:
    condition(std::size_t at, std::string needs, std::string why,
              item::fate otherwise = item::fate::left)
        : at(at), needs(std::move(needs)), why(std::move(why)), otherwise(otherwise) {}
    std::size_t at;     ///< goes only when
    std::string needs;  ///< this, of another project of the same run, goes as well
    std::string why;
    item::fate otherwise;
  };
  std::vector<condition> conditions;
};

/// How what stays on a subnet is reached, and reaches the world.
void add_ways(const std::vector<item>& items, relations& out);

/// The routers' interfaces that Heat calls ROUTER:subnet_id=SUBNET or ROUTER:port_id=PORT.
std::vector<std::size_t> interfaces_named(const std::vector<item>& items, const std::string& name);

/// What would lose something to `some`, and so keeps them if it is to stay; step by step, as far as
/// `counts` says yes.
std::set<std::size_t> holders_of(std::vector<std::size_t> some, const relations& all,
                                 const std::function<bool(std::size_t)>& counts);

/// Marks what is not among --only and tied to what goes: what a stack holds, the ports of a server.
void mark_tied(std::vector<item>& items, const relations& all);

/// Keeps what mark_tied finds and `planned` does not name: it has come since, and would go along.
void keep_untold(std::vector<item>& items, const relations& all, const planned_objects& planned);

/// Spreads the fates of judge_alone along the relations until nothing changes; not to what is being
/// deleted.
void judge_together(std::vector<item>& items, const relations& all);

}  // namespace ostclean::services
