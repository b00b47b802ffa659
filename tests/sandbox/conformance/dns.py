"""Designate: zones, which go late and are PENDING on the way, and a header that shows everybody's."""


def documents(s):
    s.ask("versions", None, "GET", s.root() + "/")
    s.ask("zones without a token", None, "GET", "/zones")
    s.ask("zones with a token that is none", None, "GET", "/zones", X_Auth_Token="nonsense")
    s.ask("a path that is not there", s.user, "GET", "/nosuch")
    s.ask("no zones", s.user, "GET", "/zones")
    s.ask("zone that is not there", s.user, "GET", "/zones/00000000-0000-0000-0000-000000000000")
    s.ask("zone of what is no id", s.user, "GET", "/zones/nosuch")
    s.ask("zone of what is no name", s.user, "POST", "/zones", {"name": "nodot", "email": "a@example.org"})


def state(body):
    return f"{body['status']}/{body['action']}"


def life(s):
    name = f"{s.name}-a.example.org."
    made = s.ask("create a zone", s.user, "POST", "/zones", {"name": name, "email": "a@example.org"})["id"]
    s.until("the zone becomes active", s.user, f"/zones/{made}", state, "ACTIVE/NONE", ("PENDING/CREATE",))
    s.ask("create a zone of the same name", s.user, "POST", "/zones", {"name": name, "email": "a@example.org"})
    s.ask("create somebody else's zone", s.other, "POST", "/zones", {"name": name, "email": "a@example.org"})
    s.ask("create a zone below somebody else's", s.other, "POST", "/zones", {"name": "sub." + name, "email": "a@example.org"})
    s.ask("zone", s.user, "GET", f"/zones/{made}")
    s.ask("zone of somebody else", s.other, "GET", f"/zones/{made}")
    s.ask("zone as administrator", s.admin, "GET", f"/zones/{made}")
    s.ask("zone as administrator of all projects", s.admin, "GET", f"/zones/{made}", X_Auth_All_Projects="true")
    body = {"name": "www." + name, "type": "A", "records": ["192.0.2.1"]}
    record = s.ask("create a record set", s.user, "POST", f"/zones/{made}/recordsets", body)["id"]
    s.until("the record set becomes active", s.user, f"/zones/{made}/recordsets/{record}", state, "ACTIVE/NONE", ("PENDING/CREATE",))
    s.ask("record sets", s.user, "GET", f"/zones/{made}/recordsets", says=lambda b: sorted(row["type"] for row in b["recordsets"]))
    s.until("the zone is active again", s.user, f"/zones/{made}", state, "ACTIVE/NONE", ("PENDING/UPDATE",))
    second = s.user.call("dns", "POST", "/zones", {"name": f"{s.name}-b.example.org.", "email": "a@example.org"})["id"]
    s.user.wait("dns", f"/zones/{second}", None)
    listed(s, made)
    s.ask("delete somebody else's zone", s.other, "DELETE", f"/zones/{made}")
    s.ask("delete as administrator without all projects", s.admin, "DELETE", f"/zones/{made}")
    s.ask("delete a zone", s.user, "DELETE", f"/zones/{made}")
    s.until("the zone goes", s.user, f"/zones/{made}", state, None, ("PENDING/DELETE",))
    s.ask("delete a deleted zone", s.user, "DELETE", f"/zones/{made}")
    s.ask("record sets of a deleted zone", s.user, "GET", f"/zones/{made}/recordsets")
    s.ask("delete a zone as administrator of all projects", s.admin, "DELETE", f"/zones/{second}", X_Auth_All_Projects="true")
    s.until("the other zone goes", s.user, f"/zones/{second}", state, None, ("PENDING/DELETE",))


def listed(s, made):
    names = lambda b: sorted(row["name"] for row in b["zones"])
    s.ask("zones", s.user, "GET", "/zones", says=names)
    s.ask("zones, first page", s.user, "GET", "/zones?limit=1&sort_key=name&sort_dir=asc", says=names)
    s.ask("zones, by marker", s.user, "GET", f"/zones?limit=1&sort_key=name&sort_dir=asc&marker={made}", says=names)
    s.ask("zones, a page of just the number", s.user, "GET", "/zones?limit=2", says=names)
    s.ask("zones after what is not there", s.user, "GET", "/zones?marker=00000000-0000-0000-0000-000000000000")
    s.ask("zones, a limit that is none", s.user, "GET", "/zones?limit=x")
    s.ask("zones by name", s.user, "GET", f"/zones?name={s.name}-b.example.org.", says=names)
    s.ask("zones by what is not there", s.user, "GET", "/zones?nosuch=x")
    s.ask("zones of an administrator's project", s.admin, "GET", "/zones", only=[made], says=lambda b: made in str(b))
    s.ask("zones of all projects", s.admin, "GET", "/zones?limit=1000", only=[made], X_Auth_All_Projects="true")
    s.ask("zones of all projects as a user", s.user, "GET", "/zones", X_Auth_All_Projects="true")


groups = [documents, life]
