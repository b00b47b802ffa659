"""Keystone: who is who, and who holds which role."""


def documents(s):
    root = s.root()
    s.ask("versions of the root", None, "GET", root + "/")
    s.ask("version 3", None, "GET", root + "/v3")
    s.ask("version 3 with a slash", None, "GET", root + "/v3/")
    s.ask("a path that is not there", s.admin, "GET", "/no-such-path")
    s.ask("users without a token", None, "GET", "/users")
    s.ask("users with a token that is none", None, "GET", "/users", X_Auth_Token="nonsense")


def domains(s):
    domain = s.world.domain
    s.ask("domain", s.admin, "GET", f"/domains/{domain}")
    s.ask("domains by name", s.admin, "GET", f"/domains?name={s.world.name}", says=lambda b: len(b["domains"]))
    s.ask("domains as a user", s.user, "GET", "/domains")
    s.ask("domain that is not there", s.admin, "GET", "/domains/nosuch")
    s.ask("delete an enabled domain", s.admin, "DELETE", f"/domains/{domain}")
    s.ask("create a domain of the same name", s.admin, "POST", "/domains", {"domain": {"name": s.world.name}})
    made = s.ask("create a domain", s.admin, "POST", "/domains", {"domain": {"name": s.name + "-domain"}})["domain"]["id"]
    s.world.domains.append(made)
    s.ask("disable the domain", s.admin, "PATCH", f"/domains/{made}", {"domain": {"enabled": False}})
    s.ask("delete the domain", s.admin, "DELETE", f"/domains/{made}")
    s.ask("the deleted domain", s.admin, "GET", f"/domains/{made}")
    s.world.domains.remove(made)


def projects(s):
    domain, own = s.world.domain, s.user.project_id
    s.ask("project", s.admin, "GET", f"/projects/{own}")
    s.ask("project as its user", s.user, "GET", f"/projects/{own}")
    s.ask("project of somebody else as a user", s.user, "GET", f"/projects/{s.other.project_id}")
    s.ask("project that is not there", s.admin, "GET", "/projects/nosuch")
    s.ask("projects as a user", s.user, "GET", "/projects")
    s.ask("projects by name", s.admin, "GET", f"/projects?name={s.name}", says=lambda b: len(b["projects"]))
    s.ask("projects by name and domain", s.admin, "GET", f"/projects?name={s.name}&domain_id={domain}", says=lambda b: len(b["projects"]))
    s.ask("projects of a domain", s.admin, "GET", f"/projects?domain_id={domain}", only=[own], says=lambda b: len(b["projects"]) > 1)
    s.ask("projects behind what is not there", s.admin, "GET", "/projects?marker=nosuch", only=[own])
    s.ask("roles with a limit", s.admin, "GET", "/roles?name=trial&limit=1")
    s.ask("role assignments with a limit", s.admin, "GET", f"/role_assignments?scope.project.id={own}&limit=1")
    s.ask("projects with a limit", s.admin, "GET", "/projects?limit=1", only=[own], says=lambda b: len(b["projects"]) > 1)
    s.ask("projects by an attribute", s.admin, "GET", "/projects?nosuch=x", only=[own], says=lambda b: len(b["projects"]) > 1)
    s.ask("create a project of the same name", s.admin, "POST", "/projects", {"project": {"name": s.name, "domain_id": domain}})
    fields = {"name": s.name + "-more", "domain_id": domain, "description": "d", "tags": ["one"], "colour": "red"}
    made = s.ask("create a project", s.admin, "POST", "/projects", {"project": fields})["project"]["id"]
    s.ask("project with tags and attributes", s.admin, "GET", f"/projects/{made}")
    s.ask("tags of a project", s.admin, "GET", f"/projects/{made}/tags")
    s.ask("disable the project", s.admin, "PATCH", f"/projects/{made}", {"project": {"enabled": False}})
    s.ask("enable the project", s.admin, "PATCH", f"/projects/{made}", {"project": {"enabled": True}})
    s.ask("create a project as a user", s.user, "POST", "/projects", {"project": {"name": "x", "domain_id": domain}})
    s.ask("delete a project as a user", s.user, "DELETE", f"/projects/{made}")
    s.ask("delete a project", s.admin, "DELETE", f"/projects/{made}")
    s.ask("the deleted project", s.admin, "GET", f"/projects/{made}")
    s.ask("delete a deleted project", s.admin, "DELETE", f"/projects/{made}")


