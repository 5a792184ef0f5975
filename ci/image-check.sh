#!/usr/bin/env bash
# Starts an image of the bus as it is meant to run (read-only, without capabilities, 512 MB) and with no Kafka, and checks
# what is promised of it:  ci/image-check.sh gateway|streams-processor
set -euo pipefail

service=$1
image=jimbot/eventbus-$service:latest
case $service in
  gateway) port=8080 ;;
  streams-processor) port=8081 ;;
  *) echo "image-check: no such service: $service" >&2; exit 2 ;;
esac

fail() {
  echo "image-check: $service: $*" >&2
  docker logs "$container" 2>&1 | tail -n 20 >&2 || true
  exit 1
}

label() { docker image inspect -f "{{index .Config.Labels \"org.opencontainers.image.$1\"}}" "$image"; }

container=
trap '[ -z "$container" ] || docker rm -f "$container" >/dev/null' EXIT

for name in title description version revision; do
  [ -n "$(label "$name")" ] || fail "the label $name is empty"
done
[ "$(docker image inspect -f '{{.Config.User}}' "$image")" = 10001:10001 ] || fail "runs as root"

mounts=()
[ "$service" = gateway ] || mounts=(--tmpfs "/var/lib/eventbus:uid=10001,gid=10001")
began=$(date +%s%N)
container=$(docker run -d --read-only --cap-drop ALL --security-opt no-new-privileges --memory 512m "${mounts[@]}" \
  -p "127.0.0.1::$port" -e EVENTBUS_BOOTSTRAP_SERVERS=127.0.0.1:1 "$image")
address=$(docker port "$container" "$port" | head -n 1)
for _ in $(seq 300); do
  curl -fs "http://$address/health" >/dev/null && break
  sleep 0.1
done
curl -fs "http://$address/health" >/dev/null || fail "does not answer /health"
answered=$(($(date +%s%N) - began))

sbom=$(docker exec "$container" cat /opt/eventbus/sbom.cdx.json)
[[ $sbom == *'"bomFormat" : "CycloneDX"'*kafka-clients* ]] || fail "has no SBOM"
for _ in $(seq 60); do
  health=$(docker inspect -f '{{.State.Health.Status}}' "$container")
  [ "$health" != healthy ] || break
  sleep 1
done
[ "$health" = healthy ] || fail "its health check says $health"
memory=$(docker stats --no-stream --format '{{.MemUsage}}' "$container" | cut -d / -f 1)

docker stop -t 30 "$container" >/dev/null
code=$(docker inspect -f '{{.State.ExitCode}}' "$container")
[ "$code" = 0 ] || fail "ends with $code at SIGTERM"
printf '%s: %d MB, answers after %d ms, healthy, %s idle, ends with 0 at SIGTERM\n' "$service" \
  "$(($(docker image inspect -f '{{.Size}}' "$image") / 1000000))" "$((answered / 1000000))" "$memory"
