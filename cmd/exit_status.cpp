#include "cmd/exit_status.hpp"

namespace ostclean::cmd {

exit_status exit_status_of(errc code) {
  switch (code) {
    case errc::usage:
    case errc::config:
      return exit_usage;
    case errc::auth:
    case errc::forbidden:
      return exit_auth;
    case errc::refused:
      return exit_refused;
    case errc::stale:
      return exit_stale;
    case errc::timeout:
      return exit_timeout;
    case errc::interrupted:
      return exit_interrupted;
    case errc::network:
    case errc::tls:
    case errc::protocol:
    case errc::not_found:
    case errc::conflict:
    case errc::service:
    case errc::io:
      return exit_failed;
  }
  return exit_failed;
}

}  // namespace ostclean::cmd
