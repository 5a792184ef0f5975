#!/usr/bin/env bash
# What `helm test` does, without a cluster: the chart's test pod is rendered, and its command run in the gateway's image, as
# restricted as there, against a bus whose last minute holds more events than a page of history looks at.
#   ci/helm-test.sh URL    of a bus that can be reached from this host's network
# Without helm, or an engine with that image whose containers reach that bus, it says so and ends with 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bus=${1:?usage: ci/helm-test.sh URL}
export PATH=$PATH:${GOBIN:-$(go env GOPATH 2>/dev/null || echo "$HOME/go")/bin}

skip() {
  echo "helm-test.sh: SKIPPED, what helm test does was not tried: $*" >&2
  exit 0
}

command -v helm >/dev/null || skip "there is no helm"
docker info >/dev/null 2>&1 || skip "there is no Docker engine"

pod=$(helm template bus helm/event-bus --kube-version 1.33.0 --set kafka.bootstrapServers=kafka:9092 -s templates/tests/publish-and-read.yaml)
image=$(sed -n 's/^ *image: "\(.*\)"$/\1/p' <<<"$pod")
# Not skipped as an image that is not there.
[ -n "$image" ] || { echo "helm-test.sh: the pod's image is not found in its text" >&2; exit 1; }
command=$(sed -n '/^        - |$/,$p' <<<"$pod" | sed '1d; s/^          //')
built=$(docker image inspect -f '{{index .Config.Labels "org.opencontainers.image.revision"}}' "$image" 2>/dev/null) || skip "there is no $image"
[ "$built" = "$(git rev-parse --short HEAD 2>/dev/null)" ] || echo "helm-test.sh: $image is of the revision ${built:-unknown}, not of this one" >&2
# This host's network is another one where the engine is in a machine of its own.
timeout 30 docker run --rm --network host --entrypoint wget "$image" -q -O /dev/null "$bus/health" || skip "no container of $image reaches $bus"

python3 - "$bus/api/v1/events/batch" <<'PYTHON'
import sys, time, urllib.error, urllib.request

BATCH = b"\n".join([b'{"type":"HEARTBEAT","source":"helm-test-before"}'] * 10_000)


def publish(deadline):
    request = urllib.request.Request(sys.argv[1], BATCH, {"Content-Type": "application/x-ndjson"})
    try:
        urllib.request.urlopen(request, timeout=60).close()
    except urllib.error.HTTPError as e:
        if e.code != 503 or time.monotonic() > deadline:
            raise
        time.sleep(int(e.headers.get("Retry-After", 1)))
        publish(deadline)


for _ in range(6):
    publish(time.monotonic() + 60)
PYTHON

docker run --rm --network host --read-only --cap-drop ALL --security-opt no-new-privileges --user 10001:10001 --memory 64m \
  -e BUS="$bus/api/v1/events" --entrypoint sh "$image" -euc "$command"
