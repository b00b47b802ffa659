// Rule 3: nothing protected. Everything the policy can protect somebody or something by, and the
// projects nobody may touch, against every command that touches projects and users.
#include <boost/test/unit_test.hpp>

#include "tests/cli/changing_commands.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_interlocks)

namespace {

/// One way to protect the target: what the policy says, and what is true of the cloud.
struct protection {
  std::string name, policy;
  std::function<void(site&)> set = [](site&) {};
  bool of_project = false;
};

std::vector<protection> protections(const site& s) {
  const auto users = [](const std::string& which) { return "protect: {users: [" + which + "]}\n"; };
  const auto projects = [](const std::string& which) {
    return "protect: {projects: [" + which + "]}\n";
  };
  const auto mails = [](site& cloud) {
    cloud.it.change("user", cloud.mine.user_id, {{"email", "Ann <ann@Corp.Invalid>"}});
  };
  const auto tagged = [](site& cloud) {
    cloud.it.change("project", cloud.mine.project_id, {{"tags", json::array{"ostclean:keep"}}});
  };
  return {{"mail domain", "protect: {email_domains: [corp.invalid]}\n", mails},
          {"user by name", users(s.mine.name)},
          {"user by id", users(s.mine.user_id)},
          {"user by another spelling", users("Trial-01")},
          {"project by name", projects(s.mine.name), [](site&) {}, true},
          {"project by id", projects(s.mine.project_id), [](site&) {}, true},
          {"project by another spelling", projects("TRIAL-01"), [](site&) {}, true},
          {"role", "protect: {roles: [member]}\n"},
          {"role by another spelling", "protect: {roles: [Member]}\n"},
          {"role by id", "protect: {roles: [" + s.id_of("role", "member") + "]}\n"},
          {"tag", "protect: {tag: 'ostclean:keep'}\n", tagged, true}};
}

std::vector<words> by_user(const site& s) {
  const auto file = s.home.write("users.jsonl", R"({"id":")" + s.mine.user_id + "\"}\n");
  const auto secret = [&](const char* name) {
    return s.home.write(name, json::serialize(json::object{{"user_id", s.mine.user_id},
                                                           {"user_name", s.mine.name},
                                                           {"domain_id", "default"},
                                                           {"project_id", s.mine.project_id},
                                                           {"password", s.mine.password}}) +
                                  "\n");
  };
  const auto out = s.home.path("out.jsonl"), in = secret("in.jsonl");
  return {{"delete", "--user", s.mine.name},
          {"delete", "--users", file},
          {"stop", "--user", s.mine.user_id},
          {"stop", "--users", file},
          {"reset", "--user", s.mine.name, "--credentials", out},
          {"reset", "--users", file, "--credentials", out},
          {"reset", "--project", s.mine.name, "--credentials", out},
          {"recategorize", "--user", s.mine.name},
          {"recategorize", "--project", s.mine.name},
          {"recategorize", "--credentials", in},
          {"recategorize", "--users", file}};
}

std::vector<words> by_project(const site& s) {
  return {{"delete", "--project", s.mine.name},
          {"delete", "--project", s.mine.project_id},
          {"stop", "--project", s.mine.name},
          {"stop", "--project", s.mine.project_id}};
}

/// Nothing is sent; who is left alone is listed, and what is refused is an error.
void check_spared(site& s, words args, const std::string& policy, bool refused) {
  BOOST_TEST_CONTEXT(args[0] << " " << args[1]) {
    words all{"--config", policy};
    all.insert(all.end(), args.begin(), args.end());
    all.push_back("--yes");
    s.it.clear_requests();
    const auto e = s.run(all);
    BOOST_TEST(e.code == (refused ? 5 : 0), e.err);
    BOOST_TEST((e.out + e.err).find("protected") != std::string::npos, e.out << e.err);
    BOOST_TEST(s.changes().empty());
    BOOST_TEST(!std::filesystem::exists(s.home.path("out.jsonl")));
  }
}

ending as(site& s, const std::string& who, words args) {
  const auto was = std::exchange(s.who, who);
  args.push_back("--yes");
  s.it.clear_requests();
  auto e = s.run(args);
  s.who = was;
  return e;
}

/// The target's user with another project for its own, in which it has a trial.
std::string move_home(site& s, const std::string& project_id) {
  s.it.grant(s.mine.user_id, project_id, "trial");
  s.it.change("user", s.mine.user_id,
              {{"cloud_project_id", project_id}, {"default_project_id", project_id}});
  return s.home.write("in.jsonl", json::serialize(json::object{{"user_id", s.mine.user_id},
                                                               {"password", s.mine.password},
                                                               {"project_id", project_id}}) +
                                      "\n");
}

}  // namespace

