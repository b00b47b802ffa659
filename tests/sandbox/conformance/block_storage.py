"""Cinder's volumes, snapshots and backups: all of them go late, and each holds on to another."""

import time

NEW = {"OpenStack_API_Version": "volume 3.58"}


def documents(s):
    s.ask("versions", None, "GET", s.root() + "/")
    s.ask("version 3", None, "GET", s.root() + "/v3/")
    s.ask("volumes without a token", None, "GET", s.root() + f"/v3/{s.user.project_id}/volumes")
    s.ask("volumes with a token that is none", s.user, "GET", "/volumes", X_Auth_Token="nonsense")
    s.ask("volumes without a project in the path", s.user, "GET", s.root() + "/v3/volumes")
    s.ask("volumes of somebody else's path", s.other, "GET", s.base(s.user) + "/volumes")
    s.ask("volumes of somebody else's path as administrator", s.admin, "GET", s.base(s.user) + "/volumes")
    s.ask("a path that is not there", s.user, "GET", "/nosuch")
    s.ask("a microversion that is not there", s.user, "GET", "/volumes", OpenStack_API_Version="volume 3.999")
    s.ask("limits", s.user, "GET", "/limits")
    s.ask("types", s.user, "GET", "/types", says=lambda b: bool(b["volume_types"]))
    s.ask("the default type", s.user, "GET", "/types/default")


def status(key):
    return lambda body: body[key]["status"]


def settled(s, label, path, key, end, through):
    s.until(label, s.user, path, status(key), end, through)


def volume(s, label, name, **fields):
    made = s.ask(label, s.user, "POST", "/volumes", {"volume": {"name": f"{s.name}-{name}", "size": 1} | fields})["volume"]["id"]
    settled(s, label + ": it becomes available", f"/volumes/{made}", "volume", "available", ("creating", "downloading"))
    return made


def life(s):
    first = volume(s, "create a volume", "a", metadata={"ostclean:keep": "1"})
    time.sleep(1.1)  # lists are ordered by the second
    second = volume(s, "create another volume", "b")
    s.ask("volume", s.user, "GET", f"/volumes/{first}")
    s.ask("volume, newer", s.user, "GET", f"/volumes/{first}", **NEW)
    s.ask("volume as administrator, under its own project", s.admin, "GET", f"/volumes/{first}")
    s.ask("volume of somebody else", s.other, "GET", f"/volumes/{first}")
    s.ask("volume that is not there", s.user, "GET", "/volumes/nosuch")
    s.ask("delete somebody else's volume", s.other, "DELETE", f"/volumes/{first}")
    s.ask("a volume of no snapshot", s.user, "POST", "/volumes", {"volume": {"size": 1, "snapshot_id": "00000000-0000-0000-0000-000000000000"}})
    s.ask("a volume of no size", s.user, "POST", "/volumes", {"volume": {"name": "x"}})
    s.ask("reset a status as a user", s.user, "POST", f"/volumes/{first}/action", {"os-reset_status": {"status": "error"}})
    s.ask("force a deletion as a user", s.user, "POST", f"/volumes/{first}/action", {"os-force_delete": {}})
    s.ask("an action that is not there", s.user, "POST", f"/volumes/{first}/action", {"nosuch": {}})
    listed(s, first, second)
    snapshots(s, first)
    backups(s, second)
    s.ask("delete a volume", s.user, "DELETE", f"/volumes/{first}")
    settled(s, "the volume goes", f"/volumes/{first}", "volume", None, ("deleting",))
    s.ask("delete a deleted volume", s.user, "DELETE", f"/volumes/{first}")
    s.ask("reset a status", s.admin, "POST", f"/volumes/{second}/action", {"os-reset_status": {"status": "error_deleting"}})
    s.ask("delete a volume in error_deleting", s.user, "DELETE", f"/volumes/{second}")
    s.ask("force a deletion", s.admin, "POST", f"/volumes/{second}/action", {"os-force_delete": {}})
    settled(s, "the forced volume goes", f"/volumes/{second}", "volume", None, ("deleting",))


