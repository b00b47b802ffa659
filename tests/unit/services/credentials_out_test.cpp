#include "services/credentials_out.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "services/reset.hpp"
#include "services/selection_files.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ostclean::services {
BOOST_AUTO_TEST_SUITE(services_credentials_out)

namespace {

namespace json = boost::json;

user named_user(const std::string& id, const std::string& name) {
  user who;
  who.id = id;
  who.name = name;
  who.domain_id = "default";
  who.cloud_project_id = "p-" + id;
  return who;
}

user with_options(const char* options) {
  const json::object body{{"id", "u"}, {"options", json::parse(options)}};
  return user(json::value(body));
}

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_is_pending_until_it_is_marked) {
  testing::temporary_folder folder;
  const auto file = folder.path + "/c";
  const auto ann = named_user("a", "Ann \"x\""), bob = named_user("b", "bob");
  {
    auto out = credentials_out::open(file, false, credentials_format::json).value();
    BOOST_TEST(out->add(ann, "one").has_value());
    const auto line = out->add(bob, "two").value();
    BOOST_TEST(out->mark_done(line).has_value());
  }
  {
    auto out = credentials_out::open(file, true, credentials_format::json).value();
    BOOST_REQUIRE(out->find(ann));
    BOOST_TEST(out->find(ann)->password == "one");
    BOOST_TEST(!out->find(ann)->done);
    BOOST_TEST(out->find(bob)->done);
    BOOST_TEST(out->mark_done(*out->find(ann)).has_value());
  }
  const auto read = read_credentials_file(file).value();
  BOOST_TEST(read.entries.size() == 2U);
  BOOST_TEST(read.entries[0].password == "one");
  std::istringstream lines(text_of(file));
  for (std::string line; std::getline(lines, line);)
    BOOST_TEST(json::parse(line).at("done").as_bool(), line);
}

BOOST_AUTO_TEST_CASE(the_old_form_takes_no_name_it_cannot_hold) {
  testing::temporary_folder folder;
  const auto file = folder.path + "/c";
  auto out = credentials_out::open(file, false, credentials_format::csv).value();
  BOOST_TEST(out->why_unwritable(named_user("a", "ann")).empty());
  for (const char* name : {"a,b", "a\nb", " a", "\"a\""})
    BOOST_TEST(!out->why_unwritable(named_user("a", name)).empty(), name);
  BOOST_TEST(out->add(named_user("a", "ann"), "one").has_value());
  BOOST_TEST(text_of(file) == "ann,one,p-a\n");
  out.reset();
  const auto again = credentials_out::open(file, true, credentials_format::csv).value();
  BOOST_TEST(again->find(named_user("a", "ann"))->password == "one");
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_not_added_to) {
  testing::temporary_folder folder;
  const auto opened = [&](const char* text, credentials_format how) {
    return credentials_out::open(folder.write("c", text), true, how).has_value();
  };
  BOOST_TEST(opened("", credentials_format::json));
  BOOST_TEST(opened("{\"user_id\":", credentials_format::json));
  BOOST_TEST(!opened("{\"user_id\":\n", credentials_format::json));
  BOOST_TEST(!opened("ann,one,p\n", credentials_format::json));
  BOOST_TEST(!opened("ann,one", credentials_format::csv));
  BOOST_TEST(text_of(folder.path + "/c") == "ann,one");
}

BOOST_AUTO_TEST_CASE(what_an_editor_saved_is_added_to_or_left_as_it_is) {
  testing::temporary_folder folder;
  const std::string ann =
      R"({"user_id":"a","user_name":"ann","domain_id":"default","project_id":"p","password":"one","done":false})";
  const std::string mark = "\xEF\xBB\xBF";
  for (const auto& text : {mark + ann + "\n", mark + ann}) {
    const auto file = folder.write("c", text);
    BOOST_TEST(!credentials_out::open(file, true, credentials_format::csv).has_value());
    {
      auto out = credentials_out::open(file, true, credentials_format::json).value();
      BOOST_REQUIRE(out->find(named_user("a", "ann")));
      BOOST_TEST(out->mark_done(*out->find(named_user("a", "ann"))).has_value());
      BOOST_TEST(out->add(named_user("b", "bob"), "two").has_value());
    }
    const auto out = credentials_out::open(file, true, credentials_format::json).value();
    BOOST_TEST(out->find(named_user("a", "ann"))->done);
    BOOST_TEST(out->find(named_user("b", "bob"))->password == "two");
    BOOST_TEST(read_credentials_file(file).value().entries.size() == 2U);
  }
  for (const auto& text : {"[" + ann + "]", "[" + ann + "]\n", "\n [" + ann + "]\n"})
    for (const auto how : {credentials_format::json, credentials_format::csv}) {
      const auto file = folder.write("c", text);
      BOOST_TEST(!credentials_out::open(file, true, how).has_value(), text);
      BOOST_TEST(text_of(file) == text);
    }
}

BOOST_AUTO_TEST_CASE(options_that_make_a_password_useless) {
  BOOST_TEST(why_password_is_useless(with_options("{}")).empty());
  BOOST_TEST(!why_password_is_useless(with_options(R"({"lock_password":true})")).empty());
  BOOST_TEST(
      !why_password_is_useless(with_options(R"({"multi_factor_auth_rules":[["password","totp"]]})"))
           .empty());
  BOOST_TEST(why_password_is_useless(
                 with_options(R"({"multi_factor_auth_rules":[["totp","password"],["password"]]})"))
                 .empty());
  BOOST_TEST(why_password_is_useless(with_options(R"({"multi_factor_auth_enabled":false,
                                     "multi_factor_auth_rules":[["password","totp"]]})"))
                 .empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace ostclean::services
