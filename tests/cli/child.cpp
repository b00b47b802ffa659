#include "tests/cli/child.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cli {

using namespace std::chrono_literals;

namespace {

words lines(const std::string& text) {
  words all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

/// Where a channel of the child goes; -1: nowhere.
int opened(const char* to) {
  int ends[2];
  if (*to == '|') return ::pipe(ends) == 0 ? ends[1] : -1;  // the reading end goes with exec
  return *to == '/' ? ::open(to, O_WRONLY | O_CREAT, 0600) : -1;
}

/// In the child: nothing but calls that are safe between fork and exec.
void redirect(const char* out, const char* err, const char* from) {
  const int to[] = {::open(*from == 0 ? "/dev/null" : from, O_RDONLY), opened(out), opened(err)};
  for (int fd = 0; fd < 3; ++fd)
    if (to[fd] < 0)
      ::close(fd);
    else
      ::dup2(to[fd], fd);
}

}  // namespace

void execute(char** argv, char** env, const std::map<int, std::size_t>& limits) {
  ::close_range(3, ~0U, 0);
  for (const auto& [which, most] : limits) {
    const rlimit both{most, most};
    ::setrlimit(static_cast<__rlimit_resource_t>(which), &both);
  }
  ::execve(argv[0], argv, env);
  ::_exit(99);
}

std::vector<char*> pointers(words& all) {
  std::vector<char*> out;
  for (auto& one : all) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

std::string program() {
  const char* given = std::getenv("OSTCLEAN_PROGRAM");
  return given != nullptr ? given : OSTCLEAN_PROGRAM;
}

std::string contents(const std::string& file) {
  if (!std::filesystem::is_regular_file(file)) return {};  // /dev/full never ends
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

json::value ending::data() const { return json::parse(out); }

words ending::errors() const {
  words all;
  for (const auto& line : lines(err))
    if (line.starts_with("ostclean: ") && !line.starts_with("ostclean: warning:"))
      all.push_back(line);
  return all;
}

bool ending::says(const std::string& text) const { return err.find(text) != std::string::npos; }

process::process(pid_t pid, std::string out, std::string err)
    : pid_(pid), out_(std::move(out)), err_(std::move(err)) {}

process::process(process&& other) noexcept
    : pid_(other.pid_), out_(std::move(other.out_)), err_(std::move(other.err_)) {
  other.pid_ = -1;
}

process::~process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void process::signal(int number) const { ::kill(pid_, number); }

bool process::is_running() const {
  siginfo_t about{};
  const auto pid = static_cast<id_t>(pid_);
  return ::waitid(P_PID, pid, &about, WEXITED | WNOHANG | WNOWAIT) == 0 && about.si_pid == 0;
}

bool process::says(const std::string& text) const {
  return contents(err_).find(text) != std::string::npos;
}

bool process::waits_to_open() const {
  // The number of the system call it sleeps in; "running" when it does not.
  return contents("/proc/" + std::to_string(pid_) + "/syscall")
      .starts_with(std::to_string(SYS_openat) + " ");
}

ending process::wait() {
  const auto end = std::chrono::steady_clock::now() + 180s;
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status, 0);
      pid_ = -1;
      throw std::runtime_error("the program hangs: " + contents(err_));
    }
    std::this_thread::sleep_for(5ms);
  }
  pid_ = -1;
  ending e;
  e.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  e.out = contents(out_), e.err = contents(err_);
  return e;
}

folder::folder() {
  std::string made = (std::filesystem::temp_directory_path() / "ostclean-cli-XXXXXX").string();
  if (!::mkdtemp(made.data())) throw std::runtime_error("no temporary folder");
  at_ = made;
}

folder::~folder() {
  std::error_code ignored;
  std::filesystem::remove_all(at_, ignored);
}

std::string folder::write(const std::string& name, const std::string& text, int mode) const {
  std::string file = path(name);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
  ::chmod(file.c_str(), static_cast<mode_t>(mode));
  return file;
}

process start(words argv, words environment, const std::string& out, const std::string& err,
              const std::string& in, const std::map<int, std::size_t>& limits) {
  auto arguments = pointers(argv), env = pointers(environment);
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork failed");
  if (pid == 0) {
    redirect(out.c_str(), err.c_str(), in.c_str());
    execute(arguments.data(), env.data(), limits);
  }
  return {pid, out, err};
}

}  // namespace cli
