// Whether an administrator may have Heat delete a tenant's stack: Heat does it with the rights of
// whoever asks, and the tenant wrote the template. Everything in the stack must be known to be the
// project's, or be of a type that harms nobody.
#pragma once

#include "services/inventory.hpp"
#include "services/stack_types.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ostclean::services {

class stack_judge {
 public:
  /// `stack`, `items` and `resources` (Heat's list, with nested ones) must outlive it.
  stack_judge(place where, const item& stack, const std::vector<item>& items,
              const boost::json::array& resources)
      : where_(std::move(where)), stack_(stack), items_(items), resources_(resources) {}

  /// Why the stack must be left; empty when it may go. An error when Heat does not say.
  boost::asio::awaitable<result<std::string>> why_left();

 private:
  using answer = boost::asio::awaitable<result<boost::json::value>>;

  answer get(std::string service, std::string url, std::string_view microversion = {});
  boost::asio::awaitable<result<std::string>> why_not_created();
  boost::asio::awaitable<result<std::string>> judge(const boost::json::value& resource);
  boost::asio::awaitable<result<std::string>> judge_as(const boost::json::value& resource,
                                                       const std::string& type);
  boost::asio::awaitable<result<bool>> is_the_projects(std::string type, std::string id);
  boost::asio::awaitable<result<bool>> is_ours_by_row(const kind& row, std::string id);
  boost::asio::awaitable<result<bool>> is_ours_by_look(const looked_up_type& what, std::string id);
  boost::asio::awaitable<result<bool>> names_ours(const boost::json::value& resource,
                                                  std::string_view properties);
  boost::asio::awaitable<result<const boost::json::value*>> template_of(std::string at);
  bool is_listed(const kind& row, const std::string& id) const;
  bool is_judged(const boost::json::value& resource) const;
  bool is_made_here(const std::string& id) const;
  bool is_judged_resource(const std::string& at, const std::string& name) const;

  place where_;
  const item& stack_;
  const std::vector<item>& items_;
  const boost::json::array& resources_;
  std::optional<type_registry> types_;
  std::map<std::string, boost::json::value> templates_;  ///< by path of the (nested) stack
};

/// The path below the endpoint of the stack, nested or not, that a listed resource is in; that of
/// `otherwise` where its links do not tell.
std::string path_of_stack(const boost::json::value& resource, const item& otherwise);

}  // namespace ostclean::services
