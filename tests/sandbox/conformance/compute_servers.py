"""Nova's servers: what they pass through, what is refused while they do, and what hangs on them."""

import time

NEW = {"OpenStack_API_Version": "compute 2.26"}


def parts(s):
    images = [i for i in s.user.get("image", "/images?limit=1000&visibility=public&status=active")["images"] if i.get("size")]
    image = min(images, key=lambda i: ("cirros" not in i["name"], i["size"]))["id"]
    flavor = min(s.user.get("compute", "/flavors/detail")["flavors"], key=lambda f: (f["ram"], f["disk"]))["id"]
    net = s.user.make("network", "/networks", "network", name=s.name + "-net")["id"]
    s.user.make("network", "/subnets", "subnet", network_id=net, ip_version=4, cidr="10.77.0.0/24")
    return {"imageRef": image, "flavorRef": flavor, "networks": [{"uuid": net}]}


def state(body):
    server = body["server"]
    return f"{server['status']}/{server['OS-EXT-STS:task_state']}"


def settled(s, label, server, end, through):
    s.until(label, s.user, f"/servers/{server}", state, end, through, **NEW)


def gone(s, label, server, before=("ACTIVE",)):
    through = [f"{b}/deleting" for b in before] + ["DELETED/None", "DELETED/deleting"] + [f"{b}/None" for b in before]
    settled(s, label, server, None, through)


BUILDING = ("BUILD/None", "BUILD/scheduling", "BUILD/networking", "BUILD/block_device_mapping", "BUILD/spawning", "ACTIVE/spawning")


def life(s):
    made_of = parts(s)
    post = lambda name, **more: {"server": made_of | {"name": f"{s.name}-{name}"} | more}
    key = s.user.make("compute", "/os-keypairs", "keypair", name=s.name + "-in-use")["name"]
    first = s.ask("create a server", s.user, "POST", "/servers", post("a", key_name=key))["server"]["id"]
    settled(s, "the server becomes active", first, "ACTIVE/None", BUILDING)
    s.ask("server", s.user, "GET", f"/servers/{first}", **NEW)
    s.ask("server as its user, without a microversion", s.user, "GET", f"/servers/{first}")
    s.ask("server, with its flavor inside", s.user, "GET", f"/servers/{first}", OpenStack_API_Version="compute 2.79")
    s.ask("server of somebody else", s.other, "GET", f"/servers/{first}")
    s.ask("delete somebody else's server", s.other, "DELETE", f"/servers/{first}")
    s.ask("start what is running", s.user, "POST", f"/servers/{first}/action", {"os-start": None})
    s.ask("an action that is not there", s.user, "POST", f"/servers/{first}/action", {"nosuch": None})
    s.ask("stop", s.user, "POST", f"/servers/{first}/action", {"os-stop": None})
    settled(s, "the server stops", first, "SHUTOFF/None", ("ACTIVE/None", "ACTIVE/powering-off", "SHUTOFF/powering-off"))
    s.ask("stop what is stopped", s.user, "POST", f"/servers/{first}/action", {"os-stop": None})
    s.ask("start", s.user, "POST", f"/servers/{first}/action", {"os-start": None})
    settled(s, "the server starts", first, "ACTIVE/None", ("SHUTOFF/None", "SHUTOFF/powering-on", "ACTIVE/powering-on"))
    locked(s, first)
    listed(s, first, post)
    s.ask("delete the keypair of a server", s.user, "DELETE", f"/os-keypairs/{key}")
    volumes_of(s, first)
    s.ask("delete a server", s.user, "DELETE", f"/servers/{first}")
    gone(s, "the server goes", first)
    s.ask("delete a deleted server", s.user, "DELETE", f"/servers/{first}")
    s.ask("stop a deleted server", s.user, "POST", f"/servers/{first}/action", {"os-stop": None})
    ports_of_strangers(s, post)


def ports_of_strangers(s, post):
    """Whoever owns a port may name any server as its device; who deletes the server decides what becomes of the port."""
    net = s.other.make("network", "/networks", "network", name=s.name + "-strange")["id"]
    for who, by in (("its user", s.user), ("an administrator", s.admin)):
        server = s.user.call("compute", "POST", "/servers", post("strange"))["server"]["id"]
        settled(s, f"a server for {who} becomes active", server, "ACTIVE/None", BUILDING)
        device = {"device_id": server, "device_owner": "compute:nova"}
        port = s.other.make("network", "/ports", "port", network_id=net, **device)["id"]
        s.ask(f"delete a server as {who}", by, "DELETE", f"/servers/{server}")
        gone(s, f"the server deleted by {who} goes", server)
        s.ask(f"a stranger's port after {who}", s.other, "GET", s.base(s.other, "network") + f"/ports/{port}",
              says=lambda b: b["port"]["device_owner"])
        s.send(s.other, "DELETE", s.base(s.other, "network") + f"/ports/{port}")
    s.other.call("network", "DELETE", f"/networks/{net}")


