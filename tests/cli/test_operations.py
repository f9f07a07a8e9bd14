"""Tasks, events, deliveries, and the store itself: backup, restore, check, migrate, configuration. See kit.py."""
import datetime
import json
import os
import sqlite3
import stat
import zoneinfo

import kit
from kit import Case, run

STATE = kit.installation(kit.DEMO)
kit.fill(STATE, 0, 4)
PLAN = run("plan", "list", "--json", "--patient", "p1", state=STATE).json["plans"][0]["id"]


def tasks(state, plan=PLAN):
    return {t["name"]: t for t in run("task", "list", "--json", state=state).json["tasks"] if t["plan"] == plan}


def offset(day):
    o = datetime.datetime.combine(day, datetime.time(15, 30), zoneinfo.ZoneInfo("Europe/Berlin")).strftime("%z")
    return o[:3] + ":" + o[3:]


class Tasks(Case):
    def setUp(self):
        self.state = kit.copy(STATE)

    def test_one_is_done_by_its_short_name(self):
        self.code(0, "task", "done", "--reason", "all well", PLAN[:8], "book-next", state=self.state)
        self.assertEqual(tasks(self.state)["mesotherapy/book-next/1"]["status"], "completed")

    def test_what_is_done_cannot_be_done_again(self):
        self.code(0, "task", "done", PLAN, "book-next", state=self.state)
        self.assertIn("TASK-STATE", self.code(4, "task", "done", PLAN, "book-next", state=self.state).talk)

    def test_cancelling_and_escalating_ask_for_a_reason(self):
        for verb in ("cancel", "escalate"):
            self.assertIn("--reason", self.code(2, "task", verb, PLAN, "follow-up", state=self.state).talk)

    def test_one_is_cancelled(self):
        self.code(0, "task", "cancel", "--reason", "moved away", PLAN, "follow-up", state=self.state)
        self.assertEqual(tasks(self.state)["mesotherapy/follow-up/1"]["status"], "cancelled")

    def test_an_escalated_one_is_urgent_and_another_role_s(self):
        self.code(0, "task", "escalate", "--reason", "no answer", "--role", "admin", PLAN, "book-next", state=self.state)
        t = tasks(self.state)["mesotherapy/book-next/1"]
        self.assertEqual((t["urgent"], t["role"], t["status"]), (True, "admin", "requested"))

    def test_an_escalated_one_has_no_time_at_which_it_was_done(self):
        self.code(0, "task", "escalate", "--reason", "no answer", "--role", "admin", PLAN, "book-next", state=self.state)
        db = sqlite3.connect(self.state + "/aftercare.db")
        self.assertEqual(db.execute("SELECT done_ms, actor FROM task WHERE name = 'mesotherapy/book-next/1' AND urgent = 1").fetchall(),
                         [(None, None)])
        db.close()

    def test_the_reason_is_not_in_the_log(self):
        self.code(0, "task", "cancel", "--reason", "xyzzy", PLAN, "follow-up", state=self.state)
        db = sqlite3.connect(self.state + "/aftercare.db")
        leaves = b"".join(bytes(r[0]) for r in db.execute("SELECT bytes FROM leaf"))
        db.close()
        self.assertNotIn(b"xyzzy", leaves)
        self.code(0, "audit", "verify", state=self.state)

    def test_a_dry_run_changes_nothing(self):
        before = tasks(self.state)
        self.assertIn("would be", self.code(0, "task", "done", "-n", PLAN, "book-next", state=self.state).text)
        self.assertEqual(tasks(self.state), before)

    def test_one_is_put_off_until_an_hour_of_the_clinic_s_clock(self):
        day = datetime.date.today() + datetime.timedelta(days=20)
        said = [self.code(0, "task", "snooze", "--json", "--reason", "asked for it", "--until", t, PLAN, "follow-up",
                          state=kit.copy(STATE)).json for t in ("%sT15:30" % day, "%sT15:30:00%s" % (day, offset(day)))]
        self.assertEqual(said[0], said[1])
        for wrong in ("%sT1530", "%sT24:00", "%sT", "%s 15:30", "tomorrow"):
            wrong = wrong % day if "%" in wrong else wrong
            self.assertIn("--until", self.code(2, "task", "snooze", "--reason", "x", "--until", wrong, PLAN, "follow-up",
                                               state=self.state).talk)

    def test_a_task_that_is_none_is_not_found(self):
        self.assertIn("TASK-UNKNOWN", self.code(3, "task", "done", PLAN, "nothing", state=self.state).talk)


