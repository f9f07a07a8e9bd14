#!/usr/bin/env python3
"""override.py - a clinician decides for one visit on the real programs: another window, a line left out, reworded and added, doubts that are
confirmed, a sheet that waits for the signature, a later snapshot, undoing, the document, the log, and the same bytes again."""
import json, os, re, sys
from harness import *

claim = Claims()
SAUNA = "mesotherapy/no-sauna"


def forms(html, action_end, act):
    """The form of this act: its action and its hidden fields."""
    for m in re.finditer(r"<form\b[^>]*>.*?</form>", html, re.S):
        form = m.group(0)
        action = re.search(r'action="([^"]*)"', form)
        f = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form)
        if action and action.group(1).endswith(action_end) and ("act", act) in f:
            return action.group(1), f
    raise AssertionError(f"no form for {act}")


def sent(d, action, f):
    status, headers, data = d.post(action, f, "clinician")
    return status, headers, data.decode()


def decide(d, plan, act, query="", **values):
    """The page's form of this act, sent as a browser sends it: what is hidden, and what was typed."""
    _, html = d.page(f"/aftercare/plans/{plan}/overrides{query}", "clinician")
    action, f = forms(html, "/overrides", act)
    return sent(d, action, f + list(values.items()))


def confirm(d, reply, act, **values):
    action, f = forms(reply[2], "/overrides", act)
    return sent(d, action, f + list(values.items()))


def shown(d, plan):
    return json.loads(d.cli("plan", "show", plan, "--json").stdout)["plan"]


def line(p, key):
    return next((l for l in p["lines"] if l["key"] == key), None)


