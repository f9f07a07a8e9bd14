"""The command line itself: verbs, options, help, the manual, colours, streams, signals. See kit.py."""
import os
import pty
import re
import signal
import subprocess
import sys
import time
import unittest

import kit
from kit import Case, run

VERBS = [m[1] for m in re.finditer(r"^  ([a-z]+(?: [a-z]+)?)  +\S", run("--help").text, re.M)]
MANUAL = kit.SOURCE + "/admin-cli/man/aftercare.1"
COMMON = {"state", "json", "actor", "config", "quiet", "no-input", "help"}


def options_of(verb):
    text = run(*verb.split(), "--help").text
    return set(re.findall(r"^  (?:-[a-z],|   ) --([a-z-]+)", text, re.M))


def manual_items():
    """verb -> its item of the manual, macros and all"""
    verbs = kit.read(MANUAL).split(".Sh VERBS")[1].split(".Sh OPTIONS")[0]
    items = {}
    for item in verbs.split("\n.It ")[1:]:
        m = re.match(r"Cm ((?:[a-z]+ ?)+)", item)
        items[m[1].strip()] = item
    return items


class Help(Case):
    def test_there_are_verbs(self):
        self.assertGreaterEqual(len(VERBS), 15)

    def test_every_verb_explains_itself_with_an_example(self):
        for verb in VERBS:
            r = self.code(0, *verb.split(), "--help")
            self.assertIn("usage: aftercare " + verb, r.text)
            self.assertRegex(r.text, r"\nexamples\n  aftercare %s\b.*\n  aftercare %s\b.*\n\Z" % (verb, verb))

    def test_every_verb_takes_json(self):
        for verb in VERBS:
            self.assertIn("json", options_of(verb), verb)

    def test_help_before_the_verb_is_the_same(self):
        self.assertEqual(run("help", "plan", "list").out, run("plan", "list", "--help").out)

    def test_a_group_lists_its_verbs_only(self):
        r = self.code(0, "plan", "--help")
        self.assertIn("plan regen", r.text)
        self.assertNotIn("doctor", r.text)

    def test_nothing_at_all_is_a_wrong_command_line_and_says_the_verbs(self):
        r = self.code(2)
        self.assertEqual(r.out, b"")
        self.assertIn("protocol publish", r.talk)

    def test_version_is_one_line(self):
        self.assertRegex(self.code(0, "--version").text, r"\Aaftercare \d+\.\d+\.\d+\n\Z")

    def test_version_as_json_names_the_store_s_schema_too(self):
        j = self.code(0, "version", "--json").json
        self.assertEqual((j["schema_version"], j["program"]), (1, "aftercare"))
        self.assertEqual("aftercare %s\n" % j["version"], run("--version").text)
        self.assertEqual(j["store_schema"], len(os.listdir(kit.SOURCE + "/schemas/sql/sqlite")))

    def test_it_starts_quickly(self):
        times = []
        for _ in range(20):
            t = time.perf_counter()
            run("--version")
            times.append((time.perf_counter() - t) * 1000)
        print("start-up: median %.1f ms" % sorted(times)[10], file=sys.stderr)  # a figure, not a claim: sanitizers slow it


class Manual(Case):
    def test_every_verb_has_its_item(self):
        self.assertEqual(sorted(manual_items()), sorted(VERBS))

    def test_every_option_of_a_verb_stands_in_its_item(self):
        for verb, item in manual_items().items():
            in_manual = set(re.findall(r"Fl -([a-z-]+)", item))
            self.assertEqual(options_of(verb) - COMMON, in_manual - COMMON, verb)

    def test_every_exit_code_is_listed(self):
        text = " ".join(kit.read(MANUAL).split(".Sh EXIT STATUS")[1].split(".Sh")[0].split())
        for code in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130):
            self.assertRegex(text, r"\b%d [a-z]" % code)

    def test_mandoc_finds_nothing(self):
        p = subprocess.run(["mandoc", "-Tlint", "-Wstyle", MANUAL], capture_output=True, text=True)
        not_ours = ("referenced manual not found", "outdated mandoc.db")  # of the machine's other manuals
        found = [l for l in p.stdout.splitlines() + p.stderr.splitlines() if not any(n in l for n in not_ours)]
        self.assertEqual(found, [])


class Wrong(Case):
    def test_a_verb_with_a_slip_is_suggested(self):
        self.assertIn("did you mean 'protocol list'?", self.code(2, "protcol", "lst").talk)

    def test_a_word_like_none_is_not(self):
        self.assertNotIn("did you mean", self.code(2, "frobnicate").talk)

    def test_an_option_with_a_slip_is_suggested(self):
        self.assertIn("did you mean --patient?", self.code(2, "plan", "list", "--patent", "1").talk)

    def test_an_option_of_another_verb_is_refused(self):
        self.assertIn("no option --confirm", self.code(2, "plan", "list", "--confirm", "x").talk)

    def test_an_option_without_its_value_is_refused(self):
        self.assertIn("--site needs a value", self.code(2, "plan", "list", "--site").talk)

    def test_a_value_for_a_switch_is_refused(self):
        self.assertIn("--json takes no value", self.code(2, "plan", "list", "--json=1").talk)

    def test_a_letter_that_is_none_is_refused(self):
        self.assertIn("no option -x", self.code(2, "plan", "list", "-x").talk)

    def test_the_letter_of_an_option_of_another_verb_is_refused(self):
        self.assertIn("no option --dry-run", self.code(2, "plan", "list", "-n").talk)

    def test_too_many_arguments_are_refused(self):
        self.code(2, "plan", "show", "a", "b")

    def test_too_few_arguments_are_refused(self):
        self.code(2, "plan", "show")

    def test_the_verb_comes_first(self):
        self.assertIn("verb comes first", self.code(2, "--site", "x", "plan", "list").talk)

    def test_with_json_the_refusal_is_json_too(self):
        for args in (("plan", "list", "--frob", "--json"), ("frob", "--json"), ("plan", "show", "--json"),
                     ("--json", "plan", "list"), ("export", "cda", "--json")):
            r = run(*args, state="/nonexistent")
            if args[0] == "export":
                self.assertEqual(r.code, 3)
            else:
                self.assertEqual((r.code, r.error["rule"]), (2, "CLI-USAGE"), args)
            self.assertEqual((r.out, r.error["schema_version"], r.error["code"]), (b"", 1, r.code), args)

    def test_no_installation_is_not_found(self):
        r = self.code(3, "plan", "list", "--json", state=kit.folder("nothing"))
        self.assertEqual(r.error["rule"], "STATE-DIR")

    def test_the_option_wins_over_the_environment(self):
        r = self.code(3, "plan", "list", "--state", "/nonexistent/one", state="/nonexistent/two")
        self.assertIn("/nonexistent/one", r.talk)