class Events(Case):
    def test_each_visit_is_listed_with_what_came_of_it(self):
        rows = self.code(0, "event", "list", "--json", state=STATE).json["events"]
        self.assertEqual([(r["site"], r["encounter"], r["outcome"]) for r in rows],
                         [("default", "v0", "updated"), ("default", "v1", "created"), ("default", "v2", "created"),
                          ("default", "v3", "updated")])

    def test_the_list_is_narrowed_and_goes_on(self):
        def names(*more):
            return [r["encounter"] for r in run("event", "list", "--json", *more, state=STATE).json["events"]]
        self.assertEqual(names("--outcome", "updated"), ["v0", "v3"])
        self.assertEqual(names("--after", "default/v1"), ["v2", "v3"])
        self.assertEqual(names("--since", "2999-01-01"), [])
        self.assertEqual(names("--site", "other"), [])

    def test_an_outcome_that_no_visit_has_is_refused(self):
        self.assertIn("no-protocol", self.code(2, "event", "list", "--outcome", "noprotocol", state=STATE).talk)

    def test_a_stored_visit_comes_out_unchanged(self):
        r = self.code(0, "event", "replay", "--json", "default/v3", state=kit.copy(STATE))
        self.assertEqual(r.json["outcome"], "unchanged")

    def test_what_a_replay_proves_is_said(self):
        text = self.code(0, "event", "replay", "default/v3", state=kit.copy(STATE)).text
        self.assertIn("default/v3 unchanged\n", text)
        self.assertIn("plan regen --verify", text, "no plan is made again by it")

    def test_a_store_that_does_not_hold_what_it_answered_is_found(self):
        state = kit.copy(STATE)
        db = sqlite3.connect(state + "/aftercare.db")
        db.execute("UPDATE encounter SET revision = 1, content_hash = ? WHERE id = 'v3'", (b"x" * 32,))
        db.commit()
        db.close()
        self.assertNotEqual(run("event", "replay", "default/v3", state=state).code, 0)

    def test_a_snapshot_is_shown_and_that_is_logged(self):
        state = kit.copy(STATE)
        before = run("audit", "verify", "--json", state=state).json["entries"]
        r = self.code(0, "event", "show", "default/v3", state=state)
        self.assertEqual(json.loads(r.text)["encounter"]["id"], "v3")
        self.assertEqual(run("audit", "verify", "--json", state=state).json["entries"], before + 1)

    def test_a_visit_is_named_by_site_and_id(self):
        self.code(2, "event", "show", "v3", state=STATE)
        self.code(3, "event", "show", "default/v99", state=STATE)


class Deliveries(Case):
    def test_what_was_refused_is_offered_again(self):
        state = kit.copy(STATE)
        db = sqlite3.connect(state + "/aftercare.db")
        (key,) = db.execute("SELECT kind || '/' || object || '/' || version FROM delivery WHERE status = 'pending' AND kind = 'document' LIMIT 1").fetchone()
        db.execute("UPDATE delivery SET status = 'failed' WHERE kind || '/' || object || '/' || version = ?", (key,))
        db.commit()
        db.close()
        kind, thing, version = key.split("/")
        self.code(0, "delivery", "retry", "%s/%s/%s" % (kind, thing[:13], version), state=state)
        rows = run("delivery", "list", "--json", state=state).json["deliveries"]
        self.assertEqual([d["status"] for d in rows if d["key"] == key], ["pending"])

    def test_all_or_one(self):
        state = kit.copy(STATE)
        self.code(2, "delivery", "retry", state=state)
        self.code(2, "delivery", "retry", "--all", "document/x/1", state=state)
        self.assertGreater(self.code(0, "delivery", "retry", "--all", "--json", state=state).json["deliveries"], 0)
        self.code(3, "delivery", "retry", "document/x/1", state=state)


