"""Neutron's networks, subnets and ports: lists, pages, filters, and whose they are."""


def documents(s):
    s.ask("versions", None, "GET", s.root() + "/")
    s.ask("version 2", s.user, "GET", s.root() + "/v2.0/", says=lambda b: sorted(b))
    s.ask("networks without a token", None, "GET", s.root() + "/v2.0/networks")
    s.ask("networks with a token that is none", None, "GET", s.root() + "/v2.0/networks", X_Auth_Token="nonsense")
    s.ask("a path that is not there", s.user, "GET", "/nosuch")
    s.ask("an extension that is not there", s.user, "GET", "/fwaas/firewall_groups")
    s.ask("extension", s.user, "GET", "/extensions/router")


def networks(s):
    made = s.ask("create a network", s.user, "POST", "/networks", {"network": {"name": s.name + "-a"}})["network"]["id"]
    other = s.ask("create another network", s.user, "POST", "/networks", {"network": {"name": s.name + "-b", "description": "d"}})["network"]["id"]
    s.ask("network", s.user, "GET", f"/networks/{made}")
    s.ask("network as administrator", s.admin, "GET", f"/networks/{made}")
    s.ask("network of somebody else", s.other, "GET", f"/networks/{made}")
    s.ask("network that is not there", s.user, "GET", "/networks/nosuch")
    s.ask("delete somebody else's network", s.other, "DELETE", f"/networks/{made}")
    s.ask("create a network for somebody else", s.user, "POST", "/networks", {"network": {"name": "x", "project_id": s.other.project_id}})
    s.ask("create a shared network as a user", s.user, "POST", "/networks", {"network": {"name": "x", "shared": True}})
    s.ask("create a network with what is not there", s.user, "POST", "/networks", {"network": {"nosuch": "x"}})
    lists(s, made, other)
    s.ask("put a tag", s.user, "PUT", f"/networks/{made}/tags/ostclean:keep")
    s.ask("tags", s.user, "GET", f"/networks/{made}/tags")
    s.ask("networks by tag", s.user, "GET", "/networks?tags=ostclean:keep", says=lambda b: len(b["networks"]))
    s.ask("rename", s.user, "PUT", f"/networks/{made}", {"network": {"name": s.name + "-c"}})
    s.ask("delete a network", s.user, "DELETE", f"/networks/{made}")
    s.ask("the deleted network", s.user, "GET", f"/networks/{made}")
    s.ask("delete a deleted network", s.user, "DELETE", f"/networks/{made}")
    s.user.call("network", "DELETE", f"/networks/{other}")


def lists(s, made, other):
    own = f"/networks?project_id={s.user.project_id}"
    names = lambda b: sorted(row["name"] for row in b["networks"])
    s.ask("networks", s.user, "GET", own, says=names)
    s.ask("networks as administrator", s.admin, "GET", own, says=names)
    s.ask("networks of a project that is asked for by somebody else", s.other, "GET", own, says=names)
    s.ask("networks of everybody", s.admin, "GET", "/networks", only=[made], says=lambda b: len(b["networks"]) > 2)
    s.ask("networks, all that a user sees", s.user, "GET", "/networks", only=[made, other])
    s.ask("networks, first page", s.user, "GET", own + "&limit=1&sort_key=name&sort_dir=asc&fields=name&fields=id", says=names)
    s.ask("networks, by marker", s.user, "GET", own + f"&limit=1&sort_key=name&sort_dir=asc&fields=name&fields=id&marker={made}", says=names)
    s.ask("networks, after the last", s.user, "GET", own + f"&limit=1&sort_key=name&sort_dir=asc&fields=name&marker={other}", says=names)
    s.ask("networks, back", s.user, "GET", own + f"&limit=1&sort_key=name&sort_dir=asc&fields=id&marker={other}&page_reverse=True")
    s.ask("networks, after what is not there", s.user, "GET", own + "&limit=1&marker=nosuch")
    s.ask("networks, a limit that is none", s.user, "GET", own + "&limit=x")
    s.ask("networks, a limit below zero", s.user, "GET", own + "&limit=-1")
    s.ask("networks, two names", s.user, "GET", own + f"&name={s.name}-a&name={s.name}-b", says=names)
    s.ask("networks by what is not there", s.user, "GET", own + "&nosuch=x", says=names)
    s.ask("networks with fields", s.user, "GET", own + "&fields=id")
    s.ask("networks by the older name", s.user, "GET", f"/networks?tenant_id={s.user.project_id}", says=names)
    s.ask("networks of nobody", s.admin, "GET", "/networks?project_id=nosuch")
    s.ask("external networks", s.user, "GET", "/networks?router:external=True", says=lambda b: len(b["networks"]) > 0)


def subnets(s):
    net = s.user.make("network", "/networks", "network", name=s.name + "-net")["id"]
    post = {"subnet": {"network_id": net, "ip_version": 4, "cidr": "10.77.0.0/24"}}
    made = s.ask("create a subnet", s.user, "POST", "/subnets", post)["subnet"]["id"]
    s.ask("create a subnet twice", s.user, "POST", "/subnets", post)
    s.ask("create a subnet of what is no address", s.user, "POST", "/subnets", {"subnet": post["subnet"] | {"cidr": "x"}})
    s.ask("create a subnet on what is not there", s.user, "POST", "/subnets", {"subnet": post["subnet"] | {"network_id": "00000000-0000-0000-0000-000000000000"}})
    s.ask("subnets", s.user, "GET", f"/subnets?project_id={s.user.project_id}", says=lambda b: len(b["subnets"]))
    s.ask("network with a subnet", s.user, "GET", f"/networks/{net}")
    s.ask("subnet of somebody else", s.other, "GET", f"/subnets/{made}")
    s.ask("subnet that is not there", s.user, "GET", "/subnets/nosuch")
    ports(s, net)
    s.ask("delete a network with a subnet and no port", s.user, "DELETE", f"/networks/{net}")
    s.ask("the subnet that went with its network", s.user, "GET", f"/subnets/{made}")
    s.ask("delete a deleted subnet", s.user, "DELETE", f"/subnets/{made}")


def ports(s, net):
    made = s.ask("create a port", s.user, "POST", "/ports", {"port": {"network_id": net, "name": s.name + "-port"}})["port"]["id"]
    s.ask("port", s.user, "GET", f"/ports/{made}")
    s.ask("port as administrator", s.admin, "GET", f"/ports/{made}")
    s.ask("port of somebody else", s.other, "GET", f"/ports/{made}")
    s.ask("port that is not there", s.user, "GET", "/ports/nosuch")
    s.ask("ports", s.user, "GET", f"/ports?project_id={s.user.project_id}", says=lambda b: len(b["ports"]))
    s.ask("ports of a device", s.user, "GET", "/ports?device_id=nosuch", says=lambda b: len(b["ports"]))
    s.ask("ports of a network", s.admin, "GET", f"/ports?network_id={net}", says=lambda b: len(b["ports"]))
    s.ask("ports by two owners", s.user, "GET", "/ports?device_owner=network:router_interface&device_owner=network:router_gateway", says=lambda b: len(b["ports"]))
    s.ask("create a port on what is not there", s.user, "POST", "/ports", {"port": {"network_id": "00000000-0000-0000-0000-000000000000"}})
    s.ask("delete a network with a port", s.user, "DELETE", f"/networks/{net}")
    s.ask("delete somebody else's port", s.other, "DELETE", f"/ports/{made}")
    s.ask("delete a port", s.user, "DELETE", f"/ports/{made}")
    s.ask("delete a deleted port", s.user, "DELETE", f"/ports/{made}")


groups = [documents, networks, subnets]
