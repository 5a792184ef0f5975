#!/usr/bin/env bash
# Runs integration tests of the gateway and the processor against Apache Kafka's image in a container, as  mvn -Pcontainers verify
# does with all of them; those against the broker in the tests' own JVM are part of  mvn verify.
#   ci/containers.sh [TEST,TEST…]
# Without a Docker engine, or where the image is neither to be had nor to be made, it says so and ends with 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tests=${1:-WireFormatIT,QueueIT,RetentionIT}
image=apache/kafka:$(sed -n 's#^ *<kafka.version>\(.*\)</kafka.version>#\1#p' pom.xml)

skip() {
  echo "containers.sh: SKIPPED, no test ran against Kafka's image: $*" >&2
  exit 0
}

ci/docker-engine.sh || skip "there is no Docker engine"
docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" >/dev/null 2>&1 || timeout 240 ci/stack-images.sh kafka >/dev/null ||
  skip "$image is not to be had"
docker run --rm --entrypoint true "$image" || skip "no container starts here"

# Ryuk, which tidies up after tests that were killed, is an image of its own; and inside of a container the ports of others
# are looked for at another address.
export TESTCONTAINERS_RYUK_DISABLED=true
if [ -f /.dockerenv ]; then
  export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
fi
mvn -B -ntp -Dquick -Pcontainers -DskipITs=false -pl gateway,streams-processor -am verify -Dtest=NONE -Dit.test="$tests" \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dfailsafe.rerunFailingTestsCount=1
