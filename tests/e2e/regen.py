#!/usr/bin/env python3
"""regen.py - plans made through the real nginx are re-made byte for byte by every build of the CLI that is there (gcc, clang), under other
locales and time zones: nothing but the recorded inputs reaches a document."""
import itertools, random
from harness import *

claim = Claims()
random.seed(1)
NAMES = ["Example", "Ōkuma-Œuvre", "محمد بن علي", "Ğüler İIıi", "O'Neil & <Söhne>", "\U0001F9D1‍⚕️ Emoji", "x" * 300]
with Demo() as d:
    for i, name in enumerate(itertools.islice(itertools.cycle(NAMES), 28)):
        s = snapshot(f"r{i}", minutes_ago=random.randint(20, 3000))
        s["patient"]["family"] = name
        s["encounter"]["zone"] = random.choice(["Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu", "Africa/Casablanca"])
        s["facts"]["area"] = random.choice([["face"], ["scalp"], ["face", "neck"], []])
        for member in random.sample(["provider", "clinic", "conditions", "facts"], random.randint(0, 3)):
            s.pop(member)
        if i % 3 == 0:
            s["procedures"].append(dict(s["procedures"][0], id="b2", code="PEEL", text="Chemical peel"))
        status, r = d.put(s)
        claim(status == 201, f"a plan is made for {i}", (status, r))
        s["encounter"].update(revision=2, signed=stamp(0), signed_by={"id": "3", "family": "Example"})
        status, r = d.put(s)
        claim(r.get("document"), f"and a document of it", r)
        if i % 4 == 0:
            s["encounter"].update(revision=3, status="entered-in-error")
            status, r = d.put(s)
            claim(r.get("outcome") == "revoked", "and a revocation", r)
    builds = [p for p in ("release", "dev", "clang") if os.path.exists(os.path.join(TOP, "build", p, "admin-cli/aftercare"))]
    for build in builds:
        for env in ({"LANG": "C"}, {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"}, {"LC_ALL": "ar_EG.UTF-8", "TZ": "America/St_Johns"}):
            r = subprocess.run([os.path.join(TOP, "build", build, "admin-cli/aftercare"), "plan", "regen", "--state", d.state, "--verify", "--all"],
                               capture_output=True, text=True, env=dict(os.environ, **env))
            claim(r.returncode == 0, f"{build} under {env} re-makes every byte", (r.stdout + r.stderr)[-400:])
    print("builds:", " ".join(builds), "-", r.stderr.strip())
claim.end()
