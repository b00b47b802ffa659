"""The domain the tests live in: users with a project each, and everything away again at the end."""

import datetime
import os
import secrets
import signal
from concurrent.futures import ThreadPoolExecutor

from api import cloud, refused
from inventory import tear_down


class world:
    def __init__(self, admin):
        self.admin = admin
        self.name = f"ostclean-test-{os.getpid()}"
        self.password = secrets.token_urlsafe(16)
        self.domains, self.users, self.made_role, self.group_type = [], {}, None, None

    def __enter__(self):
        try:
            self.domain = self.add_domain(self.name)
            self.roles = {row["name"]: row["id"] for row in self.admin.get("identity", "/roles")["roles"]}
            if "trial" not in self.roles:
                self.made_role = self.roles["trial"] = self.admin.make("identity", "/roles", "role", name="trial")["id"]
            os.environ["OSTCLEAN_TEST_GROUP_TYPE"] = self.name
            if self.admin.has("volumev3"):
                body = {"group_type": {"name": self.name}}
                self.group_type = self.admin.call("volumev3", "POST", "/group_types", body, OpenStack_API_Version="volume 3.11")["group_type"]["id"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def add_domain(self, name):
        self.domains.append(self.admin.make("identity", "/domains", "domain", name=name)["id"])
        return self.domains[-1]

    def add_project(self, name, domain=None):
        return self.admin.make("identity", "/projects", "project", name=name, domain_id=domain or self.domain)["id"]

    def add_user(self, which, started_days_ago, duration):
        """A user with the role trial and a project of the same name."""
        name = f"{self.name}-{which}"
        project = self.add_project(name)
        started = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=started_days_ago)
        user = self.admin.make("identity", "/users", "user", name=name, domain_id=self.domain, password=self.password,
                               email=f"{which}@example.org", default_project_id=project, cloud_project_id=project,
                               trial_started_at=started.isoformat(), trial_duration=duration)["id"]
        for role in ("trial", "member", "creator"):
            if role in self.roles:
                self.admin.call("identity", "PUT", f"/projects/{project}/users/{user}/roles/{self.roles[role]}")
        self.renew(which)

    def renew(self, which):
        """Logs the user in, again when Keystone has ended the token."""
        name, domain = f"{self.name}-{which}", {"id": self.domain}
        self.users[which] = cloud(self.admin.auth_url, name, self.password, name, domain, domain)

    def enable(self, which, enabled):
        self.admin.call("identity", "PATCH", f"/projects/{self.users[which].project_id}", {"project": {"enabled": enabled}})

    def enabled(self, which):
        return self.admin.get("identity", f"/projects/{self.users[which].project_id}")["project"]["enabled"]

    def __exit__(self, *_):
        if os.environ.get("OSTCLEAN_TEST_LEAVE") == "1":
            return
        # What was begun is taken away, however often one asks to stop.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)

        def clean(which):
            try:
                self.enable(which, True)
                self.renew(which)
                return which, tear_down(self.admin, self.users[which])
            except Exception as error:  # pylint: disable=broad-except
                return which, error  # the other projects are still to be cleaned

        with ThreadPoolExecutor(4) as threads:
            for which, remains in threads.map(clean, self.users):
                if remains:
                    print(f"could not be cleaned up in {self.name}-{which}: {remains}", flush=True)
        for user in self.users.values():
            self.remove("identity", f"/users/{user.user_id}")
            self.remove("identity", f"/projects/{user.project_id}")
        for domain in self.domains:
            try:
                self.admin.call("identity", "PATCH", f"/domains/{domain}", {"domain": {"enabled": False}})
            except (refused, OSError) as error:
                print(f"could not be disabled: {error}", flush=True)
            self.remove("identity", f"/domains/{domain}")
        if self.made_role:
            self.remove("identity", f"/roles/{self.made_role}")
        if self.group_type:
            self.remove("volumev3", f"/group_types/{self.group_type}", OpenStack_API_Version="volume 3.11")

    def remove(self, service, path, **headers):
        for left in (2, 1, 0):
            try:
                self.admin.call(service, "DELETE", path, **headers)
                return
            except (refused, OSError) as error:
                if isinstance(error, refused) and error.status == 404:
                    return
                if not left:
                    print(f"could not be cleaned up: {error}", flush=True)
