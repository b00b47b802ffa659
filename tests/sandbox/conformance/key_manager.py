"""Barbican: secrets and their containers, pages by offset, ids only inside an address."""


def documents(s):
    s.ask("versions", None, "GET", s.root() + "/")
    s.ask("secrets without a token", None, "GET", "/secrets")
    s.ask("secrets with a token that is none", None, "GET", "/secrets", X_Auth_Token="nonsense")
    s.ask("a path that is not there", s.user, "GET", "/nosuch")
    s.ask("no secrets", s.user, "GET", "/secrets?limit=100")
    s.ask("no containers", s.user, "GET", "/containers?limit=100")
    s.ask("secret that is not there", s.user, "GET", "/secrets/00000000-0000-0000-0000-000000000000")
    s.ask("secret of what is no id", s.user, "GET", "/secrets/nosuch")
    s.ask("delete a secret that is not there", s.user, "DELETE", "/secrets/00000000-0000-4000-8000-000000000000")
    s.ask("container that is not there", s.user, "GET", "/containers/00000000-0000-4000-8000-000000000000")


def number(answer, key):
    return answer[key].rsplit("/", 1)[-1]


def secrets(s):
    post = lambda name: {"name": f"{s.name}-{name}", "payload": "x", "payload_content_type": "text/plain"}
    made = [number(s.ask(f"create secret {name}", s.user, "POST", "/secrets", post(name)), "secret_ref") for name in ("a", "b")]
    s.ask("create a secret of nothing", s.user, "POST", "/secrets", {})
    s.ask("secret", s.user, "GET", f"/secrets/{made[0]}")
    s.ask("secret of somebody else", s.other, "GET", f"/secrets/{made[0]}")
    s.ask("delete somebody else's secret", s.other, "DELETE", f"/secrets/{made[0]}")
    s.ask("secret as administrator", s.admin, "GET", f"/secrets/{made[0]}")
    names = lambda b: sorted(str(row["name"]) for row in b["secrets"])
    s.ask("secrets", s.user, "GET", "/secrets?limit=100", says=lambda b: (names(b), b["total"]))
    s.ask("secrets, first page", s.user, "GET", "/secrets?limit=1", only=[], says=lambda b: (len(b["secrets"]), b["total"]))
    s.ask("secrets, second page", s.user, "GET", "/secrets?limit=1&offset=1", only=[], says=lambda b: (len(b["secrets"]), b["total"]))
    s.ask("secrets, after the last", s.user, "GET", "/secrets?limit=1&offset=9")
    s.ask("secrets, a limit that is none", s.user, "GET", "/secrets?limit=x", says=names)
    s.ask("secrets by name", s.user, "GET", f"/secrets?name={s.name}-b", says=names)
    s.ask("secrets by what is not there", s.user, "GET", "/secrets?nosuch=x", says=names)
    s.ask("secrets of an administrator", s.admin, "GET", "/secrets?limit=100", only=[], says=lambda b: s.name in str(b))
    containers(s, made[0])
    s.ask("delete a secret", s.user, "DELETE", f"/secrets/{made[0]}")
    s.ask("the deleted secret", s.user, "GET", f"/secrets/{made[0]}")
    s.ask("delete a deleted secret", s.user, "DELETE", f"/secrets/{made[0]}")
    without_creator(s, made[1])
    s.user.call("key-manager", "DELETE", f"/secrets/{made[1]}")


def containers(s, secret):
    body = {"name": s.name + "-box", "type": "generic", "secret_refs": [{"name": "only", "secret_ref": f"{s.base(s.user)}/secrets/{secret}"}]}
    made = number(s.ask("create a container", s.user, "POST", "/containers", body), "container_ref")
    s.ask("container", s.user, "GET", f"/containers/{made}")
    s.ask("container of somebody else", s.other, "GET", f"/containers/{made}")
    s.ask("containers", s.user, "GET", "/containers?limit=100")
    s.ask("containers, first page", s.user, "GET", "/containers?limit=1", says=lambda b: (len(b["containers"]), b["total"]))
    s.ask("delete somebody else's container", s.other, "DELETE", f"/containers/{made}")
    s.ask("delete a container", s.user, "DELETE", f"/containers/{made}")
    s.ask("delete a deleted container", s.user, "DELETE", f"/containers/{made}")


def without_creator(s, secret):
    """Who may read the project but not create."""
    role = s.world.roles.get("creator")
    if role is None:
        return
    path = f"/projects/{s.user.project_id}/users/{s.user.user_id}/roles/{role}"
    s.admin.call("identity", "DELETE", path)
    s.renew()
    s.ask("create a secret without the role", s.user, "POST", "/secrets", {"name": "x"})
    s.ask("delete a secret without the role", s.user, "DELETE", f"/secrets/{secret}")
    s.ask("secrets without the role", s.user, "GET", "/secrets?limit=100")
    s.admin.call("identity", "PUT", path)
    s.renew()


groups = [documents, secrets]
