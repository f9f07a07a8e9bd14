"""harness.py - the real demo (nginx, aftercare-plugin, SQLite) on a free port, and small helpers to talk to it. Standard library only."""
import base64, datetime, hashlib, http.client, json, os, re, signal, socket, subprocess, sys, tempfile, time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLI = os.path.join(TOP, "build/release/admin-cli/aftercare")
ZONE = datetime.timezone(datetime.timedelta(0))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Clock:
    """Another time for everything that is started with its environment: libfaketime, by an offset that can be moved meanwhile."""

    def __init__(self, path, at):
        self.path = path
        lib = subprocess.run(["sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1"], capture_output=True, text=True).stdout.split()
        if not lib:
            sys.exit("libfaketime is not installed")
        # waiting is not moved, only what time it is; several threads ask at once
        self.environment = dict(os.environ, LD_PRELOAD=lib[0].replace(".so.1", "MT.so.1"), FAKETIME_TIMESTAMP_FILE=path,
                                FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1", FAKETIME_DONT_RESET="1")
        # Processes share a semaphore by its name. Left to themselves, the first one makes it and takes it away at its end, and a sibling that
        # starts in that moment ends: about 2 of 100 shells with background jobs. So one process holds it for as long as this one lives.
        self.holder = subprocess.Popen(["faketime", "-m", "-f", "+0", "/bin/sh", "-c", 'echo "$FAKETIME_SHARED"; exec cat'],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.environment["FAKETIME_SHARED"] = self.holder.stdout.readline().strip()
        self.set(at)

    def set(self, at):
        """`at`: RFC 3339. Time goes on from there."""
        offset = datetime.datetime.fromisoformat(at).timestamp() - time.time()
        with open(self.path + ".new", "w") as f:
            f.write("%+.3f\n" % offset)
        os.rename(self.path + ".new", self.path)


class Demo:
    """Starts plugin/demo.sh, waits for `ready`, ends it with TERM. `at`: the time it is there; clock.set moves it."""

    def __init__(self, dir=None, at=None):
        self.port = free_port()
        self.temporary = tempfile.TemporaryDirectory(prefix="aftercare-e2e-") if dir is None else None
        self.dir = dir or self.temporary.name
        self.state = os.path.join(self.dir, "state")
        self.clock = Clock(os.path.join(self.dir, "clock"), at) if at else None
        self.environment = self.clock.environment if at else None

    def __enter__(self):
        self.log = open(os.path.join(self.dir, "demo.log"), "wb")
        self.process = subprocess.Popen([os.path.join(TOP, "plugin/demo.sh"), "--port", str(self.port), "--dir", self.dir],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True, env=self.environment)
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            self.process.wait(20)
            sys.exit("the demo did not start:\n" + open(self.log.name, errors="replace").read()[-3000:])
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        if self.temporary:
            self.temporary.cleanup()

    def request(self, method, path, body=None, user="module", headers=None, type="application/json", timeout=30):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        h = dict(headers or {})
        if user:
            h["Authorization"] = "Basic " + base64.b64encode(f"{user}:demo".encode()).decode()
        if body is not None:
            h.setdefault("Content-Type", type)
        c.request(method, path, body=body, headers=h)
        r = c.getresponse()
        data = r.read()
        c.close()
        return r.status, dict((k.lower(), v) for k, v in r.getheaders()), data

    def put(self, snapshot, user="module"):
        path = f"/aftercare/v1/encounters/{snapshot['source']['site']}/{snapshot['encounter']['id']}"
        status, _, data = self.request("PUT", path, json.dumps(snapshot).encode(), user)
        return status, json.loads(data)

    def page(self, path, user="clinician"):
        status, headers, data = self.request("GET", path, user=user)
        return status, data.decode()

    def post(self, path, fields, user="clinician", headers=None):
        from urllib.parse import urlencode
        return self.request("POST", path, urlencode(fields, doseq=True).encode(), user, headers, "application/x-www-form-urlencoded")

    def cli(self, *args, check=True):
        r = subprocess.run([CLI, *args[:2], "--state", self.state, *args[2:]] if args[0] != "doctor" else
                           [CLI, args[0], "--state", self.state, *args[1:]], capture_output=True, text=True, env=self.environment)
        if check and r.returncode != 0:
            raise AssertionError(f"aftercare {' '.join(args)}: exit {r.returncode}\n{r.stdout[-2000:]}{r.stderr[-2000:]}")
        return r


def stamp(minutes_ago=0):
    t = datetime.datetime.now().astimezone() - datetime.timedelta(minutes=minutes_ago)
    return t.replace(microsecond=0).isoformat()


def snapshot(id, revision=1, minutes_ago=25, **change):
    """A performed, unsigned mesotherapy of the face; `change` replaces top-level members, None removes them."""
    s = {"schema": "aftercare/encounter/1", "source": {"system": "demo-chart", "site": "demo"},
         "encounter": {"id": id, "revision": revision, "status": "finished", "start": stamp(minutes_ago + 40), "end": stamp(minutes_ago - 5),
                       "zone": "Europe/Berlin", "category": "Mesotherapy"},
         "patient": {"id": "p-" + id, "given": ["Ada"], "family": "Example", "birth_date": "1988-04-02", "sex": "female", "language": "en",
                     "phone": "+49 30 5550100"},
         "provider": {"id": "3", "npi": "1234567893", "given": ["Grace"], "family": "Example"},
         "clinic": {"id": "1", "name": "Demo Clinic", "phone": "+49 30 5550103", "country": "DE"},
         "procedures": [{"id": "b1", "system": "LOCAL", "code": "MESO", "text": "Mesotherapy", "status": "performed", "performed": stamp(minutes_ago)}],
         "conditions": {"reviewed": {"allergy": True, "medication": True}, "items": []},
         "facts": {"area": ["face"], "technique": "needle", "session": 2, "sessions": 6}}
    for k, v in change.items():
        if v is None:
            s.pop(k, None)
        else:
            s[k] = v
    return s


def fields(html, action_end):
    """The form whose action ends so: its action and the hidden and pre-filled fields."""
    for m in re.finditer(r"<form\b[^>]*>.*?</form>", html, re.S):
        form = m.group(0)
        action = re.search(r'action="([^"]*)"', form)
        if action and action.group(1).endswith(action_end):
            return action.group(1), dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form))
    raise AssertionError(f"no form ending in {action_end}")


def browser_tools():
    """The folder of the browser's scripts, with their npm packages as package-lock.json has them."""
    where = os.path.join(TOP, "tests/browser")
    want = open(os.path.join(where, "package-lock.json"), "rb").read()
    mark = os.path.join(where, "node_modules/.aftercare")
    if not os.path.exists(mark) or open(mark, "rb").read() != want:
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=where, check=True, timeout=300)
        with open(mark, "wb") as f:
            f.write(want)
    return where


class Claims:
    """Counts what held and what did not; ends the program accordingly."""

    def __init__(self):
        self.good = self.bad = 0

    def __call__(self, ok, sentence, detail=""):
        if ok:
            self.good += 1
        else:
            self.bad += 1
            print(f"NOT: {sentence} {detail}", flush=True)

    def end(self):
        print(f"{self.good} passed, {self.bad} failed")
        sys.exit(1 if self.bad else 0)


def signed_again(text, line=None):
    """A line (None: all) that says something else than in force is signed again: by a name of its own for each text."""
    at = 0 if line is None else text.index('id="%s"' % line)
    name = hashlib.sha256(text.encode()).hexdigest()[:8]
    return text[:at] + text[at:].replace('signed="dr.demo ', 'signed="dr.%s ' % name, -1 if line is None else 1)
