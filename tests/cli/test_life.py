"""A protocol's life from the command line: who may do what, in which state, with which exit code. See kit.py."""
import os

import kit
from kit import Case, run

NAME = "mesotherapy"


def version(state, text, actor="ann"):
    path = kit.folder("protocol.xml")
    with open(path, "w") as f:
        f.write(kit.changed(kit.read(kit.DEMO), text))
    r = run("protocol", "import", "--json", "--actor", actor, path, state=state)
    assert r.code == 0, r.err
    return r.json["version"]


class Life(Case):
    def setUp(self):
        self.state = kit.installation(kit.DEMO)

    def act(self, want, *args, actor="bob"):
        return self.code(want, *args, "--actor", actor, state=self.state)

    def states(self):
        return {p["version"]: p["state"] for p in self.code(0, "protocol", "list", "--json", state=self.state).json["protocols"]}

    def refused(self, want, rule, *args, actor="bob"):
        r = self.act(want, *args, "--json", actor=actor)
        self.assertEqual(r.error["rule"], rule)


class Review(Life):
    def test_submit_approve_publish(self):
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", NAME, actor="ann")
        self.assertEqual(self.states()[v], "in-review")
        self.assertIn(v[:12], self.code(0, "protocol", "reviews", state=self.state).text)
        r = self.act(0, "protocol", "approve", v)
        self.assertIn("no-sauna", r.text)
        self.assertEqual(self.states()[v], "approved")
        self.act(0, "protocol", "publish", "--confirm", NAME, v, actor="ann")
        self.assertEqual(self.states()[v], "active")

    def test_the_author_cannot_approve(self):
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", v, actor="ann")
        self.refused(6, "PUB-SECOND-PERSON", "protocol", "approve", v, actor="ann")

    def test_another_account_of_the_author_cannot_either(self):
        self.act(0, "person", "add", "dr-a", "Ann Example")
        self.act(0, "person", "map", "dr-a", "os:ann")
        self.act(0, "person", "map", "dr-a", "os:ann2")
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", v, actor="ann")
        self.refused(6, "PUB-SECOND-PERSON", "protocol", "approve", v, actor="ann2")
        self.act(0, "person", "unmap", "os:ann2")
        self.refused(6, "PUB-SECOND-PERSON", "protocol", "approve", v, actor="ann2")

    def test_an_approval_by_name_wants_the_hash(self):
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", v, actor="ann")
        self.assertIn("--confirm=" + v[:12], self.act(2, "protocol", "approve", NAME).talk)
        self.act(0, "protocol", "approve", NAME, "--confirm", v[:12])

    def test_a_name_means_what_waits_and_not_a_newer_draft(self):
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", v, actor="ann")
        version(self.state, "98 h")
        self.act(0, "protocol", "reject", "--reason", "which source?", NAME)
        self.act(0, "protocol", "submit", v, actor="ann")
        self.act(0, "protocol", "approve", NAME, "--confirm", v[:12])
        self.assertEqual(self.states()[v], "approved")

    def test_the_whole_hash_confirms_as_well_and_another_does_not(self):
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", v, actor="ann")
        whole = next(r for r in self.act(0, "protocol", "reviews", "--json").json["reviews"])["version"]
        self.act(2, "protocol", "approve", NAME, "--confirm", whole[:-1] + ("0" if whole[-1] != "0" else "1"))
        self.act(0, "protocol", "approve", NAME, "--confirm", whole)

    def test_a_draft_is_not_approved(self):
        self.refused(4, "LIFE-STATE", "protocol", "approve", version(self.state, "96 h"))

    def test_returned_with_a_comment(self):
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", v, actor="ann")
        self.refused(5, "LIFE-REASON", "protocol", "reject", v)
        self.act(0, "protocol", "reject", v, "--reason", "which source?")
        self.assertEqual(self.states()[v], "draft")
        acts = self.code(0, "protocol", "history", "--json", NAME, state=self.state).json["acts"]
        self.assertEqual((acts[-1]["action"], acts[-1]["reason"]), ("return", "which source?"))

    def test_a_stale_version_is_a_conflict(self):
        mine, theirs = version(self.state, "96 h"), version(self.state, "80 h")
        self.act(0, "protocol", "publish", "--confirm", NAME, theirs)
        self.refused(4, "PROTOCOL-STALE", "protocol", "submit", mine, actor="ann")
        self.refused(4, "PROTOCOL-STALE", "protocol", "publish", "--confirm", NAME, mine)
        version(self.state, "96 h")
        self.act(0, "protocol", "submit", mine, actor="ann")

    def test_a_dry_run_changes_nothing(self):
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", "--dry-run", v, actor="ann")
        self.act(0, "protocol", "publish", "--dry-run", v)
        self.refused(6, "PUB-SECOND-PERSON", "protocol", "publish", "--dry-run", v, actor="ann")
        self.assertEqual(self.states()[v], "draft")


