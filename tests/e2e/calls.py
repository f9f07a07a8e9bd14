#!/usr/bin/env python3
"""calls.py - a patient who calls and is called: a warning sign at the front desk, the check-in of day 2, the late check of week 4. Forms only,
as a browser without script sends them."""
import json, re
from harness import *

claim = Claims()


def visit(id, revision, **change):
    s = snapshot(id, revision, **change)
    s["encounter"].update(start="2026-03-28T14:00:00+01:00", end="2026-03-28T14:40:00+01:00")
    for p in s["procedures"]:
        p["performed"] = "2026-03-28T14:35:00+01:00"
        p["products"] = [{"name": "HA complex", "lot": "L-2231"}]
    return s


def tasks(plan):
    return {t["name"]: t for t in json.loads(d.cli("task", "list", "--json").stdout)["tasks"] if t["plan"] == plan}


def send(path, action_end, user, **more):
    """The form of a page whose action ends so, with what the person filled in; the page that follows."""
    _, html = d.page(path, user)
    action, f = fields(html, action_end)
    f.update(more)
    status, h, body = d.post(action, f, user)
    return status, (d.page(h["location"], user)[1] if status == 303 else body.decode()), h.get("location", "")


def answers(check_in, **given):
    return {f"answer.mesotherapy/{check_in}/{k}": v for k, v in given.items()}


WELL = answers("early-reaction", breathing="no", fever="no", pus="no", spreading="no", bruising="no", itching="no", pain="2", followed="yes")

