// How long a delete is given, and what is done about one that comes to nothing.
#include "services/joint_work.hpp"

#include "services/ownership.hpp"
#include "tests/unit/support/patient_cloud.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace ostclean;
using namespace ostclean::services;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

class cleaning : public testing::patient_cloud {
 public:
  cleaning() : where(session, "mine", "R1") { where.time = time(); }

  /// Listed now.
  void own(const char* kind, const std::string& data) {
    auto one = make_item(where, *find_kind(kind), base, json::parse(data));
    BOOST_REQUIRE(one.has_value());
    items.push_back(std::move(*one));
  }

  cleaner::outcome clean() {
    relations all{items};
    if (tie) tie(all);
    cleaner work{where, items, how, nullptr, nullptr, nullptr};
    run(worked(work, all));
    return work.outcomes().front();
  }

  place where;
  choices how;
  std::vector<item> items;
  std::function<void(relations&)> tie;  ///< what the items alone do not tell

 private:
  static http::asio::awaitable<bool> worked(cleaner& work, relations& all) {
    plan::limits bounds;
    joint_work job;
    job.add(work, all);
    co_await job.run(bounds);
    co_return true;
  }
};

/// A Nova that has taken the DELETE and shows the server as `task` says until it is over.
class nova : public cleaning {
 public:
  nova() {
    own("server", shown);
    answers = [this](const http::request& r) { return answer(r); };
  }

  std::string shown = R"({"id":"s","name":"web","tenant_id":"mine","status":"ACTIVE"})";
  std::string task;   ///< of a server that is being deleted
  seconds over{24h};  ///< when it is gone
  std::string ids = "GET /servers", full = "GET /servers/detail", gone = "DELETE /servers/s";

 private:
  http::response answer(const http::request& r) {
    if (r.method == http::verb::del) return says(204);
    if (passed() >= over)
      return r.url.ends_with("/servers/s") ? says(404) : says(200, R"({"servers":[]})");
    auto server = json::parse(shown).as_object();
    server["OS-EXT-STS:task_state"] = task.empty() ? json::value() : json::value(task);
    return says(200, R"({"servers":[)" + json::serialize(server) + "]}");
  }
};

/// A Cinder whose volume is `owner`'s by now.
class cinder : public cleaning {
 public:
  cinder() {
    own("volume", volume("mine"));
    answers = [this](const http::request& r) {
      if (r.method == http::verb::del) {
        deleted = true;
        return says(202);
      }
      if (r.url.ends_with("/volumes/v")) return says(200, R"({"volume":)" + volume(owner) + "}");
      return says(200, R"({"volumes":[)" + (deleted ? "" : volume(owner)) + "]}");
    };
  }
  static std::string volume(const std::string& owner) {
    return R"({"id":"v","status":"available","os-vol-tenant-attr:tenant_id":")" + owner + "\"}";
  }
  std::string owner = "mine";
  bool deleted = false;
};

/// A Heat that cannot delete its stack within eight seconds. After three of them its network has
/// the tag, which whoever deletes the other network sees.
class heat : public cleaning {
 public:
  heat() {
    how.tag = "keep";
    own("stack", stack("CREATE_COMPLETE"));
    own("network", network("n"));
    own("network", network("m"));
    tie = [](relations& all) { all.add_stack_content(0, 1); };
    answers = [this](const http::request& r) { return answer(r); };
  }

  std::string gone = "DELETE /stacks/st/st";

