// What stays, and what stays because of it.
#include "services/fate.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_fate)

using namespace ostclean;
using namespace ostclean::services;

namespace {

class world {
 public:
  item& add(std::string_view kind, const std::string& id, const std::string& data = "{}") {
    item one{*find_kind(kind), id};
    one.data = boost::json::parse(data);
    one.base = "https://c/" + std::string{one.row->service};
    one.region = "r1";
    items.push_back(std::move(one));
    return items.back();
  }

  item& at(const std::string& id) {
    for (auto& one : items)
      if (one.id == id) return one;
    throw std::out_of_range(id);
  }

  void judge(const choices& how) {
    relations all{items};
    judge_alone(items, how);
    judge_together(items, all);
  }

  bool goes(const std::string& id) { return at(id).decided == item::fate::goes; }

  std::vector<item> items;
};

/// A server on a port with a floating IP, on a subnet behind a router, with a volume and a key
/// pair.
world small_cloud(const std::string& server_extra) {
  world w;
  w.items.reserve(20);
  w.add(
      "server", "s1",
      R"({"key_name":"k1","user_id":"u1","image":{"id":"i1"},"os-extended-volumes:volumes_attached":[{"id":"v1"}])" +
          server_extra + "}");
  w.add("keypair", "k1").user_id = "u1";
  w.add("floating_ip", "f1", R"({"port_id":"p1","router_id":"r1","floating_network_id":"public"})");
  w.add("router_interface", "ri1",
        R"({"device_id":"r1","network_id":"n1","fixed_ips":[{"subnet_id":"sub1"}]})");
  w.add("router", "r1", R"({"external_gateway_info":{"network_id":"public"}})");
  w.add(
      "port", "p1",
      R"({"device_id":"s1","network_id":"n1","fixed_ips":[{"subnet_id":"sub1"}],"security_groups":["g1"]})");
  w.add("subnet", "sub1", R"({"network_id":"n1"})");
  w.add("network", "n1");
  w.add("security_group", "g1");
  w.add("security_group", "g2");
  w.add("image", "i1");
  w.add("volume", "v1");
  w.add("volume", "v2");
  return w;
}

}  // namespace

BOOST_AUTO_TEST_CASE(without_a_reason_everything_goes) {
  auto w = small_cloud("");
  w.judge({});
  for (const auto& one : w.items) BOOST_TEST((one.decided == item::fate::goes), one.id);
}

