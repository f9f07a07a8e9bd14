"""protocol export --as fhir and the way back: PlanDefinitions. See kit.py.

With the npm package `fhir` (npm install -g fhir@4.12.0, or NODE_PATH) what is exported is held against the R4 profiles."""
import json
import os
import shutil
import subprocess
import unittest

import kit
from kit import Case, run

FULL = kit.SOURCE + "/tests/good/protocol/full.xml"
STATE = kit.installation(kit.DEMO)
FHIR = run("protocol", "export", "--as", "fhir", "mesotherapy", state=STATE)

VALIDATE = """
const { Fhir } = require('fhir');
const r = new Fhir().validate(JSON.parse(require('fs').readFileSync(0)), { errorOnUnexpected: true });
const bad = r.messages.filter(m => m.severity === 'error' || m.severity === 'fatal');
console.log(JSON.stringify(bad));
process.exit(r.valid && bad.length === 0 ? 0 : 1);
"""


def node_environment():
    env = dict(os.environ)
    if shutil.which("node") is None:
        return None
    if "NODE_PATH" not in env and shutil.which("npm"):
        env["NODE_PATH"] = subprocess.run(["npm", "root", "-g"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                          text=True).stdout.strip()
    found = subprocess.run(["node", "-e", "require('fhir')"], env=env, stderr=subprocess.DEVNULL)
    return env if found.returncode == 0 else None


NODE = node_environment()


def write(name, text):
    path = kit.folder(name)
    with open(path, "w") as f:
        f.write(text)
    return path


def draft(state, path):
    return run("protocol", "import", "--json", "--actor", "ann", path, state=state).json["version"]


class Export(Case):
    def test_is_a_plan_definition_on_stdout_and_says_on_stderr_what_it_lacks(self):
        plan = json.loads(FHIR.text)
        self.assertEqual(FHIR.code, 0)
        self.assertEqual((plan["resourceType"], plan["status"], plan["experimental"]), ("PlanDefinition", "active", True))
        self.assertIn("not kept: line", FHIR.talk)
        self.assertIn("who signed the translation", FHIR.talk)

    def test_quiet_says_nothing_beside(self):
        self.assertEqual(self.code(0, "protocol", "export", "--as", "fhir", "-q", "mesotherapy", state=STATE).talk, "")

    def test_json_lists_each_loss_with_its_line(self):
        r = self.code(0, "protocol", "export", "--as", "fhir", "--json", "mesotherapy", state=STATE).json
        self.assertEqual(r["document"], FHIR.text)
        self.assertTrue(all(set(x) == {"id", "line", "part", "what"} for x in r["not_kept"]))
        self.assertTrue(any(x["part"] == "signed" for x in r["not_kept"]))

    def test_xml_is_the_source(self):
        self.assertEqual(self.code(0, "protocol", "export", "--as", "xml", "mesotherapy", state=STATE).text, kit.read(kit.DEMO))

    def test_knows_three_forms_and_signs_packs_only(self):
        self.code(2, "protocol", "export", "--as", "pdf", "mesotherapy", state=STATE)
        self.code(2, "protocol", "export", "--as", "fhir", "--sign", "mesotherapy", state=STATE)
        self.code(2, "protocol", "export", "--as", "fhir", "mesotherapy", "mesotherapy", state=STATE)

    @unittest.skipUnless(NODE, "the npm package fhir is not there: npm install -g fhir@4.12.0, or NODE_PATH")
    def test_fits_the_profiles_of_r4(self):
        state = kit.installation()
        for path in (kit.DEMO, kit.PEEL, kit.DRAFT, FULL):
            out = self.code(0, "protocol", "export", "--as", "fhir", "-q", draft(state, path), state=state).out
            r = subprocess.run(["node", "-e", VALIDATE], input=out, env=NODE, stdout=subprocess.PIPE)
            self.assertEqual((r.returncode, r.stdout), (0, b"[]\n"), path)

    def test_names_what_of_a_task_a_plan_definition_has_no_place_for(self):
        state = kit.installation()
        lost = self.code(0, "protocol", "export", "--as", "fhir", "--json", draft(state, FULL), state=state).json["not_kept"]
        parts = {x["part"] for x in lost if x["id"] == "t3"}
        self.assertLessEqual({"take within", "escalate after", "escalate to"}, parts, lost)


class Import(Case):
    def setUp(self):
        self.state = kit.installation()

    def test_comes_back_as_an_unsigned_draft_that_says_the_same_but_for_what_was_listed(self):
        r = self.code(0, "protocol", "import", "--json", "--actor", "bob", write("plan.json", FHIR.text), state=self.state).json
        self.assertEqual((r["protocol"], r["not_taken"]), ("mesotherapy", []))
        shown = run("protocol", "show", r["version"], state=self.state).text
        self.assertNotIn(" signed=", shown)
        lost = {(x["id"], x["part"]) for x in
                run("protocol", "export", "--as", "fhir", "--json", "mesotherapy", state=STATE).json["not_kept"]}
        diff = self.code(1, "protocol", "diff", "--json", kit.DEMO, write("back.xml", shown)).json
        for c in diff["changes"]:
            self.assertTrue(any(c["id"] == i and (c["part"] or "").startswith(p) for i, p in lost), c)
        self.code(5, "protocol", "publish", "--actor", "cyd", "--confirm=mesotherapy", r["version"], state=self.state)

    def test_lists_what_a_foreign_plan_holds_and_the_language_does_not(self):
        path = write("foreign.json", json.dumps({
            "resourceType": "PlanDefinition", "status": "active", "title": "Rest", "purpose": "p",
            "action": [{"title": "Rest", "description": "Rest a day.", "transform": "http://x"}]}))
        r = self.code(0, "protocol", "import", "--actor", "ann", path, state=self.state)
        self.assertIn("not taken: imported-plan, /purpose: ", r.talk)
        self.assertIn("not taken: rest, /action/0/transform: ", r.talk)

    def test_dry_run_shows_the_source_and_stores_nothing(self):
        r = self.code(0, "protocol", "import", "--dry-run", "--json", write("plan.json", FHIR.text), state=self.state).json
        self.assertIn("<protocol", r["source"])
        self.assertEqual(run("protocol", "list", "--json", state=self.state).json["protocols"], [])

    def test_a_bad_one_is_refused_by_rule_and_place(self):
        for text, rule, line in (("{", "JSON-SYNTAX", 1), ('{"resourceType":"Patient"}', "FHIR-RESOURCE", 1),
                                 ('{"resourceType":"PlanDefinition",\n"status":"x"}', "FHIR-CODE", 2)):
            r = self.code(5, "protocol", "import", "--json", write("bad.json", text), state=self.state).error
            self.assertEqual((r["rule"] if "rule" in r else r["code"], r["line"]), (rule, line))


if __name__ == "__main__":
    kit.main()