def on_terminal(*args, **env):
    """stdout is a terminal; what a person sees there"""
    parent, child = pty.openpty()
    p = subprocess.Popen([kit.BIN, *args], stdout=child, stderr=subprocess.DEVNULL, stdin=child,
                         env=kit.environment(**{"TERM": "xterm", "PAGER": "", **env}))
    os.close(child)
    seen = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(parent)
    p.wait()
    return seen


def a_pager(text):
    path = kit.folder("pager")
    with open(path, "w") as f:
        f.write("#!/bin/sh\n" + text)
    os.chmod(path, 0o755)
    return path


class Pager(Case):
    def test_long_output_goes_through_it_on_a_terminal(self):
        pager = a_pager('echo "paged by $*"; cat\n')
        seen = on_terminal("protocol", "lint", kit.DRAFT, PAGER=pager + " -a  $HOME")
        self.assertIn(b"paged by -a $HOME\r\n", seen)
        self.assertIn(b"LINT-DECISION", seen)

    def test_a_pipe_has_none(self):
        r = self.code(5, "protocol", "lint", kit.DRAFT, env={"PAGER": a_pager("echo paged\n")})
        self.assertNotIn("paged", r.text)

    def test_short_output_has_none(self):
        self.assertNotIn(b"paged", on_terminal("version", PAGER=a_pager("echo paged; cat\n")))

    def test_one_that_is_not_there_is_no_error(self):
        self.assertIn(b"LINT-DECISION", on_terminal("protocol", "lint", kit.DRAFT, PAGER="/nonexistent/pager"))

    def test_who_leaves_it_early_has_seen_enough(self):
        state = kit.installation(kit.DEMO)
        parent, child = pty.openpty()
        env = kit.environment(TERM="xterm", PAGER=a_pager("exec true\n"), AFTERCARE_STATE=state)
        p = subprocess.run([kit.BIN, "protocol", "show", "mesotherapy"], stdout=child, stderr=subprocess.PIPE, env=env)
        os.close(child)
        os.close(parent)
        self.assertEqual((p.returncode, p.stderr), (0, b""))


class Streams(Case):
    def test_a_terminal_has_colours(self):
        self.assertIn(b"\x1b[36m? decide", on_terminal("protocol", "lint", kit.DRAFT))

    def test_a_narrow_terminal_is_not_overrun(self):
        text = on_terminal("protocol", "lint", kit.DRAFT, NO_COLOR="1", COLUMNS="60").decode().replace("\r", "")
        lines = [l for l in text.splitlines() if not l.startswith("/")]
        self.assertLessEqual(max(map(len, lines)), 60)
        self.assertGreater(len([l for l in lines if l.startswith(" " * 20)]), 10)  # what goes on below itself

    def test_no_color_takes_them_away(self):
        self.assertNotIn(b"\x1b", on_terminal("protocol", "lint", kit.DRAFT, NO_COLOR="1"))

    def test_an_empty_no_color_does_not(self):
        self.assertIn(b"\x1b[36m", on_terminal("protocol", "lint", kit.DRAFT, NO_COLOR=""))

    def test_a_dumb_terminal_has_none(self):
        self.assertNotIn(b"\x1b", on_terminal("protocol", "lint", kit.DRAFT, TERM="dumb"))

    def test_a_pipe_has_none(self):
        self.assertNotIn(b"\x1b", self.code(5, "protocol", "lint", kit.DRAFT, env={"TERM": "xterm"}).out)

    def test_a_sign_tells_the_levels_apart_without_colour(self):
        text = self.code(5, "protocol", "lint", kit.DRAFT).text
        self.assertIn(" ? decide ", text)
        self.assertIn(" ! warning ", text)
        self.assertIn(" x error ", text)

    def test_a_closed_pipe_ends_quietly_with_1(self):
        r, w = os.pipe()
        os.close(r)
        ran = run("--help", stdout=w)
        os.close(w)
        self.assertEqual((ran.code, ran.err), (1, b""))

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_full_disk_is_said(self):
        with open("/dev/full", "wb") as full:
            ran = run("--help", stdout=full)
        self.assertEqual((ran.code, ran.err), (1, b"aftercare: the output cannot be written\n"))

    def test_no_control_character_of_a_file_reaches_the_terminal(self):
        path = kit.folder("p.xml")
        with open(path, "w") as f:
            f.write(kit.read(kit.DRAFT).replace("One number of hours", "One\x9b2Jnumber of hours"))
        self.assertNotIn(b"\xc2\x9b", self.code(5, "protocol", "lint", path).out)


if __name__ == "__main__":
    kit.main()
