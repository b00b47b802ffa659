// What settings say of regions and services: each region's own word holds there, what is said once
// is not stretched over others, and nothing is out of sight by a mistake.
#include <fmt/core.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_regions)

namespace {

const char* const k_group = "11111111-1111-4111-8111-111111111111";

/// A cloud of two regions apart, with a group of the project in each, and a clouds.yaml to match.
class two : public site {
 public:
  explicit two(sandbox::options o = distinct_regions())
      : site(sandbox::level::plain, std::move(o)) {
    const json::object body{{"name", "far"},
                            {"project_id", mine.project_id},
                            {"tenant_id", mine.project_id},
                            {"rules", json::array{}},
                            {"tags", json::array{}},
                            {"security_group_rules", json::array{}}};
    it.put("r2:security_group", k_group, mine.project_id, body);
  }
  bool nothing_is_gone() const {
    const auto sent = changes();
    return far_is_there() && !it.object("server", mine.servers.front()).is_null() &&
           std::none_of(sent.begin(), sent.end(), [](const std::string& one) {
             return one.starts_with("DELETE") && one.find("/identity/") == one.npos;
           });
  }
  bool far_is_there() const { return !it.object("r2:security_group", k_group).is_null(); }

  ending with(const std::string& more, const words& args,
              std::map<std::string, std::string> env = {}) {
    const std::string text = fmt::format(
        "clouds:\n  here:\n    auth:\n      auth_url: {}\n      username: admin\n"
        "      password: {}\n      project_name: admin\n      user_domain_id: default\n"
        "      project_domain_id: default\n    cacert: {}\n{}",
        it.auth_url(), sandbox::cloud::admin_password(), home.path("ca.pem"), more);
    manner how;
    how.environment = std::move(env);
    how.environment["OS_CLOUD"] = "here";
    how.environment["OS_CLIENT_CONFIG_FILE"] = home.write("own.yaml", text);
    return run(args, how);
  }
  words deletion() const { return {"delete", "--project", mine.name, "--yes"}; }
  std::string network(const std::string& region) const { return it.url() + region + "/network"; }
};

const std::string k_neutron = "    network_endpoint_override: ";

}  // namespace

BOOST_AUTO_TEST_CASE(each_region_has_its_own_override) {
  two s;
  const auto regions = fmt::format(
      "    regions:\n"
      "    - {{name: RegionOne, values: {{network_endpoint_override: '{}'}}}}\n"
      "    - {{name: RegionTwo, values: {{network_endpoint_override: '{}'}}}}\n",
      s.network(""), s.network("/r2"));
  const auto e = s.with(regions, s.deletion());
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.far_is_there());
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(one_override_does_not_stand_for_regions_that_differ) {
  two s;
  for (const auto& [more, env] :
       {std::pair{k_neutron + s.network("") + "\n", std::map<std::string, std::string>{}},
        std::pair{std::string{}, std::map<std::string, std::string>{
                                     {"OS_NETWORK_ENDPOINT_OVERRIDE", s.network("")}}}}) {
    const auto e = s.with(more, s.deletion(), env);
    BOOST_TEST(e.code == 2, e.err);
    check_one_error(e, "network_endpoint_override");
    BOOST_TEST(e.says("--os-region-name"), e.err);
  }
  BOOST_TEST(s.nothing_is_gone());
  auto args = s.deletion();
  args.insert(args.begin(), {"--os-region-name", "RegionOne"});
  const auto e = s.with(k_neutron + s.network("") + "\n", args);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.far_is_there());
}

BOOST_AUTO_TEST_CASE(a_service_type_that_the_catalog_lacks_is_an_error) {
  two s;
  const auto written = s.with("    compute_service_type: nosuch\n", s.deletion());
  const auto set = s.with("", s.deletion(), {{"OS_IMAGE_SERVICE_TYPE", "nosuch"}});
  for (const auto* e : {&written, &set}) {
    BOOST_TEST(e->code == 2, e->err);
    BOOST_TEST(e->says("under the type nosuch"), e->err);
  }
  BOOST_TEST(set.says("OS_IMAGE_SERVICE_TYPE"), set.err);
  BOOST_TEST(s.nothing_is_gone());
}