class Backup(Case):
    def backup(self, *more, state=STATE):
        to = kit.folder("backup")
        self.code(0, "store", "backup", *more, to, state=state)
        return to

    def test_a_copy_is_private_described_and_a_new_installation_comes_of_it(self):
        to, new = self.backup("--with-keys"), kit.folder("state")
        for name, mode in (("", 0o700), ("/aftercare.db", 0o600), ("/backup.json", 0o600), ("/keys/log.key", 0o600)):
            self.assertEqual(stat.S_IMODE(os.stat(to + name).st_mode), mode, name)
        with open(to + "/backup.json") as f:
            about = json.load(f)
        with open(to + "/aftercare.db", "rb") as f:
            self.assertEqual(kit.sha256(f.read()), about["sha256"])
        self.code(0, "store", "restore", "--confirm", new, "--state", new, to)
        self.code(0, "plan", "regen", "--verify", "--all", state=new)
        self.code(0, "store", "check", state=new)
        self.assertEqual(tasks(new), tasks(STATE))
        self.code(0, "doctor", state=new)

    def test_who_may_do_what_comes_with_it(self):
        state, new = kit.copy(STATE), kit.folder("state")
        with open(state + "/aftercare.conf", "w") as f:
            f.write("[roles]\nedit = os:ann\npublish = os:bob\n")
        self.code(0, "store", "restore", "--confirm", new, "--state", new, self.backup("--with-keys", state=state))
        self.assertEqual(run("config", "show", "--json", "--actor", "ann", state=new).json["may"], "edit")

    def test_without_keys_that_is_said_and_they_are_asked_for(self):
        to = kit.folder("backup")
        r = self.code(0, "store", "backup", to, state=STATE)
        self.assertIn("the keys are NOT in the copy", r.talk)
        self.assertFalse(os.path.exists(to + "/keys"))
        self.assertIn("BACKUP-KEYS", self.code(3, "store", "restore", "--state", kit.folder("state"), to).talk)
        new = kit.folder("state")
        self.code(0, "store", "restore", "--confirm", new, "--state", new, "--keys", STATE + "/keys", to)

    def test_other_keys_are_refused_and_nothing_is_left(self):
        other, new = kit.installation(), kit.folder("state")
        self.code(7, "store", "restore", "--confirm", new, "--state", new, "--keys", other + "/keys", self.backup())
        self.assertFalse(os.path.exists(new))

    def test_a_damaged_copy_is_refused_and_nothing_is_left(self):
        to, new = self.backup("--with-keys"), kit.folder("state")
        with open(to + "/aftercare.db", "r+b") as f:
            f.seek(20000)
            f.write(b"damage")
        self.assertIn("BACKUP-SHA256", self.code(7, "store", "restore", "--confirm", new, "--state", new, to).talk)
        self.assertFalse(os.path.exists(new))

    def test_half_a_backup_is_none(self):
        to = self.backup("--with-keys")
        os.unlink(to + "/backup.json")
        self.assertIn("BACKUP-NONE", self.code(3, "store", "restore", "--state", kit.folder("state"), to).talk)

    def test_where_it_is_restored_to_is_repeated(self):
        to, new = self.backup("--with-keys"), kit.folder("state")
        self.assertIn("--confirm=" + new, self.code(2, "store", "restore", "--state", new, to).talk)
        self.code(2, "store", "restore", "--confirm", STATE, "--state", new, to)
        self.assertFalse(os.path.exists(new))

    def test_nothing_is_overwritten(self):
        to = self.backup("--with-keys")
        self.assertIn("BACKUP-EXISTS", self.code(4, "store", "backup", to, state=STATE).talk)
        self.assertIn("RESTORE-EXISTS", self.code(4, "store", "restore", "--state", STATE, to).talk)

    def test_a_link_or_a_folder_of_somebody_else_is_no_place_for_it(self):
        to, link = kit.folder("theirs"), kit.folder("link")
        os.mkdir(to)
        os.symlink(to, link)
        self.assertIn("BACKUP-OWNER", self.code(6, "store", "backup", link, state=STATE).talk)
        if os.geteuid() == 0:
            os.chown(to, 65534, 65534)
            os.chmod(to, 0o755)
            self.assertIn("BACKUP-OWNER", self.code(6, "store", "backup", "-n", to, state=STATE).talk)
            self.assertIn("BACKUP-OWNER", self.code(6, "store", "backup", to, state=STATE).talk)
            self.assertEqual(os.stat(to).st_mode & 0o777, 0o755, "the mode of another user's folder was changed")
        self.assertEqual(os.listdir(to), [])

    def test_a_damaged_store_is_not_backed_up_as_good(self):
        state = kit.copy(STATE)
        db = sqlite3.connect(state + "/aftercare.db")
        db.execute("UPDATE leaf SET bytes = CAST('x' AS BLOB) WHERE idx = 6")
        db.commit()
        db.close()
        to = kit.folder("backup")
        self.code(7, "store", "backup", to, state=state)
        self.assertFalse(os.path.exists(to + "/backup.json"))

    def test_it_is_an_entry_of_the_log(self):
        state = kit.copy(STATE)
        before = run("audit", "verify", "--json", state=state).json["entries"]
        self.backup(state=state)
        self.assertEqual(run("audit", "verify", "--json", state=state).json["entries"], before + 1)


