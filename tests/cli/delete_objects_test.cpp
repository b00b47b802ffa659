// Containers: many objects, odd names, versions, and a cluster that has switched bulk delete off.
#include <fmt/core.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/client.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_objects)

namespace {

/// The object store as a user sees it.
class store {
 public:
  explicit store(site& s) : store(s, s.mine) {}
  store(site& s, const sandbox::seeded& user)
      : user_(s.it, user.name, user.password, user.name),
        at_("/object-store/v1/AUTH_" + user.project_id + "/") {}

  void put(const std::string& path, std::map<std::string, std::string> headers = {}) {
    put(path, std::move(headers), path.find('/') == std::string::npos ? "" : "x");
  }
  void put(const std::string& path, std::map<std::string, std::string> headers,
           const std::string& body) {
    send("PUT", path, body, std::move(headers));
  }
  /// A static large object of these.
  void manifest(const std::string& path, const words& segments) {
    json::array all;
    for (const auto& one : segments) all.push_back(json::object{{"path", one}});
    send("PUT", path + "?multipart-manifest=put", json::serialize(all), {});
  }
  void post(const std::string& path, std::map<std::string, std::string> headers) {
    send("POST", path, "", std::move(headers));
  }
  void del(const std::string& path) { send("DELETE", path, "", {}); }

 private:
  void send(const std::string& method, const std::string& path, const std::string& body,
            const std::map<std::string, std::string>& headers) {
    const auto a = user_.send(method, at_ + path, body, headers);
    if (a.status >= 300) throw std::runtime_error(method + " " + path + ": " + a.body);
  }

