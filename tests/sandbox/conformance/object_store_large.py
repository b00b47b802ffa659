"""Swift's objects that are made of others: large objects, symlinks, and old versions."""

import hashlib
import json
import re


def large(s):
    parts = []
    for box in ("segments", "large"):
        s.user.call("object-store", "PUT", "/" + box, b"")
    for number in range(2):
        data = b"segment %d\n" % number
        s.user.call("object-store", "PUT", f"/segments/part/{number}", data)
        parts.append({"path": f"/segments/part/{number}", "etag": hashlib.md5(data).hexdigest(), "size_bytes": len(data)})
    s.ask("put a static manifest", s.user, "PUT", "/large/static?multipart-manifest=put", json.dumps(parts).encode())
    s.ask("put a manifest of what is not there", s.user, "PUT", "/large/bad?multipart-manifest=put", json.dumps([{"path": "/segments/nosuch"}]).encode())
    s.ask("put a dynamic manifest", s.user, "PUT", "/large/dynamic", b"", X_Object_Manifest="segments/part/")
    s.ask("large objects", s.user, "GET", "/large?format=json", says=lambda b: [(row["name"], row["bytes"]) for row in b])
    s.ask("head of a static one", s.user, "HEAD", "/large/static")
    s.ask("head of a dynamic one", s.user, "HEAD", "/large/dynamic")
    s.ask("manifest of a static one", s.user, "GET", "/large/static?multipart-manifest=get")
    s.ask("static one", s.user, "GET", "/large/static")
    s.user.call("object-store", "PUT", "/large/odd", b"")
    s.ask("make an object a manifest of what cannot be", s.user, "POST", "/large/odd", b"", X_Object_Manifest="nowhere")
    s.ask("head of what cannot be", s.user, "HEAD", "/large/odd")
    s.ask("head of its manifest", s.user, "HEAD", "/large/odd?multipart-manifest=get&symlink=get")
    s.ask("head of a static one's manifest", s.user, "HEAD", "/large/static?multipart-manifest=get&symlink=get")
    s.ask("head of a dynamic one's manifest", s.user, "HEAD", "/large/dynamic?multipart-manifest=get&symlink=get")
    s.ask("delete what cannot be", s.user, "DELETE", "/large/odd")
    s.ask("delete a static one without its segments", s.user, "DELETE", "/large/static")
    s.ask("its segments are left", s.user, "GET", "/segments?format=json", says=lambda b: len(b))
    s.user.send("PUT", s.base(s.user) + "/large/static?multipart-manifest=put", json.dumps(parts).encode())
    s.ask("delete a static one with its segments", s.user, "DELETE", "/large/static?multipart-manifest=delete")
    s.ask("its segments are gone", s.user, "GET", "/segments?format=json", says=lambda b: len(b))
    s.ask("delete with segments what is dynamic", s.user, "DELETE", "/large/dynamic?multipart-manifest=delete")
    s.ask("versions where none are kept", s.user, "GET", "/large?format=json&versions", says=lambda b: [(row["version_id"], row["is_latest"]) for row in b])
    s.ask("a version by its id where none are kept", s.user, "GET", "/large/dynamic?version-id=1795324164.05599")
    s.ask("delete a version where none are kept", s.user, "DELETE", "/large/dynamic?version-id=1795324164.05599")
    s.ask("object by the id of no version", s.user, "HEAD", "/large/dynamic?version-id=null")
    s.ask("delete an object by the id of no version", s.user, "DELETE", "/large/dynamic?version-id=null")
    s.ask("nothing is left", s.user, "GET", "/large?format=json&versions")
    s.ask("delete with segments what is not there", s.user, "DELETE", "/large/nosuch?multipart-manifest=delete")


def versions(s):
    s.ask("create a container with versions", s.user, "PUT", "/new", b"", X_Versions_Enabled="true")
    s.ask("head of a container with versions", s.user, "HEAD", "/new")
    for number in range(3):
        s.ask(f"put version {number}", s.user, "PUT", "/new/thrice", b"%d" % number)
    s.ask("delete the newest", s.user, "DELETE", "/new/thrice")
    s.ask("object whose newest version is a deletion", s.user, "GET", "/new/thrice")
    s.ask("objects without versions", s.user, "GET", "/new?format=json", says=lambda b: len(b))
    rows = s.ask("objects with versions", s.user, "GET", "/new?format=json&versions", says=lambda b: [(row["is_latest"], row["content_type"]) for row in b]).body
    s.ask("objects with versions, a page", s.user, "GET", "/new?format=json&versions&limit=2", says=lambda b: len(b))
    marker = f"&marker=thrice&version_marker={rows[1]['version_id']}"
    s.ask("objects with versions, by both markers", s.user, "GET", "/new?format=json&versions&limit=2" + marker, says=lambda b: len(b))
    s.ask("objects with versions, by the name alone", s.user, "GET", "/new?format=json&versions&limit=2&marker=thrice", says=lambda b: len(b))
    s.ask("delete a container whose versions are left", s.user, "DELETE", "/new")
    s.ask("disable versions", s.user, "POST", "/new", b"", X_Versions_Enabled="false")
    s.ask("delete a container whose versions are left, without versions", s.user, "DELETE", "/new")
    s.ask("a version by its id", s.user, "GET", f"/new/thrice?version-id={rows[1]['version_id']}")
    s.ask("delete a version", s.user, "DELETE", f"/new/thrice?version-id={rows[1]['version_id']}")
    s.ask("delete a version twice", s.user, "DELETE", f"/new/thrice?version-id={rows[1]['version_id']}")
    line = f"/new/thrice?version-id={rows[2]['version_id']}".encode()
    s.ask("bulk delete of a version", s.user, "POST", "?bulk-delete", line, Content_Type="text/plain")
    for row in rows:
        s.send(s.user, "DELETE", s.base(s.user) + f"/new/thrice?version-id={row['version_id']}")
    s.ask("no versions are left", s.user, "GET", "/new?format=json&versions")
    s.ask("delete a container without versions", s.user, "DELETE", "/new")


