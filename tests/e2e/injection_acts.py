#!/usr/bin/env python3
"""injection_acts.py [EVERY] - script injection in every text that a person writes after the snapshot: overrides, calls, check-ins,
visits, questions and answers, tasks, states of a plan, the sheet's form, protocols and the clinic's file by the command line. Each act
is played with plain text and with every EVERYth vector of injection.py (default 12; 1 is all of them); HTML, documents, PDF, calendar,
JSON and the terminal must keep the structure that plain text gives, and nothing may execute. CSV has tests of its own (cli/test_csv.py)."""
import json, os, re, subprocess, sys, xml.sax.saxutils, zlib
import xml.etree.ElementTree as ET
from harness import *
from injection import PLAIN, calendar_shape, executed, html_shape, json_shape, terminal_faults, vectors, xml_shape

claim = Claims()
every = int(sys.argv[1]) if len(sys.argv) > 1 else 12
refused, read_on_paper = {}, 0


def visit(id, revision=1, signed=False):
    s = snapshot(id, revision)
    s["encounter"].update(start="2026-03-28T14:00:00+01:00", end="2026-03-28T14:40:00+01:00")
    s["procedures"][0].update(performed="2026-03-28T14:35:00+01:00", products=[{"name": "HA complex", "lot": "L-2231"}])
    if signed:
        s["encounter"].update(signed="2026-03-28T14:50:00+01:00", signed_by=s["provider"])
    return s


def forms(html, action_end, want=None):
    """Forms whose action ends so: action and hidden fields; `want`: those that have this hidden field."""
    out = []
    for m in re.finditer(r"<form\b[^>]*>.*?</form>", html, re.S):
        action = re.search(r'action="([^"]*)"', m.group(0)).group(1)
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', m.group(0))
        if action.endswith(action_end) and (want is None or want in hidden):
            out.append((action, hidden))
    return out