  sandbox::client user_;
  std::string at_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(ten_thousand_objects_cost_a_handful_of_requests) {
  site s;
  s.it.fill(s.mine, s.mine.container, 10000);
  s.it.fill(s.theirs, s.theirs.container, 100);
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
  BOOST_TEST(s.count("", "object-store") <= 20U);
}

BOOST_AUTO_TEST_CASE(without_bulk_delete_they_go_one_by_one) {
  sandbox::options o;
  o.bulk_delete = false;
  site s(sandbox::level::rare, o);
  s.it.fill(s.mine, s.mine.container, 300);
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(names_that_need_care) {
  site s;
  store mine(s);
  for (const char* box : {"with%20space", "%C3%BCmlaut", "50%25", "a%26b%3Dc", "q%3Fr%23s"}) {
    mine.put(box);
    for (const char* name : {"a%20b", "%2Fleading", "deep/er/path", "%C3%A9t%C3%A9", "100%25",
                             "line%0Afeed", "q%3Fm%23h", "plus+sign", "%25%32%66", "tail%20"})
      mine.put(std::string(box) + "/" + name);
  }
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(the_same_with_bulk_switched_off) {
  sandbox::options o;
  o.bulk_delete = false;
  site s(sandbox::level::plain, o);
  store mine(s);
  mine.put("q%3Fr%23s%20%25");
  for (const char* name :
       {"a%20b", "%2Fleading", "100%25", "line%0Afeed", "q%3Fm%23h", "%25%32%66"})
    mine.put(std::string("q%3Fr%23s%20%25/") + name);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_name_that_could_lead_elsewhere_is_never_sent_in_a_path) {
  const words names{"..", "../../AUTH_victim/c/o", "a%2F..%2Fb", "a/./b"};
  for (const bool bulk : {false, true}) {
    sandbox::options o;
    o.bulk_delete = bulk;
    site s(sandbox::level::plain, o);
    store mine(s);
    mine.put("box");
    for (const char* name :
         {"%2E%2E", "..%2F..%2FAUTH_victim%2Fc%2Fo", "a%252F..%252Fb", "a%2F.%2Fb", "...", "plain"})
      mine.put(std::string("box/") + name);
    const auto others = s.of_others();
    s.it.clear_requests();
    const auto e = s.remove();
    BOOST_TEST(e.code == (bulk ? 0 : 3), e.err);
    for (const auto& r : s.it.requests()) {
      const bool harmless = r.path.ends_with("/box/...") || r.path.ends_with("/box/plain");
      BOOST_TEST((r.path.find("/box/") == std::string::npos || harmless), r.path);
    }
    s.check_others(others);
    if (bulk) {
      s.check_empty();
      continue;
    }
    BOOST_TEST(e.says("'.' and '..' in its name"), e.err);
    words left;
    for (const auto& name : names) left.push_back("box/" + name);
    std::sort(left.begin(), left.end());
    BOOST_TEST((s.rest().at("object") == left));
    BOOST_TEST((s.rest().at("container") == words{"box"}));
  }
}

BOOST_AUTO_TEST_CASE(nor_is_the_name_of_a_container) {
  site s;
  store mine(s);
  mine.put("%2E%2E");
  mine.put("%2E%2E/one");
  s.it.clear_requests();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("container .. is left alone"), e.err);
  for (const auto& r : s.it.requests())
    BOOST_TEST((r.path + "/").find("/../") == std::string::npos, r.path);
  BOOST_TEST((s.rest().at("container") == words{".."}));
}

BOOST_AUTO_TEST_CASE(versions_and_their_markers_go_too) {
  site s;
  store mine(s);
  mine.put("versioned", {{"X-Versions-Enabled", "true"}});
  for (int i = 0; i < 3; ++i) mine.put("versioned/doc"), mine.put("versioned/other%20one");
  mine.del("versioned/doc");
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(stacked_versions_do_not_come_back) {
  site s;
  store mine(s);
  mine.put("archive");
  mine.put("old", {{"X-Versions-Location", "archive"}});
  for (int i = 0; i < 4; ++i) mine.put("old/doc");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_bulk_delete_that_answers_200_and_failed_is_no_success) {
  site s;
  sandbox::fault f;
  f.service = "object-store", f.method = "POST", f.path = "bulk-delete", f.status = 200;
  f.body = R"({"Response Status":"400 Bad Request","Response Body":"","Number Deleted":0,)"
           R"("Number Not Found":0,"Errors":[["/c/o","403 Forbidden"]]})";
  f.headers = {{"Content-Type", "application/json"}};
  s.it.add_fault(f);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("403 Forbidden"), e.err);
  BOOST_TEST(s.it.inventory(s.mine.project_id).at("object").size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_tagged_container_keeps_its_objects_their_segments_and_versions) {
  site s;
  store mine(s);
  mine.put("older%20versions");
  mine.put("older%20versions/one");
  mine.put("precious_segments");
  mine.put("precious_segments/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"},
                        {"X-Versions-Location", "older%20versions"}});
  mine.put("precious/one");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  const auto rest = s.rest();
  BOOST_TEST((rest.at("container") == words{"older versions", "precious", "precious_segments"}));
  BOOST_TEST(
      (rest.at("object") == words{"older versions/one", "precious/one", "precious_segments/1"}));
  BOOST_TEST(rest.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_kept_container_keeps_the_segments_of_its_large_objects) {
  site s;
  store mine(s);
  for (const char* box : {"static%20parts", "dynamic%20parts", "nested", "aside"}) mine.put(box);
  for (const char* name : {"static%20parts/1", "dynamic%20parts/a/1", "nested/1", "aside/1"})
    mine.put(name);
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.manifest("static%20parts/whole", {"/nested/1"});
  mine.manifest("precious/static", {"/static parts/1", "/static parts/whole"});
  mine.put("precious/dynamic", {{"X-Object-Manifest", "dynamic%20parts/a/"}}, "");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(
      (s.rest().at("container") == words{"dynamic parts", "nested", "precious", "static parts"}));
}

/// Whoever may write may make links that lead nowhere, round in a circle, or to others.
BOOST_AUTO_TEST_CASE(a_kept_container_keeps_what_its_symlinks_lead_to) {
  site s;
  store mine(s), others(s, s.theirs);
  for (const char* box : {"far%20away", "parts", "aside"}) mine.put(box);
  for (const char* name : {"far%20away/one", "parts/1", "aside/1"}) mine.put(name);
  mine.put("far%20away/large", {{"X-Object-Manifest", "parts/1"}}, "");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  others.put("theirs");
  others.put("theirs/one");
  const std::string account = "AUTH_" + s.theirs.project_id;
  mine.put("precious/link", {{"X-Symlink-Target", "far%20away/one"}}, "");
  mine.put("precious/nowhere", {{"X-Symlink-Target", "aside/nosuch"}}, "");
  mine.put("aside/round", {{"X-Symlink-Target", "aside/about"}}, "");
  mine.put("aside/about", {{"X-Symlink-Target", "aside/round"}}, "");
  mine.put("precious/abroad",
           {{"X-Symlink-Target", "theirs/one"}, {"X-Symlink-Target-Account", account}}, "");
  const auto before = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"aside", "far away", "parts", "precious"}));
  s.check_others(before);
}

BOOST_AUTO_TEST_CASE(a_static_large_object_is_found_where_no_list_shows_it) {
  sandbox::options o;
  o.ceph_objects = true;
  site s(sandbox::level::plain, o);
  store mine(s);
  mine.put("parts");
  mine.put("parts/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/small");
  mine.manifest("precious/static", {"/parts/1"});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious"}));
}

/// It is kept by way of its stack, which holds a network that is tagged; and a container that is
/// not chosen holds nothing together that a stack would take along.
BOOST_AUTO_TEST_CASE(a_container_that_is_kept_by_another_thing_keeps_what_it_holds) {
  site s(sandbox::level::extra);
  store mine(s);
  for (const char* box : {"parts", "made"}) mine.put(box);
  mine.put("parts/1");
  mine.put("made/dynamic", {{"X-Object-Manifest", "parts/1"}}, "");
  auto stack = s.it.object("stack", s.mine.stack).as_object();
  auto resources = stack.at("_resources").as_array();
  resources.push_back(json::object{{"resource_name", "box"},
                                   {"resource_type", "OS::Swift::Container"},
                                   {"physical_resource_id", "made"}});
  s.it.change("stack", s.mine.stack, {{"_resources", resources}});
  s.it.change("network", s.mine.stack_network, {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"made", "parts"}), e.out);
}

