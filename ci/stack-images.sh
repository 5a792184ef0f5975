#!/usr/bin/env bash
# Makes stand-ins for the images of others that docker-compose.yml starts, where no registry can be reached: Kafka from its
# jars, the rest from Debian's packages. An image that is there already, pulled or made, is left alone.
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

ci/base-images.sh >/dev/null
kafka
docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | sort