class Check(Case):
    def test_a_content_that_is_not_what_its_hash_says_is_found(self):
        state = kit.copy(STATE)
        db = sqlite3.connect(state + "/aftercare.db")
        rows = db.execute("SELECT sha256, bytes FROM blob ORDER BY sha256 LIMIT 2").fetchall()
        db.execute("UPDATE blob SET bytes = ? WHERE sha256 = ?", (rows[1][1], rows[0][0]))
        db.commit()
        db.close()
        self.assertRegex(run("store", "check", state=state).talk, "BLOB-HASH|PROTOCOL-HASH|DICTIONARY")
        self.assertEqual(run("store", "check", state=state).code, 7)

    def test_a_newest_store_has_nothing_to_migrate(self):
        self.assertIn("nothing to do", self.code(0, "store", "migrate", state=STATE).text)

    def test_an_old_store_is_copied_before_its_schema_is_changed(self):
        state = kit.folder("state")
        os.makedirs(state)
        db = sqlite3.connect(state + "/aftercare.db")
        db.executescript(kit.read(kit.SOURCE + "/schemas/sql/sqlite/0001_init.sql"))
        db.execute("PRAGMA user_version = 1")
        db.execute("PRAGMA application_id = %d" % 0x41435245)
        db.commit()
        db.close()
        for verb in (("protocol", "list"), ("plan", "list"), ("audit", "verify")):  # who looks changes nothing
            self.assertIn("aftercare store migrate", self.code(4, *verb, state=state).talk)
        self.assertIn("aftercare store migrate", self.code(1, "doctor", state=state).text)
        self.assertIn("would become", self.code(0, "store", "migrate", "--dry-run", state=state).text)
        r = self.code(0, "store", "migrate", "--json", state=state)
        self.assertEqual((r.json["had"], r.json["newest"]), (1, len(os.listdir(kit.SOURCE + "/schemas/sql/sqlite"))))
        for path, want in ((r.json["copy"], 1), (state + "/aftercare.db", r.json["newest"])):
            db = sqlite3.connect(path)
            self.assertEqual(db.execute("PRAGMA user_version").fetchone()[0], want)
            db.close()

    def test_no_installation_is_not_found(self):
        self.code(3, "store", "migrate", state=kit.folder("nothing"))
        self.code(3, "store", "check", state=kit.folder("nothing"))


class Config(Case):
    def test_who_you_are_and_what_you_may(self):
        r = self.code(0, "config", "show", "--json", "--actor", "ann", state=STATE)
        self.assertEqual((r.json["account"], r.json["file_there"]), ("os:ann", False))

    def test_a_wrong_file_is_said_by_its_line(self):
        path = kit.folder("bad.conf")
        with open(path, "w") as f:
            f.write("[roles]\nedit = os:ann\nfly = os:ann\n")
        r = self.code(5, "config", "check", "--json", "--config", path, state=STATE)
        self.assertEqual((r.error["rule"], r.error["line"]), ("CNF-KEY", 3))

    def test_a_name_that_nobody_has_is_said_by_the_doctor(self):
        state = kit.copy(STATE)
        with open(state + "/aftercare.conf", "w") as f:
            f.write("[roles]\nedit = os:root, root, *\napprove = @root, @no-such-group, ehr:default/3\npublish = os:no-such-user\n")
        bad = [x for x in run("doctor", state=state).text.split("\n") if "[roles]" in x]
        self.assertEqual([x.split(" in [roles] names ")[1].split(",")[0] for x in bad], ["root", "@no-such-group", "os:no-such-user"])

    def test_a_good_one_is_good(self):
        path = kit.folder("good.conf")
        with open(path, "w") as f:
            f.write("[roles]\nedit = os:ann\n")
        self.assertIn("good", self.code(0, "config", "check", "--config", path, "--clinic", kit.CLINIC, state=STATE).text)


if __name__ == "__main__":
    kit.main()
