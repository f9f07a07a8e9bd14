#!/usr/bin/env python3
"""tasks.py - follow-up as the clinic works with it, on the real programs: a task is taken, put off, handed on and done on the
worklist; an urgent one goes along the list of who is on call while the clock moves and the plugin is ended and started; a plan is
held, goes on, is withdrawn, and what does not lead from its state is refused; everything is re-made byte for byte."""
import json, os, re, signal, sqlite3, subprocess
from harness import *

claim = Claims()


def visit(id, revision=1, **change):
    s = snapshot(id, revision, **change)
    s["encounter"].update(start="2026-03-28T14:00:00+01:00", end="2026-03-28T14:40:00+01:00")
    for p in s["procedures"]:
        p["performed"] = "2026-03-28T14:35:00+01:00"
    return s


def tasks(plan):
    return {t["name"]: t for t in json.loads(d.cli("task", "list", "--json").stdout)["tasks"] if t["plan"] == plan}


def forms(html, name):
    """Each form of a task: its action and its hidden fields."""
    out = []
    for m in re.finditer(r"<form\b[^>]*>.*?</form>", html, re.S):
        action = re.search(r'action="([^"]*)"', m.group(0)).group(1)
        if action.endswith(name):
            out.append((action, dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', m.group(0)))))
    return out


def form(path, user, plan, task, **more):
    _, html = d.page(path, user)
    end = f"/plans/{plan}/tasks/{task.replace('/', '%2F')}"
    found = forms(html, end)
    if not found:
        return None, html
    action, f = found[0]
    f.update(more)
    return d.post(action, f, user), html


def acts(plan, task):
    db = sqlite3.connect(f"file:{d.state}/aftercare.db?mode=ro", uri=True)
    rows = db.execute("SELECT a.action, a.detail, a.actor FROM task_act a JOIN plan p ON p.first_leaf = a.plan "
                      "WHERE p.id = ? AND a.name = ? ORDER BY a.n", (bytes.fromhex(plan.replace("-", "")), task)).fetchall()
    db.close()
    return rows


def wait(condition, seconds=75):
    for _ in range(seconds * 2):
        if condition():
            return True
        time.sleep(0.5)
    return False


CALL = "mesotherapy/call-day-2/1"
with Demo(at="2026-03-28T14:41:00+01:00") as d:
    _, r = d.put(visit("t-1"))
    plan = r["plan"]["id"]
    # people and a task
    (status, _, _), html = form("/aftercare/worklist?role=nurse", "nurse", plan, CALL, act="take")
    claim(status == 303 and tasks(plan)[CALL]["status"] == "accepted", "one touch takes a task", status)
    _, html = d.page("/aftercare/worklist?role=nurse", "nurse")
    claim("taken by nurse" in html, "and the list says who has it")
    answer, _ = form("/aftercare/worklist?role=nurse", "clinician", plan, CALL, act="take")
    claim(answer[0] == 409 and "took" in answer[2].decode(), "somebody else's is not taken: 409 and the list again", answer[0])
    answer, _ = form("/aftercare/worklist?role=nurse", "nurse", plan, CALL, act="snooze", until="2026-04-20T10:00", outcome="later")
    claim(answer[0] == 403, "a nurse does not put it off beyond what the protocol allows", answer[0])
    answer, _ = form("/aftercare/worklist?role=nurse", "clinician", plan, CALL, act="snooze", until="2026-04-20T10:00", outcome="on holiday")
    _, html = d.page("/aftercare/worklist?role=all", "clinician")
    claim(answer[0] == 303 and "put off until Mon 20 Apr, 10:00" in html, "a clinician does, with a reason", answer[0])
    answer, _ = form("/aftercare/worklist?role=all", "nurse", plan, CALL, act="assign", to="clinician", owner="dr.x", outcome="asked for a doctor")
    claim(answer[0] == 303 and "for dr.x" in d.page("/aftercare/worklist?role=clinician", "clinician")[1], "a task is handed on", answer[0])
    name = next(n for n, t in tasks(plan).items() if t["role"] == "front-desk" and t["status"] == "requested")
    answer, _ = form("/aftercare/worklist?role=front-desk", "frontdesk", plan, name, act="done")
    claim(answer[0] == 303 and tasks(plan)[name]["status"] == "completed", "one touch finishes it", answer[0])
    claim(form("/aftercare/worklist?role=all", "frontdesk", plan, CALL)[0] is None, "what is another role's has no form")
    for view in ("overdue", "today", "week"):
        claim(d.page(f"/aftercare/worklist?role=all&view={view}", "nurse")[0] == 200, "a view: " + view)
    claim(d.page("/aftercare/worklist?role=all&view=soon", "nurse")[0] == 400, "no other view")
    _, html = d.page(f"/aftercare/worklist?role=all&of={plan}", "nurse")
    claim("Only <bdi>Ada Example</bdi>" in html and "Show all patients" in html, "one patient's tasks")

    # the next on call: nobody takes it, and the plugin is ended meanwhile
    d.cli("task", "escalate", "--role", "nurse", "--reason", "a red flag", plan, CALL)
    _, html = d.page("/aftercare/worklist?role=nurse", "nurse")
    claim("Phone now:" in html and "+49 30 5550112" in html, "a Saturday: the clinician on call is whom to phone", re.findall(r"555\d+", html))
    d.clock.set("2026-03-28T14:57:00+01:00")
    claim(wait(lambda: acts(plan, CALL)[-1][0] == "nobody"), "15 minutes later everybody on the list was called", acts(plan, CALL))
    claim("+49 30 5550199" in d.page("/aftercare/worklist?role=nurse", "nurse")[1], "and the screen says which line to phone now")
    before = len(acts(plan, CALL))
    d.clock.set("2026-03-29T03:30:00+02:00")
    claim(wait(lambda: len(acts(plan, CALL)) > before), "after hours another round begins", acts(plan, CALL))
    calls = [a for a in acts(plan, CALL)]
    time.sleep(2)
    claim(acts(plan, CALL) == calls and calls[-1][0] == "call", "one step, however long nobody looked", calls)
    answer, _ = form("/aftercare/worklist?role=nurse", "clinician", plan, CALL, act="take")
    claim(answer[0] == 303 and "Phone now" not in d.page("/aftercare/worklist?role=nurse", "nurse")[1], "who takes it ends the calling", answer[0])

    # a plan as a whole
    _, r2 = d.put(visit("t-2", patient=dict(visit("t-2")["patient"], given=["Bea"])))
    plan2 = r2["plan"]["id"]
    _, html = d.page(f"/aftercare/plans/{plan2}", "nurse")
    action, f = fields(html, "/state")
    claim('value="revoke"' not in html and 'value="hold"' in html, "the form offers what the role may")
    claim(d.post(action, dict(f, act="hold", why=""), "nurse")[0] == 400, "not without a reason")
    claim(d.post(action, dict(f, act="revoke", why="x"), "nurse")[0] == 403, "nor what the role may not")
    claim(d.post(action, dict(f, act="hold", why="in hospital"), "nurse")[0] == 303, "a nurse holds it")
    status, _, again = d.post(action, dict(f, act="hold", why="in hospital"), "nurse")
    claim(status == 409 and b"in hospital" in again, "a form that is too old gets the page again", status)
    for path in (f"/aftercare/plans/{plan2}", "/aftercare/panel/demo/t-2"):
        claim("in hospital" in d.page(path, "clinician")[1], "why it is held stands on " + path)
    claim("Plan on hold" in d.page("/aftercare/worklist?role=all", "nurse")[1], "its tasks wait apart in the list")
    claim(d.cli("plan", "complete", "--reason", "x", plan2, check=False).returncode == 4, "what does not lead from on-hold is refused: exit 4")
    claim(d.cli("plan", "resume", "--dry-run", "--reason", "home", plan2).stdout == "the plan would be active\n", "a dry run says what would be")
    d.cli("plan", "resume", "--reason", "back home", plan2)
    d.cli("plan", "revoke", "--reason", "treated elsewhere", plan2)
    _, r2 = d.put(visit("t-2", 2, facts={"area": ["scalp"], "technique": "needle", "session": 2, "sessions": 6}))
    shown = json.loads(d.cli("plan", "list", "--json", "--patient", "p-t-2").stdout)["plans"][0]
    claim(shown["status"] == "revoked" and shown["version"] == 4, "no later snapshot brings it back", shown)
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
    r = d.cli("plan", "regen", "--verify", "--all", check=False)
    claim(r.returncode == 0, "every version is re-made byte for byte", r.stdout + r.stderr)
claim.end()
