"""protocol translate: out to a translator and back. See kit.py."""
import os
import re

import kit
from kit import Case, run

FULL = kit.SOURCE + "/tests/good/protocol/full.xml"


def write(name, text):
    path = kit.folder(name)
    with open(path, "w", newline="") as f:
        f.write(text)
    return path


def finish(xliff, word="X "):
    """What a translator does: a target behind each source that has none."""
    return re.sub(r"<source>(.*?)</source>(?!<target)", lambda m: m.group(0) + "<target>%s%s</target>" % (word, m.group(1)),
                  xliff)


class Files(Case):
    def test_lists_by_state_and_line(self):
        r = self.code(0, "protocol", "translate", "--language", "de-AT", FULL)
        self.assertRegex(r.text, r"missing +\d+ +goal/text +Heal\.")
        self.assertIn("stale", r.talk)

    def test_json_counts(self):
        r = self.code(0, "protocol", "translate", "--json", "--language", "fr", FULL).json
        self.assertEqual((r["missing"], r["stale"]), (len(r["texts"]), 0))

    def test_there_and_back_leaves_every_other_line_as_it_was(self):
        out = kit.folder("full.fr.xlf")
        self.code(0, "protocol", "translate", "--language", "fr", "--out", out, FULL)
        back = write("done.xlf", finish(kit.read(out)))
        r = self.code(0, "protocol", "translate", "-q", "--language", "fr", "--from", back, FULL)
        added = [x for x in r.text.splitlines() if 'xml:lang="fr"' in x]
        same = re.sub(r'<([a-z]+)( concept="[^"]*")? xml:lang="fr"[^>]*>.*?</\1>', "", r.text)
        self.assertEqual([x for x in same.splitlines() if x.strip()], [x for x in kit.read(FULL).splitlines() if x.strip()])
        self.assertTrue(added and not any("signed" in x[x.index('xml:lang="fr"'):] for x in added))

    def test_write_changes_the_file_in_place_and_lint_wants_a_signature(self):
        path = write("peel.xml", kit.read(kit.PEEL))
        out = self.code(0, "protocol", "translate", "--language", "fr", "--out", "-", path).text
        self.code(0, "protocol", "translate", "--language", "fr", "--from", write("d.xlf", finish(out)), "--write", path)
        r = self.code(0, "protocol", "translate", "--json", "--language", "fr", path).json
        self.assertEqual((r["missing"], r["stale"]), (0, 0))
        self.assertTrue(r["unsigned"] > 0)
        self.assertIn("LINT-TRANSLATION-UNSIGNED", run("protocol", "lint", path).text)

    def test_a_file_that_a_translator_may_work_on_is_not_overwritten(self):
        path = write("x.xlf", "work")
        r = self.code(4, "protocol", "translate", "--language", "fr", "--out", path, FULL)
        self.assertIn("TRN-EXISTS", r.talk)
        self.assertEqual(kit.read(path), "work")

    def test_words_that_changed_meanwhile_are_left_out_and_said(self):
        xliff = finish(self.code(0, "protocol", "translate", "--language", "fr", "--out", "-", FULL).text)
        now = write("now.xml", kit.read(FULL).replace(">Heal.<", ">Heal well.<"))
        r = self.code(9, "protocol", "translate", "--language", "fr", "--from", write("d.xlf", xliff), now)
        self.assertIn("goal/text: not taken", r.talk)
        self.assertNotIn("X Heal.", r.text)

    def test_hostile_files_are_refused_by_rule(self):
        xliff = self.code(0, "protocol", "translate", "--language", "fr", "--out", "-", FULL).text
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        for text, rule in ((xliff.replace("<xliff", bomb + "<xliff"), "XLF-DOCTYPE"), (xliff[:200], "XLF-XML"),
                           (xliff.replace('id="goal/text"', 'id="../../etc"'), "XLF-UNIT"),
                           (xliff.replace("goal-2/text", "goal/text"), "XLF-DOUBLE"),
                           (xliff.replace('version="1.2"', 'version="2.0"'), "XLF-ROOT"),
                           (xliff.replace('original="full"', 'original="other"'), "XLF-FILE"),
                           (finish(xliff, "x" * 9000), "XLF-LIMIT")):
            r = self.code(5, "protocol", "translate", "--language", "fr", "--from", write("bad.xlf", text), FULL)
            self.assertIn(rule, r.talk)
        r = self.code(5, "protocol", "translate", "--language", "de", "--from", write("bad.xlf", xliff), FULL)
        self.assertIn("XLF-LANG", r.talk)

    def test_usage(self):
        self.code(2, "protocol", "translate", FULL)
        self.code(2, "protocol", "translate", "--language", "fr", "--out", "a", "--from", "b", FULL)
        self.code(2, "protocol", "translate", "--language", "fr", "--write", FULL)
        self.assertIn("TRN-LANG", self.code(5, "protocol", "translate", "--language", "en", FULL).talk)


class Stored(Case):
    def setUp(self):
        self.state = kit.installation(kit.PEEL)

    def test_becomes_a_new_draft_and_the_version_in_force_stays(self):
        out = kit.folder("peel.xlf")
        self.code(0, "protocol", "translate", "--language", "fr", "--out", out, "chemical-peel", state=self.state)
        done = write("done.xlf", finish(kit.read(out)))
        before = run("protocol", "list", "--json", state=self.state).json["protocols"]
        self.code(0, "protocol", "translate", "--dry-run", "--language", "fr", "--from", done, "chemical-peel", state=self.state)
        self.assertEqual(run("protocol", "list", "--json", state=self.state).json["protocols"], before)
        r = self.code(0, "protocol", "translate", "--json", "--actor", "cyd", "--language", "fr", "--from", done, "chemical-peel",
                      state=self.state).json
        rows = {p["version"]: p["state"] for p in run("protocol", "list", "--json", state=self.state).json["protocols"]}
        self.assertEqual(rows, {before[0]["version"]: "active", r["version"]: "draft"})
        left = self.code(0, "protocol", "translate", "--json", "--language", "fr", "chemical-peel", state=self.state).json
        self.assertEqual(left["missing"], 0, "the draft is what is looked at next")
        self.assertTrue(os.path.exists(out))


if __name__ == "__main__":
    kit.main()
