"""Completion in the real shells, each with the script that the binary prints; zsh and fish where they are installed."""
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import time
import unittest

import kit
from kit import Case, run

BASH = shutil.which("bash")
ZSH = shutil.which("zsh")
FISH = shutil.which("fish")
STATE = kit.installation(kit.DEMO, kit.PEEL)
ENV = kit.environment(PATH=os.path.dirname(kit.BIN) + ":" + os.environ["PATH"], AFTERCARE_STATE=STATE, TERM="dumb")


def script(shell):
    path = kit.folder("aftercare." + shell)
    with open(path, "w") as f:
        f.write(run("completion", shell).text)
    return path


SCRIPTS = {shell: script(shell) for shell in ("bash", "zsh", "fish")}


def bash(*words):
    """What bash would offer when Tab is pressed behind the last word."""
    code = ('. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _aftercare; '
            'printf "%s\\n" "${COMPREPLY[@]}"')
    p = subprocess.run([BASH, "--norc", "-c", code, "bash", SCRIPTS["bash"], "aftercare", *words],
                       capture_output=True, text=True, env=ENV, cwd=kit.SOURCE, timeout=60)
    assert p.stderr == "", p.stderr
    return p.stdout.split()


def fish(line):
    p = subprocess.run([FISH, "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", SCRIPTS["fish"], line],
                       capture_output=True, text=True, env=ENV, cwd=kit.SOURCE, timeout=60)
    assert p.stderr == "", p.stderr
    return [l.split("\t")[0] for l in p.stdout.splitlines()]


def typed(argv, setup, keys, seconds=10):
    """The shell on a terminal: what stands there after the keys."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.clear()
        os.environ.update(ENV)
        os.chdir(kit.SOURCE)
        os.execv(argv[0], argv)
    seen = b""

    def wait_for(text):
        nonlocal seen
        end = time.time() + seconds
        while text not in seen and time.time() < end:
            if select.select([fd], [], [], 0.2)[0]:
                seen += os.read(fd, 65536)
        return text in seen
    os.write(fd, setup.encode() + b"; echo rea''dy\n")
    assert wait_for(b"ready\r\n"), seen
    seen = b""
    os.write(fd, keys.encode())
    end = time.time() + 3
    while time.time() < end:
        if select.select([fd], [], [], 0.3)[0]:
            seen += os.read(fd, 65536)
    os.close(fd)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return seen.decode(errors="replace")


class Bash(Case):
    def test_the_first_word_is_a_verb_or_a_group(self):
        self.assertEqual(bash("pro"), ["protocol"])
        self.assertIn("doctor", bash(""))

    def test_the_second_word_is_one_of_the_group(self):
        self.assertIn("lint", bash("protocol", ""))
        self.assertEqual(bash("protocol", "pub"), ["publish"])

    def test_every_verb_of_the_help_is_offered(self):
        for verb in re.findall(r"^  ([a-z]+(?: [a-z]+)?)  +\S", run("--help").text, re.M):
            self.assertEqual(verb.split()[-1] in bash(*verb.split()), True, verb)

    def test_options_are_those_of_the_verb(self):
        self.assertIn("--patient=", bash("plan", "list", "--"))
        self.assertNotIn("--patient=", bash("protocol", "list", "--"))

    def test_names_of_protocols_come_from_the_store(self):
        self.assertEqual(bash("protocol", "show", "mes"), ["mesotherapy"])
        self.assertEqual(sorted(bash("protocol", "show", "")), ["chemical-peel", "mesotherapy"])

    def test_a_name_that_is_none_is_not_given_to_the_shell(self):
        state = kit.copy(STATE)
        db = sqlite3.connect(state + "/aftercare.db")
        db.execute("UPDATE protocol_version SET protocol = '$(touch /tmp/no)' WHERE protocol = 'chemical-peel'")
        db.commit()
        db.close()
        self.assertEqual(run("completion", "protocols", state=state).text.split(), ["mesotherapy"])

    def test_no_store_offers_no_name_and_says_nothing(self):
        r = run("completion", "protocols", state="/nonexistent")
        self.assertEqual((r.code, r.out, r.err), (0, b"", b""))

    def test_files_stand_where_a_file_is_asked_for(self):
        self.assertEqual(bash("protocol", "lint", "READ"), ["README.md"])

    def test_the_value_of_an_option_completes_behind_a_blank_and_behind_a_sign(self):
        self.assertEqual(bash("init", "--clinic", "READ"), ["README.md"])
        self.assertEqual(bash("init", "--clinic", "=", "READ"), ["README.md"])

    def test_fixed_words_are_offered(self):
        self.assertEqual(bash("completion", ""), ["bash", "zsh", "fish"])

    def test_tab_on_a_terminal_completes(self):
        seen = typed([BASH, "--norc", "-i"], ". " + SCRIPTS["bash"], "aftercare protocol sho\tmes\t")
        self.assertIn("aftercare protocol show mesotherapy", seen.replace("\x07", ""))


@unittest.skipUnless(FISH, "fish is not installed")
class Fish(Case):
    def test_words_options_names_and_files(self):
        self.assertIn("protocol", fish("aftercare pro"))
        self.assertIn("publish", fish("aftercare protocol pu"))
        self.assertIn("--patient", fish("aftercare plan list --pa"))
        self.assertEqual(fish("aftercare protocol show mes"), ["mesotherapy"])
        self.assertIn("README.md", fish("aftercare protocol lint READ"))
        self.assertEqual(sorted(fish("aftercare completion ")), ["bash", "fish", "zsh"])

    def test_a_verb_of_one_word_keeps_its_options_to_itself(self):
        self.assertNotIn("--patient", fish("aftercare doctor --pa"))


@unittest.skipUnless(ZSH, "zsh is not installed")
class Zsh(Case):
    def test_tab_on_a_terminal_completes(self):
        setup = "autoload -U compinit; compinit -D -u; PS1='> '; . " + SCRIPTS["zsh"]
        seen = typed([ZSH, "-f", "-i"], setup, "aftercare protocol sho\tmes\t\n")
        self.assertIn("<protocol", seen)  # what was completed was run: the source of the protocol comes

    def test_options_are_offered(self):
        setup = "autoload -U compinit; compinit -D -u; PS1='> '; . " + SCRIPTS["zsh"]
        seen = typed([ZSH, "-f", "-i"], setup, "aftercare plan list --pat\t")
        self.assertIn("--patient", seen)


if __name__ == "__main__":
    kit.main()
