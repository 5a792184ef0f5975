{{- /* Refuses by their names the values that values.schema.json cannot refuse: those that do not fit each other, or the chart. */}}
{{- define "event-bus.validate" -}}
{{- range list
  "gateway.config.http.bindHost" "gateway.config.http.port" "gateway.config.grpc.bindHost" "gateway.config.grpc.port"
  "processor.config.http.bindHost" "processor.config.http.port"
  "processor.config.streams.stateDirectory" "processor.config.streams.instanceId" }}
{{- if include "event-bus.isSet" (list $.Values .) }}
{{- fail (printf "%s is the chart's own: ports, probes, policies and volumes are made for what it sets" .) }}
{{- end }}
{{- end }}
{{- range $setting, $value := dict
  "gateway.config.bootstrapServers" "kafka.bootstrapServers"
  "gateway.config.topics.prefix" "kafka.topicPrefix"
  "gateway.config.topics.replicationFactor" "kafka.replicationFactor"
  "gateway.config.topics.minInsyncReplicas" "kafka.minInsyncReplicas"
  "gateway.config.schemaRegistry.url" "schemaRegistry.url"
  "processor.config.kafka.bootstrapServers" "kafka.bootstrapServers"
  "processor.config.kafka.topicPrefix" "kafka.topicPrefix"
  "processor.config.kafka.replicationFactor" "kafka.replicationFactor"
  "processor.config.kafka.minInsyncReplicas" "kafka.minInsyncReplicas"
  "processor.config.schemaRegistry.url" "schemaRegistry.url" }}
{{- if include "event-bus.isSet" (list $.Values $setting) }}
{{- fail (printf "%s must be given as %s: gateways, processor, topics and policies go by the same" $setting $value) }}
{{- end }}
{{- end }}
{{- include "event-bus.validateName" . }}
{{- include "event-bus.validateLabels" . }}
{{- include "event-bus.validateSecrets" . }}
{{- include "event-bus.validateStopping" . }}
{{- with .Values.gateway }}
{{- if ge (int .preStopSeconds) (int .terminationGracePeriodSeconds) }}
{{- fail "gateway.preStopSeconds must be less than gateway.terminationGracePeriodSeconds, of which it is a part" }}
{{- end }}
{{- if and .autoscaling.enabled (gt (int .autoscaling.minReplicas) (int .autoscaling.maxReplicas)) }}
{{- fail "gateway.autoscaling.minReplicas must be at most gateway.autoscaling.maxReplicas" }}
{{- end }}
{{- end }}
{{- with .Values.kafka }}
{{- if and (gt (int .replicationFactor) 0) (gt (int .minInsyncReplicas) (int .replicationFactor)) }}
{{- fail "kafka.minInsyncReplicas must be at most kafka.replicationFactor" }}
{{- end }}
{{- end }}
{{- include "event-bus.validateRoutes" . }}
{{- if .Values.kafkaTopics.enabled }}{{ include "event-bus.validateTopics" . }}{{ end }}
{{- end }}

{{- /* Call with (list $.Values "a.b.c"): true if there is such a value. */}}
{{- define "event-bus.isSet" -}}
{{- $at := index . 0 -}}
{{- $set := true -}}
{{- range splitList "." (index . 1) -}}
{{- if and $set (kindIs "map" $at) (hasKey $at .) -}}{{- $at = index $at . -}}{{- else -}}{{- $set = false -}}{{- end -}}
{{- end -}}
{{- if $set }}true{{ end }}
{{- end }}

{{- /* Of a release's name it may be made, which may have dots, and begin with a digit; Services may not. */}}
{{- define "event-bus.validateName" -}}
{{- $name := include "event-bus.fullname" . }}
{{- if not (regexMatch "^[a-z]([a-z0-9-]*[a-z0-9])?$" $name) }}
{{- fail (printf "fullnameOverride must be given, of a-z, 0-9 and - and beginning with a letter: no Service can be called after %s" $name) }}
{{- end }}
{{- end }}

