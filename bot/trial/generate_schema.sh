#!/bin/sh
# Writes blocks.schema.json beside this file: the structure of Slack's blocks and views, as a JSON Schema made
# from the TypeScript types that Slack publishes (npm @slack/types, MIT; its notice stands in blocks.LICENSE).
# Run by hand when Slack publishes new blocks; needs npm and python3. Read the difference before you commit it.
set -eu
TYPES=3.2.0
GENERATOR=2.4.0
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund "@slack/types@$TYPES" "ts-json-schema-generator@$GENERATOR"
npx ts-json-schema-generator --path 'node_modules/@slack/types/dist/index.d.ts' --type View --no-type-check -o view.json
TYPES=$TYPES python3 - "$here/blocks.schema.json" <<'PY'
"""Keep the structure alone: no descriptions, no open "any block", one definition a line."""
import json, os, sys

OPEN = {"AnyBlock", "Block", "View", "WorkflowStepView"}


def stripped(node):
    if isinstance(node, list):
        return [stripped(each) for each in node]
    if not isinstance(node, dict):
        return "#/definitions/KnownBlock" if node == "#/definitions/AnyBlock" else node
    return {key: stripped(value) for key, value in node.items() if key != "description" or not isinstance(value, str)}


found = json.load(open("view.json"))["definitions"]
kept = {name: stripped(body) for name, body in sorted(found.items()) if name not in OPEN}
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(body, sort_keys=True)}" for name, body in kept.items())
comment = f"Structure of Slack's Block Kit, made by generate_schema.sh from @slack/types {os.environ['TYPES']}; see blocks.LICENSE"
head = f'"$comment": {json.dumps(comment)},\n"$schema": "http://json-schema.org/draft-07/schema#"'
open(sys.argv[1], "w").write(f'{{\n{head},\n"definitions": {{\n{lines}\n}}\n}}\n')
PY
