// What the files of the identity service share.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

[[noreturn]] void keystone_fail(int status, const std::string& message);
[[noreturn]] void keystone_forbid(const std::string& action);
[[noreturn]] void keystone_unknown(const std::string& kind, const std::string& id);
[[noreturn]] void keystone_unauthorized(
    const context& c, const std::string& why = "The request you have made requires authentication.",
    bool method_named = false);
reply no_page();  ///< what a web framework says of an address it does not know
/// What a token says, and the services it opens.
json::array catalog_of(context& c, const token& t);
json::object token_body(context& c, const token& t, bool with_catalog);
std::span<const route> token_routes();
void need_admin(const context& c, const char* action);  ///< action without "identity:"
record& keystone_find(context& c, const std::string& kind, const std::string& id);
json::object keystone_links(const context& c);
std::string one_of(const std::string& collection);  ///< "users" -> "user"
reply keystone_list(context& c);                    ///< users, projects, groups, domains or roles
/// The list of a part of something, which knows no marker. Cut by list_limit, or by `limit` where
/// this Keystone pages.
reply keystone_part(const context& c, const std::string& key, json::array all);
json::object with_self(const context& c, const json::object& o, const std::string& collection);
/// Since 2025.1 some lists refuse what they do not know.
void keystone_known_query(const context& c, const std::set<std::string>& known);
std::span<const route> auth_routes();
std::span<const route> role_routes();
std::span<const route> delegation_routes();  ///< trusts and application credentials
json::array role_refs(context& c, const std::set<std::string>& names, bool full);
std::string role_by_ref(context& c, const json::value& ref);  ///< {"id"} or {"name"} -> name

}  // namespace sandbox
