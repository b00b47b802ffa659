#include "core/http/redact.hpp"

#include "core/digest.hpp"

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
constexpr std::array<std::string_view, 9> secret_words{"adminpass", "blob",    "passcode",
                                                       "password",  "payload", "private_key",
                                                       "secret",    "token",   "user_data"};

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool names_a_secret(const std::string& key) {
  return std::any_of(secret_words.begin(), secret_words.end(),
                     [&](auto word) { return key.find(word) != std::string::npos; });
}

void mask(json::value& value, bool secret) {
  if (auto* object = value.if_object()) {
    for (auto& member : *object) {
      const auto key = lower({member.key().data(), member.key().size()});
      if (key == "catalog" || key == "servicecatalog")
        member.value() = "<removed>";
      else
        mask(member.value(), secret || names_a_secret(key));
    }
  } else if (auto* array = value.if_array()) {
    for (auto& element : *array) mask(element, secret);
  } else if (secret && !value.is_null() && !value.is_bool()) {
    value = "***";
  }
}

}  // namespace

std::string redact_header(std::string_view name, std::string_view value) {
  const auto key = lower(name);
  const bool secret =
      std::find(secret_fields.begin(), secret_fields.end(), key) != secret_fields.end();
  return secret ? "{SHA256}" + sha256(value) : harmless(value);
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
