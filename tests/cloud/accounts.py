"""reset, its trusts, and the daily run of ostclean-lifecycle(7) against the real OpenStack, with users of a
role of their own, so that nobody else of the cloud is judged."""

import datetime
import json
import os
import stat
import subprocess
import time

from api import cloud, refused
from inventory import inventory, left
from lifecycle import resting, wait_gone

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
# name: days since the start of a trial of 14 days
USERS = {"gone": 60, "promoted": 40, "soon": 13, "active": 1, "guarded": 60}

# Kills each different command line once; a purge is held to the projects of this test.
WRAPPER = """#!/bin/bash
name=$1; [ "$1" = --now ] && name=$3
[ "$name" = purge ] && set -- "$@" $OSTCLEAN_TEST_PROJECTS
key=$OSTCLEAN_TEST_KILLS/$TODAY-$(printf %s "$*" | cksum | cut -d ' ' -f 1)
if [ ! -e "$key" ]; then
  : >"$key"
  "$OSTCLEAN_TEST_REAL" "$@" & pid=$!
  RANDOM=$((OSTCLEAN_TEST_SEED + ${key##*-}))
  sleep 0.$((RANDOM % 90 + 10)); kill -9 $pid 2>/dev/null; wait $pid; code=$?
  [ $code -ne 137 ] || : >"$key.hit"
  exit $code
fi
exec "$OSTCLEAN_TEST_REAL" "$@"
"""


