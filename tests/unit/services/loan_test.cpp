#include "services/loan.hpp"

#include "tests/unit/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_loan)

using namespace ostclean;
using namespace ostclean::services;

namespace {

boost::json::object lent(const char* what, const char* project, const char* user,
                         const char* role) {
  return {{"event", "lend"},       {"identity", "http://k/v3"}, {"what", what},
          {"project_id", project}, {"user_id", user},           {"role_id", role}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_that_does_not_say_what_was_lent_is_no_loan) {
  testing::temporary_folder folder;
  {
    auto log = plan::journal::create(folder.path + "/run.jsonl");
    BOOST_REQUIRE(log);
    BOOST_REQUIRE((*log)->write(lent("role", "p", "u", "r")));
    BOOST_REQUIRE((*log)->write(lent("role", "", "u", "r")));
    BOOST_REQUIRE((*log)->write(lent("role", "p", "u", "")));
    BOOST_REQUIRE((*log)->write(lent("enabled", "", "", "")));
  }
  const auto open = unfinished_loans(folder.path, false);
  BOOST_REQUIRE(open.size() == 1U);
  BOOST_TEST(open.front().second.project_id == "p");
}

BOOST_AUTO_TEST_SUITE_END()
