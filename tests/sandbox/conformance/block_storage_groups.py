"""Cinder's volume groups and their snapshots, which a newer microversion shows."""

NEW = {"OpenStack_API_Version": "volume 3.58"}


def status(key):
    return lambda body: body[key]["status"]


def group_of_volumes(s):
    s.ask("groups without a microversion", s.user, "GET", "/groups/detail")
    s.ask("groups when there are none", s.user, "GET", "/groups/detail", **NEW)
    kind = s.world.group_type
    s.ask("group types", s.user, "GET", "/group_types", only=[kind], **NEW)
    volume_type = s.user.get("volumev3", "/types/default")["volume_type"]["id"]
    body = {"group": {"name": s.name + "-group", "group_type": kind, "volume_types": [volume_type]}}
    made = s.ask("create a group", s.user, "POST", "/groups", body, **NEW)["group"]["id"]
    s.until("the group becomes available", s.user, f"/groups/{made}", status("group"), "available", ("creating",), **NEW)
    s.ask("group", s.user, "GET", f"/groups/{made}", **NEW)
    s.ask("group of somebody else", s.other, "GET", f"/groups/{made}", **NEW)
    s.ask("group that is not there", s.user, "GET", "/groups/nosuch", **NEW)
    s.ask("groups", s.user, "GET", "/groups/detail", **NEW)
    s.ask("brief groups", s.user, "GET", "/groups", **NEW)
    s.ask("groups of a project as administrator", s.admin, "GET", f"/groups/detail?all_tenants=1&project_id={s.user.project_id}", **NEW)
    body = {"volume": {"name": s.name + "-grouped", "size": 1, "group_id": made, "volume_type": volume_type}}
    volume = s.ask("create a volume in a group", s.user, "POST", "/volumes", body, **NEW)["volume"]["id"]
    s.user.wait("volumev3", f"/volumes/{volume}", "volume")
    s.ask("volume in a group", s.user, "GET", f"/volumes/{volume}", **NEW)
    s.ask("group with its volumes", s.user, "GET", f"/groups/{made}?list_volume=true", **NEW)
    s.ask("delete a volume in a group", s.user, "DELETE", f"/volumes/{volume}")
    snapshot(s, made)
    change = lambda label, value: s.ask(label, s.user, "PUT", f"/groups/{made}", {"group": {"remove_volumes": value}}, **NEW)
    change("take nothing out of a group", "")
    change("take out what is not in a group", "00000000-0000-0000-0000-000000000000")
    act = lambda label, who, flag: s.ask(label, who, "POST", f"/groups/{made}/action", {"delete": {"delete-volumes": flag}}, **NEW)
    act("delete a group that has volumes", s.user, False)
    act("delete somebody else's group", s.other, True)
    s.ask("delete a group by DELETE", s.user, "DELETE", f"/groups/{made}", **NEW)
    act("delete a group with its volumes", s.user, True)
    s.until("the group goes", s.user, f"/groups/{made}", status("group"), None, ("deleting",), **NEW)
    s.ask("the volume that went with its group", s.user, "GET", f"/volumes/{volume}")


def snapshot(s, group):
    body = {"group_snapshot": {"name": s.name + "-gs", "group_id": group}}
    made = s.ask("create a group snapshot", s.user, "POST", "/group_snapshots", body, **NEW)["group_snapshot"]["id"]
    s.until("the group snapshot becomes available", s.user, f"/group_snapshots/{made}", status("group_snapshot"), "available", ("creating",), **NEW)
    s.ask("group snapshot", s.user, "GET", f"/group_snapshots/{made}", **NEW)
    s.ask("group snapshots", s.user, "GET", "/group_snapshots/detail", **NEW)
    s.ask("group snapshots of a project as administrator", s.admin, "GET", f"/group_snapshots/detail?all_tenants=1&project_id={s.user.project_id}", **NEW)
    part = s.ask("snapshots of a group snapshot", s.user, "GET", "/snapshots/detail", **NEW)["snapshots"][0]["id"]
    s.ask("delete a snapshot of a group snapshot", s.user, "DELETE", f"/snapshots/{part}", **NEW)
    act = {"delete": {"delete-volumes": True}}
    s.ask("delete a group that has a snapshot", s.user, "POST", f"/groups/{group}/action", act, **NEW)
    s.ask("delete a group snapshot", s.user, "DELETE", f"/group_snapshots/{made}", **NEW)
    s.until("the group snapshot goes", s.user, f"/group_snapshots/{made}", status("group_snapshot"), None, ("deleting",), **NEW)
    s.ask("the snapshot that went with it", s.user, "GET", f"/snapshots/{part}", **NEW)
    s.ask("delete a deleted group snapshot", s.user, "DELETE", f"/group_snapshots/{made}", **NEW)


groups = [group_of_volumes]
