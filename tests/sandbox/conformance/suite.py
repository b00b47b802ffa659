"""Runs the steps of all services against the cloud that the OS_* settings of an administrator name, in
a domain of its own that goes again, and writes what was seen to a file: suite.py FILE [SERVICE...]"""

import importlib
import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(os.path.dirname(HERE)), "cloud")]

from api import administrator  # noqa: E402
from steps import steps  # noqa: E402
from world import world  # noqa: E402

# Service type of the catalog: the modules of its steps, each with a list `groups`. The longest first.
SERVICES = {
    "compute": ("compute", "compute_servers"),
    "volumev3": ("block_storage", "block_storage_groups"),
    "load-balancer": ("load_balancer",),
    "network": ("network", "network_conflicts", "network_rare"),
    "dns": ("dns",),
    "object-store": ("object_store", "object_store_large"),
    "orchestration": ("orchestration",),
    "identity": ("identity", "identity_tokens", "identity_delegation"),
    "image": ("image",),
    "key-manager": ("key_manager",),
}


def service_steps(w, service):
    kept = steps(service, w, w.users[service], w.users["other"])
    groups = [group for module in SERVICES[service] for group in importlib.import_module(module).groups]
    return service, kept.run(groups)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = sys.argv[2:] or list(SERVICES)
    w = world(administrator())
    w.name = f"conform-{os.getpid()}"
    with w:
        for which in chosen + ["other"]:
            w.add_user(which, 60, 14)
        with ThreadPoolExecutor(4) as threads:
            seen = dict(threads.map(lambda service: service_steps(w, service), chosen))
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(seen, file)


if __name__ == "__main__":
    main()
