"""A store that somebody changed, or a disk did: what finds it, what it names, how it ends. See kit.py."""
import os
import re
import sqlite3
import subprocess

import kit
from kit import Case, run

STATE = kit.installation(kit.DEMO)
kit.fill(STATE, 0, 6)
FLIP = "CAST(substr(bytes, 1, length(bytes) - 1) || x'%02x' AS BLOB)"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"


def changed(*statements):
    """A copy of the store after these statements of somebody who can write the file."""
    state = kit.copy(STATE)
    db = sqlite3.connect(state + "/aftercare.db")
    db.execute("PRAGMA foreign_keys = OFF")
    for s in statements:
        assert db.execute(s).rowcount != 0, s
    db.commit()
    db.close()
    return state


def one(sql):
    db = sqlite3.connect(STATE + "/aftercare.db")
    row = db.execute(sql).fetchone()
    db.close()
    return row[0]


def last_byte_of(table, where):
    """Flip the lowest bit of the last byte of a body."""
    last = one("SELECT substr(bytes, length(bytes)) FROM %s WHERE %s" % (table, where))[0]
    return "UPDATE %s SET bytes = %s WHERE %s" % (table, FLIP % (last ^ 1), where)


# version 1: ids are by chance, so that which document comes first is too
DOCUMENT = "id = (SELECT id FROM document WHERE version = 1 ORDER BY id LIMIT 1)"
ISSUE = "plan = (SELECT plan FROM issue ORDER BY plan LIMIT 1)"


class Verify(Case):
    def named(self, state, rule, path):
        r = self.code(7, "audit", "verify", "--json", state=state)
        self.assertEqual((r.error["rule"], r.error["code"]), (rule, 7), r.error)
        self.assertRegex(r.error["path"], "^" + path + "$")
        self.assertIn(r.error["path"], run("audit", "verify", state=state).talk)

    def test_finds_nothing_in_a_whole_store(self):
        r = self.code(0, "audit", "verify", "--json", state=STATE).json
        self.assertEqual((r["schema_version"], r["sheets"]), (1, 6))
        self.assertEqual(len(r["root"]), 64)

    def test_names_a_document_with_one_bit_changed(self):
        self.named(changed(last_byte_of("document", DOCUMENT)), "LOG-DOCUMENT", "/document/%s/1" % UUID)

    def test_names_a_sheet_with_one_bit_changed(self):
        self.named(changed(last_byte_of("issue", ISSUE)), "LOG-ISSUE", "/issue/%s/1" % UUID)

    def test_names_a_document_that_another_stands_in_for(self):
        other = "(SELECT %s FROM document WHERE NOT " + DOCUMENT + " LIMIT 1)"
        self.named(changed("UPDATE document SET bytes = %s, sha256 = %s, size = %s WHERE %s"
                           % (other % "bytes", other % "sha256", other % "size", DOCUMENT)), "LOG-DOCUMENT", "/document/%s/1" % UUID)

    def test_names_the_entry_of_a_document_that_was_taken_away(self):
        leaf = one("SELECT leaf FROM document WHERE " + DOCUMENT)
        self.named(changed("DELETE FROM document WHERE " + DOCUMENT), "LOG-DOCUMENT", "/leaf/%d" % leaf)

    def test_names_the_entry_of_a_sheet_that_was_taken_away(self):
        leaf = one("SELECT leaf FROM issue WHERE " + ISSUE)
        self.named(changed("DELETE FROM issue WHERE " + ISSUE), "LOG-ISSUE", "/leaf/%d" % leaf)

    def test_names_a_plan_whose_inputs_were_changed(self):
        self.named(changed("UPDATE plan_version SET manifest = (SELECT manifest FROM plan_version ORDER BY plan DESC LIMIT 1) "
                           "WHERE plan = (SELECT min(plan) FROM plan_version) AND version = 1"), "LOG-PLAN",
                   "/plan_version/%s/1" % UUID)

    def test_names_a_missing_entry(self):
        self.named(changed("DELETE FROM leaf_side WHERE idx = 3", "DELETE FROM leaf WHERE idx = 3"), "LOG-GAP", "/leaf/3")

    def test_names_the_range_of_an_entry_that_was_rewritten(self):
        state = changed("UPDATE leaf SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"role\":\"admin\"', '\"role\":\"nurse\"') "
                        "AS BLOB) WHERE idx = 1")
        self.named(state, "LOG-ROOT", r"/leaf/0\.\.2")

    def test_names_a_name_beside_an_entry_that_is_not_its_own(self):
        self.named(changed("UPDATE leaf_side SET actor = 'mallory' WHERE idx = 2"), "LOG-LEAF", "/leaf/2")

    def test_a_purged_name_is_no_fault(self):
        self.code(0, "audit", "verify", state=changed("UPDATE leaf_side SET actor = NULL, patient = NULL"))

    def test_names_a_checkpoint_that_was_rewritten(self):
        size = one("SELECT min(size) FROM checkpoint")
        self.named(changed("UPDATE checkpoint SET root = zeroblob(32) WHERE size = %d" % size), "LOG-CHECKPOINT",
                   "/checkpoint/%d" % size)

    def test_names_entries_that_were_cut_off_with_their_checkpoints(self):
        n = one("SELECT count(*) FROM leaf")
        state = changed("DELETE FROM leaf_side WHERE idx >= %d" % (n - 1), "DELETE FROM leaf WHERE idx >= %d" % (n - 1),
                        "DELETE FROM checkpoint WHERE size > %d" % (n - 1))
        r = self.code(7, "audit", "verify", "--json", state=state)
        self.assertRegex(r.error["rule"], "LOG-")

    def test_another_stores_key_signs_nothing_here(self):
        state, other = kit.copy(STATE), kit.installation()
        os.replace(other + "/keys/log.key", state + "/keys/log.key")
        self.assertEqual(self.code(7, "audit", "verify", "--json", state=state).error["code"], 7)


