#!/usr/bin/env python3
"""signature.py - a clinician confirms a document with one click; its signature is good for openssl and for aftercare audit signature, and
for nothing that was changed by one byte. Through nginx and the CLI."""
import subprocess, tempfile
from harness import *

claim = Claims()
VERIFY = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "d.xml.p7s", "-content", "d.xml", "-CAfile", "clinic.pem", "-out", "/dev/null"]


def good(folder):
    return subprocess.run(VERIFY, cwd=folder, capture_output=True).returncode == 0


with Demo() as d, tempfile.TemporaryDirectory(prefix="aftercare-e2e-") as w:
    s = snapshot("signed")
    s["encounter"].update(signed=stamp(0), signed_by=s["provider"])
    _, answer = d.put(s)
    plan = answer["plan"]["id"]
    path = f"/aftercare/plans/{plan}"
    status, html = d.page("/aftercare/confirmations", "clinician")
    claim(status == 200 and f"{path}/confirmation" in html, "what is not confirmed stands in the clinician's list")
    claim(d.page("/aftercare/confirmations", "nurse")[0] == 403, "a nurse has no such list")
    _, panel = d.page("/aftercare/panel/demo/signed", "clinician")
    action, f = fields(panel, "/confirmation")
    status, headers, _ = d.post(action, dict(f, confirm="1"), "clinician")
    claim(status == 303 and headers["location"].endswith("/panel/demo/signed"), "one click confirms", status)
    claim(d.post(action, dict(f, confirm="1"), "clinician")[0] == 409, "the same click again confirms nothing")
    _, html = d.page("/aftercare/confirmations", "clinician")
    claim(f"{path}/confirmation" not in html, "what is confirmed stands in the list no more")
    for version, named in ((1, False), (2, True)):
        _, _, xml = d.request("GET", f"{path}/documents/{version}/xml", user="clinician")
        _, headers, p7s = d.request("GET", f"{path}/documents/{version}/signature", user="clinician")
        _, _, pem = d.request("GET", "/aftercare/certificate", user="clinician")
        claim((b"legalAuthenticator" in xml) == named, f"document {version} {'names' if named else 'does not name'} who confirmed it")
        for name, data in (("d.xml", xml), ("d.xml.p7s", p7s), ("clinic.pem", pem)):
            with open(f"{w}/{name}", "wb") as file:
                file.write(data)
        claim(good(w), f"the signature of document {version} is good for openssl")
        own = subprocess.run([CLI, "audit", "signature", "--certificate", w + "/clinic.pem", w + "/d.xml"], capture_output=True, text=True)
        claim(own.returncode == 0, "and for aftercare, without a store", own.stderr)
        with open(w + "/d.xml", "ab") as file:
            file.write(b"\n")
        claim(not good(w), "one byte more, and openssl refuses it")
        own = subprocess.run([CLI, "audit", "signature", "--certificate", w + "/clinic.pem", w + "/d.xml"], capture_output=True, text=True)
        claim(own.returncode == 7, "aftercare too", own.returncode)
    out = w + "/out"
    d.cli("export", "cda", "--all", "--out", out)
    claim(subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=out).returncode == 0, "the sums of an export hold, signatures too")
    r = subprocess.run([CLI, "audit", "signature", "--certificate", out + "/clinic.pem", f"{out}/documents/{plan}/v2.xml"], capture_output=True)
    claim(r.returncode == 0, "an exported document is checked by what stands beside it")
    claim("signed" in d.cli("audit", "verify").stdout, "audit verify counts the signatures")
    claim("BAD" not in d.cli("doctor", check=False).stdout.split("documents are signed")[0][-6:], "the doctor finds the clinic's key")
claim.end()
