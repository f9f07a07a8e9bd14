#!/usr/bin/env python3
"""paper.py GOLDEN PDF CLI SOURCE - sheets as PDF, judged by other programs: the golden plans and the shipped protocols.

GOLDEN is test_golden, PDF aftercare-pdf, CLI aftercare. Each sheet must be sound (qpdf), tagged (pdfinfo), carry its fonts
(pdffonts), have one or two pages (in large print two or four), and hold the words of its HTML, none fewer and none more (pdftotext)."""
import os, re, subprocess, sys, tempfile, unicodedata
import xml.etree.ElementTree as ET
from collections import Counter

golden, pdf_program, cli, source = sys.argv[1:5]
failures = []
INLINE = {"span", "bdi", "strong", "b", "em", "i"}
LINES = {"ban", "note", "allowed", "window", "ask", "of"}  # spans that are lines of their own
UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def run(*args, data=None):
    return subprocess.run(args, input=data, capture_output=True, timeout=120)


def check(ok, name, what):
    if not ok:
        failures.append(name)
        print(f"not ok {name}: {what}")


def words(text):
    return Counter(re.split(r"[\s/–-]+", UNSEEN.sub("", text).strip()))  # lines may break behind a stroke


def letters(text):
    """Where lines run both ways, pdftotext joins and turns words by its own rules: letters and digits are what is left."""
    return Counter(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def said(html):
    """The words of a sheet's elements, of its pictures, and of the foot of its pages."""
    on_sheet, in_pictures, on_foot = [], [], []

    def walk(element, where):
        tag = element.tag.split("}")[-1]
        if tag in ("head", "title"):
            return
        if tag == "svg":
            where = in_pictures
        if element.get("class") == "running":
            where = on_foot
        where.append(element.text or "")
        for child in element:
            apart = child.tag.split("}")[-1] not in INLINE or child.get("class") in LINES or where is on_foot
            where.append(" " if apart else "")
            walk(child, where)
            where.append((" " if apart else "") + (child.tail or ""))

    walk(ET.fromstring(html.decode().replace("<!DOCTYPE html>\n", "")), on_sheet)
    count = letters if b'dir="rtl"' in html else words
    return count, *(count("".join(x)) for x in (on_sheet, in_pictures, on_foot))


def numbers_in_order(path):
    """On a page that runs from right to left the groups of a telephone number stand as anybody dials them."""
    line, places = [], run("pdftotext", "-bbox", path, "-").stdout.decode()
    for x, y, word in re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)</word>', places):
        line.append((round(float(y)), float(x), word))
    found = [(y, x) for y, x, word in line if word == "+49"]
    return bool(found) and all(any(abs(y2 - y) < 3 and x2 > x and word == "30" for y2, x2, word in line) for y, x in found)


def untagged(path):
    """Ink that stands in no tag and is not marked as what it is: rules, frames, the foot."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as f:
        run("qpdf", "--qdf", "--object-streams=disable", path, f.name)
        data = f.read().decode("latin-1")
    bad = 0
    for page in re.findall(r"%% Contents for page.*?\nstream\n(.*?)\nendstream", data, re.S):
        depth = 0
        for t in re.sub(r"\((?:\\.|[^\\()])*\)|<[^<>]*>", " ", page, flags=re.S).replace("]", " ").split():
            depth += (t in ("BDC", "BMC")) - (t == "EMC")
            bad += depth == 0 and t in ("S", "s", "f", "f*", "B", "b", "Tj", "TJ", "Do", "sh")
    return bad


def look_at(name, html, most_pages, options=()):
    made = run(pdf_program, "--made-at", "1774710000", *options, data=html)
    check(made.returncode == 0, name, f"aftercare-pdf: {made.stdout[:200]!r}")
    if made.returncode != 0:
        return
    check(made.stdout == run(pdf_program, "--made-at", "1774710000", *options, data=html).stdout, name, "not the same twice")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as f:
        f.write(made.stdout)
        f.flush()
        sound = run("qpdf", "--check", f.name)
        check(sound.returncode == 0, name, sound.stdout.decode() + sound.stderr.decode())
        info = run("pdfinfo", f.name).stdout.decode()
        check(re.search(r"^Tagged:\s+yes$", info, re.M), name, info)
        check(untagged(f.name) == 0, name, "ink without a tag")
        pages = int(re.search(r"^Pages:\s+(\d+)$", info, re.M)[1])
        check(1 <= pages <= most_pages, name, f"{pages} pages")
        fonts = run("pdffonts", f.name).stdout.decode().splitlines()[2:]
        check(fonts and all(re.search(r"\byes yes (yes|no)\s+\d+\s+\d+$", x) for x in fonts), name, "\n".join(fonts))
        per_page = [run("pdftotext", "-f", str(n), "-l", str(n), f.name, "-").stdout.decode() for n in range(1, pages + 1)]
        count, on_sheet, in_pictures, on_foot = said(html)
        printed = count(" ".join(per_page))
        check(not on_sheet - printed, name, f"lost: {on_sheet - printed}")
        feet = Counter()
        for n in range(1, pages + 1):
            feet += on_foot + count(f"{n} / {pages}")
        check(not printed - on_sheet - in_pictures - feet, name, f"added: {printed - on_sheet - in_pictures - feet}")
        check(b'dir="rtl"' not in html or b"+49 30" not in html or numbers_in_order(f.name), name, "a telephone number is turned")
        for n, page in enumerate(per_page, 1):
            check(re.search(rf"\b{n}/{pages}\b", page), name, f"page {n} does not say so")
            demo = "DEMONSTRATION" in html.decode()
            check(not demo or "DEMONSTRATION" in page, name, f"page {n} has no mark")
    print(f"ok {name}: {pages} pages, {len(made.stdout)} bytes")


def main():
    with tempfile.TemporaryDirectory() as d:
        written = subprocess.run([golden, "--jobs", "1"], env={**os.environ, "AC_GOLDEN_SHEETS": d}, capture_output=True)
        check(written.returncode == 0, "golden", written.stderr.decode()[-500:])
        sheets = sorted(os.listdir(d))
        check(len(sheets) >= 8, "golden", f"only {len(sheets)} sheets")
        for name in sheets:
            look_at(name, open(os.path.join(d, name), "rb").read(), 2)
    for protocol, large in (("mesotherapy", 4), ("chemical-peel", 2)):
        for lang in ("ar", "de", "en", "es", "fr", "he", "it", "pl", "pt", "ru", "tr", "uk"):
            html = run(cli, "protocol", "preview", "--clinic", source + "/schemas/clinic/demo.conf", "--area", "face", "--at",
                       "2026-03-28T15:00", "--as", "html", "--language", lang, f"{source}/schemas/protocols/demo/{protocol}.xml").stdout
            look_at(f"{protocol} {lang}", html, 2)
            look_at(f"{protocol} {lang}, Letter", html, 2, ("--letter",))
            look_at(f"{protocol} {lang}, large print", html, large, ("--large",))
    refused = run(pdf_program, data=b"<html><body><p>\xff</p></body></html>")
    check(refused.returncode == 1 and refused.stdout.startswith(b"PAPER-INPUT "), "refusal", refused.stdout)
    check(run(pdf_program, "--nonsense").returncode == 1, "usage", "an unknown option was taken")
    return 1 if failures else 0


sys.exit(main())
