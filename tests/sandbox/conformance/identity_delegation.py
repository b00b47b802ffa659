"""Keystone's trusts and application credentials: acting for somebody, and with less."""

import time

from identity_tokens import login


def trusts(s):
    s.renew()
    fields = {"trustor_user_id": s.user.user_id, "trustee_user_id": s.other.user_id, "project_id": s.user.project_id,
              "impersonation": True, "roles": [{"name": "member"}]}
    s.ask("create a trust for somebody else", s.other, "POST", "/OS-TRUST/trusts", {"trust": fields})
    s.ask("create a trust as administrator", s.admin, "POST", "/OS-TRUST/trusts", {"trust": fields})
    s.ask("create a trust with a role that is not held", s.user, "POST", "/OS-TRUST/trusts", {"trust": fields | {"roles": [{"name": "admin"}]}})
    s.ask("create a trust with no role", s.user, "POST", "/OS-TRUST/trusts", {"trust": fields | {"roles": []}})
    s.ask("trusts for an administrator", s.admin, "POST", "/OS-TRUST/trusts_for_admin", {"trust": fields})
    made = s.ask("create a trust", s.user, "POST", "/OS-TRUST/trusts", {"trust": fields})["trust"]["id"]
    s.ask("create a trust that ends", s.user, "POST", "/OS-TRUST/trusts", {"trust": fields | {"expires_at": "2099-01-01T00:00:00.000000Z"}})
    s.ask("trust", s.user, "GET", f"/OS-TRUST/trusts/{made}")
    s.ask("trust as its trustee", s.other, "GET", f"/OS-TRUST/trusts/{made}")
    s.ask("trust as administrator", s.admin, "GET", f"/OS-TRUST/trusts/{made}")
    s.ask("trusts by trustor", s.user, "GET", f"/OS-TRUST/trusts?trustor_user_id={s.user.user_id}", says=lambda b: len(b["trusts"]))
    s.ask("trusts by trustor as somebody else", s.other, "GET", f"/OS-TRUST/trusts?trustor_user_id={s.user.user_id}")
    s.ask("trusts by trustor as administrator", s.admin, "GET", f"/OS-TRUST/trusts?trustor_user_id={s.user.user_id}", says=lambda b: len(b["trusts"]))
    s.ask("all trusts as a user", s.user, "GET", "/OS-TRUST/trusts")
    scope = {"OS-TRUST:trust": {"id": made}}
    got = s.ask("log in with a trust", None, "POST", "/auth/tokens", login(s.other.user_id, s.world.password, scope))
    s.ask("log in with a trust as the trustor", None, "POST", "/auth/tokens", login(s.user.user_id, s.world.password, scope))
    token = got.headers["X-Subject-Token"]
    s.ask("rescope the token of a trust", None, "POST", "/auth/tokens",
          {"auth": {"identity": {"methods": ["token"], "token": {"id": token}}, "scope": {"project": {"id": s.user.project_id}}}})
    s.ask("delete a trust as its trustee", s.other, "DELETE", f"/OS-TRUST/trusts/{made}")
    s.ask("delete a trust", s.user, "DELETE", f"/OS-TRUST/trusts/{made}")
    s.ask("the deleted trust", s.user, "GET", f"/OS-TRUST/trusts/{made}")
    s.ask("delete a deleted trust", s.user, "DELETE", f"/OS-TRUST/trusts/{made}")
    s.ask("token of a deleted trust", None, "GET", "/auth/projects", X_Auth_Token=token)
    s.ask("log in with a deleted trust", None, "POST", "/auth/tokens", login(s.other.user_id, s.world.password, scope))


def application_credentials(s):
    s.renew()
    path = f"/users/{s.user.user_id}/application_credentials"
    made = s.ask("create an application credential", s.user, "POST", path, {"application_credential": {"name": "one"}})["application_credential"]
    s.ask("create one of the same name", s.user, "POST", path, {"application_credential": {"name": "one"}})
    s.ask("create one for somebody else", s.other, "POST", path, {"application_credential": {"name": "two"}})
    s.ask("create one as administrator", s.admin, "POST", path, {"application_credential": {"name": "two"}})
    s.ask("application credentials", s.user, "GET", path)
    s.ask("application credential", s.user, "GET", f"{path}/{made['id']}")
    s.ask("application credentials as administrator", s.admin, "GET", path)
    s.ask("application credentials of somebody else", s.other, "GET", path)

    def by_secret(secret, **more):
        inner = {"id": made["id"], "secret": secret}
        return {"auth": {"identity": {"methods": ["application_credential"], "application_credential": inner}} | more}

    got = s.ask("log in with an application credential", None, "POST", "/auth/tokens", by_secret(made["secret"]))
    token = got.headers["X-Subject-Token"]
    s.ask("log in with a wrong secret", None, "POST", "/auth/tokens", by_secret("wrong"))
    s.ask("log in with an application credential and a scope", None, "POST", "/auth/tokens",
          by_secret(made["secret"], scope={"project": {"id": s.user.project_id}}))
    s.ask("make another with an application credential", None, "POST", path, {"application_credential": {"name": "three"}}, X_Auth_Token=token)
    s.ask("rescope an application credential", None, "POST", "/auth/tokens",
          {"auth": {"identity": {"methods": ["token"], "token": {"id": token}}, "scope": {"project": {"id": s.other.project_id}}}})
    s.ask("delete an application credential", s.user, "DELETE", f"{path}/{made['id']}")
    s.ask("the deleted application credential", s.user, "GET", f"{path}/{made['id']}")
    s.ask("log in with a deleted application credential", None, "POST", "/auth/tokens", by_secret(made["secret"]))
    time.sleep(0.1)
    s.ask("token of a deleted application credential", None, "GET", "/auth/projects", X_Auth_Token=token)


groups = [trusts, application_credentials]
