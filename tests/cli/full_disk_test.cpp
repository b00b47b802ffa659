// Rule 4 on a disk that is full: what cannot be written down first is not done, and what was lent
// goes back. RLIMIT_FSIZE fills the disk at any byte; a small tmpfs, where one may be mounted, also
// refuses new files.
#include <sys/mount.h>
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include "tests/cli/changing_commands.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_full_disk)

namespace {

namespace fs = std::filesystem;

manner full_at(std::size_t bytes) {
  manner how;
  how.limits[RLIMIT_FSIZE] = bytes;
  return how;
}

/// Everything that the journals below the home say, whole lines or not.
std::string journals(const site& s) {
  std::string all;
  std::error_code ec;
  for (const auto& file : fs::recursive_directory_iterator(s.home.path("state"), ec))
    if (file.path().extension() == ".jsonl") all += contents(file.path().string());
  return all;
}

std::string last_part(const std::string& path) {
  const auto end = path.find('?');
  const auto slash = path.rfind('/', end);
  return path.substr(slash + 1, end == std::string::npos ? end : end - slash - 1);
}

/// Each DELETE of something of the project has its intent on the disk.
void check_intents(const site& s) {
  const auto written = journals(s);
  for (const auto& line : s.changes()) {
    if (!line.starts_with("DELETE ") || line.find("/identity/") != std::string::npos ||
        line.find("/object-store/") != std::string::npos)
      continue;
    const auto what = last_part(line);
    BOOST_TEST(written.find(what) != std::string::npos, "no intent for " << line);
  }
}

/// Nothing stays lent, if not at once then after the next run on a disk with space.
void check_returned(site& s, const std::set<std::string>& before) {
  if (s.assignments() == before) return;
  const auto next = s.run({"delete", "--project", s.theirs.name, "--yes", "--only", "zone"});
  BOOST_TEST(next.code == 0, next.err);
  BOOST_TEST((s.assignments() == before));
}

bool lets_in(const site& s, const std::string& password) {
  sandbox::client c(s.it);
  return c.post("/identity/v3/auth/tokens",
                sandbox::password_auth(s.mine.name, password, s.mine.name))
             .status == 201;
}

/// The password of the last whole line of the credentials file; empty when there is none.
std::string saved_password(const std::string& file) {
  auto text = contents(file);
  text.resize(text.rfind('\n') + 1);
  if (text.empty()) return {};
  return cli::text(json::parse(text.substr(0, text.find('\n'))), "password");
}

/// A disk of a few pages; false where nobody may mount one.
class small_disk {
 public:
  small_disk(std::string at, const char* size) : at_(std::move(at)) {
    fs::create_directories(at_);
    fs::permissions(at_, fs::perms(0700));
    mounted = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, size) == 0;
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk() {
    if (mounted) ::umount2(at_.c_str(), MNT_DETACH);
  }
  bool mounted = false;

 private:
  std::string at_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(nothing_is_deleted_that_is_not_written_down_first) {
  // The journal has room for nothing, for a part of what is deleted, for all.
  const std::map<std::size_t, int> ends{{0, 1},    {150, 1},   {400, 1},   {900, 1},  {4000, 1},
                                        {8000, 3}, {12000, 3}, {20000, 0}, {60000, 0}};
  for (const auto& [bytes, code] : ends) {
    BOOST_TEST_CONTEXT("full at " << bytes) {
      busy_site s;
      const auto before = s.assignments();
      const auto others = s.of_others();
      const auto e = s.run(
          {"delete", "--project", s.mine.name, "--yes", "--report", s.home.path("report.json")},
          full_at(bytes));
      BOOST_TEST(e.code == code, e.err);
      check_intents(s);
      if (bytes < 900) BOOST_TEST(changes_beyond_loans(s).empty());
      BOOST_TEST((e.code == 0 || !e.err.empty() || bytes == 0));
      check_returned(s, before);
      s.check_others(others);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_small_disk_under_the_journals_stops_it_too) {
  const std::pair<const char*, int> disks[] = {
      {"size=4k", 1}, {"size=8k", 3}, {"size=16k", 3}, {"size=1m,nr_inodes=3", 1}};
  for (const auto& [size, code] : disks) {
    busy_site s;
    const auto before = s.assignments();
    const small_disk state(s.home.path("state"), size);
    BOOST_TEST_MESSAGE(size << (state.mounted ? " is mounted" : ": the limit stands in for it"));
    const auto how = state.mounted ? manner() : full_at(4096);
    const auto e = s.run({"delete", "--project", s.mine.name, "--yes"}, how);
    BOOST_TEST(e.code == (state.mounted ? code : 1), size << e.err);
    BOOST_TEST(e.says("annot"), e.err);
    check_intents(s);
    BOOST_TEST((s.assignments() == before));
  }
}

BOOST_AUTO_TEST_CASE(no_password_is_changed_that_is_not_saved) {
  const std::map<std::size_t, int> ends{{0, 1},   {40, 1},  {120, 1}, {200, 1},
                                        {260, 1}, {460, 1}, {780, 0}, {20000, 0}};
  for (const auto& [bytes, code] : ends) {
    BOOST_TEST_CONTEXT("full at " << bytes) {
      busy_site s;
      const auto e = s.run({"reset", "--user", s.mine.name, "--credentials", s.credentials(),
                            "--yes", "-f", "value", "-c", "result"},
                           full_at(bytes));
      const bool sent = s.count("PATCH", "identity", "/users/") > 0;
      BOOST_TEST(lets_in(s, sent ? saved_password(s.credentials()) : s.mine.password), e.err);
      BOOST_TEST(e.code == code, e.err);
      BOOST_TEST(sent == (bytes >= 460));
      if (sent && bytes > 0) BOOST_TEST(e.out.starts_with("reset"), e.out);
      BOOST_TEST((e.code == 0 || !e.err.empty() || bytes < 120));
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_stopped_that_is_not_on_the_record) {
  const std::map<std::size_t, int> ends{{0, 1},   {60, 1},  {300, 1},  {600, 1},
                                        {810, 1}, {960, 3}, {20000, 0}};
  for (const auto& [bytes, code] : ends) {
    BOOST_TEST_CONTEXT("full at " << bytes) {
      busy_site s;
      const auto before = s.assignments();
      const auto e = s.run({"stop", "--project", s.mine.name, "--record", s.record(), "--yes"},
                           full_at(bytes));
      const auto record = contents(s.record());
      for (const auto& line : changes_beyond_loans(s)) {
        const auto from = line.find("/servers/"), image = line.find("/images/");
        const auto id =
            from != std::string::npos ? line.substr(from + 9, 36) : line.substr(image + 8, 36);
        BOOST_TEST(record.find(id) != std::string::npos, "not on the record: " << line);
      }
      BOOST_TEST(e.code == code, e.err);
      check_returned(s, before);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cache_or_a_log_that_is_full_is_no_failure) {
  busy_site s;
  const auto log = s.home.write("log", std::string(300, '-') + "\n");
  for (int i = 0; i < 2; ++i) {
    const auto e = s.run({"--log-file", log, "--debug", "users", "-f", "value", "-c", "name"}, [] {
      auto how = full_at(301);
      how.err_to = "/dev/null";
      return how;
    }());
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.out.find(s.mine.name) != std::string::npos, e.out);
  }
  BOOST_TEST(s.count("POST", "identity", "/v3/auth/tokens") == 2U);
  BOOST_TEST(contents(log).size() == 301U);
  for (const auto& file : fs::recursive_directory_iterator(s.home.path("cache")))
    BOOST_TEST((file.is_directory() || file.file_size() == 0), file.path().string());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
