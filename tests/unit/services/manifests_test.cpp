// Which containers stay for one that is kept: by what its large objects are made of.
#include "services/hooks.hpp"
#include "services/ownership.hpp"
#include "tests/unit/support/patient_cloud.hpp"

#include <boost/json/parse.hpp>
#include <map>

using namespace ostclean;
using namespace ostclean::services;
namespace json = boost::json;

namespace {

/// A Swift whose empty objects are manifests that name a container.
class swift : public testing::patient_cloud {
 public:
  swift() {
    answers = [this](const http::request& r) { return answer(r); };
  }

  item& own(const std::string& name, item::fate decided = item::fate::goes) {
    const json::value row{{"name", name}, {"holds", json::array{}}};
    items.push_back(*make_item(where, *find_kind("container"), account, row));
    items.back().decided = decided;
    return items.back();
  }
  item& kept(const std::string& name) { return own(name, item::fate::kept); }

  result<void> keep() {
    if (!all) all.emplace(items);
    return run(keep_what_is_held(where, items, *all, choices{}));
  }

  bool stays(const std::string& name) const {
    for (const auto& one : items)
      if (one.id == name) return !one.is_open();
    return false;
  }

  const std::string account = std::string{base} + "/v1/AUTH_mine";
  place where{session, "mine", "R1"};
  std::vector<item> items;
  std::optional<relations> all;
  std::map<std::string, std::string> named;  ///< "container/object" -> container
  std::map<std::string, int> failing;        ///< path below the account -> status

 private:
  http::response answer(const http::request& r) {
    auto path = r.url.substr(account.size() + 1);
    path = path.substr(0, path.find('?'));
    if (const auto at = failing.find(path); at != failing.end()) return says(at->second);
    if (r.method == http::verb::head) {
      auto said = says(200);
      said.headers.set("X-Object-Manifest", named.at(path) + "/x");
      return said;
    }
    if (r.url.find("marker=") != std::string::npos) return says(200, "[]");
    json::array list;
    for (const auto& [object, leads] : named)
      if (object.starts_with(path + "/"))
        list.push_back(json::object{{"name", object.substr(path.size() + 1)}, {"bytes", 0}});
    return says(200, json::serialize(list));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(services_manifests, swift)

BOOST_AUTO_TEST_CASE(what_was_read_before_the_reading_failed_counts) {
  named = {{"precious/first", "a parts"}, {"precious/last", "z parts"}};
  failing["precious/last"] = 400;
  kept("precious"), own("a parts"), own("z parts");
  BOOST_TEST(keep().has_error());
  BOOST_TEST(stays("a parts"));
  BOOST_TEST(!stays("z parts"));
}

/// And is read only once.
BOOST_AUTO_TEST_CASE(a_deletion_that_comes_to_nothing_keeps_what_is_held) {
  named = {{"precious/first", "parts"}};
  kept("precious"), own("parts").begun = true, own("other");
  BOOST_TEST(keep().has_value());
  BOOST_TEST(!stays("parts"));
  items[1].begun = false;
  judge_together(items, *all);
  BOOST_TEST(stays("parts"));
  BOOST_TEST(!stays("other"));
}

/// By way of one that was not chosen.
BOOST_AUTO_TEST_CASE(only_what_would_go_is_worth_a_request) {
  named = {{"precious/link", "between"}, {"between/first", "parts"}};
  kept("precious"), own("between", item::fate::unselected);
  BOOST_TEST(keep().has_value());
  BOOST_TEST(requests.empty());
  own("parts");
  all.reset();
  BOOST_TEST(keep().has_value());
  BOOST_TEST(stays("parts"));
}

BOOST_AUTO_TEST_CASE(of_whom_nobody_knows_what_it_holds_holds_all) {
  kept("precious").data = json::value{{"name", "precious"}};
  own("parts"), own("other").begun = true;
  BOOST_TEST(keep().has_value());
  BOOST_TEST(stays("parts"));
  BOOST_TEST(times_of("GET /v1/AUTH_mine/precious").empty());
  items[2].begun = false;
  judge_together(items, *all);
  BOOST_TEST(stays("other"));
}

BOOST_AUTO_TEST_CASE(a_list_that_is_not_found_is_not_empty) {
  failing["precious"] = 404;
  kept("precious"), own("parts"), own("other");
  BOOST_TEST(keep().has_value());
  // Nobody meant these to stay.
  for (const auto& one : items) BOOST_TEST((one.decided == item::fate::left), one.id);
}

/// What is held by way of one that is going as well is held by one that stays.
BOOST_AUTO_TEST_CASE(what_is_being_deleted_hides_nothing_that_another_holds) {
  named = {
      {"precious/1", "begun"}, {"precious/2", "link"}, {"begun/1", "parts"}, {"link/1", "parts"}};
  kept("precious"), own("begun").begun = true, own("link"), own("parts"), own("other");
  BOOST_TEST(keep().has_value());
  BOOST_TEST(stays("link"));
  BOOST_TEST(stays("parts"));
  BOOST_TEST(!stays("other"));
}

BOOST_AUTO_TEST_SUITE_END()
