#include "core/plan/journal.hpp"

#include "core/digest.hpp"
#include "core/json.hpp"
#include "core/time.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace ostclean::plan {
namespace json = boost::json;
namespace {

error io_error(const std::string& what, const std::string& file) {
  return error{errc::io, "cannot " + what + " '" + file + "': " + std::strerror(errno)};
}

/// What cannot be made shows when the file is opened.
void make_folder(const std::filesystem::path& folder) {
  std::error_code ec;
  if (folder.empty() || std::filesystem::exists(folder, ec)) return;
  std::filesystem::create_directories(folder.parent_path(), ec);
  ::mkdir(folder.c_str(), 0700);
}

/// A power failure must not lose the name of what was synced.
void keep_name(const std::filesystem::path& folder) {
  int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)::fsync(fd);
  ::close(fd);
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int fd;
};

result<std::string> read_all(int fd, const std::string& file) {
  std::string text;
  char block[65536];
  for (;;) {
    ssize_t n = ::read(fd, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("read", file);
    if (n == 0) return text;
    text.append(block, static_cast<std::size_t>(n));
  }
}

result<void> write_line(int fd, const std::string& file, const json::object& line) {
  std::string text = json::serialize(line) + "\n";
  std::string_view rest = text;
  while (!rest.empty()) {
    ssize_t n = ::write(fd, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("write the journal", file);
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fdatasync(fd) != 0 && errno != EINVAL) return io_error("sync the journal", file);
  return {};
}

constexpr const char* k_chain = "chain";

/// The digest that ties `line` to the one before it.
std::string link_of(const std::string& before, const json::object& line) {
  json::object bare;
  for (const auto& member : line)
    if (member.key() != k_chain) bare.emplace(member.key(), member.value());
  return sha256(before + json::serialize(bare));
}

/// The line as it will be read again. What a service or a command line says need not be UTF-8, and
/// one line that is no JSON would hide all the others.
result<json::object> readable(const json::object& line, const std::string& file) {
  std::string text = json::serialize(line);
  boost::system::error_code ec;
  auto value = json::parse(text, ec);
  if (ec) {
    for (auto& c : text)
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    value = json::parse(text, ec);
  }
  if (ec || !value.is_object())
    return error{errc::io, "cannot write the journal '" + file + "': " + ec.message()};
  return std::move(value.get_object());
}

/// True for a first line that was not written to its end.
bool may_be_torn(std::string_view line) {
  constexpr std::string_view begin = "{\"event\":";
  return line.starts_with(begin) || begin.starts_with(line);
}

/// The chain of the last line of `text`, empty when it has none.
std::string last_chain(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const auto begin = text.rfind('\n');
  if (begin != std::string_view::npos) text.remove_prefix(begin + 1);
  boost::system::error_code ec;
  const auto line = json::parse(json::string_view{text.data(), text.size()}, ec);
  return ec ? std::string{} : text_at(line, k_chain);
}

}  // namespace

result<std::unique_ptr<journal>> journal::create(const std::string& file, lines form) {
  int fd =
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 && errno == EEXIST)
    return error{errc::refused, "'" + file + "' exists; give a new name"};
  const std::string noun = form == lines::chained ? "journal" : "record";
  if (fd < 0) return io_error("create the " + noun, file);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return io_error("lock the " + noun, file);
  }
  keep_name(std::filesystem::path{file}.parent_path());
  return std::unique_ptr<journal>{new journal{file, fd, form}};
}

