#!/usr/bin/env bash
# Makes stand-ins for the images of others that docker-compose.yml starts, where no registry can be reached: Kafka and the
# schema registry from their jars, Prometheus and the load balancer from Debian's packages, the collector with Go. There is
# none for Grafana. An image that is there already is left alone. Prints what docker-compose.yml is to be told:
#   export $(ci/stack-images.sh)
# With the word kafka it makes that one only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exists() { docker image inspect "$1" >/dev/null 2>&1; }

pom_property() { sed -n "s#^ *<$1>\(.*\)</$1>#\1#p" pom.xml; }

kafka() {
  local version image context
  version=$(pom_property kafka.version)
  image=apache/kafka:$version
  exists "$image" && return
  context=$(mktemp -d)
  cp -r ci/kafka-image/. "$context"
  mvn -q -B -ntp -f ci/kafka-image/pom.xml -Dkafka.version="$version" \
    org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$context/libs" >&2
  # What Kafka calls kafka-topics.sh and the like.
  local name class
  while read -r name class; do
    # shellcheck disable=SC2016 # expanded when it runs
    printf '#!/bin/bash\nexec /opt/kafka/bin/kafka-run-class.sh %s "$@"\n' "$class" >"$context/bin/$name.sh"
  done <<'TOOLS'
kafka-topics org.apache.kafka.tools.TopicCommand
kafka-configs kafka.admin.ConfigCommand
kafka-console-consumer org.apache.kafka.tools.consumer.ConsoleConsumer
kafka-console-producer org.apache.kafka.tools.ConsoleProducer
kafka-consumer-groups org.apache.kafka.tools.consumer.group.ConsumerGroupCommand
kafka-get-offsets org.apache.kafka.tools.GetOffsetShell
kafka-broker-api-versions org.apache.kafka.tools.BrokerApiVersionsCommand
kafka-storage kafka.tools.StorageTool
TOOLS
  docker build -q -t "$image" "$context" >/dev/null
  rm -rf "$context"
}

schema_registry() {
  exists local/schema-registry && return
  local context
  context=$(mktemp -d)
  mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
    -Dartifact=io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all -DoutputDirectory="$context" >&2
  cat >"$context/Dockerfile" <<'IMAGE'
FROM local/jdk:25
ADD *.tar.gz /opt/registry/
USER 1000
ENTRYPOINT ["sh", "-c", "exec java ${JAVA_OPTS_APPEND:-} -jar $(find /opt/registry -name quarkus-run.jar)"]
IMAGE
  docker build -q -t local/schema-registry "$context" >/dev/null
  rm -rf "$context"
}

# A program of Debian, and the client that its check runs, as in the images of its makers:  package NAME ENTRYPOINT-WORDS
# The tag is raised when what is in it changes, since an image that is there already is left alone.
package() {
  exists "local/$1:2" && return
  docker build -q -t "local/$1:2" - >/dev/null <<IMAGE
FROM local/debian:bookworm
RUN apt-get update -q && apt-get install -y -q --no-install-recommends $1 wget && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /prometheus && chown 1000 /prometheus
USER 1000
ENTRYPOINT [$2]
IMAGE
}

collector() {
  exists local/otel-collector && return
  command -v go >/dev/null || return 0
  local context
  context=$(mktemp -d)
  cat >"$context/builder.yml" <<'MODULES'
dist: { name: otelcol, output_path: ./out, module: local/otelcol }
receivers: [{ gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v0.165.0 }]
processors:
  - { gomod: go.opentelemetry.io/collector/processor/batchprocessor v0.165.0 }
  - { gomod: go.opentelemetry.io/collector/processor/memorylimiterprocessor v0.165.0 }
exporters: [{ gomod: go.opentelemetry.io/collector/exporter/debugexporter v0.165.0 }]
MODULES
  (cd "$context" && CGO_ENABLED=0 go run go.opentelemetry.io/collector/cmd/builder@v0.165.0 --config builder.yml) >&2
  tar -C "$context/out" -c otelcol | docker import -c 'ENTRYPOINT ["/otelcol"]' - local/otel-collector >/dev/null
  rm -rf "$context"
}

ci/base-images.sh >/dev/null
kafka
[ "${1:-}" != kafka ] || exit 0
schema_registry
package prometheus '"prometheus", "--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"'
package haproxy '"haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"'
collector
echo SCHEMA_REGISTRY_IMAGE=local/schema-registry PROMETHEUS_IMAGE=local/prometheus:2 LOAD_BALANCER_IMAGE=local/haproxy:2 \
  COLLECTOR_IMAGE=local/otel-collector JARS=prebuilt MAVEN_IMAGE=local/jdk:25 JDK_IMAGE=local/jdk:25 BUSYBOX_IMAGE=local/busybox