BOOST_AUTO_TEST_CASE(listed_regions_are_a_limit) {
  two s;
  const std::string one = "    regions: [RegionOne]\n";
  auto e = s.with(one, s.deletion());
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("regions not visited: RegionTwo"), e.err);
  BOOST_TEST(s.far_is_there());
  e = s.with("    regions: [RegionOne, RegionThree]\n", s.deletion());
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "no region RegionThree");
  e = s.with(one, {"--all-regions", "delete", "--project", s.mine.name, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.far_is_there());
}

BOOST_AUTO_TEST_CASE(of_three_regions_the_two_that_are_listed) {
  sandbox::options o = distinct_regions();
  o.regions = {"RegionOne", "RegionTwo", "RegionThree"};
  two s(o);
  const auto e = s.with("    regions: [RegionOne, RegionThree]\n", s.deletion());
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("regions not visited: RegionTwo"), e.err);
  BOOST_TEST(s.far_is_there());
}

BOOST_AUTO_TEST_CASE(regions_that_differ_in_who_we_are_are_one_too_many) {
  two s;
  const std::string regions =
      "    regions:\n    - {name: RegionOne, values: {auth: {project_name: admin}}}\n"
      "    - {name: RegionTwo, values: {auth: {project_name: service}}}\n";
  auto e = s.with(regions, s.deletion());
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "differ in project_name");
  BOOST_TEST(s.it.requests().empty());
}

BOOST_AUTO_TEST_CASE(an_environment_of_another_cloud_is_refused) {
  two s;
  const std::string cloud = "    region_name: RegionOne\n    compute_service_type: compute\n" +
                            k_neutron + s.network("") + "\n";
  for (const auto& [name, value] : {std::pair{"OS_REGION_NAME", std::string{"RegionTwo"}},
                                    std::pair{"OS_COMPUTE_SERVICE_TYPE", std::string{"compute2"}},
                                    std::pair{"OS_NETWORK_ENDPOINT_OVERRIDE", s.network("/r2")}}) {
    const auto e = s.with(cloud, s.deletion(), {{name, value}});
    BOOST_TEST(e.code == 2, name << e.err);
    check_one_error(e, std::string{"contradicts cloud here: "} + name);
  }
  BOOST_TEST(s.it.requests().empty());
  const auto same = s.with(cloud, {"users"}, {{"OS_REGION_NAME", "RegionTwo"}});
  BOOST_TEST(same.code == 0, same.err);
}

BOOST_AUTO_TEST_CASE(interface_and_certificates_of_the_environment_only_warn) {
  two s;
  const auto e = s.with("    interface: public\n    verify: true\n", s.deletion(),
                        {{"OS_INTERFACE", "internal"},
                         {"OS_INSECURE", "true"},
                         {"OS_CACERT", s.home.write("copy.pem", s.it.ca_pem())}});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("OS_INTERFACE holds, although cloud here says otherwise"), e.err);
  BOOST_TEST(e.says("OS_INSECURE holds, although"), e.err);
  BOOST_TEST(e.says("OS_CACERT holds, although"), e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(an_endpoint_without_a_region_is_not_out_of_sight) {
  sandbox::options o = distinct_regions();
  o.regionless = {"network"};
  two s(o);
  auto e = s.with("    region_name: RegionOne\n", s.deletion());
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("regions not visited: RegionTwo, (no region)"), e.err);
  BOOST_TEST(s.far_is_there());
  e = s.with("", s.deletion());
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.far_is_there());
}

/// However late the region itself answers.
BOOST_AUTO_TEST_CASE(what_has_a_region_is_told_under_it) {
  sandbox::options o = distinct_regions();
  o.regionless = {"network"};
  two s(o);
  sandbox::fault slow;
  slow.service = "key-manager", slow.method = "GET", slow.path = "/secrets";
  slow.action = "delay", slow.wait = std::chrono::milliseconds(1500), slow.nth = 1;
  s.it.add_fault(slow);
  auto args = s.deletion();
  args.insert(args.end(), {"-f", "json"});
  const auto e = s.with("", args);
  BOOST_TEST(e.code == 0, e.err);
  const auto all = e.data();
  for (const auto& one : all.at("projects").as_array()) {
    const auto& before = one.at("before").as_object();
    const bool without = text(one, "region") == "(no region)";
    BOOST_TEST(before.contains("server") == (text(one, "region") == "RegionOne"));
    BOOST_TEST((!without || before.contains("security_group")), e.out);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
