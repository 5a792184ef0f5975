#!/usr/bin/env bash
# Starts an image of the bus as it is meant to run (read-only, without capabilities, 512 MB), first with no Kafka, then beside
# one, and checks what is promised of it:  ci/image-check.sh gateway|streams-processor [TAG]
# Where Kafka's image is not to be had, how long it takes to be ready is left out, with a message.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

service=$1
image=jimbot/eventbus-$service:${2:-latest}
case $service in
  gateway) port=8080 ;;
  streams-processor) port=8081 ;;
  *) echo "image-check: no such service: $service" >&2; exit 2 ;;
esac
kafka_image=apache/kafka:$(sed -n 's#^ *<kafka.version>\(.*\)</kafka.version>#\1#p' pom.xml)

container=
containers=()
work=$(mktemp -d)
finish() {
  [ "${#containers[@]}" -eq 0 ] || docker rm -f -v "${containers[@]}" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

fail() {
  echo "image-check: $service: $*" >&2
  [ -z "$container" ] || docker logs "$container" 2>&1 | tail -n 20 >&2 || true
  exit 1
}

label() { docker image inspect -f "{{index .Config.Labels \"org.opencontainers.image.$1\"}}" "$image"; }

# create [OPTION…] IMAGE: sets container. Its name is noted before, so that one that is made and does not start is removed, too.
create() {
  container=image-check-${work##*/}-${#containers[@]}
  containers+=("$container")
  docker run -d --name "$container" "$@" >/dev/null
}

# start SERVICE IMAGE [OPTION…]: sets container.
start() {
  local mounts=()
  [ "$1" = gateway ] || mounts=(--tmpfs "/var/lib/eventbus:uid=10001,gid=10001")
  create --read-only --cap-drop ALL --security-opt no-new-privileges --memory 512m "${mounts[@]}" "${@:3}" "$2"
}

# answers ADDRESS PATH: within a minute.
answers() {
  for _ in $(seq 600); do
    curl -fs "http://$1$2" >/dev/null && return
    sleep 0.1
  done
  return 1
}

memory() { docker stats --no-stream --format '{{.MemUsage}}' "$container" | cut -d ' ' -f 1; }

milliseconds_since() { echo $((($(date +%s%N) - $1) / 1000000)); }

for name in title description version revision; do
  [ -n "$(label "$name")" ] || fail "the label $name is empty"
done
[ "$(docker image inspect -f '{{.Config.User}}' "$image")" = 10001:10001 ] || fail "runs as root"
# A Busybox may know a command only by a link of its name.
commands=(cat date env kill ls nc ps sed sh sleep wget)
# shellcheck disable=SC2016 # expanded in the container
[ "$(docker run --rm --entrypoint /bin/sh "$image" -c 'for name in "$@"; do [ -L "/bin/$name" ] || echo "$name"; done' sh "${commands[@]}")" = '' ] ||
  fail "lacks one of the commands ${commands[*]}"

# A jar of the owner's in /opt/eventbus/extra is on the class path, and a cache of classes is used all the same; what a login with
# Kerberos needs is in the runtime.
mkdir "$work/classes" "$work/jars"
cat >"$work/Extra.java" <<'JAVA'
class Extra {
  public static void main(String[] arguments) throws ClassNotFoundException {
    Class.forName("com.sun.security.auth.module.Krb5LoginModule");
    Class.forName("com.sun.security.sasl.gsskerb.FactoryImpl");
    System.out.println("found");
  }
}
JAVA
javac --release 17 -d "$work/classes" "$work/Extra.java"
jar cf "$work/jars/extra.jar" -C "$work/classes" Extra.class
chmod -R go+rX "$work"
run_java() { docker run --rm --read-only -v "$work/jars:/opt/eventbus/extra:ro" --entrypoint "$1" "$image" "${@:2}"; }
cache=()
run_java cat /opt/eventbus/java.args | grep -q AOTCache && cache=(-XX:AOTMode=on)
[ "$(run_java java "${cache[@]}" @/opt/eventbus/java.args Extra)" = found ] || fail "a jar in /opt/eventbus/extra is not found"

began=$(date +%s%N)
start "$service" "$image" -p "127.0.0.1::$port" -e EVENTBUS_BOOTSTRAP_SERVERS=127.0.0.1:1
address=$(docker port "$container" "$port" | head -n 1)
answers "$address" /health || fail "does not answer /health"
answered=$(milliseconds_since "$began")

sbom=$(docker exec "$container" cat /opt/eventbus/sbom.cdx.json)
[[ $sbom == *'"bomFormat" : "CycloneDX"'* ]] || fail "has no SBOM"
for part in kafka-clients OpenJDK BusyBox 'glibc\|libc6'; do
  grep -q "\"name\" : \"\($part\)\"" <<<"$sbom" || fail "its SBOM lacks $part"
done
for _ in $(seq 60); do
  health=$(docker inspect -f '{{.State.Health.Status}}' "$container")
  [ "$health" != healthy ] || break
  sleep 1
done
[ "$health" = healthy ] || fail "its health check says $health"
alone=$(memory)

docker stop -t 30 "$container" >/dev/null
code=$(docker inspect -f '{{.State.ExitCode}}' "$container")
[ "$code" = 0 ] || fail "ends with $code at SIGTERM"

beside='not started beside Kafka, whose image is not to be had'
if [ "$service" != gateway ] && ! docker image inspect jimbot/eventbus-gateway:latest >/dev/null 2>&1; then
  beside='not started beside Kafka, since there is no image of a gateway'
elif docker image inspect "$kafka_image" >/dev/null 2>&1 || docker pull -q "$kafka_image" >/dev/null 2>&1; then
  # All in Kafka's network, whose address for its clients is localhost.
  create -p "127.0.0.1::$port" "$kafka_image"
  kafka=$container
  address=$(docker port "$kafka" "$port" | head -n 1)
  for _ in $(seq 600); do
    docker exec "$kafka" bash -c 'exec 3<>/dev/tcp/127.0.0.1/9092' 2>/dev/null && break
    sleep 0.1
  done
  if [ "$service" != gateway ]; then
    # It waits for the topics that a gateway makes.
    start gateway jimbot/eventbus-gateway:latest --network "container:$kafka" -e EVENTBUS_BOOTSTRAP_SERVERS=localhost:9092
    for _ in $(seq 600); do
      docker exec "$container" wget -q -O /dev/null http://127.0.0.1:8080/ready 2>/dev/null && break
      sleep 0.1
    done
  fi
  began=$(date +%s%N)
  start "$service" "$image" --network "container:$kafka" -e EVENTBUS_BOOTSTRAP_SERVERS=localhost:9092
  answers "$address" /ready || fail "is not ready beside Kafka: $(curl -s "http://$address/ready")"
  beside="beside Kafka ready after $(milliseconds_since "$began") ms, $(memory) then"
fi

printf '%s: %d MB, answers after %d ms, healthy, %s idle, ends with 0 at SIGTERM; %s\n' "${image#jimbot/eventbus-}" \
  "$(($(docker image inspect -f '{{.Size}}' "$image") / 1000000))" "$answered" "$alone" "$beside"
