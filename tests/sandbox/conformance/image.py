"""Glance: images, who sees them, and the errors that are pages of HTML unless JSON is asked for."""

PATCH = "application/openstack-images-v2.1-json-patch"


def documents(s):
    s.ask("versions", None, "GET", s.root() + "/")
    s.ask("versions by their path", None, "GET", s.root() + "/versions")
    s.ask("images without a token", None, "GET", s.root() + "/v2/images")
    s.ask("images without a token, any type", None, "GET", s.root() + "/v2/images", Accept="*/*")
    s.ask("images with a token that is none", None, "GET", s.root() + "/v2/images", X_Auth_Token="nonsense")
    s.ask("a path that is not there", s.user, "GET", "/nosuch")


def image(s, name, **fields):
    fields = {"name": f"{s.name}-{name}", "container_format": "bare", "disk_format": "raw"} | fields
    return s.user.call("image", "POST", "/images", fields)["id"]


def one(s):
    fields = {"name": s.name + "-one", "container_format": "bare", "disk_format": "raw", "colour": "red"}
    made = s.ask("create an image", s.user, "POST", "/images", fields)["id"]
    s.ask("image without data", s.user, "GET", f"/images/{made}")
    s.ask("put the data", s.user, "PUT", f"/images/{made}/file", b"\0" * 4096, Content_Type="application/octet-stream")
    s.ask("image", s.user, "GET", f"/images/{made}")
    s.ask("image as administrator", s.admin, "GET", f"/images/{made}")
    s.ask("image of somebody else", s.other, "GET", f"/images/{made}")
    s.ask("image that is not there", s.user, "GET", "/images/nosuch")
    s.ask("image that is not there, any type", s.user, "GET", "/images/nosuch", Accept="*/*")
    s.ask("change without the right type", s.user, "PATCH", f"/images/{made}", [{"op": "replace", "path": "/protected", "value": True}])
    s.ask("protect", s.user, "PATCH", f"/images/{made}", [{"op": "replace", "path": "/protected", "value": True}], Content_Type=PATCH)
    s.ask("delete a protected image", s.user, "DELETE", f"/images/{made}")
    s.ask("delete a protected image, any type", s.user, "DELETE", f"/images/{made}", Accept="*/*")
    s.ask("delete a protected image as administrator", s.admin, "DELETE", f"/images/{made}")
    s.ask("delete somebody else's image", s.other, "DELETE", f"/images/{made}")
    body = [{"op": "replace", "path": "/protected", "value": False}, {"op": "add", "path": "/orphan_image", "value": "True"},
            {"op": "add", "path": "/orphan_image_id", "value": made}]
    s.ask("mark", s.user, "PATCH", f"/images/{made}", body, Content_Type=PATCH)
    s.ask("images by a property", s.user, "GET", "/images?orphan_image=True", says=lambda b: len(b["images"]))
    s.ask("remove a property that is not there", s.user, "PATCH", f"/images/{made}", [{"op": "remove", "path": "/nosuch"}], Content_Type=PATCH)
    s.ask("change a read-only key", s.user, "PATCH", f"/images/{made}", [{"op": "replace", "path": "/owner", "value": "x"}], Content_Type=PATCH)
    s.ask("change somebody else's image", s.other, "PATCH", f"/images/{made}", body, Content_Type=PATCH)
    s.ask("add a tag", s.user, "PUT", f"/images/{made}/tags/ostclean:keep")
    s.ask("image with a tag", s.user, "GET", f"/images/{made}")
    s.ask("delete", s.user, "DELETE", f"/images/{made}")
    s.ask("the deleted image", s.user, "GET", f"/images/{made}")
    s.ask("delete a deleted image", s.user, "DELETE", f"/images/{made}")


