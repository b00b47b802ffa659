// images, delete --keep-images and purge: an image in use by others survives its project, private
// and marked, and goes when nobody uses it any more.
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/cli/resting.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_purge)

namespace {

/// The image kept by a delete that was told so by `images`.
class kept : public resting {
 public:
  explicit kept(sandbox::options o = sandbox::options()) : resting(std::move(o)) {
    server = borrow();
    const auto listed = run({"images", "--project", mine.name, "-f", "json"});
    BOOST_TEST(listed.code == 0, listed.err);
    file = home.write("kept.json", listed.out);
    const auto e = remove({"--keep-images", file});
    BOOST_TEST(e.code == 0, e.err);
    it.clear_requests();
  }
  void drop(const std::string& id) {
    sandbox::client who(it, theirs.name, theirs.password, theirs.name);
    BOOST_TEST(who.del("/compute/v2.1/servers/" + id) == 204);
    it.settle();
    it.settle();
    it.clear_requests();
  }
  bool there() const { return !it.object("image", mine.shared_image).is_null(); }
  ending purge(words further = {}) {
    words args{"purge", "--yes", "-f", "json"};
    args.insert(args.end(), further.begin(), further.end());
    return run(args);
  }
  std::string server, file;
};

std::string only_result(const ending& e, const char* member = "result") {
  const auto all = e.data().as_array();
  return all.size() == 1 ? text(all.front(), member) : json::serialize(all);
}

}  // namespace

