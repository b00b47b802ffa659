// What the tests of stop, images, delete --keep-images and purge share: the state that stop
// touches, and a neighbour whose servers run from an image of the target.
#pragma once

#include "tests/cli/harness.hpp"

namespace cli {

class resting : public site {
 public:
  explicit resting(sandbox::options o = sandbox::options());

  /// A server of the neighbour from the shared image; its id.
  std::string borrow();
  /// The same through a volume that was made from the image; ids of server and volume.
  std::pair<std::string, std::string> borrow_by_volume();
  std::string status(const std::string& server) const;
  std::string visibility(const std::string& image) const;
  /// Status of each server, visibility of each image, and the members, of the target.
  std::string state() const;
  /// stop --project ... --record RECORD --yes -f json
  ending stop(words further = {});
  ending undo(words further = {});
  std::string record() const { return home.path("stopped.jsonl"); }
  /// The lines of the record with this event.
  std::vector<json::object> events(const char* event) const;
  /// A credentials file of the target's user.
  std::string credentials() const;
};

}  // namespace cli
