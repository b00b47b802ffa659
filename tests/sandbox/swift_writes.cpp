// Objects, the writing half: manifests with their segments, both kinds of versioning, and the
// bulk delete that answers 200 whatever happened.
#include <fmt/core.h>

#include "tests/sandbox/swift.hpp"

namespace sandbox {
namespace {

std::string header_of(const swift_container& box, std::string_view name) {
  for (const auto& [k, v] : box.headers)
    if (k == name) return decode(v);
  return {};
}

/// What the archive container calls the old versions of a name: its length in hex, then itself.
std::string archive_prefix(const std::string& name) {
  return fmt::format("{:03x}{}/", name.size(), name);
}

std::string http_date() { return now_iso("%a, %d %b %Y %H:%M:%S GMT"); }

void archive(context& c, swift_account& a, swift_container& box, const std::string& name) {
  const std::string where = header_of(box, "x-versions-location");
  const auto old = box.objects.find(name);
  if (where.empty() || old == box.objects.end() || !a.count(where)) return;
  a[where].objects[archive_prefix(name) + swift_stamp(c.w)] = old->second;
}

/// What was there before versions were kept becomes the oldest of them.
void keep_first(swift_container& box, const std::string& name) {
  const auto o = box.objects.find(name);
  if (o != box.objects.end() && !box.versions.count(name))
    box.versions[name].push_front(swift_unversioned(o->second));
}

/// As the newest version, or in the place of the old one.
void store(context& c, swift_account& a, const swift_path& p, swift_object o, reply& out) {
  swift_container& box = a[p.container];
  if (box.versioning) {
    o.version = swift_stamp(c.w);
    out.with("X-Object-Version-Id", o.version);
    keep_first(box, p.object);
    box.versions[p.object].push_front(o);
  } else {
    archive(c, a, box, p.object);
  }
  box.objects[p.object] = std::move(o);
}

reply put_manifest(context& c, swift_account& a, const swift_path& p) {
  json::array missing;
  std::string all;
  json::array stored;
  for (const auto& s : c.body.as_array()) {
    std::string path = text(s.as_object(), "path");
    const auto slash = path.find('/', 1);
    const std::string box = path.substr(1, slash - 1), name = path.substr(slash + 1);
    const auto i = a.find(box);
    if (i == a.end() || !i->second.objects.count(name)) {
      missing.push_back(json::array{path, "404 Not Found"});
      continue;
    }
    const swift_object& o = i->second.objects.at(name);
    all += o.body;
    stored.push_back({{"name", path},
                      {"bytes", o.body.size()},
                      {"hash", o.etag},
                      {"content_type", o.type},
                      {"last_modified", o.modified}});
  }
  if (!missing.empty()) return {400, json::object{{"Errors", missing}}};
  swift_object o;
  o.body = all, o.etag = md5(all), o.type = c.req.header("Content-Type");
  if (o.type.empty()) o.type = "application/octet-stream";
  o.modified = swift_time();
  o.manifest = json::serialize(stored);
  reply out = swift_page(201);
  const std::string etag = "\"" + o.etag + "\"";
  store(c, a, p, std::move(o), out);
  return out.with("Etag", etag).with("Last-Modified", http_date());
}

/// The newest archived version comes back; that is what a DELETE means there.
bool restore(swift_account& a, swift_container& box, const std::string& name) {
  const auto archive_box = a.find(header_of(box, "x-versions-location"));
  if (archive_box == a.end()) return false;
  auto& old = archive_box->second.objects;
  const std::string prefix = archive_prefix(name);
  auto last = old.end();
  for (auto i = old.lower_bound(prefix); i != old.end() && i->first.rfind(prefix, 0) == 0; ++i)
    last = i;
  if (last == old.end()) return false;
  box.objects[name] = last->second;
  old.erase(last);
  return true;
}

reply delete_version(swift_container& box, const swift_path& p, const std::string& version) {
  const auto all = box.versions.find(p.object);
  if (version == "null" && all == box.versions.end())
    return swift_page(box.objects.erase(p.object) ? 204 : 404);
  if (!box.versioning && box.versions.empty()) return swift_no_versions();
  if (all == box.versions.end()) return swift_page(404);
  const auto gone =
      std::erase_if(all->second, [&](const swift_object& o) { return o.version == version; });
  const std::string current = all->second.empty() || all->second.front().delete_marker
                                  ? "null"
                                  : all->second.front().version;
  if (gone == 0)
    return swift_page(404)
        .with("X-Object-Version-Id", version)
        .with("X-Object-Current-Version-Id", current);
  box.objects.erase(p.object);
  if (all->second.empty())
    box.versions.erase(all);
  else if (!all->second.front().delete_marker)
    box.objects[p.object] = all->second.front();
  return swift_page(204)
      .with("X-Object-Version-Id", version)
      .with("X-Object-Current-Version-Id", current);
}

reply delete_container(swift_account& a, const swift_path& p) {
  const auto i = a.find(p.container);
  if (i == a.end()) return swift_page(404);
  if (!i->second.objects.empty()) return swift_page(409);
  if (!i->second.versions.empty())
    return {409, "Delete all versions before deleting container.", "text/html; charset=UTF-8"};
  a.erase(i);
  return swift_page(204);
}

json::object bulk_answer(const std::string& status, int deleted, int missing, json::array errors) {
  return {{"Response Status", status},
          {"Response Body", ""},
          {"Number Deleted", deleted},
          {"Number Not Found", missing},
          {"Errors", std::move(errors)}};
}

struct tally {
  int deleted = 0, missing = 0;
  json::array errors;
  std::vector<swift_path> full;  ///< containers that were not empty yet
};

void delete_segments(context& c, swift_account& a, const swift_object& o, tally& t) {
  const json::value segments = json::parse(o.manifest);
  for (const auto& s : segments.as_array()) {
    const std::string path = text(s.as_object(), "name");
    const auto slash = path.find('/', 1);
    swift_path p;
    p.container = path.substr(1, slash - 1), p.object = path.substr(slash + 1);
    const int status = swift_delete(c, a, p).status;
    status == 404 ? ++t.missing : ++t.deleted;
  }
}

void bulk_one(context& c, swift_account& a, const swift_path& p, bool manifests, tally& t) {
  const auto box = a.find(p.container);
  if (manifests && box != a.end()) {
    const auto o = box->second.objects.find(p.object);
    if (o != box->second.objects.end() && !o->second.manifest.empty()) {
      const swift_object whole = o->second;
      delete_segments(c, a, whole, t);
    }
  }
  const int status = swift_delete(c, a, p).status;
  if (status == 404)
    ++t.missing;
  else if (status < 300)
    ++t.deleted;
  else if (p.object.empty())
    t.full.push_back(p);
  else
    t.errors.push_back(json::array{p.container + "/" + p.object, std::to_string(status)});
}

reply delete_manifest(context& c, swift_account& a, const swift_path& p) {
  tally t;
  const auto box = a.find(p.container);
  if (box != a.end())
    if (const auto o = box->second.objects.find(p.object);
        o != box->second.objects.end() && o->second.manifest.empty()) {
      t.errors.push_back(json::array{"/" + p.container + "/" + p.object, "Not an SLO manifest"});
      return {200, bulk_answer("400 Bad Request", 0, 0, t.errors)};
    }
  bulk_one(c, a, p, true, t);
  return {200, bulk_answer("200 OK", t.deleted, t.missing, t.errors)};
}

}  // namespace

reply swift_put_object(context& c, swift_account& a, const swift_path& p) {
  const std::string dlo = c.req.header("X-Object-Manifest"), path = decode(dlo);
  if (const auto slash = path.find('/', 1);
      !dlo.empty() && (slash == 0 || slash >= path.size() - 1))
    return {400, "X-Object-Manifest must be in the format container/prefix", "text/plain"};
  const std::string link = c.req.header("X-Symlink-Target");
  if (!link.empty() && !c.req.body.empty())
    return {400, "Symlink requests require a zero byte body", "text/plain"};
  if (c.q("multipart-manifest") == "put") return put_manifest(c, a, p);
  swift_object o;
  o.body = c.req.body, o.etag = md5(o.body);
  o.type = c.req.header("Content-Type");
  if (o.type.empty()) o.type = link.empty() ? "application/octet-stream" : "application/symlink";
  o.link = link, o.link_account = c.req.header("X-Symlink-Target-Account");
  if (o.link_account.starts_with("AUTH_")) o.link_account.erase(0, 5);
  o.names_account = !o.link_account.empty();
  if (!o.names_account) o.link_account = p.account;
  o.modified = swift_time();
  o.dlo = dlo;
  reply out = swift_page(201);
  const std::string etag = o.etag;
  store(c, a, p, std::move(o), out);
  return out.with("Etag", etag).with("Last-Modified", http_date());
}

reply swift_delete(context& c, swift_account& a, const swift_path& p) {
  if (p.object.empty()) return delete_container(a, p);
  if (c.q("multipart-manifest") == "delete" && !c.has("bulk-delete")) {
    pairs kept;
    std::swap(kept, c.query);
    reply out = delete_manifest(c, a, p);
    std::swap(kept, c.query);
    return out;
  }
  const auto i = a.find(p.container);
  if (i == a.end()) return swift_page(404);
  swift_container& box = i->second;
  if (c.has("version-id")) return delete_version(box, p, c.q("version-id"));
  if (box.versioning) {
    swift_object marker;
    marker.delete_marker = true, marker.version = swift_stamp(c.w), marker.etag = md5("");
    marker.type = "application/x-deleted;swift_versions_deleted=1";
    marker.modified = swift_time();
    const std::string version = marker.version;
    keep_first(box, p.object);
    box.versions[p.object].push_front(marker);
    box.objects.erase(p.object);
    return swift_page(204).with("X-Object-Version-Id", version);
  }
  if (!box.objects.count(p.object)) return swift_page(404);
  if (!restore(a, box, p.object)) box.objects.erase(p.object);
  return swift_page(204);
}

reply swift_bulk_delete(context& c, swift_account& a) {
  const std::string type = c.req.header("Content-Type");
  if (c.req.body.empty() && c.req.header("Content-Length").empty())
    return {200, bulk_answer("411 Length Required", 0, 0, {})};
  if (c.req.body.empty()) {
    json::object none = bulk_answer("400 Bad Request", 0, 0, {});
    none["Response Body"] = "Invalid bulk delete.";
    return {200, none};
  }
  if (!type.empty() && type.rfind("text/plain", 0) != 0)
    return {200, bulk_answer("406 Not Acceptable", 0, 0, {})};
  tally t;
  std::size_t from = 0, lines = 0;
  const bool manifests = c.q("multipart-manifest") == "delete";
  while (from < c.req.body.size()) {
    const auto to = std::min(c.req.body.find('\n', from), c.req.body.size());
    std::string line = decode(c.req.body.substr(from, to - from));
    from = to + 1;
    if (!line.empty() && line[0] == '/') line = line.substr(1);
    if (line.empty()) continue;
    if (++lines > 10000)
      return {200, bulk_answer("413 Request Entity Too Large", t.deleted, t.missing, t.errors)};
    swift_path p;
    const auto slash = line.find('/');
    p.container = line.substr(0, slash);
    if (slash != std::string::npos) p.object = line.substr(slash + 1);
    bulk_one(c, a, p, manifests, t);
  }
  // A container named before its objects is tried again, as the real middleware does.
  for (const auto& p : t.full) {
    if (swift_delete(c, a, p).status < 300)
      ++t.deleted;
    else
      t.errors.push_back(json::array{p.container, "409 Conflict"});
  }
  const std::string status = t.errors.empty() ? "200 OK" : "400 Bad Request";
  if (c.req.header("Accept").rfind("text/plain", 0) == 0)
    return {200,
            fmt::format("Number Deleted: {}\nNumber Not Found: {}\nResponse Body: \n"
                        "Response Status: {}\nErrors:\n",
                        t.deleted, t.missing, status),
            "text/plain"};
  return {200, bulk_answer(status, t.deleted, t.missing, t.errors)};
}

reply swift_bulk_refused(context& c) {
  json::array errors;
  errors.push_back(json::array{c.req.body, "403 Forbidden"});
  return {200, bulk_answer("400 Bad Request", 0, 0, errors)};
}

}  // namespace sandbox
