// Which cloud a file of ours speaks of.
#pragma once

#include "core/auth/catalog.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::services {

/// Keystone has an id of its own in the catalog, whatever URL it is reached at; it is empty where
/// it is not known.
class cloud_identity {
 public:
  cloud_identity() = default;
  cloud_identity(std::string url, std::string keystone_id)
      : url(std::move(url)), keystone_id(std::move(keystone_id)) {}
  /// As write() has written it.
  static cloud_identity read(const boost::json::value& line, std::string_view url_member);

  /// The same id, or where one is not known the same URL. A cloud that was made from another one's
  /// database has its ids: whoever goes by this looks twice.
  bool may_be(const cloud_identity& other) const;
  /// The URL as `url_member`, and beside it "keystone_id" when that is known.
  void write(boost::json::object& line, std::string_view url_member) const;
  /// The URL without its version and trailing slash.
  std::string name() const;

  std::string url;  ///< of Identity; of loans with the version
  std::string keystone_id;
};

/// The cloud of this run, with all that its catalog says of Keystone.
class this_cloud {
 public:
  this_cloud() = default;
  /// `all` null: nobody has logged in, and the URL has to do.
  this_cloud(std::string url, const auth::catalog* all);

  /// Whether it has written what is of `other`: at the URL of this run, and with no other id where
  /// both are known, or at another URL of its Identity in the catalog, with the same id.
  bool is(const cloud_identity& other) const;
  /// errc::config when it is another one's. `way_out`: what to do when the URL is this run's and
  /// only the id has changed.
  result<void> check(const cloud_identity& other, const std::string& file,
                     std::string_view way_out) const;

  cloud_identity identity;

 private:
  std::vector<std::string> names_;  ///< of every URL that this Keystone has in the catalog
};

}  // namespace ostclean::services
