#!/usr/bin/env python3
"""axe.py [SHOTS] - every page, as each role that may see it, with axe-core in headless Chromium at 1280 and 390 px: no violation, nothing
wider than the screen, nothing that jumps. With a folder SHOTS, screenshots go there."""
import json, os, subprocess, sys
from harness import *

claim = Claims()
shots = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None


def look(d, pages):
    """What axe-core says of [(name, user, path)], one result a page and width."""
    given = {"base": f"http://127.0.0.1:{d.port}", "password": "demo", "shots": shots, "pages": [dict(name=n, user=u, path=p) for n, u, p in pages]}
    r = subprocess.run(["node", os.path.join(browser_tools(), "axe.mjs")], input=json.dumps(given), capture_output=True, text=True, timeout=500)
    if r.returncode != 0:
        raise AssertionError("axe.mjs: " + r.stderr[-2000:])
    return [json.loads(line) for line in r.stdout.splitlines()]


with Demo() as d:
    # visits in the states that a clinic sees
    pages = []
    d.put(snapshot("open"))
    for name, change in [("facts", {"facts": {}}), ("suggested", {"procedures": []}), ("deceased", {}), ("revoked", {}), ("replaced", {})]:
        d.put(snapshot(name, **change))
    two = snapshot("two")
    two["procedures"].append(dict(two["procedures"][0], id="b2", code="PEEL", text="Chemical peel"))
    d.put(two)
    s = snapshot("revoked", revision=2)
    s["encounter"]["status"] = "entered-in-error"
    d.put(s)
    plans = {}
    for name in ("open", "two", "replaced"):
        s = snapshot(name, revision=2)
        if name == "two":
            s["procedures"] = two["procedures"]
        _, panel = d.page(f"/aftercare/panel/demo/{name}", "nurse")
        action, f = fields(panel, "/issue")
        d.post(action, dict(f, language="en", recipient="patient", medium="paper"), "nurse")
        s["encounter"].update(signed=stamp(0), signed_by=s["provider"])
        _, r = d.put(s)
        plans[name] = r["plan"]["id"]
    s = snapshot("replaced", revision=3, facts={"area": ["scalp"], "technique": "needle", "session": 2, "sessions": 6})
    s["encounter"].update(signed=stamp(-1), signed_by=s["provider"])
    d.put(s)
    draft = os.path.join(TOP, "schemas/protocols/mesotherapy.xml")
    d.cli("protocol", "import", "--actor", "author.demo", draft, check=False)
    d.cli("protocol", "submit", "--actor", "author.demo", "mesotherapy", check=False)

    # a call with a warning sign, one that goes on, a check-in with scores
    for path, said in [("/call-in", {"flag.mesotherapy/fever": "yes", "note": "since noon"}), ("/call-in", {"flag.mesotherapy/breathing": "yes", "outcome": "reached"}),
                       ("/check-in/mesotherapy/call-day-2/1", {"answer.mesotherapy/early-reaction/pain": "3", "outcome": "reached"})]:
        base = f"/aftercare/plans/{plans['open']}"
        action, f = fields(d.page(base + path, "nurse")[1], "/calls")
        d.post(action, dict(f, **said), "nurse")
    pages += [(f"call-{n}-{u}", u, f"/aftercare/plans/{plans['open']}/calls/{n}") for n in (1, 2, 3) for u in ("clinician", "nurse", "auditor")]
    pages += [(f"panel-{v}-{u}", u, f"/aftercare/panel/demo/{v}") for v in ("open", "facts", "suggested", "revoked", "replaced", "two") for u in ("clinician", "nurse")]
    pages += [("panel-frontdesk", "frontdesk", "/aftercare/panel/demo/open"), ("panel-none", "nurse", "/aftercare/panel/demo/none")]
    pages += [(f"plan-{v}", "clinician", f"/aftercare/plans/{p}") for v, p in plans.items()]
    pages += [("plan-auditor", "auditor", f"/aftercare/plans/{plans['replaced']}"), ("plan-frontdesk", "frontdesk", f"/aftercare/plans/{plans['open']}")]
    pages += [("document", "auditor", f"/aftercare/plans/{plans['two']}/documents/1"), ("document-replaced", "clinician", f"/aftercare/plans/{plans['replaced']}/documents/1")]
    pages += [("handout", "nurse", f"/aftercare/plans/{plans['two']}/handout"), ("sheet", "nurse", f"/aftercare/plans/{plans['open']}/sheets/1")]
    pages += [("worklist", "nurse", "/aftercare/worklist"), ("worklist-clinician", "clinician", "/aftercare/worklist"), ("worklist-frontdesk", "frontdesk", "/aftercare/worklist")]
    pages += [("reviews", "clinician", "/aftercare/reviews"), ("reviews-admin", "admin", "/aftercare/reviews"), ("refused", "auditor", "/aftercare/worklist")]
    _, reviews = d.page("/aftercare/reviews", "clinician")
    for i, path in enumerate(sorted(set(re.findall(r'href="(/aftercare/reviews/[0-9a-f]+)"', reviews)))[:3]):
        pages.append((f"review-{i}", "clinician", path))
    # whatever else our pages link to, once a kind of page and role
    def kind(path):
        path, _, query = path.partition("?")
        path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|(?<=/)[0-9]+(?=/|$)", "*", path)
        return re.sub(r"(?<=/demo/)[^/]+", "*", path) + "?" + "&".join(sorted(x.split("=")[0] for x in query.split("&")))

    known = {(kind(p), u) for _, u, p in pages}
    for name, user, path in list(pages):
        _, html = d.page(path, user)
        for link in re.findall(r'href="(/aftercare/[^"#]*)"', html):
            link = link.replace("&amp;", "&")
            if (kind(link), user) in known or "/assets/" in link or re.search(r"/xml$|\.(pdf|ics|p7s|svg)(\?|$)", link) or link.startswith("/aftercare/v1/"):
                continue
            known.add((kind(link), user))
            status, h, _ = d.request("GET", link, user=user)
            if status == 200 and h.get("content-type", "").startswith("text/html"):
                pages.append((f"linked-{len(pages)}", user, link))
    print(f"{len(pages)} pages", flush=True)
    got = look(d, pages)
    claim(len(got) == 2 * len(pages), "every page was looked at in both widths", (len(got), len(pages)))
    where = {n: p for n, _, p in pages}
    for x in got:
        what = f"{x['name']} ({where[x['name']]}) at {x['width']} px"
        claim(x["rules"] > 5, f"axe-core found something to judge on {what}", x["rules"])
        for v in x["violations"]:
            claim(False, f"{what} breaks {v['id']} ({v['impact']}, {v['n']}x): {v['help']}", v["nodes"])
        if not x["violations"]:
            claim(True, "no violation")
        claim(x["overflow"] <= 0, f"nothing is wider than the screen on {what}", x["overflow"])
        # a page that arrives in two parts may move a line by a few pixels; 0.1 is what CLS calls good
        claim(x["shift"] < 0.001, f"nothing jumps on {what}", (x["shift"], x["moved"]))
    print(f"{len(pages)} pages in two widths")
claim.end()
