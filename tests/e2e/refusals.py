#!/usr/bin/env python3
"""refusals.py - bad input and forged identities through the real nginx: the right code, a problem document, nothing lost."""
import http.client, json, socket
from concurrent.futures import ThreadPoolExecutor
from harness import *

claim = Claims()
PUT = "/aftercare/v1/encounters/demo/bad-1"
LOCATIONS = ["/", "/visit/1001", "/chart.css", "/aftercare/panel/demo/1001", "/aftercare/worklist", "/aftercare/v1/deliveries?site=demo",
             "/aftercare/reviews", "/aftercare/reviews/00", "/aftercare/reviews/00/sheet",
             "/aftercare/plans/00000000-0000-0000-0000-000000000000", "/aftercare/assets/aftercare.css", "/aftercare/health", "/aftercare/none"]
FORGED = [{"Authorization": "Basic Zm9yZ2VkOmRlbW8="}, {"Authorization": "Bearer x"}, {"REMOTE_USER": "module"}, {"Remote-User": "module"},
          {"X-Remote-User": "module"}, {"X-Forwarded-User": "clinician"}, {"AFTERCARE_USER": "module", "AFTERCARE_ROLE": "system"},
          {"Aftercare-User": "module", "Aftercare-Role": "system"}, {"X-Aftercare-User": "clinician", "X-Aftercare-Role": "clinician"}]

