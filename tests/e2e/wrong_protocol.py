#!/usr/bin/env python3
"""wrong_protocol.py - a wrong version is published: sheets go out, it is suspended, rolled back, recalled, and every affected patient is
reviewed and told; each act is seen by the running plugin within a second, without a restart."""
import json, os, time
from harness import *

claim = Claims()
NAME = "mesotherapy"
WRONG = "the wrong end of no-sauna"


def act(d, *args, actor="dr.demo", code=0):
    """A verb with --json by a demonstration's person; its document, or the error's."""
    r = d.cli(*args, "--json", "--actor", actor, check=False)
    claim(r.returncode == code, f"aftercare {' '.join(args)} ends with {code}", (r.returncode, r.stderr[-300:]))
    return json.loads(r.stdout if r.returncode == 0 else r.stderr)


def visit(d, id, revision=1, **change):
    status, r = d.put(snapshot(id, revision, **change))
    claim(status in (200, 201), f"the visit {id} is taken", (status, r))
    return r


def sheet_form(d, id):
    _, panel = d.page(f"/aftercare/panel/demo/{id}", "nurse")
    action, f = fields(panel, "/issue")
    f.update(language="en", recipient="patient", medium="paper")
    return action, f


def give(d, id):
    action, f = sheet_form(d, id)
    return d.post(action, f, "nurse")


def offers_sheet(d, id):
    return "/issue" in d.page(f"/aftercare/panel/demo/{id}", "nurse")[1]


def plan_of(d, plan):
    return json.loads(d.cli("plan", "show", plan, "--json").stdout)["plan"]


def version_of(d, plan):
    return next(p["version"] for p in plan_of(d, plan)["protocols"] if p["id"] == NAME)


def tasks_of(d, plan):
    return [t for t in json.loads(d.cli("task", "list", "--json", "--open").stdout)["tasks"] if t["plan"] == plan]


def finish(d, plan, name, user="clinician"):
    """The worklist's form of that task, sent as a browser sends it."""
    _, page = d.page("/aftercare/worklist", user)
    action, f = fields(page, f"/plans/{plan}/tasks/{name.replace('/', '%2F')}")
    f.update(status="completed", outcome="talked to the patient")
    status, _, data = d.post(action, f, user)
    claim(status == 303, f"the task {name} is done", (status, data[-400:]))


def within_a_second(what, sentence):
    start = time.monotonic()
    while time.monotonic() - start < 1.0:
        if what():
            claim(True, sentence)
            return
        time.sleep(0.05)
    claim(what(), sentence)


