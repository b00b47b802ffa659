// What --debug may show. Pure functions, because this is where a password would leak.
#pragma once

#include <string>
#include <string_view>

namespace ostclean::http {

/// "{SHA256}<hex>" for the fields that carry a credential, else the value as it is.
std::string redact_header(std::string_view name, std::string_view value);

/// Whether a header field carries a credential, such as a token or the key of temporary URLs.
bool holds_a_secret(std::string_view field);
/// Whether the value of a JSON member of this name is a secret.
bool names_a_secret(std::string_view key);

/// A URL without the password in front of its host, and without what its query calls a secret.
std::string redact_url(std::string_view url);

/// JSON with "***" for every value under a key that names a secret (password, secret, token,
/// passcode, private_key, adminPass, payload, user_data, blob; whatever their case), also deep
/// inside, and "<removed>" for a catalog. What is not JSON comes back as a remark on its size only.
std::string redact_json(std::string_view body);

/// Text for a terminal: control characters but line breaks and tabs become '?'.
std::string harmless(std::string_view text);

}  // namespace ostclean::http
