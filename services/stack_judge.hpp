// Whether an administrator may have Heat delete a tenant's stack: Heat does it with the rights of
// whoever asks, and the tenant wrote the template. Everything in the stack must be known to be the
// project's, or be of a type that harms nobody.
#pragma once

#include "services/inventory.hpp"
#include "services/stack_types.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ostclean::services {

/// Heat's lists of one stack, the first two with those of the stacks within.
class stack_record {
 public:
  boost::json::array resources;
  boost::json::array events;  ///< the oldest first
  boost::json::array snapshots;
};

class stack_judge {
 public:
  /// `stack`, `items` and what Heat tells of the stack must outlive it.
  stack_judge(place where, const item& stack, const std::vector<item>& items,
              const stack_record& told)
      : where_(std::move(where)), stack_(stack), items_(items), told_(told) {}

  /// Why the stack must be left; empty when it may go. An error when Heat does not say.
  boost::asio::awaitable<result<std::string>> why_left();

 private:
  using answer = boost::asio::awaitable<result<boost::json::value>>;

  answer get(std::string service, std::string url, std::string_view microversion = {});
  std::string why_not_created() const;
  std::string why_replaced() const;
  boost::asio::awaitable<result<std::string>> judge_saved(const boost::json::value& snapshot);
  boost::asio::awaitable<result<void>> read_environments();
  boost::asio::awaitable<result<const type_registry*>> types_in(std::string at);
  boost::asio::awaitable<result<std::string>> judge(const boost::json::value& resource);
  boost::asio::awaitable<result<std::string>> judge_as(const boost::json::value& resource,
                                                       const std::string& type);
  boost::asio::awaitable<result<bool>> is_the_projects(std::string type, std::string id);
  boost::asio::awaitable<result<bool>> is_ours_by_row(const kind& row, std::string id);
  boost::asio::awaitable<result<bool>> is_ours_by_look(const looked_up_type& what, std::string id);
  boost::asio::awaitable<result<bool>> names_ours(const boost::json::value& resource,
                                                  std::string_view properties);
  boost::asio::awaitable<result<bool>> is_stack_beside(const boost::json::value& resource,
                                                       std::string id);
  boost::asio::awaitable<result<const boost::json::value*>> template_of(std::string at);
  bool is_listed(const kind& row, const std::string& id) const;
  bool is_judged(const boost::json::value& resource) const;
  bool is_made_here(const std::string& id) const;
  bool is_judged_resource(const std::string& at, const std::string& name) const;
  std::string parameter(const std::string& at, const std::string& name) const;

  place where_;
  const item& stack_;
  const std::vector<item>& items_;
  const stack_record& told_;
  /// By path of the (nested) stack.
  std::map<std::string, std::pair<type_registry, boost::json::value>> environments_;
  std::map<std::string, boost::json::value> templates_;  ///< by path of the (nested) stack
};

/// The last that Heat tells of each thing that a stack, nested or not, ever held, by its id for
/// Heat: what an update has replaced goes with the stack if it is still there, and no list of
/// resources shows it.
std::map<std::string, const boost::json::value*> held_once(const boost::json::array& events);

/// Whether the events of the stack, and of each within, begin with its creation. Heat keeps the
/// newest only.
bool shows_all(const stack_record& told, const item& stack);

/// What a snapshot of a stack has made, and goes with it.
class saved_thing {
 public:
  saved_thing(const kind* row, std::string id) : row(row), id(std::move(id)) {}
  const kind* row;
  std::string id;
};
/// Images of servers and backups of volumes. An error while the snapshot is being made.
result<std::vector<saved_thing>> saved_by(const boost::json::value& snapshot);

/// ".../v1/PROJECT/stacks/NAME/ID" of the link with this meaning, from "/stacks" on.
std::string linked(const boost::json::value& of, std::string_view rel);
std::string id_at_end(const std::string& id);  ///< of an id that is a URL, or a path

/// The way out for the user whose stack an administrator leaves.
inline constexpr std::string_view k_as_its_user =
    "; with --credentials or --trusts Heat deletes it with its user's rights";

/// The path below the endpoint of the stack, nested or not, that a listed resource is in; that of
/// `otherwise` where its links do not tell.
std::string path_of_stack(const boost::json::value& resource, const item& otherwise);

}  // namespace ostclean::services
