// A letter as RFC 5322 and MIME want it, made from text that is not trusted: whatever a name or a
// project holds, it cannot add a header or a recipient. Lines end with LF, as the sendmail
// interface takes them.
#pragma once

#include "core/error.hpp"
#include "core/time.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <type_traits>

namespace ostclean::mail {

class letter {
 public:
  letter() = default;
  std::string to;  ///< one address, which has passed check_address()
  std::string subject;
  std::string from, reply_to;  ///< "Name <address>" or an address; empty: the mailer's own
  std::string body;            ///< UTF-8
};
static_assert(!std::is_aggregate_v<letter>);

/// errc::config unless the text is one plain address (RFC 5321: local@domain, ASCII, no quoting, no
/// control characters, not beginning with a dash).
result<void> check_address(std::string_view address);

/// Headers and body. `id` makes the Message-ID together with the name of this host.
std::string compose(const letter& what, sys_time now, std::string_view id);

/// A header's text: as it is when it is short printable ASCII, else RFC 2047 encoded words of at
/// most 75 characters, folded. Control characters become spaces.
std::string encode_header(std::string_view text);

/// RFC 2045, 6.7, with LF between the lines.
std::string quoted_printable(std::string_view text);

}  // namespace ostclean::mail
