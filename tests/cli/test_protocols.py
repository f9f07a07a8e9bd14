"""An installation, its clinic and its protocols: init, clinic, protocol, doctor. See kit.py."""
import os
import re
import shutil
import sqlite3
import stat
import unittest

import kit
from kit import Case, run


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def write(name, text):
    path = kit.folder(name)
    with open(path, "w") as f:
        f.write(text)
    return path


CLINIC = kit.read(kit.CLINIC)


class Init(Case):
    def test_makes_a_private_folder(self):
        state = kit.installation()
        self.assertEqual(mode(state), 0o700)
        for name in os.listdir(state + "/keys"):
            self.assertEqual(mode(state + "/keys/" + name), 0o600, name)

    def test_twice_is_a_conflict_and_changes_nothing(self):
        state = kit.installation(kit.DEMO)
        before = run("audit", "verify", "--json", state=state).json
        self.code(4, "init", "--clinic", kit.CLINIC, "--actor", "ann", state=state)
        self.assertEqual(run("audit", "verify", "--json", state=state).json, before)

    def test_a_clinic_file_that_is_wrong_makes_nothing(self):
        state = kit.folder("state")
        r = self.code(5, "init", "--clinic", write("clinic.conf", "[clinic]\nnonsense = 1\n"), state=state)
        self.assertRegex(r.talk, r"clinic\.conf:2:")
        self.assertFalse(os.path.exists(state))

    def test_a_clinic_file_that_is_not_there_is_not_found(self):
        self.code(3, "init", "--clinic", "/nonexistent.conf", state=kit.folder("state"))

    def test_an_actor_outside_a_demonstration_is_refused_and_makes_nothing(self):
        state = kit.folder("state")
        r = self.code(6, "init", "--actor", "ann", "--json", state=state)
        self.assertEqual(r.error["rule"], "CLI-ACTOR")
        self.assertFalse(os.path.exists(state))

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another")
    def test_by_root_in_a_folder_of_another_is_that_users(self):
        state = kit.folder("state")
        os.mkdir(state, 0o700)
        os.chown(state, 65534, 65534)
        os.chmod(os.path.dirname(state), 0o711)
        os.chmod(kit.SCRATCH, 0o711)
        self.code(0, "init", "--clinic", kit.CLINIC, "--channel", "default", state=state)
        self.code(0, "protocol", "import", "--actor", "ann", kit.DEMO, state=state)
        for d, _, files in os.walk(state):
            self.assertEqual({os.stat(os.path.join(d, f)).st_uid for f in [*files, "."]}, {65534}, d)

    def test_without_a_clinic_it_says_what_is_missing(self):
        r = self.code(0, "init", state=kit.folder("state"))
        self.assertIn("aftercare clinic set", r.talk)


class Actor(Case):
    """Where the clinic is none of a demonstration, a name is who signed in."""

    @classmethod
    def setUpClass(cls):
        cls.state = kit.folder("state")
        real = write("clinic.conf", CLINIC.replace("demonstration = yes", "demonstration = no"))
        assert run("init", "--clinic", real, state=cls.state).code == 0

    def test_is_refused_for_reading(self):
        self.assertEqual(self.code(6, "plan", "list", "--actor", "ann", "--json", state=self.state).error["rule"], "CLI-ACTOR")

    def test_is_refused_for_writing(self):
        self.code(6, "protocol", "import", "--actor", "ann", kit.DEMO, state=self.state)

    def test_cannot_be_had_by_setting_a_demonstration(self):
        r = self.code(6, "clinic", "set", kit.CLINIC, "--json", state=self.state)
        self.assertEqual(r.error["rule"], "CLINIC-DEMO")

    @unittest.skipUnless(open("/proc/self/loginuid").read().strip() == "4294967295", "the kernel knows the login")
    def test_behind_sudo_the_author_is_the_person(self):
        self.code(0, "protocol", "import", kit.PEEL, state=self.state, env={"SUDO_USER": "carla"})
        rows = run("protocol", "list", "--json", state=self.state).json["protocols"]
        self.assertEqual([p["author"] for p in rows if p["protocol"] == "chemical-peel"], ["carla"])

    @unittest.skipUnless(open("/proc/self/loginuid").read().strip() == "4294967295", "the kernel knows the login")
    def test_behind_sudo_the_groups_are_the_persons(self):
        with open(self.state + "/aftercare.conf", "w") as f:
            f.write("[roles]\nedit = @daemon\n")  # of base-passwd: the user daemon is in it, the user bin is not
        r = self.code(6, "protocol", "import", "-n", "--json", kit.PEEL, state=self.state, env={"SUDO_USER": "bin"})
        self.assertEqual(r.error["rule"], "LIFE-ROLE")
        self.code(0, "protocol", "import", kit.PEEL, state=self.state, env={"SUDO_USER": "daemon"})


