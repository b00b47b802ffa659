#include "cmd/exit_status.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cmd_exit_status)

using namespace ostclean;
using namespace ostclean::cmd;

// The numbers themselves: scripts do not include our header.
BOOST_AUTO_TEST_CASE(every_error_has_its_documented_code) {
  const std::pair<errc, int> documented[] = {
      {errc::usage, 2},     {errc::config, 2},   {errc::network, 1},      {errc::tls, 1},
      {errc::timeout, 8},   {errc::protocol, 1}, {errc::auth, 4},         {errc::forbidden, 4},
      {errc::not_found, 1}, {errc::conflict, 1}, {errc::service, 1},      {errc::refused, 5},
      {errc::stale, 7},     {errc::io, 1},       {errc::interrupted, 130}};
  for (const auto& [code, number] : documented) BOOST_TEST(exit_status_of(code) == number);
}

BOOST_AUTO_TEST_SUITE_END()
