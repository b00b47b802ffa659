// Tags that are never seen protect nothing: every list shows what ownership, protection and order
// read of its objects. tests/cloud/fields.py asks real clouds the same.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_kinds_fields)

namespace {

using sandbox::level;

/// Nothing in a text or an empty list is missing.
bool shows(const json::value& v, std::string_view path) {
  if (const auto* all = v.if_array()) {
    for (const auto& one : *all)
      if (shows(one, path)) return true;
    return all->empty();
  }
  const auto* o = v.if_object();
  if (!o || o->contains(path)) return true;
  const auto dot = path.find('.');
  return dot != std::string_view::npos && o->contains(path.substr(0, dot)) &&
         shows(o->at(path.substr(0, dot)), path.substr(dot + 1));
}

void fill(std::string& path, std::string_view word, const std::string& with) {
  if (const auto at = path.find(word); at != std::string::npos) path.replace(at, word.size(), with);
}

/// What only some objects have, and what a list has only of such.
void add_what_is_rare(site& s) {
  const json::object at{{"url", "cinder://" + s.mine.volume}};
  s.it.change("image", s.mine.private_image,
              {{"kernel_id", s.mine.shared_image},
               {"ramdisk_id", s.mine.shared_image},
               {"direct_url", "cinder://" + s.mine.volume},
               {"locations", json::array{at}},
               {"instance_uuid", s.mine.servers[0]},
               {"image_type", "snapshot"},
               {"cinder_encryption_key_id", s.mine.secret},
               {"img_signature_certificate_uuid", s.mine.secret},
               {"os_encrypt_key_id", s.mine.secret},
               {"hw_ephemeral_encryption_secret_uuid", s.mine.secret},
               {"block_device_mapping", "[]"}});
  s.it.change("volume", s.mine.volume,
              {{"metadata", json::object{{"glance_image_id", s.mine.private_image}}}});
  s.it.grant(s.id_of("user", "admin"), s.mine.project_id, "admin");
}

std::string url_of(const site& s, const std::string& service) {
  static const std::map<std::string, std::string> bases{
      {"compute", "/compute/v2.1"},
      {"network", "/network/v2.0"},
      {"image", "/image/v2"},
      {"block-storage", "/volume/v3/{project}"},
      {"orchestration", "/orchestration/v1/{project}"},
      {"load-balancer", "/load-balancer/v2"},
      {"dns", "/dns/v2"},
      {"object-store", "/object-store/v1/AUTH_{project}"},
      {"key-manager", "/key-manager/v1"}};
  std::string base = bases.at(service);
  fill(base, "{project}", s.mine.project_id);
  return base;
}

json::array listed(site& s, sandbox::client& admin, const json::value& row) {
  const auto service = text(row, "service"), key = text(row, "key");
  std::map<std::string, std::string> headers;
  if (const auto version = text(row, "microversion"); !version.empty())
    headers["OpenStack-API-Version"] =
        (service == "block-storage" ? "volume" : service) + " " + version;
  json::array all;
  for (const auto& path : row.at("list").as_array()) {
    auto url = url_of(s, service) + std::string(path.as_string());
    fill(url, "{project}", s.mine.project_id);
    fill(url, "{caller}", s.mine.project_id);
    fill(url, "{user}", s.mine.user_id);
    fill(url, "{parent}", s.mine.rare.at("floating_ip"));
    const auto answer = admin.send("GET", url, "", headers);
    BOOST_TEST(answer.status == 200, url << ": " << answer.status);
    const auto body = answer.json();
    for (const auto& one : key.empty() ? body.as_array() : body.at(key).as_array())
      all.push_back(service == "compute" && one.as_object().contains("keypair") ? one.at("keypair")
                                                                                : one);
  }
  return all;
}

/// Whose a key pair is stands in the question, and is read again before its DELETE; what a
/// container holds and its tag are read from its headers and objects; the policy of a gateway is an
/// extension's.
bool is_read_elsewhere(const std::string& kind, const std::string& field) {
  return (kind == "keypair" && field == "user_id") ||
         (kind == "container" && (field == "holds" || field == "manifests" || field == "tags")) ||
         (kind == "router" && field == "external_gateway_info.qos_policy_id");
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_list_shows_what_is_read_of_its_objects) {
  site s(level::rare);
  add_what_is_rare(s);
  const auto e = s.run({"kinds", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), s.mine.name);
  std::size_t fields = 0;
  const auto rows = e.data();
  for (const auto& row : rows.as_array()) {
    if (row.at("list").as_array().empty()) continue;
    const auto name = text(row, "name");
    const auto all = listed(s, admin, row);
    BOOST_TEST(!all.empty() == (name != "group_snapshot"), "no " << name << " to look at");
    for (const auto& field : row.at("reads").as_array()) {
      const std::string path(field.as_string());
      if (is_read_elsewhere(name, path)) continue;
      BOOST_TEST(shows(all, path), "the list of " << name << " does not show " << path);
      ++fields;
    }
  }
  BOOST_TEST(fields > 100U);
}

/// A tag wherever a kind may carry one, and nothing of it goes.
BOOST_AUTO_TEST_CASE(a_tag_is_seen_on_every_kind_that_can_carry_one) {
  static const std::map<std::string, std::string> tables{{"load_balancer", "loadbalancer"},
                                                         {"floating_ip", "floatingip"},
                                                         {"subnet_pool", "subnetpool"}};
  site s(level::rare);
  const auto e = s.run({"kinds", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  std::vector<std::pair<std::string, std::string>> tagged;
  const auto rows = e.data();
  for (const auto& row : rows.as_array()) {
    const auto name = text(row, "name");
    const auto kind = tables.contains(name) ? tables.at(name) : name;
    for (const auto& field : row.at("reads").as_array()) {
      const std::string where(field.as_string());
      if (where != "tags" && where != "metadata" && where != "attributes") continue;
      if (name == "container") continue;  // its tag is a header: cli_delete_objects
      const auto ids = s.it.inventory(s.mine.project_id)[kind];
      for (const auto& id : ids) {
        const json::value tag = where == "tags" ? json::value(json::array{"ostclean:keep"})
                                                : json::object{{"ostclean:keep", ""}};
        s.it.change(kind, id, {{where, tag}});
        tagged.emplace_back(kind, id);
      }
    }
  }
  BOOST_TEST(tagged.size() > 20U);
  const auto done = s.remove({"--include-protected"});
  BOOST_TEST(done.code == 0, done.err);
  for (const auto& [kind, id] : tagged)
    BOOST_TEST(!s.it.object(kind, id).is_null(), kind << " " << id << " is gone");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
