"""Neutron's rarer kinds: trunks, shares, pools, address groups, and what only administrators make."""


def trunks(s):
    net = s.user.make("network", "/networks", "network", name=s.name + "-tnet")["id"]
    parent, child = [s.user.make("network", "/ports", "port", network_id=net)["id"] for _ in range(2)]
    sub = {"port_id": child, "segmentation_type": "vlan", "segmentation_id": 101}
    made = s.ask("create a trunk", s.user, "POST", "/trunks", {"trunk": {"name": s.name, "port_id": parent, "sub_ports": [sub]}})["trunk"]["id"]
    s.ask("create a trunk twice", s.user, "POST", "/trunks", {"trunk": {"name": s.name, "port_id": parent}})
    s.ask("trunks", s.user, "GET", f"/trunks?project_id={s.user.project_id}")
    s.ask("parent of a trunk", s.user, "GET", f"/ports/{parent}")
    s.ask("child of a trunk", s.user, "GET", f"/ports/{child}")
    s.ask("delete the parent of a trunk", s.user, "DELETE", f"/ports/{parent}")
    s.ask("delete the child of a trunk", s.user, "DELETE", f"/ports/{child}")
    s.ask("delete somebody else's trunk", s.other, "DELETE", f"/trunks/{made}")
    s.ask("delete a trunk", s.user, "DELETE", f"/trunks/{made}")
    s.ask("delete a deleted trunk", s.user, "DELETE", f"/trunks/{made}")
    for port in (parent, child):
        s.user.call("network", "DELETE", f"/ports/{port}")
    s.user.call("network", "DELETE", f"/networks/{net}")


def shares(s):
    net = s.user.make("network", "/networks", "network", name=s.name + "-snet")["id"]
    s.user.make("network", "/subnets", "subnet", network_id=net, ip_version=4, cidr="10.79.0.0/24")
    body = {"object_type": "network", "object_id": net, "action": "access_as_shared", "target_tenant": s.other.project_id}
    made = s.ask("share a network", s.user, "POST", "/rbac-policies", {"rbac_policy": body})["rbac_policy"]["id"]
    s.ask("share it twice", s.user, "POST", "/rbac-policies", {"rbac_policy": body})
    s.ask("share with everybody as a user", s.user, "POST", "/rbac-policies", {"rbac_policy": body | {"target_tenant": "*"}})
    s.ask("shares", s.user, "GET", f"/rbac-policies?project_id={s.user.project_id}")
    s.ask("shares of a network", s.user, "GET", f"/rbac-policies?object_id={net}", says=lambda b: len(b["rbac_policies"]))
    s.ask("shares that somebody else sees", s.other, "GET", f"/rbac-policies?object_id={net}", says=lambda b: len(b["rbac_policies"]))
    s.ask("shared network, as its owner", s.user, "GET", f"/networks/{net}")
    s.ask("shared network, as somebody else", s.other, "GET", f"/networks/{net}")
    s.ask("shared networks, as somebody else", s.other, "GET", "/networks?shared=true", only=[net])
    s.ask("delete a shared network as somebody else", s.other, "DELETE", f"/networks/{net}")
    port = s.ask("port of somebody else on a shared network", s.other, "POST", "/ports", {"port": {"network_id": net}})["port"]["id"]
    s.ask("delete somebody else's port on an own network", s.user, "DELETE", f"/ports/{port}")
    port = s.other.make("network", "/ports", "port", network_id=net)["id"]
    s.ask("end a share that is in use", s.user, "DELETE", f"/rbac-policies/{made}")
    s.ask("delete a network with somebody else's port", s.user, "DELETE", f"/networks/{net}")
    s.other.call("network", "DELETE", f"/ports/{port}")
    s.ask("end a share", s.user, "DELETE", f"/rbac-policies/{made}")
    s.ask("end an ended share", s.user, "DELETE", f"/rbac-policies/{made}")
    s.user.call("network", "DELETE", f"/networks/{net}")


