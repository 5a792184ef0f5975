#!/usr/bin/env bash
# Runs the README's commands against the standalone bus, on free ports, and holds what they print to what the README says
# they print. Takes grpcurl from the PATH, else installs it with Go; where it is not to be had it says so and ends with 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ci/standalone-bus.sh

export PATH=$PATH:${GOBIN:-$(go env GOPATH 2>/dev/null || echo "$HOME/go")/bin}

skip() {
  echo "readme.sh: skipped, $*" >&2
  exit 0
}

command -v python3 >/dev/null || skip "there is no python3"
if ! command -v grpcurl >/dev/null; then
  command -v go >/dev/null || skip "there is no grpcurl and no Go to install it with"
  go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3 || skip "grpcurl could not be installed"
fi
start_bus
python3 ci/readme.py README.md "$http" "$server" || { cat "$work/bus.log" >&2; exit 1; }
