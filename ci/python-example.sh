#!/usr/bin/env bash
# Runs the Python example against the standalone bus, with the grpcio of its requirements, on free ports.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
bus=
finish() {
  [ -z "$bus" ] || kill "$bus" 2>/dev/null || true
  [ -z "$bus" ] || wait "$bus" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check -r examples/python/requirements.txt
PATH="$work/venv/bin:$PATH" examples/python/generate.sh

./eventbus standalone --http-port 0 --grpc-port 0 --kafka-port 0 --data-dir "$work/data" >"$work/bus.log" 2>&1 &
bus=$!
for _ in $(seq 600); do
  grep -q 'Event Bus is up' "$work/bus.log" && break
  kill -0 "$bus" 2>/dev/null || { cat "$work/bus.log" >&2; exit 1; }
  sleep 0.5
done
server=$(sed -n 's/^ *gRPC  *\([0-9.]*:[0-9]*\).*/\1/p' "$work/bus.log")
[ -n "$server" ] || { cat "$work/bus.log" >&2; exit 1; }

"$work/venv/bin/python" examples/python/check.py --server "$server" || { cat "$work/bus.log" >&2; exit 1; }
