// `vmexclude`: names become ids, numbers become words, and the service is not believed when it is
// silent about what it does.
#include <boost/test/unit_test.hpp>

#include "tests/cli/vmexpire_site.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_vmexclude)

namespace {

words create(const std::string& type, const std::string& what) {
  return {"vmexclude", "create", "--type", type, what, "-f", "json"};
}

/// Its id.
std::string created(vm_site& s, const std::string& type, const std::string& what) {
  const auto e = s.run(create(type, what));
  BOOST_TEST(e.code == 0, e.err);
  return text(e.data(), "id");
}

}  // namespace

BOOST_AUTO_TEST_CASE(names_are_looked_up_and_types_are_words) {
  vm_site s;
  const std::pair<words, std::string> wanted[] = {
      {create("domain", "Default"), "default"},
      {create("project", s.theirs.name), s.theirs.project_id},
      {create("user", s.mine.user_id), s.mine.user_id}};
  for (const auto& [args, id] : wanted) {
    const auto e = s.run(args);
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(text(e.data(), "exclude_type") == args[3]);
    BOOST_TEST(text(e.data(), "exclude_id") == id);
    BOOST_TEST(text(e.data(), "outcome") == "created");
  }
  const auto all = s.run({"vmexclude", "list", "-f", "json"});
  BOOST_TEST(all.code == 0, all.err);
  BOOST_TEST(all.data().as_array().size() == 3U, all.err);
  const auto user = with(all, "exclude_type", "user");
  BOOST_TEST(text(user, "exclude_id") == s.mine.user_id);
  for (const char* field : {"id", "created", "updated", "links"})
    BOOST_TEST(!text(user, field).empty(), field);
  const auto some = s.run({"vmexclude", "list", "--type", "project", "-f", "value", "-c",
                           "exclude_type", "-c", "exclude_id"});
  BOOST_TEST(some.code == 0, some.err);
  BOOST_TEST(some.out == "project " + s.theirs.project_id + "\n");
}

BOOST_AUTO_TEST_CASE(a_service_that_sends_words_is_understood) {
  vm_site s;
  s.it.put("vmexclude", "e1", "", {{"exclude_id", "p"}, {"exclude_type", "project"}});
  s.it.put("vmexclude", "e2", "", {{"exclude_id", "u"}, {"exclude_type", "2"}});
  s.it.put("vmexclude", "e3", "", {{"exclude_id", "x"}, {"exclude_type", 7}});
  const auto e = s.run({"vmexclude", "list", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(text(with(e, "id", "e1"), "exclude_type") == "project", e.err);
  BOOST_TEST(text(with(e, "id", "e2"), "exclude_type") == "user");
  BOOST_TEST(text(with(e, "id", "e3"), "exclude_type") == "7");
}

BOOST_AUTO_TEST_CASE(what_keystone_does_not_know_is_not_excluded) {
  vm_site s;
  const auto e = s.run(create("project", "nosuch"));
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "no project named nosuch");
  for (const words& args : {words{"vmexclude", "create", "admin"},
                            words{"vmexclude", "create", "--type", "flavor", "admin"},
                            words{"vmexclude", "create", "--type", "user"}})
    BOOST_TEST(s.run(args).code == 2);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(where_keystone_does_not_let_one_look_only_ids_are_taken) {
  vm_site s;
  const auto id = s.as_user(create("project", s.theirs.project_id));
  BOOST_TEST(id.code == 0, id.err);
  BOOST_TEST(id.says("warning: Keystone does not let you look up"), id.err);
  const auto name = s.as_user(create("project", s.theirs.name));
  BOOST_TEST(name.code == 4, name.err);
  check_one_error(name, "give its id");
  BOOST_TEST(s.changes().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_duplicate_names_the_exclusion_in_the_way) {
  vm_site s;
  const auto first = s.run(create("user", s.mine.name));
  BOOST_TEST(first.code == 0, first.err);
  const auto e = s.run(create("user", s.mine.name));
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "already exists");
  BOOST_TEST(e.says("is excluded as a user by " + text(first.data(), "id")), e.err);
}

BOOST_AUTO_TEST_CASE(show_and_delete_by_either_id) {
  vm_site s;
  const auto id = created(s, "user", s.mine.name);
  const auto other = created(s, "project", s.theirs.name);
  for (const auto& word : {id, s.mine.user_id}) {
    const auto e = s.run({"vmexclude", "show", word, "-f", "json"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(text(e.data(), "id") == id, e.err);
    BOOST_TEST(text(e.data(), "exclude_type") == "user");
  }
  const auto none = s.run({"vmexclude", "show", "nosuch"});
  BOOST_TEST(none.code == 2, none.err);
  check_one_error(none, "no exclusion has 'nosuch'");

  s.it.clear_requests();
  const auto unsure = s.run({"vmexclude", "delete", id});
  BOOST_TEST(unsure.code == 5, unsure.err);
  BOOST_TEST(s.changes().empty());
  const auto e = s.run({"vmexclude", "delete", id, "nosuch", "--yes", "-f", "json"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(text(with(e, "argument", id), "outcome") == "deleted");
  BOOST_TEST(text(with(e, "argument", "nosuch"), "outcome") == "failed");
  BOOST_TEST(s.it.object("vmexclude", id).is_null());
  BOOST_TEST(!s.it.object("vmexclude", other).is_null());
}

BOOST_AUTO_TEST_CASE(a_user_is_refused_where_the_policy_is_closed) {
  sandbox::options o;
  o.vmexpire_policy = "closed";
  vm_site s(std::move(o));
  for (const words& args : {words{"vmexclude", "list"}, create("user", s.mine.user_id)}) {
    const auto e = s.as_user(args);
    BOOST_TEST(e.code == 4, e.err);
    check_one_error(e, "attempt not allowed - please review your user/project privileges");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