def seen_by_whom(s):
    made = image(s, "visible")
    change = lambda label, who, value: s.ask(label, who, "PATCH", f"/images/{made}", [{"op": "replace", "path": "/visibility", "value": value}], Content_Type=PATCH)
    change("make public as a user", s.user, "public")
    change("make public", s.admin, "public")
    s.ask("public image of somebody else", s.other, "GET", f"/images/{made}")
    s.ask("delete somebody else's public image", s.other, "DELETE", f"/images/{made}")
    change("make community", s.user, "community")
    s.ask("community image of somebody else", s.other, "GET", f"/images/{made}")
    s.ask("members of a community image", s.user, "GET", f"/images/{made}/members")
    s.ask("share a community image", s.user, "POST", f"/images/{made}/members", {"member": s.other.project_id})
    change("make private", s.user, "private")
    s.ask("share a private image", s.user, "POST", f"/images/{made}/members", {"member": s.other.project_id})
    change("make shared", s.user, "shared")
    s.ask("share", s.user, "POST", f"/images/{made}/members", {"member": s.other.project_id})
    s.ask("share twice", s.user, "POST", f"/images/{made}/members", {"member": s.other.project_id})
    s.ask("shared image of somebody else", s.other, "GET", f"/images/{made}")
    s.ask("shared and not accepted, listed", s.other, "GET", f"/images?owner={s.user.project_id}", says=lambda b: len(b["images"]))
    s.ask("accept", s.other, "PUT", f"/images/{made}/members/{s.other.project_id}", {"status": "accepted"})
    s.ask("shared and accepted, listed", s.other, "GET", f"/images?owner={s.user.project_id}", says=lambda b: len(b["images"]))
    s.ask("members", s.user, "GET", f"/images/{made}/members")
    s.ask("members as a member", s.other, "GET", f"/images/{made}/members")
    s.ask("delete a shared image as a member", s.other, "DELETE", f"/images/{made}")
    change("make private what is shared", s.user, "private")
    s.ask("members of what is private again", s.user, "GET", f"/images/{made}/members")
    change("make shared again", s.user, "shared")
    s.ask("take a member away", s.user, "DELETE", f"/images/{made}/members/{s.other.project_id}")
    s.ask("take a member away twice", s.user, "DELETE", f"/images/{made}/members/{s.other.project_id}")
    change("make it something else", s.user, "nosuch")


def listed(s):
    made = [image(s, f"list-{number}") for number in range(3)]
    hidden = image(s, "hidden", os_hidden=True)
    own = f"/images?owner={s.user.project_id}"
    s.ask("images", s.user, "GET", own + "&limit=1000", only=made, says=lambda b: len(b["images"]))
    s.ask("first page", s.user, "GET", own + "&limit=2&sort=name:asc", says=lambda b: len(b["images"]))
    page = s.ask("a page by marker", s.user, "GET", own + f"&limit=2&marker={made[1]}&sort=name:desc", says=lambda b: len(b["images"]))
    s.ask("images after nobody", s.user, "GET", own + "&marker=nosuch")
    s.ask("images after what is not there", s.user, "GET", own + "&marker=00000000-0000-0000-0000-000000000000")
    s.ask("a limit that is none", s.user, "GET", own + "&limit=-1")
    s.ask("hidden images", s.user, "GET", own + "&os_hidden=true", says=lambda b: len(b["images"]))
    s.ask("is the hidden one listed", s.user, "GET", own + "&limit=1000", only=[hidden])
    s.ask("an owner is asked for by somebody else", s.other, "GET", own)
    s.ask("an owner is asked for by an administrator", s.admin, "GET", own + "&limit=1000", only=made)
    s.ask("a filter that is not there", s.user, "GET", own + "&nosuch=x", says=lambda b: len(b["images"]))
    s.ask("private images", s.user, "GET", own + "&visibility=private", says=lambda b: len(b["images"]))
    s.ask("a visibility that is none", s.user, "GET", own + "&visibility=nosuch")
    s.ask("images by name", s.user, "GET", f"/images?name={s.name}-list-1", says=lambda b: len(b["images"]))
    for at in made + [hidden]:
        s.user.call("image", "DELETE", f"/images/{at}")
    return page


groups = [documents, one, seen_by_whom, listed]
