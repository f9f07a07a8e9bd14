#!/usr/bin/env python3
"""Questions about zones, and what Python's zoneinfo answers: time_oracle.py FOLDER QUESTIONS ANSWERS [full]

Zones      all that change their offset between 2015 and 2037; equal files are asked once, in full mode every name.
Windows    each, with starts around each transition and with ends around each transition, in steps from -3 h to +3 h,
           one second before and after included. Full mode: smaller steps, and transitions until 2099 (the footer).
Left out   a zone whose file in FOLDER has other transitions than the installed one; it is named on standard error.
           zic of glibc 2.36 writes a slim America/Ojinaga whose footer contradicts its last transition: RFC 8536
           section 3.2 (and glibc, and base/zone) then follow the footer at that very second, zoneinfo the transition.
Rules      h is elapsed time, d and w are calendar days at the same wall clock; in a gap the first instant after it
           (found here by bisection), in a fold the earlier and the later instant.
"""
import hashlib
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone

INSTALLED = "/usr/share/zoneinfo"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
WINDOWS = [("24 h", 24), ("48 h", 48), ("72 h", 72), ("7 d", 7), ("12 w", 84), ("3 d 08:00", 3)]


def offset(zone, t):
    return datetime.fromtimestamp(t, zone).utcoffset() // SECOND


def bisect(zone, low, high):
    """First instant in (low, high] that has another offset than `low`."""
    before = offset(zone, low)
    while high - low > 1:
        mid = (low + high) // 2
        if offset(zone, mid) == before:
            low = mid
        else:
            high = mid
    return high


def instants(zone, wall):
    """Earlier and later instant of a naive wall time."""
    u0 = (wall.replace(tzinfo=zone) - EPOCH) // SECOND
    u1 = (wall.replace(tzinfo=zone, fold=1) - EPOCH) // SECOND
    if u0 <= u1:
        return u0, u1
    gap = bisect(zone, u1, u0)
    return gap, gap


def transitions(zone, first_year, last_year):
    t = (datetime(first_year, 1, 1, tzinfo=timezone.utc) - EPOCH) // SECOND
    end = (datetime(last_year + 1, 1, 1, tzinfo=timezone.utc) - EPOCH) // SECOND
    step = 3 * 86400
    last = offset(zone, t)
    while t < end:
        now = offset(zone, t + step)
        if now != last:
            yield bisect(zone, t, t + step)
        t, last = t + step, now


def window_end(zone, start, op, n):
    if op.endswith(" h"):
        return start + n * 3600, start + n * 3600
    wall = datetime.fromtimestamp(start, zone).replace(tzinfo=None, fold=0) + timedelta(days=n)
    if ":" in op:
        wall = wall.replace(hour=8, minute=0, second=0)
    return instants(zone, wall)


def main():
    folder, full = sys.argv[1], len(sys.argv) > 4
    step = 900 if full else 1800
    deltas = list(range(-10800, 10801, step)) + [-1, 1]
    zoneinfo.reset_tzpath([folder])
    seen = set()
    with open(sys.argv[2], "w") as ask, open(sys.argv[3], "w") as know:
        for name in sorted(zoneinfo.available_timezones()):
            with open(f"{folder}/{name}", "rb") as f:
                digest = hashlib.sha256(f.read()).digest()
            if digest in seen and not full:
                continue
            seen.add(digest)
            zone = zoneinfo.ZoneInfo(name)
            changes = list(transitions(zone, 2015, 2099 if full else 2037))
            if folder != INSTALLED:
                with open(f"{INSTALLED}/{name}", "rb") as f:
                    installed = zoneinfo.ZoneInfo.from_file(f, name)
                if changes != list(transitions(installed, 2015, 2099 if full else 2037)):
                    print(f"left out: {name}", file=sys.stderr)
                    continue
            for at in changes:
                for delta in deltas:
                    t = at + delta
                    ask.write(f"{name}|{t}|offset\n")
                    know.write(f"{offset(zone, t)}\n")
                    wall = datetime.fromtimestamp(t, timezone.utc).replace(tzinfo=None) + timedelta(
                        seconds=offset(zone, at - 1))  # runs through the gap, or through the fold's first half
                    ask.write(f"{name}|{wall.isoformat()}|wall\n")
                    know.write("%d %d\n" % instants(zone, wall))
                    for op, n in WINDOWS:
                        for start in (t, t - n * (3600 if op.endswith(" h") else 86400)):
                            a, b = window_end(zone, start, op, n)
                            ask.write(f"{name}|{start}|{op}\n")
                            know.write(f"{a} {b} {offset(zone, b)}\n")


main()