class InForce(Life):
    def setUp(self):
        super().setUp()
        self.first = next(iter(self.states()))
        self.second = version(self.state, "24 h")
        self.act(0, "protocol", "publish", "--confirm", NAME, self.second)

    def test_the_name_must_be_repeated(self):
        for verb in (("rollback",), ("unschedule",), ("retire",), ("suspend",), ("resume",)):
            self.act(2, "protocol", *verb, NAME, "--reason", "x")
            self.act(2, "protocol", *verb, NAME, "--reason", "x", "--confirm", "meso")

    def test_rollback_is_the_next_number_with_the_older_content(self):
        r = self.act(0, "protocol", "rollback", NAME, "--reason", "24 h is wrong", "--confirm", NAME, "--json").json
        self.assertEqual((r["n"], r["version"], r["made_meanwhile"]), (3, self.first, []))
        self.assertEqual(self.states(), {self.first: "active", self.second: "retired"})
        self.refused(4, "LIFE-STATE", "protocol", "rollback", NAME, "v1", "--reason", "x", "--confirm", NAME)

    def test_what_was_published_is_not_published_again(self):
        self.refused(4, "LIFE-STATE", "protocol", "publish", "--confirm", NAME, self.first)

    def test_rollback_to_a_number_that_never_was(self):
        self.act(3, "protocol", "rollback", NAME, "v9", "--reason", "x", "--confirm", NAME)

    def test_a_rollback_to_a_draft_puts_nothing_else_in_force(self):
        draft = version(self.state, "96 h")
        self.refused(3, "PROTOCOL-UNKNOWN", "protocol", "rollback", NAME, draft, "--reason", "x", "--confirm", NAME)
        self.assertEqual(self.states()[self.second], "active")

    def test_a_dry_run_of_a_rollback_shows_what_would_change(self):
        r = self.act(0, "protocol", "rollback", NAME, "--dry-run", "--reason", "x")
        self.assertRegex(r.text, r"no-sauna .*24 h → 72 h")
        self.assertIn("v3 %s would be active" % self.first[:12], r.text)
        self.assertEqual(self.states()[self.second], "active")

    def test_a_retired_protocol_comes_back_by_a_rollback(self):
        self.act(0, "protocol", "retire", NAME, "--confirm", NAME)
        self.act(0, "protocol", "rollback", NAME, "v1", "--reason", "x", "--confirm", NAME)
        self.assertEqual(self.states()[self.first], "active")

    def test_retire_and_publish_anew(self):
        self.act(0, "protocol", "retire", NAME, "--confirm", NAME)
        self.assertNotIn("active", self.states().values())
        self.refused(4, "LIFE-STATE", "protocol", "retire", NAME, "--confirm", NAME)
        third = version(self.state, "80 h")
        self.act(0, "protocol", "publish", "--confirm", NAME, third)
        self.assertEqual(self.states()[third], "active")

    def test_a_future_date(self):
        third = version(self.state, "80 h")
        self.refused(5, "LIFE-TIME", "protocol", "publish", "--confirm", NAME, "--effective", "2020-01-01", third)
        self.act(2, "protocol", "publish", "--confirm", NAME, "--effective", "tomorrow", third)
        r = self.act(0, "protocol", "publish", "--confirm", NAME, "--effective", "2099-01-01", "--review-due", "2100-01-01", third)
        self.assertIn("in force from", r.text)
        self.assertEqual(self.states()[third], "approved")
        self.assertEqual(self.states()[self.second], "active")

    def test_what_was_published_for_later_is_called_off(self):
        third = version(self.state, "80 h")
        self.act(0, "protocol", "publish", "--confirm", NAME, "--effective", "2099-01-01", third)
        self.act(5, "protocol", "unschedule", NAME, "--confirm", NAME)
        self.assertIn("v3 would be called off; v2 stays in force",
                      self.act(0, "protocol", "unschedule", "-n", "--reason", "x", NAME).text)
        r = self.act(0, "protocol", "unschedule", "--json", "--reason", "wrong date", "--confirm", NAME, NAME).json
        self.assertEqual((r["protocol"], r["unscheduled"], r["in_force"], r["dry_run"]), (NAME, [3], 2, False))
        self.refused(4, "LIFE-STATE", "protocol", "unschedule", "--reason", "x", "--confirm", NAME, NAME)
        self.act(3, "protocol", "unschedule", "--reason", "x", "--confirm", "nothing", "nothing")
        self.assertIn("unschedule", self.act(0, "protocol", "history", NAME).text)
        self.assertIn("v4", self.act(0, "protocol", "publish", "--confirm", NAME, third).text)
        self.assertEqual(self.states()[third], "active")

    def test_all_that_will_never_come_is_named(self):
        for until, day in (("80 h", "2099-01-01"), ("82 h", "2099-02-01")):
            self.act(0, "protocol", "publish", "--confirm", NAME, "--effective", day, version(self.state, until))
        r = self.act(0, "protocol", "retire", "-n", NAME)
        self.assertIn("v3 and v4, which were to come, would never be in force", r.text)
        r = self.act(0, "protocol", "retire", "--json", "--confirm", NAME, NAME).json
        self.assertEqual(r["unscheduled"], [3, 4])

    def test_suspend_and_resume(self):
        self.refused(5, "LIFE-REASON", "protocol", "suspend", NAME, "--confirm", NAME)
        self.act(0, "protocol", "suspend", NAME, "--reason", "wrong", "--confirm", NAME)
        self.refused(4, "LIFE-STATE", "protocol", "suspend", NAME, "--reason", "wrong", "--confirm", NAME)
        self.assertIn("BAD  %s v2 is suspended" % NAME, run("doctor", state=self.state).text)
        self.act(0, "protocol", "resume", NAME, "--reason", "right", "--confirm", NAME)
        self.assertNotIn("suspended", run("doctor", state=self.state).text)

    def test_what_is_suspended_out_of_force_and_followed_by_nobody_is_settled(self):
        self.act(0, "protocol", "suspend", NAME, "--reason", "wrong", "--confirm", NAME)
        self.act(0, "protocol", "rollback", NAME, "--reason", "wrong", "--confirm", NAME)
        self.assertIn("retired, suspended", self.act(0, "protocol", "list").text)
        self.assertNotIn("suspended", run("doctor", state=self.state).text)

    def test_break_glass_is_loud(self):
        third = version(self.state, "80 h")
        self.refused(5, "LIFE-REASON", "protocol", "publish", "--break-glass", "--confirm", NAME, third, actor="ann")
        r = self.act(0, "protocol", "publish", "--break-glass", "--reason", "now", "--confirm", NAME, third, actor="ann")
        self.assertIn("WITHOUT APPROVAL", r.text)
        self.assertIn("in force without approval", run("doctor", state=self.state).text)
        self.assertIn("IN FORCE WITHOUT APPROVAL", run("protocol", "reviews", state=self.state).text)
        self.assertIn("break-glass", run("protocol", "history", NAME, state=self.state).text)

        def listed():
            return run("protocol", "list", state=self.state).text

        def linted():
            path = kit.folder("source.xml")
            with open(path, "w", newline="") as f:
                f.write(run("protocol", "show", third, state=self.state).text)
            return [x["rule"] for x in run("protocol", "lint", "--json", path, state=self.state).json["findings"]]
        self.assertIn("active, NOT APPROVED", listed())
        self.assertIn("LINT-UNAPPROVED", linted())
        self.act(0, "protocol", "approve", third)
        self.assertNotIn("NOT APPROVED", listed())
        self.assertNotIn("LINT-UNAPPROVED", linted())
        self.assertNotIn("without approval", run("doctor", state=self.state).text)

    def test_blame_names_the_line(self):
        lines = self.code(0, "protocol", "blame", "--json", NAME, state=self.state).json["lines"]
        self.assertEqual([l["line"] for l in lines if l["n"] == 2], ["no-sauna"])
        self.assertGreater(len(lines), 10)

    def test_everything_is_in_the_log(self):
        before = self.code(0, "audit", "verify", "--json", state=self.state).json["entries"]
        self.act(0, "protocol", "suspend", NAME, "--reason", "wrong", "--confirm", NAME)
        self.act(0, "person", "add", "dr-b", "Bob Example")
        after = self.code(0, "audit", "verify", "--json", state=self.state).json["entries"]
        self.assertGreaterEqual(after - before, 2)


