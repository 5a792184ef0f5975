#!/usr/bin/env bash
# Builds the images of the bus with the jars of this tree, and holds them to what is promised of them: size, user,
# read-only root, labels, SBOM, a health check that says healthy, and an end at SIGTERM. Prints size, time and memory.
#   ci/images.sh [--local]    --local: bases made on this machine (ci/base-images.sh) even if a registry can be reached
# Without a Docker engine it says so and ends with 0: there is nothing to test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

GATEWAY_LIMIT_MB=100

ci/docker-engine.sh || { echo "images.sh: skipped, there is no Docker engine" >&2; exit 0; }

version=$(sed -n 's#^  <version>\(.*\)</version>#\1#p' pom.xml)
revision=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
arguments=(--build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg JARS=prebuilt)
if [ "${1:-}" = --local ] || ! docker pull -q busybox:musl >/dev/null 2>&1; then
  bases=$(ci/base-images.sh)
  read -ra local_bases <<<"$bases"
  arguments+=("${local_bases[@]}")
else
  arguments+=(--build-arg MAVEN_IMAGE=eclipse-temurin:25-jdk)
fi

services=(gateway)
[ ! -f streams-processor/Dockerfile ] || services+=(streams-processor)

rm -rf gateway/target/lib streams-processor/target/lib
mvn -q -B -ntp -Dquick -DskipTests -Dsbom -pl "$(IFS=,; echo "${services[*]}")" -am package

build() {
  local image=jimbot/eventbus-$1
  docker build -q "${arguments[@]}" -f "$1/Dockerfile" -t "$image:$version" -t "$image:latest" . >/dev/null 2>"$log" ||
    { cat "$log" >&2; return 1; }
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for service in "${services[@]}"; do
  build "$service"
done
docker images 'jimbot/eventbus-*'

size=$(docker image inspect -f '{{.Size}}' jimbot/eventbus-gateway:latest)
if [ "$size" -ge $((GATEWAY_LIMIT_MB * 1000000)) ]; then
  echo "the gateway's image has $size bytes, not less than $GATEWAY_LIMIT_MB MB" >&2
  exit 1
fi

for service in "${services[@]}"; do
  ci/image-check.sh "$service"
done
