"""A dry run changes nothing, nor does anybody for it: the databases of a cloud that is at rest are the same
before and after. OSTCLEAN_TEST_SQL is the command that reads SQL on standard input and answers in plain rows."""

import os
import shlex
import shutil
import subprocess
import time

# What services write by themselves, about themselves.
BEATS = {"services", "service", "agents", "service_statuses", "compute_nodes", "heartbeat", "controller_worker"}


def ask(sql):
    done = subprocess.run(shlex.split(os.environ["OSTCLEAN_TEST_SQL"]), input=sql, text=True, capture_output=True, check=True, timeout=300)
    return [line.split("\t") for line in done.stdout.splitlines()]


# Of this table without the day on which somebody was last there.
PEOPLE = "SELECT SUM(CRC32(CONCAT_WS('|', id, enabled, domain_id, COALESCE(default_project_id, ''), COALESCE(extra, '')))) FROM keystone.user"


def sums():
    """{"database.table": checksum of all its rows}."""
    system = "('information_schema', 'performance_schema', 'mysql', 'sys')"
    tables = ask(f"SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT IN {system} AND table_type = 'BASE TABLE'")
    names = ", ".join(f"`{base}`.`{table}`" for base, table in tables if (base, table) != ("keystone", "user"))
    return dict(ask(f"CHECKSUM TABLE {names}")) | {"keystone.user": ask(PEOPLE)[0][0]}


def changed(before, after):
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name) and name.split(".", 1)[1] not in BEATS}


def rest(noise):
    """The checksums once nothing but `noise` changes any more."""
    before = sums()
    for _ in range(30):
        time.sleep(4)
        after = sums()
        if changed(before, after) <= noise:
            return after
        before = after
    return before


def unchanged(run, w, check):
    command = os.environ.get("OSTCLEAN_TEST_SQL", "")
    if not command or not shutil.which(shlex.split(command)[0]):
        print("no OSTCLEAN_TEST_SQL: the databases are not compared", flush=True)
        return
    # Nobody has listed anything of it yet: Neutron makes a default group for whoever does.
    fresh = w.add_project(w.name + "-fresh")
    run("users", "--role", "trial", "-f", "json")
    before = rest(set())
    got = run("delete", "--project", fresh, "--dry-run", "-f", "json")
    check("delete --dry-run of a project that nobody has looked at: exit 0", got.code == 0, got.shown())
    after = changed(before, sums())
    check("no database has changed by it", not after, after)
    w.admin.get("network", f"/security-groups?project_id={fresh}")
    check("and the comparison sees what a list can do", changed(before, sums()), "Neutron made no default group")
