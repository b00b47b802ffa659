#include <boost/test/unit_test.hpp>

#include "tests/sandbox/fixture.hpp"

using namespace sandbox;

namespace {

struct storage_fixture : two_tenants {
  std::string volumes = "/volume/v3/" + mine.project_id;
  std::string images = "/image/v2/images";
  std::string box = "/object-store/v1/AUTH_" + mine.project_id;

  std::size_t objects(const std::string& container, const char* query = "") {
    return user.get(box + "/" + container + "?format=json" + query).json().as_array().size();
  }
};

const std::map<std::string, std::string> text_plain{{"Content-Type", "text/plain"}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_storage, storage_fixture)

BOOST_AUTO_TEST_CASE(the_project_in_the_path_must_be_the_tokens) {
  BOOST_TEST(admin.get(volumes + "/volumes").status == 400);
  BOOST_TEST(user.get("/volume/v3/volumes").status == 200);
  const answer bad =
      user.send("GET", volumes + "/volumes", "", {{"OpenStack-API-Version", "volume 3.999"}});
  BOOST_TEST(bad.status == 406);
}

BOOST_AUTO_TEST_CASE(volumes_that_are_needed_stay) {
  for (const char* kind : {"volume_in_transfer", "volume_in_group", "attached_volume"})
    BOOST_TEST(user.del(volumes + "/volumes/" + mine.rare[kind]) == 400, kind);
  BOOST_TEST(user.del(volumes + "/volumes/" + mine.volume) == 400);
  BOOST_TEST(user.del(volumes + "/snapshots/" + mine.snapshot) == 202);
  BOOST_TEST(settled(volumes + "/snapshots/" + mine.snapshot) == 404);
  BOOST_TEST(user.del(volumes + "/volumes/" + mine.volume) == 202);
  BOOST_TEST(settled(volumes + "/volumes/" + mine.volume) == 404);
}

BOOST_AUTO_TEST_CASE(a_backup_waits_for_what_depends_on_it) {
  BOOST_TEST(user.del(volumes + "/backups/" + mine.backup) == 400);
  BOOST_TEST(user.del(volumes + "/backups/" + mine.rare["incremental_backup"]) == 202);
  BOOST_TEST(settled(volumes + "/backups/" + mine.rare["incremental_backup"]) == 404);
  BOOST_TEST(user.del(volumes + "/backups/" + mine.backup) == 202);
}

BOOST_AUTO_TEST_CASE(groups_need_3_13_and_take_their_volumes_along) {
  const std::map<std::string, std::string> v{{"OpenStack-API-Version", "volume 3.20"}};
  BOOST_TEST(user.get(volumes + "/groups/detail").status == 404);
  BOOST_TEST(
      user.send("GET", volumes + "/groups/detail", "", v).json().at("groups").as_array().size() ==
      1u);
  const std::string act = volumes + "/groups/" + mine.rare["volume_group"] + "/action";
  const auto remove = [](bool with) {
    return json::object{{"delete", json::object{{"delete-volumes", with}}}};
  };
  BOOST_TEST(user.post(act, remove(false), v).status == 400);
  BOOST_TEST(user.post(act, remove(true), v).status == 202);
  BOOST_TEST(settled(volumes + "/volumes/" + mine.rare["volume_in_group"]) == 404);
}

BOOST_AUTO_TEST_CASE(a_failing_delete_ends_in_error_deleting) {
  fault f;
  f.service = "volume", f.method = "DELETE", f.action = "fail_async";
  it.add_fault(f);
  it.set_async_delay(std::chrono::milliseconds(0));
  const std::string id = mine.rare["volume_from_snapshot"];
  BOOST_TEST(user.del(volumes + "/volumes/" + id) == 202);
  BOOST_TEST(it.object("volume", id).at("status").as_string() == "error_deleting");
  BOOST_TEST(user.del(volumes + "/volumes/" + id) == 400);
}

BOOST_AUTO_TEST_CASE(images_come_in_pages_of_25_with_relative_links) {
  for (int i = 0; i < 30; ++i)
    user.post(images, json::object{{"name", "many"}, {"visibility", "private"}});
  std::string at = images + "?name=many";
  std::size_t seen = 0, pages = 0;
  while (!at.empty() && ++pages < 9) {
    const json::value p = user.get(at).json();
    seen += p.at("images").as_array().size();
    const auto* next = p.as_object().if_contains("next");
    at = next ? "/image" + std::string(next->as_string()) : "";
  }
  BOOST_TEST(seen == 30u);
  BOOST_TEST(pages == 2u);
}

BOOST_AUTO_TEST_CASE(protected_and_hidden_images) {
  const std::map<std::string, std::string> patch{
      {"Content-Type", "application/openstack-images-v2.1-json-patch"}};
  const std::string one = images + "/" + mine.private_image;
  const std::string protect = R"([{"op":"replace","path":"/protected","value":true}])";
  BOOST_TEST(user.send("PATCH", one, protect, {{"Content-Type", "application/json"}}).status ==
             415);
  BOOST_TEST(user.send("PATCH", one, protect, patch).status == 200);
  const answer html = user.send("DELETE", one);
  BOOST_TEST(html.status == 403);
  BOOST_TEST(html.body.find("<html>") == 0u);
  const answer json = user.send("DELETE", one, "", {{"Accept", "application/json"}});
  BOOST_TEST(json.json().at("code").as_string() == "403 Forbidden");
  user.send("PATCH", one, R"([{"op":"add","path":"/os_hidden","value":true}])", patch);
  const auto count = [&](const char* query) {
    return user.get(images + "?owner=" + mine.project_id + query)
        .json()
        .at("images")
        .as_array()
        .size();
  };
  BOOST_TEST(count("") == 1u);
  BOOST_TEST(count("&os_hidden=true") == 1u);
  BOOST_TEST(user.del(images + "/" + theirs.private_image) == 404);
}

BOOST_AUTO_TEST_CASE(community_images_of_others_are_listed_by_visibility_only) {
  it.change("image", mine.shared_image, {{"visibility", "community"}});
  client other(it, theirs.name, theirs.password, theirs.name);
  const auto shows = [&](client& who, const char* query) {
    const auto answer = who.get(images + "?owner=" + mine.project_id + query);
    return answer.body.find(mine.shared_image) != std::string::npos;
  };
  BOOST_TEST(shows(user, ""));
  for (auto* who : {&admin, &other}) {
    BOOST_TEST(!shows(*who, ""));
    BOOST_TEST(!shows(*who, "&visibility=public"));
    BOOST_TEST(shows(*who, "&visibility=all"));
    BOOST_TEST(shows(*who, "&visibility=community"));
  }
}

BOOST_AUTO_TEST_CASE(bulk_delete_answers_200_and_tells_the_truth_inside) {
  const std::string lines = mine.container + "/obj0.txt\n/" + mine.container +
                            "/%C3%BCmlaut.txt\n" + mine.container + "/nosuch\n" + mine.container +
                            "\n";
  const answer a = user.send("POST", box + "?bulk-delete", lines,
                             {{"Content-Type", "text/plain"}, {"Accept", "application/json"}});
  BOOST_TEST(a.status == 200);
  BOOST_TEST(a.json().at("Number Deleted").as_int64() == 2);
  BOOST_TEST(a.json().at("Number Not Found").as_int64() == 1);
  BOOST_TEST(a.json().at("Response Status").as_string() == "400 Bad Request");
  BOOST_TEST(user.send("POST", box + "?bulk-delete", "", text_plain)
                 .json()
                 .at("Response Status")
                 .as_string() == "400 Bad Request");
  BOOST_TEST(user.del(box + "/" + mine.container) == 409);
  it.set_bulk_delete(false);
  BOOST_TEST(!user.get("/object-store/info").json().as_object().if_contains("bulk_delete"));
}

BOOST_AUTO_TEST_CASE(a_manifest_can_take_its_segments_along) {
  BOOST_TEST(objects(mine.rare["segments"]) == 2u);
  const answer a =
      user.send("DELETE", box + "/" + mine.container + "/large?multipart-manifest=delete");
  BOOST_TEST(a.json().at("Number Deleted").as_int64() == 3);
  BOOST_TEST(objects(mine.rare["segments"]) == 0u);
}

BOOST_AUTO_TEST_CASE(versions_hide_behind_a_delete_marker) {
  const std::string name = mine.rare["versioned_container"];
  BOOST_TEST(user.del(box + "/" + name + "/doc") == 204);
  BOOST_TEST(objects(name) == 0u);
  BOOST_TEST(user.del(box + "/" + name) == 409);
  const json::value all = user.get(box + "/" + name + "?versions&format=json").json();
  BOOST_TEST(all.as_array().size() == 3u);
  for (const auto& v : all.as_array())
    BOOST_TEST(user.del(box + "/" + name +
                        "/doc?version-id=" + std::string(v.at("version_id").as_string())) == 204);
  BOOST_TEST(user.del(box + "/" + name) == 204);
}

BOOST_AUTO_TEST_CASE(an_archived_version_comes_back_on_delete) {
  const std::string name = mine.rare["old_versioned_container"];
  BOOST_TEST(user.get(box + "/" + name + "/doc").body == "two");
  BOOST_TEST(user.del(box + "/" + name + "/doc") == 204);
  BOOST_TEST(user.get(box + "/" + name + "/doc").body == "one");
  BOOST_TEST(user.del(box + "/" + name + "/doc") == 204);
  BOOST_TEST(user.get(box + "/" + name + "/doc").status == 404);
}

BOOST_AUTO_TEST_CASE(listings_go_by_marker_and_a_foreign_account_is_closed) {
  const answer first = user.get(box + "/" + mine.container + "?format=json&limit=3");
  BOOST_TEST(first.json().as_array().size() == 3u);
  BOOST_TEST(first.json().at(0).at("name").as_string() == "100%");
  BOOST_TEST(objects(mine.container, "&marker=obj2.txt") == 2u);
  BOOST_TEST(user.get("/object-store/v1/AUTH_" + theirs.project_id).status == 403);
  BOOST_TEST(admin.get(box + "?format=json").status == 200);
}

BOOST_AUTO_TEST_CASE(only_a_shared_image_has_members) {
  const std::string at = "/image/v2/images/" + mine.shared_image;
  BOOST_TEST(user.get(at + "/members").json().at("members").as_array().size() == 1u);
  const std::map<std::string, std::string> patch{
      {"Content-Type", "application/openstack-images-v2.1-json-patch"}};
  const auto become = [&](const char* visibility) {
    const std::string body =
        std::string(R"([{"op":"replace","path":"/visibility","value":")") + visibility + "\"}]";
    return user.send("PATCH", at, body, patch).status;
  };
  BOOST_TEST(become("private") == 200);
  BOOST_TEST(user.get(at + "/members").status == 403);
  const std::string member(it.object("project", theirs.project_id).at("id").as_string());
  BOOST_TEST(user.send("DELETE", at + "/members/" + member).status == 403);
  // They are forgotten by nobody: shared again, they are there again.
  BOOST_TEST(become("shared") == 200);
  BOOST_TEST(user.get(at + "/members").json().at("members").as_array().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
