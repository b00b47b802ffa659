// The table of resource kinds: what OpenStack is, as data. Adding a kind is adding a row to
// kinds.cpp; listing, ownership, order, deletion, watching, verification, help and their tests come
// from the row. The rows stand in a legal delete order and the compiler checks it.
#pragma once

#include "core/http/pages.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::services {

/// How we know whose an object is when its row's owner field is missing from what the service sent.
enum class fallback_owner {
  none,    ///< then it is nobody's we know: never touched
  parent,  ///< the object it belongs to (`parent`) is owned
  token  ///< the service lists by the token's project only, and the token is for the target project
         ///< and not an all-seeing one
};

/// list_all of a kind that is shown to its own project only.
inline constexpr std::string_view no_view = "-";

struct kind {
  std::string_view name;  ///< "floating_ip": the key in reports and the word of --only and --skip
  std::string_view service;  ///< catalog type
  std::string_view major;    ///< API major version, "" when the catalog's URL always has it
  std::string_view list;  ///< path and query below the endpoint; {project}, {caller} and {user} are
                          ///< replaced;
                          ///< several: by spaces
  std::string_view list_all = "";  ///< the same for an administrator's token of another project; ""
                                   ///< when there is no such view
  std::string_view aside = "";     ///< a further list for administrators: what all others leave out
  std::string_view ids = "";       ///< path of a list of ids only, where it is much cheaper
  std::string_view key;            ///< member of the answer that holds the array
  std::string_view item =
      "";  ///< path of one object; {id} and {name} are replaced; what DELETE is sent to
  std::string_view id = "id";       ///< field with the id; of a URL the last segment counts
  std::string_view label = "name";  ///< field with the human name
  std::string_view owner = "";      ///< field that must equal the target project
  fallback_owner otherwise = fallback_owner::none;
  std::string_view parent = "";        ///< "KIND:FIELD" of the owned parent
  std::string_view microversion = "";  ///< sent as OpenStack-API-Version
  std::string_view older = "";  ///< for a service that is too old for `microversion`, and so has
                                ///< nothing of what that shows; and for all that is no list
  std::string_view since = "";  ///< the one that brought the kind, where that is an older one
  http::paging paging = http::paging::links;
  std::string_view also = "";  ///< further fields by which other objects refer to this one
  std::string_view before =
      "";  ///< "KIND:FIELD ...": goes before the objects whose id the field holds
  std::string_view after = "";  ///< "KIND:FIELD ...": goes after them
  std::string_view stands =
      "";  ///< "KIND:FIELD ...": is kept when one of those is kept, without an order
  std::string_view dies_with = "";  ///< "KIND:FIELD ...": those are kept when this one is, for
                                    ///< deleting them deletes it, or takes it apart from them
  std::string_view status =
      "";  ///< field with the state of an asynchronous delete; "" when DELETE is the end
  std::string_view broken = "";  ///< values of it that mean the delete has failed
  std::string_view force = "";   ///< action for --force, such as "os-force_delete"
  std::string_view heat = "";    ///< resource types with which Heat makes one, by spaces
  bool optional = false;  ///< an extension: 404 on the list means that this cloud has none of it
  std::string_view encoded = "";  ///< a field that is JSON in a text
  std::string_view marks = "";    ///< fields that may carry the policy's tag
  std::string_view reads = "";  ///< fields that decide about protection or order, beside all these
};

/// All kinds, in an order in which they may be deleted.
std::span<const kind> kinds();
/// nullptr when there is no such kind.
const kind* find_kind(std::string_view name);

/// Every field that ownership, protection and order read: a list that does not show one is blind.
std::vector<std::string> fields_read(const kind& row);

/// "KIND:FIELD" words of before, after and stands.
struct reference {
  std::string_view kind, field;
};
/// Splits the first word off `words`; an empty kind at the end.
constexpr reference next_reference(std::string_view& words) {
  while (!words.empty() && words.front() == ' ') words.remove_prefix(1);
  auto end = words.find(' ');
  auto word = words.substr(0, end);
  words.remove_prefix(end == std::string_view::npos ? words.size() : end);
  auto colon = word.find(':');
  if (colon == std::string_view::npos) return {word, {}};
  return {word.substr(0, colon), word.substr(colon + 1)};
}

}  // namespace ostclean::services
