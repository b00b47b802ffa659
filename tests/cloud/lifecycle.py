"""stop, its undo, images, delete --keep-images and purge against the real OpenStack: one user whose trial
is over, and a neighbour whose servers run from an image of that user."""

import json
import os
import time

from api import refused
from inventory import inventory

BEFORE = {"active": "ACTIVE", "paused": "PAUSED", "suspended": "SUSPENDED", "rescued": "RESCUE", "locked": "ACTIVE"}


class resting:
    """The project that is stopped, and what the neighbour made of its image."""

    def __init__(self, w):
        self.w = w
        for which, days, duration in (("resting", 60, 14), ("borrower", 1, 365)):
            w.add_user(which, days, duration)
        self.user, self.neighbour = w.users["resting"], w.users["borrower"]
        self.images = {visibility: self.image(visibility) for visibility in ("shared", "community", "private")}
        self.lend(self.images["shared"])
        self.servers = {name: self.server(self.user, name) for name in BEFORE}
        self.volume = None
        self.borrowed = [self.server(self.neighbour, "borrowed", self.images["shared"])]
        self.from_volume()
        for name, server in self.servers.items():
            self.bring(name, server)

    def image(self, visibility):
        fields = {"name": f"{self.w.name}-{visibility}", "container_format": "bare", "disk_format": "raw", "visibility": visibility}
        image = self.user.call("image", "POST", "/images", fields)["id"]
        self.user.call("image", "PUT", f"/images/{image}/file", b"\0" * 4096, Content_Type="application/octet-stream")
        return image

    def lend(self, image):
        member = self.neighbour.project_id
        self.user.call("image", "POST", f"/images/{image}/members", {"member": member})
        self.neighbour.call("image", "PUT", f"/images/{image}/members/{member}", {"status": "accepted"})

    def server(self, user, name, image=None, **more):
        if not hasattr(user, "resting_net"):
            user.resting_net = user.make("network", "/networks", "network", name="resting-net")["id"]
            user.make("network", "/subnets", "subnet", network_id=user.resting_net, ip_version=4, cidr="10.79.0.0/24")
            user.flavor = min(user.get("compute", "/flavors/detail")["flavors"], key=lambda f: (f["ram"], f["disk"]))["id"]
        if not image and not more:
            public = [i for i in user.get("image", "/images?limit=1000&visibility=public&status=active")["images"] if i.get("size")]
            image = min(public, key=lambda i: ("cirros" not in i["name"], i["size"]))["id"]
        fields = {"name": name, "flavorRef": user.flavor, "networks": [{"uuid": user.resting_net}], **more}
        if image:
            fields["imageRef"] = image
        return user.make("compute", "/servers", "server", **fields)["id"]

    def from_volume(self):
        """A server of the neighbour that knows the image only through its volume."""
        try:
            volume = self.neighbour.make("volumev3", "/volumes", "volume", name="borrowed", size=1, imageRef=self.images["shared"])["id"]
            self.neighbour.wait("volumev3", f"/volumes/{volume}", "volume")
        except (refused, RuntimeError) as error:
            print(f"not on this cloud: a volume made from an image: {error}", flush=True)
            return
        disk = {"uuid": volume, "source_type": "volume", "destination_type": "volume", "boot_index": 0}
        self.volume = volume
        self.borrowed.append(self.server(self.neighbour, "borrowed-volume", block_device_mapping_v2=[disk]))

    def bring(self, name, server):
        self.user.wait("compute", f"/servers/{server}", "server")
        action = {"paused": "pause", "suspended": "suspend", "rescued": "rescue", "locked": "lock"}.get(name)
        if action:
            self.user.call("compute", "POST", f"/servers/{server}/action", {action: None})
        self.user.wait("compute", f"/servers/{server}", "server", want=(BEFORE[name],))

    def states(self):
        return {name: self.user.get("compute", f"/servers/{server}")["server"]["status"] for name, server in self.servers.items()}

    def sharing(self):
        all_of_them = {}
        for name, image in self.images.items():
            seen = self.user.get("image", f"/images/{image}")
            members = self.user.get("image", f"/images/{image}/members")["members"] if seen["visibility"] == "shared" else []
            all_of_them[name] = (seen["visibility"], [(m["member_id"], m["status"]) for m in members])
        return all_of_them