def users(s):
    domain, own = s.world.domain, s.user.user_id
    s.ask("user", s.admin, "GET", f"/users/{own}")
    s.ask("user as itself", s.user, "GET", f"/users/{own}")
    s.ask("user of somebody else", s.user, "GET", f"/users/{s.other.user_id}")
    s.ask("user that is not there", s.admin, "GET", "/users/nosuch")
    s.ask("users as a user", s.user, "GET", "/users")
    s.ask("users by name", s.admin, "GET", f"/users?name={s.name}", says=lambda b: len(b["users"]))
    s.ask("users of a domain", s.admin, "GET", f"/users?domain_id={domain}", only=[own], says=lambda b: len(b["users"]) > 1)
    s.ask("users with a limit", s.admin, "GET", f"/users?domain_id={domain}&limit=1", only=[own], says=lambda b: len(b["users"]) > 1)
    s.ask("users by an attribute", s.admin, "GET", f"/users?domain_id={domain}&trial_note=x", only=[own], says=lambda b: len(b["users"]) > 1)
    s.ask("enabled users", s.admin, "GET", f"/users?domain_id={domain}&enabled=false", says=lambda b: len(b["users"]))
    s.ask("change a user's attributes", s.admin, "PATCH", f"/users/{own}", {"user": {"trial_duration": 30, "trial_note": "x"}})
    s.ask("take an attribute away", s.admin, "PATCH", f"/users/{own}", {"user": {"trial_note": None}})
    s.ask("change a user as a user", s.user, "PATCH", f"/users/{s.other.user_id}", {"user": {"email": "x"}})
    s.ask("create a user of the same name", s.admin, "POST", "/users", {"user": {"name": s.name, "domain_id": domain}})
    s.ask("create a user without a name", s.admin, "POST", "/users", {"user": {"domain_id": domain}})
    made = s.ask("create a user", s.admin, "POST", "/users", {"user": {"name": s.name + "-more", "domain_id": domain}})["user"]["id"]
    s.ask("projects of a user", s.admin, "GET", f"/users/{own}/projects")
    s.ask("projects of a user without one", s.admin, "GET", f"/users/{made}/projects")
    s.ask("delete a user", s.admin, "DELETE", f"/users/{made}")
    s.ask("the deleted user", s.admin, "GET", f"/users/{made}")
    s.ask("delete a deleted user", s.admin, "DELETE", f"/users/{made}")


def groups_of_users(s):
    domain, own = s.world.domain, s.user.user_id
    made = s.ask("create a group", s.admin, "POST", "/groups", {"group": {"name": s.name, "domain_id": domain}})["group"]["id"]
    s.ask("create a group of the same name", s.admin, "POST", "/groups", {"group": {"name": s.name, "domain_id": domain}})
    s.ask("add a user to a group", s.admin, "PUT", f"/groups/{made}/users/{own}")
    s.ask("is the user in the group", s.admin, "HEAD", f"/groups/{made}/users/{own}")
    s.ask("is another user in the group", s.admin, "HEAD", f"/groups/{made}/users/{s.other.user_id}")
    s.ask("users of a group", s.admin, "GET", f"/groups/{made}/users", says=lambda b: len(b["users"]))
    s.ask("groups of a user", s.admin, "GET", f"/users/{own}/groups")
    role = s.world.roles["reader"]
    path = f"/projects/{s.other.project_id}/groups/{made}/roles/{role}"
    s.ask("grant a role to a group", s.admin, "PUT", path)
    asked = f"/role_assignments?scope.project.id={s.other.project_id}&group.id={made}"
    s.ask("assignments of a group", s.admin, "GET", asked + "&include_names", says=lambda b: len(b["role_assignments"]))
    effective = f"/role_assignments?effective&include_names&user.id={own}&scope.project.id={s.other.project_id}"
    s.ask("effective assignments through a group", s.admin, "GET", effective, says=lambda b: len(b["role_assignments"]))
    s.ask("revoke the role of a group", s.admin, "DELETE", path)
    s.ask("take a user out of a group", s.admin, "DELETE", f"/groups/{made}/users/{own}")
    s.ask("token of who left a group", s.user, "GET", "/auth/projects")
    s.ask("take a user out again", s.admin, "DELETE", f"/groups/{made}/users/{own}")
    s.ask("delete a group", s.admin, "DELETE", f"/groups/{made}")
    s.ask("users of a deleted group", s.admin, "GET", f"/groups/{made}/users")


