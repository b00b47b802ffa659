#include "core/auth/token.hpp"

#include "core/json.hpp"
#include "core/time.hpp"

namespace ostclean::auth {
result<token> parse_token(std::string id, const boost::json::value& body) {
  const auto* said = find(body, "token");
  if (id.empty() || said == nullptr || !said->is_object())
    return error{errc::protocol, "keystone's answer holds no token"};
  token t;
  t.id = std::move(id);
  auto expires = parse_iso8601(text_at(*said, "expires_at"));
  if (!expires) return error{errc::protocol, "keystone's token has no expires_at that can be read"};
  t.expires_at = *expires;
  t.issued_at = parse_iso8601(text_at(*said, "issued_at")).value_or(t.issued_at);
  t.user_id = text_at(*said, "user.id");
  t.user_name = text_at(*said, "user.name");
  t.user_domain_id = text_at(*said, "user.domain.id");
  t.project_id = text_at(*said, "project.id");
  t.project_name = text_at(*said, "project.name");
  t.project_domain_id = text_at(*said, "project.domain.id");
  t.system = find(*said, "system") != nullptr;
  t.roles = texts_at(*said, "roles.name");
  if (const auto* services = find(*said, "catalog")) t.services = catalog::parse(*services);
  return t;
}

}  // namespace ostclean::auth
