"""Editing a protocol on a terminal: error, fix, save; two editors at once; crashes, Ctrl-C, conflicts. See terminal.py."""
import glob
import os
import signal
import stat
import subprocess
import time
import unittest

import kit
from kit import Case, run
from terminal import Editor, Terminal, replace

SOONER = replace('<window until="48 h"/>', '<window until="36 h"/>')
BROKEN = replace("</protocol>", "</protocl>")
FIXED = replace("</protocl>", "</protocol>")
SAVE = "Save as a new draft?"


class Edit(Case):
    def setUp(self):
        self.state = kit.installation(kit.PEEL)

    def edit(self, editor, *args, actor="ann", **env):
        return Terminal("protocol", "edit", "--state", self.state, "--actor", actor, *(args or ("chemical-peel",)),
                        EDITOR=editor.path, **env)

    def drafts(self):
        rows = run("protocol", "list", "--json", state=self.state).json["protocols"]
        return [r for r in rows if r["state"] == "draft"]

    def kept(self):
        return glob.glob(self.state + "/edit/*/*.xml")

    def test_what_is_saved_is_a_new_draft_of_the_author(self):
        t = self.edit(Editor(SOONER), "--reason", "the sauna is cool", "chemical-peel", actor="cara", NO_COLOR="1")
        t.expect("no-sauna").expect("until 48 h").expect("36 h, WEAKER").expect(SAVE)
        t.type("y\n").expect("is a new draft of yours")
        self.assertEqual(t.end(), 0)
        (draft,) = self.drafts()
        self.assertEqual(draft["author"], "cara")
        self.assertIn('until="36 h"', run("protocol", "show", draft["version"], state=self.state).text)
        self.assertEqual(self.kept(), [])
        self.assertIn("the sauna is cool", run("protocol", "history", "chemical-peel", state=self.state).text)

    def test_unchanged_means_no_new_version(self):
        t = self.edit(Editor("true"))
        t.expect("no change")
        self.assertEqual((t.end(), self.drafts(), self.kept()), (0, [], []))

    def test_emptied_means_no_new_version(self):
        t = self.edit(Editor(': >"$FILE"'))
        self.assertEqual((t.end(), self.drafts()), (0, []))

    def test_the_folders_and_the_file_are_private(self):
        e = Editor('stat -c "%a" "$FILE" "$(dirname "$FILE")" "$(dirname "$(dirname "$FILE")")" >modes')
        self.assertEqual(self.edit(e).end(), 0)
        self.assertEqual(kit.read(e.dir + "/modes").split(), ["600", "700", "700"])

    def test_an_error_comes_back_at_its_line_as_a_remark_that_is_gone_when_it_is_fixed(self):
        e = Editor(BROKEN, 'cp "$FILE" seen2; ' + FIXED + "; " + SOONER)
        t = self.edit(e)
        t.expect(SAVE).type("y\n")
        self.assertEqual(t.end(), 0)
        lines = e.keep(2).splitlines()
        at = int(e.starts[1].split()[0].lstrip("+"))
        self.assertIn("<!-- aftercare: line ", lines[at - 1])
        self.assertIn("PRT-001", lines[at - 1])
        self.assertIn("</protocl>", lines[at])
        self.assertNotIn("aftercare: line", run("protocol", "show", self.drafts()[0]["version"], state=self.state).text)

    def test_an_error_that_stays_ends_with_5_and_keeps_the_text(self):
        t = self.edit(Editor(BROKEN, "true"))
        t.expect("PRT-001").expect("your text is kept in ")
        self.assertEqual(t.end(), 5)
        self.assertIn("</protocl>", kit.read(self.kept()[0]))

    def test_lint_errors_come_back_as_remarks_too_and_may_be_saved_as_a_draft(self):
        e = Editor(replace('concept="skin-healing" signed="dr.demo 2026-03-01">', 'concept="skin-healing" when="fact/area = .nose." signed="dr.demo 2026-03-01">').replace(
            ".nose.", '\\&apos;nose\\&apos;'), 'cp "$FILE" seen2')
        t = self.edit(e)
        t.expect("error(s)").expect(SAVE).type("y\n")
        self.assertEqual(t.end(), 0)
        self.assertIn("(LINT-VALUE) -->", e.keep(2))

    def test_edit_again_and_discard(self):
        t = self.edit(Editor(SOONER, replace("36 h", "24 h")))
        t.expect(SAVE).type("what\n").expect(SAVE).type("e\n").expect(SAVE).type("d\n").expect("discarded")
        self.assertEqual((t.end(), self.drafts(), self.kept()), (0, [], []))

    def test_another_id_is_another_protocol(self):
        t = self.edit(Editor(replace('id="chemical-peel"', 'id="other"'), "true"))
        t.expect("EDIT-ID")
        self.assertEqual(t.end(), 5)

    def test_a_second_editor_is_told_who_has_it(self):
        first = self.edit(Editor("echo ready; exec sleep 300"))
        first.expect("ready")
        second = run("protocol", "edit", "--actor", "bob", "chemical-peel", state=self.state,
                     env={"EDITOR": Editor("true").path})
        self.assertEqual(second.code, 8)
        self.assertRegex(second.talk, r"ann \(process \d+, since 20.*\) has it open for editing \(EDIT-LOCKED\)")
        first.type("\x03")
        self.assertEqual(first.end(), 130)

    def test_a_crash_of_the_editor_keeps_the_text_and_a_later_edit_goes_on(self):
        t = self.edit(Editor(SOONER + "; kill -SEGV $$"))
        t.expect("signal 11").expect("your text is kept in ")
        self.assertEqual(t.end(), 1)
        again = self.edit(Editor("grep -c 36 \"$FILE\" >found"))
        again.expect("Your unsaved text of").type("y\n").expect(SAVE).type("y\n")
        self.assertEqual(again.end(), 0)
        self.assertEqual(len(self.drafts()), 1)

    def test_ctrl_c_in_the_editor_keeps_the_text(self):
        t = self.edit(Editor(SOONER + "; echo ready; exec sleep 30"))
        t.expect("ready").type("\x03").expect("your text is kept in ")
        self.assertEqual(t.end(), 130)
        self.assertIn('until="36 h"', kit.read(self.kept()[0]))

    def test_ctrl_c_at_the_question_keeps_the_text(self):
        t = self.edit(Editor(SOONER))
        t.expect(SAVE).type("\x03").expect("your text is kept in ")
        self.assertEqual((t.end(), self.drafts()), (130, []))
        self.assertIn('until="36 h"', kit.read(self.kept()[0]))

    def test_ctrl_d_at_the_question_saves_nothing_and_keeps_the_text(self):
        t = self.edit(Editor(SOONER))
        t.expect(SAVE).type("\x04").expect("your text is kept in ")
        self.assertEqual((t.end(), self.drafts(), len(self.kept())), (1, [], 1))

    def test_a_killed_command_leaves_the_text(self):
        t = self.edit(Editor(SOONER + "; echo ready; exec sleep 5"))
        t.expect("ready")
        os.kill(t.pid, 9)
        self.assertEqual(t.end(), -9)
        self.assertEqual(len(self.kept()), 1)

    def test_an_editor_that_outlives_its_command_keeps_the_lock(self):
        e = Editor("trap '' HUP; " + SOONER + "; echo ready; until [ -e go ]; do sleep 0.1; done")
        t = self.edit(e)
        t.expect("ready")
        os.kill(t.pid, 9)
        self.assertEqual(t.end(), -9)
        second = ("protocol", "edit", "--actor", "bob", "--no-input", "chemical-peel")
        r = self.code(8, *second, state=self.state, env={"EDITOR": Editor("true").path})
        self.assertRegex(r.talk, r"ann \(process \d+, since 20")
        holder = int(r.talk.split("(process ")[1].split(",")[0])
        self.assertIn(e.path, kit.read("/proc/%d/cmdline" % holder))
        open(e.dir + "/go", "w").close()
        end = time.time() + 60
        while run(*second, state=self.state, env={"EDITOR": Editor("true").path}).code == 8 and time.time() < end:
            time.sleep(0.1)
        again = self.edit(Editor("true"))
        again.expect("Your unsaved text of").type("y\n").expect(SAVE).type("y\n")
        self.assertEqual((again.end(), len(self.drafts())), (0, 1))

    def hang_up(self, t):
        os.close(t.fd)
        end = time.time() + 60
        while (ended := os.waitpid(t.pid, os.WNOHANG))[0] == 0 and time.time() < end:
            time.sleep(0.05)
        self.assertNotEqual(ended[0], 0, "it does not end")
        return os.waitstatus_to_exitcode(ended[1])

    def test_a_terminal_that_closes_at_the_question_is_no_yes(self):
        t = self.edit(Editor(SOONER))
        t.expect(SAVE)
        self.assertEqual((self.hang_up(t), self.drafts()), (130, []))
        self.assertIn('until="36 h"', kit.read(self.kept()[0]))

    def test_nor_where_that_signal_is_ignored(self):
        was = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        t = self.edit(Editor(SOONER))
        signal.signal(signal.SIGHUP, was)
        t.expect(SAVE)
        self.assertEqual((self.hang_up(t), self.drafts()), (130, []))
        self.assertIn('until="36 h"', kit.read(self.kept()[0]))

    def test_a_terminal_that_closes_on_the_editor_keeps_the_text(self):
        t = self.edit(Editor(SOONER + "; echo ready; exec sleep 300"))
        t.expect("ready")
        self.assertEqual((self.hang_up(t), self.drafts()), (130, []))
        self.assertIn('until="36 h"', kit.read(self.kept()[0]))

    def test_asked_to_end_at_the_question_it_says_where_the_text_is(self):
        for sig in (signal.SIGTERM, signal.SIGQUIT):
            t = self.edit(Editor(SOONER))
            if sig == signal.SIGQUIT:
                t.expect("Your unsaved text").type("y\n")
            t.expect(SAVE)
            os.kill(t.pid, sig)
            t.expect("your text is kept in ")
            self.assertEqual((t.end(), self.drafts()), (130, []))

    def test_asked_to_end_while_the_editor_runs_it_leaves_it_the_lock(self):
        t = self.edit(Editor("trap '' HUP; " + SOONER + "; echo ready; exec sleep 300"))
        t.expect("ready")
        os.kill(t.pid, signal.SIGTERM)
        t.expect("your text is kept in ")
        self.assertEqual((t.end(), self.drafts()), (130, []))
        r = self.code(8, "protocol", "edit", "--actor", "bob", "chemical-peel", state=self.state, env={"EDITOR": Editor("true").path})
        os.kill(int(r.talk.split("(process ")[1].split(",")[0]), signal.SIGKILL)
        self.assertIn('until="36 h"', kit.read(self.kept()[0]))

    def test_ctrl_c_that_the_editor_takes_is_the_editor_s(self):
        e = Editor("trap 'echo mine' INT; echo ready; until [ -e go ]; do sleep 0.1; done; " + SOONER)
        t = self.edit(e)
        t.expect("ready").type("\x03").expect("mine")
        open(e.dir + "/go", "w").close()
        t.expect(SAVE).type("y\n")
        self.assertEqual((t.end(), len(self.drafts())), (0, 1))

    def test_to_begin_anew_keeps_the_former_text_beside(self):
        t = self.edit(Editor(SOONER + "; exit 3"))
        t.expect("the editor ended with 3")
        self.assertEqual(t.end(), 1)
        again = self.edit(Editor("true"))
        again.expect("Your unsaved text").type("n\n").expect("the former text is kept in ").expect("no change")
        self.assertEqual(again.end(), 0)
        self.assertIn('until="36 h"', kit.read(self.kept()[0]))

    def test_without_a_person_a_kept_text_is_a_conflict(self):
        self.assertEqual(self.edit(Editor(SOONER + "; exit 3")).end(), 1)
        r = self.code(4, "protocol", "edit", "--actor", "ann", "--no-input", "chemical-peel", state=self.state,
                      env={"EDITOR": Editor("true").path})
        self.assertIn("EDIT-KEPT", r.talk)

    def test_a_version_published_meanwhile_is_a_conflict_and_keeps_the_text(self):
        t = self.edit(Editor(SOONER))
        t.expect(SAVE)
        other = kit.folder("other.xml")
        with open(other, "w") as f:
            f.write(kit.read(kit.PEEL).replace('until="14 d"', 'until="15 d"').replace('signed="dr.demo ', 'signed="dr.other '))
        r = self.code(0, "protocol", "import", "--json", "--actor", "cara", other, state=self.state)
        self.code(0, "protocol", "publish", "--actor", "bob", "--confirm", "chemical-peel", r.json["version"], state=self.state)
        t.type("y\n").expect("EDIT-MOVED").expect("your text is kept in ")
        self.assertEqual(t.end(), 4)
        self.assertIn('until="36 h"', kit.read(self.kept()[0]))

    def test_scripts_edit_without_a_terminal(self):
        e = {"EDITOR": Editor(SOONER).path}
        r = self.code(0, "protocol", "edit", "--actor", "ann", "--no-input", "--json", "chemical-peel", state=self.state, env=e)
        self.assertEqual((r.json["changed"], r.json["protocol"]), (True, "chemical-peel"))
        self.assertEqual(self.drafts()[0]["version"], r.json["version"])

    def test_a_script_s_error_is_not_edited_again(self):
        e = Editor(BROKEN, "echo never >again")
        r = self.code(5, "protocol", "edit", "--actor", "ann", "--no-input", "chemical-peel", state=self.state,
                      env={"EDITOR": e.path})
        self.assertIn("PRT-001", r.talk)
        self.assertEqual(len(e.starts), 1)

    def test_a_dry_run_saves_nothing(self):
        r = self.code(0, "protocol", "edit", "--actor", "ann", "--no-input", "--dry-run", "chemical-peel", state=self.state,
                      env={"EDITOR": Editor(SOONER).path})
        self.assertIn("would be a new draft", r.text)
        self.assertEqual(self.drafts(), [])

    def test_the_editor_is_split_at_blanks_and_nothing_is_expanded(self):
        e = Editor("true")
        r = self.code(0, "protocol", "edit", "--actor", "ann", "--no-input", "chemical-peel", state=self.state,
                      env={"VISUAL": e.path + " -x  $(touch /tmp/never) ;reboot", "EDITOR": "/nonexistent"})
        self.assertRegex(e.starts[0], r"^-x \$\(touch /tmp/never\) ;reboot /")

    def test_an_editor_that_is_not_there_is_said(self):
        r = self.code(1, "protocol", "edit", "--actor", "ann", "chemical-peel", state=self.state, env={"EDITOR": "/nonexistent/vi"})
        self.assertIn("the editor does not start", r.talk)

    def test_without_an_editor_and_without_a_terminal_nobody_waits_for_vi(self):
        r = self.code(1, "protocol", "edit", "--actor", "ann", "chemical-peel", state=self.state, env={"EDITOR": "", "VISUAL": ""})
        self.assertIn("no editor is named (VISUAL, EDITOR)", r.talk)

    def test_a_file_becomes_a_draft_and_stays_as_it_is(self):
        path = kit.folder("mine.xml")
        with open(path, "w") as f:
            f.write(kit.read(kit.DEMO))
        t = self.edit(Editor(replace('owner="', 'owner="new-')), path)
        t.expect(SAVE).type("y\n")
        self.assertEqual(t.end(), 0)
        self.assertEqual([d["protocol"] for d in self.drafts()], ["mesotherapy"])
        self.assertEqual(kit.read(path), kit.read(kit.DEMO))

    def test_of_an_unknown_protocol_is_not_found(self):
        self.code(3, "protocol", "edit", "nothing", state=self.state)

    def test_a_newer_draft_is_edited_rather_than_the_active_version(self):
        self.assertEqual(self.edit(Editor(SOONER), "--no-input", "chemical-peel").end(), 0)
        e = Editor('cp "$FILE" seen1')
        t = self.edit(e, actor="bob")
        t.expect("from the draft").expect("of ann")
        self.assertEqual(t.end(), 0)
        self.assertIn('until="36 h"', e.keep(1))


class New(Case):
    def setUp(self):
        self.state = kit.installation()

    def test_a_new_protocol_is_a_draft_with_open_decisions_and_no_errors(self):
        self.code(0, "protocol", "new", "--actor", "ann", "peel-two", state=self.state)
        path = kit.folder("p.xml")
        with open(path, "wb") as f:
            f.write(run("protocol", "new", "--dry-run", "--actor", "ann", "peel-three", state=self.state).out)
        r = self.code(5, "protocol", "lint", "--json", path)
        levels = [x["level"] for x in r.json["findings"]]
        self.assertNotIn("error", levels)
        self.assertGreater(levels.count("decide"), 12)

    def test_its_name_is_an_id(self):
        self.assertIn("PRT-013", self.code(5, "protocol", "new", "Peel Two", state=self.state).talk)

    def test_its_name_is_not_taken(self):
        self.code(0, "protocol", "new", "--actor", "ann", "peel-two", state=self.state)
        self.assertIn("PROTOCOL-EXISTS", self.code(4, "protocol", "new", "--actor", "ann", "peel-two", state=self.state).talk)


if __name__ == "__main__":
    kit.main()
