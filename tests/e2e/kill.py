#!/usr/bin/env python3
"""kill.py [N] - kill -9 of the plugin at N random moments under load: no acknowledged event lost, none doubled, store and log verify."""
import random, sqlite3, threading
from harness import *

N = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("AC_KILLS", "20"))
PLUGIN = os.path.join(TOP, "build/release/plugin/aftercare-plugin")
claim = Claims()
random.seed(20260328)


def start(d):
    sock = os.path.join(d.dir, "run/fcgi.sock")
    if os.path.exists(sock):
        os.unlink(sock)
    return subprocess.Popen([PLUGIN, "--state", d.state, "--socket", sock], stderr=subprocess.DEVNULL)


with Demo() as d:
    # the demo's own plugin makes room for ones that may be killed: nginx stays
    demo_pid = int(open(os.path.join(d.dir, "run/plugin.pid")).read())
    acked, stop, lock = {}, threading.Event(), threading.Lock()

    def load(worker):
        n = 0
        while not stop.is_set():
            id = f"k{worker}-{n}"
            try:
                status, r = d.put(snapshot(id, revision=1))
                if status in (200, 201):
                    with lock:
                        acked[id] = r["plan"]["id"]
                    n += 1
            except Exception:
                time.sleep(0.005)

    os.kill(demo_pid, signal.SIGSTOP)  # out of the way; its end would end the demo
    process = start(d)
    time.sleep(0.3)
    threads = [threading.Thread(target=load, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for i in range(N):
        time.sleep(random.uniform(0.02, 0.25))
        if i % 4 == 0:  # a second process comes and goes: it must never take itself for the last one
            d.cli("task", "list", "--open")
        process.kill()
        process.wait()
        process = start(d)
    time.sleep(0.5)
    stop.set()
    for t in threads:
        t.join()
    process.terminate()
    process.wait(20)
    db = sqlite3.connect(os.path.join(d.state, "aftercare.db"))
    plans = dict((e, (bytes(i), v)) for e, i, v in db.execute("SELECT encounter, id, version FROM plan WHERE encounter LIKE 'k%'"))
    claim(len(acked) > N, f"events were acknowledged between the kills", len(acked))
    claim(all(e in plans and plans[e][0].hex() == p.replace("-", "") for e, p in acked.items()), "no acknowledged event is lost",
          [e for e in acked if e not in plans][:5])
    claim(all(v == 1 for _, v in plans.values()), "none is doubled", [e for e, (_, v) in plans.items() if v != 1][:5])
    doubled = db.execute("SELECT count(*) FROM (SELECT plan, version FROM plan_version GROUP BY plan, version HAVING count(*) > 1)").fetchone()[0]
    claim(doubled == 0, "no plan version exists twice", doubled)
    half = db.execute("SELECT count(*) FROM plan p WHERE NOT EXISTS (SELECT 1 FROM task t WHERE t.plan = p.first_leaf)").fetchone()[0]
    claim(half == 0, "no plan stands without its tasks", half)
    claim(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "the store passes its check")
    db.close()
    r = d.cli("audit", "verify", check=False)
    claim(r.returncode == 0, "the log verifies", r.stdout + r.stderr)
    r = d.cli("plan", "regen", "--verify", "--all", check=False)
    claim(r.returncode == 0, "plans are re-made byte for byte", (r.stdout + r.stderr)[-500:])
    print(f"{N} kills, {len(acked)} acknowledged events, {len(plans)} plans")
    os.kill(demo_pid, signal.SIGCONT)
claim.end()