 private:
  static std::string stack(const std::string& status) {
    return R"({"id":"st","stack_name":"st","project":"mine","stack_status":")" + status + "\"}";
  }
  static std::string network(const std::string& id, const std::string& tags = {}) {
    return R"({"id":")" + id + R"(","project_id":"mine","tags":[)" + tags + "]}";
  }
  http::response answer(const http::request& r) const {
    const bool late = passed() >= 3s;
    if (r.method == http::verb::del && r.url.ends_with("/networks/m"))
      return says(late ? 204 : 409);
    if (r.method == http::verb::del) return says(204);
    if (r.url.find("/stacks") != std::string::npos)
      return says(200, R"({"stacks":[)" +
                           stack(passed() < 8s ? "DELETE_IN_PROGRESS" : "DELETE_FAILED") + "]}");
    return says(200, R"({"networks":[)" + network("n", late ? R"("keep")" : "") + "," +
                         network("m") + "]}");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(services_cleaner)

BOOST_FIXTURE_TEST_CASE(a_tag_that_comes_while_heat_works_keeps_the_stack_it_could_not_delete,
                        heat) {
  BOOST_TEST((clean().how == plan::step::kind::kept));
  BOOST_TEST(times_of(gone).size() == 1U);
  BOOST_TEST(times_of("DELETE /networks/n").empty());
  BOOST_TEST(!times_of("DELETE /networks/m").empty());
}

BOOST_FIXTURE_TEST_CASE(for_three_seconds_only_ids_are_asked_for, nova) {
  task = "deleting", over = 60s;
  const auto end = clean();
  BOOST_TEST((end.how == plan::step::kind::gone));
  BOOST_TEST(times_of(gone).size() == 1U);
  BOOST_REQUIRE(!times_of(ids).empty());
  BOOST_REQUIRE(!times_of(full).empty());
  BOOST_TEST(times_of(ids).back().count() <= 3);
  BOOST_TEST(times_of(full).front().count() >= 3);
  BOOST_TEST((passed() >= 60s && passed() < 70s));
}

BOOST_FIXTURE_TEST_CASE(a_delete_that_nothing_comes_of_is_sent_three_times, nova) {
  const auto end = clean();
  BOOST_TEST((end.how == plan::step::kind::failed));
  BOOST_TEST(end.reason == "the service accepted the delete, then left it ACTIVE");
  const auto sent = times_of(gone);
  BOOST_REQUIRE(sent.size() == 3U);
  // Services take a moment to show what they accepted.
  for (std::size_t i = 1; i < sent.size(); ++i) BOOST_TEST((sent[i] - sent[i - 1]).count() >= 10);
  BOOST_TEST(passed().count() < 60);
}

BOOST_FIXTURE_TEST_CASE(what_is_deleted_for_ever_is_left_after_ten_minutes, nova) {
  task = "deleting";
  const auto end = clean();
  BOOST_TEST((end.how == plan::step::kind::failed));
  BOOST_TEST(end.reason == "still there 600 s after anything last moved");
  BOOST_TEST((passed() >= 600s && passed() < 660s));
  BOOST_TEST(times_of(gone).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_volume_that_was_just_listed_is_ours, cinder) {
  pass(2s);
  BOOST_TEST((clean().how == plan::step::kind::gone));
  BOOST_TEST(requests.front().line == "DELETE /volumes/v");
}

BOOST_FIXTURE_TEST_CASE(one_that_waited_longer_is_asked_for_its_owner, cinder) {
  pass(2001ms);
  owner = "theirs";
  const auto end = clean();
  BOOST_TEST((end.how == plan::step::kind::failed));
  BOOST_TEST(end.reason == "it is project theirs's by now");
  BOOST_TEST(!deleted);
  BOOST_TEST(items.front().handed_over);
}

BOOST_FIXTURE_TEST_CASE(what_was_locked_since_it_was_listed_stays, nova) {
  shown.insert(shown.size() - 1, R"(,"locked":true)");
  pass(2001ms);
  BOOST_TEST((clean().how == plan::step::kind::kept));
  BOOST_TEST(times_of(gone).empty());
  BOOST_TEST((items.front().decided == item::fate::kept));
}

/// The second look comes when the service answers again.
BOOST_FIXTURE_TEST_CASE(what_a_service_took_after_all_is_gone_by_us, cinder) {
  bool failed = false;
  answers = [&failed, usual = answers](const http::request& r) {
    return std::exchange(failed, true) ? usual(r) : says(403);
  };
  pass(3s);  // longer than its list is believed
  BOOST_TEST((clean().how == plan::step::kind::gone));
  BOOST_TEST(deleted);
  BOOST_TEST(!items.front().untaken);
}

BOOST_AUTO_TEST_SUITE_END()
