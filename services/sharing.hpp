// Who else sees an image: visibility and members (Image API v2). Glance knows members of images
// that are "shared" only, so they go before the visibility changes and come back after it.
#pragma once

#include "core/auth/session.hpp"
#include "services/item.hpp"
#include "services/stop_record.hpp"

#include <string>
#include <vector>

namespace ostclean::services {

/// A JSON patch (RFC 6902).
boost::asio::awaitable<result<void>> patch_image(auth::session& as, const item& image,
                                                 std::string body);

/// None for an image that is not shared.
boost::asio::awaitable<result<std::vector<image_member>>> members_of(auth::session& as,
                                                                     const item& image);
boost::asio::awaitable<result<void>> remove_members(auth::session& as, const item& image);
/// Removes the members, then nobody else sees it.
boost::asio::awaitable<result<void>> make_private(auth::session& as, const item& image);

/// The visibility it had and its members. The value names the members that must accept it again,
/// because only they can.
boost::asio::awaitable<result<std::vector<std::string>>> share_again(auth::session& as,
                                                                     const item& image,
                                                                     former before);

}  // namespace ostclean::services