def listed(s, first, second):
    project = s.user.project_id
    names = lambda b: [row["name"] for row in b["volumes"]]
    s.ask("volumes", s.user, "GET", "/volumes/detail", says=names)
    s.ask("volumes, newer", s.user, "GET", "/volumes/detail", says=names, **NEW)
    s.ask("brief volumes", s.user, "GET", "/volumes", says=names)
    s.ask("volumes, first page", s.user, "GET", "/volumes/detail?limit=1", says=names)
    s.ask("volumes, by marker", s.user, "GET", f"/volumes?limit=1&marker={second}", says=names)
    s.ask("volumes, a page of just the number", s.user, "GET", "/volumes?limit=2", says=names)
    s.ask("volumes, after the last", s.user, "GET", f"/volumes?limit=2&marker={first}", says=names)
    s.ask("volumes, after what is not there", s.user, "GET", "/volumes?marker=nosuch")
    s.ask("volumes, a limit that is none", s.user, "GET", "/volumes?limit=x")
    s.ask("volumes by name", s.user, "GET", f"/volumes?name={s.name}-b", says=names)
    s.ask("volumes by status", s.user, "GET", "/volumes?status=error", says=names)
    s.ask("volumes by what is not there", s.user, "GET", "/volumes?nosuch=x", says=names)
    s.ask("volumes of a project as administrator", s.admin, "GET", f"/volumes/detail?all_tenants=1&project_id={project}", says=names)
    s.ask("volumes of all tenants", s.admin, "GET", "/volumes/detail?all_tenants=1&limit=1000", only=[first], says=lambda b: len(b["volumes"]) > 1)
    s.ask("all tenants as a user", s.user, "GET", "/volumes/detail?all_tenants=1", says=names)
    s.ask("a project without all tenants", s.admin, "GET", f"/volumes/detail?project_id={project}", only=[first, second])


def snapshots(s, owner):
    post = {"snapshot": {"volume_id": owner, "name": s.name + "-snap"}}
    made = s.ask("create a snapshot", s.user, "POST", "/snapshots", post)["snapshot"]["id"]
    settled(s, "the snapshot becomes available", f"/snapshots/{made}", "snapshot", "available", ("creating",))
    s.ask("snapshot", s.user, "GET", f"/snapshots/{made}")
    s.ask("snapshot, newer", s.user, "GET", f"/snapshots/{made}", **NEW)
    s.ask("snapshot of somebody else", s.other, "GET", f"/snapshots/{made}")
    s.ask("snapshot that is not there", s.user, "GET", "/snapshots/nosuch")
    s.ask("snapshots", s.user, "GET", "/snapshots/detail", says=lambda b: len(b["snapshots"]))
    s.ask("snapshots, newer", s.user, "GET", "/snapshots/detail", **NEW)
    s.ask("brief snapshots", s.user, "GET", "/snapshots")
    s.ask("snapshots, a page", s.user, "GET", "/snapshots/detail?limit=1", says=lambda b: len(b["snapshots"]))
    s.ask("snapshots of a project as administrator", s.admin, "GET", f"/snapshots/detail?all_tenants=1&project_id={s.user.project_id}",
          says=lambda b: len(b["snapshots"]))
    s.ask("snapshots by volume", s.user, "GET", f"/snapshots/detail?volume_id={owner}", says=lambda b: len(b["snapshots"]))
    s.ask("delete a volume with a snapshot", s.user, "DELETE", f"/volumes/{owner}")
    from_it = volume(s, "create a volume of a snapshot", "c", snapshot_id=made)
    s.ask("delete somebody else's snapshot", s.other, "DELETE", f"/snapshots/{made}")
    s.ask("delete a snapshot", s.user, "DELETE", f"/snapshots/{made}")
    settled(s, "the snapshot goes", f"/snapshots/{made}", "snapshot", None, ("deleting",))
    s.ask("delete a deleted snapshot", s.user, "DELETE", f"/snapshots/{made}")
    again = s.user.make("volumev3", "/snapshots", "snapshot", volume_id=from_it)["id"]
    s.user.wait("volumev3", f"/snapshots/{again}", "snapshot")
    s.ask("delete a volume with its snapshots", s.user, "DELETE", f"/volumes/{from_it}?cascade=true")
    settled(s, "the volume goes with its snapshots", f"/volumes/{from_it}", "volume", None, ("deleting",))
    s.ask("the snapshot that went with its volume", s.user, "GET", f"/snapshots/{again}")


