// What the files of the object store share.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

using swift_account = std::map<std::string, swift_container>;

struct swift_path {
  std::string account, container, object;
};

reply swift_info(const context& c);
reply swift_page(int status);  ///< the little HTML page of that status
/// The account's containers; the key holds the region.
swift_account& swift_account_of(context& c, const std::string& account);
/// Whether the token may do anything in that account.
bool swift_allowed(const context& c, const std::string& account);
/// A DELETE of one name; the status it would answer.
reply swift_delete(context& c, swift_account& a, const swift_path& p);
reply swift_on_object(context& c, swift_account& a, const swift_path& p);
reply swift_put_object(context& c, swift_account& a, const swift_path& p);
reply swift_bulk_delete(context& c, swift_account& a);
reply swift_bulk_refused(context& c);  ///< 200, and inside that nothing was allowed
/// As the listing of versions shows what was written while none were kept.
swift_object swift_unversioned(swift_object o);
reply swift_no_versions();  ///< 400
std::uint64_t swift_bytes(const swift_container& c);
std::string swift_time();  ///< now, to the microsecond as Swift lists it
/// When something was made or changed, in the two headers that say so.
reply& swift_dated(reply& r);
std::string swift_stamp(world& w);  ///< a new timestamp, later than every other
std::string md5(const std::string& data);

}  // namespace sandbox
