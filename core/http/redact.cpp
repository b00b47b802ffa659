#include "core/http/redact.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"

#include <strings.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace ostclean::http {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 8> secret_fields{
    "authorization", "cookie",          "proxy-authorization", "set-cookie",
    "x-auth-token",  "x-service-token", "x-storage-token",     "x-subject-token"};
constexpr std::array<std::string_view, 5> secret_parts{"-key", "passphrase", "password", "secret",
                                                       "token"};
constexpr std::array<std::string_view, 18> secret_words{
    "access_key",  "admin_pass", "adminpass",  "api_key",  "apikey",   "auth_key",
    "blob",        "passcode",   "passphrase", "passwd",   "password", "payload",
    "private_key", "psk",        "secret",     "temp_url", "token",    "user_data"};

template <std::size_t N>
bool has_one_of(const std::array<std::string_view, N>& words, const std::string& name) {
  return std::any_of(words.begin(), words.end(),
                     [&](auto word) { return name.find(word) != std::string::npos; });
}

void mask(json::value& value, bool secret) {
  if (auto* object = value.if_object()) {
    for (auto& member : *object) {
      const std::string_view name{member.key().data(), member.key().size()};
      const auto key = lower_case(name);
      if (key == "catalog" || key == "servicecatalog")
        member.value() = "<removed>";
      else
        mask(member.value(), secret || names_a_secret(name));
    }
  } else if (auto* array = value.if_array()) {
    for (auto& element : *array) mask(element, secret);
  } else if (secret && !value.is_null() && !value.is_bool()) {
    value = "***";
  }
}

}  // namespace

bool holds_a_secret(std::string_view field) {
  const auto key = lower_case(field);
  return has_one_of(secret_parts, key) ||
         std::find(secret_fields.begin(), secret_fields.end(), key) != secret_fields.end();
}

bool names_a_secret(std::string_view key) { return has_one_of(secret_words, lower_case(key)); }

std::string redact_header(std::string_view name, std::string_view value) {
  return holds_a_secret(name) ? "{SHA256}" + sha256(value) : harmless(value);
}

std::string redact_url(std::string_view url) {
  std::string out{url};
  const auto host = out.find("://");
  if (host != std::string::npos) {
    const auto end = std::min(out.find_first_of("/?#", host + 3), out.size());
    const auto at = out.rfind('@', end);
    if (at != std::string::npos && at > host && at < end)
      out.replace(host + 3, at - host - 3, "***");
  }
  auto from = out.find_first_of("?#");
  while (from != std::string::npos) {
    const auto end = std::min(out.find_first_of("&;#", from + 1), out.size());
    const auto equals = out.find('=', from);
    if (equals < end && names_a_secret(out.substr(from + 1, equals - from - 1))) {
      out.replace(equals + 1, end - equals - 1, "***");
      from = out.find_first_of("&;#", equals + 1);
    } else {
      from = end < out.size() ? end : std::string::npos;
    }
  }
  return out;
}

std::string redact_json(std::string_view body) {
  json::parse_options options;
  options.max_depth = 64;
  boost::system::error_code ec;
  auto value = json::parse({body.data(), body.size()}, ec, {}, options);
  if (ec) return "<not JSON: " + std::to_string(body.size()) + " bytes>";
  mask(value, false);
  return json::serialize(value);
}

std::string harmless(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) c = '?';
  }
  return out;
}

}  // namespace ostclean::http
