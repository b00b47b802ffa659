// The record of stop: what its lines add up to, and what a file must be to be one.
#include "services/stop_record.hpp"

#include <sys/stat.h>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "services/kept_images.hpp"
#include "services/purger.hpp"
#include "tests/unit/support/temporary_folder.hpp"

BOOST_AUTO_TEST_SUITE(services_stop_record)

using namespace ostclean;
using namespace ostclean::services;

namespace {

const this_cloud k_cloud("http://c", nullptr);
const std::string k_begin = R"({"event":"begin","command":"stop","version":1,"cloud":"http://c"})"
                            "\n";
const std::string k_server =
    R"({"event":"before","kind":"server","id":"s1","project_id":"p1","status":"ACTIVE"})"
    "\n";

std::string complaint(const std::string& text) {
  const auto read = parse_stop_record(text, "f");
  BOOST_REQUIRE(!read);
  BOOST_TEST((read.error().code == errc::config));
  return read.error().message;
}

std::string contents(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

former server(const char* id, const char* state) {
  former one;
  one.kind = "server";
  one.id = id;
  one.project_id = "p1";
  one.state = state;
  return one;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_state_counts_until_it_is_undone) {
  const std::string again =
      R"({"event":"before","kind":"server","id":"s1","project_id":"p1","status":"SHUTOFF"})"
      "\n";
  auto facts = parse_stop_record(k_begin + k_server + again, "f").value();
  BOOST_TEST(facts.changed.at({"server", "s1"}).state == "ACTIVE");
  const std::string undone = R"({"event":"undone","kind":"server","id":"s1"})"
                             "\n";
  facts = parse_stop_record(k_begin + k_server + undone, "f").value();
  BOOST_TEST(facts.changed.empty());
  facts = parse_stop_record(k_begin + k_server + undone + again, "f").value();
  BOOST_TEST(facts.changed.at({"server", "s1"}).state == "SHUTOFF");
}

BOOST_AUTO_TEST_CASE(damage_is_named_with_its_line) {
  BOOST_TEST(complaint("") == "f: is empty, no record of what was stopped");
  BOOST_TEST(complaint(" \r\n") == "f: is empty, no record of what was stopped");
  BOOST_TEST(complaint("[]\n") == "f:1: not a record that stop has written");
  BOOST_TEST(complaint(k_server) == "f:1: not a record that stop has written");
  BOOST_TEST(complaint(k_begin + "\n{\"event\":\"odd\",\"kind\":\"server\",\"id\":\"a\"}\n") ==
             "f:3: not a line that stop has written");
  BOOST_TEST(complaint(k_begin + "{\"event\n" + k_server).find("f:2: not valid JSON") == 0U);
  // Only the end of a record can be torn, not its beginning.
  BOOST_TEST(complaint("{\"event\":\"be").find("f:1: not valid JSON") == 0U);
  BOOST_TEST(parse_stop_record(k_begin + k_server + "{\"ev", "f").value().changed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  const testing::temporary_folder at;
  const std::string file = at.path + "/r.jsonl";
  former image;
  image.kind = "image", image.id = "i1", image.project_id = "p1", image.state = "shared";
  image.members.emplace_back("p2", "accepted");
  {
    auto record = stop_record::open(file, k_cloud).value();
    BOOST_TEST(record->before(server("s1", "PAUSED")).has_value());
    BOOST_TEST(record->before(server("s1", "SHUTOFF")).has_value());
    BOOST_TEST(record->locks(server("s1", "SHUTOFF")).has_value());
    BOOST_TEST(record->before(image).has_value());
    BOOST_TEST(record->swept("p1").has_value());
    // Nobody else writes meanwhile.
    BOOST_TEST(!stop_record::open(file, k_cloud).has_value());
  }
  struct stat info {};
  BOOST_TEST(::stat(file.c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777U) == 0600U);
  const auto facts = read_stop_record(file).value();
  BOOST_TEST(facts.changed.at({"server", "s1"}).state == "PAUSED");
  BOOST_TEST(facts.changed.at({"server", "s1"}).locked_by_us);
  BOOST_TEST(facts.changed.at({"image", "i1"}).members.front().id == "p2");
  BOOST_TEST(facts.swept.contains("p1"));
  BOOST_TEST(facts.cloud.url == "http://c");
  const this_cloud other("http://other", nullptr);
  BOOST_TEST(!stop_record::open(file, other).has_value());
}

BOOST_AUTO_TEST_CASE(a_torn_end_is_mended_and_the_rest_kept) {
  const testing::temporary_folder at;
  const std::string file = at.path + "/r.jsonl";
  for (const std::string torn : {"", "{", "{\"event\":\"begin\""}) {
    std::ofstream(file) << torn;
    ::chmod(file.c_str(), 0600);
    BOOST_TEST(stop_record::open(file, k_cloud).has_value(), torn);
    BOOST_TEST(read_stop_record(file).has_value(), contents(file));
  }
  std::ofstream(file) << k_begin << k_server << "{\"event\":\"bef";
  {
    auto record = stop_record::open(file, k_cloud).value();
    BOOST_TEST(record->before(server("s2", "ACTIVE")).has_value());
  }
  BOOST_TEST(read_stop_record(file).value().changed.size() == 2U);
  // A last line that only lacks its line feed is whole.
  std::ofstream(file) << k_begin << k_server.substr(0, k_server.size() - 1);
  {
    auto record = stop_record::open(file, k_cloud).value();
    BOOST_TEST(record->before(server("s2", "ACTIVE")).has_value());
  }
  BOOST_TEST(read_stop_record(file).value().changed.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_is_not_touched) {
  const testing::temporary_folder at;
  for (const std::string text : {"id,name\n1,2\n", "{\"event\":\"begin\",\"command\":\"delete\"}\n",
                                 "important", "[{\"id\":\"a\"}]"}) {
    const std::string file = at.path + "/other";
    std::ofstream(file) << text;
    ::chmod(file.c_str(), 0600);
    BOOST_TEST(!stop_record::open(file, k_cloud).has_value(), text);
    BOOST_TEST(contents(file) == text);
  }
}

BOOST_AUTO_TEST_CASE(one_cloud_has_one_name) {
  for (const char* url : {"http://c", "http://c/", "http://c/v3", "http://c/v3/"})
    BOOST_TEST(cloud_identity(url, "").name() == "http://c");
}

BOOST_AUTO_TEST_CASE(what_another_cloud_has_written_is_told_apart) {
  const auto all = auth::catalog::parse(boost::json::parse(R"([
    {"type":"identity","id":"k0","endpoints":[{"interface":"public","url":"http://other"}]},
    {"type":"identity","id":"k1","endpoints":[
      {"interface":"public","region":"R","url":"https://public/identity/v3"},
      {"interface":"internal","region":"R","url":"http://internal:5000/"},
      {"interface":"admin","region":"R","url":"http://c/v2.0"}]}])"));
  const this_cloud here("http://c/v3", &all);
  BOOST_TEST(here.identity.keystone_id == "k1");
  for (const char* url : {"http://c", "https://public/identity", "http://internal:5000/v3"})
    BOOST_TEST(here.is(cloud_identity(url, "k1")), url);
  BOOST_TEST(here.is(cloud_identity("http://c", "")));
  BOOST_TEST(!here.is(cloud_identity("https://public/identity", "")));
  BOOST_TEST(!here.is(cloud_identity("http://c/v3", "k2")));
  // Another Keystone in the same catalog is another one, whatever id is written beside its URL.
  for (const char* id : {"k0", "k1", ""}) BOOST_TEST(!here.is(cloud_identity("http://other", id)));
  const this_cloud other("http://other", &all);
  BOOST_TEST(other.identity.keystone_id == "k0");
  BOOST_TEST(!other.is(here.identity));
  // Behind a name that the catalog does not have may be either.
  BOOST_TEST(this_cloud("http://proxy", &all).identity.keystone_id.empty());
  // A copy of a cloud has its ids.
  BOOST_TEST(!here.is(cloud_identity("http://copy", "k1")));
  BOOST_TEST(here.identity.may_be(cloud_identity("http://copy", "k1")));
  BOOST_TEST(
      here.check(cloud_identity("http://c/v3", "k2"), "f", "look").error().message ==
      "f is of another cloud: http://c/v3, where Keystone has another id in the catalog by now");
}

BOOST_AUTO_TEST_CASE(kept_images_in_each_form) {
  const auto count = [](const char* text) {
    return parse_kept_images(text, "f").value().ids.size();
  };
  BOOST_TEST(count("[]") == 0U);
  BOOST_TEST(count("\xEF\xBB\xBF[\r\n]\r\n") == 0U);
  BOOST_TEST(count(R"([{"id":"a","servers":[]},{"id":"b"}])") == 2U);
  BOOST_TEST(count("{\"id\":\"a\"}\r\n{\"id\":\"b\"}\r\n") == 2U);
  BOOST_TEST(count("a\nb,x\n") == 2U);
  BOOST_TEST(!parse_kept_images("", "f").has_value());
}

BOOST_AUTO_TEST_CASE(the_mark_is_of_the_image_itself) {
  BOOST_TEST(is_orphan({{"id", "a"}, {"orphan_image", "True"}, {"orphan_image_id", "a"}}));
  BOOST_TEST(!is_orphan({{"id", "b"}, {"orphan_image", "True"}, {"orphan_image_id", "a"}}));
  BOOST_TEST(!is_orphan({{"id", "a"}, {"orphan_image", "False"}, {"orphan_image_id", "a"}}));
  BOOST_TEST(!is_orphan({{"id", "a"}, {"orphan_image", "True"}}));
}

BOOST_AUTO_TEST_SUITE_END()
