#!/usr/bin/env python3
"""kill_others.py [N] - kill -9 of the plugin N times, each right after the chart of an earlier visit was corrected: the patient's later plan counts
that correction in the end, whatever was between, and it is planned again no oftener than there were corrections."""
import random, sqlite3
from harness import *

N = int(sys.argv[1]) if len(sys.argv) > 1 else 16
PATIENTS = 4
PLUGIN = os.path.join(TOP, "build/release/plugin/aftercare-plugin")
claim = Claims()
random.seed(20260329)


def start(d):
    sock = os.path.join(d.dir, "run/fcgi.sock")
    if os.path.exists(sock):
        os.unlink(sock)
    return subprocess.Popen([PLUGIN, "--state", d.state, "--socket", sock], stderr=subprocess.DEVNULL)


def send(d, s):
    """Until it is acknowledged: an answer may have died with the plugin."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            status, r = d.put(s)
            if status in (200, 201):
                return r
        except Exception:
            pass
        time.sleep(0.02)
    raise AssertionError("a snapshot was not acknowledged within a minute")


def of(who, **change):
    return {"id": f"o{who}", "given": ["Ada"], "family": "Example", "birth_date": "1988-04-02", "sex": "female", "language": "en", **change}


day = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=30)


def earlier(who, minute):
    """A peel of yesterday, performed at this minute of its hour; `minute` is its revision, too."""
    at = [day.replace(minute=m, second=0, microsecond=0).isoformat() for m in (0, minute, 59)]
    s = snapshot(f"o{who}-a", revision=minute, patient=of(who), facts={"area": ["face"]}, procedures=[
        {"id": "b1", "system": "LOCAL", "code": "PEEL", "text": "Peel", "status": "performed", "performed": at[1]}])
    s["encounter"].update(start=at[0], end=at[2], category="Other")
    return s


def marks(d):
    with sqlite3.connect(f"file:{d.state}/aftercare.db?mode=ro", uri=True, timeout=10) as db:
        return db.execute("SELECT count(*) FROM plan WHERE others_leaf IS NOT NULL").fetchone()[0]


with Demo() as d:
    os.kill(int(open(os.path.join(d.dir, "run/plugin.pid")).read()), signal.SIGSTOP)  # out of the way; its end would end the demo
    process = start(d)
    minutes = dict.fromkeys(range(PATIENTS), 1)
    for who in minutes:
        send(d, earlier(who, 1))
        send(d, snapshot(f"o{who}-b", patient=of(who)))
    stood = 0
    for i in range(N):
        who = i % PATIENTS
        minutes[who] += 1
        send(d, earlier(who, minutes[who]))
        time.sleep(random.choice((0, 0, 0.01, 0.05)))
        process.kill()
        process.wait()
        stood += marks(d) > 0
        process = start(d)
    for who in minutes:
        send(d, earlier(who, minutes[who]))  # unchanged, or it had been lost
    until = time.monotonic() + 60
    while marks(d) > 0 and time.monotonic() < until:
        time.sleep(0.1)
    claim(marks(d) == 0, "no mark is left standing", marks(d))
    for who, minute in minutes.items():
        status, html = d.page(f"/aftercare/panel/demo/o{who}-b")
        told = re.findall(r"Longer because of the treatment on [^<]*?, \d\d:(\d\d)", html)
        claim(told and set(told) == {f"{minute:02}"}, f"patient {who}: the later plan counts the last correction", (minute, told))
    process.terminate()
    process.wait(20)
    with sqlite3.connect(os.path.join(d.state, "aftercare.db")) as db:
        versions = dict(db.execute("SELECT encounter, version FROM plan WHERE encounter LIKE 'o%'"))
    claim(all(versions[f"o{w}-a"] == m for w, m in minutes.items()), "each correction is one version", versions)
    claim(all(1 < versions[f"o{w}-b"] <= m for w, m in minutes.items()), "the later plan is made again, and not oftener", versions)
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
    r = d.cli("plan", "regen", "--verify", "--all", check=False)
    claim(r.returncode == 0, "plans are re-made byte for byte", (r.stdout + r.stderr)[-500:])
    print(f"{N} kills, after {stood} of them a mark stood")
    os.kill(int(open(os.path.join(d.dir, "run/plugin.pid")).read()), signal.SIGCONT)
claim.end()
