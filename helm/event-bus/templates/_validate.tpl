{{- /* Refuses by their names the values that values.schema.json cannot refuse: those that do not fit each other. */}}
{{- define "event-bus.validate" -}}
{{- range list
  "gateway.config.http.bindHost" "gateway.config.http.port" "gateway.config.grpc.bindHost" "gateway.config.grpc.port"
  "processor.config.http.bindHost" "processor.config.http.port"
  "processor.config.streams.stateDirectory" "processor.config.streams.instanceId" }}
{{- if include "event-bus.isSet" (list $.Values .) }}
{{- fail (printf "%s is the chart's own: ports, probes, policies and volumes are made for what it sets" .) }}
{{- end }}
{{- end }}
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
  "gateway.config.topics" "processor.config.kafka.topicPrefix" "processor.config.replay.partitions"
  "processor.config.deadLetters.partitions" "processor.config.deadLetters.keep" }}
{{- if include "event-bus.isSet" (list $.Values .) }}
{{- fail (printf "%s is not for the settings where kafkaTopics.enabled: kafka and kafkaTopics.topics say it" .) }}
{{- end }}
{{- end }}
{{- end }}
