"""One service's steps against one cloud: each asks, keeps what the answer looked like, and hands the
answer on, so that later steps can name what earlier ones made."""

import json
import os
import time
import urllib.error
import urllib.request

import shape

# Seconds until a state is given up; the sandbox needs no more than a few.
PATIENCE = float(os.environ.get("CONFORMANCE_PATIENCE", "120"))


class no_redirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class answer:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text
        try:
            self.body = json.loads(text)
        except ValueError:
            self.body = None

    def __getitem__(self, key):
        return self.body[key]


class steps:
    """`admin`, `user` and `other` are logged in; `user` owns what is made."""

    def __init__(self, service, world, user, other):
        self.service, self.world, self.admin, self.user, self.other = service, world, world.admin, user, other
        self.name = f"{world.name}-{service}"
        self.records, self.labels = [], set()
        self.norm = shape.normal(roots(world.admin, user), world.name)

    def renew(self):
        """Logs the user in again, after the second in which Keystone ended the tokens."""
        time.sleep(1.1)
        self.world.renew(self.service)
        self.user = self.world.users[self.service]

    def base(self, who=None, service=None):
        return (who or self.user).base(service or self.service)

    def root(self, service=None):
        """Where the service lives, without version and project."""
        return roots(self.admin, self.user)[service or self.service]

    def send(self, who, method, url, body=None, headers=None):
        headers = {"Accept": "application/json"} | (headers or {})
        if who is not None:
            headers.setdefault("X-Auth-Token", who.token)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(url, body, headers, method=method)
        https = urllib.request.HTTPSHandler(context=self.admin.tls)
        opener = urllib.request.build_opener(no_redirect, https)
        for attempt in range(4):
            try:
                with opener.open(request, timeout=120) as got:
                    return answer(got.status, got.headers, got.read().decode("utf-8", "replace"))
            except urllib.error.HTTPError as error:
                return answer(error.code, error.headers, error.read().decode("utf-8", "replace"))
            except (ConnectionError, urllib.error.URLError):
                if attempt == 3 or method == "POST":
                    raise
                time.sleep(0.5)

    def ask(self, label, who, method, path, body=None, only=None, says=None, **headers):
        """One recorded request. `only` leaves just these ids in the lists of the answer, because the rest are
        other people's; `says` picks what else the clouds have to agree on from the body."""
        url = path if path.startswith("http") else self.base(who) + path
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        got = self.send(who, method, url, body, named)
        self.keep(label, self.look(got, only, says))
        return got

    def look(self, got, only=None, says=None):
        seen = {"status": str(got.status)} | shape.headers(got.headers, self.norm)
        body = got.body
        if only is not None and isinstance(body, dict):
            body = {key: [row for row in value if row_id(row) in only] if isinstance(value, list) and not key.endswith("links") else value
                    for key, value in body.items()}
        if body is None:
            seen["text"] = shape.document(got.text, self.norm)
        else:
            for path, kinds in shape.flat(body, self.norm, got.status >= 400).items():
                seen["body." + path if path else "body"] = "|".join(sorted(kinds))
        if says is not None and got.status < 300:
            seen["says"] = self.norm.text(json.dumps(says(got.body)))
        return seen

    def keep(self, label, seen):
        if label in self.labels:
            raise RuntimeError(f"{self.service}: two steps are called '{label}'")
        self.labels.add(label)
        self.records.append({"step": label} | seen)

    def until(self, label, who, path, state, end, through=(), **headers):
        """Asks until the state is `end`, or None for an answer 404, and keeps what was seen on the way.
        `through`: the states that are in order; a cloud may be too quick to show them all."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        seen, limit, got, now = set(), time.time() + PATIENCE, None, ""
        while time.time() < limit:
            got = self.send(who, "GET", self.base(who) + path, None, named)
            now = None if got.status == 404 else state(got.body) if got.status == 200 else str(got.status)
            if now == end:
                break
            seen.add("gone" if now is None else now)
            time.sleep(0.02)
        kept = {"end": now or "gone", "states": sorted(seen), "through": sorted(through)}
        self.keep(label, kept | (self.look(got) if got.status == 404 else {}))
        return got

    def run(self, groups):
        for group in groups:
            try:
                group(self)
            except Exception as error:  # pylint: disable=broad-except
                last = self.records[-1]["step"] if self.records else "the start"
                self.keep(group.__name__ + " goes to its end", {"crash": self.norm.text(f"after '{last}': {type(error).__name__}: {error}")})
        return self.records


def row_id(row):
    if not isinstance(row, dict):
        return None
    inner = row.get("keypair") or row
    return inner.get("id") or inner.get("name")


def roots(admin, user):
    """Of each service the address without version and project."""
    out = {"identity": admin.auth_url.removesuffix("/v3")}
    for service, url in user.catalog.items():
        for part in ("/v1", "/v2", "/v3"):
            url = url.split(part)[0]
        out[service] = url.rstrip("/")
    return out