class Roles(Life):
    def conf(self, text):
        with open(self.state + "/aftercare.conf", "w") as f:
            f.write(text)

    def test_without_a_file_everybody_may(self):
        self.act(0, "protocol", "submit", version(self.state, "96 h"), actor="carl")

    def test_a_right_that_is_not_named_is_nobodys(self):
        self.conf("[roles]\nedit = os:ann\napprove = dr-b\n")
        v = version(self.state, "96 h")
        self.refused(6, "LIFE-ROLE", "protocol", "submit", v, actor="carl")
        self.act(0, "protocol", "submit", v, actor="ann")
        self.refused(6, "LIFE-ROLE", "protocol", "approve", v)
        self.refused(6, "LIFE-ROLE", "protocol", "publish", "--confirm", NAME, v)
        self.refused(6, "LIFE-ROLE", "person", "add", "dr-b", "Bob")

    def test_who_may_not_edit_writes_nothing(self):
        self.conf("[roles]\nedit = os:ann\n")
        self.refused(6, "LIFE-ROLE", "protocol", "import", kit.DEMO)
        self.refused(6, "LIFE-ROLE", "protocol", "new", "laser")
        self.act(0, "protocol", "new", "laser", actor="ann")

    def test_a_right_can_be_a_persons(self):
        self.act(0, "person", "add", "dr-b", "Bob Example")
        self.act(0, "person", "map", "dr-b", "os:bob")
        self.act(0, "person", "add", "ann", "Ann Example")
        self.act(0, "person", "map", "ann", "os:ann")
        self.conf("[roles]\nedit = *\napprove = dr-b\n")
        v = version(self.state, "96 h")
        self.act(0, "protocol", "submit", v, actor="ann")
        self.refused(6, "LIFE-ROLE", "protocol", "approve", v, actor="carl")
        self.act(0, "protocol", "approve", v)

    def test_publishing_what_nobody_approved_needs_both_rights(self):
        self.conf("[roles]\nedit = *\npublish = *\n")
        self.refused(6, "PUB-NOT-APPROVED", "protocol", "publish", "--confirm", NAME, version(self.state, "96 h"))

    def test_a_file_that_is_wrong_is_refused_with_its_line(self):
        v = version(self.state, "96 h")
        self.conf("[roles]\nedit = *\nfly = *\n")
        r = self.act(5, "protocol", "submit", v, "--json")
        self.assertEqual((r.error["rule"], r.error["line"]), ("CNF-KEY", 3))

    def test_another_file_by_option(self):
        path = kit.folder("other.conf")
        with open(path, "w") as f:
            f.write("[roles]\n")
        self.refused(6, "LIFE-ROLE", "protocol", "submit", version(self.state, "96 h"), "--config", path)
        self.act(3, "protocol", "submit", NAME, "--config", path + ".not")

    def test_another_file_gives_nobody_what_the_installation_does_not(self):
        path, v = kit.folder("mine.conf"), version(self.state, "96 h")
        self.conf("[roles]\nedit = os:ann\n")
        for text in ("", "[roles]\nedit = *\napprove = *\npublish = *\n"):
            with open(path, "w") as f:
                f.write(text)
            self.refused(6, "LIFE-ROLE", "protocol", "submit", v, "--config", path)
            self.refused(6, "LIFE-ROLE", "protocol", "publish", "--confirm", NAME, v, "--config", path)

    def test_a_file_that_cannot_be_read_is_not_a_missing_one(self):
        v = version(self.state, "96 h")
        os.symlink("nowhere", self.state + "/aftercare.conf")
        self.act(3, "protocol", "submit", v)