with Demo() as d:
    good = act(d, "protocol", "list")["protocols"]
    good = next(p["version"] for p in good if p["protocol"] == NAME and p["active"])
    before = visit(d, "before")["plan"]["id"]

    # the wrong version: written, reviewed by somebody else, who does not see it either
    wrong = os.path.join(d.dir, "wrong.xml")
    with open(os.path.join(TOP, "schemas/protocols/demo/mesotherapy.xml")) as f:
        text = f.read()
    with open(wrong, "w") as f:
        f.write(signed_again(text.replace('<window until="72 h"/>', '<window until="24 h"/>', 1), 'no-sauna'))
    bad = act(d, "protocol", "import", wrong, actor="author.demo")["version"]
    act(d, "protocol", "submit", bad, actor="author.demo")
    e = act(d, "protocol", "approve", bad, actor="author.demo", code=6)
    claim(e["rule"] == "PUB-SECOND-PERSON", "the author cannot approve", e)
    act(d, "protocol", "approve", bad)
    e = act(d, "protocol", "publish", "--dry-run", NAME)
    claim(e["n"] == 2 and e["dry_run"], "a dry run says that it would be v2", e)
    act(d, "protocol", "publish", "--confirm", NAME, NAME)
    within_a_second(lambda: version_of(d, visit(d, "probe-%d" % time.monotonic_ns())["plan"]["id"]) == bad,
                    "the running plugin makes plans from the published version")
    claim(version_of(d, before) == good, "a plan that was made before stays as it is")

    plans = {}
    for i in range(3):
        plans[f"wrong-{i}"] = visit(d, f"wrong-{i}")["plan"]["id"]
    for id in ("wrong-0", "wrong-1"):
        status, _, _ = give(d, id)
        claim(status == 303, "a sheet of the wrong version is given out", status)

    held = sheet_form(d, "wrong-2") # of a page that was open before

    # suspended: by one person, at once
    act(d, "protocol", "suspend", NAME, "--reason", WRONG, "--confirm", NAME)

    def refused():
        status, _, data = d.post(*held, "nurse")
        return status == 409 and b"suspended" in data
    within_a_second(refused, "nothing made from the suspended version is given out: 409")
    _, panel = d.page("/aftercare/panel/demo/wrong-2", "clinician")
    claim(not offers_sheet(d, "wrong-2"), "the panel does not offer to give it out")
    claim("is suspended" in panel and WRONG in panel and "Version v1 holds" in panel, "the panel says so, why, and what holds")
    r = visit(d, "wrong-new")
    claim(r["plan"].get("suspended") is True and any(w["rule"] == "PROTOCOL-SUSPENDED" for w in r["warnings"]),
          "events match it still, and the answer says that it is suspended", r["warnings"])

    # a clinician does not wait for the administrator: the last good version, by the button of the panel
    action, f = fields(panel, "/version")
    status, _, _ = d.post(action, f, "nurse")
    claim(status == 403, "a nurse does not take a plan to another version", status)
    status, _, _ = d.post(action, f, "clinician")
    claim(status == 303 and version_of(d, plans["wrong-2"]) == good, "a clinician takes one plan to the last good version", status)
    status, _, _ = give(d, "wrong-2")
    claim(status == 303, "its sheet can be given out", status)

    # rolled back
    r = act(d, "protocol", "rollback", NAME, "--reason", WRONG, "--confirm", NAME)
    claim(r["n"] == 3 and r["version"] == good and r["sheets"] == 2, "rolling back is v3 with the content of v1, and counts the sheets", r)
    made = {m["plan"] for m in r["made_meanwhile"]}
    claim(plans["wrong-0"] in made and plans["wrong-1"] in made and before not in made and plans["wrong-2"] not in made,
          "it lists the plans made meanwhile", len(made))
    within_a_second(lambda: version_of(d, visit(d, "after-%d" % time.monotonic_ns())["plan"]["id"]) == good,
                    "the running plugin makes plans from the older content again")
    claim(not offers_sheet(d, "wrong-new"), "a plan that was made from the wrong version stays held back")

    claim("v2 is suspended" in d.cli("doctor", check=False).stdout, "doctor names a suspended version while patients follow it")

    # recalled: who, then really
    dry = act(d, "plan", "recall", "--dry-run", "--protocol", NAME, "--version", "v2")
    claim(set(dry["plans"]) == made and dry["sheets"] == 2, "a dry run names who is affected", dry["affected"])
    line = act(d, "plan", "recall", "--dry-run", "--protocol", NAME, "--version", "v2", "--line", "no-sauna")
    claim(line["affected"] == dry["affected"], "by the line, too", line["affected"])
    act(d, "plan", "recall", "--protocol", NAME, "--version", "v2", "--reason", WRONG, code=2)
    recall = act(d, "plan", "recall", "--protocol", NAME, "--version", "v2", "--reason", WRONG, "--confirm", NAME)
    claim(recall["affected"] == recall["prepared"] == recall["corrected"] == len(made) and recall["failed"] == 0,
          "every plan is corrected and has a review", recall)
    claim(all(version_of(d, p) == good for p in made), "all are made from the right version now")
    tasks = tasks_of(d, plans["wrong-0"])
    review = [t for t in tasks if t["name"] == "aftercare/recall/1"]
    claim(len(review) == 1 and review[0]["role"] == "clinician" and review[0]["urgent"] and "Ada" not in review[0]["title"],
          "one urgent review for a clinician, without a name in its title", review)
    claim(any(t["name"].startswith("aftercare/tell-the-patient/") for t in tasks), "who holds a sheet is to be told")
    without = next(p for p in made if p not in (plans["wrong-0"], plans["wrong-1"]))
    claim(not any(t["name"].startswith("aftercare/tell-the-patient/") for t in tasks_of(d, without)), "who holds none is not called")
    again = act(d, "plan", "recall", "--protocol", NAME, "--version", "v2", "--reason", WRONG, "--confirm", NAME)
    claim(again["recall"] == recall["recall"] and again["prepared"] == recall["prepared"], "asked again, nothing is done twice")

    # reviewed and told, until it is closed
    claim("recall 1 of" in d.cli("doctor", check=False).stdout, "doctor names a recall until it is closed")
    for plan in made:
        finish(d, plan, "aftercare/recall/1")
    s = act(d, "plan", "recall", "--status", "1")["recalls"][0]
    claim(s["reviewed"] == s["affected"] and s["told"] == s["affected"] - 2 and not s["closed"], "reviewed is not told", s)
    status, _, _ = give(d, "wrong-0")
    claim(status == 303, "one gets the corrected sheet", status)
    tell = next(t for t in tasks_of(d, plans["wrong-1"]) if t["name"].startswith("aftercare/tell-the-patient/"))
    finish(d, plans["wrong-1"], tell["name"], "nurse")
    s = act(d, "plan", "recall", "--status", "1")["recalls"][0]
    claim(s["closed"] and s["told"] == s["affected"], "when all were reviewed and told it is closed", s)

    # in a hurry, without a second person: everybody who gives out a sheet can see it
    with open(wrong, "w") as f:
        f.write(signed_again(text.replace('<window until="72 h"/>', '<window until="96 h"/>', 1), 'no-sauna'))
    hurry = act(d, "protocol", "import", wrong, actor="author.demo")["version"]
    act(d, "protocol", "publish", "--break-glass", "--reason", "no second person before Monday", "--confirm", NAME, hurry, actor="author.demo")
    id = "hurry"
    claim(version_of(d, visit(d, id)["plan"]["id"]) == hurry, "break-glass is in force")
    _, panel = d.page(f"/aftercare/panel/demo/{id}", "nurse")
    claim("was published without approval" in panel, "the panel says that nobody approved it")
    _, page = d.page(f"/aftercare/plans/{before}", "clinician")
    claim("Another version of the protocol is in force" in page and "no-sauna: longer" in page,
          "a plan's page says what the version in force would change for this patient")
    act(d, "protocol", "approve", hurry)
    _, panel = d.page(f"/aftercare/panel/demo/{id}", "nurse")
    claim("was published without approval" not in panel, "until somebody approves it")

    # on record
    acts = [a["action"] for a in act(d, "protocol", "history", NAME)["acts"]]
    claim(acts == ["import", "approve", "publish", "import", "submit", "approve", "publish", "suspend", "rollback", "recall", "recall",
                   "import", "break-glass", "approve"],
          "the history has every act", acts)
    blame = act(d, "protocol", "blame", bad)["lines"]
    claim([b["line"] for b in blame if b["n"] == 2] == ["no-sauna"], "blame finds the line", [b for b in blame if b["n"] == 2])
    claim(d.cli("audit", "verify").returncode == 0, "the log verifies")
    claim(d.cli("plan", "regen", "--verify", "--all").returncode == 0, "every version is re-made byte for byte")
    doctor = d.cli("doctor", check=False)
    claim("suspended" not in doctor.stdout and "recall" not in doctor.stdout, "of what was recalled and is closed doctor says nothing",
          doctor.stdout[-400:])
claim.end()