class Clinic(Case):
    def test_show_gives_back_the_file(self):
        self.assertEqual(self.code(0, "clinic", "show", state=kit.installation()).text, CLINIC)

    def test_set_replaces_it(self):
        state = kit.installation()
        other = CLINIC.replace("name =", "# changed\nname =", 1)
        self.code(0, "clinic", "set", "--actor", "ann", write("c.conf", other), state=state)
        self.assertEqual(run("clinic", "show", state=state).text, other)

    def test_a_dry_run_does_not(self):
        state = kit.installation()
        self.code(0, "clinic", "set", "--dry-run", "--actor", "ann", write("c.conf", "# x\n" + CLINIC), state=state)
        self.assertEqual(run("clinic", "show", state=state).text, CLINIC)

    def test_a_wrong_file_is_refused_by_line(self):
        r = self.code(5, "clinic", "set", "--json", write("c.conf", CLINIC + "\nnonsense = 1\n"), state=kit.installation())
        self.assertEqual(r.error["line"], CLINIC.count("\n") + 2)

    def test_none_is_not_found(self):
        state = kit.folder("state")
        self.code(0, "init", state=state)
        self.code(3, "clinic", "show", state=state)


class Lint(Case):
    def test_the_draft_cannot_be_published_and_the_demonstration_can(self):
        self.code(5, "protocol", "lint", kit.DRAFT)
        self.code(0, "protocol", "lint", "--clinic", kit.CLINIC, kit.DEMO, kit.PEEL)

    def test_every_decision_of_the_draft_is_named_by_its_line(self):
        found = self.code(5, "protocol", "lint", "--json", kit.DRAFT).json["findings"]
        decisions = [f for f in found if f["rule"] == "LINT-DECISION"]
        source = re.sub("<!--.*?-->", lambda m: "\n" * m[0].count("\n"), kit.read(kit.DRAFT), flags=re.S)
        self.assertEqual(len(decisions), len(re.findall(r"<decide[ >]", source)))
        lines = source.split("\n")
        for f in found:
            self.assertTrue(1 <= f["line"] <= len(lines) and f["col"] >= 1 and f["message"], f)
        for f in decisions:
            self.assertIn('="%s"' % f["id"] if f["id"] else "<", lines[f["line"] - 1] + lines[f["line"]], f)

    def test_the_text_says_the_same_places(self):
        found = run("protocol", "lint", "--json", kit.DRAFT).json["findings"]
        said = re.findall(r"^%s:(\d+):(\d+): " % re.escape(kit.DRAFT), run("protocol", "lint", kit.DRAFT).text, re.M)
        self.assertEqual(said, [(str(f["line"]), str(f["col"])) for f in found])

    def test_what_does_not_load_is_a_finding_with_its_place(self):
        bad = kit.SOURCE + "/tests/bad/protocol/PRT-002-doctype.xml"
        found = self.code(5, "protocol", "lint", "--json", bad).json["findings"]
        self.assertEqual([(f["rule"], f["level"]) for f in found], [("PRT-002", "error")])

    def test_one_bad_file_among_good_ones_decides(self):
        r = self.code(5, "protocol", "lint", "--json", kit.DEMO, kit.DRAFT, kit.PEEL)
        self.assertFalse(r.json["publishable"])

    def test_a_file_that_is_not_there_is_not_found(self):
        self.code(3, "protocol", "lint", "/nonexistent.xml")


