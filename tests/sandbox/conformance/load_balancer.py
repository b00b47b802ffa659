"""Octavia: a load balancer that works on something refuses everything else meanwhile."""


def documents(s):
    s.ask("versions", None, "GET", s.root() + "/")
    s.ask("load balancers without a token", None, "GET", "/lbaas/loadbalancers")
    s.ask("load balancers with a token that is none", None, "GET", "/lbaas/loadbalancers", X_Auth_Token="nonsense")
    s.ask("a path that is not there", s.user, "GET", "/lbaas/nosuch")
    s.ask("no load balancers", s.user, "GET", f"/lbaas/loadbalancers?project_id={s.user.project_id}")
    s.ask("load balancer that is not there", s.user, "GET", "/lbaas/loadbalancers/00000000-0000-0000-0000-000000000000")
    s.ask("load balancer of what is no id", s.user, "GET", "/lbaas/loadbalancers/nosuch")
    s.ask("delete a load balancer that is not there", s.user, "DELETE", "/lbaas/loadbalancers/00000000-0000-0000-0000-000000000000")
    s.ask("a load balancer of nothing", s.user, "POST", "/lbaas/loadbalancers", {"loadbalancer": {"name": "x"}})


def state(key):
    return lambda body: body[key]["provisioning_status"]


def life(s):
    net = s.user.make("network", "/networks", "network", name=s.name + "-net")["id"]
    subnet = s.user.make("network", "/subnets", "subnet", network_id=net, ip_version=4, cidr="10.80.0.0/24")["id"]
    post = {"loadbalancer": {"name": s.name + "-a", "vip_subnet_id": subnet}}
    made = s.ask("create a load balancer", s.user, "POST", "/lbaas/loadbalancers", post)["loadbalancer"]
    path = f"/lbaas/loadbalancers/{made['id']}"
    s.ask("delete a load balancer that is being made", s.user, "DELETE", path)
    active = lambda label: s.until(label, s.user, path, state("loadbalancer"), "ACTIVE", ("PENDING_CREATE", "PENDING_UPDATE"))
    active("the load balancer becomes active")
    s.ask("load balancer", s.user, "GET", path)
    s.ask("load balancer of somebody else", s.other, "GET", path)
    s.ask("load balancer as administrator", s.admin, "GET", path)
    s.ask("port of a load balancer", s.user, "GET", s.base(s.user, "network") + f"/ports/{made['vip_port_id']}")
    second = s.user.make("load-balancer", "/lbaas/loadbalancers", "loadbalancer", name=s.name + "-b", vip_subnet_id=subnet)["id"]
    s.user.wait("load-balancer", f"/lbaas/loadbalancers/{second}", "loadbalancer", "provisioning_status")
    listed(s, made["id"])
    children(s, made["id"], active)
    s.ask("delete a load balancer with children", s.user, "DELETE", path)
    s.ask("delete somebody else's load balancer", s.other, "DELETE", path + "?cascade=true")
    s.ask("delete a load balancer with its children", s.user, "DELETE", path + "?cascade=true")
    s.ask("delete a load balancer that goes already", s.user, "DELETE", path + "?cascade=true")
    gone = lambda label, which: s.until(label, s.user, f"/lbaas/loadbalancers/{which}", state("loadbalancer"), None, ("PENDING_DELETE", "DELETED"))
    gone("the load balancer goes", made["id"])
    s.ask("delete a deleted load balancer", s.user, "DELETE", path)
    s.ask("port of a deleted load balancer", s.user, "GET", s.base(s.user, "network") + f"/ports/{made['vip_port_id']}")
    s.ask("delete a load balancer without children", s.user, "DELETE", f"/lbaas/loadbalancers/{second}")
    gone("the load balancer without children goes", second)


def listed(s, made):
    own = f"/lbaas/loadbalancers?project_id={s.user.project_id}"
    names = lambda b: sorted(row["name"] for row in b["loadbalancers"])
    s.ask("load balancers", s.user, "GET", own, says=names)
    s.ask("load balancers as administrator", s.admin, "GET", own, says=names)
    s.ask("load balancers of everybody", s.admin, "GET", "/lbaas/loadbalancers", only=[made], says=lambda b: len(b["loadbalancers"]) > 1)
    s.ask("load balancers of a project that is asked for by somebody else", s.other, "GET", own)
    s.ask("load balancers, first page", s.user, "GET", own + "&limit=1&sort=name:asc", says=names)
    s.ask("load balancers, by marker", s.user, "GET", own + f"&limit=1&sort=name:asc&marker={made}", says=names)
    s.ask("load balancers, a page of just the number", s.user, "GET", own + "&limit=2&sort=name:asc", says=names)
    s.ask("load balancers with fields", s.user, "GET", own + "&fields=id")
    s.ask("load balancers by name", s.user, "GET", own + f"&name={s.name}-b", says=names)
    s.ask("load balancers by what is not there", s.user, "GET", own + "&nosuch=x", says=names)
    s.ask("load balancers after what is not there", s.user, "GET", own + "&limit=1&marker=00000000-0000-0000-0000-000000000000", says=names)


def children(s, made, active):
    body = {"listener": {"name": s.name + "-listener", "loadbalancer_id": made, "protocol": "HTTP", "protocol_port": 80}}
    listener = s.ask("create a listener", s.user, "POST", "/lbaas/listeners", body)["listener"]["id"]
    s.ask("delete with children meanwhile", s.user, "DELETE", f"/lbaas/loadbalancers/{made}")
    active("active again after the listener")
    s.ask("create a listener twice", s.user, "POST", "/lbaas/listeners", body)
    s.ask("listener", s.user, "GET", f"/lbaas/listeners/{listener}")
    s.ask("listeners", s.user, "GET", f"/lbaas/listeners?project_id={s.user.project_id}")
    again = body
    body = {"pool": {"name": s.name + "-pool", "listener_id": listener, "protocol": "HTTP", "lb_algorithm": "ROUND_ROBIN"}}
    pool = s.ask("create a pool", s.user, "POST", "/lbaas/pools", body)["pool"]["id"]
    s.ask("create a listener meanwhile", s.user, "POST", "/lbaas/listeners", again)
    active("active again after the pool")
    s.ask("pool", s.user, "GET", f"/lbaas/pools/{pool}")
    s.ask("load balancer with children", s.user, "GET", f"/lbaas/loadbalancers/{made}")


groups = [documents, life]
