"""What a project holds, id by id, and how it is taken down without ostclean."""

import time

from api import quote, refused

VOLUME_GROUPS = {"OpenStack_API_Version": "volume 3.13"}

# kind, service, list path, key, item path; in an order in which they can be deleted.
KINDS = (
    ("stack", "orchestration", "/stacks", "stacks", "/stacks/{stack_name}/{id}"),
    ("load_balancer", "load-balancer", "/lbaas/loadbalancers", "loadbalancers", "/lbaas/loadbalancers/{id}?cascade=true"),
    ("server", "compute", "/servers/detail", "servers", "/servers/{id}"),
    ("server_group", "compute", "/os-server-groups", "server_groups", "/os-server-groups/{id}"),
    ("volume_transfer", "volumev3", "/os-volume-transfer", "transfers", "/os-volume-transfer/{id}"),
    ("backup", "volumev3", "/backups/detail", "backups", "/backups/{id}"),
    ("snapshot", "volumev3", "/snapshots/detail", "snapshots", "/snapshots/{id}"),
    ("volume", "volumev3", "/volumes/detail", "volumes", "/volumes/{id}"),
    ("image", "image", "/images?limit=1000&visibility=all&owner={project}", "images", "/images/{id}"),
    ("zone", "dns", "/zones", "zones", "/zones/{id}"),
    ("secret_container", "key-manager", "/containers?limit=100", "containers", "/containers/{id}"),
    ("secret", "key-manager", "/secrets?limit=100", "secrets", "/secrets/{id}"),
    ("floating_ip", "network", "/floatingips", "floatingips", "/floatingips/{id}"),
    ("trunk", "network", "/trunks", "trunks", "/trunks/{id}"),
    ("router", "network", "/routers", "routers", "/routers/{id}"),
    ("port", "network", "/ports", "ports", "/ports/{id}"),
    ("rbac_policy", "network", "/rbac-policies", "rbac_policies", "/rbac-policies/{id}"),
    ("subnet", "network", "/subnets", "subnets", "/subnets/{id}"),
    ("network", "network", "/networks", "networks", "/networks/{id}"),
    ("subnet_pool", "network", "/subnetpools", "subnetpools", "/subnetpools/{id}"),
    ("security_group", "network", "/security-groups", "security_groups", "/security-groups/{id}"),
    ("address_group", "network", "/address-groups", "address_groups", "/address-groups/{id}"),
    ("qos_policy", "network", "/qos/policies", "policies", "/qos/policies/{id}"),
    ("metering_label", "network", "/metering/metering-labels", "metering_labels", "/metering/metering-labels/{id}"),
)
SHOWN = ("name", "status", "visibility", "routes", "port_forwardings", "sub_ports", "members", "target_tenant", "volume_id")


def listed(admin, user, kind):
    """The rows of one kind as their project sees them; Neutron is asked as administrator, who sees all."""
    name, service, path, key, _ = kind
    if not user.has(service):
        return []
    project = user.project_id
    who = admin if service == "network" else user
    if who is admin:
        path += f"?project_id={project}"
    try:
        rows = who.get(service, path.format(project=project))[key]
    except refused as error:
        if error.status in (403, 404) and service == "network":
            return []  # an extension that this cloud does not have
        raise
    for row in rows:
        row.setdefault("id", (row.get("secret_ref") or row.get("container_ref") or "").rsplit("/", 1)[-1])
    owners = ("project_id", "tenant_id", "owner", "project", "os-vol-tenant-attr:tenant_id")
    return [row for row in rows if next((row[o] for o in owners if row.get(o)), project) == project]


def containers(user):
    if not user.has("object-store"):
        return []
    return [row["name"] for row in user.get("object-store", "?format=json") or []]


def objects(user, container, query=""):
    return user.get("object-store", f"/{quote(container)}?format=json{query}") or []


