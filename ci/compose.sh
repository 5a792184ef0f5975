#!/usr/bin/env bash
# Brings the stack of docker-compose.yml up, reads an event back in every way that the README tells, lets Prometheus answer
# the dashboards, then kills one service after another under load and counts: nothing acknowledged may be missing.
#   ci/compose.sh [single|cluster] [--keep]    --keep leaves the stack running
# Other ports than those of .env: HTTP_PORT=… and so on before it. Grafana is only started where its image is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

profile=single keep=
for argument in "$@"; do
  case $argument in
    single | cluster) profile=$argument ;;
    --keep) keep=yes ;;
    *) echo "compose.sh: what is '$argument'?" >&2; exit 2 ;;
  esac
done

ci/docker-engine.sh || { echo "compose.sh: skipped, there is no Docker engine" >&2; exit 0; }
command -v docker-compose >/dev/null || { echo "compose.sh: skipped, docker-compose is not installed" >&2; exit 0; }

work=$(mktemp -d)
export COMPOSE_PROFILES=$profile COMPOSE_PROJECT_NAME=eventbus-check-$profile
finish() {
  [ -n "$keep" ] || docker-compose down -v -t 5 >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

say() { printf '\n== %s\n' "$*"; }

setting() { printf '%s' "${!1:-$(sed -n "s/^$1=//p" .env)}"; }

if ! docker image inspect "$(setting GRAFANA_IMAGE)" >/dev/null 2>&1 && ! docker pull -q "$(setting GRAFANA_IMAGE)" >/dev/null 2>&1; then
  substitutes=$(ci/stack-images.sh 2>"$work/images.log") || { cat "$work/images.log" >&2; exit 1; }
  for substitute in $substitutes; do export "${substitute?}"; done
  rm -rf {gateway,streams-processor}/target/{lib,eventbus-*.jar}
  mvn -q -B -ntp -Dquick -DskipTests -Dsbom -pl gateway,streams-processor -am package
  grafana=
else
  grafana=grafana
fi
mapfile -t services < <(docker-compose config --services | grep -v grafana)
[ "$profile" = single ] || mapfile -t services < <(docker-compose config --services | grep -vE '^(grafana|kafka|schema-registry|gateway|streams-processor)$')
[ "$profile" = cluster ] || mapfile -t services < <(printf '%s\n' "${services[@]}" | grep -vE -- '-[0-9]$|load-balancer')

http=http://127.0.0.1:$(setting HTTP_PORT)
grpc=127.0.0.1:$(setting GRPC_PORT)
prometheus=http://127.0.0.1:$(setting PROMETHEUS_PORT)

id() { docker-compose ps -q "$1"; }

await() {
  local what=$1
  shift
  for _ in $(seq 600); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  echo "compose.sh: waited in vain for $what" >&2
  docker-compose ps >&2
  docker-compose logs --tail 20 >&2
  return 1
}

healthy() {
  local state
  state=$(docker inspect -f '{{.State.Running}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}' "$(id "$1")")
  [ "$state" = "true healthy" ]
}

say "docker-compose up ($profile)"
began=$SECONDS
docker-compose build -q gateway streams-processor 2>/dev/null
# shellcheck disable=SC2086 # grafana or nothing
docker-compose up -d "${services[@]}" $grafana >"$work/up.log" 2>&1 || { cat "$work/up.log" >&2; exit 1; }
for service in "${services[@]}"; do
  await "$service" healthy "$service"
done
echo "all healthy after $((SECONDS - began)) s: ${services[*]}"

say "The first curl of the README"
since=$(($(date +%s) * 1000))
curl -fsS "$http/api/v1/events" -H 'Content-Type: application/json' \
  -d '{"type":"HEARTBEAT","source":"curl","payload":{"status":"ok"}}'
echo

say "A refused event of a batch goes to the dead letters"
printf '{"events":[{"type":"GAME_STATE","payload":{"jokers":["say "hi""]}},{"type":"HEARTBEAT","source":"curl"}]}' |
  curl -fsS "$http/api/v1/events/batch" -H 'Content-Type: application/json' --data-binary @-
echo

say "Read over gRPC by the Python client"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check -r examples/python/requirements.txt
PATH="$work/venv/bin:$PATH" examples/python/generate.sh
"$work/venv/bin/python" examples/python/check.py --server "$grpc"

say "Read by a plain Kafka consumer"
broker=kafka
[ "$profile" = single ] || broker=kafka-1
docker exec "$(id $broker)" /opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server "$broker:19092" --topic jimbot.events --from-beginning --max-messages 1 \
  --timeout-ms 20000 --formatter-property print.headers=true --formatter-property print.value=false 2>/dev/null |
  tr ',' '\n' | grep -aE '^(event-type|topic|content-type):' | head -n 3

say "What helm test does, after 60,000 other events"
ci/helm-test.sh "$http"

say "What the alerts say of series made up for it"
docker run --rm -v "$PWD:/bus:ro" --entrypoint promtool "$(setting PROMETHEUS_IMAGE)" test rules /bus/ci/alerts-test.yml

say "Scraped by Prometheus; every query of the dashboards and alerts"
scraped() { curl -fsS "$prometheus/api/v1/query?query=eventbus_events_accepted_total" | grep -q HEARTBEAT; }
await "Prometheus" scraped
python3 ci/dashboards.py "$prometheus"

say "docker kill of each service in turn, under load"
python3 ci/traffic.py publish --url "$http" --seconds 36000 --acknowledged "$work/acknowledged" >"$work/traffic.log" 2>&1 &
traffic=$!
count() { wc -l <"$work/acknowledged"; }
goes_on() { [ "$(count)" -gt $((before + 20)) ]; }
before=0
await "traffic" goes_on
for service in "${services[@]}"; do
  docker kill "$(id "$service")" >/dev/null
  before=$(count)
  sleep 3
  during=$(($(count) - before))
  docker start "$(id "$service")" >/dev/null
  began=$(date +%s%N)
  await "$service after it was killed" healthy "$service"
  before=$(count)
  await "traffic after $service was killed" goes_on
  printf '%-22s killed: %5d acknowledged in the 3 s without it; back, with traffic, %d ms after its start\n' \
    "$service" "$during" "$((($(date +%s%N) - began) / 1000000))"
done
kill "$traffic"
wait "$traffic" 2>/dev/null || true

say "Nothing acknowledged is missing"
python3 ci/traffic.py verify --url "$http" --acknowledged "$work/acknowledged" --since "$since"
