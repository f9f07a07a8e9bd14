"""What stands on a terminal is no wider than it, counted in its cells; into a pipe nothing is cut. See kit.py."""
import re
import unicodedata

import kit
from kit import Case, run
from terminal import Terminal

PAINT = re.compile(r"\x1b\[[0-9;]*m")
CHINESE = "治疗后二十四小时内请勿触摸面部并避免桑拿蒸汽浴剧烈运动以及直接日晒如有任何疑问请致电诊所"
LONG = "https://clinic.example/" + "aftercare-" * 20 + "end"
STATE = kit.installation(kit.DEMO)
kit.fill(STATE, 1, 3)
TEXT = kit.read(kit.DEMO)


def cells(text):
    """A wide character takes two, a mark on another one none: by Python's own tables."""
    n = 0
    for c in text:
        n += 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return n


def file_with(words):
    path = kit.folder("words.xml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(r'(<text xml:lang="en">)[^<]*', lambda m: m[1] + words, TEXT, count=3))
    return path


def lines(columns, *args):
    t = Terminal(*args, columns=columns, AFTERCARE_STATE=STATE)
    t.end()
    assert t.code in (0, 1, 5), t.seen.decode(errors="replace")
    text = PAINT.sub("", t.seen.decode()).replace("\r\n", "\n")
    return [line.split("\r")[-1] for line in text.split("\n")]  # a bar of progress begins its line again


class Width(Case):
    def no_wider(self, columns, *args):
        shown = lines(columns, *args)
        for line in shown:
            self.assertLessEqual(cells(line), columns, "%r at %d: %r" % (args, columns, line))
        return shown

    def test_no_table_and_no_sentence_is_wider_than_the_terminal(self):
        for columns in (80, 140):
            for verb in (("--help",), ("protocol", "list"), ("protocol", "publish", "--help"),
                         ("protocol", "lint", kit.DEMO), ("protocol", "history", "mesotherapy"),
                         ("protocol", "preview", kit.DEMO), ("person", "list"),
                         ("protocol", "retire", "--dry-run", "mesotherapy"), ("audit", "verify"),
                         ("event", "replay", "default/v1"), ("export", "cda", "--all", "--out", kit.folder("export")),
                         ("plan", "list"), ("task", "list"), ("event", "list"), ("delivery", "list"),
                         ("protocol", "coverage"), ("store", "check"), ("doctor",)):
                self.no_wider(columns, *verb)

    def test_what_is_typed_afterwards_is_cut_last(self):
        state = kit.copy(STATE)
        run("protocol", "suspend", "--actor", "bob", "--reason", "x", "--confirm", "mesotherapy", "mesotherapy",
            state=state)
        run("protocol", "import", "--actor", "somebody.with.a.long.name", kit.PEEL, state=state)
        t = Terminal("protocol", "list", columns=80, AFTERCARE_STATE=state, NO_COLOR="1")
        self.assertEqual(t.end(), 0)
        self.assertIn("\nmesotherapy ", t.text)
        self.assertIn("\nchemical-peel ", t.text)
        self.assertIn("active, suspended", t.text)
        self.assertRegex(t.text, r"someb\S*~")
        for line in t.text.split("\n"):
            self.assertLessEqual(cells(line), 80)

    def test_wide_characters_take_two_cells(self):
        path = file_with(CHINESE)
        for columns in (80, 140):
            for verb in ("preview", "lint"):
                self.no_wider(columns, "protocol", verb, path)
            self.no_wider(columns, "protocol", "diff", kit.DEMO, path)

    def test_all_of_a_text_without_blanks_is_there_below_itself(self):
        shown = self.no_wider(80, "protocol", "preview", file_with(CHINESE))
        self.assertIn(CHINESE, "".join(line.strip() for line in shown))
        self.assertNotIn(CHINESE, "\n".join(shown), "it takes more than one line")

    def test_a_word_that_no_line_holds_goes_on_below(self):
        path = file_with("See " + LONG + " please")
        for columns in (80, 140):
            shown = self.no_wider(columns, "protocol", "preview", path)
            self.assertIn(LONG, "".join(line.strip() for line in shown))

    def test_columns_stand_below_each_other_beside_wide_characters(self):
        for who, name in (("one", "Example"), ("two", "治疗诊所"), ("three", "Zoe\u0301 Example")):
            self.code(0, "person", "add", who, name, state=STATE)
            self.code(0, "person", "map", who, "os:" + who, state=STATE)
        shown = [line for line in lines(80, "person", "list") if "os:" in line]
        self.assertEqual(len(shown), 3, shown)
        self.assertEqual(len({cells(line[:line.index("os:")]) for line in shown}), 1, shown)


class Pipe(Case):
    def test_nothing_is_cut_or_broken_into_a_pipe(self):
        for words in (CHINESE, LONG):
            text = self.code(0, "protocol", "preview", file_with(words), state=STATE).text
            self.assertIn(words, text)

    def test_a_narrow_terminal_s_width_says_nothing_about_a_pipe(self):
        a = run("protocol", "list", state=STATE, env={"COLUMNS": "40"})
        self.assertEqual(a.out, run("protocol", "list", state=STATE).out)
        self.assertNotIn("~", a.text)
        self.assertNotIn("\x1b", a.text)


if __name__ == "__main__":
    kit.main()
