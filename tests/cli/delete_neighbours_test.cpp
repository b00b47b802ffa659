// What others have on the project's things, and what a kept thing stands on that no field of it
// names: the ways of subnets, an address that two ports share, a volume on a server.
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/sandbox/client.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_neighbours)

namespace {

using sandbox::level;

const json::object k_keep{{"tags", json::array{"ostclean:keep"}}};

void check_there(const site& s, const char* kind, const std::string& id) {
  BOOST_TEST(!s.it.object(kind, id).is_null(), kind << " " << id << " is gone");
}

void check_gone(const site& s, const char* kind, const std::string& id) {
  BOOST_TEST(s.it.object(kind, id).is_null(), kind << " " << id << " is left");
}

/// The router with its gateway, and its interface on the subnet.
void check_way(const site& s, const std::string& router, const std::string& subnet) {
  check_there(s, "router", router);
  BOOST_TEST(!s.it.object("router", router).at("external_gateway_info").is_null());
  bool leg = false;
  for (const auto& [key, body] : s.it.snapshot()) {
    if (!key.starts_with("port/") || body.find(subnet) == std::string::npos) continue;
    leg = leg || text(json::parse(body), "device_id") == router;
  }
  BOOST_TEST(leg, "no interface on subnet " << subnet);
}

std::string project_named(const site& s, const char* name) {
  std::string id;
  s.it.arrange([&](sandbox::world& w) {
    for (const auto& [seq, p] : w.of("project").rows())
      if (sandbox::text(p.body, "name") == name) id = p.id;
  });
  return id;
}

void put(sandbox::client& by, const std::string& path, const json::object& body) {
  const auto answer = by.send("PUT", path, json::serialize(body));
  BOOST_TEST_REQUIRE(answer.status == 200, path << ": " << answer.body);
}

std::string post(sandbox::client& by, const std::string& path, const char* key,
                 const json::object& body) {
  return text(by.post(path, json::object{{key, body}}).json().at(key), "id");
}

/// A port on our subnet, made by an administrator or through a share.
std::string port_of(const site& s, const std::string& project, json::object more) {
  std::string id;
  more["fixed_ips"] =
      json::array{json::object{{"subnet_id", s.mine.subnet}, {"ip_address", "10.1.0.77"}}};
  s.it.arrange([&](sandbox::world& w) {
    id = sandbox::create_port(w, "", project, s.mine.network, std::move(more));
  });
  return id;
}

std::string server_port_of_the_neighbour(const site& s) {
  return port_of(s, s.theirs.project_id,
                 {{"device_owner", "compute:nova"}, {"device_id", s.theirs.servers[0]}});
}

void put_in_front(site& s, const std::string& port) {
  s.it.change("floatingip", s.mine.floating_ip, {{"port_id", port}});
}

/// The neighbour's router, with a second address on our subnet.
std::string leg_of_the_neighbour(const site& s) {
  return port_of(s, s.theirs.project_id,
                 {{"device_owner", "network:router_interface"}, {"device_id", s.theirs.router}});
}

void check_all_left(const site& s, const ending& e) {
  BOOST_TEST(e.code == 3, e.err);
  for (const auto& [kind, id] :
       {std::pair("network", s.mine.network), std::pair("subnet", s.mine.subnet)})
    check_there(s, kind, id);
  check_way(s, s.mine.router, s.mine.subnet);
  check_gone(s, "server", s.mine.servers[0]);
  check_gone(s, "port", s.mine.port);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_neighbours_server_keeps_the_way_of_its_subnet) {
  site s;
  server_port_of_the_neighbour(s);
  const auto others = s.of_others();
  const auto e = s.remove();
  check_all_left(s, e);
  BOOST_TEST(e.says("server " + s.theirs.servers[0] + " of project " + s.theirs.project_id), e.err);
  s.check_others(others);
  BOOST_TEST(s.count("PUT", "network", "remove_router_interface") == 0U);
}

/// Who may name the owner of a port as he likes calls it so; Neutron gives its own to nobody.
BOOST_AUTO_TEST_CASE(a_neighbours_port_that_passes_for_neutrons_own_keeps_it_too) {
  site s;
  const auto port = port_of(s, s.theirs.project_id,
                            {{"device_owner", "network:fabric"}, {"device_id", "fabric-1"}});
  const auto e = s.remove();
  check_all_left(s, e);
  check_there(s, "port", port);
  BOOST_TEST(s.count("PUT", "network", "remove_router_interface") == 0U);
}

BOOST_AUTO_TEST_CASE(as_the_user_too) {
  site s;
  server_port_of_the_neighbour(s);
  const auto e = s.remove_as_user();
  check_all_left(s, e);
  BOOST_TEST(s.count("PUT", "network", "remove_router_interface") == 0U);
}

/// The networks are asked for in pieces of 50, in the order of their ids.
BOOST_AUTO_TEST_CASE(so_it_does_on_the_last_of_many_networks) {
  site s;
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  std::map<std::string, std::string> subnets;
  for (int i = 0; i < 60; ++i) {
    const auto network = post(user, "/network/v2.0/networks", "network", {{"name", "one of many"}});
    subnets[network] = post(user, "/network/v2.0/subnets", "subnet",
                            {{"network_id", network}, {"cidr", "10.60.0.0/24"}, {"ip_version", 4}});
  }
  const std::string last = subnets.rbegin()->first, subnet = subnets.rbegin()->second;
  s.it.arrange([&](sandbox::world& w) {
    json::object more{{"device_owner", "compute:nova"}, {"device_id", s.theirs.servers[0]}};
    more["fixed_ips"] =
        json::array{json::object{{"subnet_id", subnet}, {"ip_address", "10.60.0.77"}}};
    sandbox::create_port(w, "", s.theirs.project_id, last, std::move(more));
  });
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("server " + s.theirs.servers[0] + " of project " + s.theirs.project_id), e.err);
  for (const auto& [network, its] : subnets) {
    if (network == last) continue;
    check_gone(s, "network", network);
    check_gone(s, "subnet", its);
  }
  check_there(s, "network", last);
  check_there(s, "subnet", subnet);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_port_that_comes_while_it_runs_keeps_its_way) {
  site s;
  s.fault("hold", "compute", "DELETE", "");
  const auto e = run_while(s, s.removal(), [&] { server_port_of_the_neighbour(s); });
  check_all_left(s, e);
  BOOST_TEST(e.says("is still on its subnet"), e.err);
}

