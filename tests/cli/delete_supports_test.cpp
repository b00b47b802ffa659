// What a kept object stands on and no field of it names in the open: data that an image only tells
// of, the image of a shelved server, secrets that Nova and others named after what needs them.
#include <boost/test/unit_test.hpp>

#include "tests/cli/store.hpp"
#include "tests/sandbox/client.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_supports)

namespace {

using sandbox::level;

bool is_left(const site& s, const char* kind, const std::string& id) {
  return !s.it.object(kind, id).is_null();
}

void check_kept(const site& s, const char* kind, const std::string& id) {
  BOOST_TEST(is_left(s, kind, id), kind << " " << id << " is gone");
}

void check_gone(const site& s, const char* kind, const std::string& id) {
  BOOST_TEST(!is_left(s, kind, id), kind << " " << id << " is left");
}

void tag(site& s, const char* kind, const std::string& id) {
  s.it.change(kind, id, {{"metadata", json::object{{"ostclean:keep", ""}}}});
}

/// As the user does it.
json::value act(site& s, const std::string& server, const std::string& action, json::value how) {
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto done = user.post("/compute/v2.1/servers/" + server + "/action",
                              json::object{{action, std::move(how)}},
                              {{"OpenStack-API-Version", "compute 2.45"}});
  BOOST_REQUIRE_EQUAL(done.status, 202);
  s.it.settle();
  return done.json();
}

std::string secret_named(site& s, const std::string& name, const std::string& type) {
  std::string id;
  s.it.arrange([&](sandbox::world& w) { id = w.uuid(); });
  s.it.put("secret", id, s.mine.project_id,
           {{"id", id}, {"name", name}, {"secret_type", type}, {"consumers", json::array{}}});
  return id;
}

std::string mapping(const char* field, const std::string& id) {
  const json::object disk{{"destination_type", "volume"}, {field, id}};
  return json::serialize(json::array{disk});
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_image_without_data_keeps_what_it_is_made_of) {
  for (const auto& how : {words{}, words{"--skip", "image"}}) {
    site s;
    const auto before = s.of_others();
    s.it.change("image", s.mine.private_image,
                {{"size", 0}, {"block_device_mapping", mapping("snapshot_id", s.mine.snapshot)}});
    if (how.empty()) s.it.change("image", s.mine.private_image, {{"protected", true}});
    const auto e = s.remove(how);
    BOOST_TEST(e.code == 0, e.err);
    check_kept(s, "image", s.mine.private_image);
    check_kept(s, "snapshot", s.mine.snapshot);
    check_kept(s, "volume", s.mine.volume);
    check_gone(s, "server", s.mine.servers[0]);
    s.check_others(before);
  }
}

BOOST_AUTO_TEST_CASE(a_server_of_volumes_leaves_such_an_image) {
  site s(level::rare);
  s.it.change("server", s.mine.servers[0], {{"_image", ""}});
  const auto made = act(s, s.mine.servers[0], "createImage", json::object{{"name", "golden"}});
  const auto image = text(made, "image_id");
  s.it.change("image", image, {{"ostclean:keep", "1"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "image", image);
  check_kept(s, "volume", s.mine.rare.at("attached_volume"));
  BOOST_TEST(s.it.inventory(s.mine.project_id).at("snapshot").size() == 1U);
  check_gone(s, "server", s.mine.servers[0]);
}

BOOST_AUTO_TEST_CASE(an_image_keeps_the_images_and_volumes_that_it_names) {
  site s;
  s.it.change("image", s.mine.private_image,
              {{"protected", true},
               {"kernel_id", s.mine.shared_image},
               {"block_device_mapping", mapping("volume_id", s.mine.volume)}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "image", s.mine.shared_image);
  check_kept(s, "volume", s.mine.volume);
  check_gone(s, "snapshot", s.mine.snapshot);
}

BOOST_AUTO_TEST_CASE(the_volume_of_an_images_data_stays_with_the_image) {
  for (int way = 0; way < 4; ++way) {
    site s;
    const auto image = s.mine.private_image, volume = s.mine.volume;
    s.it.change("image", image, {{"protected", true}, {"_data_volume", volume}});
    if (way == 0) s.it.change("image", image, {{"direct_url", "cinder://store/" + volume}});
    if (way == 1) {
      const json::object at{{"url", "cinder://" + volume}, {"metadata", json::object{}}};
      s.it.change("image", image, {{"locations", json::array{at}}});
    }
    if (way == 2)
      s.it.change("volume", volume, {{"metadata", json::object{{"glance_image_id", image}}}});
    if (way == 3) s.it.change("volume", volume, {{"name", "image-" + image}});
    const auto e = s.remove();
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(is_left(s, "volume", volume), "way " << way);
    check_gone(s, "image", s.mine.shared_image);
  }
}

BOOST_AUTO_TEST_CASE(an_image_stays_with_the_volume_of_its_data) {
  site s;
  s.it.change("image", s.mine.private_image, {{"_data_volume", s.mine.volume}});
  s.it.change("volume", s.mine.volume, {{"name", "image-" + s.mine.private_image}});
  tag(s, "volume", s.mine.volume);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "volume", s.mine.volume);
  check_kept(s, "image", s.mine.private_image);
}

BOOST_AUTO_TEST_CASE(a_kept_server_that_is_shelved_can_come_back) {
  for (const auto& how : {words{}, words{"--skip", "server"}}) {
    site s;
    const auto server = s.mine.servers[0];
    act(s, server, "createImage", json::object{{"name", "x-shelved"}});
    act(s, server, "shelve", nullptr);
    const auto image = text(s.it.object("server", server), "_shelved_image");
    s.it.change("image", image, {{"name", "called otherwise since"}});
    if (how.empty()) s.it.change("server", server, {{"locked", true}});
    const auto e = s.remove(how);
    BOOST_TEST(e.code == 0, e.err);
    s.it.change("server", server, {{"locked", false}});
    act(s, server, "unshelve", nullptr);
    BOOST_TEST(text(s.it.object("server", server), "status") == "ACTIVE");
  }
}

BOOST_AUTO_TEST_CASE(an_image_that_nova_would_take_along_keeps_its_server) {
  site s;
  const auto server = s.mine.servers[0];
  act(s, server, "shelve", nullptr);
  const auto image = text(s.it.object("server", server), "_shelved_image");
  s.it.change("image", image, {{"ostclean:keep", "1"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "image", image);
  check_kept(s, "server", server);
}

BOOST_AUTO_TEST_CASE(only_servers_take_their_shelved_image_along) {
  site s;
  act(s, s.mine.servers[0], "shelve", nullptr);
  const auto e = s.remove({"--only", "server"});
  BOOST_TEST(e.code == 0, e.err);
  check_gone(s, "server", s.mine.servers[0]);
  check_kept(s, "image", s.mine.private_image);
}

/// Nova takes that along, and Glance its data out of the container.
BOOST_AUTO_TEST_CASE(a_kept_container_keeps_the_server_that_comes_back_from_its_data) {
  site s;
  act(s, s.mine.servers[0], "shelve", nullptr);
  const auto image = text(s.it.object("server", s.mine.servers[0]), "_shelved_image");
  store(s).put("glance_" + image, {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  const auto e = s.remove({"--only", "server"});
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "image", image);
  check_kept(s, "server", s.mine.servers[0]);
}

BOOST_AUTO_TEST_CASE(a_kept_server_keeps_the_secrets_of_its_tpm_and_disks) {
  site s(level::extra);
  const auto server = s.mine.servers[0];
  const auto tpm = secret_named(s, "vTPM secret for instance " + server, "passphrase");
  const auto disk = secret_named(s, "Ephemeral encryption secret for instance " + server + " BDM 1",
                                 "passphrase");
  const auto other = secret_named(s, "vTPM secret for instance " + s.mine.servers[1], "passphrase");
  s.it.change("server", server, {{"locked", true}, {"_vtpm_secret", tpm}});
  s.it.change("server", s.mine.servers[1], {{"_vtpm_secret", other}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  for (const auto& id : {tpm, disk}) check_kept(s, "secret", id);
  for (const auto& id : {other, s.mine.secret}) check_gone(s, "secret", id);
}

BOOST_AUTO_TEST_CASE(a_secret_that_nova_would_take_along_keeps_its_server) {
  site s(level::extra);
  const auto tpm = secret_named(s, "vTPM secret for instance " + s.mine.servers[0], "passphrase");
  s.it.change("server", s.mine.servers[0], {{"_vtpm_secret", tpm}});
  const auto e = s.remove({"--skip", "secret"});
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "secret", tpm);
  check_kept(s, "server", s.mine.servers[0]);
  check_gone(s, "server", s.mine.servers[1]);
}

BOOST_AUTO_TEST_CASE(a_kept_server_keeps_the_key_of_its_volume) {
  site s(level::rare);
  const auto key = secret_named(s, "", "symmetric");
  s.it.change("volume", s.mine.rare.at("attached_volume"), {{"encrypted", true}});
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "volume", s.mine.rare.at("attached_volume"));
  check_kept(s, "secret", key);
}

BOOST_AUTO_TEST_CASE(a_kept_container_of_secrets_keeps_them) {
  site s(level::rare);
  const auto other = secret_named(s, "other", "opaque");
  const auto e = s.remove({"--skip", "secret_container"});
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "secret", s.mine.secret);
  check_gone(s, "secret", other);
}

BOOST_AUTO_TEST_CASE(a_secret_stays_with_those_who_say_to_use_it) {
  site s(level::extra);
  const auto used = [&](const char* name, const std::string& by) {
    auto id = secret_named(s, name, "opaque");
    const json::object consumer{
        {"service", "volume"}, {"resource_type", "volume"}, {"resource_id", by}};
    s.it.change("secret", id, {{"consumers", json::array{consumer}}});
    return id;
  };
  tag(s, "snapshot", s.mine.snapshot);
  const auto of_kept = used("kept", s.mine.volume), of_gone = used("gone", s.mine.servers[0]),
             of_others = used("others", s.theirs.volume);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says(s.theirs.volume), e.err);
  check_kept(s, "secret", of_kept);
  check_gone(s, "secret", of_gone);
  check_kept(s, "secret", of_others);
}

BOOST_AUTO_TEST_CASE(a_tagged_backup_stays) {
  site s;
  tag(s, "backup", s.mine.backup);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "backup", s.mine.backup);
  check_gone(s, "volume", s.mine.volume);
}

/// Then nothing of what the newer version shows can be there.
BOOST_AUTO_TEST_CASE(an_older_service_is_asked_in_its_own_version) {
  site s(level::extra);
  for (const char* path : {"/backups", "/secrets"}) {
    sandbox::fault old;
    old.method = "GET", old.path = path, old.nth = 1, old.status = 406;
    s.it.add_fault(old);
  }
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