class Publish(Case):
    @classmethod
    def setUpClass(cls):
        cls.state = kit.installation()

    def imported(self, path):
        return self.code(0, "protocol", "import", "--json", "--actor", "ann", path, state=self.state).json

    def publish(self, want, what, *more):
        return self.code(want, "protocol", "publish", what, *more, "--json", state=self.state)

    def test_import_twice_changes_nothing(self):
        first = self.imported(kit.DRAFT)
        again = self.imported(kit.DRAFT)
        self.assertEqual((again["version"], again["was_there"]), (first["version"], True))

    def test_a_dry_run_imports_nothing(self):
        state = kit.installation()
        self.code(0, "protocol", "import", "--dry-run", "--actor", "ann", kit.DEMO, state=state)
        self.assertEqual(run("protocol", "list", "--json", state=state).json["protocols"], [])

    def test_a_file_that_is_no_protocol_is_refused_by_place(self):
        bad = kit.SOURCE + "/tests/bad/protocol/PRT-001-end-tag-mismatch.xml"
        r = self.code(5, "protocol", "import", "--json", "--actor", "ann", bad, state=self.state)
        self.assertEqual(r.error["rule"], "PRT-001")
        self.assertGreaterEqual(r.error["line"], 1)

    def test_by_the_author_is_refused(self):
        v = self.imported(kit.DEMO)["version"]
        r = self.publish(6, v, "--actor", "ann", "--confirm", "mesotherapy")
        self.assertEqual(r.error["rule"], "PUB-SECOND-PERSON")

    def test_without_the_name_repeated_is_refused(self):
        v = self.imported(kit.DEMO)["version"]
        self.publish(2, v, "--actor", "bob")
        self.publish(2, v, "--actor", "bob", "--confirm", "mesotherap")

    def test_with_open_decisions_is_refused_at_the_first(self):
        v = self.imported(kit.DRAFT)["version"]
        r = self.publish(5, v, "--actor", "bob", "--confirm", "mesotherapy")
        self.assertEqual(r.error["rule"], "PUB-LINT")
        self.assertGreaterEqual(r.error["line"], 1)

    def test_a_dry_run_asks_the_same_and_publishes_nothing(self):
        v = self.imported(kit.PEEL)["version"]
        self.publish(6, v, "--dry-run", "--actor", "ann", "--confirm", "chemical-peel")
        self.publish(0, v, "--dry-run", "--actor", "bob", "--confirm", "chemical-peel")
        rows = run("protocol", "list", "--json", state=self.state).json["protocols"]
        self.assertEqual([p["state"] for p in rows if p["version"] == v], ["draft"])

    def test_by_another_person_makes_it_active(self):
        state = kit.installation(kit.DEMO)
        rows = run("protocol", "list", "--json", state=state).json["protocols"]
        self.assertEqual([(p["state"], p["active"], p["author"], p["approver"]) for p in rows],
                         [("active", True, "ann", "bob")])

    def test_show_gives_back_the_bytes(self):
        state = kit.installation(kit.DEMO)
        want = kit.read(kit.DEMO).encode()
        self.assertEqual(self.code(0, "protocol", "show", "mesotherapy", state=state).out, want)
        version = run("protocol", "list", "--json", state=state).json["protocols"][0]["version"]
        self.assertEqual(self.code(0, "protocol", "show", version[:8], state=state).out, want)
        self.assertEqual(run("protocol", "show", version, "--json", state=state).json["source"], want.decode())

    def test_a_version_by_seven_digits_is_not_found(self):
        state = kit.installation(kit.DEMO)
        version = run("protocol", "list", "--json", state=state).json["protocols"][0]["version"]
        self.code(3, "protocol", "show", version[:7], state=state)

    def test_an_unknown_name_is_not_found(self):
        self.publish(3, "nothing", "--actor", "bob", "--confirm", "nothing")

    def test_without_a_clinic_nothing_is_published(self):
        state = kit.folder("state")
        self.code(0, "init", state=state)
        self.code(0, "protocol", "import", kit.DEMO, state=state)
        r = self.code(5, "protocol", "publish", "mesotherapy", "--confirm", "mesotherapy", "--json", state=state)
        self.assertEqual(r.error["rule"], "PUB-CONTACT")


class Busy(Case):
    def test_a_store_that_another_writes_is_busy(self):
        state = kit.installation()
        other = sqlite3.connect(state + "/aftercare.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        r = self.code(8, "protocol", "import", "--json", "--actor", "ann", kit.DEMO, state=state)
        self.assertEqual(r.error["code"], 8)
        other.execute("ROLLBACK")
        other.close()


class Doctor(Case):
    def checks(self, want, state):
        r = self.code(want, "doctor", "--json", state=state)
        self.assertEqual(r.json["ok"], want == 0)
        return {c["check"]: c for c in r.json["checks"]}

    def test_finds_nothing_in_a_whole_installation(self):
        self.checks(0, kit.installation(kit.DEMO))

    def test_says_what_to_do_without_an_active_protocol(self):
        c = self.checks(1, kit.installation())
        self.assertIn("publish", c["a protocol is active"]["todo"])

    def test_sees_a_key_that_others_can_read(self):
        state = kit.installation(kit.DEMO)
        os.chmod(state + "/keys/log.key", 0o644)
        r = run("doctor", "--json", state=state)
        self.assertEqual(r.code, 1)
        self.assertIn("chmod 600", r.out.decode())

    def test_names_the_reason_where_nothing_opens(self):
        state = kit.installation(kit.DEMO)
        shutil.rmtree(state + "/keys")
        c = self.checks(1, state)
        self.assertFalse(c["the installation opens"]["ok"])

    def test_of_no_installation_says_that_there_is_none(self):
        c = self.checks(1, kit.folder("nothing"))
        self.assertIn("aftercare init", c["the installation opens"]["todo"])

    def test_of_a_damaged_log_is_an_integrity_failure(self):
        state = kit.installation(kit.DEMO)
        db = sqlite3.connect(state + "/aftercare.db")
        db.execute("UPDATE leaf SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE idx = 1")
        db.commit()
        db.close()
        self.assertFalse(self.checks(7, state)["the log verifies"]["ok"])


if __name__ == "__main__":
    kit.main()
