// Rule 6 as the operating system sees it: argv, core dumps, /proc, and what a mailer inherits.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/cli/vault.hpp"

// The program stays dumpable there, for the leak check.
#if defined(__SANITIZE_ADDRESS__)
#define OSTCLEAN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OSTCLEAN_SANITIZED 1
#endif
#endif

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_secret_processes)

namespace {

/// A file of /proc, which has no size.
std::string of_process(pid_t pid, const std::string& file) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/" + file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A delete that waits for a service which does not answer.
process hanging(vault& v, const words& first = {}) {
  v.s.fault("hang", "compute", "DELETE", "/servers/");
  words args = first;
  args.insert(args.end(), {"delete", "--project", v.s.mine.name, "--yes"});
  auto run = v.start(args);
  BOOST_TEST(v.s.wait_until([&] { return v.s.count("DELETE", "compute", "/servers/") > 0; }));
  return run;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_crash_leaves_nothing_behind) {
  for (const int number : {SIGABRT, SIGSEGV, SIGKILL, SIGQUIT}) {
    vault v;
    auto run = hanging(v);
    const auto limits = of_process(run.pid(), "limits");
    const auto at = limits.find("Max core file size");
    BOOST_REQUIRE(at != std::string::npos);
    std::istringstream line(limits.substr(at + 18));
    std::string soft, hard;
    line >> soft >> hard;
    BOOST_TEST(soft == "0");
    BOOST_TEST(hard == "0");
    run.signal(number);
    const auto e = run.wait();
    BOOST_TEST(e.code != 0);
    v.search(e.out + e.err, "a crash");
    for (const auto& file : std::filesystem::recursive_directory_iterator(v.s.home.path("")))
      BOOST_TEST(!file.path().filename().string().starts_with("core"), file.path().string());
  }
}

BOOST_AUTO_TEST_CASE(a_password_that_was_given_in_argv_does_not_stay_there) {
  for (const bool joined : {false, true}) {
    vault v;
    const auto password = sandbox::cloud::admin_password();
    v.how.environment["OS_CLOUD"] = v.how.environment["OS_CLIENT_CONFIG_FILE"] = "";
    words args{"--os-username",
               "admin",
               "--os-project-name",
               "admin",
               "--os-user-domain-id",
               "default",
               "--os-project-domain-id",
               "default",
               "--os-auth-url",
               v.s.it.auth_url(),
               "--os-cacert",
               v.s.home.path("ca.pem")};
    if (joined)
      args.push_back("--os-password=" + password);
    else
      args.insert(args.end(), {"--os-password", password});
    auto run = hanging(v, args);
    const auto shown = of_process(run.pid(), "cmdline");
    BOOST_TEST(shown.find("--os-username") != std::string::npos);
    BOOST_TEST(shown.find(password) == std::string::npos, shown);
    run.signal(SIGKILL);
    const auto e = run.wait();
    v.search(e.out + e.err, "a password in argv");
  }
}

#ifndef OSTCLEAN_SANITIZED
BOOST_AUTO_TEST_CASE(nobody_but_root_looks_into_it) {
  vault v;
  auto run = hanging(v);
  // The files of a process that is not dumpable belong to root; of root's own none can be told.
  struct stat info {};
  const auto file = "/proc/" + std::to_string(run.pid()) + "/environ";
  BOOST_TEST(::stat(file.c_str(), &info) == 0);
  BOOST_TEST(info.st_uid == 0U);
  run.signal(SIGKILL);
}
#endif

BOOST_AUTO_TEST_CASE(a_mailer_inherits_no_secret_and_no_connection) {
  vault v;
  const auto mailer = v.s.home.write("mailer",
                                     "#!/bin/sh\n"
                                     "cd \"$HOME\"\n"
                                     "cat /proc/$$/environ /proc/$$/cmdline > mailer.saw\n"
                                     "ls -l /proc/$$/fd > mailer.fds\n"
                                     "cat >> mailer.saw\n",
                                     0700);
  v.how.environment["OS_PASSWORD"] = "";
  v.how.environment["HTTPS_PROXY"] = v.how.environment.at("https_proxy");
  v.how.environment["OS_TRACE_SECRET"] = "Mark3d-other-pw";
  const auto e = v.run({"users", "--notify", "--sendmail", mailer, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  const auto saw = contents(v.s.home.path("mailer.saw")),
             fds = contents(v.s.home.path("mailer.fds"));
  BOOST_TEST(saw.find("soon@example.org") != std::string::npos, saw);
  BOOST_TEST(saw.find("OS_") == std::string::npos, saw);
  BOOST_TEST(fds.find("memfd:letter") != std::string::npos, fds);
  BOOST_TEST(fds.find("socket:") == std::string::npos, fds);
  BOOST_TEST(fds.find("anon_inode") == std::string::npos, fds);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
