// Microversions: an API that knows none of them (Nova's /v2) answers all the same, and leaves out
// the fields that were asked for: locks, tags, whose a key pair is. Whoever answers in one says so.
#pragma once

#include "core/error.hpp"
#include "core/http/message.hpp"

#include <string_view>

namespace ostclean::http {

/// `type` as the header has it ("compute", "volume"), `version` "2.26".
void ask_for_version(request& r, std::string_view type, std::string_view version);

/// errc::protocol when a GET asked for a version and a 2xx does not say that it is in it.
result<void> check_version(const response& answer, const request& asked);

}  // namespace ostclean::http