with Demo() as d:
    for path in LOCATIONS:
        for h in FORGED + [{}]:
            status, _, _ = d.request("GET", path, user=None, headers=h)
            claim(status in (401, 403), f"GET {path} with {h} is refused", status)
    for h in FORGED:
        status, _, _ = d.request("PUT", PUT, b"{}", user=None, headers=h)
        claim(status in (401, 403), f"PUT with {h} is refused", status)

    # signed in, but not for this: headers never raise a role
    for user, method, path in [("nurse", "PUT", PUT), ("clinician", "GET", "/aftercare/v1/deliveries?site=demo"), ("admin", "GET", "/aftercare/worklist"),
                               ("auditor", "GET", "/aftercare/panel/demo/1001"), ("nurse", "GET", "/aftercare/reviews"),
                               ("frontdesk", "GET", "/aftercare/reviews/00"), ("module", "GET", "/aftercare/worklist"),
                               ("frontdesk", "GET", "/aftercare/plans/00000000-0000-0000-0000-000000000000/documents/1")]:
        status, _, _ = d.request(method, path, b"{}" if method == "PUT" else None, user=user,
                                 headers={"X-Aftercare-Role": "system", "AFTERCARE-ROLE": "system"})
        claim(status == 403, f"{user} may not {method} {path}", status)

    def refused(body, want, rule, what, type="application/json"):
        status, h, data = d.request("PUT", PUT, body, type=type)
        ok = status == want and h.get("content-type") == "application/problem+json"
        p = json.loads(data) if ok else {}
        claim(ok and p.get("rule") == rule, f"{what} gets {want} {rule}", (status, data[:200]))

    good = json.dumps(snapshot("bad-1")).encode()
    refused(b"", 400, "JSON-SYNTAX", "an empty body")
    refused(good[:-20], 400, "JSON-SYNTAX", "a truncated body")
    refused(b"[" * 10000, 413, "JSON-DEPTH", "deep nesting")
    refused(good.replace(b'"Ada"', b'"\xff\xfe"'), 400, "JSON-UTF8", "bad UTF-8")
    refused(good.replace(b'"revision": 1', b'"revision": 1, "revision": 2'), 400, "JSON-DUPLICATE", "a duplicate name")
    refused(good.replace(b'"Ada"', b'"\\ud800"'), 400, "JSON-SURROGATE", "a lone surrogate")
    refused(good.replace(b'"revision": 1', b'"revision": "1"'), 400, "ENC-TYPE", "a wrong type")
    refused(good.replace(b'"revision": 1', b'"revision": 1e400'), 400, "JSON-NUMBER", "a number out of range")
    refused(good.replace(b'bad-1"', b'bad-2"'), 422, "ENC-MISMATCH", "another encounter than the URL's")
    refused(good, 415, "HTTP-TYPE", "another content type", "text/plain")
    refused(b"{" + b" " * (1024 * 1024 + 1) + b"}", 413, "HTTP-BODY", "a body over 1 MiB")
    status, _, _ = d.request("DELETE", PUT)
    claim(status in (400, 405), "an unknown method is refused", status)
    status, h, _ = d.request("POST", PUT, b"{}")
    claim(status == 405 and "PUT" in h.get("allow", ""), "a wrong method says which is right", (status, h))
    status, _, _ = d.request("PUT", "/aftercare/v1/encounters/demo/%00", b"{}")
    claim(status in (400, 404), "a NUL in the path is refused", status)

    s = snapshot("bad-9")
    s["source"]["system"] = "another"
    refused(json.dumps(s).encode().replace(b"bad-9", b"bad-1"), 403, "ENC-SOURCE", "another source system for the same site")
    d.cli("site", "set", "demo", "another")
    refused(good, 403, "ENC-SOURCE", "the former system, when a person named another")
    d.cli("site", "set", "demo", "demo-chart")

    # 64 MiB by declared length: refused before it is sent
    s = socket.create_connection(("127.0.0.1", d.port), 10)
    auth = base64.b64encode(b"module:demo").decode()
    s.sendall(f"PUT {PUT} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {auth}\r\nContent-Type: application/json\r\nContent-Length: {64 << 20}\r\n\r\n".encode())
    claim(b" 413 " in s.recv(200), "64 MiB are refused by their declared length")
    s.close()

    # forms: no token, old page, other site
    d.put(snapshot("bad-3"))
    status, html = d.page("/aftercare/panel/demo/bad-3", "nurse")
    action, f = fields(html, "/issue")
    f.update(language="en", recipient="patient", medium="paper")
    status, _, _ = d.post(action, dict(f, token="x"), "nurse")
    claim(status == 403, "a forged token is refused", status)
    status, _, _ = d.post(action, f, "clinician")
    claim(status == 403, "another user's token is refused", status)
    status, _, _ = d.post(action, f, "nurse", {"Origin": "https://evil.example"})
    claim(status == 403, "another site's form is refused", status)
    status, _, _ = d.post(action, f, "nurse", {"Sec-Fetch-Site": "cross-site"})
    claim(status == 403, "a cross-site form is refused", status)

    # the module's token: over a server of its own, by unix socket, which passes AFTERCARE_TOKEN and no other identity
    import hmac, secrets, struct
    j = json.loads(d.cli("key", "rotate", "--json").stdout)
    key_id, secret, _ = open(j["file"]).readline().split()
    claim(os.stat(j["file"]).st_mode & 0o777 == 0o600, "the file of keys is private")

    def b64(b):
        return base64.urlsafe_b64encode(b).rstrip(b"=").decode()

    def token(key=secret, id=key_id, raw=None, **more):
        now = int(time.time())
        c = {"aud": j["audience"], "user": "module", "role": "system", "site": "demo", "iat": now, "exp": now + 60,
             "nonce": secrets.token_urlsafe(18)}
        c.update(more)
        text = "ac1." + id + "." + b64(raw if raw is not None else json.dumps(c).encode())
        return text + "." + b64(hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).digest())

    def by_token(t, method="GET", path="/aftercare/v1/deliveries?site=demo", body=None, headers=None):
        c = http.client.HTTPConnection("localhost")
        c.sock = socket.socket(socket.AF_UNIX)
        c.sock.connect(os.path.join(d.dir, "run/token.sock"))
        h = dict(headers or {})
        if t is not None:
            h["Aftercare-Token"] = t
        if body is not None:
            h["Content-Type"] = "application/json"
        c.request(method, path, body=body, headers=h)
        r = c.getresponse()
        data = r.read()
        c.close()
        return r.status, data

    def by_fcgi(params, body=b""):
        """A request without nginx: who can connect to the socket says what it likes."""
        s = socket.socket(socket.AF_UNIX)
        s.connect(os.path.join(d.dir, "run/fcgi.sock"))
        rec = lambda type, data: struct.pack(">BBHHBB", 1, type, 1, len(data), 0, 0) + data
        pairs = b"".join(struct.pack(">II", len(k) | 1 << 31, len(v) | 1 << 31) + k + v for k, v in
                         ((k.encode(), v.encode()) for k, v in params.items()))
        s.sendall(rec(1, struct.pack(">HB5x", 1, 0)) + rec(4, pairs) + rec(4, b"") + (rec(5, body) if body else b"") + rec(5, b""))
        out = b""
        while (got := s.recv(65536)):
            out += got
        s.close()
        return int(re.search(rb"Status: (\d+)", out).group(1)), out

    status, data = by_token(token())
    claim(status == 200, "a good token reads", (status, data[:200]))
    ev = json.dumps(snapshot("tok-1")).encode()
    t = token()
    status, data = by_token(t, "PUT", "/aftercare/v1/encounters/demo/tok-1", ev)
    claim(status == 201, "a good token writes an event", (status, data[:200]))
    status, data = by_token(t, "PUT", "/aftercare/v1/encounters/demo/tok-1", ev)
    claim(status == 401 and json.loads(data)["rule"] == "AUTH-TOKEN-USED", "and does so once", (status, data[:200]))
    with ThreadPoolExecutor(16) as pool:
        t = token()
        got = [x[0] for x in pool.map(lambda i: by_token(t, "PUT", "/aftercare/v1/encounters/demo/tok-2", json.dumps(snapshot("tok-2")).encode()), range(16))]
    claim(sorted(got) == [201] + [401] * 15, "sixteen at once with one token: one writes", got)
    status, data = by_token(token(user="grace", role="nurse", patient="p-tok-1", encounter="tok-1"), path="/aftercare/panel/demo/tok-1")
    claim(status == 200, "a person's token shows the panel", status)
    status, _ = by_token(token(user="grace", role="nurse", patient="p-bad-3"), path="/aftercare/panel/demo/tok-1")
    claim(status == 403, "but of their patient only", status)
    now = int(time.time())
    good = token()
    head, payload, mac = good.rsplit(".", 2)
    forged = b64(json.dumps({"aud": j["audience"], "user": "x", "role": "admin", "site": "demo", "iat": now, "exp": now + 60, "nonce": "n" * 20}).encode())
    for what, t in [("none", None), ("empty", ""), ("no token", "x"), ("truncated", good[:-1]), ("half", good[:len(good) // 2]),
                    ("another payload", f"{head}.{forged}.{mac}"), ("no signature", f"{head}.{payload}."), ("an unknown key", token(id="00000000")),
                    ("another secret", token(key="00" * 32)), ("expired", token(iat=now - 61, exp=now - 1)), ("of the future", token(iat=now + 60, exp=now + 90)),
                    ("too long a life", token(exp=now + 400)), ("another audience", token(aud="aftercare/0000000000000000")), ("an unknown role", token(role="root")),
                    ("a role twice", token(raw=b'{"role":"nurse","role":"system"}')), ("signed rubbish", token(raw=b"\xff\xfe")), ("no nonce", token(nonce="")),
                    ("a huge one", "A" * 6000)]:
        status, data = by_token(t)
        claim(status == 401, f"a token that is {what} is refused", (status, data[:200]))
        status, data = by_token(t, "PUT", "/aftercare/v1/encounters/demo/tok-3", ev)
        claim(status == 401, f"and writes nothing: {what}", (status, data[:200]))
    for h in FORGED:
        status, _ = by_token(None, headers=h)
        claim(status in (401, 403), f"over the token's server {h} is nobody", status)
    for h in ({"Aftercare-Role": "system"}, {"X-Aftercare-Role": "system"}):
        status, _ = by_token(token(user="grace", role="nurse"), headers=h)
        claim(status == 403, f"{h} raises no role", status)
    status, _, _ = d.request("GET", "/aftercare/v1/deliveries?site=demo", user=None, headers={"Aftercare-Token": token()})
    claim(status == 401, "a token is nothing where the front server does not pass it", status)
    status, _, _ = d.request("GET", "/aftercare/v1/deliveries?site=demo", user="nurse", headers={"Aftercare-Token": token()})
    claim(status == 403, "nor does it raise a signed-in person", status)
    base = {"REQUEST_METHOD": "GET", "REQUEST_URI": "/aftercare/v1/deliveries?site=demo"}
    status, out = by_fcgi(dict(base, AFTERCARE_TOKEN=token()))
    claim(status == 200, "a module may speak FastCGI itself", out[:200])
    status, out = by_fcgi(dict(base, AFTERCARE_TOKEN=token(), AFTERCARE_USER="module", AFTERCARE_ROLE="system"))
    claim(status == 400 and b"AUTH-BOTH" in out, "a token and parameters together are refused", out[:200])
    old = token()
    new_id, new_secret, _ = open(json.loads(d.cli("key", "rotate", "--json", "--confirm", key_id).stdout)["file"]).readline().split()
    claim(by_token(old)[0] == 200 and by_token(token(key=new_secret, id=new_id))[0] == 200, "after a rotation both keys are good")
    d.cli("key", "retire", "--confirm", key_id, key_id)
    claim(by_token(old)[0] == 401 and by_token(token(key=new_secret, id=new_id))[0] == 200, "after a retirement one is")
    logs = b"".join(open(os.path.join(d.dir, "log", f), "rb").read() for f in os.listdir(os.path.join(d.dir, "log")))
    claim(b"ac1." not in logs, "no token stands in any log")

    # after all that: the same event is taken, the log holds
    status, r = d.put(snapshot("bad-1"))
    claim(status == 201, "the good event is taken after all the bad ones", (status, r))
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
claim.end()
