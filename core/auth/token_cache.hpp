// The shared auth cache: token, catalog and discovered endpoints on disk, so that the second
// process does not authenticate again. One file per identity and scope under
// $XDG_CACHE_HOME/ostclean (folder 0700, file 0600), locked with flock, replaced by rename; a
// damaged, wider or foreign file is dropped and made anew.
#pragma once

#include "core/auth/settings.hpp"
#include "core/error.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace ostclean::auth {

class token_cache {
 public:
  explicit token_cache(std::string folder);  ///< created 0700 when first written to

  /// SHA-256 in hex over every auth element, the scope and a fingerprint of the secret.
  static std::string key(const settings& who);

  /// The stored text, when the file is ours, 0600, of this version and not damaged.
  std::optional<std::string> load(const std::string& key) const;
  /// Best effort: a cache that cannot be written is not an error of the command.
  void store(const std::string& key, const std::string& text) const;
  void drop(const std::string& key) const;

  /// Why there is no cache (the folder is a link, not ours, or open to others); empty when all is
  /// well. Known after the first use.
  const std::string& warning() const { return warning_; }

  /// Holds the key's lock file so that parallel processes authenticate once; released by the
  /// destructor.
  class lock {
   public:
    explicit lock(int fd) : fd_(fd) {}
    lock(lock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    lock& operator=(lock&&) = delete;
    ~lock();

   private:
    int fd_;
  };
  /// Tries for the lock without blocking; nullopt while another process holds it. Where there can
  /// be no lock file it succeeds at once: the cost is one authentication more.
  std::optional<lock> try_lock(const std::string& key) const;

 private:
  int open_folder(bool create) const;

  std::string folder_;
  mutable std::string warning_;
};

/// $XDG_CACHE_HOME/ostclean, else $HOME/.cache/ostclean.
std::string default_cache_folder();

}  // namespace ostclean::auth
