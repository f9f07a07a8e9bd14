#!/usr/bin/env python3
"""refusals.py - bad input and forged identities through the real nginx: the right code, a problem document, nothing lost."""
import http.client, json, socket
from harness import *

claim = Claims()
PUT = "/aftercare/v1/encounters/demo/bad-1"
LOCATIONS = ["/", "/visit/1001", "/chart.css", "/aftercare/panel/demo/1001", "/aftercare/worklist", "/aftercare/v1/deliveries?site=demo",
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
                               ("auditor", "GET", "/aftercare/panel/demo/1001"), ("module", "GET", "/aftercare/worklist"),
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

    # after all that: the same event is taken, the log holds
    status, r = d.put(snapshot("bad-1"))
    claim(status == 201, "the good event is taken after all the bad ones", (status, r))
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
claim.end()
