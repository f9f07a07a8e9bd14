"""Characters that move a cursor or turn text around: none reaches a terminal or JSON as it is. See kit.py."""
import json
import re

import kit
from kit import Case, run
from terminal import Terminal

RAW = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
PAINT = re.compile(r"\x1b\[[0-9;]*[mK]")
MARKS = "\u202e\u2066\u200f\u0085\u061c"
PLAIN = kit.read(kit.DEMO)


def hostile():
    """The demonstration's protocol with such characters in a title, a text, an attribute and a remark."""
    xml = re.sub(r'(<title xml:lang="en">)', r"\1A" + MARKS, PLAIN, count=1)
    xml = re.sub(r'(<text xml:lang="en">)', r"\1B" + MARKS, xml)
    xml = re.sub(r' owner="', ' owner="C' + MARKS, xml, count=1)
    return xml.replace("<trigger", "<!-- D" + MARKS + " -->\n  <trigger", 1)


STATE = kit.installation(kit.DEMO)
kit.fill(STATE, 0, 1)
FILE = kit.folder("hostile.xml")
with open(FILE, "w", encoding="utf-8", newline="") as f:
    f.write(hostile())
DRAFT = run("protocol", "import", "--json", "--actor", "ann", FILE, state=STATE).json["version"]


class Shown(Case):
    def on_a_terminal(self, *args, want=(0,)):
        t = Terminal(*args, AFTERCARE_STATE=STATE)
        t.end()
        self.assertIn(t.code, want, t.seen.decode(errors="replace"))
        text = PAINT.sub("", t.seen.decode()).replace("\r", "")  # a bar of progress goes back to where it began
        self.assertIsNone(RAW.search(text.replace("\x1b", "\x00")), "%r: %r" % (args, text[:3000]))
        return text

    def test_no_verb_that_shows_a_protocol_passes_them_to_a_terminal(self):
        name = "mesotherapy"
        for verb in (("show", DRAFT), ("fmt", FILE), ("lint", FILE), ("preview", FILE), ("history", name),
                     ("preview", "--as", "json", FILE), ("preview", "--as", "html", FILE), ("preview", "--as", "xml", FILE),
                     ("blame", DRAFT), ("list",), ("export", DRAFT), ("export", "--as", "fhir", DRAFT), ("translate", "--language", "de", FILE),
                     ("simulate", FILE), ("reviews",)):
            self.on_a_terminal("protocol", *verb, want=(0, 1, 5))

    def test_nor_does_the_difference_of_two(self):
        text = self.on_a_terminal("protocol", "diff", FILE, kit.DEMO, want=(1,))
        self.assertIn("B?????", text)

    def test_what_is_shown_on_a_terminal_says_what_stands_there(self):
        self.assertIn("<U+202E>", self.on_a_terminal("protocol", "show", DRAFT))

    def test_into_a_pipe_a_source_is_exact(self):
        self.assertEqual(self.code(0, "protocol", "show", DRAFT, state=STATE).out.decode(), hostile())


class Json(Case):
    def test_json_holds_them_by_their_numbers_and_they_read_back(self):
        for verb in (("protocol", "diff", FILE, kit.DEMO), ("protocol", "lint", FILE), ("protocol", "preview", FILE),
                     ("protocol", "show", DRAFT), ("protocol", "list")):
            r = run(*verb, "--json", state=STATE)
            self.assertIn(r.code, (0, 1, 5), verb)
            self.assertIsNone(RAW.search(r.text), verb)
            json.loads(r.out)
        self.assertIn(MARKS, json.dumps(self.code(0, "protocol", "show", DRAFT, "--json", state=STATE).json,
                                        ensure_ascii=False))

    def test_an_error_in_json_holds_none_either(self):
        r = run("protocol", "show", "--json", "x\u202ey", state=STATE)
        self.assertIsNone(RAW.search(r.talk))
        self.assertIn("\\u202e", r.talk)


class Layout(Case):
    def test_fmt_writes_references_and_the_meaning_stays(self):
        text = self.code(0, "protocol", "fmt", FILE, state=STATE).text
        self.assertIsNone(RAW.search(text))
        self.assertIn("B&#x202E;&#x2066;&#x200F;&#x85;&#x61C;", text)
        self.assertIn("<!-- D[U+202E][U+2066][U+200F][U+0085][U+061C] -->", text)
        again = kit.folder("again.xml")
        with open(again, "w", encoding="utf-8", newline="") as f:
            f.write(text)
        self.code(0, "protocol", "diff", FILE, again, state=STATE)
        self.assertEqual(self.code(0, "protocol", "fmt", again, state=STATE).text, text)


if __name__ == "__main__":
    kit.main()
