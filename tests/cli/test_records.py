"""Plans, tasks, deliveries, documents and their export from a store that holds some. See kit.py."""
import json
import os
import signal
import stat
import subprocess
import time

import kit
from kit import Case, run

FEW, MANY = 9, 1100  # more plans than a list shows
STATE = kit.installation(kit.DEMO)
kit.fill(STATE, 0, FEW)
kit.fill(STATE, 0, 2, "other")
LARGE = kit.installation(kit.DEMO)
kit.fill(LARGE, 0, MANY)


def plans(*more, state=STATE):
    return run("plan", "list", "--json", *more, state=state).json["plans"]


def entries(state=STATE):
    return run("audit", "verify", "--json", state=state).json["entries"]


def holds(pid, name):
    """The process has the file open: it is past its start."""
    fds = "/proc/%d/fd/" % pid
    for fd in os.listdir(fds):
        try:
            if os.readlink(fds + fd).endswith(name):
                return True
        except OSError:
            pass
    return False


class Lists(Case):
    def test_every_list_is_one_json_document_with_its_version(self):
        for args, member in ((("plan", "list"), "plans"), (("task", "list"), "tasks"), (("delivery", "list"), "deliveries"),
                             (("protocol", "list"), "protocols")):
            r = self.code(0, *args, "--json", state=STATE)
            self.assertEqual(r.json["schema_version"], 1)
            self.assertGreater(len(r.json[member]), 0, member)
            self.assertEqual(r.err, b"")

    def test_text_has_a_line_for_each_row_and_one_for_the_names(self):
        self.assertEqual(len(self.code(0, "plan", "list", state=STATE).text.splitlines()), FEW + 2 + 1)

    def test_plans_of_a_patient_are_of_that_patient(self):
        rows = plans("--patient", "p1")
        self.assertEqual({(p["site"], p["patient"]) for p in rows}, {("default", "p1"), ("other", "p1")})

    def test_plans_of_a_site_are_of_that_site(self):
        self.assertEqual(len(plans("--site", "other")), 2)

    def test_a_patient_that_nobody_knows_has_none(self):
        self.assertEqual(plans("--patient", "nobody"), [])

    def test_tasks_of_a_role_are_of_that_role(self):
        rows = self.code(0, "task", "list", "--json", "--open", "--role", "nurse", state=STATE).json["tasks"]
        self.assertEqual({t["role"] for t in rows}, {"nurse"})
        self.assertLessEqual({t["status"] for t in rows}, {"requested", "accepted", "in-progress"})

    def test_open_tasks_come_by_their_due_time(self):
        due = [t["due"] for t in self.code(0, "task", "list", "--json", "--open", state=STATE).json["tasks"]]
        self.assertEqual(due, sorted(due))

    def test_a_list_goes_on_behind_its_last_row(self):
        rows = self.code(0, "task", "list", "--json", "--open", state=STATE).json["tasks"]
        at = rows[len(rows) // 2]
        rest = self.code(0, "task", "list", "--json", "--open", "--after", f"{at['plan']}/{at['name']}", state=STATE).json["tasks"]
        self.assertEqual(rest, rows[len(rows) // 2 + 1:])
        all_plans = plans()
        self.assertEqual(plans("--after", all_plans[1]["id"]), all_plans[2:])
        self.code(2, "plan", "list", "--after", "nothing", state=STATE)

    def test_a_role_that_is_none_is_a_wrong_command_line(self):
        self.code(2, "task", "list", "--role", "janitor", state=STATE)

    def test_deliveries_that_wait_are_those_of_the_site_with_a_channel(self):
        rows = self.code(0, "delivery", "list", "--json", state=STATE).json["deliveries"]
        self.assertEqual({d["site"] for d in rows}, {"default"})
        self.assertEqual({d["status"] for d in rows}, {"pending"})

    def test_all_deliveries_have_those_that_were_superseded(self):
        rows = self.code(0, "delivery", "list", "--json", "--all", state=STATE).json["deliveries"]
        self.assertIn("superseded", {d["status"] for d in rows})

    def test_no_list_names_a_patient(self):
        for args in (("plan", "list"), ("task", "list"), ("delivery", "list")):
            self.assertNotIn("Example", run(*args, state=STATE).text, args)

    def test_each_look_is_an_entry_of_the_log(self):
        for args in (("plan", "list"), ("task", "list"), ("delivery", "list"), ("plan", "show", plans()[0]["id"]),
                     ("plan", "document", plans()[0]["id"]), ("plan", "regen", plans()[0]["id"])):
            before = entries()
            self.code(0, *args, state=STATE)
            self.assertEqual(entries(), before + 1, args)

    def test_a_list_that_goes_on_says_so(self):
        r = self.code(0, "plan", "list", "--json", state=LARGE).json
        self.assertEqual((len(r["plans"]), r["limit_reached"]), (1000, True))
        self.assertIn("first 1000", self.code(0, "plan", "list", state=LARGE).talk)

    def test_a_list_that_does_not_says_that(self):
        for what in ("plan", "task", "delivery"):
            self.assertFalse(self.code(0, what, "list", "--json", state=STATE).json["limit_reached"], what)


class Plans(Case):
    def test_show_gives_times_in_the_encounters_zone(self):
        p = plans("--site", "other", "--patient", "p1")[0]["id"]
        self.assertIn("treated Monday 2 March 2026, 10:40 (Europe/Berlin)", self.code(0, "plan", "show", p, state=STATE).text)

    def test_show_as_json_holds_the_plan(self):
        p = plans()[0]["id"]
        r = self.code(0, "plan", "show", p, "--json", state=STATE).json
        self.assertEqual(r["schema_version"], 1)
        self.assertGreater(len(r["plan"]), 3)

    def test_an_earlier_version_is_another_one(self):
        p = [x for x in plans() if x["version"] == 2][0]["id"]
        self.assertNotEqual(self.code(0, "plan", "show", p, "--json", "--version", "1", state=STATE).out,
                            self.code(0, "plan", "show", p, "--json", state=STATE).out)

    def test_the_document_is_the_bytes_that_its_hash_names(self):
        p = [x for x in plans() if x["document_version"] == 2][0]["id"]
        for n in ("1", "2"):
            told = self.code(0, "plan", "document", p, "--version", n, "--json", state=STATE).json
            self.assertEqual(kit.sha256(self.code(0, "plan", "document", p, "--version", n, state=STATE).out), told["sha256"])
            self.assertEqual(kit.sha256(told["xml"].encode()), told["sha256"])

    def test_without_a_version_it_is_the_newest(self):
        p = [x for x in plans() if x["document_version"] == 2][0]["id"]
        self.assertEqual(self.code(0, "plan", "document", p, "--json", state=STATE).json["version"], 2)

    def test_a_version_that_is_not_there_is_not_found(self):
        p = plans()[0]["id"]
        for verb in ("show", "document", "regen"):
            self.code(3, "plan", verb, p, "--version", "7", state=STATE)

    def test_what_is_no_id_is_a_wrong_command_line(self):
        for verb in ("show", "document", "regen"):
            self.code(2, "plan", verb, "p1", state=STATE)
            self.code(2, "plan", verb, plans()[0]["id"], "--version", "0", state=STATE)

    def test_an_id_that_nobody_has_is_not_found(self):
        for verb in ("show", "document", "regen"):
            r = self.code(3, "plan", verb, "--json", "00000000-0000-4000-8000-000000000000", state=STATE)
            self.assertEqual(r.error["rule"], "PLAN-UNKNOWN")

    def test_made_again_it_is_the_document_as_stored(self):
        p = plans()[0]["id"]
        self.assertEqual(self.code(0, "plan", "regen", p, state=STATE).out, self.code(0, "plan", "document", p, state=STATE).out)
        told = self.code(0, "plan", "regen", p, "--json", state=STATE).json
        self.assertEqual((told["same"], kit.sha256(told["document"].encode())),
                         (True, run("plan", "document", p, "--json", state=STATE).json["sha256"]))

    def test_verify_of_one_compares_each_of_its_versions(self):
        p = [x for x in plans() if x["version"] == 2][0]["id"]
        r = self.code(0, "plan", "regen", "--verify", p, "--json", state=STATE).json
        self.assertEqual((r["made"], r["differ"], r["failed"], r["findings"]), (2, 0, 0, []))

    def test_verify_of_all_goes_beyond_what_a_list_shows(self):
        r = self.code(0, "plan", "regen", "--verify", "--all", "--json", state=LARGE).json
        self.assertEqual((r["made"], r["differ"]), (MANY + (MANY + 2) // 3, 0))

    def test_all_and_one_at_once_is_a_wrong_command_line(self):
        self.code(2, "plan", "regen", "--all", plans()[0]["id"], state=STATE)
        self.code(2, "plan", "regen", "--all", "--version", "1", state=STATE)
        self.code(2, "plan", "regen", state=STATE)

    def test_control_c_ends_it_with_130(self):
        p = subprocess.Popen([kit.BIN, "plan", "regen", "--verify", "--all"], env=kit.environment(AFTERCARE_STATE=LARGE),
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        while p.poll() is None and not holds(p.pid, "aftercare.db"):
            time.sleep(0.01)
        p.send_signal(signal.SIGINT)
        _, err = p.communicate(timeout=60)
        self.assertEqual((p.returncode, err), (130, b"\naftercare: interrupted\n"))

    def test_a_closed_pipe_ends_a_long_list_with_1(self):
        r, w = os.pipe()
        os.close(r)
        ran = run("plan", "list", state=LARGE, stdout=w)
        os.close(w)
        self.assertEqual((ran.code, ran.err), (1, b"aftercare: these are the first 1000; there may be more\n"))


class Export(Case):
    def export(self, want, *args, state=STATE):
        out = kit.folder("export")
        r = self.code(want, "export", "cda", "--out", out, "--json", *args, state=state)
        if want != 0:
            return out, None, r
        with open(out + "/manifest.json") as f:
            return out, json.load(f), r.json

    def files(self, out):
        return sorted(os.path.relpath(os.path.join(d, f), out) for d, _, fs in os.walk(out) for f in fs)

    def test_all_has_every_version_and_every_sheet(self):
        _, m, said = self.export(0, "--all")
        corrected = (FEW + 2) // 3 + 1  # of the nine, and one of the other site's two
        self.assertEqual(m["counts"], {"documents": FEW + 2 + corrected, "current": FEW + 2, "replaced": corrected,
                                       "sheets": FEW + 2, "pdfs": 0, "signatures": FEW + 2 + corrected})
        self.assertEqual({k: said[k] for k in m["counts"]}, m["counts"])

    def test_sha256sum_accepts_it(self):
        out, _, _ = self.export(0, "--all")
        subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=out, check=True)

    def test_sums_and_manifest_name_each_file_once_and_no_other(self):
        out, m, _ = self.export(0, "--all")
        with open(out + "/SHA256SUMS") as f:
            sums = dict(reversed(line.rstrip("\n").split("  ", 1)) for line in f)
        listed = {e["file"]: e for e in m["entries"]}
        self.assertEqual(len(listed), len(m["entries"]))
        signatures = [e["signature"]["file"] for e in m["entries"] if e["kind"] == "document"]
        self.assertEqual(signatures, [e["file"] + ".p7s" for e in m["entries"] if e["kind"] == "document"])
        self.assertEqual(sorted(sums), sorted([*listed, *signatures, "clinic.pem", "manifest.json"]))
        self.assertEqual(self.files(out), sorted([*sums, "SHA256SUMS"]))
        for name, e in listed.items():
            self.assertEqual((sums[name], os.path.getsize(out + "/" + name)), (e["sha256"], e["size"]))

    def test_an_entry_says_whose_it_is_and_what_made_it(self):
        _, m, _ = self.export(0, "--patient", "p3")
        kinds = sorted((e["kind"], e.get("version"), e.get("status")) for e in m["entries"])
        self.assertEqual(kinds, [("document", 1, "replaced"), ("document", 2, "current"), ("sheet", None, None)])
        for e in m["entries"]:
            self.assertEqual((e["site"], e["encounter"], e["patient"]), ("default", "v3", "p3"))
            self.assertEqual([len(v) for v in e["protocols"]], [64])

    def test_the_manifest_holds_the_question_and_the_logs_head(self):
        _, m, _ = self.export(0, "--since", "2026-03-05", "--until", "2026-03-06", "--by", "performed")
        self.assertEqual(m["query"], {"by": "performed", "since": "2026-03-04T23:00:00.000Z",
                                      "until": "2026-03-05T23:00:00.000Z", "zone": "Europe/Berlin"})
        self.assertRegex(m["log_head"], r"^aftercare/[0-9a-f]+\n\d+\n\S+\n\n\u2014 ")

    def test_by_performed_takes_the_treatments_of_these_days(self):
        _, m, _ = self.export(0, "--since", "2026-03-05", "--until", "2026-03-06", "--by", "performed")
        self.assertEqual({e["encounter"] for e in m["entries"]}, {"v4"})
        self.assertEqual({e["kind"] for e in m["entries"]}, {"document", "sheet"})

    def test_a_moment_with_its_offset_is_that_moment(self):
        at = ("--by", "performed", "--since", "2026-03-05T09:40:00Z")
        _, m, _ = self.export(0, *at, "--until", "2026-03-05T09:40:01Z")
        self.assertEqual({e["encounter"] for e in m["entries"]}, {"v4"})
        _, m, _ = self.export(0, "--by", "performed", "--since", "2026-03-05T09:40:01Z", "--until", "2026-03-06")
        self.assertEqual(m["entries"], [])

    def test_by_document_takes_when_it_was_made(self):
        _, m, _ = self.export(0, "--until", "2026-03-20")
        self.assertEqual(m["entries"], [])

    def test_of_a_patient_whom_nobody_knows_is_not_found_and_writes_nothing(self):
        before = entries()
        for question in (["--patient", "nope"], ["--patient", "p7", "--site", "other"], ["--patient", "p3", "--site", "nowhere"]):
            out, _, r = self.export(3, *question)
            self.assertEqual((r.error["rule"], r.error["in"], os.path.exists(out)), ("EXPORT-PATIENT", "--patient", False))
        self.assertEqual(entries(), before)

    def test_of_a_known_patient_a_time_without_anything_is_an_empty_export(self):
        _, m, r = self.export(0, "--patient", "p3", "--until", "2026-01-01", "--by", "performed")
        self.assertEqual((m["entries"], r["documents"]), ([], 0))

    def test_a_patient_of_two_sites_is_two_persons(self):
        out, _, r = self.export(4, "--patient", "p1")
        self.assertEqual(r.error["rule"], "EXPORT-SITE")
        self.assertFalse(os.path.exists(out))
        _, m, _ = self.export(0, "--patient", "p1", "--site", "other")
        self.assertEqual({e["site"] for e in m["entries"]}, {"other"})

    def test_a_folder_that_is_not_empty_is_a_conflict(self):
        out, _, _ = self.export(0, "--patient", "p3")
        before = self.files(out)
        r = self.code(4, "export", "cda", "--all", "--json", "--out", out, state=STATE)
        self.assertEqual((r.error["rule"], self.files(out)), ("EXPORT-NOT-EMPTY", before))

    def test_an_empty_folder_is_taken(self):
        out = kit.folder("export")
        os.mkdir(out)
        self.code(0, "export", "cda", "--all", "--out", out, state=STATE)

    def test_only_the_owner_reads_it(self):
        old = os.umask(0)
        out, _, _ = self.export(0, "--patient", "p3")
        os.umask(old)
        for d, dirs, files in os.walk(out):
            self.assertEqual(stat.S_IMODE(os.stat(d).st_mode), 0o700)
            for f in files:
                self.assertEqual(stat.S_IMODE(os.stat(d + "/" + f).st_mode), 0o600, f)

    def test_each_is_an_entry_of_the_log(self):
        before = entries()
        self.export(0, "--patient", "p3")
        self.assertEqual(entries(), before + 1)

    def test_the_question_must_be_one(self):
        for args in ((), ("--all", "--patient", "1"), ("--since", "yesterday"), ("--since", "2026-03"),
                     ("--all", "--by", "magic"), ("--since", "2026-03-02", "--until", "2026-03-01")):
            out, _, r = self.export(2, *args)
            self.assertEqual(r.error["rule"], "CLI-USAGE", args)
            self.assertFalse(os.path.exists(out))
        self.code(2, "export", "cda", "--all", state=STATE)

    def test_a_folder_that_cannot_be_made_fails(self):
        self.code(1, "export", "cda", "--all", "--out", "/proc/nowhere", state=STATE)

    def test_what_a_page_gave_out_is_what_is_exported(self):
        out, m, _ = self.export(0, "--patient", "p3")
        for e in m["entries"]:
            with open(out + "/" + e["file"], "rb") as f:
                data = f.read()
            self.assertEqual(kit.sha256(data), e["sha256"])
            self.assertTrue(data.startswith(b"<?xml" if e["kind"] == "document" else b"<!DOCTYPE html>"), data[:40])

    def test_memory_does_not_grow_with_what_is_exported(self):
        peaks = []
        for state in (STATE, LARGE):
            p = subprocess.Popen([kit.BIN, "export", "cda", "--all", "--out", kit.folder("export")], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL,
                                 env=kit.environment(AFTERCARE_STATE=state, ASAN_OPTIONS="quarantine_size_mb=1:detect_leaks=0"))
            _, status, used = os.wait4(p.pid, 0)
            p.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(p.returncode, 0)
            peaks.append(used.ru_maxrss)
        self.assertLess(peaks[1] - peaks[0], 12 * 1024, "KiB: %r" % peaks)


if __name__ == "__main__":
    kit.main()
