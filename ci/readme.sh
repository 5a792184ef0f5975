#!/usr/bin/env bash
# Runs the README's commands against the standalone bus, on free ports, and holds what they print to what the README says
# they print. Takes grpcurl from the PATH, else installs it with Go; where it is not to be had it says so and ends with 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ci/standalone-bus.sh

export PATH=$PATH:${GOBIN:-$(go env GOPATH 2>/dev/null || echo "$HOME/go")/bin}

have_grpcurl() {
  command -v grpcurl >/dev/null ||
    { command -v go >/dev/null && go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3 >"$work/go.log" 2>&1; }
}

have_grpcurl || { echo "readme.sh: skipped, there is no grpcurl and no Go to install it with" >&2; exit 0; }
start_bus
python3 ci/readme.py README.md "$http" "$server" || { cat "$work/bus.log" >&2; exit 1; }
