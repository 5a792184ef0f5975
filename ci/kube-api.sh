#!/usr/bin/env bash
# Installs the chart on a real Kubernetes API server, with every value file of helm/event-bus/ci: kube-apiserver and etcd are
# built with Go (ten minutes the first time; kept in KUBE_CACHE). No kubelet and no controllers: what is shown is that the
# server takes all objects, validates them, admits the pods where restricted Pod Security is enforced, and has the KafkaTopics
# still when the release is gone. Kinds of others (Prometheus, Strimzi, Gateway API) are held to the CRDs of ci/crds.sh, and no
# object may have a field that the server does not know.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kubernetes=1.34.1
cache=${KUBE_CACHE:-$HOME/.cache/eventbus-kube-$kubernetes}
export PATH=$PATH:${GOBIN:-$(go env GOPATH 2>/dev/null || echo "$HOME/go")/bin}
for tool in go helm openssl; do
  command -v $tool >/dev/null || { echo "kube-api.sh: skipped, there is no $tool" >&2; exit 0; }
done

work=$(mktemp -d)
processes=()
finish() {
  for process in "${processes[@]}"; do
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap finish EXIT

# The server's own module cannot be built by name, for it replaces its parts; here each part is the released one.
build() {
  local part minor=${kubernetes#1.} module=$work/module
  mkdir -p "$module/kube-apiserver" "$module/etcd" "$cache"
  cat >"$module/kube-apiserver/main.go" <<'GO'
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() { os.Exit(cli.Run(app.NewAPIServerCommand())) }
GO
  cat >"$module/etcd/main.go" <<'GO'
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
GO
  cd "$module"
  go mod init local/kube
  go mod edit -require "k8s.io/kubernetes@v$kubernetes"
  go mod download "k8s.io/kubernetes@v$kubernetes"
  sed -n 's#^\t\(k8s.io/[a-z-]*\) => ./staging.*#\1#p' "$(go env GOMODCACHE)/k8s.io/kubernetes@v$kubernetes/go.mod" |
    while read -r part; do go mod edit -require "$part@v0.$minor" -replace "$part=$part@v0.$minor"; done
  go get go.etcd.io/etcd/server/v3
  go mod tidy
  local version=k8s.io/component-base/version
  CGO_ENABLED=0 nice go build -o "$cache" -ldflags "-s -w -X $version.gitVersion=v$kubernetes -X $version.gitMajor=1 -X $version.gitMinor=${minor%%.*}" ./kube-apiserver ./etcd
}

if [ ! -x "$cache/kube-apiserver" ] || [ ! -x "$cache/etcd" ]; then
  (build) >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; exit 1; }
fi

read -r etcd_port peer_port api_port < <(python3 -c '
import socket
sockets = [socket.socket() for _ in range(3)]
for each in sockets: each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])')
etcd_url=http://127.0.0.1:$etcd_port
peer_url=http://127.0.0.1:$peer_port
"$cache/etcd" --data-dir "$work/etcd" --listen-client-urls "$etcd_url" --advertise-client-urls "$etcd_url" \
  --listen-peer-urls "$peer_url" --initial-advertise-peer-urls "$peer_url" --initial-cluster "default=$peer_url" \
  >"$work/etcd.log" 2>&1 &
processes+=($!)
token=$(openssl rand -hex 16)
openssl genrsa -out "$work/accounts.key" 2048 2>/dev/null
echo "$token,admin,admin,system:masters" >"$work/tokens.csv"
"$cache/kube-apiserver" --etcd-servers "$etcd_url" --bind-address 127.0.0.1 --secure-port "$api_port" --cert-dir "$work/certs" \
  --service-cluster-ip-range 10.96.0.0/16 --service-account-issuer https://local --authorization-mode RBAC \
  --service-account-key-file "$work/accounts.key" --service-account-signing-key-file "$work/accounts.key" \
  --token-auth-file "$work/tokens.csv" >"$work/apiserver.log" 2>&1 &
processes+=($!)
server=https://127.0.0.1:$api_port
for _ in $(seq 240); do
  [ "$(curl -sk -H "Authorization: Bearer $token" "$server/readyz" || true)" != ok ] || break
  kill -0 "${processes[1]}" 2>/dev/null || break
  sleep 0.5
done

cat >"$work/kubeconfig" <<CONFIG
apiVersion: v1
kind: Config
current-context: local
clusters: [{ name: local, cluster: { server: "$server", certificate-authority: "$work/certs/apiserver.crt" } }]
users: [{ name: admin, user: { token: $token } }]
contexts: [{ name: local, context: { cluster: local, user: admin } }]
CONFIG
export KUBECONFIG=$work/kubeconfig
ci/crds.sh "$work/crds"
python3 ci/kube-check.py "$KUBECONFIG" prepare "$work/crds" || { tail -n 20 "$work/apiserver.log" >&2; exit 1; }

mkdir "$work/rendered"
for values in helm/event-bus/ci/*.yaml; do
  name=$(basename "$values" -values.yaml)
  helm template bus helm/event-bus -n "$name" --kube-version $kubernetes -f "$values" >"$work/rendered/$name.yaml"
done
python3 ci/kube-check.py "$KUBECONFIG" strict "$work"/rendered/*.yaml

for values in helm/event-bus/ci/*.yaml; do
  name=$(basename "$values" -values.yaml)
  helm install bus helm/event-bus -n "$name" -f "$values" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
  # This one it has for each headless service, by its own default.
  ! grep -i 'warning' "$work/out" | grep -v 'SessionAffinity is ignored for headless' || exit 1
  helm upgrade bus helm/event-bus -n "$name" -f "$values" --set logging.level=WARN >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
  python3 ci/kube-check.py "$KUBECONFIG" pods "$name"
  topics=$(python3 ci/kube-check.py "$KUBECONFIG" topics)
  helm uninstall bus -n "$name" >/dev/null
  [ "$(python3 ci/kube-check.py "$KUBECONFIG" topics)" = "$topics" ] || { echo "kube-api.sh: KafkaTopics went with the release" >&2; exit 1; }
done
