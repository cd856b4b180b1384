#!/usr/bin/env bash
# Fetches a stand-in for Slack that we did not write (npm, pinned by package-lock.json) into build/standin, and asks it for
# a second opinion. It listens on every address of the machine, so it runs in a network of its own where Linux gives one.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=build/standin
if ! command -v npm >/dev/null; then
    echo "No second opinion: npm is not on this machine (Debian: apt-get install npm)."
    exit 0
fi
mkdir -p "$folder"
cp tests/standin/package.json tests/standin/package-lock.json "$folder"
if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error; then
    echo "No second opinion: npm could not fetch it (it is there for Linux on x86-64 alone)."
    exit 0
fi
export ADVISOR_OTHER_STANDIN="$PWD/$folder/node_modules/local-slack-linux-x64/bin/local-slack"
run=("${PYTHON:-.venv/bin/python}" -m pytest tests/standin "$@")
if command -v ip >/dev/null && unshare --net --map-root-user true 2>/dev/null; then
    # shellcheck disable=SC2016  # the inner shell is to read its own arguments
    exec unshare --net --map-root-user sh -c 'ip link set lo up && exec "$@"' sh "${run[@]}"
fi
exec "${run[@]}"