with Demo(at="2026-03-28T14:41:00+01:00") as d:
    s = visit("call-1", 1)
    s["encounter"].update(signed="2026-03-28T14:41:00+01:00", signed_by=s["provider"])
    status, r = d.put(s)
    claim(status == 201 and r["document"]["version"] == 1, "treated and signed: document version 1", r)
    plan = r["plan"]["id"]
    base = f"/aftercare/plans/{plan}"

    # the patient calls
    d.clock.set("2026-03-30T11:00:00+02:00")
    _, work = d.page("/aftercare/worklist?role=all", "frontdesk")
    claim(f'{base}/call-in"' in work, "the worklist leads the front desk to the call with one click")
    _, panel = d.page("/aftercare/panel/demo/call-1", "frontdesk")
    claim(f'{base}/call-in"' in panel, "so does the panel")
    _, page = d.page(base + "/call-in", "frontdesk")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    claim("43 h ago" in text and "lot L-2231" in text and "Face" in text, "hours, area and lot", text[:600])
    claim("You get a fever." in text and "112" in text, "the signs verbatim, and the emergency number")
    claim("<script" not in page, "without script")
    before = set(tasks(plan))
    status, page, call = send(base + "/call-in", "/calls", "frontdesk", **{"flag.mesotherapy/fever": "yes", "note": "since this morning"})
    claim(call == base + "/calls/1", "the yes is sent at once", (status, call))
    urgent = tasks(plan).get("aftercare/urgent/1")
    claim(urgent and urgent["urgent"] and urgent["status"] == "requested", "the urgent task is there before the call is over", set(tasks(plan)) - before)
    claim(page.index('class="alarm"') < page.index("<fieldset"), "the number to phone stands above the questions")
    claim("since this morning" in page, "what was typed is kept")
    _, panel = d.page("/aftercare/panel/demo/call-1", "nurse")
    claim('class="alarm"' in panel and "You get a fever." in panel, "the panel is marked")
    status, page, _ = send(call, "/calls/1", "nurse", outcome="reached", **{"flag.mesotherapy/pus": "no"})
    claim("urgent" in page and 'class="call"' not in page, "finished by a nurse, and still urgent")
    _, _, xml = d.request("GET", f"{base}/documents/2/xml", user="auditor")
    claim(b"You get a fever. yes" in xml and b"2.16.840.1.113883.10.20.22.4.144" in xml, "the next document version tells it as an outcome")
    claim(b"Reported, urgent, because of: You get a fever." in xml, "and as a health concern")

    # who may judge it otherwise
    _, page = d.page(call, "nurse")
    claim("Judge it otherwise" not in page, "a nurse is offered no lower judgement")
    action, f = fields(d.page(call, "clinician")[1], "/calls/1")
    status, _, _ = d.post(action, dict(f, level="expected", reason="mine", token="x"), "nurse")
    claim(status == 403, "and a form of somebody else's is refused", status)
    status, page, _ = send(call, "/calls/1", "clinician", level="call-back", reason="seen, 37.2")
    claim("seen, 37.2" in page and "by clinician" in page, "a clinician lowers it, with name and reason", status)

    # the check-in of day 2
    check = base + "/check-in/mesotherapy/call-day-2/1"
    claim(d.page(check, "frontdesk")[0] == 403, "the front desk asks no check-in")
    send(check, "/calls", "nurse", outcome="no-answer")
    _, page = d.page(check, "nurse")
    claim("Tried 1 of 3 times" in page and "Message left" not in page, "an attempt is counted; no message that nobody allowed is offered")
    claim(tasks(plan)["mesotherapy/call-day-2/1"]["status"] == "requested", "the task stays open")
    status, page, _ = send(check, "/calls", "nurse", outcome="reached", **WELL)
    claim("matches what your clinic described" in page and "rule mesotherapy/early-reaction/3" in page, "expected, with the rule that fired", status)
    claim("normal" not in page.lower(), "and never called normal")
    claim(tasks(plan)["mesotherapy/call-day-2/1"]["status"] == "completed", "the task is done")
    _, page = d.page(base, "clinician")
    claim('class="sc"' in page and "How strong is the pain, from 0 to 10? 2 on Mon 30 Mar, 11:00." in page, "the score is a picture that reads aloud")

    # weeks later
    d.clock.set("2026-04-27T10:00:00+02:00")
    late = base + "/check-in/mesotherapy/late-check/1"
    status, page, _ = send(late, "/calls", "nurse", outcome="reached", **answers("late-reaction", lump="yes"))
    claim("Judged as: call back" in page and "A new lump or sore in the treated area? yes" in page, "a late check in week 4 works the same", status)
    claim(any(n.startswith("aftercare/call-back/") for n in tasks(plan)), "and makes the call back")

    # a second session, and the weeks in which the late checks of both are due: one call answers each
    d.clock.set("2026-04-07T14:41:00+02:00")
    t = visit("call-2", 1, patient=s["patient"])
    t["encounter"].update(start="2026-04-07T14:00:00+02:00", end="2026-04-07T14:40:00+02:00", signed="2026-04-07T14:41:00+02:00", signed_by=t["provider"])
    t["procedures"][0].update(performed="2026-04-07T14:35:00+02:00", products=[{"name": "HA complex", "lot": "L-2232"}])
    second = d.put(t)[1]["plan"]["id"]
    d.clock.set("2026-07-01T11:00:00+02:00")
    late = base + "/check-in/mesotherapy/late-check/2"
    _, page = d.page(late, "nurse")
    claim(page.count('<form class="call"') == 1 and page.count("A new lump or sore in the treated area?") >= 2, "all checks that are due stand in one form")
    claim("lot L-2231" in page and "lot L-2232" in page, "under their sessions and lots")
    claim("<script" not in page, "without script")
    other = f"with|{second}|mesotherapy/late-check/2|answer.mesotherapy/late-reaction/lump"
    skip = {re.sub("seen$", "later", n): "1" for n in fields(page, "/calls")[1] if n.startswith("with|") and n.endswith("|seen") and "late-check/2" not in n}
    status, page, call_of_two = send(late, "/calls", "nurse", outcome="reached", **answers("late-reaction", lump="no"), **{other: "yes"}, **skip)
    claim("2 checks in one call" in page and page.count("Judged as: ") == 2, "each is judged for itself", (status, page.count("Judged as: ")))
    claim('class="chip warn">call back' in page, "and the head shows the gravest")
    claim(tasks(plan)["mesotherapy/late-check/2"]["status"] == "completed" and tasks(second)["mesotherapy/late-check/2"]["status"] == "completed", "both tasks are done")
    claim("aftercare/call-back/1" in tasks(second), "the call back is the second session's")
    claim(tasks(second)["mesotherapy/late-check/1"]["status"] == "requested", "what was left for another time is open")

    # whoever reads afterwards
    status, _, body = d.request("GET", base + "/calls", user="auditor")
    kinds = [c["kind"] for c in json.loads(body)["calls"]] if status == 200 else status
    claim(kinds == ["call-in", "check-in", "check-in", "check-in", "check-in"], "all calls as JSON", kinds)
    claim("<form" not in d.page(call, "auditor")[1], "the auditor reads only")
    log = open(f"{d.dir}/demo.log", errors="replace").read()
    claim("since this morning" not in log and "fever" not in log, "no word of the patient in the program's log")
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
    r = d.cli("plan", "regen", "--verify", "--all", check=False)
    claim(r.returncode == 0, "every version is re-made byte for byte", r.stdout + r.stderr)
claim.end()