result<std::unique_ptr<journal>> journal::go_on(const std::string& file) {
  descriptor out{::open(file.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (out.fd < 0) return io_error("open the journal", file);
  if (::flock(out.fd, LOCK_EX | LOCK_NB) != 0) return io_error("lock the journal", file);
  auto text = read_all(out.fd, file);
  if (!text) return text.error();
  const auto whole = text->rfind('\n') + 1;  // npos + 1 is 0: nothing whole
  boost::system::error_code ec;
  (void)json::parse(std::string_view{*text}.substr(whole), ec);
  const bool torn = ec.failed();
  if (torn && ::ftruncate(out.fd, static_cast<off_t>(whole)) != 0)
    return io_error("mend the journal", file);
  if (!torn && ::write(out.fd, "\n", 1) != 1) return io_error("mend the journal", file);
  return std::unique_ptr<journal>{new journal{file, std::exchange(out.fd, -1), lines::plain}};
}

journal::~journal() { ::close(fd_); }

result<void> journal::write(const json::object& given) {
  auto made = readable(given, file_);
  if (!made) return made.error();
  json::object& line = *made;
  std::string chain;
  if (form_ == lines::chained) {
    chain = link_of(chain_, line);
    line[k_chain] = chain;
  }
  const off_t whole = ::lseek(fd_, 0, SEEK_END);
  auto written = write_line(fd_, file_, line);
  if (written)
    chain_ = std::move(chain);
  else if (::ftruncate(fd_, whole) != 0)  // half a line would join the next
    return io_error("mend the journal", file_);
  return written;
}

result<void> check_chain(const std::vector<json::object>& lines, const std::string& file) {
  std::string chain;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    chain = link_of(chain, lines[i]);
    const auto* told = lines[i].if_contains(k_chain);
    if (!told || !told->is_string() || chain != told->get_string())
      return error{errc::config, file + ":" + std::to_string(i + 1) +
                                     ": the journal was changed after it was written"};
  }
  return {};
}

result<void> append_to_journal(const std::string& file, const json::object& given) {
  auto made = readable(given, file);
  if (!made) return made.error();
  json::object& line = *made;
  descriptor out{::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
  if (out.fd < 0 || ::flock(out.fd, LOCK_EX | LOCK_NB) != 0)
    return io_error("open the journal", file);
  auto text = read_all(out.fd, file);
  if (!text) return text.error();
  const auto whole = static_cast<off_t>(text->rfind('\n') + 1);  // npos + 1 is 0: nothing whole
  if (::ftruncate(out.fd, whole) != 0 || ::lseek(out.fd, whole, SEEK_SET) != whole)
    return io_error("mend the journal", file);
  const auto before =
      last_chain(std::string_view{*text}.substr(0, static_cast<std::size_t>(whole)));
  if (!before.empty()) line[k_chain] = link_of(before, line);
  return write_line(out.fd, file, line);
}

result<std::vector<json::object>> read_journal(const std::string& file, bool running) {
  const error foreign{errc::config, "'" + file + "' is not a journal of ours"};
  descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (in.fd < 0) {
    error closed = io_error("open the journal", file);
    closed.code = errc::config;
    return closed;
  }
  struct stat about {};
  if (::fstat(in.fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_uid != ::geteuid())
    return foreign;
  if ((about.st_mode & 022U) != 0) {
    error wide{errc::config, "'" + file + "' can be written by others"};
    wide.hint = "chmod go-w it, when nobody has changed it";
    return wide;
  }
  std::vector<json::object> lines;
  if (!running && ::flock(in.fd, LOCK_SH | LOCK_NB) != 0) return lines;
  auto text = read_all(in.fd, file);
  if (!text) return text.error();
  std::string_view rest = *text;
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    boost::system::error_code ec;
    auto value = json::parse(json::string_view{rest.data(), end}, ec);
    if (ec || !value.is_object())
      return error{errc::config, "'" + file + "' is damaged before its end"};
    lines.push_back(std::move(value.get_object()));
    rest.remove_prefix(end + 1);
  }
  if (lines.empty() && !may_be_torn(rest)) return foreign;
  return lines;
}

std::string journal_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::filesystem::path base = state && *state == '/'
                                   ? std::filesystem::path{state}
                                   : std::filesystem::path{home ? home : "/"} / ".local/state";
  return (base / "ostclean" / "journal").string();
}

std::string new_journal_name(const std::string& folder, const std::string& label) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";
  constexpr std::size_t most = 64;
  make_folder(folder);
  const auto now = wall_clock();
  std::string stamp;
  for (char c : format_rfc3339(now))
    if (c != '-' && c != ':' && c != 'Z') stamp += c;
  const auto whole = std::chrono::floor<std::chrono::seconds>(now);
  const auto part = std::chrono::duration_cast<std::chrono::milliseconds>(now - whole).count();
  std::string words;
  for (char c : label.substr(0, most)) words += plain.find(c) == plain.npos ? '_' : c;
  if (!words.empty()) words += '-';
  return fmt::format("{}/{}.{:03}Z-{}{}.jsonl", folder, stamp, part, words, ::getpid());
}

}  // namespace ostclean::plan
