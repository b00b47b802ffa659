// NO_PROXY has no standard; this is the union of what curl, Python requests and Go accept, because
// an operator's environment was written for one of them.
#pragma once

#include <cstdint>
#include <string_view>

namespace ostclean::http {

/// Whether `host` (lower case, no brackets) on `port` is reached directly under the comma or space
/// separated `list`: "*", names and their subdomains (with or without a leading dot or "*."),
/// addresses, CIDR blocks, each with an optional ":port".
bool bypasses_proxy(std::string_view host, std::uint16_t port, std::string_view list);

}  // namespace ostclean::http
