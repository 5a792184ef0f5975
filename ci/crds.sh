#!/usr/bin/env bash
# Puts the definitions (CRDs) of the kinds that the chart makes for others into a folder:
#
#   crds.sh FOLDER
#
# Those of the Gateway API and of the Prometheus operator are their own, out of their Go modules (kept in CRD_CACHE). Strimzi's are
# in no package, so that of its KafkaTopic is written down in kafkatopics.crd.yaml. Where the modules are not to be had it puts
# that one alone and ends with 1.
set -euo pipefail

# Recent ones, held on to so that a check does not fail by what others release. The channel of the Gateway API is the standard
# one: a cluster need not have the experimental fields.
gateway_api=sigs.k8s.io/gateway-api@v1.6.3
prometheus_operator=github.com/prometheus-operator/prometheus-operator@v0.92.1

folder=$1
cache=${CRD_CACHE:-$HOME/.cache/eventbus-crds-${gateway_api##*@}-${prometheus_operator##*@}}
mkdir -p "$folder"
cp "$(dirname "${BASH_SOURCE[0]}")/kafkatopics.crd.yaml" "$folder"

# take MODULE FILE...: the files of the module, into the cache.
take() {
  local module file
  module=$(cd / && go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p') ||
    { echo "crds.sh: $1 is not to be had" >&2; exit 1; }
  shift
  for file in "$@"; do cp "$module/$file" "$cache.part"; done
}

if [ ! -d "$cache" ]; then
  command -v go >/dev/null || { echo "crds.sh: there is no Go to take CRDs with" >&2; exit 1; }
  rm -rf "$cache.part"
  mkdir -p "$cache.part"
  take $gateway_api config/crd/standard/gateway.networking.k8s.io_{httproutes,grpcroutes}.yaml
  take $prometheus_operator example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml
  chmod u+w "$cache.part"/*
  mv -T "$cache.part" "$cache"
fi
cp "$cache"/*.yaml "$folder"
