#!/usr/bin/env python3
"""sheet.py - the sheet over the real demo: languages, large print, the calendar file read by another program, the code that
the clinic checks, the paper at home, and the printed pages as Chromium makes them."""
import json, re, subprocess, sys, tempfile
from harness import *

try:
    from icalendar import Calendar
except ImportError: # another Python comes first: Debian's has the package
    if sys.executable == "/usr/bin/python3" or not os.path.exists("/usr/bin/python3"):
        sys.exit("python3-icalendar is not installed")
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

claim = Claims()


def visit(id, revision, language="en", performed="2026-03-28T14:35:00+01:00", **change):
    s = snapshot(id, revision, **change)
    s["encounter"].update(start="2026-03-28T14:00:00+01:00", end="2026-03-28T14:45:00+01:00")
    s["patient"]["language"] = language
    for p in s["procedures"]:
        p["performed"] = performed
        p["products"] = [{"name": "HA complex", "lot": "L-2231"}]
    s["appointments"] = [{"id": "77", "start": "2026-04-11T10:00:00+02:00", "category": "Mesotherapy follow-up", "status": "booked"}]
    return s


def give_out(id, language, **more):
    _, panel = d.page("/aftercare/panel/demo/" + id, "nurse")
    action, f = fields(panel, "/issue")
    f.update(language=language, recipient="patient", medium="paper", **more)
    status, h, body = d.post(action, f, "nurse")
    claim(status == 303, "the sheet is given out: " + id, (status, body[-300:]))
    where = h.get("location", "/")
    return where, d.page(where, "nurse")[1]


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def pdf(html, name, letter=False):
    """As a browser prints it, its stylesheet beside it. Returns (pages, text)."""
    css = d.request("GET", "/aftercare/assets/handout-2.css", user="nurse")[2].decode()
    html = re.sub(r'<link rel="stylesheet"[^>]*/>', lambda _: "<style>" + css + ("@page{size:Letter}" if letter else "@page{size:A4}") + "</style>", html)
    path = os.path.join(shots, name)
    with open(path + ".html", "w") as f:
        f.write(html)
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf=" + path + ".pdf",
                    "file://" + path + ".html"], check=True, capture_output=True, timeout=120)
    info = subprocess.run(["pdfinfo", path + ".pdf"], capture_output=True, text=True, check=True).stdout
    text = [subprocess.run(["pdftotext", "-f", str(n), "-l", str(n), path + ".pdf", "-"], capture_output=True, text=True, check=True).stdout
            for n in range(1, int(re.search(r"Pages:\s+(\d+)", info).group(1)) + 1)]
    return text


def calendar(where, user="nurse"):
    status, h, data = d.request("GET", where + "/calendar", user=user)
    claim(status == 200 and h["content-type"].startswith("text/calendar"), "the calendar file comes", (status, h))
    return data, list(Calendar.from_ical(data).walk("VEVENT"))


