// Secrets and their containers: no administrator sees another project's, pages go by offset, and
// writing wants the role creator.
#include "tests/sandbox/world.hpp"

namespace sandbox {
namespace {

[[noreturn]] void fail(int status, const std::string& why) {
  const char* title = status == 404 ? "Not Found" : "Forbidden";
  throw refusal{
      reply(status, json::object{{"code", status}, {"title", title}, {"description", why}})};
}

bool secrets(const context& c) { return c.path[1] == "secrets"; }

const char* kind_of(const context& c) { return secrets(c) ? "secret" : "secret_container"; }

std::string ref(const context& c, const std::string& id) {
  return c.base + "/v1/" + c.path[1] + "/" + id;
}

json::object view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o.erase("id");
  if (secrets(c) && c.minor < 1) o.erase("consumers");
  if (secrets(c) && o.if_contains("payload_content_type")) {
    o["content_types"] = json::object{{"default", o["payload_content_type"]}};
    o.erase("payload_content_type");
  }
  o[secrets(c) ? "secret_ref" : "container_ref"] = ref(c, r.id);
  return o;
}

reply list(context& c) {
  const auto& held = c.who->roles;
  if (!held.count("creator") && !c.admin() && !held.count("observer") && !held.count("audit"))
    fail(403, std::string(secrets(c) ? "Secret(s)" : "Containers(s)") +
                  " retrieval attempt not allowed - please review your user/project privileges");
  const rows all = select(
      c.of(kind_of(c)),
      [&](const record& r) {
        return (r.owner == c.project() || c.ignore_filter) &&
               (!c.has("name") || text(r.body, "name") == c.q("name"));
      },
      true);
  const std::size_t offset = std::strtoull(c.q("offset").c_str(), nullptr, 10);
  const std::size_t limit = c.has("limit") ? std::min<std::size_t>(100, limit_of(c, 100)) : 10;
  json::array out;
  for (std::size_t i = offset; i < all.size() && out.size() < limit; ++i)
    out.push_back(view(c, *all[i]));
  json::object body{{c.path[1], out}, {"total", all.size()}};
  const auto at = [&](std::size_t n) {
    return c.base + "/v1/" + c.path[1] + "?limit=" + std::to_string(limit) +
           "&offset=" + std::to_string(n);
  };
  if (offset + limit < all.size()) body["next"] = at(offset + limit);
  if (offset > 0 && !out.empty()) body["previous"] = at(offset > limit ? offset - limit : 0);
  return {200, body};
}

record& find(context& c, const char* verb) {
  record* r = c.of(kind_of(c)).find(c.args[0]);
  // An id of version 4 has a 4 in the middle.
  if (secrets(c) && (c.args[0].size() != 36 || c.args[0][14] != '4'))
    fail(404, "Not Found. Provided secret id is invalid.");
  if (!r) fail(404, secrets(c) ? "Secret not found." : "Secrets container not found.");
  if (r->owner != c.project())
    fail(403, std::string(secrets(c) ? "Secret " : "Container ") + verb +
                  " attempt not allowed - please review your user/project privileges");
  return *r;
}

reply show(context& c) { return {200, view(c, find(c, "retrieval"))}; }

void need_creator(const context& c, const char* verb) {
  if (!c.who->roles.count("creator") && !c.admin())
    fail(403, std::string(secrets(c) ? "Secret " : "Container ") + verb +
                  " attempt not allowed - please review your user/project privileges");
}

reply create(context& c) {
  need_creator(c, "creation");
  json::object sent = c.body.is_object() ? c.body.get_object() : json::object{};
  sent.erase("payload");
  const std::string id = c.w.uuid(), t = now_iso("%Y-%m-%dT%H:%M:%S");
  json::object o{{"id", id},
                 {"created", t},
                 {"updated", t},
                 {"status", "ACTIVE"},
                 {"creator_id", c.who->user}};
  if (secrets(c))
    merge(o, {{"name", nullptr},
              {"secret_type", "opaque"},
              {"expiration", nullptr},
              {"algorithm", nullptr},
              {"bit_length", nullptr},
              {"mode", nullptr}});
  o["consumers"] = json::array{};
  merge(o, sent);
  c.of(kind_of(c)).add(id, c.project(), std::move(o));
  const std::string where = ref(c, id);
  return reply(201, json::object{{secrets(c) ? "secret_ref" : "container_ref", where}})
      .with("Location", where);
}

reply remove(context& c) {
  const std::string id = find(c, "deletion").id;
  need_creator(c, "deletion");
  const std::string gone = ref(c, id);
  if (secrets(c))
    for (auto& [seq, box] : c.of("secret_container").rows()) {
      auto& refs = box.body["secret_refs"].as_array();
      for (auto i = refs.begin(); i != refs.end();)
        i = text(i->as_object(), "secret_ref") == gone ? refs.erase(i) : i + 1;
    }
  c.of(kind_of(c)).erase(id);
  return reply(204);
}

/// {service, resource_type, resource_id} of a secret, {name, URL} of a container: said by whoever
/// uses it, and no hindrance to its deletion.
reply add_consumer(context& c) {
  record& r = find(c, "consumer creation");
  r.body["consumers"].as_array().push_back(c.body);
  return {200, view(c, r)};
}

reply orders(context& c) {
  const auto& held = c.who->roles;
  if (!held.count("creator") && !c.admin() && !held.count("observer"))
    fail(403,
         "Order(s) retrieval attempt not allowed - please review your user/project privileges");
  json::array out;
  for (const auto& [seq, r] : c.of("order").rows())
    if (r.owner == c.project()) out.push_back(shown(r.body));
  const auto total = out.size();
  if (c.has("limit") && out.size() > limit_of(c, 100)) out.resize(limit_of(c, 100));
  return {200, json::object{{"orders", out}, {"total", total}}};
}

reply versions(const context& c) {
  const json::object self{{"rel", "self"}, {"href", c.base + "/v1/"}};
  const json::object guide{
      {"rel", "describedby"}, {"type", "text/html"}, {"href", "https://docs.openstack.org/"}};
  const json::object media{{"base", "application/json"},
                           {"type", "application/vnd.openstack.key-manager-v1+json"}};
  const json::object v{{"id", "v1"},
                       {"status", "stable"},
                       {"links", json::array{self, guide}},
                       {"media-types", json::array{media}}};
  reply all(300, json::object{{"versions", json::object{{"values", json::array{v}}}}});
  return all.unnamed();
}

constexpr route barbican_table[] = {
    {"GET", "v1/orders", orders},
    {"GET", "v1/secrets", list},
    {"POST", "v1/secrets", create},
    {"GET", "v1/secrets/*", show},
    {"DELETE", "v1/secrets/*", remove},
    {"GET", "v1/containers", list},
    {"POST", "v1/containers", create},
    {"GET", "v1/containers/*", show},
    {"DELETE", "v1/containers/*", remove},
    {"POST", "v1/secrets/*/consumers", add_consumer},
    {"POST", "v1/containers/*/consumers", add_consumer},
};

}  // namespace

reply barbican(context& c) {
  if (c.path.empty()) return versions(c).with("OpenStack-API-Version", "key-manager 1.0");
  if (!c.who) return error_401_json(c).unnamed();
  reply out(404);
  try {
    read_microversion(c, "key-manager", 1, 0, 1);
    if (!dispatch(c, barbican_table, out)) fail(404, "");
  } catch (const refusal& r) {
    out = r.answer;
  }
  return out.with("OpenStack-API-Version", "key-manager 1." + std::to_string(c.minor == 1));
}

}  // namespace sandbox