BOOST_AUTO_TEST_CASE(images_lists_what_servers_of_others_use) {
  resting s;
  auto e = s.run({"images", "--project", s.mine.name, "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().as_array().empty());
  const auto direct = s.borrow();
  const auto [server, volume] = s.borrow_by_volume();
  e = s.run({"images", "--project", s.mine.name, "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_REQUIRE(e.data().as_array().size() == 1U);
  const auto row = e.data().as_array().front();
  BOOST_TEST(text(row, "id") == s.mine.shared_image);
  BOOST_TEST(text(row, "project_id") == s.mine.project_id);
  const auto& servers = row.at("servers");
  BOOST_REQUIRE(servers.as_array().size() == 2U);
  for (const auto& one : servers.as_array()) {
    BOOST_TEST(text(one, "project_id") == s.theirs.project_id);
    BOOST_TEST(text(one, "volume_id") == (text(one, "id") == server ? volume : ""));
  }
  BOOST_TEST((texts(servers, "id") == words{direct, server} ||
              texts(servers, "id") == words{server, direct}));
  BOOST_TEST(s.changes().empty());
  // One sweep, and one of what is set aside: regions that share an endpoint are asked once.
  BOOST_TEST(s.count("GET", "compute", "/servers/detail?all_tenants=1") == 2U);
}

BOOST_AUTO_TEST_CASE(a_community_image_is_listed_kept_and_purged_as_any) {
  resting s;
  s.borrow();
  s.it.change("image", s.mine.shared_image, {{"visibility", "community"}});
  const auto listed = s.run({"images", "--project", s.mine.name, "-f", "json"});
  BOOST_TEST(listed.code == 0, listed.err);
  BOOST_TEST((texts(listed.data(), "id") == words{s.mine.shared_image}), listed.out);
  kept k;
  k.drop(k.server);
  k.it.change("image", k.mine.shared_image, {{"visibility", "community"}});
  const auto e = k.purge();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "deleted");
  BOOST_TEST(!k.there());
}

BOOST_AUTO_TEST_CASE(servers_of_the_project_itself_do_not_count) {
  resting s;
  s.it.change("server", s.mine.servers[0], {{"_image", s.mine.private_image}});
  const auto e = s.run({"images", "--project", s.mine.name, "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().as_array().empty());
}

BOOST_AUTO_TEST_CASE(images_fails_rather_than_to_miss_one) {
  for (const auto& [service, path] : {std::pair{"compute", "/servers/detail"},
                                      {"volume", "/volumes/detail"},
                                      {"image", "/images"}}) {
    resting s;
    s.borrow();
    s.fail(service, "GET", path, 500);
    const auto e = s.run({"images", "--project", s.mine.name, "-f", "json", "--timeout", "5"});
    BOOST_TEST(e.code == 1, service << e.err);
    BOOST_TEST(e.out.empty());
  }
  resting s;
  const auto user = s.run({"images", "--credentials", s.credentials()});
  BOOST_TEST(user.code == 2, user.err);
  check_one_error(user, "images takes no --credentials");
}

BOOST_AUTO_TEST_CASE(a_kept_image_is_private_alone_and_marked) {
  kept s;
  BOOST_TEST(s.there());
  const auto image = s.it.object("image", s.mine.shared_image);
  BOOST_TEST(text(image, "visibility") == "private");
  BOOST_TEST(text(image, "orphan_image") == "True");
  BOOST_TEST(text(image, "orphan_image_id") == s.mine.shared_image);
  BOOST_TEST(s.state().find(":pending") == std::string::npos);
  const auto rest = s.rest();
  BOOST_TEST(rest.size() == 1U);
  BOOST_TEST(s.status(s.server) == "ACTIVE");
  BOOST_TEST(s.remove({"--keep-images", s.file}).code == 0);
  BOOST_TEST(s.there());
}

BOOST_AUTO_TEST_CASE(the_record_of_stop_says_what_to_keep_and_to_unlock) {
  resting s;
  s.borrow();
  BOOST_TEST(s.stop({"--lock"}).code == 0);
  const auto locked = s.remove({"--keep-images", s.record(), "--dry-run"});
  BOOST_TEST(locked.code == 0, locked.err);
  BOOST_TEST(locked.out.find("locked; --include-protected") != std::string::npos);
  const auto e = s.remove({"--keep-images", s.record(), "--record", s.record()});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.rest().size() == 1U);
  BOOST_TEST(text(s.it.object("image", s.mine.shared_image), "orphan_image") == "True");
}

BOOST_AUTO_TEST_CASE(bad_files_of_images_are_one_clear_line) {
  resting s;
  const auto before = s.it.snapshot();
  const std::vector<std::pair<std::string, std::string>> bad{
      {"", "is empty"},
      {"\xEF\xBB\xBF\r\n", "is empty"},
      {"[{\"id\":\"a\"},", "not valid JSON"},
      {"{\"id\":\"a\"}\n{\"id\":\"b\n", ":2: not valid JSON"},
      {"[{\"name\":\"a\"}]", "no image id"},
      {"[{\"id\":\"a\",\"remaining_days\":-3}]", "lists users, not images"}};
  for (const auto& [text, says] : bad) {
    const auto e = s.remove({"--keep-images", s.home.write("bad.json", text)});
    BOOST_TEST(e.code == 2, says << ": " << e.err);
    check_one_error(e, says);
  }
  for (const auto& file : {s.home.path("none"), s.home.path("")}) {
    const auto missing = s.remove({"--keep-images", file});
    BOOST_TEST(missing.code == 2, missing.err);
    check_one_error(missing, "cannot read");
  }
  BOOST_TEST(s.changes().empty());
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(an_empty_list_keeps_nothing_and_windows_files_are_read) {
  resting s;
  const auto windows = "\xEF\xBB\xBFid,name\r\n" + s.mine.shared_image + ",x\r\n";
  BOOST_TEST(s.remove({"--keep-images", s.home.write("w.csv", windows)}).code == 0);
  BOOST_TEST(s.rest().size() == 1U);
  BOOST_TEST(s.remove({"--keep-images", s.home.write("none.json", "[]\n")}).code == 0);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(purge_waits_for_the_last_server) {
  kept s;
  const auto others = s.it.snapshot();
  auto e = s.purge();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "kept");
  BOOST_TEST(only_result(e, "reason").find("in use by server borrowed") == 0U);
  check_same(others, s.it.snapshot());
  s.drop(s.server);
  e = s.purge({"--dry-run"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e, "action") == "delete");
  BOOST_TEST(s.changes().empty());
  e = s.run({"purge"});
  BOOST_TEST(e.code == 5, e.err);
  BOOST_TEST(s.changes().empty());
  const auto report = s.home.path("report.json");
  e = s.purge({"--report", report});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "deleted");
  BOOST_TEST(!s.there());
  const auto summary = json::parse(contents(report)).at("summary");
  BOOST_TEST(text(summary, "deleted") == "1");
  e = s.purge();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().as_array().empty());
}

/// Nova may bring it back (reclaim_instance_interval).
BOOST_AUTO_TEST_CASE(purge_keeps_what_a_server_that_is_set_aside_was_made_from) {
  kept s;
  s.it.change("server", s.server,
              {{"status", "SOFT_DELETED"}, {"OS-EXT-STS:vm_state", "soft-delete"}});
  const auto e = s.purge();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "kept", e.out);
  BOOST_TEST(s.there());
}

BOOST_AUTO_TEST_CASE(purge_keeps_what_a_volume_was_made_from) {
  kept s;
  s.drop(s.server);
  const auto [server, volume] = s.borrow_by_volume();
  auto e = s.purge();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "kept");
  s.drop(server);
  e = s.purge();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "kept");
  BOOST_TEST(only_result(e, "reason").find("volume " + volume) == 0U);
  BOOST_TEST(s.there());
}

