"""Every verb that writes: --dry-run changes nothing, --reason is kept beside the log and never in it. See kit.py."""
import hashlib
import json
import os
import sqlite3

import kit
from kit import Case, run

STATE = kit.installation(kit.DEMO)
kit.fill(STATE, 0, 2)
PLAN = run("plan", "list", "--json", "--patient", "p1", state=STATE).json["plans"][0]["id"]
REASON = "because xyzzy"


def rows(state, sql):
    db = sqlite3.connect(state + "/aftercare.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def contents(state):
    """Every row of every table, and the files of keys."""
    h = hashlib.sha256()
    for (name,) in sorted(rows(state, "SELECT name FROM sqlite_master WHERE type = 'table'")):
        h.update(repr((name, rows(state, "SELECT * FROM %s" % name))).encode())
    for name in sorted(os.listdir(state + "/keys")):
        with open(state + "/keys/" + name, "rb") as f:
            h.update(f.read())
    return h.hexdigest()


def outcomes(state):
    """The words of the entries that have a leaf of this reason: the words stand beside it and nowhere else in the log."""
    leaves = [json.loads(bytes(r[0])) for r in
              rows(state, "SELECT bytes FROM leaf JOIN leaf_side USING (idx) WHERE object LIKE '%xyzzy%' ORDER BY idx")]
    assert all(leaf["kind"] in ("reason", "protocol-reason") and leaf["digest"] for leaf in leaves), leaves
    return [leaf["action"] for leaf in leaves]


class Reasons(Case):
    def setUp(self):
        self.state = kit.copy(STATE)

    def write(self, *verb, code=0):
        """A dry run, which leaves everything as it was, and then the act with a reason."""
        before = contents(self.state)
        dry = self.code(code, *verb[:2], "--dry-run", "--reason", REASON, *verb[2:], state=self.state)
        self.assertEqual(contents(self.state), before, "a dry run changed something")
        self.code(code, *verb[:2], "--reason", REASON, *verb[2:], state=self.state)
        if code == 0:
            self.assertNotEqual(contents(self.state), before)
        for (leaf,) in rows(self.state, "SELECT bytes FROM leaf"):
            self.assertNotIn(b"xyzzy", bytes(leaf))
        self.code(0, "audit", "verify", state=self.state)
        return dry

    def test_clinic_set(self):
        self.write("clinic", "set", kit.CLINIC)
        self.assertEqual(outcomes(self.state), ["configure"])

    def test_site_set(self):
        self.write("site", "set", "other", "openemr")
        self.assertEqual(outcomes(self.state), ["configure"])

    def test_key_rotate(self):
        dry = self.write("key", "rotate", "--json")
        self.assertEqual(dry.json["keys"], [])
        self.assertEqual(outcomes(self.state), ["key:made"])

    def test_a_second_rotation_names_the_key_that_becomes_the_former(self):
        first = self.code(0, "key", "rotate", "--json", state=self.state).json["keys"][0]["id"]
        self.assertIn("--confirm=" + first, self.code(2, "key", "rotate", state=self.state).talk)
        self.code(0, "key", "rotate", "-n", state=self.state)
        self.assertEqual(len(self.code(0, "key", "list", "--json", state=self.state).json["keys"]), 1)
        r = self.code(0, "key", "rotate", "--json", "--confirm", first, state=self.state)
        self.assertEqual(r.json["keys"][1]["id"], first)
        self.code(2, "key", "rotate", "--confirm", first, state=self.state)

    def test_key_retire(self):
        key = self.code(0, "key", "rotate", "--json", state=self.state).json["keys"][0]["id"]
        self.assertIn("--confirm=" + key, self.code(2, "key", "retire", key, state=self.state).talk)
        self.code(2, "key", "retire", "--confirm", "00000000", key, state=self.state)
        dry = self.write("key", "retire", "--json", "--confirm", key, key)
        self.assertEqual(dry.json["keys"], [])
        self.assertEqual(outcomes(self.state), ["key:retired"])

    def test_a_dry_run_names_a_key_that_is_none(self):
        self.assertIn("KEY-UNKNOWN", self.code(3, "key", "retire", "-n", "00000000", state=self.state).talk)

    def test_persons(self):
        self.write("person", "add", "dr-example", "An Example")
        self.write("person", "map", "dr-example", "os:example")
        self.write("person", "unmap", "os:example")
        self.assertEqual(outcomes(self.state), ["person:add", "person:map", "person:unmap"])

    def test_delivery_retry(self):
        self.write("delivery", "retry", "--all")
        self.assertEqual(set(outcomes(self.state)), {"delivery:retry"})

    def test_event_replay(self):
        self.write("event", "replay", "default/v1")
        self.assertEqual(outcomes(self.state), ["event:replay"])

    def test_protocol_import(self):
        self.write("protocol", "import", "--actor", "ann", kit.PEEL)
        self.assertEqual(outcomes(self.state), ["import"])
        self.assertEqual(rows(self.state, "SELECT reason FROM protocol_act WHERE action = 'import' ORDER BY at_ms DESC")[0][0],
                         REASON)

    def test_another_reason_than_was_given_is_found(self):
        r = self.code(0, "protocol", "import", "--json", "--actor", "ann", kit.PEEL, state=self.state).json
        self.code(0, "protocol", "publish", "--break-glass", "--reason", "nobody here", "--confirm", r["protocol"], "--actor", "ann",
                  r["version"], state=self.state)
        self.code(0, "protocol", "suspend", "--reason", "wrong dose", "--confirm", "mesotherapy", "mesotherapy", state=self.state)
        self.code(0, "plan", "recall", "--protocol", "mesotherapy", "--version", "v1", "--reason", "a wrong end", "--confirm",
                  "mesotherapy", state=self.state)
        self.code(0, "site", "set", "--reason", "a new chart", "other", "openemr", state=self.state)
        self.code(0, "audit", "verify", state=self.state)
        for sql in ("UPDATE protocol_act SET reason = 'approved by phone' WHERE action = 'break-glass'",
                    "UPDATE protocol_act SET reason = NULL WHERE action = 'break-glass'",
                    "UPDATE protocol_activation SET reason = 'approved by phone' WHERE kind = 'break-glass'",
                    "UPDATE protocol_activation SET reason = NULL WHERE kind = 'break-glass'",
                    "UPDATE protocol_suspension SET reason = 'under test'",
                    "UPDATE protocol_act SET reason = 'under test' WHERE action = 'suspend'",
                    "UPDATE recall SET reason = 'for practice'",
                    "UPDATE leaf_side SET object = 'an old chart' WHERE object = 'a new chart'"):
            state = kit.copy(self.state)
            db = sqlite3.connect(state + "/aftercare.db")
            self.assertEqual(db.execute(sql).rowcount, 1, sql)
            db.commit()
            db.close()
            r = self.code(7, "audit", "verify", "--json", state=state)
            self.assertEqual(r.error["rule"], "LOG-REASON", sql)
        state = kit.copy(self.state)
        db = sqlite3.connect(state + "/aftercare.db")
        db.execute("UPDATE leaf_side SET object = NULL")
        db.commit()
        db.close()
        self.code(0, "audit", "verify", state=state)

    def test_store_backup(self):
        to = kit.folder("backup")
        before = contents(self.state)
        self.code(0, "store", "backup", "-n", "--reason", REASON, to, state=self.state)
        self.assertEqual(contents(self.state), before)
        self.assertFalse(os.path.exists(to))
        self.code(0, "store", "backup", "--with-keys", "--reason", REASON, to, state=self.state)
        self.assertEqual(outcomes(self.state), ["backup:with-keys"])

    def test_a_dry_run_of_a_backup_says_that_the_folder_is_taken(self):
        to = kit.folder("backup")
        os.mkdir(to)
        open(to + "/mine", "w").close()
        self.assertIn("BACKUP-EXISTS", self.code(4, "store", "backup", "-n", to, state=self.state).talk)

    def test_store_restore(self):
        saved, new = kit.folder("backup"), kit.folder("state")
        self.code(0, "store", "backup", "--with-keys", saved, state=self.state)
        self.code(0, "store", "restore", "-n", "--reason", REASON, saved, state=new)
        self.assertFalse(os.path.exists(new))
        self.code(0, "store", "restore", "--confirm", new, "--reason", REASON, saved, state=new)
        self.assertEqual(outcomes(new), ["backup:restored"])
        self.code(0, "audit", "verify", state=new)

    def test_store_migrate(self):
        state = kit.folder("state")
        self.code(0, "init", "--clinic", kit.CLINIC, state=state)
        settings = rows(state, "SELECT * FROM setting")
        for name in os.listdir(state):
            if name.startswith("aftercare.db"):
                os.remove(state + "/" + name)
        db = sqlite3.connect(state + "/aftercare.db")  # as a former release left it, beside its keys
        db.executescript(kit.read(kit.SOURCE + "/schemas/sql/sqlite/0001_init.sql"))
        db.executemany("INSERT INTO setting VALUES (?, ?)", settings)
        db.execute("PRAGMA user_version = 1")
        db.execute("PRAGMA application_id = %d" % 0x41435245)
        db.commit()
        db.close()
        self.code(0, "store", "migrate", "-n", "--reason", REASON, state=state)
        r = self.code(0, "store", "migrate", "--json", "--reason", REASON, state=state)
        self.assertEqual((r.json["had"], r.json["newest"]), (1, len(os.listdir(kit.SOURCE + "/schemas/sql/sqlite"))))
        self.assertEqual(outcomes(state), ["configure:migrated"])
        self.code(0, "audit", "verify", state=state)

    def test_tasks_and_plans(self):
        task = self.code(0, "task", "list", "--json", state=self.state).json["tasks"][0]
        at = (task["plan"], task["name"])
        self.write("task", "assign", "--owner", "n2", *at)
        self.write("task", "escalate", *at)
        self.write("plan", "hold", PLAN)
        self.write("plan", "resume", PLAN)
        self.assertEqual(outcomes(self.state), ["task:assign", "task:escalated", "state:hold", "state:resume"])
        for sql in ("UPDATE task_act SET reason = 'asked for it' WHERE action = 'assign'",
                    "UPDATE task_act SET reason = NULL WHERE action = 'escalate'",
                    "DELETE FROM task_act WHERE action = 'assign'",
                    "UPDATE plan_act SET reason = 'a holiday' WHERE action = 'hold'", "DELETE FROM plan_act WHERE action = 'resume'"):
            state = kit.copy(self.state)
            db = sqlite3.connect(state + "/aftercare.db")
            self.assertEqual(db.execute(sql).rowcount, 1, sql)
            db.commit()
            db.close()
            self.assertEqual(self.code(7, "audit", "verify", "--json", state=state).error["rule"], "LOG-REASON", sql)

    def test_a_restore_without_a_reason_leaves_the_log_as_it_was_saved(self):
        saved, new = kit.folder("backup"), kit.folder("state")
        size = self.code(0, "store", "backup", "--with-keys", "--json", saved, state=self.state).json["log_size"]
        self.code(0, "store", "restore", "--confirm", new, saved, state=new)
        self.assertEqual(rows(new, "SELECT count(*) FROM leaf")[0][0], size)

    def test_a_dry_run_of_a_restore_says_that_an_installation_is_there(self):
        saved = kit.folder("backup")
        self.code(0, "store", "backup", "--with-keys", saved, state=self.state)
        self.assertIn("RESTORE-EXISTS", self.code(4, "store", "restore", "-n", saved, state=self.state).talk)

    def test_init(self):
        new = kit.folder("state")
        self.code(0, "init", "-n", "--reason", REASON, "--clinic", kit.CLINIC, state=new)
        self.assertFalse(os.path.exists(new))
        self.code(0, "init", "--reason", REASON, "--clinic", kit.CLINIC, state=new)
        self.assertEqual(outcomes(new), ["init"])
        self.assertIn("INIT-EXISTS", self.code(4, "init", "-n", state=new).talk)

    def test_a_reason_that_is_too_long_is_refused_before_anything_is_done(self):
        before = contents(self.state)
        for verb in (("clinic", "set", kit.CLINIC), ("site", "set", "other", "openemr"), ("key", "rotate"),
                     ("person", "add", "dr-example", "An Example"), ("delivery", "retry", "--all"),
                     ("event", "replay", "default/v1"), ("store", "backup", kit.folder("backup"))):
            self.assertIn("LIFE-REASON", self.code(5, *verb, "--reason", "x" * 1001, state=self.state).talk, verb)
        self.assertEqual(contents(self.state), before)


class Refused(Case):
    def test_the_author_is_refused_before_a_version_is_asked_for(self):
        state = kit.installation(kit.DEMO)
        v = self.code(0, "protocol", "import", "--json", "--actor", "ann", kit.PEEL, state=state).json["version"]
        self.code(0, "protocol", "submit", "--actor", "ann", v, state=state)
        r = self.code(6, "protocol", "approve", "--actor", "ann", "chemical-peel", state=state)
        self.assertIn("PUB-SECOND-PERSON", r.talk)
        self.assertNotIn("--confirm", r.talk)

    def test_without_the_right_a_dry_run_of_an_import_is_refused_too(self):
        state = kit.installation(kit.DEMO)
        with open(state + "/aftercare.conf", "w") as f:
            f.write("[roles]\nedit = os:ann\n")
        self.assertIn("LIFE-ROLE", self.code(6, "protocol", "import", "-n", "--actor", "bob", kit.PEEL, state=state).talk)
        self.code(0, "protocol", "import", "-n", "--actor", "ann", kit.PEEL, state=state)


if __name__ == "__main__":
    kit.main()
