// The program as a child process: started, signalled, waited for, and what it wrote.
#pragma once

#include <sys/types.h>

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cli {

namespace json = boost::json;
using words = std::vector<std::string>;

/// The program that is tested: what OSTCLEAN_PROGRAM of the environment names, such as one that was
/// compiled with sanitizers, or the one that was built beside the tests.
std::string program();

/// A regular file as text; anything else is empty.
std::string contents(const std::string& file);

/// How one run of the program ended.
class ending {
 public:
  ending() = default;
  int code = -1;  ///< exit code, or 1000 + signal
  std::string out, err;

  json::value data() const;  ///< stdout as JSON; throws when it is none
  /// Lines of stderr that are errors: "ostclean: ..." but no warnings.
  words errors() const;
  bool says(const std::string& text) const;  ///< somewhere on stderr
};

/// The program while it runs.
class process {
 public:
  process(pid_t pid, std::string out, std::string err);
  process(process&& other) noexcept;
  process& operator=(process&&) = delete;
  ~process();  ///< kills what nobody waited for

  void signal(int number) const;
  bool is_running() const;
  /// Whether `text` is on its stderr by now.
  bool says(const std::string& text) const;
  /// Whether it is held by the open() of a file, as of a FIFO that nobody writes to.
  bool waits_to_open() const;
  pid_t pid() const { return pid_; }
  /// Kills it, and throws, after a minute and a half.
  ending wait();

 private:
  pid_t pid_;
  std::string out_, err_;
};

/// What a run wants beyond its arguments.
class manner {
 public:
  manner() = default;
  std::map<std::string, std::string> environment;
  std::string in;      ///< what stdin holds; empty: it ends at once
  std::string out_to;  ///< where stdout goes; "-": it is closed, "|": nobody reads it
  std::string err_to;  ///< the same for stderr
  /// Resource (RLIMIT_...) to its limit. A file that outgrows RLIMIT_FSIZE cannot be written any
  /// more, as on a full disk.
  std::map<int, std::size_t> limits;
};

/// The program between fork and exec: nothing but calls that are safe there.
[[noreturn]] void execute(char** argv, char** env, const std::map<int, std::size_t>& limits);
/// Text as exec wants it; valid as long as `all` is.
std::vector<char*> pointers(words& all);

/// A folder that goes with its owner.
class folder {
 public:
  folder();
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder();
  std::string path(const std::string& name) const { return (at_ / name).string(); }
  std::string write(const std::string& name, const std::string& text, int mode = 0600) const;

 private:
  std::filesystem::path at_;
};

/// Starts argv with nothing but this environment; stdin is the file `in`, if there is one. `out`
/// and `err` as in manner::out_to.
process start(words argv, words environment, const std::string& out, const std::string& err,
              const std::string& in = {}, const std::map<int, std::size_t>& limits = {});

}  // namespace cli
