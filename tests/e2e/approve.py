#!/usr/bin/env python3
"""approve.py - the doctor who approves has no shell: a review in the EHR, from the list to the plan that is made from what was approved."""
import json, os, re, time
from harness import *

claim = Claims()
NAME = "mesotherapy"
SOURCE = os.path.join(TOP, "schemas/protocols/demo/mesotherapy.xml")
HOSTILE = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"


def act(d, *args, actor="author.demo", code=0):
    r = d.cli(*args, "--json", "--actor", actor, check=False)
    claim(r.returncode == code, f"aftercare {' '.join(args)} ends with {code}", (r.returncode, r.stderr[-300:]))
    return json.loads(r.stdout if r.returncode == 0 else r.stderr)


def draft(d, change, submit=True, again=True):
    """The demonstration's protocol, changed; its version, in review."""
    path = os.path.join(d.dir, "draft.xml")
    with open(SOURCE) as f:
        text = f.read()
    changed = signed_again(change(text)) if again else change(text)
    claim(changed != text, "the draft differs")
    with open(path, "w") as f:
        f.write(changed)
    version = act(d, "protocol", "import", path)["version"]
    if submit:
        act(d, "protocol", "submit", version)
    return version


def version_of(d, id):
    status, r = d.put(snapshot(id))
    plan = json.loads(d.cli("plan", "show", r["plan"]["id"], "--json").stdout)["plan"]
    return next(p["version"] for p in plan["protocols"] if p["id"] == NAME)


def sign_boxes(page):
    return re.findall(r'type="checkbox" name="place" value="([0-9:]+)"', page)