class Persons(Life):
    def test_bad_input(self):
        for id in ("", "a b", "os:x", "x" * 65):
            self.refused(5, "PERSON-ID", "person", "add", id, "Name")
        self.refused(5, "PERSON-NAME", "person", "add", "x", " ")
        self.act(0, "person", "add", "x", "Name")
        self.refused(4, "PERSON-TAKEN", "person", "add", "x", "Name")
        for account in ("bob", "os:", "ehr:default", "ehr:/3", "web:bob", "os:a b"):
            self.refused(5, "PERSON-ACCOUNT", "person", "map", "x", account)
        self.refused(3, "PERSON-UNKNOWN", "person", "map", "y", "os:bob")
        self.refused(3, "PERSON-NOT-MAPPED", "person", "unmap", "os:bob")

    def test_an_account_is_one_persons_at_a_time(self):
        for id in ("x", "y"):
            self.act(0, "person", "add", id, "Name")
        self.act(0, "person", "map", "x", "os:bob")
        self.refused(4, "PERSON-MAPPED", "person", "map", "y", "os:bob")
        self.act(0, "person", "unmap", "os:bob")
        self.act(0, "person", "map", "y", "os:bob")
        rows = self.code(0, "person", "list", "--json", state=self.state).json["accounts"]
        self.assertEqual([(r["person"], "until" in r) for r in rows if r["account"]], [("x", True), ("y", False)])


