#!/usr/bin/env python3
"""day.py - one day and the next by the clock on the wall, the night in between the one in which Europe's summer time begins:
the sheet at 14:50, the signature at 23:40, a corrected area the next day, a chart that nobody signs."""
import json, re
from harness import *

claim = Claims()


def visit(id, revision, **change):
    s = snapshot(id, revision, **change)
    s["encounter"].update(start="2026-03-28T14:00:00+01:00", end="2026-03-28T14:40:00+01:00")
    for p in s["procedures"]:
        p["performed"] = "2026-03-28T14:35:00+01:00"
    return s


def open_tasks(plan):
    return {t["name"]: t for t in json.loads(d.cli("task", "list", "--json", "--open").stdout)["tasks"] if t["plan"] == plan}


def give_out(id):
    _, panel = d.page("/aftercare/panel/demo/" + id, "nurse")
    action, f = fields(panel, "/issue")
    f.update(language="en", recipient="patient", medium="paper")
    status, h, _ = d.post(action, f, "nurse")
    claim(status == 303, "the sheet is given out: " + id, status)
    return d.page(h.get("location", "/"), "nurse")[1]


with Demo(at="2026-03-28T14:41:00+01:00") as d:
    status, r = d.put(visit("day-1", 1))
    claim(status == 201 and r["plan"]["stage"] == "preliminary", "14:41: treated, not signed; the plan is there", r)
    plan = r["plan"]["id"]
    d.put(visit("day-2", 1, patient=dict(visit("day-2", 1)["patient"], id="p-other")))

    d.clock.set("2026-03-28T14:50:00+01:00")
    before = open_tasks(plan)
    claim(any("call-day-2" in name for name in before), "14:50: the day-2 call stands in the worklist", sorted(before))
    sheet = give_out("day-1")
    give_out("day-2")
    read = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", sheet))
    claim(re.search(r"No sauna [^,]* until Tue 31 March, 15:35", read), "72 hours over the night that is an hour short: Tuesday 31 March, 15:35")
    claim("28 March, 14:50" in sheet or "28 March 2026, 14:50" in sheet, "the sheet says when it was given out",
          re.findall(r"14:5\d", sheet)[:3])

    d.clock.set("2026-03-28T23:40:00+01:00")
    s = visit("day-1", 2)
    s["encounter"].update(signed="2026-03-28T23:40:00+01:00", signed_by=s["provider"])
    status, r = d.put(s)
    claim(r["plan"]["stage"] == "final" and r["document"]["version"] == 1, "23:40: signed, document version 1", r)
    claim(r["plan"]["version"] >= 1 and r["plan"]["issued_at"].startswith("2026-03-28T14:50"), "it was given out at 14:50", r["plan"])
    _, _, xml = d.request("GET", f"/aftercare/plans/{plan}/documents/1/xml", user="auditor")
    _, page = d.page(f"/aftercare/plans/{plan}", "clinician")
    ends = set(re.findall(r"until ((?:[A-Z][a-z]+ )?\d+ [A-Z][a-z]+(?: \d{4})?, \d\d:\d\d)", xml.decode()))
    times = {e[-5:] for e in ends}
    claim(len(times) > 1 and times <= set(re.findall(r"\d\d:\d\d", sheet)), "paper and document carry the same times", times)
    claim(times <= set(re.findall(r"\d\d:\d\d", page)), "and the plan's page too", times)
    claim("20260331153500+0200" in xml.decode(), "the document's entry ends at the same instant")

    d.clock.set("2026-03-29T10:00:00+02:00")
    s = json.loads(json.dumps(s))
    s["encounter"].update(revision=3, signed="2026-03-29T10:00:00+02:00")
    s["facts"]["area"] = ["scalp"]
    status, r = d.put(s)
    claim(r["outcome"] == "updated" and r["document"]["version"] == 2, "next day: a corrected area makes document version 2", r)
    _, _, xml2 = d.request("GET", f"/aftercare/plans/{plan}/documents/2/xml", user="auditor")
    claim(b'typeCode="RPLC"' in xml2 and re.search(rb'<id root="([^"]+)"', xml).group(1) in xml2, "which replaces version 1")
    tell = [t for name, t in open_tasks(plan).items() if "tell" in name]
    claim(len(tell) == 1, "and a task to tell the patient", tell)

    # nobody signed day-2
    other = json.loads(d.cli("plan", "list", "--json", "--patient", "p-other").stdout)["plans"][0]["id"]
    claim(not [n for n in open_tasks(other) if "chart" in n], "before a day is over nobody is reminded", sorted(open_tasks(other)))
    d.clock.set("2026-03-29T15:51:00+02:00")
    for _ in range(60):
        late = [t for n, t in open_tasks(other).items() if "chart" in n]
        shown = json.loads(d.cli("plan", "list", "--json", "--patient", "p-other").stdout)["plans"][0]
        if late and shown["stage"] == "final":
            break
        time.sleep(1)
    claim(late and late[0]["role"] == "clinician", "24 hours after the sheet the open chart is a task of its clinician", (shown, sorted(open_tasks(other))))
    for _ in range(3):
        d.clock.set("2026-03-30T09:00:00+02:00")
        time.sleep(2)
    claim(len([n for n in open_tasks(other) if "chart" in n]) == 1, "one task, however often the timer looks")
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
    r = d.cli("plan", "regen", "--verify", "--all", check=False)
    claim(r.returncode == 0, "every document is re-made byte for byte", r.stdout + r.stderr)
claim.end()
