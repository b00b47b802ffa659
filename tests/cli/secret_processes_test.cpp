// Rule 6 as the operating system sees it: argv, core dumps, /proc, and what a mailer inherits.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/cli/vault.hpp"

// The program that is built beside the tests is sanitized when they are.
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

/// A sanitized program does, for the leak check. Another one that is named may be one.
bool may_stay_dumpable() {
#ifdef OSTCLEAN_SANITIZED
  return true;
#else
  return std::getenv("OSTCLEAN_PROGRAM") != nullptr;
#endif
}

/// Whom the files below /proc/PID belong to: to root if the process is not dumpable, else to who
/// runs it.
uid_t owner_of(const process& one) {
  struct stat info {};
  const auto file = "/proc/" + std::to_string(one.pid()) + "/environ";
  BOOST_TEST(::stat(file.c_str(), &info) == 0);
  return info.st_uid;
}

/// As somebody who is not root, to whom the home belongs from now on.
process start_unprivileged(const site& s, words argv, uid_t who) {
  const auto settings = s.variables({});
  if (::geteuid() == 0) {
    const auto id = std::to_string(who);
    argv.insert(argv.begin(),
                {"/usr/bin/setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"});
    for (const auto& file : std::filesystem::recursive_directory_iterator(s.home.path("")))
      BOOST_TEST(::chown(file.path().c_str(), who, 0) == 0);
    BOOST_TEST(::chown(s.home.path("").c_str(), who, 0) == 0);
  }
  return cli::start(argv, settings, s.home.path("out"), s.home.path("err"));
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
    v.how.environment["ASAN_OPTIONS"] = "handle_segv=0";  // which ends with a code of its own
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
    BOOST_TEST(e.code == 1000 + number);
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
    BOOST_TEST(e.code == 1000 + SIGKILL);
    v.search(e.out + e.err, "a password in argv");
  }
}

BOOST_AUTO_TEST_CASE(nobody_but_root_looks_into_it) {
  if (may_stay_dumpable()) {
    BOOST_TEST_MESSAGE("not tried: the program may be sanitized");
    return;
  }
  const uid_t who = ::geteuid() == 0 ? 65534U : ::geteuid();
  site s;
  // Where the program lies, nobody else may come.
  const auto copy = s.home.path("ostclean");
  std::filesystem::copy_file(program(), copy);
  const auto other = start_unprivileged(s, {"/usr/bin/sleep", "300"}, who);
  BOOST_TEST(s.wait_until([&] { return owner_of(other) == who; }));
  s.fault("hang", "identity", "GET", "");
  const auto run = start_unprivileged(s, {copy, "users"}, who);
  BOOST_TEST(s.wait_until([&] { return s.it.met_fault(); }));
  BOOST_TEST(owner_of(run) == 0U);
}

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