class Story:
    """One plan, `text` wherever somebody types; what each act was answered, and what came out."""

    def __init__(self, d, id, text):
        self.d, self.id, self.text = d, id, text
        self.statuses, self.out = {}, {}
        status, r = d.put(visit(id))
        assert status == 201, (status, r)
        self.plan = r["plan"]["id"]
        self.base = f"/aftercare/plans/{self.plan}"

    def send(self, name, where, end, user, f, want=None):
        _, page = self.d.page(where, user)
        found = forms(page, end, want)
        if not found:
            self.statuses[name] = "no form"
            return None
        action, hidden = found[0]
        status, h, body = self.d.post(action, hidden + list(f.items()), user)
        if status == 422 and "/overrides" in action:  # doubtful: shown, and confirmed
            again = forms(body.decode(), "/overrides", want)
            if again:
                status, h, body = self.d.post(again[0][0], again[0][1] + list(f.items()), user)
        claim(status < 500, f"{name} is answered", (status, self.text))
        self.statuses[name] = status
        if status in (400, 409, 413, 422) and body[:15].lower() == b"<!doctype html>":
            faults = html_shape(body.decode())[1]
            claim(not faults, f"{name}: the page of a refusal has nothing that executes", (self.text, faults))
        return h.get("location")

    def page(self, name, path, user="clinician"):
        status, _, data = self.d.request("GET", path, user=user)
        claim(status < 500, f"{name} is answered", (status, self.text))
        self.statuses["GET " + name] = status
        if status == 200:
            self.out[name] = data

    def before_signature(self):
        t, o = self.text, self.base + "/overrides"
        self.send("add a line", o, "/overrides", "clinician", dict(text=t, lang="en", kind="care", until="6 d", reason=t), ("act", "add"))
        self.send("reword a line", o + "?line=mesotherapy%2Fno-sauna", "/overrides", "clinician", dict(text=t, lang="en", reason=t), ("act", "reword"))
        self.send("leave a line out", o + "?line=mesotherapy%2Fno-heavy-lifting", "/overrides", "clinician", dict(reason=t), ("act", "omit"))
        self.page("overrides.html", o)
        self.d.put(visit(self.id, 2, True))
        where = self.send("give out", f"/aftercare/panel/demo/{self.id}", "/issue", "nurse", dict(language="en", recipient="patient", medium="paper"))
        if where:
            self.page("sheet.html", where, "nurse")
            self.page("sheet.pdf", where.split("?")[0] + "/pdf", "nurse")
            self.page("sheet.ics", where.split("?")[0] + "/calendar", "nurse")

    def follow_up(self):
        t, b = self.text, self.base
        call = self.send("a call with a note", b + "/call-in", "/calls", "frontdesk", {"flag.mesotherapy/pus": "no", "note": t})
        if call:
            self.send("judged otherwise", call, call, "clinician", dict(level="call-back", reason=t))
            self.page("call.html", call)
        check = b + "/check-in/mesotherapy/call-day-2/1"
        said = {f"answer.mesotherapy/early-reaction/{q}": "no" for q in ("breathing", "fever", "pus", "spreading", "bruising", "itching", "followed")}
        said.update({"answer.mesotherapy/early-reaction/pain": "2", "answer.mesotherapy/early-reaction/concerns": t})
        call = self.send("a check-in with free text", check, "/calls", "nurse", dict(said, note=t, outcome="reached"))
        if call:
            self.page("check.html", call)
        key = "aftercare/teach/"
        self.send("understanding", b, "/visits", "nurse", {key + "method": "teach-back", key + "result": "understood", key + "language": t, key + "interpreter": "no"})
        self.send("the checklist", b, "/visits", "nurse", {"aftercare/visit/" + x: t for x in ("progress", "healing", "concerns", "effectiveness", "adjustments", "guidance", "experience")})
        self.send("a question", b, "/visits", "frontdesk", {"aftercare/concern/question": t})
        calls = self.d.request("GET", b + "/calls", user="auditor")[2]
        n = max([c["n"] for c in json.loads(calls)["calls"]] or [0])
        self.page("question.html", f"{b}/calls/{n}")
        self.send("its answer", f"{b}/calls/{n}", "/visits", "nurse", {"aftercare/concern/reply": t})
        if b"concern" in calls:
            self.page("answered.html", f"{b}/calls/{n}")
        work = f"/aftercare/worklist?role=all&of={self.plan}"
        self.send("a task put off", work, "follow-up%2F1", "clinician", dict(act="snooze", until="2026-04-20T10:00", outcome=t))
        self.send("a task handed on", work, "follow-up%2F1", "clinician", dict(act="assign", to="nurse", owner="n2", outcome=t))
        self.send("a task done", work, "book-next%2F1", "frontdesk", dict(act="done", outcome=t))
        self.page("work.html", work)
        self.send("held", b, "/state", "nurse", dict(act="hold", why=t))
        self.page("held.html", b)
        self.send("resumed", b, "/state", "nurse", dict(act="resume", why=t))
        self.page("plan.html", b)
        self.page("panel.html", f"/aftercare/panel/demo/{self.id}")
        self.page("calls.json", b + "/calls", "auditor")
        for v in range(1, 12):
            status, _, data = self.d.request("GET", f"{b}/documents/{v}/xml", user="auditor")
            if status != 200:
                break
            last = v
            self.out["document.xml"] = data
        self.page("document.html", f"{b}/documents/{last}")
        self.send("revoked", b, "/state", "clinician", dict(act="revoke", why=t))
        self.page("revoked.html", b)
        for verb, more in (("show", []), ("explain", ["no-sauna"])):
            self.out["terminal " + verb] = self.d.cli("plan", verb, self.plan, *more, check=False).stdout
        self.out["show.json"] = self.d.cli("plan", "show", self.plan, "--json", check=False).stdout.encode()
        self.out["tasks.json"] = self.d.cli("task", "list", "--json", "--patient", "p-" + self.id, check=False).stdout.encode() or b"{}"