def inventory(admin, user):
    """{(kind, id): what must not change} of everything in the user's project."""
    found = {}
    for kind in KINDS:
        for row in listed(admin, user, kind):
            shown = {name: row[name] for name in SHOWN if row.get(name)}
            if kind[0] == "security_group":
                shown["rules"] = sorted(rule["id"] for rule in row["security_group_rules"])
            if kind[0] == "port":
                shown["device"] = row["device_owner"]
            found[kind[0], row["id"]] = shown
    for group in groups(user):
        found["volume_group", group["id"]] = {"name": group["name"]}
    for row in user.get("compute", "/os-keypairs")["keypairs"]:
        found["keypair", row["keypair"]["name"]] = {"fingerprint": row["keypair"]["fingerprint"]}
    for container in containers(user):
        rows = objects(user, container) + objects(user, container, "&versions")
        found["container", container] = {"objects": sorted(str((r["name"], r["hash"], r.get("version_id"))) for r in rows)}
    return found


def groups(user):
    return user.get("volumev3", "/groups/detail", **VOLUME_GROUPS)["groups"] if user.has("volumev3") else []


def left(found):
    """Without what every project has: its default security group."""
    return {key: shown for key, shown in found.items() if not (key[0] == "security_group" and shown.get("name") == "default")}


def attempt(who, service, method, path, body=None, **headers):
    try:
        who.call(service, method, path, body, **headers)
    except (refused, OSError):
        pass  # a later round may do better


def tear_down(admin, user, rounds=40):
    """Deletes everything of the user's project, in rounds, because services let go of things late."""
    for _ in range(rounds):
        for container in containers(user):
            attempt(user, "object-store", "POST", f"/{quote(container)}", b"", X_Versions_Enabled="false", X_Remove_Versions_Location="x")
            for row in objects(user, container, "&versions"):
                version = f"?version-id={row['version_id']}" if "version_id" in row else ""
                attempt(user, "object-store", "DELETE", f"/{quote(container)}/{quote(row['name'])}{version}")
            attempt(user, "object-store", "DELETE", f"/{quote(container)}")
        for row in user.get("compute", "/os-keypairs")["keypairs"]:
            attempt(user, "compute", "DELETE", "/os-keypairs/" + quote(row["keypair"]["name"]))
        for kind in KINDS:
            for row in listed(admin, user, kind):
                if kind[0] == "router":
                    release_router(admin, row)
                if kind[0] == "port" and row["device_owner"] in ("network:router_interface", "network:router_gateway"):
                    attempt(admin, "network", "PUT", f"/routers/{row['device_id']}/remove_router_interface", {"port_id": row["id"]})
                if kind[0] == "security_group":
                    if row["name"] == "default":
                        continue
                    for rule in row["security_group_rules"]:
                        attempt(admin, "network", "DELETE", f"/security-group-rules/{rule['id']}")
                if kind[0] != "port" or not row["device_owner"] or row["device_owner"].startswith("trunk:"):
                    attempt(admin if kind[1] == "network" else user, kind[1], "DELETE", kind[4].format(**row))
        for group in groups(user):
            attempt(user, "volumev3", "POST", f"/groups/{group['id']}/action", {"delete": {"delete-volumes": True}}, **VOLUME_GROUPS)
        remains = inventory(admin, user)
        if not left(remains):
            # Last, because listing a project's groups makes its default group anew.
            for _, group in remains:
                attempt(admin, "network", "DELETE", f"/security-groups/{group}")
            return {}
        time.sleep(1)
    return left(remains)


def release_router(admin, router):
    attempt(admin, "network", "PUT", f"/routers/{router['id']}", {"router": {"routes": [], "external_gateway_info": {}}})
    for port in admin.get("network", f"/ports?device_id={router['id']}&device_owner=network:router_interface")["ports"]:
        attempt(admin, "network", "PUT", f"/routers/{router['id']}/remove_router_interface", {"port_id": port["id"]})
