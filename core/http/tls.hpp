// What TLS must check, said to OpenSSL directly: its own verify parameters name the reason of a
// refusal ("hostname mismatch"), where a callback would only say that there was one.
#pragma once

#include "core/error.hpp"
#include "core/http/connect_options.hpp"

#include <optional>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace ostclean::http {

/// Loads trust and client certificate, TLS 1.2 at least; errc::config names the file that failed.
std::optional<error> configure_tls(ssl_ctx_st* context, const connect_options& options);

/// SNI (RFC 6066), which is for names only: an address is left out.
void name_server(ssl_st* session, const std::string& host);

/// name_server, and the name or address the certificate must carry.
void expect_host(ssl_st* session, const std::string& host);

/// Why the peer's certificate was refused, empty when it was not the certificate.
std::string refusal(ssl_st* session);

}  // namespace ostclean::http