def shape_of(name, data):
    if name.endswith(".json"):
        return json_shape(json.loads(data)), []
    if name.endswith(".html"):
        return html_shape(data.decode())
    if name.endswith(".xml"):
        return xml_shape(data)
    if name.endswith(".ics"):
        shape, faults = calendar_shape(data.decode())
        return shape, faults + [x for x in data.split(b"\r\n") if len(x) > 75]
    if name.endswith(".pdf"):
        return None, [k for k in ("/JavaScript", "/JS ", "/JS(", "/OpenAction", "/AA ", "/Launch", "/EmbeddedFile", "/URI ", "/URI(", "/SubmitForm", "/GoToR") if k.encode() in pdf_bytes(data)]
    return None, terminal_faults(data)


def pdf_bytes(data):
    """What is in the file, with its compressed streams of objects unpacked; a page's own text may say anything."""
    plain = [re.sub(rb"stream\r?\n.*?endstream", b"", data, flags=re.S)]
    for m in re.finditer(rb"<<(?:[^<>]|<<[^<>]*>>|<[^<>]*>)*/ObjStm(?:[^<>]|<<[^<>]*>>|<[^<>]*>)*>>\s*stream\r?\n(.*?)endstream", data, re.S):
        try:
            plain.append(zlib.decompress(m.group(1)))
        except zlib.error:
            plain.append(b"")
    # strings are data: (...) with escapes, <hex>
    return re.sub(rb"\((?:\\.|[^\\()])*\)", b"()", b"\n".join(plain))


def printed(text):
    return "".join(c for c in text if c.isascii() and c.isalnum())


def paper(story, name, text):
    """The text stands on the paper as text: what pdftotext reads holds its letters in their order."""
    global read_on_paper
    got = printed(subprocess.run(["pdftotext", "-raw", "-", "-"], input=story.out[name], capture_output=True).stdout.decode(errors="replace"))
    if story.statuses.get("add a line") == 303 and printed(text):
        read_on_paper += 1
        claim(printed(text)[:120] in got, "the PDF says it as text", (text, got[-300:]))


def compare(story, plain, wanted, keep, i, text):
    same = story.statuses == plain.statuses
    for what, status in story.statuses.items():
        if status != plain.statuses.get(what):
            refused.setdefault(what, []).append(text)
    for name, data in story.out.items():
        try:
            shape, faults = shape_of(name, data)
        except (ET.ParseError, UnicodeDecodeError, json.JSONDecodeError) as e:
            claim(False, f"{name} can be parsed", (text, e))
            continue
        claim(not faults, f"{name} has nothing that executes or escapes", (text, faults))
        if same and shape is not None and name in wanted:
            where = next((f"{a!r} {b!r}" for a, b in zip(wanted[name], shape) if a != b), "length") if isinstance(shape, list) else ""
            claim(shape == wanted[name], f"the structure of {name} is that of plain text", (text, where))
        if name.endswith(".html"):
            keep(f"{i}-{name}", data)
    if "sheet.pdf" in story.out:
        paper(story, "sheet.pdf", text)


def clean(text):
    """What an XML file can hold."""
    return "".join(c for c in text if c in "\t\n" or (ord(c) >= 32 and c not in "\ufffe\uffff\x7f"))