with Demo() as d:
    # the demonstration's clinician is dr.demo, its author author.demo: both are entered as persons
    status, page = d.page("/aftercare/reviews")
    claim(status == 200 and "Nothing waits for approval." in page, "the list is empty at first", status)
    for user in ("nurse", "frontdesk", "auditor", "module"):
        status, page = d.page("/aftercare/reviews", user)
        claim(status == 403, f"{user} does not see what waits for approval", status)

    # list, page, sheet
    version = draft(d, lambda t: t.replace('<window until="72 h"/>', '<window until="96 h"/>', 1), again=False)
    path = f"/aftercare/reviews/{version}"
    status, page = d.page("/aftercare/reviews")
    claim(path in page and "author.demo" in page and "▲ 1 stronger" in page, "what was submitted is on the list, with what it does")
    status, page = d.page(path)
    claim(status == 200 and "72 h" in page and "<strong>96 h</strong>" in page and "▲ stronger" in page, "the page shows the change by meaning")
    claim("style=" not in page and "<script" not in page, "no script and no inline style")
    status, headers, sheet = d.request("GET", path + "/sheet?language=de", user="clinician")
    claim(status == 200 and b"Keine Sauna" in sheet and b"Invented" in sheet, "the sheet of an invented patient, in German", status)
    claim("default-src 'none'" in headers.get("content-security-policy", ""), "under the same policy as every page", headers)
    for user in ("nurse", "frontdesk"):
        status, _ = d.page(path, user)
        claim(status == 403, f"{user} does not see the review", status)
        action, f = fields(page, "/decision")
        status, _, _ = d.post(action, dict(f, decision="approve"), user)
        claim(status == 403, f"{user} does not approve", status)

    # an administrator reads; nobody said in [roles] that they approve
    status, html = d.page(path, "admin")
    claim(status == 200 and "<form" not in html, "an administrator reads and has no form", status)

    # returned with a comment, seen by the CLI; the same text goes again
    action, f = fields(page, "/decision")
    status, _, data = d.post(action, dict(f, decision="return"))
    claim(status == 400 and b"LIFE-REASON" in data, "nothing is returned without a comment", status)
    status, headers, _ = d.post(action, dict(f, decision="return", comment="Why 96 hours? <b>Source</b>, please."))
    claim(status == 303 and headers["location"] == path, "returned with a comment", status)
    _, html = d.page(path)
    claim("Why 96 hours? &lt;b&gt;Source&lt;/b&gt;, please." in html, "the page shows the comment as text")
    claim("Why 96 hours?" in d.cli("protocol", "history", NAME).stdout, "its author finds the comment in the history")
    status, _, data = d.post(action, dict(f, decision="approve"))
    claim(status == 409 and "Nothing was changed." in data.decode(), "a form of an older state gets 409 and the page", status)
    act(d, "protocol", "submit", version, "--reason", "the source is named now")

    # forms are bound to user, object and origin
    _, page = d.page(path)
    action, f = fields(page, "/decision")
    status, _, _ = d.post(action, dict(f, decision="approve", token="x"))
    claim(status == 403, "a forged token is refused", status)
    status, _, _ = d.post(action, dict(f, decision="approve"), headers={"Origin": "https://evil.example"})
    claim(status == 403, "another site's form is refused", status)
    status, _, _ = d.post(action, dict(f, decision="approve"), headers={"Sec-Fetch-Site": "cross-site"})
    claim(status == 403, "a cross-site form is refused", status)

    # the signature: this line said something else when it was signed
    _, page = d.page(path)
    claim("lines are to be signed" in page and 'value="approve"' not in page, "until it is signed again nobody approves it")
    action, f = fields(page, "/decision")
    status, _, data = d.post(action, dict(f, decision="approve"))
    claim(status == 400 and b"LINT-CARRIED" in data, "nor by a form that was made by hand", (status, data[-300:]))
    boxes = sign_boxes(page)
    claim(len(boxes) == 1 and "changed since dr.demo 2026-03-01 signed it" in page, "the changed line is to be signed again", boxes)
    action, s = fields(page, "/signatures")
    status, headers, data = d.post(action, dict(s, place=boxes))
    claim(status == 303, "the doctor signs it", (status, data[-300:]))
    path = headers["location"]
    signed = path.rsplit("/", 1)[1]
    with open(os.path.join(d.dir, "draft.xml")) as f:
        before = f.read()
    after = d.cli("protocol", "show", signed).stdout
    day = re.search(r'signed="dr\.demo (?!2026-03-01)\d{4}-\d\d-\d\d"', after)
    claim(day and after.replace(day.group(0), 'signed="dr.demo 2026-03-01"') == before, "nothing changed in the text but the signature")
    r = d.cli("protocol", "diff", version, signed, check=False)
    claim(r.returncode == 1 and "signed" in r.stdout and "0 weaker, 0 stronger; 0 on the patient's sheet" in r.stdout,
          "the meaning diff names the signature alone", r.stdout)
    _, page = d.page(path)
    claim("Written by" in page and "author.demo" in page and not sign_boxes(page), "the signed version is its author's still")

    # whose account it is must be known, or nobody knows whether two persons look at it
    _, page = d.page(path)
    action, f = fields(page, "/decision")
    act(d, "person", "unmap", "ehr:demo/clinician", actor="admin.demo")
    _, html = d.page(path)
    claim("not entered as a person" in html and 'value="approve"' not in html, "the page says that the account is nobody's")
    status, _, data = d.post(action, dict(f, decision="approve"))
    claim(status == 403 and b"PUB-PERSON" in data, "an account that is nobody's approves nothing", (status, data[-300:]))
    act(d, "person", "map", "dr.demo", "ehr:demo/clinician", actor="admin.demo")

    # the author, from another account: mapped while the page was open
    act(d, "person", "unmap", "ehr:demo/clinician", actor="admin.demo")
    act(d, "person", "map", "author.demo", "ehr:demo/clinician", actor="admin.demo")
    _, html = d.page(path)
    claim("You wrote this version" in html, "the author is told why not")
    action, f = fields(page, "/decision")
    status, _, data = d.post(action, dict(f, decision="approve"))
    claim(status == 403 and b"PUB-SECOND-PERSON" in data, "the author cannot approve, from whatever account", status)
    act(d, "person", "unmap", "ehr:demo/clinician", actor="admin.demo")
    status, _, data = d.post(action, dict(f, decision="approve"))
    claim(status == 403, "nor after the mapping ended: who was the author stays it", status)