def events(record, event):
    with open(record, encoding="utf-8") as file:
        return [line for line in map(json.loads, file) if line["event"] == event]


def stopping(run, r, check, only_reads, record):
    user, stopped = ("--user", r.user.user_id), {name: "SHUTOFF" for name in BEFORE} | {"locked": "ACTIVE"}
    sharing, states = r.sharing(), r.states()
    check("resting: the seed is what it should be", states == BEFORE, states)
    got = run("--debug", "stop", *user, "--dry-run", "-f", "json")
    check("stop --dry-run: exit 0 and only reads", got.code == 0 and only_reads(got)[0], got.shown())
    planned = {row["name"]: row["action"] for row in got.rows() if row["kind"] == "server"}
    check("stop --dry-run says what it would do", planned == {name: "stop" for name in BEFORE} | {"locked": "keep"}, got.shown())
    got = run("--debug", "stop", *user, "--record", record)
    check("stop without a terminal and --yes: exit 5 and only reads", got.code == 5 and only_reads(got)[0], got.shown())
    check("an unconfirmed stop writes no record", not os.path.exists(record))

    got = run("stop", *user, "--record", record, "--yes", "-f", "json")
    check("stop: exit 0", got.code == 0, got.shown())
    check("stop: the running are stopped, the locked is left", r.states() == stopped, r.states())
    check("stop: the images are private", {one[0] for one in r.sharing().values()} == {"private"}, r.sharing())
    check("stop: the record is ours alone", os.stat(record).st_mode & 0o777 == 0o600)
    used = {one["id"]: {server["id"] for server in one["servers"]} for one in events(record, "in_use")}
    check("stop: the record names the image in use and its servers", used == {r.images["shared"]: set(r.borrowed)}, used)
    before = events(record, "before")
    got = run("stop", *user, "--record", record, "--yes")
    check("stop again: exit 0, and no first state is lost", got.code == 0 and events(record, "before") == before, got.shown())

    got = run("stop", "--undo", record, "--yes", "-f", "json")
    check("stop --undo: exit 0", got.code == 0, got.shown())
    # A rescue is a new image and a new password: it comes back as the running server it was before it.
    check("stop --undo: the servers are what they were", r.states() == states | {"rescued": "ACTIVE"}, r.states())
    check("stop --undo: the images are shared as they were", r.sharing() == sharing, f"{r.sharing()}\n{got.shown()}")
    got = run("stop", "--undo", record, "--yes", "-f", "json")
    check("stop --undo again has nothing to do", got.code == 0 and not got.rows(), got.shown())
    path = f"/role_assignments?scope.project.id={r.user.project_id}&user.id={r.w.admin.user_id}"
    check("stop: the administrator holds no role there", not r.w.admin.get("identity", path)["role_assignments"])
    return sharing


def killed(run, r, check, record, sharing):
    """Killed at any moment and run again, the end is the same, and so is what the undo brings back."""
    hits = 0
    for number, seconds in enumerate(sorted(run.dice.uniform(0.1, 3) for _ in range(4))):
        at = record + str(number)
        hits += run.killed(seconds, "stop", "--user", r.user.user_id, "--record", at, "--yes", "-q", "-f", "json")
        got = run("stop", "--user", r.user.user_id, "--record", at, "--lock", "--yes", "-f", "json")
        stopped = {state for name, state in r.states().items() if name != "locked"}
        check(f"stop killed after {seconds:.2f} s and run again: all is stopped", got.code == 0 and stopped == {"SHUTOFF"}, got.shown())
        got = run("stop", "--undo", at, "--yes", "-f", "json")
        now = r.states()
        check(f"stop killed after {seconds:.2f} s: the undo brings everything back",
              got.code == 0 and r.sharing() == sharing and now == BEFORE | {"rescued": "ACTIVE"}, f"{now} {r.sharing()}\n{got.shown()}")
    path = f"/role_assignments?scope.project.id={r.user.project_id}&user.id={r.w.admin.user_id}"
    check(f"stop was killed at work {hits} times of 4", hits)
    check("stop killed: no role is left behind", not r.w.admin.get("identity", path)["role_assignments"])


