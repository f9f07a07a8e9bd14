#!/usr/bin/env python3
"""reserve.py - the disk is full: reads go on and are logged in the reserve, writes are refused; kill -9 in the middle; with room again each
read is a leaf, once. A real full file system (tmpfs) where this user may mount one, else a limit on the plugin's file sizes."""
import resource, sqlite3, threading
from harness import *

claim = Claims()


class Disk:
    """The state folder's disk: it can be filled and emptied."""

    def __init__(self, state):
        os.makedirs(state, mode=0o700)
        self.state = state
        self.mounted = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m,mode=0700", "aftercare", state],
                                                            capture_output=True).returncode == 0
        self.filler = os.path.join(state, "filler")

    def fill(self, pid):
        if not self.mounted:
            wal = os.path.getsize(os.path.join(self.state, "aftercare.db-wal"))
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (wal, resource.RLIM_INFINITY))
            return
        with open(self.filler, "wb", buffering=0) as f:
            for size in (1 << 20, 1 << 16, 4096, 1):
                try:
                    while True:
                        f.write(b"x" * size)
                except OSError:
                    pass

    def empty(self, pid):
        if self.mounted:
            os.unlink(self.filler)
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.state], check=False)


def views(state):
    db = sqlite3.connect(f"file:{state}/aftercare.db?mode=ro", uri=True)
    n = db.execute("SELECT count(*) FROM leaf WHERE CAST(bytes AS TEXT) LIKE '%\"action\":\"view\"%'").fetchone()[0]
    db.close()
    return n


def health(d):
    return json.loads(d.request("GET", "/aftercare/health")[2])


def start(d):
    sock = os.path.join(d.dir, "run/fcgi.sock")
    if os.path.exists(sock):
        os.unlink(sock)
    log = open(os.path.join(d.dir, "log/second.log"), "ab")
    p = subprocess.Popen([os.path.join(TOP, "build/release/plugin/aftercare-plugin"), "--state", d.state, "--socket", sock], stderr=log)
    for _ in range(100):
        if os.path.exists(sock):
            break
        time.sleep(0.05)
    time.sleep(0.1)
    return p


with tempfile.TemporaryDirectory(prefix="aftercare-e2e-") as dir:
    disk = Disk(os.path.join(dir, "state"))
    try:
        with Demo(dir) as d:
            pid = int(open(os.path.join(d.dir, "run/plugin.pid")).read())
            print("a full tmpfs" if disk.mounted else "a limit on file sizes")
            status, r = d.put(snapshot("full-1"))
            claim(status == 201, "an event is taken while there is room", (status, r))
            for i in range(40):  # the log of the store is long enough for a limit
                d.put(snapshot(f"before-{i}"))
            panel = "/aftercare/panel/demo/full-1"
            claim(d.page(panel, "nurse")[0] == 200 and health(d)["log"] == "store", "a panel is shown, the log is in the store", health(d))
            before = views(d.state)

            disk.fill(pid)
            for i in range(200):  # until what SQLite has in hand is used up
                status, r = d.put(snapshot(f"fill-{i}"))
                if status == 503:
                    break
            claim(status == 503 and r["rule"] == "STORE-DISK", "an event is refused with 503 STORE-DISK", (status, r))
            answered, bad, lock = [0], [], threading.Lock()

            def read(n):
                for _ in range(n):
                    s, _ = d.page(panel, "nurse")
                    with lock:
                        answered[0] += s == 200
                        if s != 200:
                            bad.append(s)

            threads = [threading.Thread(target=read, args=(25,)) for _ in range(8)]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            claim(answered[0] == 200 and not bad, "200 reads are answered while the disk is full", (answered, bad[:5]))
            claim(health(d) | {"generation": 0} == {"status": "degraded", "log": "reserve", "version": health(d)["version"], "generation": 0},
                  "health says so", health(d))
            status, _, body = d.request("GET", "/aftercare/plans/" + "0" * 8 + "-0000-0000-0000-" + "0" * 12, user="module")
            claim(status == 403, "a refusal is still a refusal", status)
            status, html = d.page(panel, "nurse")
            answered[0] += status == 200
            action, f = fields(html, "/issue")
            f.update(language="en", recipient="patient", medium="paper")
            status, _, _ = d.post(action, f, "nurse")
            claim(status == 503, "a form that writes is refused", status)
            r = d.cli("doctor", check=False)
            claim(r.returncode == 1 and "wait in it" in r.stdout, "the doctor says that entries wait", r.stdout)
            r = d.cli("audit", "verify", check=False)
            claim(r.returncode == 0 and "wait in the log's reserve" in r.stdout, "audit verify says so", r.stdout + r.stderr)

            # kill -9 in the middle of reads, twice; a new process goes on with the same reserve
            os.kill(pid, signal.SIGSTOP)  # the demo's own plugin: its end would end the demo
            process = None
            for turn in range(3):
                process = start(d)
                if not disk.mounted:
                    disk.fill(process.pid)
                stop = threading.Event()

                def go():
                    while not stop.is_set():
                        try:
                            s, _ = d.page(panel, "nurse")
                        except Exception:
                            s = 0
                        with lock:
                            answered[0] += s == 200

                threads = [threading.Thread(target=go) for _ in range(4)]
                for t in threads:
                    t.start()
                time.sleep(0.4)
                if turn < 2:
                    process.kill()
                    process.wait()
                stop.set()
                for t in threads:
                    t.join()
            claim(answered[0] > 200, "reads go on after kill -9, on the full disk", answered)
            # a limit is set after the start, which finds room
            claim(not disk.mounted or views(d.state) == before, "no entry is in the store yet", (views(d.state), before))

            disk.empty(process.pid)
            status, r = d.put(snapshot("full-2"))
            claim(status == 201, "with room again an event is taken", (status, r))
            n = views(d.state) - before
            # a reader that was killed between its entry and its answer may have left one more
            claim(answered[0] <= n <= answered[0] + 8, "each answered read is a leaf, once", (answered, n))
            claim(health(d)["log"] == "store", "health is well again", health(d))
            r = d.cli("audit", "verify", check=False)
            claim(r.returncode == 0 and "wait" not in r.stdout, "the log verifies, nothing waits", r.stdout + r.stderr)

            # nobody writes: the timer settles what waits
            disk.fill(process.pid)
            for i in range(200):
                if d.put(snapshot(f"again-{i}"))[0] == 503:
                    break
            n = views(d.state)
            claim(d.page(panel, "nurse")[0] == 200 and health(d)["log"] == "reserve", "the reserve is used again", health(d))
            disk.empty(process.pid)
            for _ in range(45):
                if health(d)["log"] == "store":
                    break
                time.sleep(1)
            claim(health(d)["log"] == "store" and views(d.state) == n + 1, "without a write the timer makes the leaf", (health(d), views(d.state), n))
            process.terminate()
            claim(process.wait(20) == 0, "it stops cleanly")
            print(f"{answered[0]} reads were answered on a full disk")
            os.kill(pid, signal.SIGCONT)
    finally:
        disk.close()
claim.end()