def roles(s):
    s.renew()
    s.ask("roles by name", s.admin, "GET", "/roles?name=admin", says=lambda b: len(b["roles"]))
    s.ask("roles by a name that is not there", s.admin, "GET", "/roles?name=nosuch")
    s.ask("roles as a user", s.user, "GET", "/roles")
    s.ask("role that is not there", s.admin, "GET", "/roles/nosuch")
    s.ask("create a role of the same name", s.admin, "POST", "/roles", {"role": {"name": "admin"}})
    made = s.ask("create a role", s.admin, "POST", "/roles", {"role": {"name": s.name}})["role"]["id"]
    path = f"/projects/{s.user.project_id}/users/{s.other.user_id}/roles/{made}"
    s.ask("grant a role", s.admin, "PUT", path)
    s.ask("grant a role twice", s.admin, "PUT", path)
    s.ask("is a role held", s.admin, "HEAD", path)
    s.ask("is a role held, by GET", s.admin, "GET", path)
    s.ask("grant a role as a user", s.user, "PUT", path)
    s.ask("roles of a user in a project", s.admin, "GET", f"/projects/{s.user.project_id}/users/{s.other.user_id}/roles")
    asked = f"/role_assignments?role.id={made}"
    s.ask("assignments of a role", s.admin, "GET", asked, says=lambda b: len(b["role_assignments"]))
    s.ask("assignments of a role with names", s.admin, "GET", asked + "&include_names", says=lambda b: len(b["role_assignments"]))
    s.ask("assignments of a role with names false", s.admin, "GET", asked + "&include_names=false", says=lambda b: len(b["role_assignments"]))
    s.ask("revoke a role", s.admin, "DELETE", path)
    s.ask("revoke a role twice", s.admin, "DELETE", path)
    s.ask("is a revoked role held", s.admin, "HEAD", path)
    s.ask("grant a role that is not there", s.admin, "PUT", path.replace(made, "nosuch"))
    s.ask("grant a role to nobody", s.admin, "PUT", path.replace(s.other.user_id, "nosuch"))
    s.ask("grant a role in no project", s.admin, "PUT", path.replace(s.user.project_id, "nosuch"))
    s.ask("delete a role", s.admin, "DELETE", f"/roles/{made}")
    s.ask("assignments of a deleted role", s.admin, "GET", asked)


def assignments(s):
    project, own = s.user.project_id, s.user.user_id
    many = lambda b: len(b["role_assignments"])
    s.ask("assignments of a project", s.admin, "GET", f"/role_assignments?scope.project.id={project}", says=many)
    s.ask("assignments of a project with names", s.admin, "GET", f"/role_assignments?scope.project.id={project}&include_names", says=many)
    s.ask("assignments of a user", s.admin, "GET", f"/role_assignments?user.id={own}", says=many)
    s.ask("effective assignments of a user", s.admin, "GET", f"/role_assignments?user.id={own}&effective&include_names", says=many)
    s.ask("assignments of nobody", s.admin, "GET", "/role_assignments?user.id=nosuch")
    s.ask("assignments of no project", s.admin, "GET", "/role_assignments?scope.project.id=nosuch")
    s.ask("assignments as a user", s.user, "GET", f"/role_assignments?user.id={own}")
    path = f"/domains/{s.world.domain}/users/{own}/roles/{s.world.roles['reader']}"
    s.ask("grant a role in a domain", s.admin, "PUT", path)
    s.ask("assignments in a domain", s.admin, "GET", f"/role_assignments?user.id={own}&scope.domain.id={s.world.domain}&include_names", says=many)
    s.ask("revoke a role in a domain", s.admin, "DELETE", path)
    inherited = "/OS-INHERIT" + path + "/inherited_to_projects"
    s.ask("grant an inherited role", s.admin, "PUT", inherited)
    s.ask("assignments that are inherited", s.admin, "GET", f"/role_assignments?user.id={own}&scope.domain.id={s.world.domain}", says=many)
    s.ask("effective assignments that are inherited", s.admin, "GET", f"/role_assignments?user.id={own}&scope.project.id={s.other.project_id}&effective", says=many)
    s.ask("revoke an inherited role", s.admin, "DELETE", inherited)


groups = [documents, domains, projects, users, groups_of_users, roles, assignments]
