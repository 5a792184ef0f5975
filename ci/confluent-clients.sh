#!/usr/bin/env bash
# Confluent's own clients for Python and Go on the bus's topics, beside a real schema registry: they read what gateway and
# processor wrote, by the schemas of the registry, and write what the bus relays. Go's is left out, with a message, where there is
# no Go. REGISTRY_URL names a registry that runs; else Apicurio's is fetched (160 MB) and started, which needs a Java of 21 or
# newer: REGISTRY_JAVA.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

apicurio=3.3.3
confluent_go=v2.11.1
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

# await FILE PATTERN PROCESS: until the process has written it.
await() {
  for _ in $(seq 600); do
    grep -q "$2" "$1" && return
    kill -0 "$3" 2>/dev/null || break
    sleep 0.5
  done
  cat "$1" >&2
  return 1
}

if [ -z "${REGISTRY_URL:-}" ]; then
  mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
    -Dartifact="io.apicurio:apicurio-registry-app:$apicurio:tar.gz:all" -DoutputDirectory="$work"
  mkdir "$work/registry"
  tar xzf "$work/apicurio-registry-app-$apicurio-all.tar.gz" -C "$work/registry"
  (cd "$work/registry" && exec "${REGISTRY_JAVA:-java}" -Xmx256m -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port=0 \
    -Dquarkus.management.host=127.0.0.1 -Dquarkus.management.port=0 -Dquarkus.otel.sdk.disabled=true \
    -jar quarkus-run.jar) >"$work/registry.log" 2>&1 &
  processes+=($!)
  await "$work/registry.log" 'Listening on: http' $!
  REGISTRY_URL=$(sed -n 's|.*Listening on: \(http://[0-9.]*:[0-9]*\).*|\1|p' "$work/registry.log" | head -n 1)/apis/ccompat/v7
fi
echo "registry: $REGISTRY_URL"

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check -r examples/confluent/requirements.txt
PATH="$work/venv/bin:$PATH" examples/python/generate.sh

EVENTBUS_SCHEMA_REGISTRY_URL=$REGISTRY_URL ./eventbus standalone --http-port 0 --grpc-port 0 --kafka-port 0 \
  --data-dir "$work/data" >"$work/bus.log" 2>&1 &
processes+=($!)
await "$work/bus.log" 'Event Bus is up' $!
# address NAME: of a line of the banner.
address() {
  sed -n "s|^ *$1  *\(http://\)\{0,1\}\([0-9.]*:[0-9]*\).*|\2|p" "$work/bus.log" | head -n 1
}
"$work/venv/bin/python" examples/confluent/check.py --kafka "$(address Kafka)" --http "http://$(address HTTP)" \
  --grpc "$(address gRPC)" --registry "$REGISTRY_URL" || { cat "$work/bus.log" >&2; exit 1; }

if ! command -v go >/dev/null || ! command -v gcc >/dev/null; then
  echo "confluent-clients: no Go with a C compiler; its client is left out" >&2
  exit 0
fi
"$work/venv/bin/python" -m grpc_tools.protoc -I proto/src/main/proto --include_imports --descriptor_set_out="$work/contract.binpb" \
  proto/src/main/proto/jimbot/events/v1/*.proto
mkdir "$work/go"
cp examples/confluent/read.go "$work/go"
(cd "$work/go" && go mod init local/read && go mod edit -require "github.com/confluentinc/confluent-kafka-go/v2@$confluent_go" &&
  go mod tidy && go build -o read .) >"$work/go.log" 2>&1 || { cat "$work/go.log" >&2; exit 1; }
"$work/go/read" -kafka "$(address Kafka)" -registry "$REGISTRY_URL" -descriptors "$work/contract.binpb"
