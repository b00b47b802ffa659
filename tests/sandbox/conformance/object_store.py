"""Swift: plain text unless JSON is asked for, pages by the last name, and errors that are HTML."""

from urllib.parse import quote


def documents(s):
    s.ask("info", None, "GET", s.root() + "/info", says=lambda b: {name: name in b for name in ("swift", "bulk_delete", "slo", "object_versioning", "versioned_writes")})
    s.ask("account without a token", None, "GET", s.base(s.user))
    s.ask("account with a token that is none", None, "GET", s.base(s.user), X_Auth_Token="nonsense")
    s.ask("empty account", s.user, "GET", "", Accept="*/*")
    s.ask("empty account as JSON", s.user, "GET", "?format=json")
    s.ask("head of an empty account", s.user, "HEAD", "")
    s.ask("account of somebody else", s.other, "GET", s.base(s.user) + "?format=json")
    s.ask("account as administrator", s.admin, "GET", s.base(s.user) + "?format=json")
    s.ask("delete the account", s.user, "DELETE", "")
    s.ask("container that is not there", s.user, "GET", "/nosuch?format=json")
    s.ask("head of a container that is not there", s.user, "HEAD", "/nosuch")
    s.ask("delete a container that is not there", s.user, "DELETE", "/nosuch")
    s.ask("object in no container", s.user, "GET", "/nosuch/x")
    s.ask("put an object in no container", s.user, "PUT", "/nosuch/x", b"x")


def put(s, *path, data=b"", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return s.send(s.user, "PUT", s.base(s.user) + "".join("/" + quote(part, safe="") for part in path), data, named)


def containers(s):
    names = lambda b: [row["name"] for row in b]
    s.ask("create a container", s.user, "PUT", "/box-a", b"")
    s.ask("create it again", s.user, "PUT", "/box-a", b"")
    for name in ("box-b", "ä box?&%", "zz"):
        put(s, name)
    s.ask("containers", s.user, "GET", "?format=json", says=names)
    s.ask("containers as text", s.user, "GET", "", Accept="text/plain")
    s.ask("containers, first page", s.user, "GET", "?format=json&limit=1", says=names)
    s.ask("containers, by marker", s.user, "GET", "?format=json&limit=2&marker=box-a", says=names)
    s.ask("containers, after the last", s.user, "GET", "?format=json&marker=%C3%A4%20box%3F%26%25", says=names)
    s.ask("containers, up to one", s.user, "GET", "?format=json&end_marker=box-b", says=names)
    s.ask("containers, a limit that is too much", s.user, "GET", "?format=json&limit=99999")
    s.ask("empty container", s.user, "GET", "/box-a?format=json")
    s.ask("empty container as text", s.user, "GET", "/box-a", Accept="text/plain")
    s.ask("head of a container", s.user, "HEAD", "/box-a")
    s.ask("container of somebody else", s.other, "GET", s.base(s.user) + "/box-a?format=json")
    s.ask("delete somebody else's container", s.other, "DELETE", s.base(s.user) + "/box-a")
    s.ask("set metadata", s.user, "POST", "/box-a", b"", X_Container_Meta_Ostclean="keep")
    s.ask("head with metadata", s.user, "HEAD", "/box-a")
    s.ask("a name with a slash at its end", s.user, "PUT", "/box-b/", b"")


def objects(s):
    names = lambda b: [row["name"] for row in b]
    odd = [" leading space", "a/b//c", "ünïcode ☃ 100%", "new\nline", "plus+plus?x=1#y"]
    for name in odd:
        put(s, "box-a", name, data=name.encode())
    s.ask("put an object", s.user, "PUT", "/box-a/plain", b"some data", Content_Type="text/plain")
    s.ask("objects", s.user, "GET", "/box-a?format=json", says=names)
    s.ask("objects, first page", s.user, "GET", "/box-a?format=json&limit=2", says=names)
    s.ask("objects, by marker", s.user, "GET", "/box-a?format=json&limit=2&marker=" + quote("a/b//c", safe=""), says=names)
    s.ask("objects with a prefix and a delimiter", s.user, "GET", "/box-a?format=json&prefix=a/&delimiter=/")
    s.ask("object", s.user, "GET", "/box-a/plain")
    s.ask("head of an object", s.user, "HEAD", "/box-a/plain")
    s.ask("object that is not there", s.user, "GET", "/box-a/nosuch")
    s.ask("object of somebody else", s.other, "GET", s.base(s.user) + "/box-a/plain")
    s.ask("delete a container that is not empty", s.user, "DELETE", "/box-a")
    s.ask("delete an object", s.user, "DELETE", "/box-a/plain")
    s.ask("delete a deleted object", s.user, "DELETE", "/box-a/plain")
    bulk(s, odd)


def bulk(s, odd):
    text = {"Content_Type": "text/plain"}
    s.ask("bulk delete of nothing", s.user, "POST", "?bulk-delete", b"", **text)
    lines = "\n".join("/box-a/" + quote(name) for name in odd[:3]) + "\n/box-a/nosuch\n"
    s.ask("bulk delete", s.user, "POST", "?bulk-delete", lines.encode(), **text)
    s.ask("bulk delete of a container that is not empty", s.user, "POST", "?bulk-delete", b"/box-a", **text)
    s.ask("bulk delete of no container", s.user, "POST", "?bulk-delete", b"/nosuch/x\n/nosuch", **text)
    lines = "\n".join(quote(name) for name in (f"box-a/{odd[3]}", f"box-a/{odd[4]}", "box-a"))
    s.ask("bulk delete with the container", s.user, "POST", "?bulk-delete", lines.encode(), **text)
    s.ask("the container that went in bulk", s.user, "GET", "/box-a?format=json")
    s.ask("bulk delete as text", s.user, "POST", "?bulk-delete", b"/box-b/nosuch", Accept="text/plain", **text)
    s.ask("bulk delete without a type", s.user, "POST", "?bulk-delete", b"/box-b/nosuch", Content_Type="application/x-www-form-urlencoded")
    s.ask("bulk delete as somebody else", s.other, "POST", s.base(s.user) + "?bulk-delete", b"/box-b", **text)
    s.ask("delete a container", s.user, "DELETE", "/box-b")
    s.ask("delete a deleted container", s.user, "DELETE", "/box-b")


groups = [documents, containers, objects]