BOOST_AUTO_TEST_CASE(a_stack_alone_does_not_take_the_segments_of_a_kept_container) {
  site s(sandbox::level::extra);
  store mine(s);
  mine.put("parts");
  mine.put("parts/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/dynamic", {{"X-Object-Manifest", "parts/1"}}, "");
  s.it.change("stack", s.mine.stack,
              {{"_resources", json::array{json::object{{"resource_name", "box"},
                                                       {"resource_type", "OS::Swift::Container"},
                                                       {"physical_resource_id", "parts"}}}}});
  const auto e = s.remove({"--only", "stack"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null(), e.out);
}

/// Anybody can make an object a manifest of what cannot be, and Swift stumbles over it.
BOOST_AUTO_TEST_CASE(a_manifest_of_what_cannot_be_stops_nothing) {
  site s;
  store mine(s);
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/odd", {}, "");
  mine.post("precious/odd", {{"X-Object-Manifest", "nowhere"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"precious"}));
}

/// Nothing is ever sent to such a name, and what it may name stays.
BOOST_AUTO_TEST_CASE(a_manifest_that_is_not_asked_keeps_all_containers) {
  site s;
  store mine(s);
  mine.put("parts");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/a%2F..%2Fb", {{"X-Object-Manifest", "parts/1"}}, "");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious", s.mine.container}));
}

/// A gateway in trouble says 404.
BOOST_AUTO_TEST_CASE(one_404_does_not_make_a_manifest_gone) {
  site s;
  store mine(s);
  mine.put("parts");
  mine.put("parts/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/dynamic", {{"X-Object-Manifest", "parts/1"}}, "");
  sandbox::fault gone;
  gone.service = "object-store", gone.method = "HEAD", gone.path = "/precious/dynamic";
  gone.nth = 1, gone.status = 404;
  s.it.add_fault(gone);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious"}));
}

/// More versions of one name than a page has room for.
BOOST_AUTO_TEST_CASE(a_manifest_among_many_versions_is_found) {
  site s;
  store mine(s);
  mine.put("parts");
  mine.put("parts/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}, {"X-Versions-Enabled", "true"}});
  mine.put("precious/often", {{"X-Object-Manifest", "parts/1"}}, "");
  s.it.arrange([&](sandbox::world& w) {
    auto& all = w.accounts.at(s.mine.project_id).at("precious").versions.at("often");
    auto newer = all.front();
    newer.dlo.clear(), newer.body = "x";
    for (int i = 0; i < 10'000; ++i) {
      newer.version = fmt::format("9999999999.{:05}", i);
      all.push_front(newer);
    }
  });
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious"}));
}

/// Nobody asks ten thousand times: whatever they may name stays.
BOOST_AUTO_TEST_CASE(too_many_that_may_be_manifests_keep_all_containers) {
  site s;
  store mine(s);
  mine.put("parts");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/one", {{"X-Object-Manifest", "nosuch/1"}}, "");
  s.it.arrange([&](sandbox::world& w) {
    auto& all = w.accounts.at(s.mine.project_id).at("precious").objects;
    const auto empty = all.at("one");
    for (int i = 0; i < 10'000; ++i) all[fmt::format("n{}", i)] = empty;
  });
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious", s.mine.container}));
  BOOST_TEST(s.count("HEAD", "object-store") < 20U);
}

BOOST_AUTO_TEST_CASE(a_manifest_that_cannot_be_read_stops_all) {
  site s;
  store mine(s);
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/dynamic", {{"X-Object-Manifest", "elsewhere/a/"}}, "");
  s.fail("object-store", "HEAD", "/precious/dynamic", 400);
  const auto e = s.remove();
  BOOST_TEST(e.code == 1, e.err);
  BOOST_TEST(s.count("DELETE", "compute") + s.count("DELETE", "object-store") == 0U);
}

BOOST_AUTO_TEST_CASE(a_container_whose_tag_does_not_show_is_left) {
  for (const std::uint64_t times : {1U, 2U}) {
    site s;
    store mine(s);
    mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
    mine.put("precious/one");
    for (std::uint64_t nth = 1; nth <= times; ++nth) {
      sandbox::fault f;
      f.service = "object-store", f.method = "HEAD", f.path = "/precious", f.nth = nth;
      f.status = 404;
      s.it.add_fault(f);
    }
    const auto e = s.remove();
    BOOST_TEST(e.code == (times == 1 ? 0 : 3), e.err);
    BOOST_TEST((s.rest().at("object") == words{"precious/one"}));
    if (times == 2) BOOST_TEST(e.says("does not show what may protect it"), e.err);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
