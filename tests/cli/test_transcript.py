"""A day of an administrator on a terminal, beside the running plugin: every step with its exit code. See terminal.py, fcgi.py."""
import time

import kit
from fcgi import Plugin
from kit import Case, run
from terminal import Editor, Terminal, replace

ERROR = replace('<window until="48 h"/>', '<window until="36"/>')
LINE = 'concept="sauna" kind="restriction" signed="dr.demo 2026-0%d-01"'
FIX = replace('<window until="36"/>', '<window until="36 h"/>') + " && " + replace(LINE % 3, LINE % 4)
SAVE = "Save as a new draft?"


class Transcript(Case):
    def terminal(self, who, *args, want, **env):
        t = Terminal(*args, "--state", self.state, "--actor", who, NO_COLOR="1", **env)
        t.want = want
        return t

    def done(self, t):
        self.assertEqual(t.end(), t.want, t.text)
        return t.text

    def plain(self, who, *args, want):
        return self.done(self.terminal(who, *args, want=want))

    def typed(self, who, name, *args, want):
        """The same, and the name of what is changed typed."""
        t = self.terminal(who, *args, want=want)
        t.expect("to go on: ").type(name + "\n")
        return self.done(t)

    def versions(self):
        rows = run("protocol", "list", "--json", state=self.state).json["protocols"]
        return {r["version"]: r["state"] for r in rows if r["protocol"] == "chemical-peel"}

    def until_of(self, answer):
        plan = run("plan", "explain", "--json", answer["plan"]["id"], "no-sauna", state=self.state).json
        return plan["conditions"][1]["window_until"]

    def test_from_the_first_edit_to_the_rollback(self):
        self.state = kit.installation(kit.PEEL)
        (first,) = self.versions()
        with Plugin(self.state) as plugin:
            self.assertEqual(self.until_of(plugin.visit(1)), "48 h")

            # edit: an error, its fix, and the save; meanwhile somebody else wants to edit, too
            t = self.terminal("ann", "protocol", "edit", "chemical-peel", want=0, EDITOR=Editor(ERROR, FIX).path)
            t.expect(SAVE)
            t2 = self.terminal("cara", "protocol", "edit", "chemical-peel", want=8, EDITOR=Editor("true").path)
            t2.expect("has it open for editing")
            self.done(t2)
            t.type("y\n").expect("is a new draft of yours")
            self.assertIn("36 h", self.done(t))
            (draft,) = [v for v in self.versions() if v != first]

            # a crash of the editor, and Ctrl-C at the question: nothing is lost
            t = self.terminal("cara", "protocol", "edit", "chemical-peel", want=1, EDITOR=Editor("kill -KILL $$").path)
            self.done(t)
            t = self.terminal("cara", "protocol", "edit", "chemical-peel", want=130,
                              EDITOR=Editor(replace("Healing", "Healing"), "true").path)
            t.expect("[y] go on with it").type("\x03")
            self.assertIn("your text is kept in", self.done(t))

            # the author is told so before being asked for anything; another person does; nothing was published by that
            self.plain("ann", "protocol", "submit", "chemical-peel", want=0)
            self.assertIn("(PUB-SECOND-PERSON)", self.plain("ann", "protocol", "approve", "chemical-peel", want=6))
            self.plain("bob", "protocol", "approve", draft[:12], want=0)
            self.assertEqual(self.until_of(plugin.visit(2)), "48 h")

            # published by typing the name; the running plugin sees it within a second
            self.typed("bob", "chemical-peel", "protocol", "publish", draft[:12], want=0)
            began = time.time()
            self.assertEqual(self.until_of(plugin.visit(3)), "36 h")
            self.assertLess(time.time() - began, 10)  # the visit and the look at it; no waiting, no restart

            # a draft that was written on top of the former version is stale
            other = kit.folder("stale.xml")
            with open(other, "w") as f:
                f.write(kit.read(kit.PEEL).replace('until="14 d"', 'until="15 d"'))
            stale = run("protocol", "import", "--json", "--actor", "cara", other, state=self.state).json["version"]
            self.plain("cara", "protocol", "submit", stale[:12], want=0)
            self.typed("bob", "chemical-peel", "protocol", "rollback", "--reason", "48 h were right", "chemical-peel", want=0)
            self.assertIn("(PROTOCOL-STALE)", self.plain("bob", "protocol", "approve", stale[:12], want=4))

            # rolled back: what is planned from now on has the old time, and the plan made meanwhile keeps its own
            self.assertEqual(self.until_of(plugin.visit(4)), "48 h")
            self.assertEqual(self.until_of(plugin.visit(3)), "36 h")

            # not typed, not published
            self.typed("bob", "something else", "protocol", "publish", draft[:12], want=2)

            # a task that a person escalated stays so when the visit is sent again with other content
            plan = plugin.visit(5)["plan"]["id"]
            self.plain("ann", "task", "escalate", "--reason", "no answer", plan, "give-sheet", want=0)
            plugin.visit(5, revision=2, category="Chemical peel", reason="corrected")
            rows = run("task", "list", "--json", state=self.state).json["tasks"]
            task = [r for r in rows if r["plan"] == plan and r["name"] == "chemical-peel/give-sheet/1"][0]
            self.assertEqual((task["urgent"], task["role"]), (True, "clinician"))

            # a backup beside the running plugin, and an installation made of it
            to, new = kit.folder("backup"), kit.folder("state")
            self.assertIn("verified", self.plain("ann", "store", "backup", "--with-keys", to, want=0))
            self.code(0, "store", "restore", "--confirm", new, "--state", new, to)
            self.assertEqual(len(run("event", "list", "--json", state=new).json["events"]), 5)

            self.look_at_stored_visits(plugin, draft)
            self.code(0, "audit", "verify", state=self.state)

    def look_at_stored_visits(self, plugin, draft):
        """simulate and coverage: what a draft would change, and what no protocol covers."""
        verbs = run("--help").text
        if "protocol simulate" in verbs:
            text = self.plain("ann", "protocol", "simulate", draft[:12], want=0)
            self.assertIn("no-sauna", text)
        if "protocol coverage" in verbs:
            plugin.visit(6, code="99999", system="CPT4")
            self.assertIn("99999", self.plain("ann", "protocol", "coverage", want=0))


if __name__ == "__main__":
    kit.main()
