#!/usr/bin/env python3
"""publish.py - two versions of a protocol are put in force by turns, by the command line, while eight clients send visits: the running plugin
follows without a restart, and whatever it makes is made wholly of one version."""
import json, re, sys, threading
from harness import *

SWITCHES, CLIENTS = 12, 8
claim = Claims()
NAME = "mesotherapy"
ONLY = {"A": {"72 h", "48 h"}, "B": {"71 h", "47 h"}}  # ends that lines of only this version have


class Client(threading.Thread):
    """Visits of ever new patients, one after the other; every second one is signed, so that its event makes the document, too."""

    def __init__(self, d, n):
        super().__init__(daemon=True)
        self.d, self.n, self.done, self.failed, self.busy = d, n, [], [], 0
        self.go_on = True

    def run(self):
        i = 0
        while self.go_on:
            i += 1
            s = snapshot(f"pub-{self.n}-{i}")
            if i % 2 == 0:
                s["encounter"].update(signed=stamp(0), signed_by=s["provider"])
            began = time.monotonic()
            try:
                status, r = self.d.put(s)
            except OSError as e:
                status, r = 0, {"error": repr(e)}
            if status == 201:
                self.done.append((began, time.monotonic(), r["plan"]["id"], i % 2 == 0, r))
            elif status == 503:  # planned in vain three times: the client is told to come again
                self.busy += 1
            else:
                self.failed.append((status, r))
                return


def act(d, verb, *args):
    return d.cli("protocol", verb, "--actor", "dr.demo", f"--confirm={NAME}", "--reason", "by turns", NAME, *args)


with Demo() as d:
    source = open(os.path.join(TOP, f"schemas/protocols/demo/{NAME}.xml")).read()
    other = signed_again(re.sub(r'until="(72|48) h"', lambda m: 'until="%d h"' % (int(m.group(1)) - 1), source))
    with open(os.path.join(d.dir, "b.xml"), "w") as f:
        f.write(other)
    d.cli("protocol", "import", "--actor", "author.demo", os.path.join(d.dir, "b.xml"))
    rows = json.loads(d.cli("protocol", "list", "--json").stdout)["protocols"]
    hash = {"A" if r["active"] else "B": r["version"] for r in rows if r["protocol"] == NAME}
    with open(os.path.join(d.dir, "run/plugin.pid")) as f:
        plugin = f.read()

    clients = [Client(d, n) for n in range(CLIENTS)]
    for c in clients:
        c.start()
    turns = []  # (begins, is done, version)

    def each_sent_one_since(t):
        end = time.monotonic() + 60
        while time.monotonic() < end and not all(any(x[0] > t for x in c.done) for c in clients if not c.failed):
            time.sleep(0.01)

    each_sent_one_since(0)
    for k in range(SWITCHES):
        to, began = "AB"[(k + 1) % 2], time.monotonic()
        if k == 0:
            d.cli("protocol", "publish", "--actor", "dr.demo", f"--confirm={NAME}", hash["B"])
        else:
            act(d, "rollback", hash[to])
        turns.append((began, time.monotonic(), to))
        each_sent_one_since(turns[-1][1])
    for c in clients:
        c.go_on = False
    for c in clients:
        c.join(60)

    claim(not any(c.failed for c in clients), "every visit is taken", [c.failed[:1] for c in clients])
    visits = [x for c in clients for x in c.done]
    crossing = mixed = 0
    seen = {"A": 0, "B": 0}
    first = {}
    for began, ended, plan, is_signed, r in visits:
        shown = json.loads(d.cli("plan", "show", "--json", plan).stdout)["plan"]
        version = [x for x in "AB" if shown["protocols"][0]["version"] == hash[x]]
        claim(len(version) == 1 and len(shown["protocols"]) == 1, "a plan names one version", shown["protocols"])
        version = version[0]
        seen[version] += 1
        ends = {line.get("until_offset") for line in shown["lines"]}
        wrong = ends & ONLY["B" if version == "A" else "A"]
        mixed += bool(wrong) or not ends & ONLY[version]
        claim(not wrong and ends & ONLY[version], "its lines are of the version that it names", (version, ends))
        claim(is_signed == (r["document"] is not None), "a signed visit's event made its document")
        # what was in force while the visit was on its way: one version where no act fell into that time
        was = [t[2] for t in turns if t[1] <= began][-1:] or ["A"]
        meanwhile = [t[2] for t in turns if t[1] > began and t[0] < ended]
        crossing += bool(meanwhile)
        claim(version in was + meanwhile, "what is sent after the act is made of what the act put in force", (version, was, meanwhile))
        if not meanwhile and was[0] == version:
            last = [k for k, t in enumerate(turns) if t[1] <= began][-1:]
            for k in last:
                first[k] = min(first.get(k, 1e9), ended - turns[k][1])
    claim(len(first) == SWITCHES, "each act was followed by visits of its version", len(first))
    claim(min(seen.values()) >= CLIENTS, "visits were planned with both versions", seen)
    with open(os.path.join(d.dir, "run/plugin.pid")) as f:
        claim(f.read() == plugin and os.path.exists("/proc/" + plugin.strip()), "the plugin is the process that it was")
    # documents too: made again from the recorded inputs they are the same bytes
    r = d.cli("plan", "regen", "--verify", "--all", check=False)
    claim(r.returncode == 0, "plans and documents are re-made byte for byte", (r.stdout + r.stderr)[-500:])
    r = d.cli("audit", "verify", check=False)
    claim(r.returncode == 0, "the log verifies", r.stdout + r.stderr)
    print(f"{len(visits)} visits ({seen['A']} A, {seen['B']} B), {crossing} on their way during one of {SWITCHES} acts, {mixed} mixed, "
          f"{sum(c.busy for c in clients)} asked to come again; the first of a new version was there {max(first.values()) * 1000:.0f} ms after its act at the latest")
claim.end()
