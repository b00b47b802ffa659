"""Where two clouds' answers to the same steps differ, and which differences are accepted."""

import fnmatch
import os

HERE = os.path.dirname(os.path.realpath(__file__))


class difference:
    def __init__(self, service, step, key, real, sandbox):
        self.service, self.step, self.key, self.real, self.sandbox = service, step, key, real, sandbox

    def __str__(self):
        return f"{self.service}: {self.step}: {self.key}\n        real     {self.real}\n        sandbox  {self.sandbox}"


class acceptance:
    """One line of accepted.txt: SERVICE | STEP | KEY, each a pattern, then # and the reason; "sometimes: ..." need
    not differ every time. "RELEASE:" before the service: only there."""

    def __init__(self, line):
        patterns, self.reason = line.split(" # ", 1)
        service, self.step, self.key = (part.strip() for part in patterns.split("|"))
        self.release, _, self.service = service.rpartition(":")
        self.used, self.line = self.reason.startswith("sometimes: "), line

    def covers(self, found):
        pairs = ((found.service, self.service), (found.step, self.step), (found.key, self.key))
        hit = all(fnmatch.fnmatchcase(value, pattern.replace("[]", "[[]]")) for value, pattern in pairs)
        self.used |= hit
        return hit


def accepted(release):
    with open(os.path.join(HERE, "accepted.txt"), encoding="utf-8") as file:
        lines = [acceptance(line.strip()) for line in file if line.strip() and not line.startswith("#")]
    return [line for line in lines if line.release in ("", release)]


def compare(real, sandbox):
    """Both are {service: [record]}; what is in both services is compared."""
    for service in sorted(real.keys() & sandbox.keys()):
        theirs = {record["step"]: record for record in real[service]}
        ours = {record["step"]: record for record in sandbox[service]}
        for step in [*theirs, *(step for step in ours if step not in theirs)]:
            if step not in theirs or step not in ours:
                yield difference(service, step, "asked", *("yes" if step in side else "no" for side in (theirs, ours)))
            else:
                for key, *values in unlike(theirs[step], ours[step]):
                    yield difference(service, step, key, *values)


def unlike(real, sandbox):
    """The keys of one step that differ. On the way to its last state a cloud may be too quick to be seen in
    every one, so what the real one showed must be shown by the sandbox, and neither leaves the way."""
    for key in sorted(real.keys() | sandbox.keys()):
        if key == "states":
            way = set(real["through"])
            strange = [sorted(set(side[key]) - way) for side in (real, sandbox)]
            missing = sorted(set(real[key]) - set(sandbox[key]))
            if strange[0] or strange[1] or missing:
                yield key, real[key], sandbox[key]
        elif real.get(key) != sandbox.get(key):
            yield key, real.get(key, "nothing"), sandbox.get(key, "nothing")
