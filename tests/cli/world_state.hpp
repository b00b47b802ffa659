// What the sandbox holds at one moment, as the oracle of the random worlds sees it: read from the
// sandbox's own records and never through the program or its code.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/cli/child.hpp"
#include "tests/sandbox/cloud.hpp"

namespace cli {

/// One object. Its kind is what `ostclean kinds` calls it, or the sandbox's word for what is only a
/// part of something else.
class thing {
 public:
  std::string kind, id;
  std::string owner;    ///< project, for key pairs the user; whom it serves if nobody owns it
  json::object body;    ///< without its times
  std::string created;  ///< empty when the service does not say

  std::string text(const char* member) const;
  bool has_tag() const;
};

class picture {
 public:
  std::map<std::string, thing> things;  ///< "kind/id", containers and key pairs with their owner
  std::set<std::string> assignments;
  std::multimap<std::string, std::string> by_id;  ///< long ids -> keys

  const thing* find(const std::string& kind, const std::string& id) const;
  /// Keys of the things that this one's fields name; names and descriptions do not count.
  std::set<std::string> mentioned_by(const thing& one) const;
};

picture take_picture(const sandbox::cloud& it);

/// Whether `ostclean kinds` has this kind.
bool is_row(const thing& one);

}  // namespace cli
