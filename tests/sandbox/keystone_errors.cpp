// Identity: how it refuses.
#include <fmt/core.h>

#include "tests/sandbox/keystone.hpp"

namespace sandbox {

void keystone_fail(int status, const std::string& message) {
  const char* title = status == 401   ? "Unauthorized"
                      : status == 403 ? "Forbidden"
                      : status == 404 ? "Not Found"
                      : status == 409 ? "Conflict"
                                      : "Bad Request";
  const json::object e{{"code", status}, {"message", message}, {"title", title}};
  throw refusal{reply(status, json::object{{"error", e}})};
}

void keystone_forbid(const std::string& action) {
  keystone_fail(403,
                "You are not authorized to perform the requested action: identity:" + action + ".");
}

void keystone_unknown(const std::string& kind, const std::string& id) {
  keystone_fail(404, fmt::format("Could not find {}: {}.", kind, id));
}

void keystone_unauthorized(const context& c, const std::string& why, bool method_named) {
  json::object e{{"code", 401}, {"message", why}, {"title", "Unauthorized"}};
  if (method_named) e["identity"] = json::object{};
  throw refusal{reply(401, json::object{{"error", e}})
                    .with("WWW-Authenticate", "Keystone uri=\"" + c.base + "/v3\"")};
}

reply no_page() {
  return {404,
          "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
          "<p>The requested URL was not found on the server. If you entered the URL manually "
          "please check your spelling and try again.</p>\n",
          "text/html; charset=utf-8"};
}

}  // namespace sandbox
