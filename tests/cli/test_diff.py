"""protocol diff and protocol fmt. See kit.py."""
import os
import pty
import select

import kit
from kit import Case, run

SHORTER = kit.read(kit.DEMO).replace('<window until="48 h" range="24 h..48 h"/>', '<window until="24 h" range="24 h..48 h"/>', 1)
STATE = kit.installation(kit.DEMO)


def write(text, name="new.xml"):
    path = kit.folder(name)
    with open(path, "w") as f:
        f.write(text)
    return path


def on_a_terminal(*args, **env):
    """What the same command prints on a terminal of its own."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(kit.environment(TERM="xterm", PAGER="cat", **env))
        os.execv(kit.BIN, [kit.BIN, *args])
    out = b""
    while select.select([fd], [], [], 60)[0]:
        try:
            some = os.read(fd, 65536)
        except OSError:
            break
        if not some:
            break
        out += some
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out


class Diff(Case):
    def test_says_weaker_and_exits_1(self):
        r = self.code(1, "protocol", "diff", kit.DEMO, write(SHORTER))
        self.assertIn("~ no-touch (restriction, on the sheet): until 48 h → 24 h, WEAKER\n", r.text)
        self.assertIn("1 change(s): 1 weaker, 0 stronger; 1 on the patient's sheet\n", r.text)
        self.assertNotIn("\033", r.text)

    def test_signatures_that_changed_alike_stand_together_behind_what_they_are_for(self):
        path = write(SHORTER.replace(' signed="dr.demo 2026-03-01"', ' signed="dr.two 2026-04-01"'))
        lines = self.code(1, "protocol", "diff", kit.DEMO, path).text.split("\n")
        signed = [x for x in lines if x.startswith("~ signed dr.demo 2026-03-01 → dr.two 2026-04-01: ")]
        self.assertEqual(len(signed), 1)
        self.assertIn("no-touch", signed[0])
        self.assertGreater(lines.index(signed[0]), [i for i, x in enumerate(lines) if "WEAKER" in x][0])
        changes = self.code(1, "protocol", "diff", "--json", kit.DEMO, path).json["changes"]
        self.assertEqual(signed[0].count(", ") + 1, sum(x["part"] == "signed" for x in changes))

    def test_of_signed_translations_each_line_is_named_once(self):
        path = write(SHORTER.replace("dr.demo 2026-03-01", "dr.two 2026-04-01"))
        lines = self.code(1, "protocol", "diff", kit.DEMO, path).text.split("\n")
        signed = [x for x in lines if x.startswith("~ translations signed dr.demo 2026-03-01 → dr.two 2026-04-01: ")]
        names = signed[0].split(": ", 1)[1].split(", ")
        self.assertEqual((len(signed), names.count("no-touch"), len(names)), (1, 1, len(set(names))))
        self.assertFalse([x for x in lines if "label de signed" in x])

    def test_of_the_same_meaning_exits_0(self):
        other = kit.read(kit.DEMO).replace("\n    <", "\n      <").replace(
            "fact/indication = 'hyperpigmentation'", "not(not(fact/indication='hyperpigmentation'))")
        r = self.code(0, "protocol", "diff", kit.DEMO, write(other))
        self.assertIn("no change of meaning\n", r.text)

    def test_json_has_each_change_and_the_sum(self):
        r = self.code(1, "protocol", "diff", "--json", kit.DEMO, write(SHORTER))
        self.assertEqual(r.json["summary"], {"changes": 1, "weaker": 1, "stronger": 0, "on_sheet": 1})
        c = r.json["changes"][0]
        self.assertEqual((c["id"], c["part"], c["before"], c["after"], c["strength"], c["on_sheet"]),
                         ("no-touch", "until", "48 h", "24 h", "weaker", True))

    def test_one_file_is_held_against_the_active_version(self):
        r = self.code(1, "protocol", "diff", write(SHORTER), state=STATE)
        self.assertIn("(active)", r.text)
        self.assertIn("48 h → 24 h, WEAKER", r.text)

    def test_a_protocol_means_its_newest_draft_against_the_active_version(self):
        state = kit.copy(STATE)
        self.code(3, "protocol", "diff", "mesotherapy", state=state)
        self.code(0, "protocol", "import", "--actor", "ann", write(SHORTER), state=state)
        r = self.code(1, "protocol", "diff", "mesotherapy", state=state)
        self.assertIn("(draft)", r.text)
        self.assertIn("48 h → 24 h, WEAKER", r.text)

    def test_a_version_by_the_beginning_of_its_hash(self):
        version = run("protocol", "list", "--json", state=STATE).json["protocols"][0]["version"]
        self.code(0, "protocol", "diff", version[:10], kit.DEMO, state=STATE)

    def test_errors_are_more_than_1(self):
        self.code(3, "protocol", "diff", "/nowhere/a.xml", kit.DEMO)
        self.code(3, "protocol", "diff", "nothing", state=STATE)
        self.code(5, "protocol", "diff", write("<protocol/>"), kit.DEMO)
        self.code(2, "protocol", "diff")

    def test_has_colours_on_a_terminal_only_and_never_with_NO_COLOR(self):
        path = write(SHORTER)
        code, out = on_a_terminal("protocol", "diff", kit.DEMO, path)
        self.assertEqual(code, 1)
        self.assertIn(b"\033[1;31mWEAKER\033[0m", out)
        code, out = on_a_terminal("protocol", "diff", kit.DEMO, path, NO_COLOR="1")
        self.assertEqual(code, 1)
        self.assertNotIn(b"\033[1;31m", out)


class Fmt(Case):
    def test_prints_and_is_its_own_result(self):
        once = self.code(0, "protocol", "fmt", kit.DEMO)
        again = self.code(0, "protocol", "fmt", write(once.text))
        self.assertEqual(once.text, again.text)
        self.assertIn("<!-- CPT 17999 is an unlisted procedure", once.text)

    def test_check_names_what_would_change(self):
        good = write(self.code(0, "protocol", "fmt", kit.DEMO).text)
        bad = write(kit.read(kit.DEMO).replace("\n  <", "\n<"))
        self.code(0, "protocol", "fmt", "--check", good)
        r = self.code(1, "protocol", "fmt", "--check", good, bad)
        self.assertEqual(r.text, bad + "\n")

    def test_write_keeps_meaning_and_mode(self):
        path = write(kit.read(kit.DEMO).replace("\n  <", "\n<"))
        os.chmod(path, 0o640)
        self.code(0, "protocol", "fmt", "--write", path)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o640)
        self.code(0, "protocol", "fmt", "--check", path)
        self.code(0, "protocol", "diff", kit.DEMO, path)

    def test_what_does_not_load_stays_as_it_is(self):
        path = write("<protocol/>")
        self.code(5, "protocol", "fmt", "--write", path)
        self.assertEqual(kit.read(path), "<protocol/>")

    def test_takes_one_of_check_and_write(self):
        self.code(2, "protocol", "fmt", "--check", "--write", kit.DEMO)


kit.main()
