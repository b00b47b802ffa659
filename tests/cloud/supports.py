"""What kept things stand on and no field of theirs names, on the real OpenStack: a shelved server comes back, an
image of volumes keeps its snapshots, secrets stay with who needs them, a key pair with a server elsewhere."""

import time

from api import cloud, refused
from seed import project

BACKUPS, SECRETS = "volume 3.43", "key-manager 1.1"
TAG = "ostclean:keep"


class kept_things:
    def __init__(self, w):
        self.w = w
        for which, days, duration in (("standing", 60, 14), ("elsewhere", 1, 365)):
            w.add_user(which, days, duration)
        self.user, self.name = w.users["standing"], f"{w.name}-standing"
        made = project(w.admin, self.user, self.name)
        made.networks()
        made.servers()
        for server in made.server_ids:
            self.user.wait("compute", f"/servers/{server}", "server")
        self.shelved, self.going = made.server_ids
        self.volume, self.backup = self.backed_up()
        self.image = self.image_of_volumes(made)
        if self.user.has("key-manager"):
            self.tpm = self.secret(f"vTPM secret for instance {self.shelved}")
            self.used = self.secret("used", self.backup)
            self.free = self.secret("free", self.going)
        self.act(self.shelved, shelve=None)
        self.user.wait("compute", f"/servers/{self.shelved}", "server", want=("SHELVED_OFFLOADED",))
        self.act(self.shelved, lock=None)
        self.server_elsewhere()

    def act(self, server, microversion="2.45", **action):
        return self.user.call("compute", "POST", f"/servers/{server}/action", action, OpenStack_API_Version=f"compute {microversion}")

    def backed_up(self):
        volume = self.user.make("volumev3", "/volumes", "volume", name=self.name, size=1)["id"]
        self.user.wait("volumev3", f"/volumes/{volume}", "volume")
        body = {"backup": {"name": self.name, "volume_id": volume, "metadata": {TAG: ""}}}
        backup = self.user.call("volumev3", "POST", "/backups", body, OpenStack_API_Version=BACKUPS)["backup"]["id"]
        self.user.wait("volumev3", f"/backups/{backup}", "backup")
        return volume, backup

    def image_of_volumes(self, made):
        self.user.call("volumev3", "POST", f"/volumes/{self.volume}/action", {"os-set_bootable": {"bootable": True}})
        disk = {"uuid": self.volume, "source_type": "volume", "destination_type": "volume", "boot_index": 0}
        flavor = min(self.user.get("compute", "/flavors/detail")["flavors"], key=lambda f: (f["ram"], f["disk"]))["id"]
        server = self.user.make("compute", "/servers", "server", name=self.name, flavorRef=flavor, networks=[{"uuid": made.net}], block_device_mapping_v2=[disk])["id"]
        self.user.wait("compute", f"/servers/{server}", "server")
        image = self.act(server, createImage={"name": "golden"})["image_id"]
        change = [{"op": "add", "path": f"/{TAG}", "value": "1"}]
        self.user.call("image", "PATCH", f"/images/{image}", change, Content_Type="application/openstack-images-v2.1-json-patch")
        return image

    def secret(self, name, consumer=None):
        made = self.user.call("key-manager", "POST", "/secrets", {"name": name, "payload": "x", "payload_content_type": "text/plain"})
        path = "/secrets/" + made["secret_ref"].rsplit("/", 1)[-1]
        if consumer:
            body = {"service": "test", "resource_type": "thing", "resource_id": consumer}
            self.user.call("key-manager", "POST", path + "/consumers", body, OpenStack_API_Version=SECRETS)
        return path

    def server_elsewhere(self):
        elsewhere = self.w.users["elsewhere"]
        self.w.admin.call("identity", "PUT", f"/projects/{elsewhere.project_id}/users/{self.user.user_id}/roles/{self.w.roles['member']}")
        domain = {"id": self.w.domain}
        guest = cloud(self.w.admin.auth_url, self.name, self.w.password, f"{self.w.name}-elsewhere", domain, domain)
        image = self.user.get("compute", f"/servers/{self.going}")["server"]
        body = {"server": {"name": "guest", "flavorRef": image["flavor"]["id"], "imageRef": image["image"]["id"], "networks": "none", "key_name": image["key_name"]}}
        self.guest = guest.call("compute", "POST", "/servers", body, OpenStack_API_Version="compute 2.37")["server"]["id"]

    def there(self, service, path):
        try:
            return self.user.get(service, path)
        except refused as error:
            if error.status != 404:
                raise
            return None


def supports(run, w, check):
    kept = kept_things(w)
    got = run("delete", "--project", kept.user.project_id, "--yes", "-f", "json")
    check("supports: exit 0", got.code == 0, got.shown())
    w.renew("standing")
    kept.user = w.users["standing"]
    check("supports: the server that is not kept is gone", not kept.there("compute", f"/servers/{kept.going}"))
    check("supports: a tagged backup is there", kept.there("volumev3", f"/backups/{kept.backup}"), got.shown())
    check("supports: a tagged image without data is there", kept.there("image", f"/images/{kept.image}"), got.shown())
    snapshots = [row["volume_id"] for row in kept.user.get("volumev3", "/snapshots")["snapshots"]]
    check("supports: the image's snapshot is there", snapshots == [kept.volume], f"{snapshots}\n{got.shown()}")
    pairs = kept.user.get("compute", "/os-keypairs")["keypairs"]
    check("supports: a key pair that a server elsewhere names is there", pairs and kept.guest in got.out, got.shown())
    if kept.user.has("key-manager"):
        check("supports: the secret of the virtual TPM is there", kept.there("key-manager", kept.tpm), got.shown())
        check("supports: a secret of a kept backup is there", kept.there("key-manager", kept.used), got.shown())
        check("supports: a secret of what goes is gone", not kept.there("key-manager", kept.free), got.shown())
    kept.act(kept.shelved, unlock=None)
    kept.act(kept.shelved, unshelve=None)
    end = time.time() + 60
    state = {}
    while time.time() < end and (state.get("status") != "ACTIVE" and state.get("OS-EXT-STS:vm_state") != "error"):
        state = kept.user.get("compute", f"/servers/{kept.shelved}")["server"]
        time.sleep(0.5)
    check("supports: the shelved server comes back", state["status"] == "ACTIVE", state)
