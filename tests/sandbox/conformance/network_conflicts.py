"""What Neutron does not let go: routers with interfaces, subnets with addresses, groups that are used."""


def routers(s):
    public = s.user.get("network", "/networks?router:external=True")["networks"][0]["id"]
    net = s.user.make("network", "/networks", "network", name=s.name + "-rnet")["id"]
    subnet = s.user.make("network", "/subnets", "subnet", network_id=net, ip_version=4, cidr="10.78.0.0/24")["id"]
    made = s.ask("create a router", s.user, "POST", "/routers", {"router": {"name": s.name + "-router"}})["router"]["id"]
    s.ask("set a gateway", s.user, "PUT", f"/routers/{made}", {"router": {"external_gateway_info": {"network_id": public}}})
    s.ask("router", s.user, "GET", f"/routers/{made}")
    s.ask("router as administrator", s.admin, "GET", f"/routers/{made}")
    s.ask("routers", s.user, "GET", f"/routers?project_id={s.user.project_id}")
    s.ask("router of somebody else", s.other, "GET", f"/routers/{made}")
    s.ask("router that is not there", s.user, "GET", "/routers/nosuch")
    leg = lambda label, verb, who, body: s.ask(label, who, "PUT", f"/routers/{made}/{verb}_router_interface", body)
    port = leg("add an interface", "add", s.user, {"subnet_id": subnet})["port_id"]
    leg("add an interface twice", "add", s.user, {"subnet_id": subnet})
    s.ask("interface of a router", s.user, "GET", f"/ports/{port}")
    s.ask("delete the port of an interface", s.user, "DELETE", f"/ports/{port}")
    s.ask("delete the port of an interface as administrator", s.admin, "DELETE", f"/ports/{port}")
    s.ask("delete a router with an interface", s.user, "DELETE", f"/routers/{made}")
    s.ask("delete a subnet with an interface", s.user, "DELETE", f"/subnets/{subnet}")
    s.ask("delete a network with an interface", s.user, "DELETE", f"/networks/{net}")
    route = [{"destination": "192.0.2.0/24", "nexthop": "10.78.0.9"}]
    s.ask("set a route", s.user, "PUT", f"/routers/{made}", {"router": {"routes": route}})
    leg("remove an interface that a route needs", "remove", s.user, {"subnet_id": subnet})
    s.ask("clear the routes", s.user, "PUT", f"/routers/{made}", {"router": {"routes": []}})
    floating(s, public, subnet, net, made)
    leg("remove an interface by what is no id", "remove", s.user, {"subnet_id": "nosuch"})
    leg("remove an interface that is not there", "remove", s.user, {"port_id": "00000000-0000-0000-0000-000000000000"})
    leg("remove an interface of somebody else's router", "remove", s.other, {"subnet_id": subnet})
    leg("remove an interface", "remove", s.user, {"subnet_id": subnet})
    leg("remove an interface twice", "remove", s.user, {"subnet_id": subnet})
    s.ask("delete a router", s.user, "DELETE", f"/routers/{made}")
    s.ask("delete a deleted router", s.user, "DELETE", f"/routers/{made}")
    port = s.user.make("network", "/ports", "port", network_id=net)["id"]
    s.ask("delete a subnet with a port", s.user, "DELETE", f"/subnets/{subnet}")
    s.user.call("network", "DELETE", f"/ports/{port}")
    s.ask("delete a subnet", s.user, "DELETE", f"/subnets/{subnet}")


