#include "services/plan_document.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/unit/support/temporary_folder.hpp"

BOOST_AUTO_TEST_SUITE(services_planned)

using namespace ostclean;
using namespace ostclean::services;
namespace json = boost::json;

namespace {

item made(const char* kind, const char* id, const char* created = "2026-10-01T00:00:00Z") {
  item one{*find_kind(kind), id};
  one.name = std::string{"name of "} + id;
  one.project_id = "p";
  one.base = "https://cloud.invalid/v2";
  one.created = created;
  return one;
}

plan_document plan_with(const std::vector<item>& items) {
  plan_document plan;
  plan.cloud = cloud_identity{"https://cloud.invalid/v3", "k1"};
  plan.user_id = "u";
  plan.made = sys_time{std::chrono::milliseconds{1795000000123}};
  plan.options["only"] = {"server", "volume"};
  plan.options["force"] = {""};
  for (const auto& one : items) {
    planned_object object{one};
    plan.objects.emplace(object.key(), object);
  }
  return plan;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_plan_comes_back_as_it_was_written) {
  testing::temporary_folder folder;
  const std::string file = folder.path + "/plan.json";
  BOOST_REQUIRE(write_plan(file, plan_with({made("server", "s"), made("volume", "v")})));
  BOOST_TEST((std::filesystem::status(file).permissions() == std::filesystem::perms(0600)));
  const auto back = read_plan(file);
  BOOST_REQUIRE_MESSAGE(back, (back ? "" : back.error().line()));
  BOOST_TEST(back->objects.size() == 2U);
  BOOST_TEST(back->cloud.url == "https://cloud.invalid/v3");
  BOOST_TEST(back->cloud.keystone_id == "k1");
  BOOST_TEST((back->made == plan_with({}).made));
  BOOST_TEST((back->options == plan_with({}).options));
  BOOST_TEST(!write_plan(file, *back));
}

BOOST_AUTO_TEST_CASE(an_option_keeps_every_byte) {
  auto plan = plan_with({});
  plan.options["user"] = {std::string("a\0b", 3)};
  const auto back = plan_from_json(json::value(to_json(plan)), "f");
  BOOST_REQUIRE(bool(back));
  BOOST_TEST((back->options == plan.options));
}

BOOST_AUTO_TEST_CASE(any_change_to_a_plan_is_noticed) {
  const auto good = to_json(plan_with({made("server", "s")}));
  BOOST_TEST(bool(plan_from_json(json::value(good), "f")));
  for (const auto& member : good) {
    json::object bad = good;
    bad[member.key()] = "other";
    BOOST_TEST(!plan_from_json(json::value(bad), "f"), member.key());
    bad.erase(member.key());
    BOOST_TEST(!plan_from_json(json::value(bad), "f"), member.key());
  }
  for (const char* text : {"null", "[]", "{}", "\"plan\"", "{\"objects\":[],\"sha256\":\"\"}"})
    BOOST_TEST(!plan_from_json(json::parse(text), "f"), text);
}

BOOST_AUTO_TEST_CASE(only_what_was_planned_goes) {
  const auto plan = plan_with({made("server", "s"), made("volume", "v"), made("keypair", "k")});
  auto other_owner = made("volume", "v");
  other_owner.project_id = "q";
  auto other_user = made("keypair", "k");
  other_user.user_id = "somebody";
  std::vector<item> now{made("server", "s"), made("server", "new"), other_owner, other_user,
                        made("volume", "v", "2026-11-01T00:00:00Z")};
  judge_planned(now, plan.objects, false);
  using fate = item::fate;
  const std::vector<fate> wanted{fate::goes, fate::kept, fate::left, fate::kept, fate::left};
  for (std::size_t i = 0; i < now.size(); ++i) BOOST_TEST((now[i].decided == wanted[i]), i);
}

BOOST_AUTO_TEST_CASE(a_new_key_under_a_planned_name_stays) {
  auto planned = made("keypair", "k", ""), other = planned;
  planned.data = {{"fingerprint", "00:11"}};
  other.data = {{"fingerprint", "22:33"}};
  const auto plan = plan_from_json(json::value(to_json(plan_with({planned}))), "f");
  BOOST_REQUIRE(bool(plan));
  std::vector<item> now{planned, other};
  judge_planned(now, plan->objects, false);
  BOOST_TEST((now[0].decided == item::fate::goes));
  BOOST_TEST((now[1].decided == item::fate::left));
}

BOOST_AUTO_TEST_CASE(what_was_to_be_preserved_is_not_deleted) {
  auto kept = made("image", "i");
  kept.preserve = true;
  const auto plan = plan_with({kept});
  std::vector<item> now{made("image", "i")};
  judge_planned(now, plan.objects, false);
  BOOST_TEST((now[0].decided == item::fate::left));
}

BOOST_AUTO_TEST_SUITE_END()
