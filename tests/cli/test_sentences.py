"""Five sentences of a clinic, typed by an administrator into a new protocol, put in force, and what the running plugin plans of them."""
import kit
from fcgi import Plugin
from kit import Case, run

SENTENCES = """<?xml version="1.0" encoding="UTF-8"?>
<protocol xmlns="urn:aftercare:protocol:1" id="sentences" owner="demo-clinic" demonstration="yes">
  <title xml:lang="en">Five sentences (demonstration)</title>
  <trigger system="LOCAL" code="FIVE"/>
  <trigger category="Five"/>
  <fact name="area" type="choice" many="yes" ask="yes"><label xml:lang="en">Treated areas</label>
    <value code="scalp"><label xml:lang="en">Scalp</label></value>
    <value code="face"><label xml:lang="en">Face</label></value></fact>
  <fact name="anticoagulant" type="yes-no" ask="yes"><label xml:lang="en">Takes blood thinners</label></fact>
  <fact name="session" type="number" ask="yes"><label xml:lang="en">Session</label></fact>
  <goal id="goal" signed="dr.demo 2026-03-01"><text xml:lang="en">Let the skin heal.</text></goal>

  <!-- No hair washing for 12 h, scalp only -->
  <instruction id="no-hair-wash" concept="hair-wash" kind="restriction" when="fact/area = 'scalp'" signed="dr.demo 2026-03-01">
    <label xml:lang="en">No hair wash</label><window until="12 h"/>
    <text xml:lang="en">Do not wash your hair.</text>
  </instruction>
  <!-- 72 h instead of 48 h for patients on anticoagulants -->
  <instruction id="no-exercise" concept="exercise" kind="restriction" signed="dr.demo 2026-03-01">
    <label xml:lang="en">No exercise</label>
    <window until="72 h" when="fact/anticoagulant = 'yes'"/>
    <window until="48 h"/>
    <text xml:lang="en">Do not exercise.</text>
  </instruction>
  <red-flag id="fever" level="call" contact="clinic" signed="dr.demo 2026-03-01"><text xml:lang="en">You get a fever.</text></red-flag>
  <red-flag id="breathing" level="emergency" contact="emergency" signed="dr.demo 2026-03-01"><text xml:lang="en">You cannot breathe well.</text></red-flag>
  <!-- Call on day 2 unless that is a Sunday or a holiday, then Monday -->
  <task id="call" concept="check-in-call" kind="check-in" role="nurse" from="2 d 09:00" until="2 d 18:00" closed="monday" shift="7 d"
      attempts="3" calling-hours="09:00-18:00" questions="how" signed="dr.demo 2026-03-01">
    <label xml:lang="en">Call</label><text xml:lang="en">Call the patient.</text>
  </task>
  <!-- Late check in week 4 and week 12 -->
  <task id="late" concept="late-check" kind="check-in" role="nurse" at="4 w 12 w" within="2 d" closed="after" shift="4 d"
      attempts="3" calling-hours="09:00-18:00" questions="how" signed="dr.demo 2026-03-01">
    <label xml:lang="en">Late check</label><text xml:lang="en">Call the patient.</text>
  </task>
  <check-in id="how" signed="dr.demo 2026-03-01">
    <question id="fever" type="yes-no"><text xml:lang="en">Fever?</text></question>
    <rule when="answer/fever = 'yes'" outcome="urgent"/>
    <rule when="true()" outcome="expected"/>
  </check-in>
  <!-- Session every 7 to 10 days, six sessions, never closer than 7 days -->
  <series id="course" sessions="6" interval="7 d..10 d" minimum-gap="7 d" signed="dr.demo 2026-03-01">
    <text xml:lang="en">Six sessions, 7 to 10 days apart.</text>
  </series>
</protocol>
"""