BOOST_AUTO_TEST_CASE(a_locked_server_keeps_all_it_stands_on) {
  auto w = small_cloud(R"(,"locked":true)");
  w.judge({});
  for (const auto* id : {"s1", "k1", "f1", "ri1", "r1", "p1", "sub1", "n1", "g1", "v1", "i1"})
    BOOST_TEST(!w.goes(id), id);
  for (const auto* id : {"g2", "v2"}) BOOST_TEST(w.goes(id), id);
  BOOST_TEST(w.at("n1").reason.find("server (s1)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(include_protected_lets_locked_and_protected_go_but_not_the_tagged) {
  auto w = small_cloud(R"(,"locked":true)");
  w.add("image", "i2", R"({"protected":true})");
  w.add("image", "i3", R"({"protected":true,"tags":["ostclean:keep"]})");
  choices how;
  how.include_protected = true;
  how.tag = "ostclean:keep";
  w.judge(how);
  BOOST_TEST(w.goes("s1"));
  BOOST_TEST(w.goes("i2"));
  BOOST_TEST(!w.goes("i3"));
}

BOOST_AUTO_TEST_CASE(the_tag_is_found_as_tag_as_metadata_and_as_property) {
  world w;
  w.items.reserve(8);
  w.add("network", "n1", R"({"tags":["ostclean:keep"]})");
  w.add("server", "s1", R"({"metadata":{"ostclean:keep":"x"}})");
  w.add("image", "i1", R"({"ostclean:keep":"yes"})");
  w.add("volume", "v1", R"({"metadata":{"other":"x"}})");
  choices how;
  how.tag = "ostclean:keep";
  w.judge(how);
  BOOST_TEST(!w.goes("n1"));
  BOOST_TEST(!w.goes("s1"));
  BOOST_TEST(!w.goes("i1"));
  BOOST_TEST(w.goes("v1"));
}

BOOST_AUTO_TEST_CASE(a_kept_volume_that_would_die_with_its_server_keeps_the_server) {
  world w;
  w.items.reserve(8);
  w.add("server", "s1",
        R"({"os-extended-volumes:volumes_attached":[{"id":"v1","delete_on_termination":true}]})");
  w.add("server", "s2",
        R"({"os-extended-volumes:volumes_attached":[{"id":"v2","delete_on_termination":false}]})");
  w.add("volume", "v1", R"({"metadata":{"keep":"1"}})");
  w.add("volume", "v2", R"({"metadata":{"keep":"1"}})");
  choices how;
  how.tag = "keep";
  w.judge(how);
  BOOST_TEST(!w.goes("s1"));
  BOOST_TEST(w.goes("s2"));
}

BOOST_AUTO_TEST_CASE(only_servers_goes_although_their_ports_are_not_chosen) {
  auto w = small_cloud("");
  choices how;
  how.only = {"server"};
  w.judge(how);
  BOOST_TEST(w.goes("s1"));
  for (const auto* id : {"p1", "n1", "v1", "k1"}) BOOST_TEST(!w.goes(id), id);
}

BOOST_AUTO_TEST_CASE(only_servers_spares_a_server_whose_volume_would_die) {
  world w;
  w.items.reserve(4);
  w.add("server", "s1",
        R"({"os-extended-volumes:volumes_attached":[{"id":"v1","delete_on_termination":true}]})");
  w.add("volume", "v1");
  choices how;
  how.only = {"server"};
  w.judge(how);
  BOOST_TEST(!w.goes("s1"));
}

BOOST_AUTO_TEST_CASE(skip_keeps_what_the_skipped_stands_on) {
  auto w = small_cloud("");
  choices how;
  how.skip = {"router"};
  w.judge(how);
  BOOST_TEST(!w.goes("r1"));
  BOOST_TEST(!w.goes("ri1"));
  BOOST_TEST(!w.goes("n1"));
  BOOST_TEST(w.goes("s1"));
}

BOOST_AUTO_TEST_CASE(age_needs_a_time_and_a_container_is_asked_object_by_object) {
  world w;
  w.items.reserve(8);
  w.add("volume", "old").created = "2026-01-01T00:00:00";
  w.add("volume", "new").created = "2026-03-01T00:00:00";
  w.add("volume", "unknown");
  w.add("container", "box");
  choices how;
  how.created_before = std::chrono::sys_days{std::chrono::year{2026} / 2 / 1};
  w.judge(how);
  BOOST_TEST(w.goes("old"));
  BOOST_TEST(!w.goes("new"));
  BOOST_TEST(!w.goes("unknown"));
  BOOST_TEST(w.goes("box"));
}

BOOST_AUTO_TEST_CASE(a_stack_that_holds_a_kept_object_is_kept_with_all_it_holds) {
  world w;
  w.items.reserve(4);
  w.add("stack", "st");
  w.add("network", "a", R"({"tags":["keep"]})");
  w.add("network", "b");
  choices how;
  how.tag = "keep";
  relations all{w.items};
  all.add_stack_content(0, 1);
  all.add_stack_content(0, 2);
  judge_alone(w.items, how);
  judge_together(w.items, all);
  for (const auto* id : {"st", "a", "b"}) BOOST_TEST(!w.goes(id), id);
}

BOOST_AUTO_TEST_CASE(kept_images_are_to_be_preserved) {
  world w;
  w.items.reserve(4);
  w.add("image", "i1");
  choices how;
  how.keep_images = {"i1"};
  w.judge(how);
  BOOST_TEST(!w.goes("i1"));
  BOOST_TEST(w.at("i1").preserve);
}

BOOST_AUTO_TEST_CASE(backups_go_newest_first_along_a_chain) {
  world w;
  w.items.reserve(4);
  w.add("backup", "full", R"({"volume_id":"v"})").created = "2026-01-01T00:00:00";
  w.add("backup", "second", R"({"volume_id":"v","is_incremental":true})").created =
      "2026-01-03T00:00:00";
  w.add("backup", "first", R"({"volume_id":"v","is_incremental":true})").created =
      "2026-01-02T00:00:00";
  relations all{w.items};
  auto before = [&](std::size_t a, std::size_t b) {
    return std::find(all.order.begin(), all.order.end(), std::pair{a, b}) != all.order.end();
  };
  BOOST_TEST(before(1, 2));
  BOOST_TEST(before(2, 0));
  BOOST_TEST(!before(0, 1));
}

// Two regions may share Neutron and not Nova: then a port is seen in either.
BOOST_AUTO_TEST_CASE(ids_cross_regions_and_names_do_not) {
  world w;
  w.items.reserve(4);
  w.add("server", "s", R"({"metadata":{"ostclean:keep":""}})");
  auto& port = w.add("port", "p", R"({"device_id":"s"})");
  port.region = "r2";
  port.base = "https://other/network";
  w.add("container", "c", R"({"holds":["c_segments"],"tags":["ostclean:keep"]})");
  auto& far = w.add("container", "c_segments");
  far.base = "https://other/object";
  choices how;
  how.tag = "ostclean:keep";
  w.judge(how);
  BOOST_TEST(!w.goes("p"));
  BOOST_TEST(w.goes("c_segments"));
}

BOOST_AUTO_TEST_CASE(what_is_kept_keeps_its_keys) {
  world w;
  w.items.reserve(8);
  w.add("backup", "b");
  w.add("image", "i", R"({"cinder_encryption_key_id":"k2"})");
  w.add("secret", "k1", R"({"secret_type":"symmetric"})");
  w.add("secret", "k2", R"({"secret_type":"opaque"})");
  w.add("secret", "k3", R"({"secret_type":"passphrase"})");
  choices how;
  how.skip = {"backup", "image"};
  w.judge(how);
  BOOST_TEST(!w.goes("k1"));
  BOOST_TEST(!w.goes("k2"));
  BOOST_TEST(w.goes("k3"));
}

BOOST_AUTO_TEST_CASE(what_is_protected_holds_what_would_take_it_along_among_only) {
  world w;
  w.items.reserve(4);
  w.add("server", "s");
  w.add("port", "p", R"({"device_id":"s","tags":["ostclean:keep"]})");
  choices how;
  how.tag = "ostclean:keep";
  how.only = {"server"};
  w.judge(how);
  BOOST_TEST(!w.goes("s"));
}

BOOST_AUTO_TEST_CASE(what_came_after_a_plan_holds_what_would_take_it_along_among_only) {
  choices how;
  how.only = {"stack"};
  for (const bool known : {true, false}) {
    world w;
    w.items.reserve(4);
    w.add("stack", "stack");
    w.add("server", "s");
    w.add("port", "p", R"({"device_id":"s"})");
    w.add("network", "aside");
    relations all{w.items};
    all.add_stack_content(0, 1);
    planned_objects planned;
    for (const auto* id : {"stack", "s", "p"})
      if (planned_object one{w.at(id)}; known || one.id != "p") planned.emplace(one.key(), one);
    judge_alone(w.items, how);
    keep_untold(w.items, all, planned);
    judge_together(w.items, all);
    mark_tied(w.items, all);
    BOOST_TEST(w.goes("stack") == known);
    BOOST_TEST(w.at("p").tied == known);
    BOOST_TEST(!w.at("aside").tied);
    BOOST_TEST((w.at("aside").decided == item::fate::unselected));
  }
}

BOOST_AUTO_TEST_SUITE_END()
