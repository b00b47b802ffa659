#include "core/line_file.hpp"

#include "core/text.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace ostclean {
namespace {

constexpr std::size_t k_most_bytes = 256UL << 20;

std::filesystem::path folder_of(const std::string& file) {
  const auto folder = std::filesystem::path(file).parent_path();
  return folder.empty() ? std::filesystem::path(".") : folder;
}

/// What cannot be made shows when the file is opened.
void make_folders(const std::filesystem::path& folder) {
  std::error_code ec;
  if (folder.empty() || std::filesystem::exists(folder, ec)) return;
  make_folders(folder.parent_path());
  ::mkdir(folder.c_str(), 0700);
}

/// A new name is on the disk only when its folder is.
bool sync_folder(const std::string& file) {
  const int fd = ::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::fsync(fd) == 0 || errno == EINVAL;
  ::close(fd);
  return done;
}

error cannot(std::string_view what, const std::string& file) {
  return error(errc::io, fmt::format("cannot {} {}: {}", what, file, std::strerror(errno)));
}

std::optional<error> why_unsafe(int fd, const std::string& file) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return cannot("look at", file);
  if (!S_ISREG(info.st_mode))
    return error(errc::config, fmt::format("{} is not a regular file", file));
  if (info.st_uid != ::geteuid())
    return error(errc::config, fmt::format("{} belongs to somebody else", file));
  if ((info.st_mode & 07777 & ~0600U) == 0) return std::nullopt;
  error wide(errc::config,
             fmt::format("{} is open to others (mode {:04o})", file, info.st_mode & 07777));
  wide.hint = "chmod 600 it, and take what it holds for known to others";
  return wide;
}

result<int> open_fd(const std::string& file, line_file::mode how) {
  const bool fresh = how == line_file::mode::fresh;
  const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (fresh ? O_EXCL : 0);
  const int fd = ::open(file.c_str(), flags, 0600);
  if (fd >= 0) return fd;
  if (errno == ELOOP) return error(errc::config, fmt::format("{} is a symbolic link", file));
  if (errno == EEXIST) return error(errc::refused, fmt::format("{} exists", file));
  return cannot("open", file);
}

result<std::string> read_all(int fd, const std::string& file) {
  std::string text;
  char block[65536];
  for (;;) {
    const ssize_t got = ::read(fd, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", file);
    if (got == 0) return text;
    text.append(block, static_cast<std::size_t>(got));
    if (text.size() > k_most_bytes)
      return error(errc::config, fmt::format("{} is too large", file));
  }
}

}  // namespace

result<std::unique_ptr<line_file>> line_file::open(const std::string& file, mode how,
                                                   bool private_folders) {
  if (private_folders) make_folders(folder_of(file));
  auto fd = open_fd(file, how);
  if (!fd) return fd.error();
  std::unique_ptr<line_file> made(new line_file(file, *fd, how));
  if (auto why = why_unsafe(*fd, file)) return *why;
  if (::flock(*fd, LOCK_EX | LOCK_NB) != 0)
    return error(errc::conflict, fmt::format("{} is in use by another run", file));
  if (!sync_folder(file)) return cannot("sync the folder of", file);
  auto text = read_all(*fd, file);
  if (!text) return text.error();
  const std::size_t whole = text->rfind('\n') + 1;  // npos + 1 is 0: nothing whole
  made->size_ = text->size();
  made->tail_ = text->substr(whole);
  text->resize(whole);
  made->text_ = std::move(*text);
  return made;
}

line_file::~line_file() {
  if (how_ == mode::fresh && size_ == 0) ::unlink(name_.c_str());
  ::close(fd_);
}

error line_file::failed(std::string_view what) const { return cannot(what, name_); }

error line_file::unended() const {
  return error(errc::config,
               fmt::format("{}: the last line has no end: complete it or remove it", name_));
}

result<void> line_file::mend_tail(std::string_view begin) {
  if (tail_.empty()) return {};
  const auto body = text_.empty() ? without_byte_order_mark(tail_) : tail_;
  boost::system::error_code ec;
  const auto value = boost::json::parse(boost::json::string_view(body.data(), body.size()), ec);
  if (!ec && value.is_object()) return end_tail();
  if (tail_.substr(0, begin.size()) != begin.substr(0, tail_.size())) return unended();
  return cut_tail();
}

result<void> line_file::cut_tail() {
  if (::ftruncate(fd_, static_cast<off_t>(text_.size())) != 0 || ::fdatasync(fd_) != 0)
    return failed("mend");
  size_ = text_.size();
  tail_.clear();
  return {};
}

result<void> line_file::end_tail() {
  if (auto written = write_at(size_, "\n"); !written) return written;
  size_ += 1;
  text_ += tail_ + "\n";
  tail_.clear();
  return {};
}

result<void> line_file::write_at(std::size_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed("write");
    at += static_cast<std::size_t>(put);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  if (::fdatasync(fd_) != 0 && errno != EINVAL) return failed("sync");
  return {};
}

result<std::size_t> line_file::append(std::string_view line) {
  const std::size_t at = size_;
  const std::string whole = std::string(line) + "\n";
  if (auto written = write_at(at, whole); !written) {
    // Half a line would be taken for the work of a crash; a failed cut leaves it to the next run.
    if (::ftruncate(fd_, static_cast<off_t>(at)) != 0) return written.error();
    return written.error();
  }
  size_ += whole.size();
  return at;
}

result<void> line_file::overwrite(std::size_t at, std::string_view bytes) {
  return write_at(at, bytes);
}

std::string state_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  const std::filesystem::path base =
      state && *state == '/' ? std::filesystem::path(state)
                             : std::filesystem::path(home ? home : "/") / ".local/state";
  return (base / "ostclean").string();
}

}  // namespace ostclean