class Sentences(Case):
    @classmethod
    def setUpClass(cls):
        path = kit.folder("sentences.xml")
        with open(path, "w") as f:
            f.write(SENTENCES)
        cls.state = kit.installation(path)
        cls.plugin = Plugin(cls.state)
        cls.n = 0

    @classmethod
    def tearDownClass(cls):
        cls.plugin.__exit__()

    def plan(self, at, patient=None, booked=(), **facts):
        """The plan of a visit that took place then, made by the plugin; its page as JSON."""
        type(self).n += 1
        id = "s%d" % self.n
        body = {"schema": "aftercare/encounter/1", "source": {"system": "test", "site": "default"},
                "encounter": {"id": id, "revision": 1, "status": "finished", "start": at, "end": at, "zone": "Europe/Berlin"},
                "patient": {"id": patient or "p-" + id, "family": "Example"},
                "procedures": [{"id": "b1", "system": "LOCAL", "code": "FIVE", "status": "performed", "performed": at}],
                "conditions": {"reviewed": {"allergy": True, "medication": True}, "items": []}, "facts": facts,
                "appointments": [{"id": str(i), "start": t, "category": "Five", "status": "booked"} for i, t in enumerate(booked)]}
        status, answer = self.plugin.ask("PUT", "/aftercare/v1/encounters/default/" + id, body)
        self.assertEqual(status, 201, answer)
        return run("plan", "show", "--json", answer["plan"]["id"], state=self.state).json["plan"]

    def ends(self, plan):
        return {line["key"].split("/")[1]: line.get("until") for line in plan["lines"]}

    def task(self, plan, key):
        (t,) = [t for t in plan["tasks"] if t["key"] == "sentences/" + key]
        return t["not_before"], t["due"]

    def test_no_hair_washing_for_12_hours_scalp_only(self):
        scalp = self.ends(self.plan("2026-03-24T14:00:00+01:00", area=["scalp"], anticoagulant="no"))
        face = self.ends(self.plan("2026-03-24T14:00:00+01:00", area=["face"], anticoagulant="no"))
        self.assertEqual(scalp["no-hair-wash"], "2026-03-25T02:00:00+01:00")
        self.assertNotIn("no-hair-wash", face)

    def test_72_hours_instead_of_48_for_patients_on_anticoagulants(self):
        at = "2026-03-24T14:00:00+01:00"
        self.assertEqual(self.ends(self.plan(at, area=["face"], anticoagulant="yes"))["no-exercise"], "2026-03-27T14:00:00+01:00")
        self.assertEqual(self.ends(self.plan(at, area=["face"], anticoagulant="no"))["no-exercise"], "2026-03-26T14:00:00+01:00")
        # nobody said: the longer one
        self.assertEqual(self.ends(self.plan(at, area=["face"]))["no-exercise"], "2026-03-27T14:00:00+01:00")

    def test_call_on_day_2(self):
        self.assertEqual(self.task(self.plan("2026-03-24T14:00:00+01:00", area=["face"]), "call/1"),
                         ("2026-03-26T09:00:00+01:00", "2026-03-26T18:00:00+01:00"))

    def test_unless_that_is_a_sunday_then_monday(self):
        self.assertEqual(self.task(self.plan("2026-03-27T14:00:00+01:00", area=["face"]), "call/1"),
                         ("2026-03-30T09:00:00+02:00", "2026-03-30T18:00:00+02:00"))

    def test_unless_that_is_a_holiday_then_monday(self):
        # Ascension Day is a Thursday; the clinic is open on the Friday
        self.assertEqual(self.task(self.plan("2026-05-12T14:00:00+02:00", area=["face"]), "call/1"),
                         ("2026-05-18T09:00:00+02:00", "2026-05-18T18:00:00+02:00"))

    def test_a_session_every_7_to_10_days_six_of_them(self):
        series = self.plan("2026-03-24T14:00:00+01:00", area=["face"], session=2)["series"]
        self.assertEqual(series, {"session": 2, "sessions": 6, "next_from": "2026-03-31T14:00:00+02:00", "next_until": "2026-04-03T14:00:00+02:00"})
        self.assertNotIn("next_from", self.plan("2026-03-24T14:00:00+01:00", area=["face"], session=6)["series"])

    def test_never_closer_than_7_days(self):
        def warns(days, patient):
            self.plan("2026-03-02T14:00:00+01:00", patient, area=["face"], session=1)
            second = self.plan("2026-03-%02dT14:00:00+01:00" % (2 + days), patient, area=["face"], session=2)
            return "SERIES-GAP" in [w["rule"] for w in second.get("warnings", [])]
        self.assertTrue(warns(6, "p-early"))
        self.assertFalse(warns(7, "p-in-time"))

    def test_a_late_check_in_week_4_and_week_12(self):
        plan = self.plan("2026-03-24T14:00:00+01:00", area=["face"])
        self.assertEqual(self.task(plan, "late/1"), ("2026-04-21T14:00:00+02:00", "2026-04-23T14:00:00+02:00"))
        self.assertEqual(self.task(plan, "late/2"), ("2026-06-16T14:00:00+02:00", "2026-06-18T14:00:00+02:00"))

    def test_nor_is_one_booked_closer_without_a_warning(self):
        def warns(day):
            plan = self.plan("2026-03-02T14:00:00+01:00", booked=["2026-03-%02dT10:00:00+01:00" % day], area=["face"], session=1)
            return "SERIES-BOOKED" in [w["rule"] for w in plan.get("warnings", [])]
        self.assertTrue(warns(8))
        self.assertFalse(warns(9))

    def test_and_such_a_plan_is_made_again_as_it_was(self):
        self.plan("2026-03-02T14:00:00+01:00", booked=["2026-03-05T10:00:00+01:00"], area=["face"], session=1)
        self.code(0, "plan", "regen", "--verify", "--all", state=self.state)


kit.main()