BOOST_AUTO_TEST_CASE(an_inherited_mark_and_a_protected_image_stay) {
  kept s;
  s.drop(s.server);
  s.it.put("image", "snapshot-1", s.theirs.project_id,
           {{"id", "snapshot-1"},
            {"name", "snapshot of the borrowed"},
            {"owner", s.theirs.project_id},
            {"visibility", "private"},
            {"os_hidden", false},
            {"protected", false},
            {"status", "active"},
            {"tags", json::array{}},
            {"orphan_image", "True"},
            {"orphan_image_id", s.mine.shared_image}});
  s.it.change("image", s.mine.shared_image, {{"protected", true}});
  auto e = s.purge();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "kept");
  BOOST_TEST(only_result(e, "reason") == "protected");
  s.it.change("image", s.mine.shared_image, {{"protected", false}});
  e = s.purge({"--project", s.theirs.name});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().as_array().empty());
  e = s.purge({"--project", s.mine.name});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "deleted");
  BOOST_TEST(!s.it.object("image", "snapshot-1").is_null());
}

BOOST_AUTO_TEST_CASE(a_tag_that_comes_while_the_users_are_looked_for_is_seen) {
  kept s;
  s.drop(s.server);
  s.fault("hold", "compute", "GET", "/servers/detail");
  const auto e = run_while(s, {"purge", "--yes", "-f", "json"}, [&] {
    s.it.change("image", s.mine.shared_image, {{"ostclean:keep", "1"}});
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(only_result(e) == "kept");
  BOOST_TEST(s.there());
}

BOOST_AUTO_TEST_CASE(one_endpoint_that_fails_stops_the_purge) {
  for (const auto& [service, path] : {std::pair{"compute", "/servers/detail"},
                                      {"volume", "/volumes/detail"},
                                      {"image", "/images?"}}) {
    kept s;
    s.drop(s.server);
    s.fail(service, "GET", path, 500);
    const auto e = s.purge({"--timeout", "5"});
    BOOST_TEST(e.code == 1, service << ": " << e.err);
    BOOST_TEST(s.there());
    BOOST_TEST(s.changes().empty());
  }
}

BOOST_AUTO_TEST_CASE(what_glance_refuses_is_left_with_its_words) {
  kept s;
  s.drop(s.server);
  s.fail("image", "DELETE", s.mine.shared_image, 409,
         R"({"message":"Image is in use by a backend clone.<br />","code":"409 Conflict"})");
  const auto e = s.purge();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(only_result(e) == "left");
  BOOST_TEST(e.says("in use by a backend clone"), e.err);
  BOOST_TEST(s.there());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
