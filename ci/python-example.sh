#!/usr/bin/env bash
# Runs the Python example against the standalone bus, with the grpcio of its requirements, on free ports.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ci/standalone-bus.sh

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check -r examples/python/requirements.txt
PATH="$work/venv/bin:$PATH" examples/python/generate.sh

start_bus
"$work/venv/bin/python" examples/python/check.py --server "$server" || { cat "$work/bus.log" >&2; exit 1; }
