"""protocol preview, protocol simulate, protocol coverage. See kit.py."""
import sqlite3
import xml.dom.minidom

import kit
from kit import Case, run

TOUCH = '<window until="48 h" range="24 h..48 h"/>'
SHORTER = kit.read(kit.DEMO).replace(TOUCH, '<window until="24 h" range="24 h..48 h"/>', 1)
assert SHORTER != kit.read(kit.DEMO)
STATE = kit.installation(kit.DEMO)
kit.fill(STATE, 1, 30)


def write(text, name="new.xml"):
    path = kit.folder(name)
    with open(path, "w") as f:
        f.write(text)
    return path


def rows(state, sql):
    db = sqlite3.connect("%s/aftercare.db" % state)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def everything_but_the_log(state):
    return [rows(state, "SELECT * FROM %s ORDER BY 1, 2" % t)
            for t in ("encounter", "plan", "plan_version", "document", "task", "delivery", "protocol_version")]


def leaves(state):
    return rows(state, "SELECT count(*) FROM leaf")[0][0]


class Preview(Case):
    def test_json_has_the_plan_as_a_member_and_goes_with_no_other_form(self):
        r = self.code(0, *self.ARGS, "--json", kit.DEMO).json
        self.assertEqual((r["schema_version"], r["plan"]["schema"]), (1, "aftercare/plan/1"))
        self.code(2, *self.ARGS, "--json", "--as", "html", kit.DEMO)

    ARGS = ("protocol", "preview", "--area", "face", "--at", "2026-03-28T15:00", "--zone", "Europe/Berlin", "--clinic", kit.CLINIC)

    def test_a_file_is_held_against_the_clinic_of_an_installation_that_is_named(self):
        r = self.code(0, "protocol", "preview", "--at", "2026-03-28T15:00", kit.DEMO, state=STATE)
        self.assertIn("(Europe/Berlin)", r.text)
        self.assertIn("(UTC)", self.code(0, "protocol", "preview", "--at", "2026-03-28T15:00", kit.DEMO).text)

    def test_as_text_has_clock_times_across_the_change_of_clocks(self):
        r = self.code(0, *self.ARGS, kit.DEMO)
        self.assertIn("until Mon 30 Mar, 16:00", r.text)
        self.assertIn("Do not touch or rub the treated area.", r.text)
        self.assertIn("nothing is stored; DEMONSTRATION", r.text)

    def test_facts_decide_what_holds(self):
        with_scalp = self.code(0, *self.ARGS[:2], "--area", "scalp", kit.DEMO).text
        self.assertIn("Do not wash your hair.", with_scalp)
        self.assertNotIn("Do not wash your hair.", self.code(0, *self.ARGS, kit.DEMO).text)

    def test_language_is_that_of_the_texts(self):
        self.assertIn("Gehen Sie nicht in die Sauna.", self.code(0, *self.ARGS, "--language", "de", kit.DEMO).text)

    def test_as_html_is_the_sheet_marked_as_a_preview(self):
        r = self.code(0, *self.ARGS, "--as", "html", kit.DEMO)
        self.assertTrue(r.text.startswith("<!DOCTYPE html>"))
        self.assertIn("Preview", r.text)

    def test_as_pdf_is_the_sheet_on_paper(self):
        r = self.code(0, *self.ARGS, "--as", "pdf", kit.DEMO)
        self.assertTrue(r.out.startswith(b"%PDF-") and r.out.endswith(b"%%EOF\n"))
        self.assertIn(b"/Marked true", r.out)

    def test_as_xml_is_a_document(self):
        d = xml.dom.minidom.parseString(self.code(0, *self.ARGS, "--as", "xml", kit.DEMO).out)
        self.assertEqual(d.documentElement.tagName, "ClinicalDocument")

    def test_as_json_is_the_plan(self):
        self.assertEqual(self.code(0, *self.ARGS, "--as", "json", kit.DEMO).json["schema"], "aftercare/plan/1")

    def test_refuses_facts_that_the_protocol_does_not_know(self):
        for fact in ("area=moon", "anticoagulant=maybe", "session=many", "nothing=1"):
            self.code(5, "protocol", "preview", "--fact", fact, kit.DEMO)
        self.code(2, "protocol", "preview", "--fact", "area", kit.DEMO)
        self.code(2, "protocol", "preview", "--at", "yesterday", kit.DEMO)
        self.code(2, "protocol", "preview", "--as", "png", kit.DEMO)

    def test_of_an_invented_visit_leaves_no_trace(self):
        before, n = everything_but_the_log(STATE), leaves(STATE)
        self.code(0, *self.ARGS, "mesotherapy", state=STATE)
        self.assertEqual((everything_but_the_log(STATE), leaves(STATE)), (before, n))

    def test_of_a_stored_visit_is_one_entry_of_the_log_and_no_more(self):
        before, n = everything_but_the_log(STATE), leaves(STATE)
        r = self.code(0, "protocol", "preview", "--encounter", "default/v3", write(SHORTER), state=STATE)
        self.assertIn("Do not wash your hair.", r.text)
        self.assertEqual((everything_but_the_log(STATE), leaves(STATE)), (before, n + 1))
        self.assertIn(b'"action":"view","kind":"encounter"', rows(STATE, "SELECT bytes FROM leaf ORDER BY idx DESC LIMIT 1")[0][0])

    def test_says_what_is_recorded_of_a_stored_visit(self):
        r = self.code(0, "protocol", "preview", "--json", "--encounter", "default/v3", "mesotherapy", state=STATE).json
        self.assertEqual(set(r["with"]), {"overrides", "other_plans", "calls", "earlier_sessions", "issued_ends"})
        out = self.code(0, "protocol", "simulate", "--json", write(SHORTER), state=STATE).json["left_out"]
        self.assertEqual(set(out), set(r["with"]))
        self.assertIn("Left out: what clinicians decided", self.code(0, "protocol", "simulate", write(SHORTER), state=STATE).text)

    def test_of_a_visit_that_is_not_there(self):
        self.code(3, "protocol", "preview", "--encounter", "default/nobody", "mesotherapy", state=STATE)
        self.code(5, "protocol", "preview", "--encounter", "default/v3", kit.PEEL, state=STATE)
        self.code(2, "protocol", "preview", "--encounter", "default/v3", "--area", "face", "mesotherapy", state=STATE)


