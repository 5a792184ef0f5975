#!/usr/bin/env bash
# Builds the images of the bus with the jars of this tree, and holds them to what is promised of them: size, user,
# read-only root, labels, SBOM, a health check that says healthy, and an end at SIGTERM. Prints size, time and memory.
#   ci/images.sh [--local] [--variants] [SERVICE…]    both services if none is named
#   --local     bases made on this machine (ci/base-images.sh) even if a registry can be reached
#   --variants  also with the cache of classes (AOT=on) and with the jars made in the build (JARS=built), tagged aot and built
# Without a Docker engine that starts containers and sees this machine's files, or without bases, it says so and ends with 0: there
# is nothing to test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

GATEWAY_LIMIT_MB=100

local='' variants='' services=()
for argument in "$@"; do
  case $argument in
    --local) local=yes ;;
    --variants) variants=yes ;;
    gateway | streams-processor) services+=("$argument") ;;
    *) echo "images.sh: what is '$argument'?" >&2; exit 2 ;;
  esac
done
[ "${#services[@]}" -gt 0 ] || services=(gateway streams-processor)

# Docker's build gets what .dockerignore names.
sed -n 's#^ *<module>\(.*\)</module>#\1#p' pom.xml | while read -r module; do
  grep -qx "!$module" .dockerignore || { echo "images.sh: .dockerignore lacks the module $module" >&2; exit 1; }
done

skip() {
  echo "images.sh: SKIPPED, no image was built: $*" >&2
  exit 0
}

command -v curl >/dev/null || skip "there is no curl to try it with"
ci/docker-engine.sh || skip "there is no Docker engine"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# had IMAGE…: all of them are there, or can be pulled.
had() {
  local image
  for image in "$@"; do
    docker image inspect "$image" >/dev/null 2>&1 || timeout 300 docker pull -q "$image" >/dev/null 2>&1 || return
  done
}

version=$(sed -n 's#^  <version>\(.*\)</version>#\1#p' pom.xml)
revision=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
arguments=(--build-arg "VERSION=$version" --build-arg "REVISION=$revision")
# With the jars of this tree no Maven is needed in the build.
prebuilt=(--build-arg JARS=prebuilt)
busybox=busybox:musl
bases=(eclipse-temurin:25-jdk ${variants:+maven:3.9-eclipse-temurin-25})
if [ -n "$local" ] || ! had "$busybox" "${bases[@]}"; then
  made=$(timeout 300 ci/base-images.sh ${variants:+--maven}) || skip "there is no base for it"
  read -ra bases <<<"$made"
  arguments+=("${bases[@]}")
  busybox=local/busybox
else
  prebuilt+=(--build-arg MAVEN_IMAGE=eclipse-temurin:25-jdk)
fi
docker run --rm --entrypoint /bin/busybox "$busybox" true || skip "no container starts here"
# The checks mount files of this machine, which an engine elsewhere does not have.
touch "$work/seen"
docker run --rm -v "$work:/shared:ro" --entrypoint /bin/busybox "$busybox" test -f /shared/seen ||
  skip "the engine does not share this machine's files"

# Whatever was built before must not come along.
rm -rf {gateway,streams-processor}/target/{lib,eventbus-*.jar}
mvn -q -B -ntp -Dquick -DskipTests -Dsbom -pl "$(IFS=,; echo "${services[*]}")" -am package

# build SERVICE TAG [ARGUMENT…]
build() {
  docker build -q "${arguments[@]}" "${@:3}" -f "$1/Dockerfile" -t "jimbot/eventbus-$1:$2" . >/dev/null 2>"$work/log" ||
    { cat "$work/log" >&2; return 1; }
}

for service in "${services[@]}"; do
  build "$service" "$version" "${prebuilt[@]}"
  docker tag "jimbot/eventbus-$service:$version" "jimbot/eventbus-$service:latest"
  if [ "$service" = gateway ]; then
    size=$(docker image inspect -f '{{.Size}}' jimbot/eventbus-gateway:latest)
    if [ "$size" -ge $((GATEWAY_LIMIT_MB * 1000000)) ]; then
      echo "the gateway's image has $size bytes, not less than $GATEWAY_LIMIT_MB MB" >&2
      exit 1
    fi
  fi
  ci/image-check.sh "$service"
  if [ -n "$variants" ]; then
    build "$service" aot "${prebuilt[@]}" --build-arg AOT=on
    ci/image-check.sh "$service" aot
    build "$service" built
    ci/image-check.sh "$service" built
  fi
done
docker images 'jimbot/eventbus-*'
