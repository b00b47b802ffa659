#include "tests/cli/references.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/sandbox/client.hpp"

namespace cli {

void check_left(const site& s, const ending& e, const char* kind, const std::string& id,
                const std::string& why) {
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object(kind, id).is_null(), kind << " is gone");
  BOOST_TEST(e.says(why), e.err);
}

void forward_to(site& s, const std::string& port) {
  s.it.change("floatingip", s.theirs.floating_ip, {{"port_id", nullptr}});
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  admin.post("/network/v2.0/floatingips/" + s.theirs.floating_ip + "/port_forwardings",
             json::object{{"port_forwarding", json::object{{"protocol", "tcp"},
                                                           {"internal_port_id", port},
                                                           {"internal_ip_address", "10.0.0.9"},
                                                           {"internal_port", 22},
                                                           {"external_port", 2222}}}});
}

void name_group(site& s) {
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const json::object rule{{"security_group_id", s.theirs.security_group},
                          {"direction", "ingress"},
                          {"remote_group_id", s.mine.security_group},
                          {"project_id", s.theirs.project_id}};
  admin.post("/network/v2.0/security-group-rules", json::object{{"security_group_rule", rule}});
}

}  // namespace cli
