"""kit.py - runs the real binary; the suites beside it say what must come out."""
import atexit
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

BIN, FILL, SOURCE = (os.path.abspath(p) for p in sys.argv[1:4])
DRAFT = SOURCE + "/schemas/protocols/mesotherapy.xml"
DEMO = SOURCE + "/schemas/protocols/demo/mesotherapy.xml"
PEEL = SOURCE + "/schemas/protocols/demo/chemical-peel.xml"
CLINIC = SOURCE + "/schemas/clinic/demo.conf"
SANITIZERS = (b"AddressSanitizer", b"LeakSanitizer", b"runtime error:")
SCRATCH = tempfile.mkdtemp(prefix="aftercare-cli-")
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


def read(path):
    with open(path, newline="") as f:
        return f.read()


class Ran:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def text(self):
        return self.out.decode()

    @property
    def talk(self):
        return self.err.decode()

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        return json.loads(self.err)


def environment(**more):
    env = {k: v for k, v in os.environ.items() if k not in ("AFTERCARE_STATE", "NO_COLOR", "SUDO_USER")}
    env.update(more)
    return env


def run(*args, state=None, env=None, **more):
    e = environment(**(env or {}))
    if state is not None:
        e["AFTERCARE_STATE"] = state
    p = subprocess.run([BIN, *args], stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, env=e,
                       timeout=300, **more)
    if any(word in p.stderr for word in SANITIZERS):
        raise AssertionError(p.stderr.decode(errors="replace"))
    return Ran(p.returncode, p.stdout, p.stderr)


def folder(name):
    """A path that is not there yet."""
    return tempfile.mkdtemp(dir=SCRATCH) + "/" + name


def installation(*protocols, channel=True):
    """A new demonstration, its protocols written by ann and approved by bob."""
    state = folder("state")
    more = ("--channel", "default") if channel else ()
    assert run("init", "--clinic", CLINIC, "--actor", "ann", *more, state=state).code == 0
    for path in protocols:
        r = run("protocol", "import", "--json", "--actor", "ann", path, state=state)
        assert r.code == 0, r.err
        p = run("protocol", "publish", "--actor", "bob", "--confirm", r.json["protocol"], r.json["version"], state=state)
        assert p.code == 0, p.err
    return state


def fill(state, first, n, site="default"):
    subprocess.run([FILL, state, str(first), str(n), site], check=True, timeout=600)


def copy(state):
    """The same store again, to be damaged; nobody has it open."""
    to = folder("state")
    shutil.copytree(state, to)
    return to


def database(state):
    """The store as the commands left it. Not read-only: a reader that cannot write the -shm file beside a -wal that is
    still there sees half of it. The caller closes it."""
    db = sqlite3.connect(state + "/aftercare.db", timeout=30)
    db.execute("PRAGMA query_only = 1")
    return db


SAUNA = 'concept="sauna" kind="restriction" seed="S02" signed="dr.demo'


def changed(xml, until, again=True):
    """The demonstration with another end of "no sauna", its line signed again by a name of its own for each end."""
    assert SAUNA in xml and 'until="72 h"' in xml
    xml = xml.replace('until="72 h"', 'until="%s"' % until, 1)
    return xml.replace(SAUNA, SAUNA + "." + until.split()[0], 1) if again else xml


def leaves(state, action):
    """The log's entries of an action, each with the clear words of its side row."""
    db = database(state)
    try:
        found = db.execute("SELECT bytes, actor, object FROM leaf JOIN leaf_side USING (idx) ORDER BY idx").fetchall()
    finally:
        db.close()
    found = [dict(json.loads(bytes(b)), actor=actor, object=o) for b, actor, o in found]
    return [x for x in found if x["action"].split(":")[0] == action]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Case(unittest.TestCase):
    longMessage = True
    maxDiff = 2000

    def code(self, want, *args, **more):
        r = run(*args, **more)
        self.assertEqual(r.code, want, "%r\n%s%s" % (args, r.out[:500].decode(errors="replace"), r.err.decode(errors="replace")))
        return r


def main():
    unittest.main(argv=[sys.argv[0]], module="__main__", verbosity=1)
