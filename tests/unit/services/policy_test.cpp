#include "services/policy.hpp"

#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace services_policy {

using namespace ostclean;
using namespace ostclean::services;

namespace {

/// A folder of its own, with XDG_CONFIG_HOME pointing into it.
class folder {
 public:
  folder() {
    std::string name = "/tmp/ostclean-policy-XXXXXX";
    path = ::mkdtemp(name.data());
    ::setenv("XDG_CONFIG_HOME", path.c_str(), 1);
  }
  ~folder() {
    ::unsetenv("XDG_CONFIG_HOME");
    std::filesystem::remove_all(path);
  }
  std::string write(const std::string& text, const std::string& name = "p.yaml") const {
    const auto file = std::filesystem::path(path) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }
  std::string complaint(const std::string& text) const {
    const auto file = write(text);
    const auto read = load_policy(file);
    BOOST_REQUIRE(!read);
    BOOST_TEST((read.error().code == errc::config));
    BOOST_TEST(read.error().message.starts_with(file + ":"));
    return read.error().message.substr(file.size() + 1);
  }
  std::string path;
};

}  // namespace

}  // namespace services_policy

BOOST_FIXTURE_TEST_SUITE(services_policy, folder)

BOOST_AUTO_TEST_CASE(without_a_file_the_built_in_rules_hold) {
  const auto read = load_policy("");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->file.empty());
  BOOST_TEST(read->roles.size() == 2);
  BOOST_TEST(read->roles[1].role == "community");
  BOOST_TEST(read->roles[1].days == 100);
  BOOST_TEST(read->roles[1].warn_days == 30);
  BOOST_TEST(read->roles[1].started == "community_started_at");
  BOOST_TEST((read->protected_projects == std::vector<std::string>{"admin", "service"}));
  BOOST_TEST((read->protected_roles == std::vector<std::string>{"admin"}));
  BOOST_TEST(read->protected_email_domains.empty());
}

BOOST_AUTO_TEST_CASE(everything_a_file_may_say) {
  const auto read = load_policy(write(R"(
roles:
  visitor: {days: 3, warn_days: 1, started: v_at, duration: v_days, becomes: basic}
  guest: {days: 0}
protect:
  email_domains: ["@Corp.Invalid", x.org]
  users: [ann, 0815]
  projects: [p1]
  roles: [owner]
  tag: keep-me
grace_days: 2
notify: {url: "https://h/notify"}
)"));
  BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().line()));
  BOOST_TEST(read->roles[0].becomes == "basic");
  BOOST_TEST(read->roles[0].duration == "v_days");
  BOOST_TEST(read->roles[1].started == "guest_started_at");
  BOOST_TEST(read->roles[1].becomes.empty());
  BOOST_TEST((read->protected_email_domains == std::vector<std::string>{"corp.invalid", "x.org"}));
  BOOST_TEST((read->protected_users == std::vector<std::string>{"ann", "0815"}));
  BOOST_TEST((read->protected_projects == std::vector<std::string>{"p1", "admin", "service"}));
  BOOST_TEST((read->protected_roles == std::vector<std::string>{"owner", "admin"}));
  BOOST_TEST(read->protected_tag == "keep-me");
  BOOST_TEST(read->grace_days == 2);
  BOOST_TEST(read->notify_url == "https://h/notify");
  BOOST_TEST(read->notify_sendmail.empty());
}

BOOST_AUTO_TEST_CASE(a_complaint_names_file_line_and_key) {
  BOOST_TEST(complaint("protct: {}") ==
             "1: unknown key protct (known: roles, protect, "
             "tags_that_protect, not_ours, strict, grace_days, notify)");
  BOOST_TEST(complaint("protect:\n  email_domain: [a]")
                 .starts_with("2: unknown key protect.email_domain"));
  BOOST_TEST(complaint("roles:\n  t:\n    days: -1") ==
             "3: roles.t.days must be a whole number of days from 0 to 1000000");
  BOOST_TEST(complaint("roles: {t: {days: \"14\"}}").starts_with("1: roles.t.days must be"));
  BOOST_TEST(complaint("roles: {t: {days: 1.5}}").starts_with("1: roles.t.days must be"));
  BOOST_TEST(complaint("roles: {t: {warn_days: 1}}") == "1: roles.t.days is missing");
  BOOST_TEST(complaint("roles: {t: {days: 1, becomes: t}}") ==
             "1: roles.t.becomes is the role itself");
  BOOST_TEST(complaint("protect: {users: ann}") == "1: protect.users must be a list");
  BOOST_TEST(complaint("protect: {users: [[a]]}") == "1: protect.users must be a non-empty text");
  BOOST_TEST(complaint("protect: [a]") == "1: protect must be a mapping");
  BOOST_TEST(complaint("grace_days: 1\ngrace_days: 2") == "2: key grace_days is given twice");
  BOOST_TEST(complaint("roles: {t: {days: 1}, t: {days: 2}}") == "1: key roles.t is given twice");
  BOOST_TEST(complaint("notify: {sendmail: mail}") ==
             "1: notify.sendmail must be an absolute path");
  BOOST_TEST(complaint("notify: {sendmail: /m, url: \"https://h\"}") ==
             "1: notify takes sendmail or url, not both");
  BOOST_TEST(complaint("a: [1\nb: 2").starts_with("2: "));
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_the_built_in_policy) {
  const auto read = load_policy(write("# nothing\n"));
  BOOST_REQUIRE(read);
  BOOST_TEST(read->roles.size() == 2);
  BOOST_TEST(!read->file.empty());
}