class Disk(Case):
    """Not somebody, but a disk: bytes of the file itself."""

    def flipped(self, needle):
        state = kit.copy(STATE)
        with open(state + "/aftercare.db", "r+b") as f:
            data = f.read()
            at = data.index(needle) + len(needle) // 2
            f.seek(at)
            f.write(bytes([data[at] ^ 1]))
        return state

    def test_a_flipped_bit_in_an_entry_is_named(self):
        text = one("SELECT bytes FROM leaf WHERE idx = 4")
        r = self.code(7, "audit", "verify", "--json", state=self.flipped(text))
        self.assertRegex(r.error["path"], r"^/leaf/(\d+\.\.)?4")  # its batch is what a signed note covers

    def test_a_flipped_bit_in_a_document_is_named(self):
        body = one("SELECT bytes FROM document WHERE " + DOCUMENT)
        r = self.code(7, "audit", "verify", "--json", state=self.flipped(body[-200:]))
        self.assertRegex(r.error["path"], "^/document/")

    def test_a_page_of_zeros_is_an_integrity_failure_and_no_crash(self):
        state = kit.copy(STATE)
        page = one("PRAGMA page_size")
        size = os.path.getsize(state + "/aftercare.db") // page
        for n in range(1, size, max(1, size // 12)):
            with open(state + "/aftercare.db", "r+b") as f:
                f.seek(n * page)
                was = f.read(page)
                f.seek(n * page)
                f.write(bytes(page))
            if any(was):
                r = run("doctor", "--json", state=state)
                self.assertIn(r.code, (1, 7), "page %d" % n)
                self.assertFalse(r.json["ok"])
            with open(state + "/aftercare.db", "r+b") as f:
                f.seek(n * page)
                f.write(was)
        self.code(0, "doctor", state=state)

    def test_a_file_that_is_no_store_is_refused(self):
        state = kit.copy(STATE)
        with open(state + "/aftercare.db", "wb") as f:
            f.write(b"not a database" * 1000)
        r = run("plan", "list", "--json", state=state)
        self.assertIn(r.code, (1, 7))
        self.assertEqual(r.error["code"], r.code)


class Reading(Case):
    def test_a_damaged_document_ends_an_export_without_a_manifest(self):
        out = kit.folder("export")
        r = self.code(7, "export", "cda", "--all", "--json", "--out", out, state=changed(last_byte_of("document", DOCUMENT)))
        self.assertEqual(r.error["code"], 7)
        self.assertFalse(os.path.exists(out + "/manifest.json"))
        with open(out + "/SHA256SUMS") as f:
            self.assertNotIn("manifest.json", f.read())

    def test_so_does_a_damaged_sheet(self):
        out = kit.folder("export")
        self.code(7, "export", "cda", "--all", "--out", out, state=changed(last_byte_of("issue", ISSUE)))
        self.assertFalse(os.path.exists(out + "/manifest.json"))

    def test_a_damaged_document_is_not_given_out(self):
        state = changed(last_byte_of("document", DOCUMENT))
        plan = re.sub(r"(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5",
                      one("SELECT lower(hex(plan)) FROM document WHERE " + DOCUMENT))
        version = one("SELECT version FROM document WHERE " + DOCUMENT)
        r = self.code(7, "plan", "document", plan, "--version", str(version), state=state)
        self.assertEqual(r.out, b"")

    def test_regen_names_what_cannot_be_made_and_goes_on(self):
        whole = run("plan", "regen", "--verify", "--all", "--json", state=STATE).json
        where = "sha256 = (SELECT snapshot FROM encounter ORDER BY id LIMIT 1 OFFSET 1)"
        r = self.code(7, "plan", "regen", "--verify", "--all", "--json", state=changed(last_byte_of("blob", where)))
        self.assertEqual((r.json["made"] + r.json["failed"], r.json["failed"]), (whole["made"], 1))
        self.assertEqual([f["finding"] for f in r.json["findings"]], ["failed"])

    def test_regen_names_a_version_whose_hash_is_not_that_of_its_inputs(self):
        state = changed("UPDATE plan_version SET content_hash = zeroblob(32) WHERE version = 2 AND plan = "
                        "(SELECT min(plan) FROM plan_version WHERE version = 2)")
        r = self.code(7, "plan", "regen", "--verify", "--all", state=state)
        self.assertRegex(r.text, "^%s version 2 differs from what is stored\n$" % UUID)

    def test_a_store_that_cannot_be_written_gives_nothing_out(self):
        if os.geteuid() == 0:
            self.skipTest("root writes everywhere")
        state = kit.copy(STATE)
        subprocess.run(["chmod", "-R", "a-w", state], check=True)
        r = run("plan", "list", state=state)
        subprocess.run(["chmod", "-R", "u+w", state], check=True)
        self.assertNotEqual(r.code, 0)
        self.assertEqual(r.out, b"")


if __name__ == "__main__":
    kit.main()
