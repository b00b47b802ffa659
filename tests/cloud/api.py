"""A small OpenStack client for the tests: the standard library only, and none of ostclean's code, so
that what is measured and what measures do not share their mistakes."""

import json
import os
import re
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request

VERSION_OF = {"network": "/v2.0", "image": "/v2", "load-balancer": "/v2.0", "dns": "/v2", "key-manager": "/v1"}


class refused(Exception):
    def __init__(self, method, url, status, text):
        super().__init__(f"{method} {url}: {status} {text[:300]}")
        self.status = status


class cloud:
    """One identity in one project. `call` returns the decoded body, `send` status, headers and body."""

    def __init__(self, auth_url, user, password, project, user_domain, project_domain):
        self.region = os.environ.get("OS_REGION_NAME")
        self.interface = os.environ.get("OS_INTERFACE", "public").removesuffix("URL")
        self.tls = ssl.create_default_context(cafile=os.environ.get("OS_CACERT") or None)
        self.token = None
        self.auth_url = auth_url.rstrip("/")
        if not self.auth_url.endswith("/v3"):
            self.auth_url += "/v3"
        who = {"name": user, "domain": user_domain, "password": password}
        scope = {"project": {"name": project, "domain": project_domain}}
        request = {"auth": {"identity": {"methods": ["password"], "password": {"user": who}}, "scope": scope}}
        _, headers, body = self.send("POST", self.auth_url + "/auth/tokens", request)
        self.token = headers["X-Subject-Token"]
        self.user_id = body["token"]["user"]["id"]
        self.project_id = body["token"]["project"]["id"]
        self.catalog = {}
        for service in body["token"]["catalog"]:
            for endpoint in service["endpoints"]:
                if endpoint["interface"] == self.interface and self.region in (None, endpoint["region"]):
                    self.catalog.setdefault(service["type"].replace("block-storage", "volumev3"), endpoint["url"])

    def has(self, service):
        return service in self.catalog

    def base(self, service):
        if service == "identity":
            return self.auth_url
        url = self.catalog[service].rstrip("/")
        return url if re.search(r"/v\d[^/]*($|/)", url) else url + VERSION_OF.get(service, "")

    def send(self, method, url, body=None, headers=None):
        headers = dict(headers or {})
        if self.token:
            headers["X-Auth-Token"] = self.token
        headers.setdefault("Accept", "application/json")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(url, body, headers, method=method)
        for attempt in range(6):
            try:
                with urllib.request.urlopen(request, timeout=120, context=self.tls if url.startswith("https") else None) as answer:
                    text = answer.read()
                    return answer.status, answer.headers, json.loads(text) if text[:1] in (b"{", b"[") else text
            except urllib.error.HTTPError as error:
                said = error.read().decode("utf-8", "replace")
                # A busy Keystone did not look at the token in time: nothing was done.
                if error.code != 503 or "Keystone" not in said or attempt == 5:
                    raise refused(method, url, error.code, said) from None
            except (ConnectionError, urllib.error.URLError):
                if attempt == 5 or method == "POST":
                    raise
            time.sleep(1 + attempt)

    def call(self, service, method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(method, self.base(service) + path, body, named)[2]

    def get(self, service, path, **headers):
        return self.call(service, "GET", path, **headers)

    def make(self, service, path, key, **fields):
        return self.call(service, "POST", path, {key: fields})[key]

    def wait(self, service, path, key, field="status", want=("available", "ACTIVE"), seconds=180):
        end = time.time() + seconds
        while time.time() < end:
            state = self.get(service, path)
            state = (state[key] if key else state)[field]
            if state in want:
                return
            if str(state).lower().startswith("error"):
                raise RuntimeError(f"{path} is in {state}")
            time.sleep(0.3)
        raise RuntimeError(f"{path} is still in {state}")


def quote(name):
    return urllib.parse.quote(name, safe="")


def administrator(project=None, project_domain=None):
    def domain(of):
        if os.environ.get(f"OS_{of}_DOMAIN_ID"):
            return {"id": os.environ[f"OS_{of}_DOMAIN_ID"]}
        return {"name": os.environ.get(f"OS_{of}_DOMAIN_NAME", "Default")}

    for name in ("OS_AUTH_URL", "OS_USERNAME", "OS_PASSWORD", "OS_PROJECT_NAME"):
        if not os.environ.get(name):
            raise SystemExit(f"tests/cloud/run: {name} is not set; the OS_* settings of an administrator are needed")
    return cloud(os.environ["OS_AUTH_URL"], os.environ["OS_USERNAME"], os.environ["OS_PASSWORD"],
                 project or os.environ["OS_PROJECT_NAME"], domain("USER"), project_domain or domain("PROJECT"))
