// What the files of the image service share.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

/// JSON to who asks for it, else a page of HTML.
reply glance_error(const context& c, int status, const std::string& why);
[[noreturn]] void glance_fail(const context& c, int status, const std::string& why);
record* glance_member(context& c, const std::string& image, const std::string& project);
record& glance_find(context& c, const std::string& id);  ///< or 404
/// The caller's own image, or 403 with `why`.
record& glance_own(context& c, const std::string& id, const char* why);
reply glance_done();  ///< 204 with the type that Glance gives to nothing
std::span<const route> glance_member_routes();

}  // namespace sandbox