BOOST_AUTO_TEST_CASE(a_kept_server_without_an_address_keeps_its_way_out) {
  for (const char* how : {"locked", "skipped"}) {
    site s;
    s.it.change("floatingip", s.mine.floating_ip, {{"port_id", nullptr}});
    if (how == std::string_view("locked"))
      s.it.change("server", s.mine.servers[0], {{"locked", true}});
    const auto e = how == std::string_view("locked") ? s.remove() : s.remove({"--skip", "server"});
    BOOST_TEST(e.code == 0, e.err);
    check_there(s, "server", s.mine.servers[0]);
    check_gone(s, "floatingip", s.mine.floating_ip);
    check_way(s, s.mine.router, s.mine.subnet);
  }
}

BOOST_AUTO_TEST_CASE(a_kept_server_keeps_no_other_interface_of_its_router) {
  site s;
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const std::string net = "/network/v2.0/";
  const auto network = post(user, net + "networks", "network", {{"name", "aside"}});
  const auto subnet = post(user, net + "subnets", "subnet",
                           {{"network_id", network}, {"ip_version", 4}, {"cidr", "10.99.0.0/24"}});
  put(user, net + "routers/" + s.mine.router + "/add_router_interface", {{"subnet_id", subnet}});
  s.it.change("floatingip", s.mine.floating_ip, {{"port_id", nullptr}});
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_way(s, s.mine.router, s.mine.subnet);
  check_gone(s, "network", network);
}