def protocols(d, some, keep, dir):
    """The texts of a protocol by the command line: read, checked, compared, taken into the store, translated, shown in the EHR."""
    source = open(os.path.join(TOP, "schemas/protocols/demo/mesotherapy.xml")).read()
    path, xliff = os.path.join(dir, "p.xml"), os.path.join(dir, "p.xlf")
    shapes = {}
    for i, text in enumerate([PLAIN] + some):
        escaped = xml.sax.saxutils.escape(clean(text)).strip() or "x"
        attr = escaped.replace('"', "&quot;").replace("\n", " ").replace("\t", " ")
        changed = source.replace(">No sauna<", f">{escaped}<").replace('id="mesotherapy"', f'id="inject-{i}"', 1)
        changed = re.sub(r'<title xml:lang="en">[^<]*', lambda m: f'<title xml:lang="en">{escaped}', changed, count=1)
        changed = re.sub(r'(<why\b[^>]*xml:lang="en"[^>]*>)[^<]*', lambda m: m.group(1) + escaped, changed, count=1)
        changed = re.sub(r'(<except\b[^>]*xml:lang="en"[^>]*>)[^<]*', lambda m: m.group(1) + escaped, changed)
        changed = re.sub(r'( source=")[^"]*', lambda m: m.group(1) + attr, changed, count=1)
        with open(path, "w") as f:
            f.write(changed)
        for verb, more in (("lint", []), ("fmt", []), ("diff", ["mesotherapy"]), ("preview", []), ("preview", ["--as", "html"]), ("lint", ["--json"]), ("diff", ["--json", "mesotherapy"])):
            r = d.cli("protocol", verb, *more, path, check=False)
            claim(r.returncode in (0, 1, 2, 3, 5), f"protocol {verb} ends", (text, r.returncode, r.stderr[-200:]))
            if "--json" in more and r.stdout:
                json.loads(r.stdout)
            if "html" in more and r.stdout.startswith("<!DOCTYPE"):
                faults = [x for x in html_shape(r.stdout)[1] if not re.fullmatch(r"href=handout-[0-9]+\.css", x)]
                claim(not faults, "the sheet of a preview has nothing that executes", (text, faults))
                keep(f"preview-{i}.html", r.stdout.encode())
            else:
                claim(not terminal_faults(r.stdout + r.stderr), f"protocol {verb} writes no control characters", (text, terminal_faults(r.stdout + r.stderr)))
        r = d.cli("protocol", "import", path, check=False)
        shapes[r.returncode] = shapes.get(r.returncode, 0) + 1
        claim(r.returncode in (0, 1, 5) and not terminal_faults(r.stdout + r.stderr), "protocol import takes it or says why not", (text, r.returncode, r.stderr[-300:]))
        if r.returncode == 0:
            d.cli("protocol", "translate", "--language", "de", "--out", xliff, f"inject-{i}", check=False)
            if os.path.exists(xliff):
                ET.parse(xliff)
                os.unlink(xliff)
            r = d.cli("protocol", "submit", "--reason", text.replace("\x00", "") or "x", f"inject-{i}", check=False)
            claim(not terminal_faults(r.stdout + r.stderr), "protocol submit writes no control characters", (text,))
    status, page = d.page("/aftercare/reviews", "clinician")
    claim(status == 200 and not html_shape(page)[1], "the list of reviews has nothing that executes", (status, html_shape(page)[1][:3] if status == 200 else ""))
    keep("reviews.html", page.encode())
    for n, path in enumerate(sorted(set(re.findall(r'href="(/aftercare/reviews/[^"/?#]*)"', page)))):
        for tail in ("", "/sheet"):
            status, one = d.page(path + tail, "clinician")
            claim(status < 500 and (status != 200 or not html_shape(one)[1]), "a review has nothing that executes", (path, status, html_shape(one)[1][:3]))
            keep(f"review-{n}{tail.replace('/', '-')}.html", one.encode())
    return shapes