class Recall(Life):
    def setUp(self):
        super().setUp()
        self.second = version(self.state, "24 h")
        self.act(0, "protocol", "publish", "--confirm", NAME, self.second)

    def test_which_must_be_said(self):
        self.act(2, "plan", "recall", "--dry-run")
        self.act(3, "plan", "recall", "--dry-run", "--protocol", NAME, "--version", "v7")
        self.act(3, "plan", "recall", "--dry-run", "--protocol", NAME, "--version", "v2", "--line", "no-such")
        self.act(2, "plan", "recall", "--protocol", NAME, "--version", "v2", "--reason", "x")
        self.refused(5, "LIFE-REASON", "plan", "recall", "--protocol", NAME, "--version", "v2", "--confirm", NAME)

    def test_nobody_is_affected(self):
        r = self.act(0, "plan", "recall", "--dry-run", "--protocol", NAME, "--version", "v2", "--json").json
        self.assertEqual((r["affected"], r["plans"]), (0, []))
        r = self.act(0, "plan", "recall", "--protocol", NAME, "--version", "v2", "--reason", "x", "--confirm", NAME, "--json").json
        self.assertTrue(r["closed"])

    def test_each_list_of_plans_leaves_an_entry(self):
        self.act(0, "plan", "recall", "--dry-run", "--protocol", NAME, "--version", "v2")
        self.act(0, "plan", "recall", "--status")
        self.act(0, "protocol", "rollback", "--dry-run", "--reason", "x", NAME)
        found = [(x["actor"], x["kind"], x["id"]) for x in kit.leaves(self.state, "view")]
        self.assertEqual(found, [("bob", "recall-list", self.second), ("bob", "recall-list", None), ("bob", "plan-list", self.second)])

    def test_status_of_none(self):
        self.assertEqual(self.code(0, "plan", "recall", "--status", "--json", state=self.state).json["recalls"], [])
        self.act(3, "plan", "recall", "--status", "4")
        self.act(2, "plan", "recall", "--status", "x")

    def test_a_plan_goes_to_the_version_in_force_with_a_reason(self):
        kit.fill(self.state, 0, 1)
        (plan,) = self.code(0, "plan", "list", "--json", state=self.state).json["plans"]
        self.act(0, "protocol", "rollback", "--reason", "24 h is too short", "--confirm", NAME, NAME)
        r = self.act(0, "plan", "repin", "--dry-run", "--json", plan["id"]).json
        self.assertEqual((r["version"], r["dry_run"]), (plan["version"] + 1, True))
        self.assertEqual([x["change"] for x in r["lines"]], ["longer"])
        r = self.act(0, "plan", "repin", "--reason", "asked by phone", "--confirm", plan["id"][:8], "--json", plan["id"]).json
        self.assertEqual((r["version"], r["dry_run"]), (plan["version"] + 1, False))
        found = [x for x in kit.leaves(self.state, "repin") if x["object"] == "asked by phone"]
        self.assertEqual({(x["kind"], x["actor"]) for x in found}, {("reason", "bob")})
        self.code(0, "audit", "verify", state=self.state)
        self.refused(4, "REPIN-NOTHING", "plan", "repin", "--confirm", plan["id"][:8], plan["id"])

    def test_repin_of_an_unknown_plan(self):
        self.act(3, "plan", "repin", "--dry-run", "00000000-0000-0000-0000-000000000000")


kit.main()
