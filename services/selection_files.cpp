// Opens the files of services/selection_files.hpp: who may own them and how wide they may be.
#include "services/selection_files.hpp"

#include <fmt/core.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace ostclean::services {
namespace {

constexpr std::size_t k_most_list_bytes = 256UL << 20;

std::string contents(int fd, int& why) {
  std::string text;
  char block[65536];
  why = 0;
  for (;;) {
    const ssize_t got = ::read(fd, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) why = errno;
    if (got <= 0) return text;
    text.append(block, static_cast<std::size_t>(got));
    if (text.size() > k_most_list_bytes) why = EFBIG;
    if (why != 0) return text;
  }
}

class open_file {
 public:
  open_file(const std::string& name, int flags) : fd(::open(name.c_str(), flags)) {}
  open_file(const open_file&) = delete;
  ~open_file() {
    if (fd >= 0) ::close(fd);
  }
  int fd;
};

error unreadable(const std::string& file, int why) {
  return error(errc::config, fmt::format("cannot read {}: {}", file, std::strerror(why)));
}

result<std::string> read_plain(const std::string& file) {
  int why = 0;
  if (file == "-") {
    std::string text = contents(STDIN_FILENO, why);
    if (why != 0) return unreadable("standard input", why);
    return text;
  }
  const open_file opened(file, O_RDONLY | O_CLOEXEC);
  if (opened.fd < 0) return unreadable(file, errno);
  std::string text = contents(opened.fd, why);
  if (why != 0) return unreadable(file, why);
  return text;
}

/// O_NONBLOCK keeps a FIFO in the file's place from blocking the open.
result<std::string> read_secret(const std::string& file) {
  const open_file opened(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (opened.fd < 0 && errno == ELOOP)
    return error(errc::config, fmt::format("{} is a symbolic link", file));
  if (opened.fd < 0) return unreadable(file, errno);
  struct stat info {};
  if (::fstat(opened.fd, &info) != 0) return unreadable(file, errno);
  if (!S_ISREG(info.st_mode))
    return error(errc::config, fmt::format("{} is not a regular file", file));
  if (info.st_uid != ::geteuid() && info.st_uid != 0)
    return error(errc::config, fmt::format("{} belongs to somebody else", file));
  if ((info.st_mode & 07777 & ~0600U) != 0) {
    error e(errc::config, fmt::format("{} holds passwords and is open to others (mode {:04o})",
                                      file, info.st_mode & 07777));
    e.hint = "chmod 600 it, and reset again when somebody may have read it";
    return e;
  }
  int why = 0;
  std::string text = contents(opened.fd, why);
  if (why != 0) return unreadable(file, why);
  return text;
}

}  // namespace

result<file_entries<listed_user>> read_users_file(const std::string& file) {
  const auto text = read_plain(file);
  if (!text) return text.error();
  return parse_users(*text, file == "-" ? "standard input" : file);
}

result<file_entries<credentials>> read_credentials_file(const std::string& file) {
  const auto text = read_secret(file);
  if (!text) return text.error();
  return parse_credentials(*text, file);
}

result<file_entries<credentials>> read_trusts_file(const std::string& file) {
  struct stat info {};
  if (file != "-" && ::stat(file.c_str(), &info) == 0 && (info.st_mode & 022) != 0)
    return error(errc::config, fmt::format("{} can be written by others (mode {:04o})", file,
                                           info.st_mode & 07777));
  const auto text = read_plain(file);
  if (!text) return text.error();
  return parse_trusts(*text, file);
}

}  // namespace ostclean::services
