"""Which release of OpenStack a cloud is: the greatest microversion of Nova tells them apart."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))), "cloud"))

from api import administrator  # noqa: E402

RELEASES = {"2.93": "zed", "2.100": "epoxy"}


def release_of():
    """Of the cloud that the OS_* settings of an administrator name."""
    admin = administrator()
    newest = admin.send("GET", admin.base("compute") + "/")[2]["version"]["version"]
    if newest not in RELEASES:
        raise SystemExit(f"conformance: Nova {newest} is of none of the releases that the sandbox knows: {', '.join(RELEASES.values())}")
    return RELEASES[newest]
