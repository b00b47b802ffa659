// Objects: one of them, its manifest and its versions.
#include "tests/sandbox/swift.hpp"

#include <fmt/core.h>
#include <openssl/evp.h>

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

namespace {

reply manifest_of(const swift_object& o) {
  reply out(200, o.manifest, "application/json; charset=utf-8");
  swift_dated(out).with("X-Static-Large-Object", "True").with("Etag", md5(o.manifest));
  if (!o.version.empty()) out.with("X-Object-Version-Id", o.version);
  return out;
}

constexpr std::size_t k_most_links = 2;  // symloop_max

/// What a chain of symlinks ends with; null, with the answer, when it leads nowhere.
const swift_object* follow(context& c, const swift_object& first, reply& answer) {
  const swift_object* at = &first;
  for (std::size_t n = 0; !at->link.empty(); ++n) {
    if (n == k_most_links) {
      answer = {409, "Too many levels of symbolic links, maximum allowed is 2", "text/plain"};
      return nullptr;
    }
    if (!swift_allowed(c, at->link_account)) {
      answer = swift_page(403);
      return nullptr;
    }
    const std::string path = decode(at->link);
    const auto slash = path.find('/');
    const auto& all = swift_account_of(c, at->link_account);
    const auto box = all.find(path.substr(0, slash));
    const bool there = box != all.end() && box->second.objects.count(path.substr(slash + 1)) > 0;
    if (!there) {
      answer = swift_page(404);
      return nullptr;
    }
    at = &box->second.objects.at(path.substr(slash + 1));
  }
  return at;
}

reply show_link(const swift_object& o) {
  reply out(200, "", o.type);
  swift_dated(out).with("Etag", o.etag).with("X-Symlink-Target", o.link);
  if (o.names_account) out.with("X-Symlink-Target-Account", "AUTH_" + o.link_account);
  return out;
}

reply show_object(context& c, const swift_object& named) {
  if (!named.link.empty() && c.q("symlink") == "get") return show_link(named);
  if (named.dlo.find('/') == std::string::npos && !named.dlo.empty() &&
      c.q("multipart-manifest") != "get")
    return {500, "An error occurred", "text/plain"};
  reply nowhere = swift_page(404);
  const auto* end = follow(c, named, nowhere);
  if (end == nullptr) return nowhere;
  const swift_object& o = *end;
  if (!o.manifest.empty() && c.q("multipart-manifest") == "get") return manifest_of(o);
  reply out(200, o.body, o.type);
  swift_dated(out).with("Etag", o.etag).with("Accept-Ranges", "bytes");
  if (!o.manifest.empty()) out.with("X-Static-Large-Object", "True");
  if (!o.dlo.empty()) out.with("X-Object-Manifest", o.dlo);
  if (!o.version.empty()) out.with("X-Object-Version-Id", o.version);
  return out;
}

/// The answer for one version of a name; status 0: there is no such version.
reply show_version(context& c, const swift_container& box, const std::string& name) {
  const std::string wanted = c.q("version-id");
  const auto all = box.versions.find(name);
  if (all != box.versions.end())
    for (const auto& one : all->second)
      if (one.version == wanted) return show_object(c, one);
  const auto o = box.objects.find(name);
  if (wanted == "null" && o != box.objects.end() && all == box.versions.end())
    return show_object(c, swift_unversioned(o->second));
  return wanted != "null" && !box.versioning && box.versions.empty() ? swift_no_versions()
                                                                     : swift_page(404);
}

}  // namespace

swift_object swift_unversioned(swift_object o) {
  o.version = "null";
  return o;
}

reply swift_no_versions() {
  return {400, "version-aware operations require that the container is versioned",
          "text/html; charset=UTF-8"};
}

reply swift_on_object(context& c, swift_account& a, const swift_path& p) {
  const auto box = a.find(p.container);
  if (c.method == "DELETE") return swift_delete(c, a, p);
  if (box == a.end()) return swift_page(404);
  if (c.method == "PUT") return swift_put_object(c, a, p);
  const auto old = box->second.versions.find(p.object);
  const bool versions = old != box->second.versions.end() && !old->second.empty();
  if (c.has("version-id")) return show_version(c, box->second, p.object);
  const auto o = box->second.objects.find(p.object);
  if (o == box->second.objects.end()) {
    reply none = swift_page(404);
    if (versions) none.with("X-Object-Version-Id", old->second.front().version);
    return none;
  }
  if (c.method == "POST") {
    // Only a PUT looks whether it can be a manifest.
    if (const auto dlo = c.req.header("X-Object-Manifest"); !dlo.empty()) o->second.dlo = dlo;
    o->second.modified = swift_time();
    return swift_page(202);
  }
  return show_object(c, o->second);
}

}  // namespace sandbox
