// Objects, the reading half: accounts, containers, listings by marker and prefix, versions.
#include "tests/sandbox/swift.hpp"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace sandbox {

std::string md5(const std::string& data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int n = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &n, EVP_md5(), nullptr);
  std::string out;
  for (unsigned int i = 0; i < n; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

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
  if (i == texts.end()) return {status, "", "text/html; charset=UTF-8"};
  return {status,
          fmt::format("<html><h1>{}</h1><p>{}</p></html>", i->second.first, i->second.second),
          "text/html; charset=UTF-8"};
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

std::string swift_stamp(world& w) {
  const auto s = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return fmt::format("{}.{:05}", s.count(), ++w.counters["swift"] % 100000);
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
  return {out.empty() ? 204 : 200, out, "text/plain; charset=utf-8"};
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
  }
  return listing(c, window(c, all))
      .with("X-Account-Container-Count", std::to_string(a.size()))
      .with("X-Account-Object-Count", std::to_string(objects))
      .with("X-Account-Bytes-Used", std::to_string(bytes));
}

json::object shown_object(const std::string& name, const swift_object& o) {
  return {{"bytes", o.body.size()},
          {"hash", o.etag},
          {"name", name},
          {"content_type", o.type},
          {"last_modified", o.modified}};
}

std::vector<entry> versions_of(const context& c, const swift_container& box) {
  std::vector<entry> out;
  const std::string marker = c.q("marker"), version = c.q("version_marker");
  const std::size_t limit =
      c.has("limit") ? std::strtoull(c.q("limit").c_str(), nullptr, 10) : 10000;
  for (const auto& [name, all] : box.versions) {
    if (!marker.empty() && (name < marker || (name == marker && version.empty()))) continue;
    for (std::size_t i = 0; i < all.size() && out.size() < limit; ++i) {
      if (name == marker && all[i].version >= version) continue;
      json::object o = shown_object(name, all[i]);
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
    for (const auto& [name, o] : box.objects) items.push_back({name, shown_object(name, o)});
    items = window(c, items);
  }
  reply out = c.method == "HEAD" ? reply(204) : listing(c, items);
  out.with("X-Container-Object-Count", std::to_string(box.objects.size()))
      .with("X-Container-Bytes-Used", std::to_string(swift_bytes(box)))
      .with("X-Storage-Policy", "Policy-0");
  if (box.versioning) out.with("X-Versions-Enabled", "True");
  for (const auto& [k, v] : box.headers) out.with(k, v);
  return out;
}

reply show_object(context& c, const swift_object& o) {
  if (!o.manifest.empty() && c.q("multipart-manifest") == "get")
    return reply(200, o.manifest).with("X-Static-Large-Object", "True");
  reply out(200, o.body, o.type);
  out.with("Etag", o.etag).with("Accept-Ranges", "bytes");
  if (!o.manifest.empty()) out.with("X-Static-Large-Object", "True");
  if (!o.dlo.empty()) out.with("X-Object-Manifest", o.dlo);
  if (!o.version.empty()) out.with("X-Object-Version-Id", o.version);
  return out;
}

reply info(const context& c) {
  json::object o{
      {"swift", json::object{{"version", "2.30.1"},
                             {"container_listing_limit", 10000},
                             {"account_listing_limit", 10000},
                             {"allow_account_management", false}}},
      {"object_versioning", json::object{}},
      {"versioned_writes",
       json::object{{"allowed_flags", json::array{"x-versions-location", "x-history-location"}}}},
      {"slo", json::object{{"max_manifest_segments", 1000}, {"min_segment_size", 1}}}};
  if (c.w.opts.bulk_delete)
    o["bulk_delete"] =
        json::object{{"max_deletes_per_request", 10000}, {"max_failed_deletes", 1000}};
  return {200, o};
}

bool allowed(const context& c, const std::string& account) {
  if (c.who->roles.count("ResellerAdmin")) return true;
  const auto& r = c.who->roles;
  const bool operates = r.count("admin") || r.count("member") || r.count("trial") ||
                        r.count("basic") || r.count("community");
  return operates && account == c.who->project;
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
    if (name == "x-versions-enabled") box.versioning = v == "true" || v == "True";
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
    if (fresh) box.modified = now_iso("%Y-%m-%dT%H:%M:%S.000000");
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

reply on_object(context& c, swift_account& a, const swift_path& p) {
  const auto box = a.find(p.container);
  if (c.method == "DELETE") return swift_delete(c, a, p);
  if (box == a.end()) return swift_page(404);
  if (c.method == "PUT") return swift_put_object(c, a, p);
  const auto o = box->second.objects.find(p.object);
  if (o == box->second.objects.end()) return swift_page(404);
  if (c.method == "POST") return swift_page(202);
  return show_object(c, o->second);
}

}  // namespace

reply swift(context& c) {
  if (c.raw_path == "/info") return info(c);
  const swift_path p = split(c.raw_path);
  if (p.account.empty()) return swift_page(404);
  if (!c.who)
    return swift_page(401).with("WWW-Authenticate", "Swift realm=\"AUTH_" + p.account + "\"");
  if (!allowed(c, p.account)) return swift_page(403);
  swift_account& a = swift_account_of(c, p.account);
  reply out = p.container.empty() ? on_account(c, a)
              : p.object.empty()  ? on_container(c, a, p)
                                  : on_object(c, a, p);
  return out.with("X-Trans-Id", "tx" + c.w.hex());
}

}  // namespace sandbox
