// Which servers and volumes of the whole cloud use given images: one sweep over all of Cinder and
// all of Nova, a page in memory at a time; only what uses one of the images is kept. Any list that
// does not come is an error, because then an image may be in use unseen.
#pragma once

#include "core/auth/session.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::services {

class image_user {
 public:
  image_user() = default;
  std::string id, name, project_id, region;
  std::string volume_id;  ///< of a server: it runs from this volume, which was made from the image
};

class image_use {
 public:
  image_use() = default;
  /// By the image's id, in the order Nova and Cinder list them.
  std::map<std::string, std::vector<image_user>> servers, volumes;
  std::vector<std::string> notes;  ///< services a region does not have
};

/// `admin` must be an administrator's session: Cinder shows others only their own without a word.
/// `wanted` are ids of images.
boost::asio::awaitable<result<image_use>> find_image_use(auth::session& admin,
                                                         std::vector<std::string> regions,
                                                         std::set<std::string> wanted);

}  // namespace ostclean::services