BOOST_AUTO_TEST_CASE(whom_or_what_the_policy_names_is_left_alone) {
  std::size_t count = 0;
  {
    const site s;
    count = protections(s).size();
  }
  for (std::size_t i = 0; i < count; ++i) {
    site s;
    const auto how = protections(s)[i];
    BOOST_TEST_CONTEXT(how.name) {
      how.set(s);
      const auto before = s.it.snapshot();
      const auto policy = s.home.write("policy.yaml", how.policy);
      for (const auto& args : by_user(s)) {
        // Whose password is not to be reset, or whose project is not to be touched, is refused.
        const bool refused = args[0] == "reset" || (how.of_project && args[0] != "recategorize");
        check_spared(s, args, policy, refused);
      }
      if (how.of_project)
        for (const auto& args : by_project(s)) check_spared(s, args, policy, true);
      check_same(before, s.it.snapshot());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_callers_own_admin_project_and_admin_and_service_are_refused) {
  site s;
  const auto admin = s.id_of("project", "admin"), service = s.id_of("project", "service");
  const auto own = s.it.seed_project("ops");
  s.it.grant(own.user_id, own.project_id, "admin");
  const auto before = s.it.snapshot();
  for (const char* verb : {"delete", "stop"}) {
    for (const auto& which : {std::string("admin"), std::string("service"), admin, service}) {
      for (const auto& who : {std::string("admin"), own.name}) {
        const auto e = as(s, who, {verb, "--project", which});
        BOOST_TEST(e.code == 5, verb << " " << which << e.err);
        check_one_error(e, "is protected");
        BOOST_TEST(s.changes().empty());
      }
    }
    for (const words& how : {words{"--auth-project"}, words{"--project", own.project_id},
                             words{"--project", "ops", "--project", s.mine.name}}) {
      words args{verb};
      args.insert(args.end(), how.begin(), how.end());
      const auto e = as(s, own.name, args);
      BOOST_TEST(e.code == 5, verb << e.err);
      check_one_error(e, "the caller's own admin project");
      BOOST_TEST(s.changes().empty());
    }
    const auto unknown = as(s, "admin", {verb, "--project", "ADMIN"});
    BOOST_TEST(unknown.code == 2, unknown.err);
    BOOST_TEST(s.changes().empty());
  }
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(they_are_protected_however_their_names_are_written) {
  site s;
  const auto own = s.it.seed_project("ops");
  s.it.grant(own.user_id, own.project_id, "admin");
  for (const char* name : {"admin", "service"}) {
    const auto id = s.id_of("project", name);
    std::string other = name;
    other[0] = static_cast<char>(other[0] - 'a' + 'A');
    s.it.change("project", id, {{"name", other}});
    for (const char* verb : {"delete", "stop"}) {
      for (const auto& which : {id, other}) {
        const auto e = as(s, own.name, {verb, "--project", which});
        BOOST_TEST(e.code == 5, which << e.err);
        check_one_error(e, "is protected");
        BOOST_TEST(s.changes().empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(nor_are_they_reached_through_a_user) {
  for (const char* name : {"admin", "service", "Service"}) {
    site s;
    const auto place = s.id_of("project", std::string(name) == "admin" ? "admin" : "service");
    s.it.change("project", place, {{"name", name}});
    const auto file = move_home(s, place);
    const auto list = s.home.write("users.jsonl", R"({"id":")" + s.mine.user_id + "\"}\n");
    const auto out = s.home.path("out.jsonl");
    const auto before = s.it.snapshot();
    const words all[] = {{"delete", "--user", s.mine.name},
                         {"delete", "--users", list},
                         {"delete", "--credentials", file},
                         {"stop", "--users", list},
                         {"stop", "--credentials", file},
                         {"reset", "--users", list, "--credentials", out},
                         {"reset", "--project", place, "--credentials", out},
                         {"recategorize", "--users", list},
                         {"recategorize", "--credentials", file}};
    for (const auto& args : all) {
      const auto e = as(s, "admin", args);
      BOOST_TEST(e.code == (args[0] == "recategorize" ? 0 : 5),
                 name << " " << args[0] << args[1] << e.err);
      BOOST_TEST((e.out + e.err).find("protected") != std::string::npos, e.out << e.err);
      BOOST_TEST(s.changes().empty());
      BOOST_TEST(!std::filesystem::exists(out));
    }
    check_same(before, s.it.snapshot());
  }
}

BOOST_AUTO_TEST_CASE(a_tagged_server_and_image_are_not_stopped) {
  site s;
  s.it.settle();
  s.it.change("server", s.mine.servers[0], {{"metadata", json::object{{"ostclean:keep", "yes"}}}});
  s.it.change("image", s.mine.shared_image, {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.run({"stop", "--project", s.mine.name, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  s.it.settle();
  BOOST_TEST(text(s.it.object("server", s.mine.servers[0]), "status") == "ACTIVE");
  BOOST_TEST(text(s.it.object("server", s.mine.servers[1]), "status") == "SHUTOFF");
  BOOST_TEST(text(s.it.object("image", s.mine.shared_image), "visibility") == "shared");
}

BOOST_AUTO_TEST_CASE(purge_keeps_the_images_of_protected_projects_and_tagged_ones) {
  const std::pair<std::string, std::function<void(busy_site&)>> ways[] = {
      {"protect: {projects: [neighbour]}\n", [](busy_site&) {}},
      {"protect: {projects: [NEIGHBOUR]}\n", [](busy_site&) {}},
      {"protect: {}\n",
       [](busy_site& s) {
         s.it.change("project", s.theirs.project_id, {{"tags", json::array{"ostclean:keep"}}});
       }},
      {"protect: {}\n",
       [](busy_site& s) {
         s.it.change("image", s.orphan, {{"tags", json::array{"ostclean:keep"}}});
       }},
      {"protect: {}\n",
       [](busy_site& s) {
         s.it.change("image", s.orphan, {{"protected", true}});
       }},
      {"protect: {}\n", [](busy_site& s) {
         s.it.change("image", s.orphan, {{"owner", s.id_of("project", "service")}});
       }}};
  for (const auto& [text, set] : ways) {
    busy_site s;
    set(s);
    s.it.clear_requests();
    const auto policy = s.home.write("policy.yaml", text);
    const auto e = s.run({"--config", policy, "purge", "--yes", "-f", "json"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.out.find("protected") != std::string::npos, e.out);
    BOOST_TEST(s.changes().empty());
    BOOST_TEST(!s.it.object("image", s.orphan).is_null());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
