"""Fills a project with one of everything the cloud knows, as its own user where a user may."""

import hashlib
import json
import os

from api import quote, refused
from inventory import VOLUME_GROUPS


class project:
    """`without`: what the cloud cannot make, with its own words; anything else that fails is an error."""

    def __init__(self, admin, user, name, neighbour_id=None, as_administrator=True):
        self.admin, self.user, self.name, self.neighbour_id = admin, user, name, neighbour_id
        self.as_administrator = as_administrator
        self.without = []

    def fill(self):
        self.networks()
        self.servers()
        for step in (self.port_features, self.group_rules, self.trunk, self.pools, self.images, self.objects, self.stack,
                     self.load_balancer, self.zone, self.secrets, self.sharing, self.administrators_kinds):
            self.optional(step)
        self.volumes()
        self.optional(self.volume_group)
        self.settle()
        return self

    def fill_small(self):
        self.networks()
        self.servers()
        self.objects()
        self.settle()
        return self

    def fill_least(self):
        """One thing that an administrator sees, and one that only who has a role there sees."""
        self.plain_network("net", "10.77.0.0/24")
        self.objects()
        return self

    def optional(self, step):
        try:
            step()
        except KeyError as error:
            if error.args[0] not in ("orchestration", "load-balancer", "dns", "key-manager", "object-store"):
                raise
            self.without.append(f"{step.__name__}: no service {error.args[0]} in the catalog")
        except refused as error:
            if error.status not in (403, 404):
                raise
            self.without.append(f"{step.__name__}: {error}")

    def network(self, path, key, **fields):
        return self.user.make("network", path, key, **fields)

    def plain_network(self, name, cidr):
        net = self.network("/networks", "network", name=f"{self.name}-{name}")["id"]
        return net, self.network("/subnets", "subnet", name=f"{self.name}-{name}-subnet", network_id=net, ip_version=4, cidr=cidr)["id"]

    def networks(self):
        public = self.user.get("network", "/networks?router:external=True")["networks"][0]["id"]
        self.net, self.subnet = self.plain_network("net", "10.77.0.0/24")
        _, self.second = self.plain_network("other", "10.78.0.0/24")
        self.router = self.network("/routers", "router", name=self.name + "-router", external_gateway_info={"network_id": public})["id"]
        self.user.call("network", "PUT", f"/routers/{self.router}/add_router_interface", {"subnet_id": self.subnet})
        self.user.call("network", "PUT", f"/routers/{self.router}", {"router": {"routes": [{"destination": "192.0.2.0/24", "nexthop": "10.77.0.9"}]}})
        self.port = self.network("/ports", "port", name=self.name + "-port", network_id=self.net)
        self.public = public

    def group_rules(self):
        groups = [self.network("/security-groups", "security_group", name=f"{self.name}-{which}")["id"] for which in "ab"]
        for own, other in (groups, reversed(groups)):
            self.network("/security-group-rules", "security_group_rule", security_group_id=own, remote_group_id=other, direction="ingress", ethertype="IPv4")
        addresses = self.network("/address-groups", "address_group", name=self.name + "-addresses", addresses=["192.0.2.0/24"])["id"]
        self.network("/security-group-rules", "security_group_rule", security_group_id=groups[0], remote_address_group_id=addresses, direction="ingress", ethertype="IPv4")

    def port_features(self):
        floating = self.network("/floatingips", "floatingip", floating_network_id=self.public)["id"]
        internal = self.port["fixed_ips"][0]["ip_address"]
        self.network(f"/floatingips/{floating}/port_forwardings", "port_forwarding", protocol="tcp", external_port=2222,
                     internal_port=22, internal_ip_address=internal, internal_port_id=self.port["id"])

    def trunk(self):
        parent, child = [self.network("/ports", "port", name=f"{self.name}-{which}", network_id=self.net)["id"] for which in ("parent", "child")]
        self.network("/trunks", "trunk", name=self.name + "-trunk", port_id=parent, sub_ports=[{"port_id": child, "segmentation_type": "vlan", "segmentation_id": 101}])

    def pools(self):
        scope = self.network("/address-scopes", "address_scope", name=self.name + "-scope", ip_version=4)["id"]
        pool = self.network("/subnetpools", "subnetpool", name=self.name + "-pool", prefixes=["10.200.0.0/16"], min_prefixlen=24, address_scope_id=scope)["id"]
        net = self.network("/networks", "network", name=self.name + "-pool-net")["id"]
        self.network("/subnets", "subnet", name=self.name + "-pool-subnet", network_id=net, ip_version=4, subnetpool_id=pool, prefixlen=26)

    def sharing(self):
        if self.neighbour_id:
            net = self.network("/networks", "network", name=self.name + "-shared-net")["id"]
            self.network("/rbac-policies", "rbac_policy", object_type="network", object_id=net, action="access_as_shared", target_tenant=self.neighbour_id)

    def administrators_kinds(self):
        if self.as_administrator:
            make, owner = self.admin.make, self.user.project_id
            policy = make("network", "/qos/policies", "policy", name=self.name + "-qos", project_id=owner)["id"]
            make("network", "/ports", "port", name=self.name + "-qos-port", network_id=self.net, project_id=owner, qos_policy_id=policy)
            make("network", "/metering/metering-labels", "metering_label", name=self.name + "-label", project_id=owner)

    def servers(self):
        images = [i for i in self.user.get("image", "/images?limit=1000&visibility=public&status=active")["images"] if i.get("size")]
        image = min(images, key=lambda i: ("cirros" not in i["name"], i["size"]))["id"]
        flavor = min(self.user.get("compute", "/flavors/detail")["flavors"], key=lambda f: (f["ram"], f["disk"]))["id"]
        key = self.user.make("compute", "/os-keypairs", "keypair", name=self.name + " key")["name"]
        group = self.user.make("compute", "/os-server-groups", "server_group", name=self.name + "-group", policies=["anti-affinity"])["id"]
        self.server_ids = []
        for number, hints in ((1, {"group": group}), (2, {})):
            body = {"name": f"{self.name}-vm{number}", "imageRef": image, "flavorRef": flavor, "networks": [{"uuid": self.net}], "key_name": key}
            answer = self.user.call("compute", "POST", "/servers", {"server": body, "os:scheduler_hints": hints})
            self.server_ids.append(answer["server"]["id"])

    def volumes(self):
        made = [self.user.make("volumev3", "/volumes", "volume", name=f"{self.name}-{which}", size=1)["id"] for which in ("data", "attached", "given")]
        for volume in made:
            self.user.wait("volumev3", f"/volumes/{volume}", "volume")
        for name in ("one", "two"):
            snapshot = self.user.make("volumev3", "/snapshots", "snapshot", name=f"{self.name}-{name}", volume_id=made[0])["id"]
            self.user.wait("volumev3", f"/snapshots/{snapshot}", "snapshot")
        for incremental in (False, True):
            backup = self.user.make("volumev3", "/backups", "backup", name=f"{self.name}-backup", volume_id=made[0], incremental=incremental)["id"]
            self.user.wait("volumev3", f"/backups/{backup}", "backup")
        self.user.make("volumev3", "/os-volume-transfer", "transfer", name=self.name + "-transfer", volume_id=made[2])
        self.user.wait("compute", f"/servers/{self.server_ids[0]}", "server")
        self.user.make("compute", f"/servers/{self.server_ids[0]}/os-volume_attachments", "volumeAttachment", volumeId=made[1])
        self.user.wait("volumev3", f"/volumes/{made[1]}", "volume", want=("in-use",))

    def volume_group(self):
        types = {row["name"]: row["id"] for row in self.user.get("volumev3", "/group_types", OpenStack_API_Version="volume 3.11")["group_types"]}
        kind = types.get(os.environ["OSTCLEAN_TEST_GROUP_TYPE"])
        volume_type = self.user.get("volumev3", "/types/default")["volume_type"]["id"]
        body = {"name": self.name + "-group", "group_type": kind, "volume_types": [volume_type]}
        group = self.user.call("volumev3", "POST", "/groups", {"group": body}, **VOLUME_GROUPS)["group"]["id"]
        for _ in range(100):
            if self.user.get("volumev3", f"/groups/{group}", **VOLUME_GROUPS)["group"]["status"] == "available":
                break
        body = {"name": self.name + "-grouped", "size": 1, "group_id": group, "volume_type": volume_type}
        volume = self.user.call("volumev3", "POST", "/volumes", {"volume": body}, **VOLUME_GROUPS)["volume"]["id"]
        self.user.wait("volumev3", f"/volumes/{volume}", "volume")

    def images(self):
        for visibility in ("private", "shared"):
            fields = {"name": f"{self.name}-{visibility}", "container_format": "bare", "disk_format": "raw", "visibility": visibility}
            image = self.user.call("image", "POST", "/images", fields)["id"]
            self.user.call("image", "PUT", f"/images/{image}/file", b"\0" * 4096, Content_Type="application/octet-stream")
        if self.neighbour_id:
            self.user.call("image", "POST", f"/images/{image}/members", {"member": self.neighbour_id})

    def objects(self):
        def put(path, body=b"", **headers):
            self.user.call("object-store", "PUT", "/".join([""] + [quote(part) for part in path]), body, **headers)

        odd = "odd box ä&?#%"
        for container in (odd, "segments", "large", "versions-of-old"):
            put([container])
        for name in (" leading space", "a/b//c", "ünïcode ☃ 100%", "new\nline", "plus+plus?x=1#y"):
            put([odd, name], name.encode())
        parts = []
        for number in range(3):
            data = b"segment %d\n" % number
            put(["segments", f"part/{number}"], data)
            parts.append({"path": f"/segments/part/{number}", "etag": hashlib.md5(data).hexdigest(), "size_bytes": len(data)})
        manifest = self.user.base("object-store") + "/large/static?multipart-manifest=put"
        self.user.send("PUT", manifest, json.dumps(parts).encode())
        put(["large", "dynamic"], X_Object_Manifest="segments/part/")
        put(["new"], X_Versions_Enabled="true")
        put(["old"], X_Versions_Location="versions-of-old")
        for container in ("new", "old"):
            for number in range(3):
                put([container, "thrice"], b"%d" % number)
        self.user.call("object-store", "DELETE", "/new/thrice")

    def stack(self):
        resources = {"net": {"type": "OS::Neutron::Net", "properties": {"name": self.name + "-stacknet"}}}
        body = {"stack_name": self.name + "-stack", "template": {"heat_template_version": "2018-08-31", "resources": resources}}
        made = self.user.call("orchestration", "POST", "/stacks", body)["stack"]["id"]
        self.user.wait("orchestration", f"/stacks/{self.name}-stack/{made}", "stack", "stack_status", ("CREATE_COMPLETE",))

    def load_balancer(self):
        made = self.user.make("load-balancer", "/lbaas/loadbalancers", "loadbalancer", name=self.name + "-lb", vip_subnet_id=self.subnet)["id"]
        self.user.wait("load-balancer", f"/lbaas/loadbalancers/{made}", "loadbalancer", "provisioning_status")
        self.user.make("load-balancer", "/lbaas/listeners", "listener", name=self.name + "-listener", loadbalancer_id=made, protocol="HTTP", protocol_port=80)
        self.user.wait("load-balancer", f"/lbaas/loadbalancers/{made}", "loadbalancer", "provisioning_status")

    def zone(self):
        zone = self.user.call("dns", "POST", "/zones", {"name": self.name + ".example.org.", "email": "a@example.org"})["id"]
        self.user.call("dns", "POST", f"/zones/{zone}/recordsets", {"name": f"www.{self.name}.example.org.", "type": "A", "records": ["192.0.2.1"]})
        self.user.wait("dns", f"/zones/{zone}", None)

    def secrets(self):
        secret = self.user.call("key-manager", "POST", "/secrets", {"name": self.name + "-secret", "payload": "x", "payload_content_type": "text/plain"})
        self.user.call("key-manager", "POST", "/containers", {"name": self.name + "-container", "type": "generic",
                                                              "secret_refs": [{"name": "only", "secret_ref": secret["secret_ref"]}]})

    def settle(self):
        for server in self.server_ids:
            self.user.wait("compute", f"/servers/{server}", "server")
        port = self.user.get("network", f"/ports?device_id={self.server_ids[0]}")["ports"][0]["id"]
        self.network("/floatingips", "floatingip", floating_network_id=self.public, port_id=port)
