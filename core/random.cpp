#include "core/random.hpp"

#include <sys/random.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>

namespace ostclean {
namespace {

constexpr std::string_view k_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// The largest multiple of 62 in a byte: what is above would make some letters likelier.
constexpr unsigned k_fair = 248;

bool has_every_class(std::string_view word) {
  const auto any = [&](int (*is)(int)) {
    return std::any_of(word.begin(), word.end(), [is](unsigned char c) { return is(c) != 0; });
  };
  return word.size() < 3 || (any(std::isupper) && any(std::islower) && any(std::isdigit));
}

result<std::string> any_word(std::size_t length) {
  std::string word;
  std::array<unsigned char, 64> bytes{};
  while (word.size() < length) {
    const auto got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error(errc::io, std::string("no random bytes: ") + std::strerror(errno));
    for (auto i = 0; i < got && word.size() < length; ++i)
      if (bytes[static_cast<std::size_t>(i)] < k_fair)
        word += k_letters[bytes[static_cast<std::size_t>(i)] % k_letters.size()];
  }
  explicit_bzero(bytes.data(), bytes.size());
  return word;
}

}  // namespace

result<std::string> random_word(std::size_t length) {
  for (;;) {
    auto word = any_word(length);
    if (!word || has_every_class(*word)) return word;
  }
}

result<std::string> random_password() { return random_word(32); }

}  // namespace ostclean
