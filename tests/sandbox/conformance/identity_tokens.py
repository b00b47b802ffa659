"""Keystone's tokens: how one logs in, what a token says, and when it ends."""

import time


def login(user, password=None, scope=None, **user_fields):
    who = {"id": user} if user else user_fields
    request = {"identity": {"methods": ["password"], "password": {"user": who | {"password": password}}}}
    return {"auth": request | ({"scope": scope} if scope is not None else {})}


def by_password(s):
    own, password, project = s.user.user_id, s.world.password, s.user.project_id
    post = lambda label, body: s.ask(label, None, "POST", "/auth/tokens", body)
    post("log in to a project", login(own, password, {"project": {"id": project}}))
    post("log in without a scope", login(own, password))
    post("log in unscoped", login(own, password, "unscoped"))
    s.ask("log in without a catalog", None, "POST", "/auth/tokens?nocatalog", login(own, password, {"project": {"id": project}}))
    domain = {"id": s.world.domain}
    post("log in by name", login(None, password, {"project": {"name": s.name, "domain": domain}}, name=s.name, domain=domain))
    post("log in with a wrong password", login(own, "wrong"))
    post("log in as nobody", login("nosuch", password))
    post("log in to somebody else's project", login(own, password, {"project": {"id": s.other.project_id}}))
    post("log in to no project", login(own, password, {"project": {"id": "nosuch"}}))
    post("log in to a domain without a role", login(own, password, {"domain": domain}))
    post("log in to the system without a role", login(own, password, {"system": {"all": True}}))
    post("log in without a method", {"auth": {"identity": {"methods": []}}})
    post("log in with nothing", {})


def rescoped(s):
    s.renew()
    own, password, project = s.user.user_id, s.world.password, s.user.project_id
    token = s.send(None, "POST", s.base() + "/auth/tokens", login(own, password)).headers["X-Subject-Token"]
    by_token = {"auth": {"identity": {"methods": ["token"], "token": {"id": token}}, "scope": {"project": {"id": project}}}}
    s.ask("log in with a token", None, "POST", "/auth/tokens", by_token)
    by_token["auth"]["identity"]["token"]["id"] = "nonsense"
    s.ask("log in with a token that is none", None, "POST", "/auth/tokens", by_token)
    s.ask("catalog without a scope", None, "GET", "/auth/catalog", X_Auth_Token=token)
    s.ask("projects without a scope", None, "GET", "/auth/projects", X_Auth_Token=token)
    s.ask("own projects", s.user, "GET", "/auth/projects")
    s.ask("own domains", s.user, "GET", "/auth/domains")
    s.ask("catalog", s.user, "GET", "/auth/catalog", says=catalog_types)


def catalog_types(body):
    return sorted({e["interface"] for service in body["catalog"] for e in service["endpoints"]})


def looked_at(s):
    s.renew()
    body = login(s.user.user_id, s.world.password, {"project": {"id": s.user.project_id}})
    token = s.send(None, "POST", s.base() + "/auth/tokens", body).headers["X-Subject-Token"]
    s.ask("look at the own token", None, "GET", "/auth/tokens?nocatalog", X_Auth_Token=token, X_Subject_Token=token)
    s.ask("check the own token", None, "HEAD", "/auth/tokens", X_Auth_Token=token, X_Subject_Token=token)
    s.ask("look at a token as administrator", s.admin, "GET", "/auth/tokens?nocatalog", X_Subject_Token=token)
    s.ask("look at somebody else's token", s.other, "GET", "/auth/tokens?nocatalog", X_Subject_Token=token)
    s.ask("look at a token that is none", s.admin, "GET", "/auth/tokens", X_Subject_Token="nonsense")
    s.ask("look at no token", s.admin, "GET", "/auth/tokens")
    s.ask("revoke the own token", None, "DELETE", "/auth/tokens", X_Auth_Token=token, X_Subject_Token=token)
    s.ask("use a revoked token", None, "GET", "/auth/projects", X_Auth_Token=token)
    s.ask("look at a revoked token", s.admin, "GET", "/auth/tokens", X_Subject_Token=token)


def ended(s):
    """A password that is changed, a user and a project that are disabled, a role that is revoked."""
    def person(which):
        project = s.admin.make("identity", "/projects", "project", name=f"{s.name}-{which}", domain_id=s.world.domain)["id"]
        user = s.admin.make("identity", "/users", "user", name=f"{s.name}-{which}", domain_id=s.world.domain, password="before")["id"]
        s.admin.call("identity", "PUT", f"/projects/{project}/users/{user}/roles/{s.world.roles['member']}")
        scope = {"project": {"id": project}}
        token = s.send(None, "POST", s.base() + "/auth/tokens", login(user, "before", scope)).headers["X-Subject-Token"]
        return user, project, scope, token

    for which, change, back in (("user", {"enabled": False}, {"enabled": True}), ("password", {"password": "after"}, None)):
        user, project, scope, token = person(which)
        s.ask(f"{which} of the token changes", s.admin, "PATCH", f"/users/{user}", {"user": change})
        s.ask(f"token after the {which} changed", None, "GET", "/auth/projects", X_Auth_Token=token)
        s.ask(f"log in after the {which} changed", None, "POST", "/auth/tokens", login(user, "before", scope))
        if back:
            s.ask(f"{which} of the token changes back", s.admin, "PATCH", f"/users/{user}", {"user": back})
        time.sleep(1.1)  # Keystone ends tokens to the second
        s.ask(f"log in after the {which} changed back", None, "POST", "/auth/tokens", login(user, "after" if not back else "before", scope))
        s.admin.call("identity", "DELETE", f"/users/{user}")
        s.admin.call("identity", "DELETE", f"/projects/{project}")
    user, project, scope, token = person("project")
    s.ask("project of the token is disabled", s.admin, "PATCH", f"/projects/{project}", {"project": {"enabled": False}})
    # Its token is not looked at: Keystone's processes remember it for a moment or for minutes.
    s.ask("log in to a disabled project", None, "POST", "/auth/tokens", login(user, "before", scope))
    s.admin.call("identity", "PATCH", f"/projects/{project}", {"project": {"enabled": True}})
    time.sleep(1.1)
    s.ask("log in to an enabled project", None, "POST", "/auth/tokens", login(user, "before", scope))
    s.ask("role of the token is revoked", s.admin, "DELETE", f"/projects/{project}/users/{user}/roles/{s.world.roles['member']}")
    s.ask("log in without a role", None, "POST", "/auth/tokens", login(user, "before", scope))
    s.ask("own password with a wrong one", None, "POST", f"/users/{user}/password", {"user": {"original_password": "wrong", "password": "x"}})
    s.ask("own password", None, "POST", f"/users/{user}/password", {"user": {"original_password": "before", "password": "own"}})
    s.admin.call("identity", "DELETE", f"/projects/{project}")
    s.admin.call("identity", "DELETE", f"/users/{user}")
    s.ask("log in as a deleted user", None, "POST", "/auth/tokens", login(user, "own"))


groups = [by_password, rescoped, looked_at, ended]
