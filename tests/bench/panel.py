#!/usr/bin/env python3
"""panel.py PORT STATE-DIR ACCESS-LOG [REQUESTS] - what the panel of a patient with a long record costs the server: its events through the API and the
forms, then REQUESTS panels and as many health answers in turn. nginx writes `$upstream_response_time $request_uri`. Prints one line:
median and p99 of the panel in ms as nginx counts them, medians of panel and health (the floor) at the caller, and how many plans, tasks, calls and
plan versions the store has."""
import os, re, sqlite3, sys, time
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))
from harness import Demo, fields, snapshot, stamp

port, state, log, requests = int(sys.argv[1]), sys.argv[2], sys.argv[3], int((sys.argv + [500])[4])
d = Demo.__new__(Demo)
d.port = port
DAY = 24 * 60
who = {**snapshot("x")["patient"], "id": "p-long"}


def visit(id, days, revision, area, signed):
    s = snapshot(id, revision, minutes_ago=days * DAY + 60, patient=who,
                 facts={"area": [area], "technique": "needle", "indication": "rejuvenation", "session": id, "sessions": 6})
    s["encounter"]["id"] = f"long-{id}"
    s["facts"]["session"] = int(id)
    s["procedures"][0]["products"] = [{"name": "HA complex", "lot": "L-%s" % id}]
    if signed:
        s["encounter"].update(signed=stamp(days * DAY - revision), signed_by=s["provider"])
    status, r = d.put(s, "module")
    assert status in (200, 201), (status, r)
    return r["plan"]["id"]


def send(path, end, **more):
    html = d.page(path, "nurse")[1]
    action, f = fields(html, end)
    f.update(more)
    status, h, body = d.post(action, f, "nurse")
    assert status == 303, (path, status, body[-300:])
    return h["location"]


for n in range(1, 6):  # five sessions, each corrected three times after its signature, with a sheet and three calls
    days = (6 - n) * 8
    plan = visit(str(n), days, 1, "face", False)
    send(f"/aftercare/panel/demo/long-{n}", "/issue", language="en", recipient="patient", medium="paper")
    for revision, area in enumerate(("face", "neck", "scalp", "face"), 2):
        visit(str(n), days, revision, area, True)
    for k in range(3):
        send(f"/aftercare/plans/{plan}/call-in", "/calls", **{"flag.mesotherapy/fever": "yes" if k == 1 else "no", "outcome": "reached", "note": "call %d" % k})
with open(log, "w"):
    pass
walls = {"panel": [], "health": []}  # nginx counts whole milliseconds: the ratio is taken from the caller's clock
for _ in range(requests):
    for name, path in (("panel", "/aftercare/panel/demo/long-5"), ("health", "/aftercare/health")):
        begun = time.perf_counter()
        status, _, _ = d.request("GET", path, user="nurse")
        walls[name].append(time.perf_counter() - begun)
        assert status == 200, (path, status)
time.sleep(0.3)


def of(rows, share):
    return sorted(rows)[min(len(rows) - 1, int(len(rows) * share))] * 1000


rows = {"panel": [], "health": []}
for line in open(log):
    took, uri = line.split()
    for name in rows:
        if name in uri and took != "-":
            rows[name].append(float(took))
assert all(len(r) == requests for r in rows.values()), {k: len(v) for k, v in rows.items()}
db = sqlite3.connect(f"file:{state}/aftercare.db?mode=ro", uri=True)
count = lambda sql: db.execute(sql).fetchone()[0]
print(*("%.1f" % of(rows["panel"], s) for s in (0.5, 0.99)), *("%.2f" % of(walls[k], 0.5) for k in ("panel", "health")),
      *(count(f"SELECT count(*) FROM {t}") for t in ("plan", "task", "patient_call", "plan_version")))
