#!/usr/bin/env python3
"""bad_protocols.py BINARY TREE - good files with one fault each: every one is refused by the rule it is named after, at
the line and column of the fault.

The cases are made from tests/good/protocol/full.xml: each attribute of each element gets the values that its form does
not allow, each is taken away, each element gets what does not belong there. The table of forms below is the test's own.
A mutation puts MARK where the fault is to be found, LINE where only its line is known; without a mark the rule counts.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

BIN, TREE = os.path.abspath(sys.argv[1]), sys.argv[2]
MARK, LINE = "\0", "\1"
BASE = open(TREE + "/tests/good/protocol/full.xml", encoding="utf-8").read()

ID = ["Capital", "9first", "two words", "under_score", "umläut", "", "x" * 65]
OFFSET = ["48", "48h", "P2D", "3 d 8:00", "-1 h", "1.5 h", "10000 h", "48 H", "h 48"]
RANGE = ["24 h", "24 h..", "24 h-48 h", "24..48 h", "1 d 08:00..2 d", "24 h...48 h"]
SIGNED = ["dr.demo", "2026-03-01", "dr.demo 01.03.2026", "dr demo 2026-03-01", "dr.demo 2026-3-1"]
SEED = ["1", "S1", "S100", "S01,S02", "s01", ""]
LANG = ["", "muchtoolong", "en_US", "1e", "e n"]
TOKEN = ["", " "]
HASH = ["", "0" * 63, "0" * 65, "A" * 64, "g" + "0" * 63]
OF = ["", "0" * 15, "0" * 17, "0" * 31, "0" * 33, "ABCDEF0123456789", "0123456789abcdeg"]
TIMES = ["", "4 w,12 w", "4 w 12", "4", "4 w  x", "4 w 12:00"]
COUNT = ["0", "-1", "1.5", "six", ""]
WORD = ["", "other", "YES"]
COMMON = {"id": ("PRT-013", ID), "concept": ("PRT-013", ID), "seed": ("PRT-019", SEED), "signed": ("PRT-018", SIGNED),
          "xml:lang": ("PRT-017", LANG), "of": ("PRT-025", OF), "from": ("PRT-015", OFFSET), "until": ("PRT-015", OFFSET),
          "range": ("PRT-016", RANGE), "interval": ("PRT-016", RANGE), "shift": ("PRT-015", OFFSET),
          "take-within": ("PRT-015", OFFSET), "escalate-after": ("PRT-015", OFFSET),
          "within": ("PRT-015", OFFSET), "minimum-gap": ("PRT-015", OFFSET), "at": ("PRT-026", TIMES),
          "sessions": ("PRT-020", COUNT), "owner": ("PRT-022", TOKEN), "source": ("PRT-022", TOKEN),
          "system": ("PRT-022", TOKEN), "category": ("PRT-022", TOKEN), "product": ("PRT-022", TOKEN),
          "version": ("PRT-021", HASH), "protocol": ("PRT-013", ID), "name": ("PRT-013", ID), "questions": ("PRT-013", ID)}
SPECIAL = {("trigger", "code"): ("PRT-022", TOKEN), ("value", "code"): ("PRT-013", ID)}
REQUIRED = {"protocol": "id owner", "title": "xml:lang", "text": "xml:lang", "label": "xml:lang", "based-on": "protocol version",
            "fact": "name type", "value": "code", "goal": "id", "instruction": "id concept kind", "contradicts": "concept",
            "why": "xml:lang evidence source", "except": "xml:lang", "expectation": "id", "red-flag": "id level",
            "task": "id kind", "check-in": "id", "question": "id type", "rule": "when outcome", "series": "id",
            "contact": "line", "note": "seed as xml:lang"}
TEXT = "title text label why except decide note".split()
CONDITIONS = {"PRT-CONDITION": ["", "fact/area =", "(fact/area = 'face'", "fact/area == 'face'", "$x = 1", "fact/area = 'face",
                                "fact/area + 1 = 2", "position() = 1", "//area = 'x'", "@id = 'x'", "fact/area[1] = 'x'", "fact/ = 'x'",
                                "patient/age = 1 patient/age = 2", "patient/age > > 3",
                                "(" * 17 + "true()" + ")" * 17, "patient/age = 1 or", "3 < patient/age < 5" "!"],
              "PRT-FACT": ["fact/unknown = 'x'", "patient/height > 3", "nobody/knows = 1", "and = 1", "answer/pain > 3"],
              "PRT-CONDITION-TYPE": ["fact/area", "'text'", "3", "count(fact/area)", "patient/age > 'old'"]}
TAG = re.compile(r"<([a-z-]+)((?:\s+[a-z:-]+=\"[^\"]*\")*)\s*(/?)>")
ATTR = re.compile(r"([a-z:-]+)=\"([^\"]*)\"")
cases = []


def case(rule, name, text, raw=None):
    cases.append(("%s-%s" % (rule, name), rule, text, raw))


def swap(start, end, new):
    return BASE[:start] + new + BASE[end:]


def escaped(s):
    return s.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def forms():
    seen = set()
    for tag in TAG.finditer(BASE):
        element = tag.group(1)
        for a in ATTR.finditer(tag.group(2)):
            name, at = a.group(1), tag.start(2)
            if (element, name) in seen or name == "xmlns":
                continue
            seen.add((element, name))
            value = (at + a.start(2), at + a.end(2))
            if name == "when":
                for rule, wrong in CONDITIONS.items():
                    if element != "rule" or rule != "PRT-FACT":
                        for i, w in enumerate(wrong):
                            case(rule, "%s-%d" % (element, i), swap(*value, LINE + escaped(w)))
                continue
            rule, wrong = SPECIAL.get((element, name)) or COMMON.get(name, ("PRT-014", WORD))
            for i, w in enumerate(wrong):
                case(rule, "%s-%s-%d" % (element, name.replace(":", "-"), i), swap(*value, MARK + w))


def attributes():
    seen = set()
    for tag in TAG.finditer(BASE):
        element = tag.group(1)
        names = {a.group(1): a for a in ATTR.finditer(tag.group(2))}
        end = tag.end(2)
        if element not in seen:
            case("PRT-009", "of-" + element, swap(end, end, " %sstyle=\"bold\"" % MARK))
            case("PRT-009", "foreign-of-" + element, swap(end, end, " %sz:id=\"x\" xmlns:z=\"urn:z\"" % MARK))
            case("PRT-009", "lang-of-" + element, swap(end, end, " %slang=\"en\"" % MARK))
        for name in REQUIRED.get(element, "").split():
            if (element, name) in seen or name not in names:
                continue
            seen.add((element, name))
            a, at = names[name], tag.start(2)
            gone = BASE[:tag.start()] + MARK + BASE[tag.start():at + a.start()] + BASE[at + a.end():]
            case("PRT-010", "%s-without-%s" % (element, name.replace(":", "-")), gone)
        seen.add(element)


def elements():
    seen = set()
    for tag in TAG.finditer(BASE):
        element = tag.group(1)
        if element in seen:
            continue
        seen.add(element)
        start, end = tag.start(), tag.end()
        if not tag.group(3):
            case("PRT-005", "in-" + element, swap(end, end, MARK + "<bold>x</bold>"))
            case("PRT-005", "foreign-in-" + element, swap(end, end, MARK + "<x:text xmlns:x=\"urn:x\">x</x:text>"))
            case("PRT-006", "root-in-" + element, swap(end, end, MARK + "<protocol/>"))
            if element not in TEXT:
                case("PRT-011", "in-" + element, BASE[:start] + MARK + BASE[start:end] + "words" + BASE[end:])
            else:
                close = BASE.index("</%s>" % element, end)
                case("PRT-012", element, BASE[:start] + MARK + BASE[start:end] + BASE[close:])
                case("PRT-112", element, BASE[:start] + MARK + BASE[start:end] + " \n\t" + BASE[close:])
        if element != "protocol":
            case("PRT-001", "unclosed-" + element, BASE[:end - len(tag.group(3)) - 1] + ">" + "<x>" + BASE[end:]
                 if tag.group(3) else swap(end, end, "<" + element + ">"))


def doubles():
    ids = [(m.start(3), m.end(3), m.group(3)) for m in
           re.finditer(r"<(goal|instruction|expectation|red-flag|task|check-in|series)( [^>]*?)?\bid=\"([a-z0-9-]+)\"", BASE)]
    for start, end, name in ids[1:]:
        case("PRT-101", name, swap(start, end, MARK + ids[0][2]))
    for element in TEXT:
        m = re.search(r"<%s xml:lang=\"en\"[^>]*>[^<]*</%s>" % (element, element), BASE)
        if m and element in ("title", "text", "label"):
            case("PRT-102", element, swap(m.end(), m.end(), MARK + m.group(0)))
    for m in list(re.finditer(r"<fact name=\"([^\"]+)", BASE))[1:]:
        case("PRT-103", m.group(1), swap(m.start(1), m.end(1), MARK + "area"))
    for m in list(re.finditer(r"<question id=\"([^\"]+)", BASE))[1:]:
        case("PRT-110", m.group(1), swap(m.start(1), m.end(1), MARK + "pain"))


def pairs():
    for old, new, rule in [
            ('questions="early"', 'questions="%slate"', "PRT-104"), ('range="24 h..48 h"', 'range="%s48 h..24 h"', "PRT-105"),
            ('interval="7 d..10 d"', 'interval="%s10 d..7 d"', "PRT-105"), ('from="44 h"', 'from="%s5 d"', "PRT-106"),
            ('from="0 min" until="3 d 08:00"', 'from="%s4 d" until="3 d 08:00"', "PRT-106"),
            ('from="0 h" until="2 w"', 'from="%s3 w" until="2 w"', "PRT-106"),
            ('until="3 d 08:00"', 'until="%s3 d 24:00"', "PRT-107"), ('until="3 d 12:00"', 'until="%s3 d 29:59"', "PRT-107"),
            ('id="goal" seed="S64" signed="dr.demo 2026-03-01"', 'id="goal" seed="S64" signed="%sdr.demo 2026-02-29"', "PRT-108"),
            ('of="75304cf77db08b6e" signed="dr.demo 2026-03-01"', 'of="75304cf77db08b6e" signed="%sdr.demo 2026-13-01"', "PRT-108"),
            ('sessions="6"', 'sessions="%s1001"', "PRT-113"), ('at="4 w 90 d 08:00 100 d"', 'at="%s12 w 4 w"', "PRT-115"),
            ('at="4 w 90 d 08:00 100 d"', 'at="%s4 w 4 w"', "PRT-115"), ('at="4 w 90 d 08:00 100 d"', 'at="%s1 w 3 d 25:00"', "PRT-107"),
            ('escalate-after="2 h" escalate-to="nurse"', 'escalate-to="%snurse"', "PRT-123"),
            (' within="2 d"', '', "PRT-024"), ('within="2 d"', 'within="2 d" until="9 w"', "PRT-024"),
            ('system="LOCAL" code="ALL"', 'system="LOCAL"', "PRT-023"), ('category="Everything"', '', "PRT-023"),
            ('category="Everything"', 'category="a" product="b"', "PRT-023"), ('product="HA complex"', 'code="1"', "PRT-023"),
            (' when="fact/session &lt; 3" unknown="omit"', ' %sunknown="omit"', "PRT-118"),
            ("concept=\"sauna\" kind=\"restriction\"", "concept=\"sauna\" kind=\"restriction\" unknown=\"%somit\"", "PRT-119"),
            ('<goal id="goal-2"><text xml:lang="en">Rest.</text>', '<goal id="goal-2">%s<text xml:lang="de">Ruhe.</text>', "PRT-116"),
            ('<text xml:lang="en">Drink.</text>', '<text xml:lang="en" of="%s0123456789abcdef">Drink.</text>', "PRT-117"),
            ('  <title xml:lang="en">Everything</title>\n', '', "PRT-116"), ('<text xml:lang="en">Beware.</text>', '', "PRT-007")]:
        assert BASE.count(old) >= 1, old
        case(rule, "%d" % len(cases), BASE.replace(old, new.replace("%s", MARK), 1))
    case("PRT-006", "note-first",
         BASE.replace("<trigger category", '<note seed="S01" as="fact" xml:lang="en">x</note>' + MARK + "<trigger category", 1))
    series = re.search(r"  <series .*</series>\n", BASE)
    case("PRT-008", "series", swap(series.end(), series.end(), MARK + series.group(0).strip()))
    based = re.search(r"  <based-on [^>]*/>\n", BASE)
    case("PRT-008", "based-on", swap(based.end(), based.end(), MARK + based.group(0).strip()))


def bytes_and_sizes():
    first = "<!DOCTYPE protocol [%s]>"
    bombs = {"lol": "".join('<!ENTITY l%d "%s">' % (i, "&l%d;" % (i - 1) * 10 if i else "lol") for i in range(10)),
             "one-large": '<!ENTITY a "%s">' % ("a" * 100000), "external": '<!ENTITY a SYSTEM "file:///etc/passwd">',
             "parameter": '<!ENTITY % a SYSTEM "http://127.0.0.1:9/a">%a;', "attlist": '<!ATTLIST goal id ID #REQUIRED>',
             "notation": '<!NOTATION n SYSTEM "n">', "empty": ""}
    for name, inner in bombs.items():
        case("PRT-002", name, BASE.replace("<protocol ", first % inner + "<protocol ", 1))
    case("PRT-002", "system", BASE.replace("<protocol ", '<!DOCTYPE protocol SYSTEM "x.dtd"><protocol ', 1))
    case("PRT-002", "public", BASE.replace("<protocol ", '<!DOCTYPE protocol PUBLIC "a" "x.dtd"><protocol ', 1))
    for cut in range(200, len(BASE) - 20, 400):
        case("PRT-001", "cut-%d" % cut, BASE[:cut])
    for name, junk in {"ampersand": "a & b", "entity": "&nbsp;", "less": "a < b", "cdata-end": "]]>", "null": "&#0;",
                       "surrogate": "&#xD800;", "bell": "&#7;", "wrong-end": "</goal>"}.items():
        case("PRT-001", "text-" + name, BASE.replace("Rest.", junk, 1))
    for name, raw in {"latin-1": "ä".encode("latin-1"), "overlong": b"\xc0\xaf", "surrogate": b"\xed\xa0\x80", "five": b"\xf8\x88\x80\x80\x80",
                      "alone": b"\x80", "cut": b"\xe2\x82", "high": b"\xf4\x90\x80\x80"}.items():
        case("PRT-003", name, "", BASE.encode().replace(b"Rest.", raw, 1))
    case("PRT-003", "utf-16", "", BASE.encode("utf-16"))
    goals = lambda n: "".join('<goal id="n%d"><text xml:lang="en">x</text></goal>' % i for i in range(n))
    into = BASE.index('  <goal id="goal"')
    case("PRT-LIMIT", "lines", swap(into, into, goals(2000)))
    case("PRT-LIMIT", "elements", BASE.replace("<decide>When?</decide>", "<decide>x</decide>" * 16001, 1))
    for depth in (17, 100, 5000):
        case("PRT-LIMIT", "depth-%d" % depth, BASE.replace("Rest.", "<text>" * depth + "</text>" * depth, 1))
    case("PRT-LIMIT", "exceptions", BASE.replace("    <except xml:lang=\"en\">a bath</except>\n", "".join(
        '    <except xml:lang="en">no %d</except>\n' % i for i in range(201)), 1))
    case("PRT-115", "many", BASE.replace('at="4 w 90 d 08:00 100 d"', 'at="%s%s"' % (MARK, " ".join("%d d" % i for i in range(1, 26))), 1))


def place(text):
    for mark in MARK, LINE:
        at = text.find(mark)
        if at >= 0:
            assert text.count(mark) == 1
            head = text[:at]
            col = at - (head.rfind("\n") + 1) + 1
            return head + text[at + 1:], head.count("\n") + 1, col if mark == MARK else None
    return text, None, None


def main():
    for make in (forms, attributes, elements, doubles, pairs, bytes_and_sizes):
        make()
    names = [c[0] for c in cases]
    assert len(set(names)) == len(names), [n for n in names if names.count(n) > 1]
    bad = 0
    with tempfile.TemporaryDirectory(prefix="aftercare-bad-") as scratch:
        want = {}
        for name, rule, text, raw in cases:
            text, line, col = place(text)
            path = os.path.join(scratch, name + ".xml")
            with open(path, "wb") as f:
                f.write(raw if raw is not None else text.encode())
            want[path] = rule, line, col
        ran = subprocess.run([BIN, "protocol", "lint", "--json"] + list(want), capture_output=True, timeout=600)
        found = {}
        for f in json.loads(ran.stdout)["findings"]:
            found.setdefault(f["file"], []).append(f)
        for path, (rule, line, col) in want.items():
            name, got = os.path.basename(path), found.get(path, [])
            right = len(got) == 1 and got[0]["rule"] == rule and got[0]["line"] > 0 and got[0]["col"] > 0 and (
                line in (None, got[0]["line"]) and col in (None, got[0]["col"]))
            if not right:
                bad += 1
                print("%s: want %s %s:%s, got %s" % (name, rule, line, col, [
                    (g["rule"], g["line"], g["col"], g["message"][:80]) for g in got[:3]]))
        if ran.returncode != 5 or b"Sanitizer" in ran.stderr or b"runtime error" in ran.stderr:
            bad += 1
            print("exit code %d\n%s" % (ran.returncode, ran.stderr.decode(errors="replace")[-2000:]))
    print("%d bad protocols, %d of them not refused as they should be" % (len(want), bad))
    assert len(want) >= 400
    return bad != 0


sys.exit(main())
