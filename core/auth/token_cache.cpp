#include "core/auth/token_cache.hpp"

#include "core/auth/descriptor.hpp"
#include "core/digest.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace ostclean::auth {
namespace {

constexpr char version = 1;
constexpr std::size_t digest_size = 64;
constexpr std::size_t header_size = 1 + digest_size;
constexpr std::size_t k_most_cache_bytes = 64UL << 20;
constexpr time_t oldest = time_t{7} * 24 * 3600;  // seconds; no token lives that long

// Length first, so that no two lists of values read the same.
void append(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append("=").append(std::to_string(value.size())).append(":").append(value);
}

bool make_folders(const std::string& path) {
  for (auto at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
    ::mkdir(path.substr(0, at).c_str(), 0700);
  return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
}

bool is_ours_alone(int fd) {
  struct stat about {};
  return ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == ::geteuid() &&
         (about.st_mode & 07777) == 0600;
}

std::optional<std::string> read_all(int fd) {
  std::string text;
  std::array<char, 16384> buffer;
  for (;;) {
    auto got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0) return {};
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > k_most_cache_bytes) return {};
  }
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    auto put = ::write(fd, text.data(), text.size());
    if (put <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// Takes over `folder`.
void remove_old(int folder) {
  DIR* list = ::fdopendir(folder);
  if (list == nullptr) {
    ::close(folder);
    return;
  }
  auto now = ::time(nullptr);
  while (const auto* entry = ::readdir(list)) {
    struct stat about {};
    if (::fstatat(::dirfd(list), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(about.st_mode) && now - about.st_mtime > oldest)
      ::unlinkat(::dirfd(list), entry->d_name, 0);
  }
  ::closedir(list);
}

}  // namespace

token_cache::token_cache(std::string folder) : folder_(std::move(folder)) {
  while (folder_.size() > 1 && folder_.ends_with('/')) folder_.pop_back();
}

// The folder is looked at through the descriptor that is then used, so that nobody can put another
// one in its place in between. -1: there is no cache.
int token_cache::open_folder(bool create) const {
  if (folder_.empty() || !warning_.empty()) return -1;
  if (create && !make_folders(folder_)) {
    warning_ = "cannot create the cache folder " + folder_ + ", tokens are not kept";
    return -1;
  }
  int fd = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return -1;
  struct stat about {};
  if (fd >= 0 && ::fstat(fd, &about) == 0 && about.st_uid == ::geteuid() &&
      (about.st_mode & 077) == 0)
    return fd;
  warning_ = "the cache folder " + folder_ +
             " is not a folder of yours that only you can open, tokens are not kept; chmod 700";
  if (fd >= 0) ::close(fd);
  return -1;
}

std::string token_cache::key(const settings& who) {
  std::string all;
  append(all, "auth_type", who.auth_type);
  append(all, "auth_url", who.auth_url);
  append(all, "user_id", who.user_id);
  append(all, "username", who.username);
  append(all, "user_domain_id", who.user_domain_id);
  append(all, "user_domain_name", who.user_domain_name);
  append(all, "application_credential_id", who.application_credential_id);
  append(all, "application_credential_name", who.application_credential_name);
  append(all, "project_id", who.scope.project_id);
  append(all, "project_name", who.scope.project_name);
  append(all, "project_domain_id", who.scope.project_domain_id);
  append(all, "project_domain_name", who.scope.project_domain_name);
  append(all, "domain_id", who.scope.domain_id);
  append(all, "domain_name", who.scope.domain_name);
  append(all, "trust_id", who.scope.trust_id);
  append(all, "system", who.scope.system ? "all" : "");
  std::string secret = all;
  append(secret, "password", who.password);
  append(secret, "token", who.token);
  append(secret, "application_credential_secret", who.application_credential_secret);
  append(secret, "passcode", who.passcode);
  append(all, "fingerprint", sha256(secret));
  return sha256(all);
}

std::optional<std::string> token_cache::load(const std::string& key) const {
  descriptor folder{open_folder(false)};
  if (!folder) return {};
  descriptor file{
      ::openat(folder.get(), key.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!file && errno == ENOENT) return {};
  if (file && is_ours_alone(file.get())) {
    auto text = read_all(file.get());
    if (text && text->size() >= header_size && text->front() == version) {
      auto body = std::string_view{*text}.substr(header_size);
      if (sha256(body) == text->substr(1, digest_size)) return std::string{body};
    }
  }
  ::unlinkat(folder.get(), key.c_str(), 0);
  return {};
}

void token_cache::store(const std::string& key, const std::string& text) const {
  descriptor folder{open_folder(true)};
  if (!folder) return;
  auto temporary = key + "." + std::to_string(::getpid()) + ".new";
  ::unlinkat(folder.get(), temporary.c_str(), 0);
  descriptor file{::openat(folder.get(), temporary.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!file) return;
  auto written = ::fchmod(file.get(), 0600) == 0 &&
                 write_all(file.get(), std::string{version} + sha256(text) + text);
  if (!written || ::renameat(folder.get(), temporary.c_str(), folder.get(), key.c_str()) != 0)
    ::unlinkat(folder.get(), temporary.c_str(), 0);
  remove_old(::dup(folder.get()));
}

void token_cache::drop(const std::string& key) const {
  descriptor folder{open_folder(false)};
  if (folder) ::unlinkat(folder.get(), key.c_str(), 0);
}

std::optional<token_cache::lock> token_cache::try_lock(const std::string& key) const {
  descriptor folder{open_folder(true)};
  if (!folder) return lock{-1};
  auto name = key + ".lock";
  int fd = ::openat(folder.get(), name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return lock{-1};
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock{fd};
  auto held = errno == EWOULDBLOCK;
  ::close(fd);
  if (held) return std::nullopt;
  return lock{-1};
}

token_cache::lock::~lock() {
  if (fd_ >= 0) ::close(fd_);
}

std::string default_cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::string{cache} + "/ostclean";
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? std::string{} : std::string{home} + "/.cache/ostclean";
}

}  // namespace ostclean::auth
