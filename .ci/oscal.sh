#!/bin/sh
# Validates the OSCAL exports, and the OSCAL reports of the sample before and after some decisions,
# with compliance-trestle. Usage: .ci/oscal.sh [EVIMAP]
# Needs python3 with venv, and PyPI.
set -eu
evimap=${1:-target/debug/evimap}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${OSCAL_PYTHON:-}
if [ -z "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" -q install 'compliance-trestle==5.2.0' || exit 75 # EX_TEMPFAIL: no PyPI
    python="$work/venv/bin/python"
fi
for framework in ISO27001 ISO42001 COMMON; do
    name=$(echo "$framework" | tr '[:upper:]' '[:lower:]')
    "$evimap" catalog export --format oscal --framework "$framework" >"$work/$name-catalog.json"
done
"$evimap" catalog export --format oscal >"$work/all-catalog.json"
"$evimap" catalog export --format oscal --overlay docs/overlay-example >"$work/overlay-catalog.json"
"$evimap" catalog export --format oscal-mapping >"$work/mapping.json"
"$python" - "$work" <<'PY'
import json, pathlib, sys
from trestle.oscal import OSCAL_VERSION, catalog, mapping

work = pathlib.Path(sys.argv[1])
ids = {}
for path in sorted(work.glob("*-catalog.json")):
    document = catalog.Model.model_validate_json(path.read_text())
    controls, groups = [], list(document.catalog.groups)
    while groups:
        # A group of groups is a root model in trestle.
        group = groups.pop()
        group = getattr(group, "root", group)
        controls += [control.id for control in getattr(group, "controls", None) or []]
        groups += getattr(group, "groups", None) or []
    assert len(controls) == len(set(controls)) > 0, path.name
    ids[path.name] = set(controls)
    print(f"{path.name}: valid, {len(controls)} controls")

text = (work / "mapping.json").read_text()
mapping.Model.model_validate_json(text)
tokens = {"equal-to", "equivalent-to", "subset-of", "superset-of", "intersects-with", "no-relationship"}
maps = 0
for one in json.loads(text)["mapping-collection"]["mappings"]:
    source, target = (ids[one[end]["href"]] for end in ("source-resource", "target-resource"))
    for entry in one["maps"]:
        assert entry["relationship"] in tokens, entry
        assert all(item["id-ref"] in source for item in entry["sources"]), entry
        assert all(item["id-ref"] in target for item in entry["targets"]), entry
        maps += 1
print(f"mapping.json: valid, {maps} maps (trestle reads OSCAL {OSCAL_VERSION})")
PY

# The reports of a run over the sample: nothing reviewed, then with decisions of a person.
cat >"$work/reports.py" <<'PY'
import csv, json, pathlib, sys
from trestle.oscal import assessment_results, component, poam

root, state = pathlib.Path(sys.argv[1]), sys.argv[2]
folder = root / "reports/oscal"
models = {
    "component-definition": component,
    "assessment-results": assessment_results,
    "plan-of-action-and-milestones": poam,
}
documents = {}
for name, module in models.items():
    text = (folder / f"{name}.json").read_text()
    module.Model.model_validate_json(text)
    documents[name] = json.loads(text)[name]
    props = {prop["name"] for prop in documents[name]["metadata"]["props"]}
    assert {"reviewed-share", "ledger-head", "disclaimer"} <= props, name

def wanted(row):
    if {"not applicable", "asserted, no evidence"} & set(row["coverage_reasons"]):
        return None
    if row["coverage"] == "full":
        concluded = (row["position"] or {}).get("conclusion")
        return "satisfied" if concluded == "evidence sufficient" else None
    return {"partial": "not-satisfied", "none": "not-satisfied"}.get(row["coverage"])

targets = json.loads((root / "reports/gap-analysis.json").read_text())["targets"]
objective = lambda target: target.replace(":", "-").lower() + "_obj"
expected = [(objective(row["target"]), wanted(row)) for row in targets if wanted(row)]
result = documents["assessment-results"]["results"][0]
findings = [finding["target"] for finding in result.get("findings", [])]
found = [(target["target-id"], target["status"]["state"]) for target in findings]
assert sorted(found) == sorted(expected)
satisfied = sum(state == "satisfied" for _, state in found)
observed = len(result.get("observations", []))
components = documents["component-definition"]["components"]
implementations = [i for c in components for i in c.get("control-implementations", [])]
claims = sum(len(i["implemented-requirements"]) for i in implementations)

results = set()
for name in ("iso27001", "iso42001"):
    with open(root / f"reports/ciso-assistant-{name}.csv", encoding="utf-8-sig", newline="") as file:
        results |= {row["compliance_result"] for row in csv.DictReader(file)}
if state == "none":
    assert (found, observed, claims, results) == ([], 0, 0, {"not_assessed"})
else:
    assert 0 < satisfied < len(found) and observed and claims, (satisfied, len(found), observed, claims)
    assert {"compliant", "non_compliant", "not_assessed"} <= results, results
items = len(documents["plan-of-action-and-milestones"]["poam-items"])
print(
    f"reports, decisions {state}: valid, {len(components)} components with {claims} controls, "
    f"{observed} observations, {satisfied} of {len(found)} findings satisfied, {items} actions"
)
PY
quietly() {
    "$evimap" "$@" -w "$work/sample" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}
quietly run fixtures/isms --as-of 2026-11-24
"$python" "$work/reports.py" "$work/sample" none
"$python" - "$work/sample/review" <<'PY'
import csv, pathlib, sys

def edit(name, change):
    path = pathlib.Path(sys.argv[1]) / name
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        change(row)
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)

who, accepted = {"decided_on": "2026-11-20"}, set()

def accept(row):
    if row["target"].startswith("ISO27001:") and not row["system"]:
        row.update(who, decision="accept", reviewer="A. Muster")
        accepted.add(row["target"])

def conclude(row):
    if row["system"]:
        return
    if row["target"] in accepted:
        row.update(who, conclusion="evidence sufficient", decided_by="A. Muster")
    elif row["target"].startswith("ISO42001:9."):
        row.update(who, conclusion="looked, nothing found", decided_by="A. Muster")

edit("suggestions.csv", accept)
edit("positions.csv", conclude)
PY
quietly review import "$work/sample/review/suggestions.csv" "$work/sample/review/positions.csv"
quietly report --as-of 2026-11-24
"$python" "$work/reports.py" "$work/sample" imported
