#!/usr/bin/env python3
"""whole.py - the whole story of a patient in headless Chromium, chart and panel together: signed, answered, decided otherwise, printed, called,
corrected, told, seen again, treated again. At its own time. AFTERCARE_SHOTS=FOLDER keeps screenshots and the pages of every PDF there."""
import base64, glob, json, os, subprocess, tempfile
from harness import *

claim = Claims()
shots = os.environ.get("AFTERCARE_SHOTS", "")
if shots:
    shots = os.path.abspath(shots)
    os.makedirs(shots, exist_ok=True)


def paper(name, data):
    """How many pages a PDF has and what stands on them; its pages as pictures, when they are kept."""
    with tempfile.TemporaryDirectory() as dir:
        path = os.path.join(dir, name + ".pdf")
        with open(path, "wb") as f:
            f.write(data)
        info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
        text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
        if shots:
            subprocess.run(["pdftoppm", "-r", "80", "-png", path, os.path.join(shots, name)], check=True)
    return {"pages": int(re.search(r"Pages:\s*(\d+)", info).group(1)), "text": re.sub(r"\s+", " ", text)}


with Demo(at="2026-06-02T15:00:00+02:00") as d:
    browser = subprocess.Popen(["node", os.path.join(browser_tools(), "whole.mjs"), f"http://127.0.0.1:{d.port}", "demo", shots],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for line in browser.stdout:
        event = json.loads(line)
        reply = None
        if "claim" in event:
            claim(event["claim"], event["sentence"], event["detail"])
        elif "say" in event:
            print(event["say"], flush=True)
        elif "clock" in event:
            d.clock.set(event["clock"])
            reply = {}
        elif "tasks" in event:
            reply = json.loads(d.cli("task", "list", "--json").stdout)["tasks"]
        elif "paper" in event:
            reply = paper(event["paper"], base64.b64decode(event["pdf"]))
        if reply is not None:
            browser.stdin.write(json.dumps(reply) + "\n")
            browser.stdin.flush()
    claim(browser.wait() == 0, "the browser ends cleanly", browser.returncode)
    claim(d.cli("audit", "verify", check=False).returncode == 0, "the log verifies")
    r = d.cli("plan", "regen", "--verify", "--all", check=False)
    claim(r.returncode == 0, "every version is re-made byte for byte", r.stdout + r.stderr)
claim.end()