def clinics(d, some, keep):
    """The texts of the clinic's file: name, address, contact lines, closed days."""
    source = d.cli("clinic", "show").stdout
    path = os.path.join(d.dir, "injected.conf")
    codes, wanted = {}, None
    for i, text in enumerate([PLAIN] + some):
        line = " ".join(clean(text).split()) or "x"
        with open(path, "w") as f:
            f.write(re.sub(r"(?m)^(name|address|city|state) = .*$", lambda m: f"{m.group(1)} = {line}", source))
        r = d.cli("clinic", "set", path, check=False)
        codes[r.returncode] = codes.get(r.returncode, 0) + 1
        claim(r.returncode in (0, 5) and not terminal_faults(r.stdout + r.stderr), "clinic set takes it or says why not", (text, r.returncode, r.stderr[-300:]))
        if r.returncode != 0:
            continue
        claim(d.cli("clinic", "show").stdout == open(path).read(), "clinic show gives a file back as it was taken", (text,))
        status, plan = d.put(visit(f"clinic-{i}"))
        claim(status == 201, "a plan of that clinic is made", (text, status, plan))
        base = f"/aftercare/plans/{plan['plan']['id']}"
        _, panel = d.page(f"/aftercare/panel/demo/clinic-{i}", "nurse")
        action, f = fields(panel, "/issue")
        status, h, _ = d.post(action, dict(f, language="en", recipient="patient", medium="paper"), "nurse")
        claim(status == 303, "its sheet is given out", (text, status))
        out = {"panel": panel, "call": d.page(base + "/call-in", "nurse")[1], "plan": d.page(base, "nurse")[1]}
        if status == 303:
            out["sheet"] = d.page(h["location"], "nurse")[1]
            shape, faults = calendar_shape(d.request("GET", h["location"].split("?")[0] + "/calendar", user="nurse")[2].decode())
            claim(not faults, "the calendar keeps its lines", (text, faults))
        shapes = {k: html_shape(v) for k, v in out.items()}
        for k, (shape, faults) in shapes.items():
            claim(not faults, f"{k}: nothing of the clinic's file executes", (text, faults))
            keep(f"clinic-{i}-{k}.html", out[k].encode())
        wanted = wanted or {k: v[0] for k, v in shapes.items()}
        for k, (shape, _) in shapes.items():
            claim(shape == wanted[k], f"the structure of the {k} is that of plain text", (text,))
    with open(path, "w") as f:
        f.write(source)
    d.cli("clinic", "set", path)
    return codes


def main():
    some = vectors()[::every]
    with Demo(at="2026-03-28T14:41:00+01:00") as d:
        dir, files = os.path.join(d.dir, "pages"), []
        os.mkdir(dir)

        def keep(name, data):
            files.append(name)
            with open(os.path.join(dir, name), "wb") as f:
                f.write(data)

        d.clock.set("2026-03-28T14:51:00+01:00")
        stories = [Story(d, "acts-plain", PLAIN)] + [Story(d, f"acts-{i}", text) for i, text in enumerate(some)]
        for s in stories:
            s.before_signature()
        d.clock.set("2026-03-30T11:00:00+02:00")
        for s in stories:
            s.follow_up()
        plain = stories[0]
        print({k: v for k, v in plain.statuses.items() if v not in (200, 303)}, flush=True)
        claim(all(v in (200, 303) for v in plain.statuses.values()), "plain text is taken everywhere", {k: v for k, v in plain.statuses.items() if v not in (200, 303)})
        wanted = {name: shape_of(name, data)[0] for name, data in plain.out.items()}
        for name in ("overrides.html", "sheet.html", "sheet.pdf", "sheet.ics", "call.html", "check.html", "question.html", "answered.html", "work.html", "held.html",
                     "plan.html", "panel.html", "calls.json", "document.xml", "document.html", "revoked.html", "terminal show", "show.json"):
            claim(name in plain.out, f"{name} was looked at")
        for i, (s, text) in enumerate(zip(stories[1:], some)):
            compare(s, plain, wanted, keep, i, text)
        for view in ("/aftercare/worklist?role=all", "/aftercare/confirmations"):
            status, page = d.page(view, "clinician")
            claim(status == 200 and not html_shape(page)[1], "lists over all patients have nothing that executes", (view, status))
            keep(re.sub("[^a-z]", "-", view) + ".html", page.encode())
        imported = protocols(d, some, keep, d.dir)
        set_by = clinics(d, some, keep)
        keep("control.html", b"<p><script>top.postMessage(1,`*`)</script></p>")
        ran = executed(dir, files)
        claim(ran == {"control.html"}, "nothing executes in the browser but what is there to be noticed", ran)
        claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
        r = d.cli("plan", "regen", "--verify", "--all", check=False)
        claim(r.returncode == 0, "every version is re-made byte for byte", r.stdout[-300:] + r.stderr[-300:])
    print(f"{len(some)} vectors, {len(files)} pages in the browser, {read_on_paper} PDFs read; refused by rule: { {k: len(v) for k, v in refused.items()} }; "
          f"imports by exit code {imported}, clinic files {set_by}")
    claim.end()


if __name__ == "__main__":
    main()
