#!/usr/bin/env python3
"""session.py [SHOTS] - two clicks: a later session of the same area from the open visit to the sheet, typing only the lot; a first one in
under 30 s at a person's pace; an expired lot asks. In headless Chromium against the demo. With a folder SHOTS, screenshots go there."""
import json, os, subprocess, sys
from harness import *

claim = Claims()
shots = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None


def visit(id, days_ago, facts, lot=None):
    minutes = days_ago * 24 * 60 + 25
    product = {"name": "HA complex"}
    if lot:
        product["lot"] = lot
    s = snapshot(id, minutes_ago=minutes, facts=facts)
    s["patient"]["id"] = "p-series" if id != "first" else "p-first"
    s["procedures"][0]["products"] = [product]
    return s


def play(d, name, path, steps, width=1280):
    given = dict(base=f"http://127.0.0.1:{d.port}", user="nurse", password="demo", panel=path, width=width, shots=shots, name=name, steps=steps)
    r = subprocess.run(["node", os.path.join(browser_tools(), "session.mjs")], input=json.dumps(given), capture_output=True, text=True, timeout=120)
    if r.returncode != 0:
        raise AssertionError("session.mjs: " + r.stderr[-2000:])
    return json.loads(r.stdout)


with Demo() as d:
    d.put(visit("s1", 9, {"area": ["face"], "technique": "needle", "indication": "rejuvenation", "session": 1, "sessions": 6}, "L-OLD"))
    for width in (1280, 390):
        id = f"s2-{width}"
        d.put(visit(id, 0, {}))
        got = play(d, "later", f"/aftercare/panel/demo/{id}",
                   [{"click": 'input[name="fact.product.lot"]'}, {"type": "L-77"}, {"click": 'form.one button[name="give"]'}], width)
        claim(got["clicks"] == 2, "a later session of the same area takes two clicks", got["clicks"])
        claim(got["sheet"] is not None and "/sheets/1" in got["url"], "and gives the sheet", got["url"])
        claim(got["sheet"] is not None and "L-77" in got["sheet"], "the sheet names the lot that was typed")
        claim(got["keys"] == 4, "nothing but the lot was typed", got["keys"])
        claim(len(got["marked"]) >= 3 and all("proposed from the session of" in m for m in got["marked"]), "what is proposed says so", got["marked"])
        claim(got["filled"] == ["", ""], "lot and expiry are never proposed", got["filled"])
        print(f"later session, {width} px: {got['clicks']} clicks, {got['keys']} keys, {got['seconds']:.1f} s")
        if width == 1280:  # entered in error: the next one follows the same session again
            s = visit(id, 0, {})
            s["encounter"].update(revision=2, status="entered-in-error")
            d.put(s)

    d.put(visit("first", 0, {}))
    got = play(d, "first", "/aftercare/panel/demo/first", [
        {"click": 'input[name="fact.area"][value="face"]'}, {"click": 'input[name="fact.technique"][value="needle"]'},
        {"click": 'input[name="fact.indication"][value="rejuvenation"]'}, {"click": 'input[name="fact.anticoagulant"][value="no"]'},
        {"key": "Tab"}, {"type": "1"}, {"key": "Tab"}, {"type": "6"},
        {"click": 'input[name="fact.product.lot"]'}, {"type": "L-2231"}, {"key": "Tab"}, {"type": "2031-01"}, {"click": 'form.one button[name="give"]'}])
    claim(got["sheet"] is not None and "L-2231" in got["sheet"], "a first session gives the sheet with its lot", got["url"])
    claim(got["seconds"] < 30, "a first session takes less than 30 s at a person's pace", got["seconds"])
    claim(got["marked"] == [], "nothing is proposed at a first session", got["marked"])
    print(f"first session: {got['clicks']} clicks, {got['keys']} keys, {got['seconds']:.1f} s")
    status, plan = d.page("/aftercare/panel/demo/first", "nurse")
    claim("Session 1 of 6" in plan, "the number that was typed is the session's")

    d.put(visit("expired", 0, {"area": ["face"]}))
    got = play(d, "expired", "/aftercare/panel/demo/expired", [
        {"click": 'input[name="fact.product.lot"]'}, {"type": "L-9"}, {"key": "Tab"}, {"type": "2024-01"}, {"click": 'form.one button[name="give"]'}])
    claim(got["sheet"] is not None and "Lot L-9 expired 2024-01" in got["sheet"] and "/sheets/" not in got["url"], "an expired lot asks instead of printing", got["url"])
    got = play(d, "expired-2", "/aftercare/panel/demo/expired", [{"click": 'input[name="fact.product.expired"]'}, {"click": 'form.one button[name="give"]'}])
    claim(got["sheet"] is not None and "/sheets/1" in got["url"], "and prints when somebody says that it was this one", got["url"])
claim.end()