{{- /* Selectors, which cannot change, and others find objects by them. */}}
{{- define "event-bus.validateLabels" -}}
{{- range $labels := list "commonLabels" "metrics.serviceMonitor.labels" "metrics.prometheusRule.labels" "metrics.dashboards.labels" }}
{{- $given := include "event-bus.mapAt" (list $.Values $labels) | fromJson }}
{{- range list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "app.kubernetes.io/version"
  "app.kubernetes.io/managed-by" "helm.sh/chart" "strimzi.io/cluster" }}
{{- if hasKey $given . }}
{{- fail (printf "%s must not hold %s, which the chart sets itself" $labels .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What would stand for all to read in a ConfigMap. */}}
{{- define "event-bus.validateSecrets" -}}
{{- range list "kafka.client" "gateway.config.kafkaClient" "processor.config.kafka.client"
  "gateway.config.schemaRegistry.properties" "processor.config.schemaRegistry.properties" }}
{{- $map := . }}
{{- range $key, $value := include "event-bus.mapAt" (list $.Values .) | fromJson }}
{{- if and $value (include "event-bus.isInClear" (list $key (toString $value))) }}
{{- include "event-bus.refuseSecret" (printf "%s.%q" $map $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- range list "gateway.config.schemaRegistry" "processor.config.schemaRegistry" }}
{{- $user := (include "event-bus.mapAt" (list $.Values .) | fromJson).basicAuthUserInfo | default "none" | toString }}
{{- if not (or (eq $user "none") (include "event-bus.isVariable" (regexReplaceAll "^([^:$]*|[$][{][^}]*[}]):" $user ""))) }}
{{- include "event-bus.refuseSecret" (printf "%s.basicAuthUserInfo" .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "event-bus.refuseSecret" -}}
{{- fail (printf "%s must not hold a secret, which the ConfigMap would show: name a variable with secretEnv, and write ${NAME} for it" .) }}
{{- end }}

{{- /* Call with (list $.Values "a.b.c"): that map as JSON; an empty one if there is none. */}}
{{- define "event-bus.mapAt" -}}
{{- $at := index . 0 -}}
{{- range splitList "." (index . 1) -}}
{{- $at = ternary (get $at .) dict (kindIs "map" (get $at .)) -}}
{{- end -}}
{{- $at | toJson -}}
{{- end }}

{{- /* Call with (list "a.property" "its value"): true if that is a secret, and not the variable of one. */}}
{{- define "event-bus.isInClear" -}}
{{- $value := index . 1 -}}
{{- if hasSuffix "jaas.config" (index . 0) -}}
{{- /* Not all log in with a password: Kerberos has a file of keys. */ -}}
{{- range regexFindAll "(?i)(password|secret)\\w*\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^\\s;]*)" $value -1 -}}
{{- if not (include "event-bus.isVariable" (regexReplaceAll "^[^=]*=\\s*[\"']?|[\"']$" . "")) }}true{{ end -}}
{{- end -}}
{{- else if hasSuffix "user.info" (index . 0) -}}
{{- if not (include "event-bus.isVariable" (regexReplaceAll "^([^:$]*|[$][{][^}]*[}]):" $value "")) }}true{{ end -}}
{{- else if regexMatch "(password|passphrase|secret|keystore[.]key|auth[.]token)$" (index . 0) -}}
{{- if not (include "event-bus.isVariable" $value) }}true{{ end -}}
{{- end -}}
{{- end }}

{{- /* Call with a value: true if it is variables (${NAME}, ${file:…}) and nothing else, no default (${NAME:-…}) either, which would be the secret. */}}
{{- define "event-bus.isVariable" -}}
{{- if regexMatch "^([$][{]([^}:]|:[^}-])+[}])+$" . }}true{{ end -}}
{{- end }}

{{- /* A program that is killed meanwhile loses what it waits for. */}}
{{- define "event-bus.validateStopping" -}}
{{- range list "gateway.config.http.shutdownDelay" "gateway.config.http.shutdownTimeout" "gateway.config.grpc.drainTimeout"
  "gateway.config.publish.closeTimeout" "processor.config.streams.closeTimeout" }}
{{- $path := splitList "." . }}
{{- $time := (include "event-bus.mapAt" (list $.Values (initial $path | join ".")) | fromJson | dig (last $path) "") | toString }}
{{- if regexMatch "^[0-9]+ *(ms|millisecond|s|second|m|min|minute|h|hour|d|day)s?$" $time }}
{{- $unit := regexFind "ms|mil|[smhd]" $time }}
{{- $millis := mul (regexFind "[0-9]+" $time) (get (dict "ms" 1 "mil" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000) $unit) }}
{{- $grace := index $.Values (first $path) "terminationGracePeriodSeconds" }}
{{- if ge $millis (mul 1000 (int $grace)) }}
{{- fail (printf "%s must be less than %s.terminationGracePeriodSeconds, of which it is a part" . (first $path)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Of an HTTPRoute and a GRPCRoute with a host in common a listener rejects the second. */}}
{{- define "event-bus.validateRoutes" -}}
{{- $http := .Values.gatewayApi.http }}
{{- $grpc := .Values.gatewayApi.grpc }}
{{- if and $http.enabled $grpc.enabled (include "event-bus.sameListener" .) }}
{{- if or (not $http.hostnames) (not $grpc.hostnames) }}
{{- fail "gatewayApi.http.hostnames and gatewayApi.grpc.hostnames must be given, or their parentRefs name different listeners (sectionName): on one listener the routes need different hosts" }}
{{- end }}
{{- range $one := $http.hostnames }}
{{- range $other := $grpc.hostnames }}
{{- if or (eq $one $other) (and (hasPrefix "*." $one) (hasSuffix (trimPrefix "*" $one) $other)) (and (hasPrefix "*." $other) (hasSuffix (trimPrefix "*" $other) $one)) }}
{{- fail (printf "gatewayApi.http.hostnames and gatewayApi.grpc.hostnames must differ on one listener: %s and %s do not" $one $other) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* True if both routes hang on one listener; a parent without sectionName and port is all listeners of its Gateway. */}}
{{- define "event-bus.sameListener" -}}
{{- $home := .Release.Namespace }}
{{- range $one := .Values.gatewayApi.http.parentRefs }}
{{- range $other := $.Values.gatewayApi.grpc.parentRefs }}
{{- $same := and (eq $one.name $other.name) (eq ($one.namespace | default $home) ($other.namespace | default $home)) }}
{{- range $key := list "sectionName" "port" }}
{{- if and (hasKey $one $key) (hasKey $other $key) (ne (index $one $key | toString) (index $other $key | toString)) }}{{ $same = false }}{{ end }}
{{- end }}
{{- if $same }}true{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What is declared to Strimzi must be what gateways and processor are told. */}}
{{- define "event-bus.validateTopics" -}}
{{- range list
  "gateway.config.topics" "processor.config.replay.partitions"
  "processor.config.deadLetters.partitions" "processor.config.deadLetters.keep" }}
{{- if include "event-bus.isSet" (list $.Values .) }}
{{- fail (printf "%s is not for the settings where kafkaTopics.enabled: kafka and kafkaTopics.topics say it" .) }}
{{- end }}
{{- end }}
{{- end }}
