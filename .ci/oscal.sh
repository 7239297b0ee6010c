#!/bin/sh
# Validates the OSCAL exports with compliance-trestle. Usage: .ci/oscal.sh [EVIMAP]
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
