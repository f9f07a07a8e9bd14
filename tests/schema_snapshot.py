#!/usr/bin/env python3
# schema_snapshot.py TREE - the published JSON Schema accepts and refuses the same files as the decoder does. Files whose
# rule is base/json's (JSON-*) are not JSON by our rules; a schema cannot see those.
import glob, json, os, sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)
tree = sys.argv[1]
with open(os.path.join(tree, "schemas/encounter.schema.json"), encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
# what only code can check: a date that does not exist, hour 24
beyond = {"ENC-TIME-february-30.json", "ENC-TIME-hour-24.json", "ENC-TIME-month-13.json"}
wrong = []
for path in sorted(glob.glob(os.path.join(tree, "tests/good/snapshot/*.json")) + glob.glob(os.path.join(tree, "tests/bad/snapshot/ENC-*.json"))):
    with open(path, encoding="utf-8") as f:
        valid = validator.is_valid(json.load(f))
    if valid != ("/good/" in path or os.path.basename(path) in beyond):
        wrong.append(path)
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
