"""plan explain: which version, which condition, which fact, who signed. See kit.py."""
import kit
from kit import Case, run

STATE = kit.installation(kit.DEMO, kit.PEEL)
kit.fill(STATE, 0, 2)
PLAN = run("plan", "list", "--json", "--patient", "p1", state=STATE).json["plans"][0]["id"]


def explain(line, *more, plan=PLAN):
    return run("plan", "explain", "--json", *more, plan, line, state=STATE)


class Explain(Case):
    def test_a_fact_that_nobody_recorded_is_named_and_the_stricter_window_taken(self):
        j = explain("no-exercise").json
        self.assertEqual((j["in_plan"], j["assumed"], j["signed_by"], j["approver"]), (True, True, "dr.demo", "bob"))
        window = j["conditions"][1]
        self.assertEqual((window["truth"], window["taken"], window["window_until"]), ("unknown", True, "72 h"))
        self.assertEqual(window["steps"][0]["facts"], [{"path": "fact/anticoagulant", "from": "nobody", "partial": False}])

    def test_a_line_that_is_not_in_the_plan_says_which_fact_kept_it_out(self):
        j = explain("no-hair-wash").json
        self.assertEqual((j["in_plan"], j["conditions"][0]["truth"]), (False, "false"))
        self.assertEqual(j["conditions"][0]["steps"][0]["facts"][0]["value"], "face")

    def test_the_version_and_the_line_of_the_source_are_named(self):
        j = explain("mesotherapy/no-touch").json
        source = run("protocol", "show", j["version"], state=STATE).text.splitlines()
        self.assertIn('id="no-touch"', source[j["source_line"] - 1])

    def test_tasks_and_goals_and_flags_are_lines_too(self):
        for line, kind in (("mesotherapy/call-day-2/1", "task"), ("call-day-2", "task"), ("goal-healing", "goal")):
            self.assertEqual(explain(line).json["kind"], kind)

    def test_a_line_that_no_protocol_has_is_not_found(self):
        r = explain("nothing")
        self.assertEqual((r.code, r.error["rule"]), (3, "EXPLAIN-LINE"))

    def test_a_plan_may_be_named_by_its_beginning(self):
        self.assertEqual(explain("no-touch", plan=PLAN[:6]).code, 0)
        self.assertEqual(explain("no-touch", plan=PLAN[:2]).code, 2)
        self.assertEqual(explain("no-touch", plan="zzzz").code, 2)

    def test_it_is_an_entry_of_the_log(self):
        before = run("audit", "verify", "--json", state=STATE).json["entries"]
        explain("no-touch")
        self.assertEqual(run("audit", "verify", "--json", state=STATE).json["entries"], before + 1)

    def test_for_people_it_is_short_lines(self):
        text = self.code(0, "plan", "explain", PLAN, "no-exercise", state=STATE).text
        self.assertIn("nobody recorded it; the stricter side is taken", text)
        self.assertLessEqual(max(len(l) for l in text.splitlines()), 100)


if __name__ == "__main__":
    kit.main()