class Simulate(Case):
    def test_counts_by_line_and_names_the_visits(self):
        r = self.code(0, "protocol", "simulate", "--json", write(SHORTER), state=STATE).json
        self.assertEqual((r["stored"], r["looked_at"], r["concerned"], r["changed"], r["weaker"], r["stronger"]), (30, 30, 30, 30, 30, 0))
        self.assertEqual(r["lines"], [{"key": "mesotherapy/no-touch", "line": "restriction", "weaker": 30, "stronger": 0}])
        self.assertEqual(len(r["encounters"]), 30)
        self.assertEqual(r["more"], 0)

    def test_only_those_whose_condition_holds_change(self):
        text = kit.read(kit.DEMO)
        wash = text.index('id="no-hair-wash"')
        cut = text.index("until=\"", wash)
        longer = text[:cut] + 'until="36 h"' + text[text.index('"', cut + 7) + 1:]
        r = self.code(0, "protocol", "simulate", "--json", write(longer), state=STATE).json
        self.assertEqual((r["changed"], r["stronger"]), (10, 10))  # every third visit treats the scalp
        self.assertEqual([line["key"] for line in r["lines"]], ["mesotherapy/no-hair-wash"])

    def test_of_the_same_meaning_changes_nothing(self):
        r = self.code(0, "protocol", "simulate", write(kit.read(kit.DEMO).replace("\n  <", "\n <")), state=STATE)
        self.assertIn("0 of 30 visit(s) would change", r.text)

    def test_a_sample_and_a_time_make_it_smaller(self):
        path = write(SHORTER)
        self.assertEqual(self.code(0, "protocol", "simulate", "--json", "--sample", "7", path, state=STATE).json["looked_at"], 7)
        self.assertEqual(self.code(0, "protocol", "simulate", "--json", "--since", "2099-01-01", path, state=STATE).json["stored"], 0)
        self.code(2, "protocol", "simulate", "--sample", "0", path, state=STATE)
        self.code(2, "protocol", "simulate", "--since", "soon", path, state=STATE)

    def test_writes_one_entry_of_the_log_with_the_count_and_no_more(self):
        before, n = everything_but_the_log(STATE), leaves(STATE)
        r = self.code(0, "protocol", "simulate", write(SHORTER), state=STATE)
        self.assertEqual((everything_but_the_log(STATE), leaves(STATE)), (before, n + 1))
        leaf = rows(STATE, "SELECT bytes FROM leaf ORDER BY idx DESC LIMIT 1")[0][0]
        self.assertIn(b'"action":"list","kind":"encounter"', leaf)
        self.assertIn(b'"version":30', leaf)
        self.assertNotIn("\r", r.talk)

    def test_a_protocol_means_its_newest_draft(self):
        state = kit.copy(STATE)
        self.code(3, "protocol", "simulate", "mesotherapy", state=state)
        self.code(0, "protocol", "import", "--actor", "ann", write(SHORTER), state=state)
        self.assertEqual(self.code(0, "protocol", "simulate", "--json", "mesotherapy", state=state).json["weaker"], 30)

    def test_a_protocol_that_is_new_says_who_would_get_a_plan(self):
        other = SHORTER.replace('id="mesotherapy"', 'id="another"', 1)
        r = self.code(0, "protocol", "simulate", "--json", write(other), state=STATE).json
        self.assertEqual((r["concerned"], r["changed"]), (30, 30))


