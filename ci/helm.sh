#!/usr/bin/env bash
# Checks the chart: lint, rendering over several value files, Kubernetes' own schemas, restricted Pod Security, every value in
# the README, and wrong values refused by their name. Takes helm from the PATH, else installs it with Go; where it is not to
# be had it says so and ends with 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

KUBERNETES=1.33.0
chart=helm/event-bus
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH=$PATH:${GOBIN:-$(go env GOPATH 2>/dev/null || echo "$HOME/go")/bin}

have_helm() {
  command -v helm >/dev/null || { command -v go >/dev/null && go install helm.sh/helm/v3/cmd/helm@v3.22.0 >"$work/go.log" 2>&1; }
}

have_helm || { echo "helm.sh: skipped, there is no helm and no Go to install it with" >&2; exit 0; }
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check kubernetes-validate==1.37.0 pyyaml

for values in "$chart"/ci/*.yaml; do
  name=$(basename "$values" -values.yaml)
  helm lint "$chart" --quiet --strict --kube-version $KUBERNETES -f "$values" >"$work/lint" 2>&1 || { cat "$work/lint" >&2; exit 1; }
  helm template bus "$chart" --kube-version $KUBERNETES -f "$values" >"$work/$name.yaml"
  echo "$name: $(grep -c '^kind: ' "$work/$name.yaml") objects"
done
"$work/venv/bin/python" ci/chart-check.py $KUBERNETES "$chart" "$work"/*.yaml

# refused NAME SETTING: the setting is refused, and the message names it.
refused() {
  if helm template bus "$chart" --kube-version $KUBERNETES --set kafka.bootstrapServers=kafka:9092 --set "$2" >"$work/out" 2>&1; then
    echo "helm.sh: $2 is not refused" >&2
    exit 1
  fi
  grep -q -- "$1" "$work/out" || { cat "$work/out" >&2; exit 1; }
  echo "refused: $(grep -- "$1" "$work/out" | head -n 1)"
}
refused /logging/format logging.format=xml
refused replcas gateway.replcas=3
refused /gateway/service/httpPort gateway.service.httpPort=70000
refused /kafka/bootstrapServers kafka.bootstrapServers=kafka
refused retention catalogue.retention.standard=14d
refused /tracing/sampleRatio tracing.sampleRatio=2
refused kafka.bootstrapServers kafka.bootstrapServers=
