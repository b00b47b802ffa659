// What Heat does when it deletes a resource of a type, as far as it matters to an administrator
// whose rights it does it with: read from Heat's own source (heat/engine/resources). A type that is
// not told of here is not known to be harmless.
#pragma once

#include "services/kind.hpp"

#include <boost/json/value.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostclean::services {

/// The kind of the table that a type makes; nullptr when it makes none.
const kind* row_of_type(std::string_view type);

/// Deleting it changes nothing outside of Heat, or only what the token's own project has: users in
/// Heat's own domain, containers of the account, queues.
bool is_harmless(std::string_view type);

/// What belongs to the whole cloud: only an administrator's stack makes such.
bool is_operators(std::string_view type);

/// Things that are no kind of ours, and where their owner is asked for.
struct looked_up_type {
  std::string_view type, service, major;
  std::string_view path;   ///< below the endpoint; {id} is replaced
  std::string_view owner;  ///< field that must equal the target project, in each of a list; "": who
                           ///< may see it has it
};
const looked_up_type* find_looked_up(std::string_view type);

/// Whose the thing is can be asked for by the id that Heat shows.
bool is_looked_up(std::string_view type);

/// Types whose deletion is sent to what a property names, and not to the id that Heat shows; the
/// properties, by spaces, of which the first that is given counts. Empty for others.
std::string_view naming_properties(std::string_view type);

/// "ROUTER:subnet_id=..." and "ROUTER:NETWORK" are what Heat shows for these.
bool is_on_a_router(std::string_view type);

/// These look for a router by name, among everybody's when an administrator asks, and change it.
bool acts_on_names(std::string_view type);

/// A property that refers to one of these gets a name or an address, and Heat looks for that among
/// everybody's when an administrator asks: it may be another's by now.
bool is_referred_to_by_name(std::string_view type);

/// The environment of a stack may put any type in the place of another, and the list of resources
/// goes on calling them by what the template says.
class type_registry {
 public:
  explicit type_registry(const boost::json::value& environment);
  /// Every type as which Heat may delete a resource that is called `type`.
  std::set<std::string> meanings(const std::string& type) const;

 private:
  enum class origin { one_name, everywhere, heat };  ///< for resources of one name; Heat's own
  class entry {
   public:
    entry(std::string pattern, std::string value, origin from)
        : pattern_(std::move(pattern)), value_(std::move(value)), from_(from) {}
    std::optional<std::string> put_for(const std::string& type) const;
    bool hides(const std::string& type, const std::string& put) const;

   private:
    std::string pattern_, value_;
    origin from_;
  };
  void read(const boost::json::value& level, origin from);

  std::vector<entry> entries_;
};

/// A type that is a template of its own: judged by what it holds.
bool is_template(std::string_view type);

}  // namespace ostclean::services
