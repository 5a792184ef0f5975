#!/usr/bin/env bash
# Sees to it that a Docker engine answers: one that runs already, else Debian's, installed and started here where that is
# allowed (root, apt-get). Ends with 1 and a message where there is none to be had.
set -euo pipefail

answers() { docker info >/dev/null 2>&1; }

answers && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "docker-engine: no Docker engine answers, and none can be installed here" >&2
  exit 1
fi
if ! command -v dockerd >/dev/null || ! command -v docker-compose >/dev/null; then
  { apt-get update -q && apt-get install -y -q --no-install-recommends docker.io docker-compose; } >&2 || {
    echo "docker-engine: Debian's docker.io cannot be installed here" >&2
    exit 1
  }
fi
log=${TMPDIR:-/tmp}/dockerd.log
setsid nohup dockerd >"$log" 2>&1 </dev/null &
for _ in $(seq 60); do
  answers && exit 0
  sleep 0.5
done
echo "docker-engine: dockerd does not start here; the end of $log:" >&2
tail -n 3 "$log" >&2
exit 1