class Coverage(Case):
    def test_says_what_no_protocol_serves_and_which_never_fires(self):
        state = kit.installation(kit.DEMO, kit.PEEL)
        kit.fill(state, 1, 6)
        r = self.code(0, "protocol", "coverage", "--json", state=state).json
        self.assertEqual((r["visits"], r["without"], r["suggested"], r["uncovered"]), (6, 0, 0, []))
        self.assertEqual({p["protocol"]: (p["visits"], p["never"]) for p in r["protocols"]},
                         {"mesotherapy": (6, False), "chemical-peel": (0, True)})

    def test_a_category_alone_is_a_suggestion(self):
        state = kit.copy(STATE)
        text = kit.read(kit.DEMO).replace('<trigger system="CPT4" code="17999"/>', "", 1)
        r = self.code(0, "protocol", "import", "--json", "--actor", "ann", write(text), state=state)
        version = r.json["version"]
        for verb in ("submit", "approve"):
            run("protocol", verb, "--actor", "ann" if verb == "submit" else "bob", version, state=state)
        self.code(0, "protocol", "publish", "--actor", "bob", "--confirm", "mesotherapy", version, state=state)
        before, n = everything_but_the_log(state), leaves(state)
        r = self.code(0, "protocol", "coverage", "--json", state=state).json
        self.assertEqual((everything_but_the_log(state), leaves(state)), (before, n + 1))
        self.assertEqual((r["without"], r["suggested"]), (0, 30))
        self.assertEqual([(u["what"], u.get("system"), u["code"], u["visits"], u["suggested"]) for u in r["uncovered"]],
                         [("category", None, "Mesotherapy", 30, 30), ("procedure", "CPT4", "17999", 30, 30)])
        self.assertIn("30 with a suggestion only", self.code(0, "protocol", "coverage", state=state).text)


kit.main()