def older_versions(s):
    s.user.call("object-store", "PUT", "/versions-of-old", b"")
    s.ask("create a container with old versions elsewhere", s.user, "PUT", "/old", b"", X_Versions_Location="versions-of-old")
    s.ask("head of a container with old versions elsewhere", s.user, "HEAD", "/old")
    for number in range(3):
        s.user.call("object-store", "PUT", "/old/thrice", b"%d" % number)
    names = lambda b: [re.sub(r"\d+\.\d+", "{time}", row["name"]) for row in b]
    s.ask("old versions", s.user, "GET", "/versions-of-old?format=json", says=names)
    s.ask("delete what has an old version", s.user, "DELETE", "/old/thrice")
    s.ask("what came back", s.user, "GET", "/old?format=json", says=names)
    s.ask("old versions after one came back", s.user, "GET", "/versions-of-old?format=json", says=names)
    s.ask("no longer keep old versions", s.user, "POST", "/old", b"", X_Remove_Versions_Location="x")
    s.ask("delete what has no old version any more", s.user, "DELETE", "/old/thrice")
    s.ask("nothing came back", s.user, "GET", "/old?format=json", says=names)


def links(s):
    for box in ("far", "links"):
        s.user.call("object-store", "PUT", "/" + box, b"")
    s.user.call("object-store", "PUT", "/far/one", b"one")
    s.ask("put a symlink", s.user, "PUT", "/links/one", b"", X_Symlink_Target="far/one")
    s.ask("put a symlink with data", s.user, "PUT", "/links/data", b"data", X_Symlink_Target="far/one")
    s.ask("put a symlink to nothing", s.user, "PUT", "/links/none", b"", X_Symlink_Target="far/none")
    s.ask("put a symlink to a symlink", s.user, "PUT", "/links/two", b"", X_Symlink_Target="links/one")
    for name, to in (("round", "about"), ("about", "round")):
        s.ask(f"put a symlink that leads {name}", s.user, "PUT", "/links/" + name, b"", X_Symlink_Target="links/" + to)
    account = s.base(s.other).rsplit("/", 1)[1]
    s.ask("put a symlink to another account", s.user, "PUT", "/links/abroad", b"", X_Symlink_Target="far/one", X_Symlink_Target_Account=account)
    paths = lambda b: [(row["name"], row["bytes"], row.get("symlink_path", "").split("/")[3:]) for row in b]
    s.ask("symlinks", s.user, "GET", "/links?format=json", says=paths)
    for name in ("one", "none", "two", "round", "abroad"):
        s.ask(f"head of what the symlink {name} leads to", s.user, "HEAD", "/links/" + name)
        s.ask(f"head of the symlink {name}", s.user, "HEAD", f"/links/{name}?symlink=get")
    s.ask("head of what is no symlink", s.user, "HEAD", "/far/one?symlink=get")
    s.ask("delete a symlink", s.user, "DELETE", "/links/one")
    s.ask("what it led to is left", s.user, "GET", "/far?format=json", says=lambda b: len(b))


def manifests_with_versions(s):
    s.user.call("object-store", "PUT", "/pieces", b"")
    s.user.call("object-store", "PUT", "/pieces/1", b"piece")
    s.user.call("object-store", "PUT", "/made", b"", X_Versions_Enabled="true")
    parts = [{"path": "/pieces/1", "etag": hashlib.md5(b"piece").hexdigest(), "size_bytes": 5}]
    s.user.send("PUT", s.base(s.user) + "/made/static?multipart-manifest=put", json.dumps(parts).encode())
    s.user.call("object-store", "PUT", "/made/dynamic", b"", X_Object_Manifest="pieces/1")
    for name in ("static", "dynamic"):
        s.user.call("object-store", "PUT", "/made/" + name, b"plain by now")
    rows = s.ask("manifests among versions", s.user, "GET", "/made?format=json&versions", says=lambda b: [(row["name"], row["is_latest"], "slo_etag" in row) for row in b]).body
    for name, query in (("static", "multipart-manifest=get"), ("dynamic", "symlink=get")):
        version = next(row["version_id"] for row in rows if row["name"] == name and not row["is_latest"])
        method = "GET" if name == "static" else "HEAD"
        s.ask(f"old version of a {name} manifest", s.user, method, f"/made/{name}?version-id={version}&{query}")
    for row in rows:
        s.send(s.user, "DELETE", s.base(s.user) + f"/made/{row['name']}?version-id={row['version_id']}")


groups = [large, links, versions, manifests_with_versions, older_versions]
