"""Heat: stacks, which are named by name and id, do not become 404 at once, and show everybody's to some."""

TEMPLATE = {"heat_template_version": "2018-08-31"}


def documents(s):
    s.ask("versions", None, "GET", s.root() + "/")
    s.ask("stacks without a token", None, "GET", s.base(s.user) + "/stacks")
    s.ask("stacks with a token that is none", None, "GET", s.base(s.user) + "/stacks", X_Auth_Token="nonsense")
    s.ask("stacks of somebody else's path", s.other, "GET", s.base(s.user) + "/stacks")
    s.ask("a path that is not there", s.user, "GET", "/nosuch")
    s.ask("no stacks", s.user, "GET", "/stacks")
    s.ask("stack that is not there", s.user, "GET", "/stacks/nosuch")
    s.ask("stack that is not there, by id", s.user, "GET", "/stacks/nosuch/00000000-0000-0000-0000-000000000000")
    s.ask("delete a stack that is not there", s.user, "DELETE", "/stacks/nosuch/00000000-0000-0000-0000-000000000000")
    s.ask("a stack without a template", s.user, "POST", "/stacks", {"stack_name": s.name})
    s.ask("a stack of what is no template", s.user, "POST", "/stacks", {"stack_name": s.name, "template": {"nosuch": 1}})


def state(body):
    return body["stack"]["stack_status"]


def state_and_end(body):
    """Heat writes down the time a moment after the state, and finds the stack by its name until then."""
    ends = state(body) == "DELETE_COMPLETE" and not body["stack"].get("deletion_time")
    return "DELETE_IN_PROGRESS" if ends else state(body)


def life(s):
    resources = {"net": {"type": "OS::Neutron::Net", "properties": {"name": s.name + "-net"}}}
    post = {"stack_name": s.name + "-a", "template": TEMPLATE | {"resources": resources}}
    made = s.ask("create a stack", s.user, "POST", "/stacks", post)["stack"]["id"]
    path = f"/stacks/{s.name}-a/{made}"
    s.until("the stack is complete", s.user, path, state, "CREATE_COMPLETE", ("CREATE_IN_PROGRESS",))
    s.ask("create a stack of the same name", s.user, "POST", "/stacks", post)
    s.ask("stack", s.user, "GET", path)
    s.ask("stack by its name", s.user, "GET", f"/stacks/{s.name}-a")
    s.ask("stack by its id", s.user, "GET", f"/stacks/{made}")
    s.ask("stack of somebody else", s.other, "GET", path)
    s.ask("stack as administrator, under its own project", s.admin, "GET", path)
    s.ask("resources of a stack", s.user, "GET", path + "/resources")
    s.ask("resources of a stack and those below", s.user, "GET", path + "/resources?nested_depth=5")
    second = s.ask("create a stack of nothing", s.user, "POST", "/stacks", {"stack_name": s.name + "-b", "template": TEMPLATE})["stack"]["id"]
    s.until("the stack of nothing is complete", s.user, f"/stacks/{s.name}-b/{second}", state, "CREATE_COMPLETE", ("CREATE_IN_PROGRESS",))
    s.ask("resources of a stack of nothing", s.user, "GET", f"/stacks/{s.name}-b/{second}/resources")
    listed(s, made, second)
    s.ask("delete somebody else's stack", s.other, "DELETE", path)
    s.ask("delete a stack by its name", s.user, "DELETE", f"/stacks/{s.name}-b")
    s.ask("delete a stack", s.user, "DELETE", path)
    s.until("the stack is deleted", s.user, path, state_and_end, "DELETE_COMPLETE", ("CREATE_COMPLETE", "DELETE_IN_PROGRESS"))
    s.ask("the deleted stack", s.user, "GET", path)
    s.ask("the deleted stack by its name", s.user, "GET", f"/stacks/{s.name}-a")
    s.ask("delete a deleted stack", s.user, "DELETE", path)
    s.ask("resources of a deleted stack", s.user, "GET", path + "/resources")
    s.ask("delete the stack of nothing", s.user, "DELETE", f"/stacks/{s.name}-b/{second}")
    s.until("the stack of nothing is deleted", s.user, f"/stacks/{s.name}-b/{second}", state, "DELETE_COMPLETE", ("CREATE_COMPLETE", "DELETE_IN_PROGRESS"))
    left = lambda b: [row["stack_name"] for row in b["stacks"] if row["stack_status"] != "DELETE_COMPLETE"]
    s.ask("stacks when all are deleted", s.user, "GET", "/stacks", only=[], says=left)


def listed(s, made, second):
    names = lambda b: [row["stack_name"] for row in b["stacks"]]
    s.ask("stacks", s.user, "GET", "/stacks", says=names)
    s.ask("stacks, first page", s.user, "GET", "/stacks?limit=1&sort_keys=stack_name&sort_dir=asc", says=names)
    s.ask("stacks, by marker", s.user, "GET", f"/stacks?limit=1&sort_keys=stack_name&sort_dir=asc&marker={made}", says=names)
    s.ask("stacks of all tenants as administrator", s.admin, "GET", "/stacks?global_tenant=true", only=[made], says=lambda b: len(b["stacks"]) > 1)
    s.ask("stacks of an administrator's project", s.admin, "GET", "/stacks", only=[made, second], says=lambda b: made in str(b))
    s.ask("all tenants as a user", s.user, "GET", "/stacks?global_tenant=true")
    s.ask("stacks by name", s.user, "GET", f"/stacks?name={s.name}-a", says=names)
    s.ask("stacks by what is not there", s.user, "GET", "/stacks?nosuch=x", says=names)
    s.ask("stacks, a limit that is none", s.user, "GET", "/stacks?limit=x")
    s.ask("stacks after what is not there", s.user, "GET", "/stacks?limit=1&marker=nosuch")
    s.ask("detail", s.user, "GET", f"/stacks/detail?name={s.name}-a")


def failing(s):
    resources = {"net": {"type": "OS::Heat::TestResource", "properties": {"fail": True}}}
    post = {"stack_name": s.name + "-f", "template": TEMPLATE | {"resources": resources}}
    made = s.ask("create a stack that fails", s.user, "POST", "/stacks", post)["stack"]["id"]
    path = f"/stacks/{s.name}-f/{made}"
    s.until("the stack has failed", s.user, path, state, "CREATE_FAILED", ("CREATE_IN_PROGRESS",))
    s.ask("delete a failed stack", s.user, "DELETE", path)
    s.until("the failed stack is deleted", s.user, path, state, "DELETE_COMPLETE", ("CREATE_FAILED", "DELETE_IN_PROGRESS"))


groups = [documents, life, failing]
