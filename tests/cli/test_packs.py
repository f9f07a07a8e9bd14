"""Protocols from one clinic to another: protocol export, protocol import of packs, audit key. See kit.py."""
import base64
import hashlib

import kit
from kit import Case, run

FROM = kit.installation(kit.DEMO, kit.PEEL)
KEY = run("audit", "key", state=FROM).text


def write(name, data):
    path = kit.folder(name)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def pack(*args):
    r = run("protocol", "export", *args, state=FROM)
    assert r.code == 0, r.err
    return r.out


SIGNED = pack("--sign", "mesotherapy", "chemical-peel")
KEYFILE = write("from.key", "# clinic A\n\n" + KEY)


def twin_of(key):
    """Another key of the same name: the first one's bytes, one bit changed."""
    name, _, typed = key.strip().split("+", 2)
    raw = bytearray(base64.b64decode(typed))
    raw[-1] ^= 1
    digest = hashlib.sha256(name.encode() + b"\n" + bytes(raw)).hexdigest()[:8]
    return "%s+%s+%s\n" % (name, digest, base64.b64encode(bytes(raw)).decode())


def versions(state):
    db = kit.database(state)
    try:
        return sorted(row[0] for row in db.execute("SELECT protocol FROM protocol_version"))
    finally:
        db.close()


class Packs(Case):
    def setUp(self):
        self.state = kit.installation()

    def test_arrives_as_drafts_and_the_sources_are_the_same_bytes(self):
        r = self.code(0, "protocol", "import", "--json", "--verify", "--key", KEYFILE, "--actor", "cyd",
                      write("a.pack", SIGNED), state=self.state).json
        self.assertEqual([p["protocol"] for p in r["protocols"]], ["chemical-peel", "mesotherapy"])
        rows = run("protocol", "list", "--json", state=self.state).json["protocols"]
        self.assertEqual({p["state"] for p in rows}, {"draft"})
        shown = run("protocol", "show", r["protocols"][1]["version"], state=self.state).text
        self.assertEqual(shown, kit.read(kit.DEMO))

    def test_who_signed_is_in_the_log_by_the_files_digest(self):
        state = kit.installation(kit.DEMO)
        self.code(0, "protocol", "export", "mesotherapy", state=state)
        self.assertEqual(kit.leaves(state, "export"), [], "an unsigned one says nothing in the clinic's name")
        r = self.code(0, "protocol", "export", "--sign", "--actor", "cyd", "mesotherapy", state=state)
        (leaf,) = kit.leaves(state, "export")
        self.assertEqual((leaf["kind"], leaf["id"], leaf["actor"]), ("pack", hashlib.sha256(r.out).hexdigest(), "cyd"))
        self.assertRegex(leaf["object"], r"^mesotherapy [0-9a-f]{64}$")
        self.code(0, "audit", "verify", state=state)

    def test_twice_changes_nothing(self):
        path = write("a.pack", SIGNED)
        self.code(0, "protocol", "import", path, state=self.state)
        r = self.code(0, "protocol", "import", "--json", path, state=self.state).json
        self.assertEqual([p["was_there"] for p in r["protocols"]], [True, True])

    def test_says_that_nobody_checked_who_signed(self):
        r = self.code(0, "protocol", "import", write("a.pack", SIGNED), state=self.state)
        self.assertIn("not checked", r.talk)

    def test_of_keys_that_the_installation_trusts_needs_no_option(self):
        with open(self.state + "/trusted-keys", "w") as f:
            f.write(KEY)
        self.code(0, "protocol", "import", "--verify", write("a.pack", SIGNED), state=self.state)

    def refused(self, code, rule, data, *args):
        r = self.code(code, "protocol", "import", "--json", *args, write("bad.pack", data), state=self.state)
        self.assertEqual(r.error["rule"], rule)
        self.assertEqual(versions(self.state), [])

    def test_unsigned_is_not_verified(self):
        self.refused(5, "PACK-SIGNED", pack("mesotherapy"), "--verify", "--key", KEYFILE)

    def test_signed_by_somebody_else_is_not_verified(self):
        other = write("other.key", run("audit", "key", state=self.state).text)
        self.refused(5, "PACK-SIGNED", SIGNED, "--verify", "--key", other)

    def test_of_two_trusted_keys_of_one_name_either_fits(self):
        other = twin_of(KEY)
        for keys in (other + KEY, KEY + other):
            path = write("two.key", keys)
            state = kit.installation()
            self.code(0, "protocol", "import", "--verify", "--key", path, write("a.pack", SIGNED), state=state)
            changed = write("bad.pack", SIGNED.replace(b"made 20", b"made 19", 1))
            r = self.code(7, "protocol", "import", "--json", "--verify", "--key", path, changed, state=state)
            self.assertEqual(r.error["rule"], "PACK-SIGNATURE")

    def test_changed_since_it_was_signed_is_an_integrity_fault(self):
        changed = SIGNED.replace(b"made 20", b"made 19", 1)
        self.refused(7, "PACK-SIGNATURE", changed, "--verify", "--key", KEYFILE)

    def test_one_bad_source_takes_none(self):
        self.refused(7, "PACK-DIGEST", SIGNED.replace(b"Do not touch", b"Do now touch", 1))

    def test_a_name_like_a_path_is_refused(self):
        self.refused(5, "PACK-ID", SIGNED.replace(b"protocol mesotherapy", b"protocol ../../root/x", 1))

    def test_verifying_a_lone_source_is_refused(self):
        self.refused(5, "PACK-SIGNED", kit.read(kit.DEMO), "--verify", "--key", KEYFILE)

    def test_verifying_without_any_key_is_not_found(self):
        self.code(3, "protocol", "import", "--verify", write("a.pack", SIGNED), state=self.state)

    def test_a_dry_run_takes_none(self):
        self.code(0, "protocol", "import", "--dry-run", write("a.pack", SIGNED), state=self.state)
        self.assertEqual(versions(self.state), [])


class Export(Case):
    def test_of_what_is_not_there_is_not_found(self):
        self.code(3, "protocol", "export", "nothing", state=FROM)

    def test_of_one_twice_is_refused(self):
        r = self.code(5, "protocol", "export", "--json", "mesotherapy", "mesotherapy", state=FROM)
        self.assertEqual(r.error["rule"], "PACK-ORDER")

    def test_is_a_member_of_the_json_document(self):
        r = self.code(0, "protocol", "export", "--json", "mesotherapy", state=FROM).json
        self.assertEqual((r["format"], r["document"].split("\n")[0]), ("pack", "aftercare-pack/1"))
        r = self.code(0, "protocol", "export", "--json", "--as", "xml", "mesotherapy", state=FROM).json
        self.assertEqual(r["document"], self.code(0, "protocol", "show", "mesotherapy", state=FROM).out.decode())

    def test_begins_with_a_head_that_a_person_can_read(self):
        lines = SIGNED.split(b"\n\n", 1)[0].decode().split("\n")
        self.assertEqual(lines[0], "aftercare-pack/1")
        self.assertEqual([line.split()[1] for line in lines[2:]], ["chemical-peel", "mesotherapy"])


if __name__ == "__main__":
    kit.main()