BOOST_AUTO_TEST_CASE(a_second_document_is_not_lost) {
  const std::string says = "the file must be one document; another begins here";
  BOOST_TEST(complaint("grace_days: 1\n---\nprotect: {users: [ann]}\n") == "2: " + says);
  BOOST_TEST(complaint("---\n---\nprotect: {users: [ann]}\n") == "2: " + says);
  BOOST_TEST(complaint("# none\n---\n...\n---\nprotect: {users: [ann]}\n") == "4: " + says);
  BOOST_TEST(complaint("grace_days: 1\n...\nprotect: {users: [ann]}\n") == "3: " + says);
  BOOST_TEST(complaint("grace_days: 1\n---\n---\nann\n") == "2: " + says);
  BOOST_TEST(complaint("grace_days: 1\n---\nprotect: [ann\n") == "2: " + says);
}

BOOST_AUTO_TEST_CASE(documents_without_end_are_refused) {
  for (const char* text : {",", ", protect: {users: [ann]}", "\"b\","})
    BOOST_TEST(complaint(text) == "1: the file must be one document; another begins here", text);
}

BOOST_AUTO_TEST_CASE(marks_around_the_only_document_are_fine) {
  for (const char* text :
       {"---\ngrace_days: 9\n", "grace_days: 9\n...\n",
        "# first\n---\ngrace_days: 9\n...\n# last\n", "%YAML 1.2\n---\ngrace_days: 9\n...\n"}) {
    const auto read = load_policy(write(text));
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().line()));
    BOOST_TEST(read->grace_days == 9, text);
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_can_have_is_a_complaint) {
  BOOST_TEST(complaint("protect:\n  users:\n  - bob\n  - 'att '\n") ==
             "4: protect.users must not begin or end with white space: 'att'");
  for (const char* list : {"email_domains", "users", "projects", "roles"})
    for (const char* name : {"' att'", "\"att\\t\"", "\"att\\n\"", "' '"})
      BOOST_TEST(complaint(std::string("protect: {") + list + ": [" + name + "]}")
                     .starts_with(std::string("1: protect.") + list + " must not begin"));
  BOOST_TEST(complaint("protect: {tag: 'keep '}").starts_with("1: protect.tag must not begin"));
}

BOOST_AUTO_TEST_CASE(the_default_place_is_below_xdg_config_home) {
  const auto file = write("grace_days: 99", "ostclean/config.yaml");
  const auto read = load_policy("");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->grace_days == 99);
  BOOST_TEST(read->file == file);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_not_skipped) {
  std::filesystem::create_directories(path + "/ostclean/config.yaml");
  const auto folder_in_its_place = load_policy("");
  BOOST_REQUIRE(!folder_in_its_place);
  BOOST_TEST((folder_in_its_place.error().code == errc::config));
  const auto missing = load_policy(path + "/none.yaml");
  BOOST_REQUIRE(!missing);
  BOOST_TEST(missing.error().message ==
             "cannot read the policy file " + path + "/none.yaml: No such file or directory");
}

BOOST_AUTO_TEST_CASE(names_that_are_expected_and_those_that_need_not_be_there) {
  const auto read = load_policy(
      write("protect:\n  users:\n  - ann\n  - {name: bob, optional: true}\n  - {name: eve}\n"
            "  projects: [lab, admin, service]\n  roles: [admin, owner]\n"));
  BOOST_REQUIRE(read);
  BOOST_TEST((read->protected_users == std::vector<std::string>{"ann", "bob", "eve"}));
  std::string names;
  for (const auto& one : read->expected) names += one.name + ":" + std::to_string(one.line) + " ";
  BOOST_TEST(names == "ann:3 eve:5 lab:6 owner:7 ");
  BOOST_TEST(
      complaint("protect: {users: [{nam: ann}]}").starts_with("1: unknown key protect.users"));
  BOOST_TEST(complaint("protect: {users: [{optional: true}]}") ==
             "1: protect.users: an entry has no name");
  BOOST_TEST(complaint("protect: {users: [{name: ann, optional: maybe}]}") ==
             "1: protect.users.optional must be true or false");
}

BOOST_AUTO_TEST_CASE(whose_tags_count_and_what_is_not_ours) {
  const auto plain = load_policy(write("{}"));
  BOOST_TEST((plain->tag_of_projects() == "ostclean:keep" && !plain->strict));
  BOOST_TEST(plain->tag_of_resources() == "ostclean:keep");
  const auto read =
      load_policy(write("tags_that_protect: [project]\nnot_ours: [sharev2]\nstrict: true\n"));
  BOOST_REQUIRE(read);
  BOOST_TEST((read->tag_of_projects() == "ostclean:keep" && read->tag_of_resources().empty()));
  BOOST_TEST((read->strict && read->not_ours == std::vector<std::string>{"sharev2"}));
  BOOST_TEST(complaint("tags_that_protect: [tenant]") ==
             "1: tags_that_protect takes project and resource, not tenant");
}

BOOST_AUTO_TEST_SUITE_END()
