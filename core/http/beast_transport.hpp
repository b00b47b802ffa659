// The innermost layer: HTTP/1.1 over TCP and TLS with a keep-alive pool, proxies and deadlines. The
// one file behind it sees Boost.Beast and Asio's TLS, which cost 15 seconds a translation unit.
#pragma once

#include "core/http/connect_options.hpp"
#include "core/http/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <memory>

namespace ostclean::http {

/// The context behind `executor` is single-threaded and outlives the transport; the transport may
/// be destroyed while requests are under way. Errors carry "VERB URL" in `where`: errc::network
/// (`unsent` when no connection was made), errc::tls, errc::timeout (the deadline of the request),
/// errc::protocol (no HTTP, or over a limit), errc::config (URL, proxy, certificate).
std::unique_ptr<transport> make_beast_transport(asio::any_io_executor executor,
                                                connect_options options);

}  // namespace ostclean::http
