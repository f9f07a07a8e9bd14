#!/usr/bin/env python3
"""story.py - the main job through the real nginx: event, sheet, sign-off, correction, worklist, deliveries, export, log."""
import hashlib, json, os, re, subprocess, sys
from harness import *

claim = Claims()
with Demo() as d:
    # the event: performed, not signed; the plan is active at once and follow-up stands
    s = snapshot("story-1")
    status, r = d.put(s)
    claim(status == 201 and r["outcome"] == "created", "a performed, unsigned treatment makes a plan", r)
    plan = r["plan"]["id"]
    claim(r["plan"]["status"] == "active" and r["plan"]["stage"] == "preliminary" and r["document"] is None,
          "it is active and preliminary, without a document", r["plan"])
    tasks = json.loads(d.cli("task", "list", "--json", "--open").stdout)["tasks"]
    mine = [t for t in tasks if t["plan"] == plan]
    claim(any("call-day-2" in t["name"] for t in mine), "the day-2 call stands in the worklist", [t["name"] for t in mine])
    status, r = d.put(s)
    claim(status == 200 and r["outcome"] == "unchanged", "the same event again changes nothing", r["outcome"])
    stale = snapshot("story-1", revision=0)
    status, r = d.put(stale)
    claim(r.get("outcome") == "stale", "an older revision is stale", r)
    other = json.loads(json.dumps(s)); other["patient"]["family"] = "Other"
    status, r = d.put(other)
    claim(status == 409 and r["rule"] == "ENC-REVISION", "same revision, other content is refused", r)

    # the sheet at the desk
    status, panel = d.page("/aftercare/panel/demo/story-1", "nurse")
    claim(status == 200, "the nurse sees the panel", status)
    action, f = fields(panel, "/issue")
    f.update(language="en", recipient="patient", medium="paper")
    status, h, _ = d.post(action, f, "nurse")
    claim(status == 303, "giving out the sheet is answered 303", status)
    status, sheet = d.page(h.get("location", "/"), "nurse")
    claim(status == 200 and "DEMONSTRATION" in sheet.upper(), "the sheet is marked as a demonstration")
    status, again = d.page(h.get("location", "/"), "frontdesk")
    claim(again == sheet, "the front desk reprints the very same bytes")
    times = set(re.findall(r"\b[0-2][0-9]:[0-5][0-9]\b", sheet))

    # sign-off: final, document version 1, offered to the EHR
    s2 = json.loads(json.dumps(s))
    s2["encounter"].update(revision=2, signed=stamp(0), signed_by=s["provider"])
    status, r = d.put(s2)
    claim(r["plan"]["stage"] == "final" and r["document"]["version"] == 1, "signing makes it final with document version 1", r)
    status, _, xml = d.request("GET", f"/aftercare/plans/{plan}/documents/1/xml", user="auditor")
    claim(status == 200 and hashlib.sha256(xml).hexdigest() == r["document"]["sha256"], "the document has the hash that was answered")
    until = re.findall(r"until [A-Z][a-z]+ \d+ [A-Z][a-z]+ \d{4}, (\d\d:\d\d)", xml.decode())
    claim(until and set(until) <= times, "document and paper carry the same clock times", (set(until), times))
    status, view = d.page(f"/aftercare/plans/{plan}/documents/1", "auditor")
    claim(status == 200 and "<script" not in view, "the auditor sees the document without script")
    # deliveries of one encounter come in order: the module takes what is offered and acknowledges it, until nothing is left
    seen = {}
    for _ in range(40):
        _, _, data = d.request("GET", "/aftercare/v1/deliveries?site=demo&limit=500")
        offered = [x for x in json.loads(data)["deliveries"] if x["key"] not in seen]
        for x in offered:
            seen[x["key"]] = x
            status, _, _ = d.request("PUT", "/aftercare/v1/deliveries/" + x["key"], json.dumps({"status": "done", "ehr_id": "4711"}).encode())
            claim(status == 200, "the EHR acknowledges " + x["kind"], status)
            if x["kind"] == "task":
                status, _, data = d.request("GET", x["href"])
                claim(status == 200 and json.loads(data)["due"], "what a delivery points to can be read", status)
        if any(x["kind"] == "document" and x.get("sha256") == r["document"]["sha256"] for x in seen.values()):
            break
        time.sleep(1)
    claim(any(x["kind"] == "document" and x.get("sha256") == r["document"]["sha256"] for x in seen.values()), "the document is offered to the EHR")
    _, _, data = d.request("GET", "/aftercare/v1/deliveries?site=demo&limit=500")
    claim(not [x for x in json.loads(data)["deliveries"] if x["key"] in seen], "what was acknowledged is not offered again")

    # next day: the area was wrong; signed again
    s3 = json.loads(json.dumps(s2))
    s3["encounter"].update(revision=3, signed=stamp(-1))  # later than the first signature, to the second
    s3["facts"]["area"] = ["scalp"]
    status, r = d.put(s3)
    claim(r["outcome"] == "updated" and r["document"]["version"] == 2, "a corrected area makes document version 2", r)
    _, _, xml2 = d.request("GET", f"/aftercare/plans/{plan}/documents/2/xml", user="auditor")
    claim(b'typeCode="RPLC"' in xml2 and re.search(rb'<id root="([^"]+)"', xml).group(1) in xml2, "version 2 replaces version 1")
    tasks = json.loads(d.cli("task", "list", "--json", "--open").stdout)["tasks"]
    claim(any(t["plan"] == plan and "tell" in t["name"] for t in tasks), "somebody must tell the patient")

    # the worklist: done with one form
    status, work = d.page("/aftercare/worklist", "nurse")
    claim(status == 200 and "Example" in work, "the nurse sees the worklist")

    # treatments that never were
    s4 = snapshot("story-2"); d.put(s4)
    s4["encounter"].update(revision=2, status="entered-in-error")
    status, r = d.put(s4)
    claim(r["outcome"] == "revoked" and r["plan"]["status"] == "revoked", "entered in error revokes the plan", r)
    s5 = snapshot("story-3", procedures=[])
    status, r = d.put(s5)
    claim(r["outcome"] == "suggested" and r["plan"] is None, "a category alone only suggests", r)
    s6 = snapshot("story-4", procedures=[]); s6["encounter"]["category"] = "Consultation"
    status, r = d.put(s6)
    claim(r["outcome"] == "no-protocol", "a consultation makes no plan", r)
    minimal = {k: s[k] for k in ("schema", "source")}
    minimal["encounter"] = {"id": "story-5", "revision": 1, "status": "finished", "start": stamp(90), "zone": "Europe/Berlin"}
    minimal["patient"] = {"id": "p5", "family": "Example"}
    status, r = d.put(minimal)
    claim(status == 200 and r["outcome"] == "no-protocol", "the smallest snapshot is understood", r)

    # 24 at once, all of one encounter
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(24) as pool:
        got = list(pool.map(lambda i: d.put(snapshot("storm", revision=i, facts={"area": [["face"], ["scalp"], ["neck"]][i % 3]})), range(1, 25)))
    claim(all(status in (200, 201) for status, _ in got), "24 events of one encounter at once are all taken", [x for x in got if x[0] >= 400][:3])
    status, r = d.put(snapshot("storm", revision=25, facts={"area": ["face"]}))
    claim(status == 200 and r["outcome"] in ("unchanged", "updated"), "and the next one too", r)

    # the auditor
    out = os.path.join(d.dir, "export")
    d.cli("export", "cda", "--all", "--out", out)
    check = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=out, capture_output=True, text=True)
    claim(check.returncode == 0, "sha256sum -c accepts the export", check.stdout + check.stderr)
    m = json.load(open(os.path.join(out, "manifest.json")))
    claim(m["counts"]["documents"] == len([e for e in m["entries"] if e["kind"] == "document"]) >= 2, "the manifest counts what it lists", m["counts"])
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
    r = d.cli("plan", "regen", "--verify", "--all", check=False)
    claim(r.returncode == 0, "every document is re-made byte for byte", r.stdout + r.stderr)
    r = d.cli("doctor", check=False)
    claim(r.returncode == 0, "the doctor finds nothing", r.stdout + r.stderr)
claim.end()