def pools(s):
    pool = {"name": s.name + "-pool", "prefixes": ["10.200.0.0/16"], "min_prefixlen": 24}
    made = s.ask("create a subnet pool", s.user, "POST", "/subnetpools", {"subnetpool": pool})["subnetpool"]["id"]
    net = s.user.make("network", "/networks", "network", name=s.name + "-pnet")["id"]
    body = {"network_id": net, "ip_version": 4, "subnetpool_id": made, "prefixlen": 26}
    subnet = s.ask("create a subnet of a pool", s.user, "POST", "/subnets", {"subnet": body})["subnet"]["id"]
    s.ask("subnet pools", s.user, "GET", f"/subnetpools?project_id={s.user.project_id}")
    s.ask("subnet pool of somebody else", s.other, "GET", f"/subnetpools/{made}")
    s.ask("delete a pool in use", s.user, "DELETE", f"/subnetpools/{made}")
    s.user.call("network", "DELETE", f"/subnets/{subnet}")
    s.ask("delete a pool", s.user, "DELETE", f"/subnetpools/{made}")
    s.ask("delete a deleted pool", s.user, "DELETE", f"/subnetpools/{made}")
    s.user.call("network", "DELETE", f"/networks/{net}")


def address_groups(s):
    body = {"name": s.name + "-addresses", "addresses": ["192.0.2.0/24"]}
    made = s.ask("create an address group", s.user, "POST", "/address-groups", {"address_group": body})["address_group"]["id"]
    group = s.user.make("network", "/security-groups", "security_group", name=s.name + "-c")["id"]
    rule = {"security_group_id": group, "remote_address_group_id": made, "direction": "ingress", "ethertype": "IPv4"}
    s.ask("a rule with an address group", s.user, "POST", "/security-group-rules", {"security_group_rule": rule})
    s.ask("address groups", s.user, "GET", f"/address-groups?project_id={s.user.project_id}")
    s.ask("delete an address group in use", s.user, "DELETE", f"/address-groups/{made}")
    s.user.call("network", "DELETE", f"/security-groups/{group}")
    s.ask("delete an address group", s.user, "DELETE", f"/address-groups/{made}")
    s.ask("delete a deleted address group", s.user, "DELETE", f"/address-groups/{made}")


def administrators(s):
    owner = s.user.project_id
    s.ask("create a qos policy as a user", s.user, "POST", "/qos/policies", {"policy": {"name": "x"}})
    made = s.ask("create a qos policy", s.admin, "POST", "/qos/policies", {"policy": {"name": s.name + "-qos", "project_id": owner}})["policy"]["id"]
    s.ask("qos policies", s.admin, "GET", f"/qos/policies?project_id={owner}")
    s.ask("qos policies as their owner", s.user, "GET", f"/qos/policies?project_id={owner}", says=lambda b: len(b["policies"]))
    net = s.user.make("network", "/networks", "network", name=s.name + "-qnet")["id"]
    port = s.admin.make("network", "/ports", "port", network_id=net, project_id=owner, qos_policy_id=made)["id"]
    s.ask("delete a qos policy in use", s.admin, "DELETE", f"/qos/policies/{made}")
    s.user.call("network", "DELETE", f"/ports/{port}")
    s.user.call("network", "DELETE", f"/networks/{net}")
    s.ask("delete a qos policy as a user", s.user, "DELETE", f"/qos/policies/{made}")
    s.ask("delete a qos policy", s.admin, "DELETE", f"/qos/policies/{made}")
    s.ask("delete a deleted qos policy", s.admin, "DELETE", f"/qos/policies/{made}")
    label = {"metering_label": {"name": s.name + "-label", "project_id": owner}}
    made = s.ask("create a metering label", s.admin, "POST", "/metering/metering-labels", label)["metering_label"]["id"]
    s.ask("metering labels", s.admin, "GET", f"/metering/metering-labels?project_id={owner}")
    s.ask("metering labels as a user", s.user, "GET", f"/metering/metering-labels?project_id={owner}", says=lambda b: len(b["metering_labels"]))
    s.ask("delete a metering label", s.admin, "DELETE", f"/metering/metering-labels/{made}")
    s.ask("quota", s.user, "GET", f"/quotas/{owner}")
    used = len(s.user.get("network", f"/networks?project_id={owner}&fields=id")["networks"])
    s.ask("a quota below what is used", s.admin, "PUT", f"/quotas/{owner}", {"quota": {"network": used - 1}})
    s.admin.call("network", "PUT", f"/quotas/{owner}", {"quota": {"network": used}})
    s.ask("create a network over the quota", s.user, "POST", "/networks", {"network": {"name": "x"}})
    s.admin.call("network", "DELETE", f"/quotas/{owner}")


groups = [trunks, shares, pools, address_groups, administrators]