with tempfile.TemporaryDirectory(prefix="aftercare-sheet-") as temporary, Demo(at="2026-03-28T14:50:00+01:00") as d:
    shots = os.environ.get("AFTERCARE_SHOTS", temporary)
    os.makedirs(shots, exist_ok=True)
    status, r = d.put(visit("sheet-1", 1))
    plan = r["plan"]["id"]
    d.put(visit("sheet-de", 1, language="de-AT", patient=dict(visit("x", 1)["patient"], id="p-de")))
    d.put(visit("sheet-us", 1, language="en-US", patient=dict(visit("x", 1)["patient"], id="p-us", language="en-US")))
    child = dict(visit("x", 1)["patient"], id="p-child", birth_date="2014-05-01", guardian={"name": "Eve Example", "relation": "mother"})
    d.put(visit("sheet-child", 1, patient=child))

    # languages, side by side, before anything is given out
    _, both = d.page(f"/aftercare/plans/{plan}/languages?language=de", "nurse")
    claim("No sauna" in both and "Keine Sauna" in both and "0 of " in both, "both languages stand side by side")
    _, both = d.page(f"/aftercare/plans/{plan}/languages?language=ar", "nurse")
    claim('dir="rtl"' in both and "missing: printed so and marked" in both, "what a language lacks is said where it lacks")
    _, arabic = d.page(f"/aftercare/plans/{plan}/handout?language=ar", "nurse")
    claim('lang="ar" dir="rtl"' in arabic and "ليس بعد" in arabic, "an Arabic sheet is turned and has Arabic words of its own")
    claim('class="other-language" lang="en"' in arabic, "its missing lines are marked")
    claim("until" not in re.sub(r'<span class="other-language".*?</span>', "", arabic), "no English fixed word on it")
    claim(re.search(r'class="tl-name"[^>]*text-anchor="end"', arabic), "its time line runs from right to left")
    _, dutch = d.page(f"/aftercare/plans/{plan}/handout?language=nl", "nurse")
    claim("not there in [nl]" in dutch, "a language without fixed words says so at its head")

    where, sheet = give_out("sheet-1", "en")
    read = words(sheet)
    claim("DEMONSTRATION" in sheet, "the demonstration is marked")
    claim(re.search(r"until Tue 31 March, 15:35", read), "72 hours over the change of clocks")
    claim("lot L-2231" in read and "Sat 11 April" in read and "10:00" in read, "lot and appointment stand on it")
    _, us = give_out("sheet-us", "en")
    claim("Tue, March 31, 3:35 PM" in words(us).replace(" , ", ", "), "a reader in the United States reads month first, twelve hours", words(us)[:900])
    _, german = give_out("sheet-de", "de", size="large")
    claim('<body class="large">' in german and "Mo, 30. März" in german, "large print, in German")
    _, of_child = d.page("/aftercare/panel/demo/sheet-child", "nurse")
    _, for_child = give_out("sheet-child", "en")
    claim("For the parent or guardian: Eve Example" in words(for_child).replace(" : ", ": "), "a minor's sheet speaks to the guardian")

    # pages as printed
    for name, html, letter, most in [("en-a4", sheet, False, 2), ("en-letter", sheet, True, 2), ("de-large", german, False, 4), ("ar", arabic, False, 2)]:
        pages = pdf(html, name, letter)
        claim(len(pages) <= most, f"{name}: at most {most} pages", len(pages))
        claim(all("Example" in p for p in pages), f"{name}: each page says whose it is")

    # the PDF that the server makes
    def served(path):
        status, h, data = d.request("GET", path, user="nurse")
        claim(status == 200 and h["content-type"] == "application/pdf", "the PDF comes: " + path, (status, h))
        with open(os.path.join(shots, "served.pdf"), "wb") as f:
            f.write(data)
        info = subprocess.run(["pdfinfo", f.name], capture_output=True, text=True, check=True).stdout
        text = subprocess.run(["pdftotext", f.name, "-"], capture_output=True, text=True, check=True).stdout
        claim(re.search(r"Tagged: +yes", info), "it is tagged")
        return data, int(re.search(r"Pages: +(\d+)", info).group(1)), text

    data, n, text = served(where + "/pdf")
    claim(n <= 2 and "L-2231" in text and "DEMONSTRATION" in text and f"1/{n}" in text, "one or two pages with what the sheet says", text)
    claim(re.search(r"<code>(AC-[^<]+)</code>", sheet).group(1) in text, "and its code")
    claim(data == served(where + "/pdf")[0], "the kept one from then on")
    claim(served(where + "/pdf?print=large")[1] > n, "large print takes more pages")
    claim("Vorschau" in served(f"/aftercare/plans/{plan}/handout/pdf?language=de")[2], "before it is given out it is a preview")
    claim(d.request("GET", where + "/pdf", user="admin")[0] == 403, "an administrator has no part in it")

    # the calendar file
    data, events = calendar(where)
    claim(data == calendar(where)[0], "the same file comes twice")
    starts = sorted(e["DTSTART"].dt for e in events)
    claim(datetime.datetime(2026, 3, 31, 13, 35, tzinfo=datetime.timezone.utc) in starts, "an end of the sheet, by another program", starts)
    claim(datetime.datetime(2026, 4, 11, 8, 0, tzinfo=datetime.timezone.utc) in starts, "the appointment", starts)
    claim(all(7 <= s.astimezone(datetime.timezone(datetime.timedelta(hours=2))).hour < 22 for s in starts), "no end in the night", starts)
    claim(not re.search(rb"(?i)meso|needle|sauna|face|clinic|example", data), "nothing of what was done, where, to whom")
    claim(all(str(e["CLASS"]) == "PRIVATE" and int(e["SEQUENCE"]) == 1 for e in events), "private, of version 1")

    # the code
    code = re.search(r"<code>(AC-[^<]+)</code>", sheet).group(1)
    claim("For checking by the clinic" in sheet and 'class="qr"' in sheet, "the picture is labelled")
    _, page = d.page("/aftercare/check?code=" + code.lower(), "frontdesk")
    claim("Sheet 1, given Saturday 28 March 2026, 14:5" in page and "It is the newest." in page, "the clinic checks it", page[-600:])
    claim(json.loads(d.cli("plan", "check", "--json", code).stdout)["state"] == "newest", "the CLI too")
    status, _ = d.page("/aftercare/check?code=" + code[:-1] + ("0" if code[-1] != "0" else "1"), "frontdesk")
    claim(status == 404, "another code is nobody's", status)

    # the paper at home
    d.clock.set("2026-03-28T15:30:00+01:00")
    d.put(visit("sheet-1", 2, performed="2026-03-28T14:42:00+01:00"))
    _, panel = d.page("/aftercare/panel/demo/sheet-1", "nurse")
    claim("patient holds version 1 of 2" in panel, "the panel says what the patient holds")
    claim("15:42 (sheet: until Tue 31 Mar, 15:35)" in panel, "and what to tell")
    tell = [t for t in json.loads(d.cli("task", "list", "--json", "--open").stdout)["tasks"] if t["plan"] == plan and "tell-the-patient" in t["name"]]
    claim(len(tell) == 1 and "stricter" in tell[0]["title"], "one task, with those lines", tell)
    action, f = fields(panel, "/tasks/" + tell[0]["name"].replace("/", "%2F"))
    status, _, body = d.post(action, dict(f, outcome="told by telephone", status="completed"), "nurse")
    claim(status == 303, "that the patient was told is recorded", (status, body[-300:]))
    _, panel = d.page("/aftercare/panel/demo/sheet-1", "nurse")
    claim("patient holds" not in panel and "told of version 2" in panel, "and nothing is open")
    where, second = give_out("sheet-1", "en")
    claim("What changed (replaces sheet 1)" in words(second) and "stricter now" in second, "the next sheet says it")
    pdf(second, "en-changed")
    _, page = d.page("/aftercare/check?code=" + code, "frontdesk")
    claim("Sheet 2 replaced it." in page, "the older code says that it is older")
    later, moved = calendar(where)
    claim({str(e["UID"]) for e in events} == {str(e["UID"]) for e in moved} and all(int(e["SEQUENCE"]) == 2 for e in moved),
          "the same events, moved")
    s = visit("sheet-1", 3)
    s["encounter"]["status"] = "entered-in-error"
    d.put(s)
    tell = [t for t in json.loads(d.cli("task", "list", "--json", "--open").stdout)["tasks"] if t["plan"] == plan and "tell-the-patient" in t["name"]]
    claim(len(tell) == 1 and tell[0].get("urgent"), "a withdrawn plan makes the task", tell)
    claim(all(str(e["STATUS"]) == "CANCELLED" for e in calendar(where)[1]), "and its calendar file takes all back")
    claim(d.cli("plan", "regen", "--verify", "--all", check=False).returncode == 0, "every version is re-made with the same bytes")
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log holds")
claim.end()
