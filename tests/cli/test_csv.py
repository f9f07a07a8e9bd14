"""--csv of the lists: RFC 4180, the names and values of --json, and nothing that a spreadsheet would compute. See kit.py, fcgi.py."""
import csv
import io
import subprocess

import kit
from fcgi import Plugin
from kit import Case, run
from terminal import Terminal

MANY = 1100  # more than one page
LARGE = kit.installation(kit.DEMO)
kit.fill(LARGE, 0, MANY)
MINDED = "=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20"
BORDERS = ',;|"\t\r\n'
BLANKS = " \u00a0"
VECTORS = ["=1+1", "+49 30 5550100", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.invalid";"x")', "'=1", "''", "'quoted'",
           " =1+1", "\u00a0=1+1", '"=1+1"', '";=1+1', "x;=1+1", "x,=1+1", "x|@y", 'x";"=1+1', "; - x", "\uff1d1+1", "\uff20SUM", "O'Brien",
           "10-20", "a=b", "\u0645\u0631\u0643\u0632", "診療所", "\U0001f9d6", " blanks ", 'say "no"', "x"]
LISTS = [("plan list", "plans"), ("task list", "tasks"), ("event list", "events"), ("delivery list --all", "deliveries"), ("protocol list", "protocols")]


def begins(text):
    """Each character, and whether some program could begin a cell with it."""
    at = True
    for ch in text:
        yield ch, at
        at = ch in BORDERS or (at and ch in BLANKS)


def is_harmless(text):
    return all(ch == "'" or ch not in MINDED for ch, at in begins(text) if at)


def words(text):
    """As the manual says: an apostrophe taken away where a cell could begin."""
    out, at, i = "", True, 0
    while i < len(text):
        if at and text[i] == "'":
            i += 1
        out += text[i]
        at = text[i] in BORDERS or (at and text[i] in BLANKS)
        i += 1
    return out


def rows(data):
    """The header and the rows; it is read strictly, and every line has as many cells."""
    text = data.decode()
    assert text.endswith("\r\n") and text[0] != "\ufeff", text[:80]
    head, *more = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert all(len(r) == len(head) for r in more), [len(r) for r in more]
    return head, [dict(zip(head, r)) for r in more]


