// What comes to protect a thing between the plan and its DELETE: a lock, a tag, a port on a subnet
// that Neutron deletes from under it.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/sandbox/client.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_latest)

namespace {

using sandbox::level;

const json::object k_tags{{"tags", json::array{"ostclean:keep"}}};

bool is_there(const site& s, const std::string& kind, const std::string& id) {
  return !s.it.object(kind, id).is_null();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_lock_keeps_the_server_and_what_it_stands_on) {
  site s;
  const auto e = remove_while(s, [&] {
    s.it.change("server", s.mine.servers[0], {{"locked", true}});
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(is_kept(e, s.mine.servers[0]), e.out);
  for (const auto& [kind, id] : {std::pair("server", s.mine.servers[0]),
                                 {"network", s.mine.network},
                                 {"floatingip", s.mine.floating_ip},
                                 {"router", s.mine.router}})
    BOOST_TEST(is_there(s, kind, id), kind);
  BOOST_TEST(!is_there(s, "server", s.mine.servers[1]));
  BOOST_TEST(!is_there(s, "volume", s.mine.volume));
}

BOOST_AUTO_TEST_CASE(a_tag_keeps_a_thing_of_every_kind_that_has_them) {
  const json::object data{{"metadata", json::object{{"ostclean:keep", "yes"}}}};
  site s(level::extra);
  const auto e = remove_while(s, [&] {
    for (const auto& [kind, id] : {std::pair("network", s.mine.network),
                                   {"loadbalancer", s.mine.load_balancer},
                                   {"floatingip", s.mine.floating_ip},
                                   {"security_group", s.mine.security_group}})
      s.it.change(kind, id, k_tags);
    for (const auto& [kind, id] : {std::pair("volume", s.mine.volume), {"backup", s.mine.backup}})
      s.it.change(kind, id, data);
    s.it.change("image", s.mine.private_image, {{"ostclean:keep", "1"}});
    s.it.change("zone", s.mine.zone, {{"attributes", json::object{{"ostclean:keep", "1"}}}});
  });
  BOOST_TEST(e.code == 0, e.err);
  for (const auto& [kind, id] : {std::pair("network", s.mine.network),
                                 {"subnet", s.mine.subnet},
                                 {"loadbalancer", s.mine.load_balancer},
                                 {"floatingip", s.mine.floating_ip},
                                 {"security_group", s.mine.security_group},
                                 {"volume", s.mine.volume},
                                 {"backup", s.mine.backup},
                                 {"image", s.mine.private_image},
                                 {"zone", s.mine.zone}})
    BOOST_TEST(is_there(s, kind, id), kind);
  BOOST_TEST(!is_there(s, "server", s.mine.servers[0]));
  BOOST_TEST(!is_there(s, "image", s.mine.shared_image));
}

BOOST_AUTO_TEST_CASE(what_would_go_along_with_it_is_looked_at_too) {
  site s(level::extra);
  std::string port;
  const auto e = remove_while(s, [&] {
    s.it.change("network", s.mine.stack_network, k_tags);
    s.it.arrange([&](sandbox::world& w) {
      for (auto& [seq, p] : w.of("port").rows())
        if (sandbox::text(p.body, "device_id") == s.mine.servers[1])
          p.body["tags"] = json::array{"ostclean:keep"}, port = p.id;
    });
  });
  BOOST_TEST(e.code == 0, e.err);
  for (const auto& [kind, id] : {std::pair("stack", s.mine.stack),
                                 {"network", s.mine.stack_network},
                                 {"server", s.mine.servers[1]},
                                 {"port", port}})
    BOOST_TEST(is_there(s, kind, id), kind);
  BOOST_TEST(!is_there(s, "server", s.mine.servers[0]));
}

/// What was not chosen, and goes along with what was.
BOOST_AUTO_TEST_CASE(what_would_go_along_is_looked_at_when_it_was_not_chosen) {
  site s(level::extra);
  std::string port;
  const auto e = remove_while(s,
                              [&] {
                                s.it.change("network", s.mine.stack_network, k_tags);
                                s.it.arrange([&](sandbox::world& w) {
                                  for (auto& [seq, p] : w.of("port").rows())
                                    if (sandbox::text(p.body, "device_id") == s.mine.servers[1])
                                      p.body["tags"] = json::array{"ostclean:keep"}, port = p.id;
                                });
                              },
                              {"--only", "stack", "--only", "server"});
  BOOST_TEST(e.code == 0, e.err);
  for (const auto& [kind, id] : {std::pair("stack", s.mine.stack),
                                 {"network", s.mine.stack_network},
                                 {"server", s.mine.servers[1]},
                                 {"port", port}})
    BOOST_TEST(is_there(s, kind, id), kind);
  BOOST_TEST(!is_there(s, "server", s.mine.servers[0]));
}

BOOST_AUTO_TEST_CASE(a_tag_on_a_routers_interface_keeps_it_and_the_way) {
  site s;
  std::string leg;
  const auto e = remove_while(s, [&] {
    s.it.arrange([&](sandbox::world& w) {
      for (auto& [seq, p] : w.of("port").rows())
        if (sandbox::text(p.body, "device_owner") == "network:router_interface" &&
            sandbox::text(p.body, "device_id") == s.mine.router)
          p.body["tags"] = json::array{"ostclean:keep"}, leg = p.id;
    });
  });
  BOOST_TEST(e.code == 0, e.err);
  for (const auto& [kind, id] : {std::pair("port", leg),
                                 {"router", s.mine.router},
                                 {"subnet", s.mine.subnet},
                                 {"network", s.mine.network}})
    BOOST_TEST(is_there(s, kind, id), kind);
}

/// Both projects are to go, and what one of them needs of the other is protected by now.
BOOST_AUTO_TEST_CASE(what_needs_a_thing_of_another_project_stays_with_it) {
  site s;
  s.it.change("floatingip", s.mine.floating_ip, {{"port_id", s.theirs.port}});
  s.fault("hold", "network", "GET", "/security-group-rules?remote_group_id", 2);  // of the second
  const auto e = remove_slowly(s, {[&] { s.it.change("port", s.theirs.port, k_tags); }},
                               {"--project", s.theirs.name});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(is_there(s, "port", s.theirs.port));
  BOOST_TEST(is_there(s, "floatingip", s.mine.floating_ip));
  BOOST_TEST(!is_there(s, "server", s.mine.servers[0]));
  BOOST_TEST(e.says("leads to port " + s.theirs.port + " of project " + s.theirs.project_id),
             e.err);
}

/// It was put on another's router by its own id, and stays the project's port.
BOOST_AUTO_TEST_CASE(a_port_of_ours_on_anothers_router_is_not_given_away) {
  site s;
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  std::string port;
  s.it.arrange([&](sandbox::world& w) {
    const json::object address{{"subnet_id", s.mine.subnet}, {"ip_address", "10.1.0.77"}};
    port = sandbox::create_port(w, "", s.mine.project_id, s.mine.network,
                                {{"fixed_ips", json::array{address}}});
  });
  const auto answer =
      admin.send("PUT", "/network/v2.0/routers/" + s.theirs.router + "/add_router_interface",
                 json::serialize(json::object{{"port_id", port}}));
  BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
  const auto e = remove_while(s, [] {});
  BOOST_TEST(!e.says("'s by now"), e.err);
}

BOOST_AUTO_TEST_CASE(include_protected_takes_what_is_locked_late) {
  site s;
  const auto e = remove_while(s,
                              [&] {
                                s.it.change("server", s.mine.servers[0], {{"locked", true}});
                              },
                              {"--include-protected"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(many_are_looked_at_with_one_list) {
  site s;
  s.it.set_async_delay(std::chrono::milliseconds(1));
  const auto one = s.it.object("volume", s.mine.volume).as_object();
  for (int i = 0; i < 300; ++i) {
    const auto id = fmt::format("99999999-9999-4999-8999-{:012}", i);
    auto another = one;
    another["id"] = id;
    s.it.put("volume", id, s.mine.project_id, std::move(another));
  }
  std::size_t planned = 0;
  const auto e = remove_while(s, [&] { planned = s.count("GET", "volume", "/volumes/detail"); });
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  BOOST_TEST(s.count("GET", "volume", "/volumes/9") == 0U);
  BOOST_TEST(s.count("GET", "volume", "/volumes/detail") < planned + 60U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_looked_at_again_is_left) {
  site s;
  const auto e = remove_while(s, [&] { s.fail("volume", "GET", "/volumes/detail", 403); });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(is_there(s, "volume", s.mine.volume));
  BOOST_TEST(s.count("DELETE", "volume", "/volumes/") == 0U);
  BOOST_TEST(e.says("cannot see what protects it by now"), e.err);
}

BOOST_AUTO_TEST_CASE(a_port_that_comes_late_keeps_an_automatic_subnet) {
  for (const char* field : {"ipv6_address_mode", "ipv6_ra_mode"}) {
    site s;
    s.it.change("subnet", s.mine.subnet, {{field, "slaac"}, {"ip_version", 6}});
    s.fault("hold", "network", "PUT", "/remove_router_interface");
    std::string port;
    json::value before;
    const auto e = run_while(s, s.removal(), [&] {
      s.it.arrange([&](sandbox::world& w) {
        const json::object address{{"subnet_id", s.mine.subnet}, {"ip_address", "fd00::77"}};
        port = sandbox::create_port(w, "", s.theirs.project_id, s.mine.network,
                                    {{"fixed_ips", json::array{address}}});
      });
      before = s.it.object("port", port);
    });
    BOOST_TEST(e.code == 3, e.err);
    BOOST_TEST(is_there(s, "subnet", s.mine.subnet), field);
    BOOST_TEST((s.it.object("port", port) == before));
    BOOST_TEST(e.says("port " + port + " of project " + s.theirs.project_id), e.err);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