def floating(s, public, subnet, net, router):
    made = s.ask("create a floating ip", s.user, "POST", "/floatingips", {"floatingip": {"floating_network_id": public}})["floatingip"]["id"]
    port = s.user.make("network", "/ports", "port", network_id=net)
    inside = port["fixed_ips"][0]["ip_address"]
    s.ask("give it to a port", s.user, "PUT", f"/floatingips/{made}", {"floatingip": {"port_id": port["id"]}})
    s.ask("floating ip", s.user, "GET", f"/floatingips/{made}")
    s.ask("floating ips", s.user, "GET", f"/floatingips?project_id={s.user.project_id}")
    s.ask("floating ip of somebody else", s.other, "GET", f"/floatingips/{made}")
    s.ask("floating ip that is not there", s.user, "GET", "/floatingips/nosuch")
    s.ask("remove an interface that a floating ip needs", s.user, "PUT", f"/routers/{router}/remove_router_interface", {"subnet_id": subnet})
    s.ask("take the gateway that a floating ip needs", s.user, "PUT", f"/routers/{router}", {"router": {"external_gateway_info": {}}})
    s.ask("take it from its port", s.user, "PUT", f"/floatingips/{made}", {"floatingip": {"port_id": None}})
    path = f"/floatingips/{made}/port_forwardings"
    body = {"protocol": "tcp", "external_port": 2222, "internal_port": 22, "internal_ip_address": inside, "internal_port_id": port["id"]}
    forwarding = s.ask("create a port forwarding", s.user, "POST", path, {"port_forwarding": body})["port_forwarding"]["id"]
    s.ask("create it twice", s.user, "POST", path, {"port_forwarding": body})
    s.ask("port forwardings", s.user, "GET", path)
    s.ask("floating ip with a forwarding", s.user, "GET", f"/floatingips/{made}")
    s.ask("port forwarding that is not there", s.user, "GET", path + "/nosuch")
    s.ask("delete a port forwarding", s.user, "DELETE", f"{path}/{forwarding}")
    s.ask("delete a deleted port forwarding", s.user, "DELETE", f"{path}/{forwarding}")
    s.ask("delete a floating ip", s.user, "DELETE", f"/floatingips/{made}")
    s.ask("delete a deleted floating ip", s.user, "DELETE", f"/floatingips/{made}")
    s.user.call("network", "DELETE", f"/ports/{port['id']}")


def security_groups(s):
    s.ask("security groups of a new project", s.user, "GET", f"/security-groups?project_id={s.user.project_id}", says=lambda b: [g["name"] for g in b["security_groups"]])
    default = s.user.get("network", "/security-groups?name=default")["security_groups"][0]["id"]
    s.ask("delete the default group as a user", s.user, "DELETE", f"/security-groups/{default}")
    made = s.ask("create a security group", s.user, "POST", "/security-groups", {"security_group": {"name": s.name + "-a"}})["security_group"]["id"]
    other = s.user.make("network", "/security-groups", "security_group", name=s.name + "-b")["id"]
    rule = {"security_group_id": made, "remote_group_id": other, "direction": "ingress", "ethertype": "IPv4"}
    s.ask("create a rule", s.user, "POST", "/security-group-rules", {"security_group_rule": rule})
    s.ask("create a rule twice", s.user, "POST", "/security-group-rules", {"security_group_rule": rule})
    s.ask("security group", s.user, "GET", f"/security-groups/{made}")
    s.ask("security group of somebody else", s.other, "GET", f"/security-groups/{made}")
    s.ask("security group that is not there", s.user, "GET", "/security-groups/nosuch")
    net = s.user.make("network", "/networks", "network", name=s.name + "-gnet")["id"]
    port = s.user.make("network", "/ports", "port", network_id=net, security_groups=[made])["id"]
    s.ask("delete a security group of a port", s.user, "DELETE", f"/security-groups/{made}")
    s.ask("delete a security group that a rule names", s.user, "DELETE", f"/security-groups/{other}")
    s.ask("rules of a group whose other went", s.user, "GET", f"/security-groups/{made}", says=lambda b: len(b["security_group"]["security_group_rules"]))
    s.user.call("network", "DELETE", f"/ports/{port}")
    s.ask("delete a security group", s.user, "DELETE", f"/security-groups/{made}")
    s.ask("delete a deleted security group", s.user, "DELETE", f"/security-groups/{made}")
    s.user.call("network", "DELETE", f"/networks/{net}")
    s.ask("delete the default group as administrator", s.admin, "DELETE", f"/security-groups/{default}")


groups = [routers, security_groups]