def backups(s, owner):
    post = lambda name, **more: {"backup": {"volume_id": owner, "name": f"{s.name}-{name}"} | more}
    s.ask("an incremental backup of nothing", s.user, "POST", "/backups", post("x", incremental=True))
    full = s.ask("create a backup", s.user, "POST", "/backups", post("full"))["backup"]["id"]
    s.ask("delete a backup that is being made", s.user, "DELETE", f"/backups/{full}")
    settled(s, "the backup becomes available", f"/backups/{full}", "backup", "available", ("creating",))
    s.ask("backup", s.user, "GET", f"/backups/{full}")
    s.ask("backup, newer", s.user, "GET", f"/backups/{full}", **NEW)
    s.ask("backup of somebody else", s.other, "GET", f"/backups/{full}")
    s.ask("backup that is not there", s.user, "GET", "/backups/nosuch")
    time.sleep(1.1)  # lists are ordered by the second
    more = s.ask("create an incremental backup", s.user, "POST", "/backups", post("more", incremental=True))["backup"]["id"]
    settled(s, "the incremental backup becomes available", f"/backups/{more}", "backup", "available", ("creating",))
    s.ask("backups", s.user, "GET", "/backups/detail", says=lambda b: [row["name"] for row in b["backups"]])
    s.ask("backups, newer", s.user, "GET", "/backups/detail", **NEW)
    s.ask("brief backups", s.user, "GET", "/backups")
    s.ask("backups, a page", s.user, "GET", "/backups/detail?limit=1", says=lambda b: len(b["backups"]))
    s.ask("backups of a project as administrator", s.admin, "GET", f"/backups/detail?all_tenants=1&project_id={s.user.project_id}",
          says=lambda b: len(b["backups"]), **NEW)
    s.ask("backups of a project as administrator, without a microversion", s.admin, "GET",
          f"/backups/detail?all_tenants=1&project_id={s.user.project_id}", says=lambda b: len(b["backups"]))
    s.ask("delete a backup that another stands on", s.user, "DELETE", f"/backups/{full}")
    s.ask("delete an incremental backup", s.user, "DELETE", f"/backups/{more}")
    settled(s, "the incremental backup goes", f"/backups/{more}", "backup", None, ("deleting",))
    s.ask("delete a backup", s.user, "DELETE", f"/backups/{full}")
    settled(s, "the backup goes", f"/backups/{full}", "backup", None, ("deleting",))
    s.ask("delete a deleted backup", s.user, "DELETE", f"/backups/{full}")


def transfers(s):
    made = s.user.make("volumev3", "/volumes", "volume", name=s.name + "-given", size=1)["id"]
    s.user.wait("volumev3", f"/volumes/{made}", "volume")
    post = {"transfer": {"volume_id": made, "name": s.name + "-transfer"}}
    transfer = s.ask("create a transfer", s.user, "POST", "/os-volume-transfer", post)["transfer"]["id"]
    s.ask("create a transfer twice", s.user, "POST", "/os-volume-transfer", post)
    s.ask("volume that awaits its transfer", s.user, "GET", f"/volumes/{made}")
    s.ask("delete a volume that awaits its transfer", s.user, "DELETE", f"/volumes/{made}")
    s.ask("transfer", s.user, "GET", f"/os-volume-transfer/{transfer}")
    s.ask("transfer of somebody else", s.other, "GET", f"/os-volume-transfer/{transfer}")
    s.ask("transfers", s.user, "GET", "/os-volume-transfer/detail")
    s.ask("brief transfers", s.user, "GET", "/os-volume-transfer")
    s.ask("transfers of all tenants", s.admin, "GET", "/os-volume-transfer/detail?all_tenants=1", only=[transfer])
    s.ask("delete a transfer", s.user, "DELETE", f"/os-volume-transfer/{transfer}")
    s.ask("delete a deleted transfer", s.user, "DELETE", f"/os-volume-transfer/{transfer}")
    s.ask("volume whose transfer went", s.user, "GET", f"/volumes/{made}")
    s.ask("create a transfer of what is not there", s.user, "POST", "/os-volume-transfer", {"transfer": {"volume_id": "nosuch", "name": "x"}})
    s.user.call("volumev3", "DELETE", f"/volumes/{made}")


def image_metadata(s):
    images = [i for i in s.user.get("image", "/images?limit=1000&visibility=public&status=active")["images"] if i.get("size")]
    image = min(images, key=lambda i: ("cirros" not in i["name"], i["size"]))["id"]
    made = volume(s, "create a volume of an image", "of-image", imageRef=image)
    s.ask("volume of an image", s.user, "GET", f"/volumes/{made}")
    s.ask("image metadata of a volume", s.user, "POST", f"/volumes/{made}/action", {"os-show_image_metadata": {}})
    s.ask("set image metadata", s.user, "POST", f"/volumes/{made}/action", {"os-set_image_metadata": {"metadata": {"colour": "red"}}})
    s.ask("delete the volume of an image", s.user, "DELETE", f"/volumes/{made}")


groups = [documents, life, transfers, image_metadata]