BOOST_AUTO_TEST_CASE(a_kept_network_keeps_the_routers_of_others_on_it) {
  for (const char* how : {"tagged", "skipped"}) {
    site s;
    const auto leg = leg_of_the_neighbour(s);
    if (how == std::string_view("tagged")) s.it.change("network", s.mine.network, k_keep);
    const auto others = s.of_others();
    const auto e = how == std::string_view("tagged") ? s.remove() : s.remove({"--skip", "network"});
    BOOST_TEST(e.code == 0, e.err);
    check_there(s, "port", leg);
    check_way(s, s.mine.router, s.mine.subnet);
    s.check_others(others);
    BOOST_TEST(s.count("PUT", "network", "remove_router_interface") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_stack_that_made_the_way_of_a_kept_server_stays) {
  site s(level::extra);
  json::array made = s.it.object("stack", s.mine.stack).at("_resources").as_array();
  made.push_back(
      json::object{{"resource_type", "OS::Neutron::RouterInterface"},
                   {"resource_name", "leg"},
                   {"physical_resource_id", s.mine.router + ":subnet_id=" + s.mine.subnet}});
  s.it.change("stack", s.mine.stack, {{"_resources", made}});
  s.it.change("server", s.mine.servers[1], {{"locked", true}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_there(s, "stack", s.mine.stack);
  check_way(s, s.mine.router, s.mine.subnet);
}

BOOST_AUTO_TEST_CASE(the_gateway_of_a_neighbours_subnet_stays) {
  site s;
  s.it.change("subnet", s.theirs.subnet, {{"gateway_ip", "10.2.0.9"}});
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  put(admin, "/network/v2.0/routers/" + s.mine.router + "/add_router_interface",
      {{"subnet_id", s.theirs.subnet}});
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("is the gateway of subnet " + s.theirs.subnet), e.err);
  check_way(s, s.mine.router, s.theirs.subnet);
  check_gone(s, "network", s.mine.network);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_kept_load_balancer_keeps_the_subnets_of_its_amphorae) {
  site s(level::extra);
  s.it.change("loadbalancer", s.mine.load_balancer, k_keep);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_there(s, "subnet", s.mine.subnet);
  check_way(s, s.mine.router, s.mine.subnet);
}

BOOST_AUTO_TEST_CASE(what_a_service_leaves_on_a_subnet_keeps_its_way) {
  site s(level::extra);
  const auto service = project_named(s, "service");
  const auto port = port_of(s, service,
                            {{"name", "octavia-lb-vrrp-0c0ffee0"},
                             {"device_owner", "compute:nova"},
                             {"device_id", "0c0ffee0-0000-4000-8000-000000000000"}});
  const auto others = s.of_others();
  const auto e = s.remove();
  check_all_left(s, e);
  check_gone(s, "loadbalancer", s.mine.load_balancer);
  BOOST_TEST(e.says("port " + port + " of project " + service + " is still on its subnet"), e.err);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(share_servers_and_databases_on_the_subnet_keep_its_way) {
  for (const char* owner : {"manila:share", "compute:nova"}) {
    site s;
    const auto service = project_named(s, "service");
    port_of(s, service, {{"device_owner", owner}, {"device_id", "5ba0e000-0000-4000-8000-0000"}});
    const auto others = s.of_others();
    const auto e = s.remove();
    check_all_left(s, e);
    BOOST_TEST(e.says("of project " + service), e.err);
    s.check_others(others);
  }
}

BOOST_AUTO_TEST_CASE(a_kept_server_keeps_the_address_that_it_answers_for) {
  site s;
  s.it.change("server", s.mine.servers[1], {{"locked", true}});
  const auto address =
      s.it.object("port", s.mine.port).at("fixed_ips").at(0).at("ip_address").as_string();
  s.it.arrange([&](sandbox::world& w) {
    for (auto& [seq, p] : w.of("port").rows())
      if (sandbox::text(p.body, "device_id") == s.mine.servers[1])
        p.body["allowed_address_pairs"] = json::array{json::object{{"ip_address", address}}};
  });
  put_in_front(s, s.mine.port);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_there(s, "port", s.mine.port);
  check_there(s, "floatingip", s.mine.floating_ip);
  BOOST_TEST(text(s.it.object("floatingip", s.mine.floating_ip), "port_id") == s.mine.port);
  check_gone(s, "server", s.mine.servers[0]);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