def locked(s, server):
    act = lambda label, who, body: s.ask(label, who, "POST", f"/servers/{server}/action", body)
    act("lock", s.user, {"lock": None})
    s.ask("locked server", s.user, "GET", f"/servers/{server}", OpenStack_API_Version="compute 2.73")
    act("stop a locked server", s.user, {"os-stop": None})
    s.ask("delete a locked server", s.user, "DELETE", f"/servers/{server}")
    act("unlock", s.user, {"unlock": None})
    act("lock as administrator", s.admin, {"lock": None})
    act("unlock what an administrator locked", s.user, {"unlock": None})
    act("unlock as administrator", s.admin, {"unlock": None})
    act("force the deletion as a user", s.other, {"forceDelete": None})
    act("reset the state as a user", s.user, {"os-resetState": {"state": "active"}})
    act("shelve", s.user, {"shelve": None})
    settled(s, "the server is shelved", server, "SHELVED_OFFLOADED/None",
            ("ACTIVE/shelving", "ACTIVE/shelving_image_pending_upload", "ACTIVE/shelving_image_uploading", "SHELVED/shelving_offloading",
             "ACTIVE/shelving_offloading", "ACTIVE/shelving_image_uploading", "SHELVED/None", "ACTIVE/None", "SHELVED_OFFLOADED/shelving_offloading"))
    time.sleep(1)  # its host is taken from it a moment later
    act("stop a shelved server", s.user, {"os-stop": None})
    act("unshelve", s.user, {"unshelve": None})
    settled(s, "the server is back", server, "ACTIVE/None",
            ("SHELVED_OFFLOADED/None", "SHELVED_OFFLOADED/unshelving", "SHELVED_OFFLOADED/spawning", "ACTIVE/spawning", "SHELVED_OFFLOADED/networking"))
    act("suspend", s.user, {"suspend": None})
    settled(s, "the server is suspended", server, "SUSPENDED/None", ("ACTIVE/None", "ACTIVE/suspending"))
    act("resume", s.user, {"resume": None})
    settled(s, "the server is resumed", server, "ACTIVE/None", ("SUSPENDED/None", "SUSPENDED/resuming"))
    act("pause", s.user, {"pause": None})
    settled(s, "the server is paused", server, "PAUSED/None", ("ACTIVE/None", "ACTIVE/pausing"))
    act("stop a paused server", s.user, {"os-stop": None})
    act("unpause", s.user, {"unpause": None})
    settled(s, "the server is no longer paused", server, "ACTIVE/None", ("PAUSED/None", "PAUSED/unpausing"))


def listed(s, first, post):
    second = s.user.call("compute", "POST", "/servers", post("b"))["server"]["id"]
    settled(s, "another server becomes active", second, "ACTIVE/None", BUILDING)
    project = s.user.project_id
    names = lambda b: [row["name"] for row in b["servers"]]
    s.ask("servers", s.user, "GET", "/servers/detail", says=names, **NEW)
    s.ask("brief servers", s.user, "GET", "/servers", says=names)
    s.ask("servers, first page", s.user, "GET", "/servers/detail?limit=1", says=names, **NEW)
    s.ask("servers, by marker", s.user, "GET", f"/servers?limit=1&marker={second}", says=names)
    s.ask("servers, a page of just the number", s.user, "GET", "/servers?limit=2", says=names)
    s.ask("servers, after the last", s.user, "GET", f"/servers?limit=2&marker={first}", says=names)
    s.ask("servers of a project as administrator", s.admin, "GET", f"/servers/detail?all_tenants=1&project_id={project}", says=names, **NEW)
    s.ask("servers of all tenants", s.admin, "GET", "/servers/detail?all_tenants=1&limit=1000", only=[first], says=lambda b: len(b["servers"]) > 1, **NEW)
    s.ask("a project without all tenants", s.admin, "GET", f"/servers/detail?project_id={project}", only=[first, second])
    s.ask("servers of a project by the older name", s.admin, "GET", f"/servers?all_tenants=1&tenant_id={project}", says=names)
    s.ask("servers by name", s.user, "GET", f"/servers?name={s.name}-b", says=names)
    s.ask("servers by status", s.user, "GET", "/servers?status=SHUTOFF", says=names)
    s.ask("servers by an unknown status", s.user, "GET", "/servers?status=nosuch", says=names)
    s.ask("servers changed since", s.user, "GET", "/servers?changes-since=2099-01-01T00:00:00Z", says=names)
    s.ask("delete the other server", s.user, "DELETE", f"/servers/{second}")
    gone(s, "the other server goes", second)


def volumes_of(s, server):
    volume = s.user.make("volumev3", "/volumes", "volume", name=s.name + "-vol", size=1)["id"]
    s.user.wait("volumev3", f"/volumes/{volume}", "volume")
    path = f"/servers/{server}/os-volume_attachments"
    s.ask("volumes of a server without one", s.user, "GET", path)
    s.ask("attach", s.user, "POST", path, {"volumeAttachment": {"volumeId": volume}})
    s.user.wait("volumev3", f"/volumes/{volume}", "volume", want=("in-use",))
    s.ask("volumes of a server", s.user, "GET", path)
    s.ask("server with a volume", s.user, "GET", f"/servers/{server}", **NEW)
    s.ask("attach what is attached", s.user, "POST", path, {"volumeAttachment": {"volumeId": volume}})
    s.ask("attach what is not there", s.user, "POST", path, {"volumeAttachment": {"volumeId": "00000000-0000-0000-0000-000000000000"}})
    s.ask("detach", s.user, "DELETE", f"{path}/{volume}")
    s.user.wait("volumev3", f"/volumes/{volume}", "volume", want=("available",))
    s.ask("detach what is not attached", s.user, "DELETE", f"{path}/{volume}")
    interfaces = s.ask("interfaces of a server", s.user, "GET", f"/servers/{server}/os-interface")
    port = interfaces["interfaceAttachments"][0]["port_id"]
    s.ask("take an interface off", s.user, "DELETE", f"/servers/{server}/os-interface/{port}")


groups = [life]
