"""The sheet that was given out, and its PDF: the bytes that are kept, on the command line and in an export. See kit.py."""
import json
import os
import stat

import kit
from kit import Case, run
from terminal import Terminal

STATE = kit.installation(kit.DEMO)
kit.fill(STATE, 0, 2)


def plan(state=STATE):
    return run("plan", "list", "--json", state=state).json["plans"][0]["id"]


class Handout(Case):
    def test_is_the_sheet_as_it_was_given(self):
        told = self.code(0, "plan", "handout", "--json", plan(), state=STATE).json
        html = self.code(0, "plan", "handout", plan(), state=STATE).out
        self.assertEqual((told["sheet"], told["as"], told["sha256"]), (1, "html", kit.sha256(html)))
        self.assertIn(b"<main class=\"sheet\">", html)

    def test_as_pdf_is_the_same_file_each_time(self):
        state = kit.copy(STATE)
        first, second = kit.folder("a.pdf"), kit.folder("b.pdf")
        told = self.code(0, "plan", "handout", "--pdf", "--json", "--out", first, plan(), state=state).json
        self.code(0, "plan", "handout", "--pdf", "--out", second, plan(), state=state)
        with open(first, "rb") as f, open(second, "rb") as g:
            data = f.read()
            self.assertEqual(data, g.read())
        self.assertEqual((data[:5], kit.sha256(data), len(data)), (b"%PDF-", told["sha256"], told["size"]))
        self.assertEqual(stat.S_IMODE(os.stat(first).st_mode), 0o600)
        self.code(0, "audit", "verify", state=state)

    def test_goes_into_a_pipe_as_it_is(self):
        state = kit.copy(STATE)
        path = kit.folder("a.pdf")
        self.code(0, "plan", "handout", "--pdf", "--large", "--out", path, plan(), state=state)
        with open(path, "rb") as f:
            self.assertEqual(self.code(0, "plan", "handout", "--pdf", "--large", plan(), state=state).out, f.read())

    def test_each_one_is_a_print_in_the_log(self):
        state = kit.copy(STATE)
        for args, kind in ((), "handout"), (("--pdf",), "handout-pdf"), (("--pdf",), "handout-pdf"), (("--pdf", "--large"), "handout-pdf-large"):
            before = len(kit.leaves(state, "print"))
            self.code(0, "plan", "handout", *args, plan(), state=state)
            prints = kit.leaves(state, "print")
            self.assertEqual((len(prints), prints[-1]["kind"]), (before + 1, kind))

    def test_a_file_that_is_there_stays(self):
        path = kit.folder("mine.pdf")
        with open(path, "w") as f:
            f.write("mine")
        r = self.code(4, "plan", "handout", "--pdf", "--json", "--out", path, plan(), state=STATE)
        self.assertEqual(r.error["rule"], "OUT-EXISTS")
        self.assertEqual(kit.read(path), "mine")

    def test_a_sheet_that_was_not_given_is_not_found(self):
        self.assertEqual(self.code(3, "plan", "handout", "--json", "--version", "7", plan(), state=STATE).error["rule"], "ISSUE-UNKNOWN")

    def test_a_pdf_is_nothing_for_json_and_large_nothing_for_html(self):
        self.code(2, "plan", "handout", "--pdf", "--json", plan(), state=STATE)
        self.code(2, "plan", "handout", "--large", plan(), state=STATE)

    def test_a_pdf_is_nothing_for_a_terminal(self):
        t = Terminal("plan", "handout", "--pdf", plan(), AFTERCARE_STATE=STATE)
        t.end()
        self.assertEqual(t.code, 2)


class Export(Case):
    def test_holds_each_pdf_that_was_given_out_and_none_that_was_not(self):
        state = kit.copy(STATE)
        given = {}
        for name, args in ("1.pdf", ()), ("1-large.pdf", ("--large",)):
            given[name] = self.code(0, "plan", "handout", "--pdf", *args, plan(state), state=state).out
        out = kit.folder("export")
        told = self.code(0, "export", "cda", "--all", "--json", "--out", out, state=state).json
        with open(out + "/manifest.json") as f:
            m = json.load(f)
        pdfs = {os.path.basename(e["file"]): e for e in m["entries"] if e["kind"] == "sheet-pdf"}
        self.assertEqual((told["pdfs"], m["counts"]["pdfs"], sorted(pdfs)), (2, 2, ["1-large.pdf", "1.pdf"]))
        sums = kit.read(out + "/SHA256SUMS")
        for name, e in pdfs.items():
            with open(out + "/" + e["file"], "rb") as f:
                self.assertEqual(f.read(), given[name])
            self.assertEqual((e["sha256"], e["plan"], e["sheet"]), (kit.sha256(given[name]), plan(state), 1))
            self.assertEqual(e["print"], "large" if "large" in name else "normal")
            self.assertIn(e["sha256"] + "  " + e["file"], sums)

    def test_of_another_patient_holds_none(self):
        state = kit.copy(STATE)
        of = run("plan", "list", "--json", state=state).json["plans"]
        self.code(0, "plan", "handout", "--pdf", of[0]["id"], state=state)
        out = kit.folder("export")
        self.assertEqual(self.code(0, "export", "cda", "--patient", of[1]["patient"], "--json", "--out", out, state=state).json["pdfs"], 0)


if __name__ == "__main__":
    kit.main()
