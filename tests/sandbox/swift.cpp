// Objects, the reading half: accounts, containers, listings by marker and prefix, versions.
#include "tests/sandbox/swift.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace sandbox {

reply swift_page(int status) {
  static const std::map<int, std::pair<const char*, const char*>> texts{
      {202, {"Accepted", "The request is accepted for processing."}},
      {401,
       {"Unauthorized",
        "This server could not verify that you are authorized to access the "
        "document you requested."}},
      {403, {"Forbidden", "Access was denied to this resource."}},
      {404, {"Not Found", "The resource could not be found."}},
      {405, {"Method Not Allowed", "The method is not allowed for this resource."}},
      {409, {"Conflict", "There was a conflict when trying to complete your request."}}};
  const auto i = texts.find(status);
  if (i == texts.end()) return reply(status, "").with("Content-Type", "text/html; charset=UTF-8");
  return {status,
          fmt::format("<html><h1>{}</h1><p>{}</p></html>", i->second.first, i->second.second),
          "text/html; charset=UTF-8"};
}

reply& swift_dated(reply& r) {
  return r.with("X-Timestamp", "1795324164.05599")
      .with("Last-Modified", now_iso("%a, %d %b %Y %H:%M:%S GMT"));
}

swift_account& swift_account_of(context& c, const std::string& account) {
  return c.w.accounts[c.region + account];
}

std::uint64_t swift_bytes(const swift_container& c) {
  std::uint64_t n = 0;
  for (const auto& [name, o] : c.objects) n += o.body.size();
  for (const auto& [name, all] : c.versions)
    for (std::size_t i = 0; i < all.size(); ++i)
      n += i == 0 && c.objects.count(name) ? 0 : all[i].body.size();
  return n;
}

std::string swift_time() {
  const auto now = std::chrono::system_clock::now();
  const auto part = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  return iso(now, "%Y-%m-%dT%H:%M:%S") + fmt::format(".{:06}", part.count() % 1'000'000);
}

std::string swift_stamp(world& w) {
  const auto s = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return fmt::format("{}.{:05}", s.count(), ++w.counters["swift"] % 100000);
}

bool swift_allowed(const context& c, const std::string& account) {
  if (c.who->roles.count("ResellerAdmin")) return true;
  const auto& r = c.who->roles;
  const bool operates = r.count(c.w.opts.admin_role) || r.count("member") || r.count("trial") ||
                        r.count("basic") || r.count("community");
  return operates && account == c.who->project;
}

