"""What of an answer two clouds have to agree on: not the ids, names and times, but what they look like,
and of an error every word, because that is what ostclean shows."""

import re

# Strings of these keys are states and kinds that a client acts on, so the word itself counts.
WORDS = {
    "status", "state", "rel", "type", "action", "visibility", "provisioning_status", "operating_status", "stack_status",
    "stack_action", "resource_status", "OS-EXT-STS:vm_state", "OS-EXT-STS:task_state", "device_owner", "protocol", "ethertype",
    "direction", "container_format", "disk_format", "bootable", "object_type", "secret_type", "lb_algorithm", "stack_status_reason",
    "locked_reason", "interface", "methods[]", "Response Status", "Response Body", "member_status", "ipv6_ra_mode", "segmentation_type",
}
HEADERS = re.compile(
    r"content-type|location|link|retry-after|www-authenticate|allow|accept-patch|openstack-api-version|x-openstack-nova-api-version"
    r"|x-openstack-request-id|x-trans-id|x-subject-token|etag|x-static-large-object|x-object-.*|x-versions-.*|x-history-.*"
    r"|x-container-.*|x-account-.*|x-symlink.*|x-storage-policy|last-modified|x-timestamp"
)
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MARKS = (
    (re.compile(UUID), "{uuid}"),
    (re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{32}(?![0-9a-zA-Z])"), "{hex}"),
    (re.compile(r"AUTH_\{hex\}"), "{account}"),
    (re.compile(r"(?:[0-9a-f]{2}:){5,}[0-9a-f]{2}"), "{mac}"),
    (re.compile(r"(?<=[a-z]-)\d{5,}"), "{number}"),
    (re.compile(r"\b\d+\.\d+\.\d+\.\d+\b"), "{ip}"),
)


class normal:
    """Knows the addresses of one cloud's services and the name of the world the suite lives in."""

    def __init__(self, roots, name):
        self.roots = sorted(roots.items(), key=lambda item: -len(item[1]))
        self.name = name

    def text(self, said):
        for service, root in self.roots:
            said = said.replace(root, "{" + service + "}")
        said = said.replace(self.name, "{w}")
        for pattern, mark in MARKS:
            said = pattern.sub(mark, said)
        return said

    def kind(self, said):
        """What a string of an answer looks like."""
        if not said:
            return "empty"
        time = re.fullmatch(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?", said)
        if time:
            return f"time{time[1]}{'.' + str(len(time[2]) - 1) if time[2] else ''}{time[3] or ''}"
        said = self.text(said)
        return said if re.match(r"\{[a-z0-9-]+\}($|/)|/v\d|https?:", said) else "str"


def flat(value, norm, verbatim, path="", out=None):
    """{path of a key: what its values look like}; verbatim keeps the values themselves."""
    out = {} if out is None else out
    key = re.split(r"\.(?![^\[]*\])", path)[-1]
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            flat(inner, norm, verbatim, f"{path}.{norm.text(name)}" if path else norm.text(name), out)
        return out
    if isinstance(value, list) and value:
        for inner in value:
            flat(inner, norm, verbatim, path + "[]", out)
        return out
    out.setdefault(path, set()).add(leaf(value, norm, verbatim or path.rsplit(".", 1)[-1] in WORDS or key in WORDS))
    return out


def leaf(value, norm, verbatim):
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return ("=" + norm.text(value)) if verbatim else norm.kind(value)
    return ("=" + str(value)) if verbatim else type(value).__name__


def document(text, norm):
    """The words of an HTML page, with the space between them put in order."""
    return norm.text(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip())


def headers(given, norm):
    out = {}
    for name, value in given.items():
        name = name.lower()
        if HEADERS.fullmatch(name):
            value = norm.text(value.strip())
            if name == "allow":
                value = ", ".join(sorted(value.split(", ")))
            if name in ("x-trans-id", "x-openstack-request-id", "etag", "x-subject-token", "last-modified", "x-timestamp", "x-object-version-id"):
                value = "some"
            out["header." + name] = re.sub(r"^\d+(\.\d+)?$", "number", value) if not name.endswith("-count") else value
    return out
