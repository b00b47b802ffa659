// What Cinder and Glance keep in the project's own Swift account: the data of backups, and of
// images where each project has its own store.
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/cli/store.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_stored_data)

namespace {

/// The id of a new backup with its data in that container.
std::string back_up(site& s, const std::string& box) {
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto made = user.post(
      "/volume/v3/" + s.mine.project_id + "/backups",
      json::object{{"backup", json::object{{"volume_id", s.mine.volume}, {"container", box}}}});
  s.it.settle();
  return text(made.json().at("backup"), "id");
}

const json::object k_tag{{"metadata", json::object{{"ostclean:keep", ""}}}};

bool is_there(const site& s, const char* kind, const std::string& id) {
  return !s.it.object(kind, id).is_null();
}

words containers(site& s) {
  const auto rest = s.rest();
  return rest.contains("container") ? rest.at("container") : words{};
}

}  // namespace

BOOST_AUTO_TEST_CASE(backups_go_before_the_container_of_their_data) {
  site s;
  back_up(s, "backups");
  back_up(s, "backups");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  bool begun = false;
  for (const auto& r : s.it.requests()) {
    if (r.method != "DELETE") continue;
    const bool backup = r.service == "volume" && r.path.find("/backups/") != std::string::npos;
    // What is in it, or itself.
    begun = begun || (r.service == "object-store" && r.path.find("/backups") != std::string::npos);
    BOOST_TEST(!(begun && backup), "too late: " << r.path);
  }
  BOOST_TEST(begun);
}

BOOST_AUTO_TEST_CASE(a_kept_backup_keeps_the_container_of_its_data) {
  site s;
  const auto kept = back_up(s, "backups"), other = back_up(s, "backups");
  s.it.change("backup", kept, k_tag);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((containers(s) == words{"backups"}), e.out);
  BOOST_TEST(s.rest().at("object").size() == 1U);
  BOOST_TEST(is_there(s, "backup", kept));
  BOOST_TEST(!is_there(s, "backup", other));
}

BOOST_AUTO_TEST_CASE(backups_that_are_left_out_keep_the_container_of_their_data) {
  site s;
  back_up(s, "backups");
  const auto e = s.remove({"--skip", "backup"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((containers(s) == words{"backups"}), e.out);
}

BOOST_AUTO_TEST_CASE(a_kept_container_keeps_the_backups_whose_data_it_has) {
  site s;
  store mine(s);
  const auto in = back_up(s, "backups"), elsewhere = back_up(s, "others");
  mine.post("backups", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((containers(s) == words{"backups"}), e.out);
  BOOST_TEST(is_there(s, "backup", in));
  BOOST_TEST(!is_there(s, "backup", elsewhere));
}

/// The tag protects what is in the container, whatever kind it is deleted with.
BOOST_AUTO_TEST_CASE(a_kept_container_keeps_its_data_where_only_other_kinds_are_chosen) {
  site s;
  store mine(s);
  const auto in = back_up(s, "backups"), elsewhere = back_up(s, "others");
  const auto glance = "glance_" + s.mine.private_image;
  for (const auto& box : {std::string{"backups"}, glance})
    mine.put(box, {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  s.it.clear_requests();
  const auto e = s.remove({"--only", "backup", "--only", "image"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(is_there(s, "backup", in));
  BOOST_TEST(is_there(s, "image", s.mine.private_image));
  BOOST_TEST(!is_there(s, "backup", elsewhere));
  BOOST_TEST(!is_there(s, "image", s.mine.shared_image));
  words asked;
  for (const auto& r : s.it.requests())
    if (r.method == "HEAD") asked.push_back(r.path.substr(r.path.find_last_of('/') + 1));
  BOOST_TEST((std::set<std::string>(asked.begin(), asked.end()) ==
              std::set<std::string>{"backups", "others", glance}));
}

BOOST_AUTO_TEST_CASE(a_kept_image_keeps_the_container_of_its_data) {
  site s;
  store mine(s);
  for (const auto& image : {s.mine.private_image, s.mine.shared_image}) {
    mine.put("glance_" + image);
    mine.put("glance_" + image + "/" + image);
  }
  s.it.change("image", s.mine.private_image, {{"protected", true}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((containers(s) == words{"glance_" + s.mine.private_image}), e.out);
  BOOST_TEST(s.rest().at("object").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_kept_container_keeps_the_image_whose_data_it_has) {
  site s;
  store mine(s);
  mine.put("glance_" + s.mine.private_image, {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(is_there(s, "image", s.mine.private_image));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