with Demo() as d:
    status, r = d.put(snapshot("o1"))
    plan = r["plan"]["id"]
    before = line(shown(d, plan), SAUNA)["until"]

    reply = decide(d, plan, "window", "?line=mesotherapy%2Fno-sauna", until="5 d", reason="slow healing last time")
    claim(reply[0] == 303, "a longer window is saved at once", (reply[0], reply[2][-300:]))
    p = shown(d, plan)
    claim(p["version"] == 2 and line(p, SAUNA)["until"] > before and line(p, SAUNA)["override"]["window_by"] == 1,
          "it is version 2 of the plan, with the new end")

    reply = decide(d, plan, "omit", "?line=mesotherapy%2Fno-heavy-lifting", reason="works with children")
    claim(reply[0] == 422 and "The protocol asks for this line" in reply[2], "leaving out a line is doubted before it is saved", reply[0])
    claim(shown(d, plan)["version"] == 2, "and nothing was saved")
    reply = confirm(d, reply, "omit", reason="works with children")
    claim(reply[0] == 303, "confirmed, it is saved", reply[0])

    reply = decide(d, plan, "reword", "?line=mesotherapy%2Fno-hot-tub", text="No hot tub, no <hot> bath.", lang="en", reason="asked for baths")
    claim(reply[0] == 303, "other words are saved", (reply[0], reply[2][-300:]))
    reply = decide(d, plan, "add", text="No swimming in the lake.", lang="en", kind="restriction", until="6 d", reason="lives at the lake")
    claim(reply[0] == 303, "a line is added", (reply[0], reply[2][-300:]))

    _, stale = d.page(f"/aftercare/plans/{plan}/overrides", "clinician")
    action, f = forms(stale, "/overrides", "add")
    d.put(snapshot("o1", 2, facts={"area": ["neck"], "technique": "needle", "session": 2, "sessions": 6}))
    reply = sent(d, action, f + [("text", "x"), ("lang", "en"), ("kind", "care"), ("reason", "late")])
    claim(reply[0] == 409 and "Nothing was changed" in reply[2], "a form older than the chart gets the plan's page and 409", reply[0])
    p = shown(d, plan)
    claim([o["state"] for o in p["overrides"]] == ["holds"] * 4 and line(p, SAUNA)["override"]["window_by"] == 1,
          "every act survived the snapshot", p["overrides"])
    claim(line(p, "mesotherapy/no-heavy-lifting") is None and p["omitted"][0]["key"] == "mesotherapy/no-heavy-lifting", "the line is still out")

    for user in ("nurse", "frontdesk"):
        status, html = d.page(f"/aftercare/plans/{plan}/overrides", user)
        claim(status == 403, f"the {user} decides nothing", status)
    _, panel = d.page("/aftercare/panel/demo/o1", "nurse")
    claim("overrides for this visit" in panel and "/issue" not in panel and "given out after the chart is signed" in panel,
          "the sheet waits for the signature, by the clinic's rule")

    signed = snapshot("o1", 3, facts={"area": ["neck"], "technique": "needle", "session": 2, "sessions": 6})
    signed["encounter"].update(signed=stamp(1), signed_by={"id": "3", "npi": "1234567893", "given": ["Grace"], "family": "Example"})
    status, r = d.put(signed)
    claim(r["plan"]["stage"] == "final", "signed: the plan is final", r["plan"])
    _, panel = d.page("/aftercare/panel/demo/o1", "nurse")
    action, f = fields(panel, "/issue")
    f.update(language="en", recipient="patient", medium="paper")
    status, headers, _ = d.post(action, f, "nurse")
    claim(status == 303, "the sheet is given out", status)
    _, sheet = d.page(headers["location"], "nurse")
    claim("No hot tub, no &lt;hot&gt; bath." in sheet and "No swimming in the lake." in sheet, "the patient reads the new lines")
    claim("heavy" not in sheet and "slow healing" not in sheet and "lives at the lake" not in sheet, "and no reason, and nothing that was left out")

    xml = d.cli("plan", "document", plan).stdout
    claim("OVERRIDE for this visit" in xml and "Left out for this visit" in xml and "slow healing last time" in xml, "the document says what was decided, and why")

    version = shown(d, plan)["version"]
    reply = decide(d, plan, "undo", "?undo=1", reason="healed well")
    if reply[0] == 422:
        reply = confirm(d, reply, "undo", reason="healed well")
    claim(reply[0] == 303, "an act is taken back", (reply[0], reply[2][-300:]))
    p = shown(d, plan)
    claim(p["version"] == version + 1 and p["overrides"][0]["state"] == "undone" and line(p, SAUNA).get("override") is None,
          "the protocol's window is back", p["overrides"][0])
    tasks = [t for t in json.loads(d.cli("task", "list", "--json", "--open").stdout)["tasks"] if t["plan"] == plan]
    claim(any("tell-the-patient" in t["name"] for t in tasks), "the patient who holds the sheet is told", [t["name"] for t in tasks])
    claim("replaces" in json.dumps(p["document"]), "a new document replaces the former", p.get("document"))

    # another plan of one patient runs: what it says is shown before the next treatment, and its later end holds
    who = {**snapshot("x")["patient"], "id": "p-both"}
    peel = snapshot("o2", minutes_ago=2 * 1440, patient=who, facts={},
                    procedures=[{"id": "b1", "system": "LOCAL", "code": "PEEL", "text": "Peel", "status": "performed", "performed": stamp(2 * 1440)}])
    peel["encounter"]["category"] = "Chemical peel"
    status, r = d.put(peel)
    first = r["plan"]["id"]
    planned = snapshot("o3", patient=who)
    planned["encounter"].update(status="arrived", end=None)
    planned["procedures"][0] = {"id": "b1", "system": "LOCAL", "code": "MESO", "text": "Mesotherapy", "status": "planned"}
    status, r = d.put(planned)
    _, panel = d.page("/aftercare/panel/demo/o3", "nurse")
    claim("Before the treatment" in panel and f"/aftercare/plans/{first}" in panel and "do not fit together" in panel,
          "before the treatment the panel names the running plan and what does not fit", (status, r, panel[-1500:]))
    before_html = panel
    status, r = d.put(snapshot("o3", 2, patient=who))
    both = shown(d, r["plan"]["id"])
    sun = line(both, "mesotherapy/no-sun")
    claim(sun.get("other", {}).get("plan") == first and sun["until"] > sun["other"]["own_until"], "the peel's later end holds", sun)
    _, panel = d.page("/aftercare/panel/demo/o3", "nurse")
    claim("Longer because of the treatment on" in panel, "and the panel says whose it is")
    _, sheet = d.page(f"/aftercare/plans/{r['plan']['id']}/handout", "nurse")
    claim("Longer because of an earlier treatment:" in sheet, "and the sheet")

    text = d.cli("plan", "show", plan).stdout
    claim("override 2" in text and "works with children" in text, "plan show lists the acts")
    text = d.cli("plan", "explain", plan, "no-heavy-lifting").stdout
    claim("left out for this visit" in text, "plan explain says that a clinician left it out", text)
    text = d.cli("plan", "explain", plan, "override/added-4").stdout
    claim("added for this visit" in text, "and who added a line", text)
    claim(d.cli("audit", "verify").returncode == 0, "the log verifies")
    claim(d.cli("plan", "regen", "--verify", "--all").returncode == 0, "every version is re-made byte for byte")
    if len(sys.argv) > 1:  # a folder: the pages, to be looked at
        with open(os.path.join(sys.argv[1], "before.html"), "w") as f:
            f.write(before_html)
        for name, path in (("plan", f"/aftercare/plans/{plan}"), ("panel", "/aftercare/panel/demo/o1"),
                           ("line", f"/aftercare/plans/{plan}/overrides?line=mesotherapy%2Fno-sauna"), ("add", f"/aftercare/plans/{plan}/overrides"),
                           ("both", "/aftercare/panel/demo/o3")):
            with open(os.path.join(sys.argv[1], name + ".html"), "w") as f:
                f.write(d.page(path, "clinician")[1])
claim.end()
