"""Every list really shows what ownership, protection and order read: `ostclean kinds -f json` names the lists and
the fields, and they are asked here without ostclean."""

from api import administrator, refused

# Shown only of objects that have it, only where an extension is loaded or the cloud is configured for it, or not in
# a list at all: the owner of a key pair is read again before its DELETE.
NOT_ALWAYS = {
    ("image", "kernel_id"), ("image", "ramdisk_id"), ("image", "direct_url"), ("image", "locations.url"), ("image", "instance_uuid"),
    ("image", "image_type"), ("image", "cinder_encryption_key_id"), ("image", "img_signature_certificate_uuid"), ("image", "os_encrypt_key_id"), ("image", "hw_ephemeral_encryption_secret_uuid"),
    ("image", "block_device_mapping"), ("image", "block_device_mapping.snapshot_id"), ("image", "block_device_mapping.encryption_secret_uuid"),
    ("image", "block_device_mapping.volume_id"), ("image", "block_device_mapping.image_id"), ("volume", "metadata.glance_image_id"),
    ("router", "external_gateway_info.qos_policy_id"), ("keypair", "user_id"), ("container", "holds"),
    ("container", "manifests"), ("container", "tags")}


def shown(value, path):
    if isinstance(value, list):
        return not value or any(shown(one, path) for one in value)
    if not isinstance(value, dict):
        return True
    if path in value:
        return True
    first, _, rest = path.partition(".")
    return bool(rest) and first in value and shown(value[first], rest)


def listed(as_admin, user_id, row):
    service = {"block-storage": "volumev3"}.get(row["service"], row["service"])
    word = {"volumev3": "volume"}.get(service, service)
    headers = {"OpenStack_API_Version": f"{word} {row['microversion']}"} if row["microversion"] else {}
    paths = row["list"]
    if "{parent}" in paths[0]:
        paths = [path.replace("{parent}", one["id"]) for path in paths for one in as_admin.get("network", f"/floatingips?project_id={as_admin.project_id}")["floatingips"]]
    for path in paths:
        answer = as_admin.get(service, path.replace("{project}", as_admin.project_id).replace("{caller}", as_admin.project_id).replace("{user}", user_id), **headers)
        for one in answer[row["key"]] if row["key"] else answer:
            yield one.get("keypair", one)


def fields(run, w, check, which):
    user, admin = w.users[which], w.admin
    role = f"/projects/{user.project_id}/users/{admin.user_id}/roles/{w.roles['admin']}"
    admin.call("identity", "PUT", role)
    try:
        as_admin = administrator(f"{w.name}-{which}", {"id": w.domain})
        for row in run("kinds", "-f", "json").rows():
            if not row["list"] or not as_admin.has({"block-storage": "volumev3"}.get(row["service"], row["service"])):
                continue
            try:
                there = list(listed(as_admin, user.user_id, row))
            except refused as error:
                check(f"kinds: {row['name']} is listed", row["optional"] and error.status in (404, 406), error)
                continue
            missing = [field for field in row["reads"] if (row["name"], field) not in NOT_ALWAYS and not any(shown(one, field) for one in there)]
            if there:
                check(f"kinds: the list of {row['name']} shows what is read of it", not missing, f"{missing} of {there[0]}")
            else:
                print(f"not on this cloud: a {row['name']}", flush=True)
    finally:
        admin.call("identity", "DELETE", role)