def keeping(run, r, check, record):
    """The image of a neighbour's servers survives the project, and goes after the last of them."""
    image, project = r.images["shared"], r.user.project_id
    got = run("images", "--project", project, "-f", "json")
    used = {row["id"]: {server["id"] for server in row["servers"]} for row in got.rows()}
    check("images: the image and the servers of the neighbour", got.code == 0 and used == {image: set(r.borrowed)}, got.shown())
    if r.volume:
        through = {server["volume_id"] for row in got.rows() for server in row["servers"]}
        check("images: one of them runs from a volume", r.volume in through, got.shown())
    kept = os.path.join(run.home, "kept.json")
    with open(kept, "w", encoding="utf-8") as file:
        file.write(got.out)
    got = run("stop", "--project", project, "--record", record, "--lock", "--yes")
    check("stop --lock: exit 0", got.code == 0, got.shown())
    neighbour = inventory(r.w.admin, r.neighbour)
    r.user.call("compute", "POST", f"/servers/{r.servers['locked']}/action", {"unlock": None})
    got = run("delete", "--project", project, "--keep-images", kept, "--record", record, "--yes", "-f", "json")
    remains = [key for key in inventory(r.w.admin, r.user) if key[0] in ("server", "image")]
    check("delete --keep-images --record: exit 0, only the image is left", got.code == 0 and remains == [("image", image)],
          f"{remains}\n{got.shown()}")
    shown = r.w.admin.get("image", f"/images/{image}")
    check("the kept image is private and marked", (shown["visibility"], shown.get("orphan_image"), shown.get("orphan_image_id")) == ("private", "True", image))
    check("keep-images: the neighbour is unchanged, id by id", inventory(r.w.admin, r.neighbour) == neighbour)

    got = run("purge", "--project", project, "--yes", "-f", "json")
    check("purge keeps what a neighbour's server uses", got.code == 0 and [row["result"] for row in got.rows()] == ["kept"], got.shown())
    for server in r.borrowed:
        r.neighbour.call("compute", "DELETE", f"/servers/{server}")
    wait_gone(r.neighbour, "compute", "/servers/", r.borrowed)
    if r.volume:
        got = run("purge", "--project", project, "--yes", "-f", "json")
        check("purge keeps what a volume was made from", got.code == 0 and [row["used_by"] for row in got.rows()] == [[r.volume]], got.shown())
        r.neighbour.call("volumev3", "DELETE", f"/volumes/{r.volume}")
        wait_gone(r.neighbour, "volumev3", "/volumes/", [r.volume])
    got = run("--debug", "purge", "--project", project)
    check("purge without a terminal and --yes: exit 5, the image is there", got.code == 5 and r.w.admin.get("image", f"/images/{image}"), got.shown())
    got = run("purge", "--project", project, "--yes", "-f", "json")
    check("purge deletes what nobody uses any more", got.code == 0 and [row["result"] for row in got.rows()] == ["deleted"], got.shown())
    check("purge: the image is gone", not [key for key in inventory(r.w.admin, r.user) if key[0] == "image"])
    got = run("purge", "--project", project, "--yes", "-f", "json")
    check("purge again has nothing to do", got.code == 0 and not got.rows(), got.shown())


def wait_gone(user, service, path, ids):
    end = time.time() + 120
    for one in ids:
        while time.time() < end:
            try:
                user.get(service, path + one)
            except refused as error:
                if error.status == 404:
                    break
                raise
            time.sleep(0.3)


def lifecycle(run, w, check, only_reads):
    r = resting(w)
    record = os.path.join(run.home, "stopped.jsonl")
    sharing = stopping(run, r, check, only_reads, record)
    # The rescued server came back as a running one: from here on that is what it was.
    BEFORE["rescued"] = "ACTIVE"
    killed(run, r, check, record, sharing)
    keeping(run, r, check, record)