def cell(value):
    return {None: "", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else str(value)


class Csv(Case):
    def same(self, state, verb, member):
        """CSV and JSON say the same under the same names; the CSV's rows."""
        head, table = rows(self.code(0, *verb.split(), "--csv", state=state).out)
        listed = self.code(0, *verb.split(), "--json", state=state).json[member]
        self.assertEqual(len(table), len(listed), verb)
        for t, j in zip(table, listed):
            self.assertLessEqual(set(j), set(head), verb)
            self.assertEqual({k: words(v) for k, v in t.items()}, {k: cell(j.get(k)) for k in head}, verb)
            for v in t.values():
                self.assertTrue(is_harmless(v), (verb, v))
        return table

    def test_says_what_json_says_under_the_same_names(self):
        state = kit.installation(kit.DEMO)
        kit.fill(state, 0, 4)
        for verb, member in LISTS:
            self.assertTrue(self.same(state, verb, member), verb)

    def test_an_empty_list_has_its_header(self):
        state = kit.installation()
        for verb, _ in LISTS:
            head, table = rows(self.code(0, *verb.split(), "--csv", state=state).out)
            self.assertTrue(head)
            self.assertEqual(table, [], verb)

    def test_has_all_rows_and_not_the_first_page(self):
        state, db = LARGE, kit.database(LARGE)
        for verb, table in (("plan list", "plan"), ("event list", "encounter"), ("task list", "task"), ("delivery list --all", "delivery")):
            r = self.code(0, *verb.split(), "--csv", state=state)
            got = [tuple(x.items()) for x in rows(r.out)[1]]
            self.assertEqual((len(got), len(set(got))), (db.execute("SELECT count(*) FROM " + table).fetchone()[0],) * 2, verb)
            self.assertEqual(r.err, b"")
        openly = rows(self.code(0, "task", "list", "--open", "--csv", state=state).out)[1]
        self.assertEqual(openly, sorted(openly, key=lambda t: t["due"]))
        self.assertGreater(len(openly), 1000)
        last = run("plan", "list", "--json", state=state).json["plans"][99]["id"]
        _, behind = rows(self.code(0, "plan", "list", "--csv", "--after", last, state=state).out)
        self.assertEqual(len(behind), MANY - 100)
        db.close()

    def test_no_text_that_somebody_feeds_is_computed(self):
        state = kit.installation(kit.PEEL)
        with Plugin(state) as plugin:
            for i, v in enumerate(VECTORS):
                self.feed(plugin, i, v)
        for verb, member in LISTS:
            self.same(state, verb, member)
        patients = [words(e["patient"]) for e in rows(self.code(0, "event", "list", "--csv", state=state).out)[1]]
        self.assertEqual(sorted(patients), sorted(2 * VECTORS))
        head, table = rows(self.code(0, "protocol", "coverage", "--csv", state=state).out)
        self.assertTrue(all(is_harmless(v) for t in table for v in t.values()))
        self.assertLessEqual(set(VECTORS) - {" blanks "}, {words(t["code"]) for t in table})
        self.assertEqual([t["protocol"] for t in table if t["protocol"]], ["chemical-peel"])

    def feed(self, plugin, i, text):
        """One visit that gets a plan and one that gets none, the text wherever a chart can bring one."""
        for n, system, code in ((i, "LOCAL", "PEEL"), (1000 + i, text, text)):
            body = {"schema": "aftercare/encounter/1", "source": {"system": "test", "site": "default"},
                    "encounter": {"id": "v%d" % n, "revision": 1, "status": "finished", "start": "2026-03-28T10:00:00+01:00",
                                  "end": "2026-03-28T10:40:00+01:00", "zone": "Europe/Berlin", "category": text, "reason": text},
                    "patient": {"id": text, "family": text, "given": [text]},
                    "procedures": [{"id": "b1", "system": system, "code": code, "text": text, "status": "performed",
                                    "performed": "2026-03-28T10:35:00+01:00"}]}
            status, answer = plugin.ask("PUT", "/aftercare/v1/encounters/default/v%d" % n, body)
            self.assertIn(status, (200, 201), (text, answer))

    def test_nor_what_an_administrator_typed(self):
        for text in ("=1+1", "@SUM(1)", "x;=1+1", '-1"', "'=1"):
            state = kit.installation(kit.PEEL)
            draft = kit.folder("draft.xml")
            with open(draft, "w") as f:
                f.write(kit.read(kit.PEEL).replace('<window until="48 h"/>', '<window until="36 h"/>'))
            self.code(0, "protocol", "import", "--actor", text, "--reason", text, draft, state=state)
            self.assertIn(text, [words(r["author"]) for r in self.same(state, "protocol list", "protocols")])
            with Plugin(state) as plugin:
                plugin.visit(1)
            self.code(0, "plan", "recall", "--actor", "bob", "--confirm", "chemical-peel", "--protocol", "chemical-peel", "--version", "v1",
                      "--reason", text, state=state)
            head, (row,) = rows(self.code(0, "plan", "recall", "--status", "--csv", state=state).out)
            (recall,) = run("plan", "recall", "--status", "--json", state=state).json["recalls"]
            self.assertTrue(is_harmless(row["reason"]))
            self.assertEqual((words(row["reason"]), row["recall"], row["closed"]), (text, "1", "false"))
            plan = recall["plans"][0]
            self.assertLessEqual(set(plan), set(head))
            self.assertEqual([row[k] for k in plan], [cell(v) for v in plan.values()])

    def test_of_the_vectors_every_bare_one_would_be_computed(self):
        """The check above is one: without the writer's mark it fails."""
        self.assertFalse(any(is_harmless(v) for v in VECTORS[:5] + VECTORS[9:20]))
        for v in VECTORS:
            marked = "".join(("'" if at and ch in MINDED else "") + ch for ch, at in begins(v))
            self.assertEqual(words(marked), v)

    def test_with_json_is_one_too_many(self):
        state = kit.installation()
        self.assertIn("not both", self.code(2, "plan", "list", "--csv", "--json", state=state).error["message"])
        self.assertIn("--status", self.code(2, "plan", "recall", "--csv", state=state).talk)

    def test_on_a_terminal_it_turns_no_text_around(self):
        state = kit.installation(kit.PEEL)
        with Plugin(state) as plugin:
            self.feed(plugin, 1, "x\u202ey")
        self.assertIn("x\u202ey", self.code(0, "event", "list", "--csv", state=state).text)
        t = Terminal("event", "list", "--csv", "--state", state)
        self.assertEqual(t.end(), 0)
        self.assertIn("x<U+202E>y", t.text)
        self.assertNotIn("\u202e", t.text)

    def test_a_closed_pipe_ends_it(self):
        p = subprocess.Popen([kit.BIN, "task", "list", "--csv", "--state", LARGE], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        p.stdout.readline()
        p.stdout.close()
        self.assertEqual((p.wait(60), p.stderr.read()), (1, b""))
        p.stderr.close()


if __name__ == "__main__":
    kit.main()