namespace {

bool wants_json(const context& c) {
  return c.q("format") == "json" ||
         c.req.header("Accept").find("application/json") != std::string::npos;
}

struct entry {
  std::string name;
  json::object shown;
};

/// Marker, end_marker, prefix, delimiter and limit, as the real listing applies them.
std::vector<entry> window(const context& c, const std::vector<entry>& all) {
  const std::string marker = c.q("marker"), end = c.q("end_marker"), prefix = c.q("prefix");
  const std::string delimiter = c.q("delimiter");
  const std::size_t limit =
      c.has("limit")
          ? std::min<std::size_t>(10000, std::strtoull(c.q("limit").c_str(), nullptr, 10))
          : 10000;
  std::vector<entry> out;
  for (const auto& e : all) {
    if (out.size() == limit) break;
    if ((!marker.empty() && e.name <= marker) || (!end.empty() && e.name >= end)) continue;
    if (e.name.compare(0, prefix.size(), prefix) != 0) continue;
    const auto at = delimiter.empty() ? std::string::npos : e.name.find(delimiter, prefix.size());
    if (at == std::string::npos) {
      out.push_back(e);
      continue;
    }
    const std::string folder = e.name.substr(0, at + delimiter.size());
    if (folder == marker || (!out.empty() && out.back().name == folder)) continue;
    out.push_back({folder, {{"subdir", folder}}});
  }
  return out;
}

reply listing(const context& c, const std::vector<entry>& items) {
  if (wants_json(c)) {
    json::array out;
    for (const auto& e : items) out.push_back(e.shown);
    return {200, json::serialize(out), "application/json; charset=utf-8"};
  }
  std::string out;
  for (const auto& e : items) out += e.name + "\n";
  return reply(out.empty() ? 204 : 200, out).with("Content-Type", "text/plain; charset=utf-8");
}

std::string domain_of(context& c) {
  const record* project = c.w.of("project").find(c.project());
  return project ? text(project->body, "domain_id") : "default";
}

reply show_account(context& c, const swift_account& a) {
  std::vector<entry> all;
  std::uint64_t objects = 0, bytes = 0;
  for (const auto& [name, box] : a) {
    const auto n = swift_bytes(box);
    objects += box.objects.size();
    bytes += n;
    all.push_back({name,
                   {{"name", name},
                    {"count", box.objects.size()},
                    {"bytes", n},
                    {"last_modified", box.modified}}});
    if (c.epoxy()) all.back().shown["storage_policy"] = "Policy-0";
  }
  if (c.has("limit") && std::strtoull(c.q("limit").c_str(), nullptr, 10) > 10000)
    return {412, "Maximum limit is 10000", "text/html; charset=UTF-8"};
  reply out = listing(c, window(c, all));
  swift_dated(out)
      .with("X-Account-Container-Count", std::to_string(a.size()))
      .with("X-Account-Object-Count", std::to_string(objects))
      .with("X-Account-Bytes-Used", std::to_string(bytes));
  std::erase_if(out.headers, [](const auto& h) { return h.first == "Last-Modified"; });
  if (a.empty()) return out;
  const std::string policy = "X-Account-Storage-Policy-Policy-0-";
  out.with("X-Account-Project-Domain-Id", domain_of(c))
      .with(policy + "Container-Count", std::to_string(a.size()))
      .with(policy + "Object-Count", std::to_string(objects))
      .with(policy + "Bytes-Used", std::to_string(bytes));
  return out;
}

json::object shown_object(const std::string& name, const swift_object& o) {
  return {{"bytes", o.body.size()},
          {"hash", o.etag},
          {"name", name},
          {"content_type", o.type},
          {"last_modified", o.modified}};
}

json::object in_a_list(const context& c, const std::string& name, const swift_object& o) {
  json::object out = shown_object(name, o);
  if (c.w.opts.ceph_objects) return out;
  if (!o.manifest.empty()) out["slo_etag"] = "\"" + o.etag + "\"";
  if (!o.link.empty()) out["symlink_path"] = "/v1/AUTH_" + o.link_account + "/" + o.link;
  return out;
}

std::vector<entry> versions_of(const context& c, const swift_container& box) {
  std::vector<entry> out;
  const std::string marker = c.q("marker"), version = c.q("version_marker");
  const std::size_t limit =
      c.has("limit") ? std::strtoull(c.q("limit").c_str(), nullptr, 10) : 10000;
  auto merged = box.versions;
  for (const auto& [name, o] : box.objects)
    if (!merged.count(name)) merged[name].push_front(swift_unversioned(o));
  for (const auto& [name, all] : merged) {
    if (!marker.empty() && (name < marker || (name == marker && version.empty()))) continue;
    for (std::size_t i = 0; i < all.size() && out.size() < limit; ++i) {
      // "null" is the oldest there can be: behind it the name has no other.
      const bool first = all[i].version == "null";
      if (name == marker && (version == "null" || (!first && all[i].version >= version))) continue;
      json::object o = in_a_list(c, name, all[i]);
      o["is_latest"] = i == 0;
      o["version_id"] = all[i].version;
      out.push_back({name, o});
    }
  }
  return out;
}

reply show_container(context& c, const swift_container& box) {
  std::vector<entry> items;
  if (c.has("versions")) {
    items = versions_of(c, box);
  } else {
    for (const auto& [name, o] : box.objects) items.push_back({name, in_a_list(c, name, o)});
    items = window(c, items);
  }
  reply out = c.method == "HEAD" ? reply(204) : listing(c, items);
  if (c.method == "HEAD")
    out.with("Content-Type",
             wants_json(c) ? "application/json; charset=utf-8" : "text/plain; charset=utf-8");
  swift_dated(out)
      .with("X-Container-Object-Count", std::to_string(box.objects.size()))
      .with("X-Container-Bytes-Used", std::to_string(swift_bytes(box)))
      .with("X-Storage-Policy", "Policy-0");
  if (c.w.opts.ceph_objects) out.with("X-Container-Bytes-Used-Actual", "4096");
  if (box.versioning) out.with("X-Versions-Enabled", "True");
  for (const auto& [k, v] : box.headers) out.with(k, v);
  return out;
}

swift_path split(const std::string& raw) {
  swift_path p;
  const std::string start = "/v1/AUTH_";
  if (raw.compare(0, start.size(), start) != 0) return p;
  std::string rest = raw.substr(start.size());
  const auto one = rest.find('/');
  p.account = rest.substr(0, one);
  if (one == std::string::npos) return p;
  rest = rest.substr(one + 1);
  const auto two = rest.find('/');
  p.container = rest.substr(0, two);
  if (two != std::string::npos) p.object = rest.substr(two + 1);
  return p;
}

reply on_account(context& c, swift_account& a) {
  if (c.has("bulk-delete") && c.w.opts.bulk_delete && (c.method == "POST" || c.method == "DELETE"))
    return swift_bulk_delete(c, a);
  if (c.method == "GET" || c.method == "HEAD") return show_account(c, a);
  if (c.method == "POST") return swift_page(204);
  return swift_page(405).with("Allow", "GET, POST, OPTIONS, HEAD");
}

void read_headers(context& c, swift_container& box) {
  for (const auto& [k, v] : c.req.headers) {
    std::string name = k;
    std::transform(name.begin(), name.end(), name.begin(), ::tolower);
    if (name == "x-versions-enabled") {
      const bool was = box.versioning;
      box.versioning = v == "true" || v == "True";
      std::erase_if(box.headers, [](const auto& h) { return h.first == "X-Versions-Enabled"; });
      if (was && !box.versioning) box.headers.emplace_back("X-Versions-Enabled", "False");
    }
    if (name == "x-versions-location" || name == "x-history-location" ||
        name.rfind("x-container-", 0) == 0) {
      std::erase_if(box.headers, [&](const auto& h) { return h.first == name; });
      box.headers.emplace_back(name, v);
    }
    if (name == "x-remove-versions-location")
      std::erase_if(box.headers, [&](const auto& h) { return h.first == "x-versions-location"; });
  }
}

reply on_container(context& c, swift_account& a, const swift_path& p) {
  const auto i = a.find(p.container);
  if (c.method == "PUT") {
    const bool fresh = i == a.end();
    swift_container& box = a[p.container];
    box.modified = swift_time();
    read_headers(c, box);
    return swift_page(fresh ? 201 : 202);
  }
  if (i == a.end()) return swift_page(404);
  if (c.method == "GET" || c.method == "HEAD") return show_container(c, i->second);
  if (c.method == "POST") {
    read_headers(c, i->second);
    return swift_page(204);
  }
  return swift_delete(c, a, p);
}

}  // namespace

reply swift(context& c) {
  if (c.raw_path == "/info") return swift_info(c);
  const swift_path p = split(c.raw_path);
  if (p.account.empty()) return swift_page(404);
  if (!c.who) {
    reply none = swift_page(401).with("X-Trans-Id", "tx" + c.w.hex());
    none.headers.emplace_back("WWW-Authenticate", "Swift realm=\"AUTH_" + p.account + "\"");
    none.headers.emplace_back("WWW-Authenticate",
                              "Keystone uri=\"" + authenticate_url(c.w) + "/\"");
    return none;
  }
  if (!swift_allowed(c, p.account)) {
    // The bulk middleware stands before the one that asks who is allowed.
    const bool bulk = c.has("bulk-delete") && c.w.opts.bulk_delete && p.container.empty();
    return (bulk ? swift_bulk_refused(c) : swift_page(403)).with("X-Trans-Id", "tx" + c.w.hex());
  }
  swift_account& a = swift_account_of(c, p.account);
  reply out = p.container.empty() ? on_account(c, a)
              : p.object.empty()  ? on_container(c, a, p)
                                  : swift_on_object(c, a, p);
  return out.with("X-Trans-Id", "tx" + c.w.hex());
}

}  // namespace sandbox
