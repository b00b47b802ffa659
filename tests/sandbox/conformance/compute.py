"""Nova around its servers: versions, keypairs, server groups, flavors, and who may list what."""


def documents(s):
    s.ask("versions", None, "GET", s.root() + "/")
    s.ask("version 2.1", None, "GET", s.root() + "/v2.1/")
    s.ask("version 2.1 without a slash", None, "GET", s.root() + "/v2.1")
    s.ask("servers without a token", None, "GET", "/servers")
    s.ask("servers with a token that is none", None, "GET", "/servers", X_Auth_Token="nonsense")
    s.ask("a path that is not there", s.user, "GET", "/nosuch")
    s.ask("a microversion that is not there", s.user, "GET", "/servers", OpenStack_API_Version="compute 2.999")
    s.ask("a microversion that is none", s.user, "GET", "/servers", OpenStack_API_Version="compute x")
    s.ask("the latest microversion", s.user, "GET", "/servers", OpenStack_API_Version="compute latest")
    s.ask("the microversion of the older name", s.user, "GET", "/servers", X_OpenStack_Nova_API_Version="2.26")


def keypairs(s):
    who = {"OpenStack_API_Version": "compute 2.35"}
    odd = s.name + " key/ä"
    s.ask("keypairs when there are none", s.user, "GET", "/os-keypairs", **who)
    s.ask("create a keypair", s.user, "POST", "/os-keypairs", {"keypair": {"name": s.name + "-a"}})
    s.ask("create a keypair of the same name", s.user, "POST", "/os-keypairs", {"keypair": {"name": s.name + "-a"}})
    s.ask("create a keypair with an odd name", s.user, "POST", "/os-keypairs", {"keypair": {"name": odd}})
    s.ask("create a keypair with a type", s.user, "POST", "/os-keypairs", {"keypair": {"name": s.name + "-b", "type": "ssh"}}, **who)
    s.ask("keypairs", s.user, "GET", "/os-keypairs", says=lambda b: len(b["keypairs"]))
    s.ask("keypairs with types", s.user, "GET", "/os-keypairs", says=lambda b: [k["keypair"]["name"] for k in b["keypairs"]], **who)
    s.ask("keypairs, first page", s.user, "GET", "/os-keypairs?limit=1", **who)
    s.ask("keypairs, by marker", s.user, "GET", f"/os-keypairs?limit=1&marker={s.name}-a", **who)
    s.ask("keypairs, after what is not there", s.user, "GET", "/os-keypairs?limit=1&marker=nosuch", **who)
    s.ask("keypairs of a user, as administrator", s.admin, "GET", f"/os-keypairs?user_id={s.user.user_id}", says=lambda b: len(b["keypairs"]), **who)
    s.ask("keypairs of a user, without a microversion", s.admin, "GET", f"/os-keypairs?user_id={s.user.user_id}", only=[],
          says=lambda b: s.name in str(b))
    s.ask("keypairs of somebody else", s.other, "GET", f"/os-keypairs?user_id={s.user.user_id}", **who)
    s.ask("keypair", s.user, "GET", f"/os-keypairs/{s.name}-a")
    s.ask("keypair that is not there", s.user, "GET", "/os-keypairs/nosuch")
    s.ask("delete a keypair of a user, as administrator", s.admin, "DELETE", f"/os-keypairs/{s.name}-a?user_id={s.user.user_id}", **who)
    s.ask("delete it again, as administrator", s.admin, "DELETE", f"/os-keypairs/{s.name}-a?user_id={s.user.user_id}", **who)
    s.ask("delete a keypair", s.user, "DELETE", f"/os-keypairs/{s.name}-b")
    s.ask("delete a deleted keypair", s.user, "DELETE", f"/os-keypairs/{s.name}-b")


def server_groups(s):
    new = {"OpenStack_API_Version": "compute 2.13"}
    made = s.ask("create a server group", s.user, "POST", "/os-server-groups", {"server_group": {"name": "g", "policies": ["affinity"]}})["server_group"]["id"]
    s.ask("create a server group, newer", s.user, "POST", "/os-server-groups", {"server_group": {"name": "h", "policy": "anti-affinity"}},
          OpenStack_API_Version="compute 2.64")
    s.ask("server groups", s.user, "GET", "/os-server-groups", says=lambda b: len(b["server_groups"]))
    s.ask("server groups with projects", s.user, "GET", "/os-server-groups", **new)
    s.ask("server groups, newest", s.user, "GET", "/os-server-groups", OpenStack_API_Version="compute 2.64")
    s.ask("server groups, a page", s.user, "GET", "/os-server-groups?limit=1", says=lambda b: len(b["server_groups"]), **new)
    s.ask("server groups, after one", s.user, "GET", "/os-server-groups?limit=1&offset=1", says=lambda b: len(b["server_groups"]), **new)
    s.ask("all server groups", s.admin, "GET", "/os-server-groups?all_projects=1", only=[made], **new)
    s.ask("all server groups as a user", s.user, "GET", "/os-server-groups?all_projects=1", says=lambda b: len(b["server_groups"]), **new)
    s.ask("server group", s.user, "GET", f"/os-server-groups/{made}", **new)
    s.ask("server group of somebody else", s.other, "GET", f"/os-server-groups/{made}")
    s.ask("delete somebody else's server group", s.other, "DELETE", f"/os-server-groups/{made}")
    s.ask("delete a server group", s.user, "DELETE", f"/os-server-groups/{made}")
    s.ask("delete a deleted server group", s.user, "DELETE", f"/os-server-groups/{made}")
    s.ask("server group that is not there", s.user, "GET", "/os-server-groups/nosuch")


def refused_lists(s):
    s.ask("servers of all tenants as a user", s.user, "GET", "/servers/detail?all_tenants=1")
    s.ask("brief servers of all tenants as a user", s.user, "GET", "/servers?all_tenants=1")
    s.ask("servers when there are none", s.user, "GET", "/servers/detail")
    s.ask("brief servers when there are none", s.user, "GET", "/servers")
    s.ask("server that is not there", s.user, "GET", "/servers/nosuch")
    s.ask("servers after what is not there", s.user, "GET", "/servers?marker=nosuch")
    s.ask("a limit that is none", s.user, "GET", "/servers?limit=x")
    s.ask("a filter that is not there", s.user, "GET", "/servers/detail?nosuch=x")
    s.ask("a filter that is not there, newer", s.user, "GET", "/servers/detail?nosuch=x", OpenStack_API_Version="compute 2.75")
    s.ask("limits", s.user, "GET", "/limits")
    s.ask("services as a user", s.user, "GET", "/os-services")
    s.ask("hypervisors as a user", s.user, "GET", "/os-hypervisors")
    s.ask("delete a server that is not there", s.user, "DELETE", "/servers/00000000-0000-0000-0000-000000000000")
    s.ask("stop a server that is not there", s.user, "POST", "/servers/00000000-0000-0000-0000-000000000000/action", {"os-stop": None})
    s.ask("create a server of nothing", s.user, "POST", "/servers", {"server": {"name": "x"}})
    s.ask("create a server of no image", s.user, "POST", "/servers", {"server": {"name": "x", "imageRef": "", "flavorRef": "1", "networks": "none"}},
          OpenStack_API_Version="compute 2.37")
    s.ask("flavor that is not there", s.user, "GET", "/flavors/nosuch")


groups = [documents, keypairs, server_groups, refused_lists]