class rehearsal(resting):
    def __init__(self, run, w):  # pylint: disable=super-init-not-called
        self.w, self.run = w, run
        self.role = w.admin.make("identity", "/roles", "role", name=w.name + "-trial")["id"]
        self.made_basic = None
        if "basic" not in w.roles:
            self.made_basic = w.roles["basic"] = w.admin.make("identity", "/roles", "role", name="basic")["id"]
        for which, days in USERS.items():
            w.add_user(which, days, 14)
            self.grant(which, self.role)
            self.grant(which, w.roles["trial"], "DELETE")
            w.renew(which)
        w.add_user("lodger", 1, 365)
        self.patch("guarded", email="guarded@corp.invalid")
        self.neighbour, self.user = w.users["lodger"], w.users["gone"]
        self.image_id = self.image("shared")
        self.lend(self.image_id)
        self.server(self.user, "mine")
        self.borrowed = self.server(self.neighbour, "borrowed", self.image_id)
        for which in ("promoted", "soon", "active", "guarded"):
            self.server(w.users[which], "mine")
        for user in (*(w.users[which] for which in USERS), self.neighbour):
            for row in user.get("compute", "/servers")["servers"]:
                user.wait("compute", f"/servers/{row['id']}", "server")

    def grant(self, which, role, verb="PUT"):
        user = self.w.users[which]
        self.w.admin.call("identity", verb, f"/projects/{user.project_id}/users/{user.user_id}/roles/{role}")

    def patch(self, which, **fields):
        self.w.admin.call("identity", "PATCH", f"/users/{self.w.users[which].user_id}", {"user": fields})

    def roles(self, which):
        user = self.w.users[which]
        rows = self.w.admin.get("identity", f"/role_assignments?user.id={user.user_id}")["role_assignments"]
        return {row["role"]["id"] for row in rows}

    def basic(self, which):
        held = self.roles(which)
        return self.w.roles["basic"] in held and self.role not in held

    def all_of(self, which):
        return inventory(self.w.admin, self.w.users[which])

    def states(self, which):
        return {row["status"] for row in self.w.users[which].get("compute", "/servers/detail")["servers"]}

    def prepare(self):
        home = self.run.home
        for name in ("bin", "kills", "days", ".config/ostclean"):
            os.makedirs(os.path.join(home, name), mode=0o700)
        with open(os.path.join(home, ".config/ostclean/config.yaml"), "w", encoding="utf-8") as file:
            json.dump({"roles": {self.w.name + "-trial": {"days": 14, "started": "trial_started_at", "duration": "trial_duration", "becomes": "basic"}},
                       "protect": {"email_domains": ["corp.invalid"]}, "notify": {"sendmail": home + "/bin/mailer"}}, file)
        for name, text in (("ostclean", WRAPPER), ("mailer", '#!/bin/sh\ncat >>"$HOME/letters"\n')):
            with open(os.path.join(home, "bin", name), "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(file.name, 0o700)
        with open(os.path.join(ROOT, "man/ostclean-lifecycle.7.scd"), encoding="utf-8") as file:
            script = file.read().split("\n```\n")[1]
        with open(os.path.join(home, "daily.sh"), "w", encoding="utf-8") as file:
            file.write(script + "\n")

    def day(self, number):
        """One day, again and again until no command was killed."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        projects = " ".join(f"--project {self.w.users[which].project_id}" for which in USERS)
        env |= {"HOME": self.run.home, "PATH": self.run.home + "/bin:" + env["PATH"], "TODAY": str(TODAY + datetime.timedelta(days=number)),
                "OSTCLEAN_TEST_CLOCK": "1", "OSTCLEAN_TEST_REAL": self.run.program, "OSTCLEAN_TEST_KILLS": self.run.home + "/kills",
                "OSTCLEAN_TEST_PROJECTS": projects, "OSTCLEAN_TEST_SEED": str(self.run.seed)}
        for _ in range(40):
            done = subprocess.run(["sh", "../daily.sh"], env=env, cwd=self.run.home + "/days", stdin=subprocess.DEVNULL, text=True,
                                  capture_output=True, timeout=900)
            if "Killed" not in done.stderr:
                break
        # Keystone ends the tokens of whoever loses a role, and those of the same second with them.
        time.sleep(1.1)
        for which in USERS:
            self.w.renew(which)
        return done.returncode == 0, done.stderr[-2500:]

    def close(self):
        for role in (self.role, self.made_basic):
            if role:
                self.w.remove("identity", f"/roles/{role}")


def passwords(run, r, check):
    """Killed at any moment and run again with --append: one line, one password, and it lets the user in."""
    user, w = r.w.users["gone"], r.w
    file = os.path.join(run.home, "reset.jsonl")
    words = ["reset", "--user", user.user_id, "--credentials", file, "--append", "--yes", "-f", "json"]
    hits = [seconds for seconds in sorted(run.dice.uniform(0.02, 0.8) for _ in range(5)) if run.killed(seconds, *words)]
    got = run("--debug", *words)
    check(f"reset after {len(hits)} kills: exit 0", hits and got.code == 0, got.shown())
    with open(file, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    check("reset: one line, done", [(row["user_id"], row["done"]) for row in rows] == [(user.user_id, True)])
    check("reset: the file is private", stat.S_IMODE(os.stat(file).st_mode) == 0o600)
    check("reset: the password is not shown", rows[0]["password"] not in got.out + got.err)
    domain = {"id": w.domain}
    name = f"{w.name}-gone"
    try:
        w.users["gone"] = cloud(w.admin.auth_url, name, rows[0]["password"], name, domain, domain)
        check("reset: the password lets the user in", True)
    except refused as why:
        check("reset: the password lets the user in", False, why)
    # A run that was killed may have set the password within this second, whose tokens it ends.
    time.sleep(2)
    got = run("delete", "--credentials", file, "--dry-run", "-f", "json")
    check("reset: delete --credentials takes the file", got.code == 0 and got.rows(), got.shown())
    got = run("reset", "--user", w.users["guarded"].user_id, "--credentials", file, "--append", "--yes")
    check("reset of a protected user: exit 5", got.code == 5, got.shown())
    r.patch("gone", password=w.password)
    # With the password go the tokens of that second, those that are issued after the change too.
    time.sleep(2)
    w.renew("gone")


def trusts(run, r, check):
    w, file = r.w, os.path.join(run.home, "trusts.jsonl")
    got = run("reset", "--user", w.users["gone"].user_id, "--trust", w.admin.user_id, "--trusts", file + "-admin", "--yes")
    check("reset --trust without the extension: exit 1 and what to do", got.code == 1 and "--auth-project" in got.err, got.shown())
    name = f"{w.name}-gone"
    itself = {"OS_USERNAME": name, "OS_PASSWORD": w.password, "OS_PROJECT_NAME": name}
    itself |= {f"OS_{of}_DOMAIN_{by}": value for of in ("USER", "PROJECT") for by, value in (("ID", w.domain), ("NAME", ""))}
    got = run("reset", "--auth-project", "--trust", w.admin.user_id, "--trusts", file, "--yes", **itself)
    check("reset --trust by the user: exit 0", got.code == 0, got.shown())
    got = run("delete", "--trusts", file, "--dry-run", "-f", "json")
    check("reset --trust: delete --trusts takes the file", got.code == 0 and got.rows(), got.shown())
    for what in ("deletes them", "again is fine"):
        got = run("reset", "--end-trusts", file, "--yes", **itself)
        check("reset --end-trusts " + what, got.code == 0, got.shown())
    listed = w.admin.get("identity", f"/OS-TRUST/trusts?trustor_user_id={w.users['gone'].user_id}")["trusts"]
    check("reset --end-trusts: no trust is left", not listed, listed)


def daily(run, r, check):
    w = r.w
    untouched = {which: r.all_of(which) for which in ("active", "guarded", "lodger")}
    check("day 1: the run ends well", *r.day(0))
    check("day 1: the expired are basic", r.basic("gone") and r.basic("promoted"))
    check("day 1: their servers are stopped", r.states("gone") | r.states("promoted") == {"SHUTOFF"})
    check("day 1: the others keep their role", r.role in r.roles("soon") & r.roles("active") & r.roles("guarded"))
    with open(run.home + "/letters", encoding="utf-8") as file:
        check("day 1: who has a day left is warned", {line for line in file if line.startswith("To:")} == {"To: soon@example.org\n"})
    check("day 3: the run ends well", *r.day(2))
    check("day 3: who expired then is basic and stopped", r.basic("soon") and r.states("soon") == {"SHUTOFF"})
    r.grant("promoted", r.role)
    r.patch("promoted", trial_duration=1000)
    kept = r.all_of("promoted")
    check("day 8: the run ends well", *r.day(7))
    remains = left(r.all_of("gone"))
    check("day 8: of the first only the image in use is left", set(remains) == {("image", r.image_id)}, remains)
    shown = w.admin.get("image", f"/images/{r.image_id}")
    check("day 8: it is private and marked", (shown["visibility"], shown.get("orphan_image")) == ("private", "True"), shown)
    check("day 8: who was promoted keeps everything", r.all_of("promoted") == kept)
    for which, before in untouched.items():
        check(f"day 8: {which} is unchanged, id by id", r.all_of(which) == before)
    r.neighbour.call("compute", "DELETE", f"/servers/{r.borrowed}")
    wait_gone(r.neighbour, "compute", "/servers/", [r.borrowed])
    check("day 10: the run ends well", *r.day(9))
    check("day 10: the image is purged", ("image", r.image_id) not in r.all_of("gone"))
    check("day 10: the second project is empty", not left(r.all_of("soon")), left(r.all_of("soon")))
    check("day 10: the active and the guarded keep their role", r.role in r.roles("active") & r.roles("guarded"))
    for name in os.listdir(run.home + "/days"):
        with open(f"{run.home}/days/{name}", encoding="utf-8") as file:
            done = subprocess.run(["jq", "."], stdin=file, capture_output=True, check=False)
        check(f"{name} goes through jq", done.returncode == 0, done.stderr)
    kills = os.listdir(run.home + "/kills")
    hits = [name for name in kills if name.endswith(".hit")]
    check(f"the daily run was killed: {len(hits)} times of {len(kills) - len(hits)}", hits)


def accounts(run, w, check):
    r = rehearsal(run, w)
    try:
        r.prepare()
        for step in (passwords, trusts, daily):
            step(run, r, check)
    finally:
        r.close()
