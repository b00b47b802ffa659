#include "core/http/connect_options.hpp"

#include "core/http/no_proxy.hpp"

#include <cstdlib>

namespace ostclean::http {
namespace {

std::string setting(const char* lower, const char* upper) {
  for (const char* name : {lower, upper})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  return {};
}

}  // namespace

connect_options connect_options::from_environment() {
  connect_options options;
  options.http_proxy = setting("http_proxy", "HTTP_PROXY");
  options.https_proxy = setting("https_proxy", "HTTPS_PROXY");
  options.all_proxy = setting("all_proxy", "ALL_PROXY");
  options.no_proxy = setting("no_proxy", "NO_PROXY");
  return options;
}

std::string connect_options::proxy_for(const url_parts& to) const {
  const std::string& own = to.scheme == "https" ? https_proxy : http_proxy;
  const std::string& proxy = own.empty() ? all_proxy : own;
  if (proxy.empty() || bypasses_proxy(to.host, to.port, no_proxy)) return {};
  return proxy.find("://") == std::string::npos ? "http://" + proxy : proxy;
}

}  // namespace ostclean::http