with Demo() as d:
    before = version_of(d, "before")

    # approve -> publish by the CLI -> the running plugin uses it within a second
    version = draft(d, lambda t: t.replace('<window until="72 h"/>', '<window until="96 h"/>', 1))
    path = f"/aftercare/reviews/{version}"
    _, page = d.page(path)
    action, f = fields(page, "/decision")
    act(d, "protocol", "publish", NAME, "--confirm", NAME, actor="author.demo", code=6)
    status, headers, data = d.post(action, dict(f, decision="approve"))
    claim(status == 303 and headers["location"] == path, "the doctor approves in the EHR", (status, data[-300:]))
    _, html = d.page(path)
    claim("It is approved." in html and "dr.demo" in html, "the page says who approved")
    status, _, data = d.post(action, dict(f, decision="approve"))
    claim(status == 409, "the same form again gets 409", status)
    act(d, "protocol", "publish", version, "--confirm", NAME, actor="publisher.demo")
    start = time.monotonic()
    used = False
    while not used and time.monotonic() - start < 1.0:
        used = version_of(d, "probe-%d" % time.monotonic_ns()) == version
    claim(used, "the running plugin makes plans from it within a second", time.monotonic() - start)
    claim(before != version, "what was made before stays")
    log = d.cli("audit", "verify", check=False)
    claim(log.returncode == 0, "the log verifies", log.stderr[-200:])

    # wrong after all: a clinician takes it out of use where they work, at once, and puts it back
    used = f"/aftercare/reviews/{version}"
    _, page = d.page(used)
    action, f = fields(page, "/decision")
    probe = snapshot("held")
    d.put(probe)
    offered = lambda: "/issue" in d.page("/aftercare/panel/demo/held", "nurse")[1]
    claim(offered(), "its sheet is offered")
    status, _, _ = d.post(action, dict(f, decision="suspend", reason=""))
    claim(status == 400, "a suspension has a reason", status)
    status, _, _ = d.post(action, dict(f, decision="suspend", reason="the end is wrong"), "admin")
    claim(status == 403, "another's token does not suspend", status)
    status, _, _ = d.post(action, dict(f, decision="suspend", reason="the end is wrong"))
    claim(status == 303 and not offered(), "suspended in the EHR: the panel does not offer the sheet any more", status)
    claim("the end is wrong" in d.page("/aftercare/panel/demo/held", "nurse")[1], "and says why")
    action, f = fields(d.page(used)[1], "/decision")
    status, _, _ = d.post(action, dict(f, decision="resume", reason="looked at"))
    claim(status == 303 and offered(), "resumed: it is offered again", status)

    # what moved while the page was open: 409, the page as it is, and what was typed
    stale = draft(d, lambda t: t.replace('<window until="72 h"/>', '<window until="84 h"/>', 1))
    _, page = d.page(f"/aftercare/reviews/{stale}")
    action, f = fields(page, "/decision")
    other = draft(d, lambda t: t.replace('<window until="72 h"/>', '<window until="90 h"/>', 1), submit=False)
    act(d, "protocol", "publish", other, "--confirm", NAME, actor="dr.demo")
    status, _, data = d.post(action, dict(f, decision="approve", comment="typed words"))
    claim(status == 409 and "Another version was published since" in data.decode() and "typed words" in data.decode(),
          "another version was published meanwhile: 409 and the page", status)

    # nothing of a protocol's text runs
    hostile = draft(d, lambda t: t.replace("Mesotherapy aftercare (demonstration)", HOSTILE, 1).replace("Do not use a sauna.", HOSTILE, 1))
    for p in ("/aftercare/reviews", f"/aftercare/reviews/{hostile}", f"/aftercare/reviews/{hostile}/sheet?language=en"):
        status, html = d.page(p)
        claim(status == 200 and "<script" not in html and "<img" not in html and "alert(1)" in html, f"hostile text is text: {p}", status)

    # by break-glass: in force, on the list until somebody approves it
    peel = os.path.join(d.dir, "peel.xml")
    with open(os.path.join(TOP, "schemas/protocols/demo/chemical-peel.xml")) as f:
        text = f.read()
    with open(peel, "w") as f:
        f.write(signed_again(text.replace('until="48 h"', 'until="72 h"', 1)))
    version = act(d, "protocol", "import", peel)["version"]
    act(d, "protocol", "publish", "--break-glass", "--reason", "nobody could be reached", "--confirm", "chemical-peel", version)
    status, page = d.page("/aftercare/reviews")
    claim("in force without approval" in page, "what was published alone is on the list")
    status, page = d.page(f"/aftercare/reviews/{version}")
    claim("nobody has approved it" in page and "nobody could be reached" in page, "its page says so, and why")
    action, f = fields(page, "/decision")
    status, _, _ = d.post(action, dict(f, decision="approve"))
    claim(status == 303, "it is approved afterwards", status)
    _, page = d.page("/aftercare/reviews")
    claim("in force without approval" not in page, "and waits no longer")

claim.end()
