// What stands at the URL of os-vm-expire and is not os-vm-expire: one clear line each, and nothing
// on standard output.
#include <boost/test/unit_test.hpp>

#include "tests/cli/vmexpire_site.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_vmexpire_answers)

namespace {

struct odd {
  const char* name;
  int status;
  const char* type;
  const char* body;
  const char* location;
  const char* says;
};

constexpr odd k_odd[] = {
    {"html", 200, "text/html", "<html><h1>It works!</h1></html>", "", "text/html, not JSON"},
    {"html as json", 200, "application/json", "<html></html>", "", "the answer is not JSON"},
    {"empty", 200, "application/json", "", "", "the answer is empty"},
    {"versions", 300, "application/json", R"({"versions":{"values":[{"id":"v1"}]}})", "",
     "lists its versions v1"},
    {"redirect", 302, "text/html", "", "https://login.example.org/", "https://login.example.org/"},
    {"another list", 200, "application/json", R"({"servers":[]})", "", "no list 'vmexpires'"},
    {"no object", 200, "application/json", "[]", "", "no list 'vmexpires'"},
    {"error page", 404, "text/html",
     "<html><head><title>404</title></head><h1>Not here</h1></html>", "", "Not here"},
    {"half", 200, "application/json", R"({"vmexpires":[{"id":)", "", "the answer is not JSON"},
};

void answer_with(vm_site& s, const odd& one, const std::string& method) {
  sandbox::fault f;
  f.service = "vmexpire", f.method = method, f.path = "vmex", f.status = one.status;
  f.body = one.body;
  f.headers = {{"Content-Type", one.type}};
  if (*one.location != 0) f.headers.emplace_back("Location", one.location);
  s.it.set_faults({f});
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_list_that_is_none) {
  vm_site s;
  for (const auto& one : k_odd) BOOST_TEST_CONTEXT(one.name) {
      answer_with(s, one, "GET");
      for (const words& args : {words{"vmexpire", "list"}, words{"vmexpire", "show", "x"}}) {
        const auto e = s.run(args);
        BOOST_TEST(e.code == 1, e.err);
        BOOST_TEST(e.out.empty(), e.out);
        check_one_error(e, one.says);
        BOOST_TEST(e.says("--os-vmexpire-endpoint-override"), e.err);
      }
    }
}

BOOST_AUTO_TEST_CASE(a_change_that_is_answered_by_something_else) {
  vm_site s;
  s.track(s.mine, "vm", k_day);
  for (const auto& one : k_odd) {
    if (std::string(one.says).starts_with("no list")) continue;
    BOOST_TEST_CONTEXT(one.name) {
      answer_with(s, one, "PUT");
      const auto e = s.run({"vmexpire", "extend", "vm"});
      BOOST_TEST(e.code == 1, e.err);
      check_one_error(e, one.says);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_service_that_hangs_up) {
  vm_site s;
  const auto url = s.it.url() + "/vmexpire/v1/" + s.mine.project_id + "/elsewhere/v1/x";
  const auto e = s.run({"vmexpire", "list", "--os-vmexpire-endpoint-override", url});
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "without an answer");
}

BOOST_AUTO_TEST_CASE(the_service_breaks_after_an_id_that_is_too_long_which_is_never_sent) {
  vm_site s;
  const auto e = s.run({"vmexclude", "create", "--type", "user", std::string(300, 'x')});
  BOOST_TEST(e.code == 2, e.err);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(without_a_project_there_is_nothing_to_ask_for) {
  sandbox::options o;
  o.vmexpire_suffix = "/v1";
  vm_site s(std::move(o));
  const std::string clouds = "clouds:\n  nowhere:\n    auth:\n      auth_url: " + s.it.auth_url() +
                             "\n      username: admin\n      password: adminsecret\n" +
                             "      user_domain_id: default\n      domain_id: default\n" +
                             "    cacert: " + s.home.path("ca.pem") + "\n";
  manner how;
  how.environment["OS_CLIENT_CONFIG_FILE"] = s.home.write("own.yaml", clouds);
  how.environment["OS_CLOUD"] = "nowhere";
  const auto e = s.run({"vmexpire", "list"}, how);
  BOOST_TEST(e.errors().size() == 1U, e.err);
  BOOST_TEST(e.code == 4, e.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
