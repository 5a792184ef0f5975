#!/usr/bin/env bash
# Checks the chart: lint, rendering over several value files and under long names, Kubernetes' own schemas and the CRDs of others,
# restricted Pod Security, every value in the README, wrong values refused by their name, and what helm test does, where there are an
# engine and the image. Takes helm from the PATH, else installs it with Go; where it is not to be had it says so and ends with 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

KUBERNETES=1.33.0
chart=helm/event-bus
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH=$PATH:${GOBIN:-$(go env GOPATH 2>/dev/null || echo "$HOME/go")/bin}

have_helm() {
  command -v helm >/dev/null || { command -v go >/dev/null && go install helm.sh/helm/v3/cmd/helm@v3.22.0 >"$work/go.log" 2>&1; }
}

have_helm || { echo "helm.sh: skipped, there is no helm and no Go to install it with" >&2; exit 0; }
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check kubernetes-validate==1.37.0 pyyaml

for values in "$chart"/ci/*.yaml; do
  name=$(basename "$values" -values.yaml)
  helm lint "$chart" --quiet --strict --kube-version $KUBERNETES -f "$values" >"$work/lint" 2>&1 || { cat "$work/lint" >&2; exit 1; }
  helm template bus "$chart" --kube-version $KUBERNETES -f "$values" >"$work/$name.yaml"
  echo "$name: $(grep -c '^kind: ' "$work/$name.yaml") objects"
done
# The longest name that a release may have, the longest that fullnameOverride may be, and one that looks like a number.
mkdir "$work"/{long,override,number}
long=$(printf 'a%.0s' {1..63})
helm template "${long:0:53}" "$chart" --kube-version $KUBERNETES -f "$chart/ci/minimal-values.yaml" >"$work/long/minimal.yaml"
helm template bus "$chart" --kube-version $KUBERNETES -f "$chart/ci/minimal-values.yaml" --set "fullnameOverride=$long" \
  >"$work/override/minimal.yaml"
helm template 123 "$chart" --kube-version $KUBERNETES -f "$chart/ci/odd-values.yaml" >"$work/number/odd.yaml"
ci/crds.sh "$work/crds" || echo "helm.sh: without their CRDs, routes and what is for the Prometheus operator are held to nothing" >&2
"$work/venv/bin/python" ci/chart-check.py $KUBERNETES "$chart" "$work/crds" "$work"/*.yaml "$work"/{long,override,number}/*.yaml

# refused NAME SETTING...: the settings are refused for $release, and the message names it.
release=bus
refused() {
  local name=$1 setting settings=()
  shift
  for setting in "$@"; do settings+=(--set "$setting"); done
  if helm template "$release" "$chart" --kube-version $KUBERNETES --set kafka.bootstrapServers=kafka:9092 "${settings[@]}" >"$work/out" 2>&1; then
    echo "helm.sh: $* is not refused" >&2
    exit 1
  fi
  grep -q -- "$name" "$work/out" || { cat "$work/out" >&2; exit 1; }
  echo "refused: $(grep -- "$name" "$work/out" | head -n 1)"
}
refused /logging/format logging.format=xml
refused "missing property 'gateway'" gateway=null
refused "missing property 'service'" gateway.service=null
refused replcas gateway.replcas=3
refused /gateway/service/httpPort gateway.service.httpPort=70000
refused /kafka/bootstrapServers kafka.bootstrapServers=kafka
refused retention catalogue.retention.standard=14d
refused /tracing/sampleRatio tracing.sampleRatio=2
refused kafka.bootstrapServers kafka.bootstrapServers=
refused /kafka/topicPrefix kafka.topicPrefix=-jimbot
refused /kafka/replicationFactor kafka.replicationFactor=0
refused kafka.minInsyncReplicas kafka.minInsyncReplicas=5 kafka.replicationFactor=3
refused /schemaRegistry/url schemaRegistry.url=registry:8081
refused /tracing/endpoint tracing.endpoint=foo
refused gateway.preStopSeconds gateway.preStopSeconds=90 gateway.terminationGracePeriodSeconds=60
refused /gateway/autoscaling/minReplicas gateway.autoscaling.minReplicas=0
refused gateway.autoscaling.minReplicas gateway.autoscaling.minReplicas=20 gateway.autoscaling.maxReplicas=10
for owned in gateway.config.{http,grpc}.{port,bindHost} processor.config.{http.{port,bindHost},streams.{stateDirectory,instanceId}}; do
  refused "$owned" "$owned=9000"
done
for shared in gateway.config.{bootstrapServers,topics.{prefix,replicationFactor,minInsyncReplicas},schemaRegistry.url} \
  processor.config.{kafka.{bootstrapServers,topicPrefix,replicationFactor,minInsyncReplicas},schemaRegistry.url}; do
  refused "$shared must be given as [a-zA-Z]*[.]\(${shared##*.}\|topicPrefix\)" "$shared=9"
done
for secret in kafka.client gateway.config.{kafkaClient,schemaRegistry.properties} processor.config.{kafka.client,schemaRegistry.properties}; do
  for key in ssl.keystore.password ssl.keystore.key sasl.oauthbearer.client.credentials.client.secret basic.auth.user.info; do
    refused "$secret.\"$key\" must not hold a secret" "$secret.${key//./\\.}=hunter2"
  done
done
# shellcheck disable=SC2016 # The program's variable.
for clear in 'username="${USER}" password="hunter2"' 'password="${PASSWORD:-hunter2}"' 'password="hunter2${X}"' 'clientSecret=hunter2'; do
  refused 'kafka.client."sasl.jaas.config" must not hold' "kafka.client.sasl\.jaas\.config=Login required $clear;"
done
# shellcheck disable=SC2016
for clear in 'hunter2${X}' '${X:-hunter2}${X}'; do
  refused 'kafka.client."ssl.keystore.password" must not hold' "kafka.client.ssl\.keystore\.password=$clear"
done
refused gateway.config.schemaRegistry.basicAuthUserInfo gateway.config.schemaRegistry.basicAuthUserInfo=bus:hunter2
refused processor.config.schemaRegistry.basicAuthUserInfo processor.config.schemaRegistry.basicAuthUserInfo=bus:hunter2
refused /kafka/client/ssl kafka.client.ssl.keystore.password=hunter2
for part in gateway.config.{http.shutdown{Delay,Timeout},grpc.drainTimeout,publish.closeTimeout} processor.config.streams.closeTimeout; do
  refused "$part must be less than ${part%%.*}.terminationGracePeriodSeconds" "$part=1m"
done
refused "gateway.config.grpc.drainTimeout must be less" "gateway.config.grpc.drainTimeout=2 minutes"
refused /fullnameOverride fullnameOverride=Bus
refused /fullnameOverride fullnameOverride=a.b
for release in 1bus my.bus; do refused "fullnameOverride must be given" "kafka.bootstrapServers=kafka:9092"; done
release=bus
refused "'request' not allowed" gateway.resources.request.cpu=1
refused /processor/resources/limits/memory processor.resources.limits.memory.max=1
for own in app.kubernetes.io/{name,instance,component,version,managed-by} helm.sh/chart strimzi.io/cluster; do
  refused "commonLabels must not hold $own" "commonLabels.${own//./\\.}=other"
done
for labels in metrics.{serviceMonitor,prometheusRule,dashboards}.labels; do
  refused "$labels must not hold helm.sh/chart" "$labels.helm\.sh/chart=other"
done
refused /commonLabels/number commonLabels.number=1
refused /gateway/service/annotations/number gateway.service.annotations.number=1
refused "/gateway/config': additional properties 'htp'" gateway.config.htp.port=1
refused "/processor/config': additional properties 'stream'" processor.config.stream.threads=1
refused /imagePullSecrets/0 'imagePullSecrets[0]=x'
refused /networkPolicy/from/0 'networkPolicy.from[0]=abc'
refused /networkPolicy/metricsFrom/0 'networkPolicy.metricsFrom[0].podSelectr.a=b'
refused nme 'gateway.extraEnv[0].nme=x'
refused /processor/extraVolumeMounts/0 'processor.extraVolumeMounts[0].name=extra'
refused /ingress/http/host ingress.http.host=
refused /gatewayApi/http/parentRefs gatewayApi.http.enabled=true
routes=(gatewayApi.{http,grpc}.enabled=true 'gatewayApi.'{http,grpc}'.parentRefs[0].name=public')
refused gatewayApi.http.hostnames "${routes[@]}"
refused gatewayApi.http.hostnames "${routes[@]}" 'gatewayApi.http.hostnames[0]=*.example.com' 'gatewayApi.grpc.hostnames[0]=bus.example.com'
refused /kafkaTopics/apiVersion kafkaTopics.apiVersion=kafka.strimzi.io/v2
refused "'events.archive' not allowed" 'kafkaTopics.topics.events\.archive.partitions=8'
refused "missing property 'delayed'" kafkaTopics.topics.delayed=null
refused /kafkaTopics/topics/events/config 'kafkaTopics.topics.events.config.retention\.ms=-1'
for elsewhere in gateway.config.topics.events.partitions processor.config.{replay.partitions,deadLetters.{partitions,keep}}; do
  refused "${elsewhere/.events.partitions/}" kafkaTopics.enabled=true "$elsewhere=16"
done

# A null takes the default away; it stands for an empty map or list.
for emptied in {gateway,processor}.config networkPolicy.{kafkaPorts,extraPorts}; do
  helm template bus "$chart" --kube-version $KUBERNETES --set kafka.bootstrapServers=kafka:9092,"$emptied"=null >"$work/out" 2>&1 ||
    { cat "$work/out" >&2; exit 1; }
done
echo "taken: null for an empty map or list"

# What looks like a secret and is none, and variables of secrets.
# shellcheck disable=SC2016 # The program's variables.
for taken in 'kafka.client.sasl\.jaas\.config=Krb5LoginModule required useKeyTab=true storeKey=true keyTab="/opt/eventbus/extra/bus";' \
  'kafka.client.sasl\.jaas\.config=${LOGIN}' 'kafka.client.sasl\.jaas\.config=Login required username="bus" password="${PASSWORD}";' \
  'kafka.client.ssl\.keystore\.password=${file:/opt/eventbus/extra/keys:password}' 'kafka.client.ssl\.keystore\.'{location=keys,password=null} \
  {gateway,processor}'.config.schemaRegistry.basicAuthUserInfo=bus:${PASSWORD}' gateway.config.schemaRegistry.basicAuthUserInfo=none; do
  helm template bus "$chart" --kube-version $KUBERNETES --set kafka.bootstrapServers=kafka:9092,"$taken" >"$work/out" 2>&1 ||
    { cat "$work/out" >&2; exit 1; }
done
echo "taken: variables of secrets"

if docker image inspect "jimbot/eventbus-gateway:$(sed -n 's/^appVersion: //p' "$chart/Chart.yaml")" >/dev/null 2>&1; then
  (
    # shellcheck source=ci/standalone-bus.sh
    . ci/standalone-bus.sh
    start_bus
    ci/helm-test.sh "http://$http"
  )
else
  echo "helm.sh: there is no image of the gateway; what helm test does is left out" >&2
fi
