{{- /* At most 42 characters, so that with -processor it has 52: a StatefulSet's name and 11 characters more are a label of its
pods, which may have 63, as may a Service's name (…-gateway-headless is 17 more). */}}
{{- define "event-bus.fullname" -}}
{{- $ofRelease := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- .Values.fullnameOverride | default $ofRelease | trunc 42 | trimSuffix "-" }}
{{- end }}

{{- /* Call with (list $ "gateway"). */}}
{{- define "event-bus.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- /* Call with (list $ "gateway"), or with a map of more labels as third, which go before commonLabels. */}}
{{- define "event-bus.labels" -}}
{{- $root := index . 0 -}}
{{ include "event-bus.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- with merge dict (index (append . dict) 2) ($root.Values.commonLabels | default dict) }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "event-bus.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "event-bus.fullname" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "event-bus.image" -}}
{{- $image := index . 1 -}}
{{ $image.repository }}:{{ $image.tag | default (index . 0).Chart.AppVersion }}
{{- end }}

{{- define "event-bus.bootstrapServers" -}}
{{- required "kafka.bootstrapServers must be given: host:port, several separated by commas" .Values.kafka.bootstrapServers }}
{{- end }}

{{- /* The settings that both programs share under the same name. */}}
{{- define "event-bus.sharedConfig" -}}
schemaRegistry:
  url: {{ .Values.schemaRegistry.url | quote }}
  autoRegister: {{ .Values.schemaRegistry.autoRegister }}
logging:
  level: {{ .Values.logging.level | quote }}
  format: {{ .Values.logging.format | quote }}
{{- end }}

{{- define "event-bus.catalogueMount" -}}
{{- if .Values.catalogue }}
- { name: catalogue, mountPath: /etc/eventbus/catalogue, readOnly: true }
{{- end }}
{{- end }}

{{- define "event-bus.catalogueVolume" -}}
{{- if .Values.catalogue }}
- name: catalogue
  configMap: { name: {{ include "event-bus.fullname" . }}-catalogue }
{{- end }}
{{- end }}

{{- define "event-bus.gatewayConfig" -}}
{{- $base := include "event-bus.sharedConfig" . | fromYaml -}}
{{- $own := dict
  "bootstrapServers" (include "event-bus.bootstrapServers" .)
  "kafkaClient" (deepCopy (.Values.kafka.client | default dict))
  "topics" (dict "prefix" .Values.kafka.topicPrefix "replicationFactor" .Values.kafka.replicationFactor "minInsyncReplicas" .Values.kafka.minInsyncReplicas)
  "http" (dict "bindHost" "0.0.0.0" "port" 8080 "trustForwardedFor" (include "event-bus.trustForwardedFor" . | eq "true"))
  "grpc" (dict "bindHost" "0.0.0.0" "port" 50051)
  "tracing" (dict "endpoint" .Values.tracing.endpoint "sampleRatio" .Values.tracing.sampleRatio) -}}
{{- if .Values.catalogue }}{{ $_ := set $own "catalogue" "/etc/eventbus/catalogue/catalogue.yaml" }}{{ end -}}
{{- if .Values.kafkaTopics.enabled }}
{{- range $setting, $topic := dict "events" "events" "deadLetters" "dead-letters" "commands" "commands" "delayed" "delayed" }}
{{- $shape := index $.Values.kafkaTopics.topics $topic }}
{{- $_ := set $own.topics $setting (dict
  "partitions" $shape.partitions
  "retention" (index $shape.config "retention.ms" | int64 | printf "%dms")
  "maxMessageSize" (index $shape.config "max.message.bytes" | int64 | printf "%dB")) }}
{{- end }}
{{- end -}}
{{- mergeOverwrite $base $own (deepCopy (.Values.gateway.config | default dict)) | toYaml }}
{{- end }}

{{- /* Behind an Ingress or a route all senders have its address. */}}
{{- define "event-bus.trustForwardedFor" -}}
{{- if kindIs "invalid" .Values.gateway.trustForwardedFor }}{{ or .Values.ingress.http.enabled .Values.gatewayApi.http.enabled }}
{{- else }}{{ .Values.gateway.trustForwardedFor }}{{ end }}
{{- end }}

{{- define "event-bus.processorConfig" -}}
{{- $base := include "event-bus.sharedConfig" . | fromYaml -}}
{{- $own := dict
  "kafka" (dict "bootstrapServers" (include "event-bus.bootstrapServers" .) "client" (deepCopy (.Values.kafka.client | default dict)) "topicPrefix" .Values.kafka.topicPrefix "replicationFactor" .Values.kafka.replicationFactor "minInsyncReplicas" .Values.kafka.minInsyncReplicas)
  "streams" (dict "stateDirectory" "/var/lib/eventbus")
  "http" (dict "bindHost" "0.0.0.0" "port" 8081) -}}
{{- if .Values.catalogue }}{{ $_ := set $own "retention" (dict "catalogue" "/etc/eventbus/catalogue/catalogue.yaml") }}{{ end -}}
{{- if .Values.kafkaTopics.enabled }}
{{- $topics := .Values.kafkaTopics.topics }}
{{- $_ := set $own "replay" (dict "partitions" $topics.replays.partitions) }}
{{- $_ := set $own "deadLetters" (dict
  "partitions" (index $topics "dead-letter-states").partitions
  "keep" (index $topics "dead-letters" "config" "retention.ms" | int64 | printf "%dms")) }}
{{- end -}}
{{- mergeOverwrite $base $own (deepCopy (.Values.processor.config | default dict)) | toYaml }}
{{- end }}

{{- /* A name as Kubernetes takes it, for a topic whose own may hold capitals and underscores; no two topics have the same. */}}
{{- define "event-bus.objectName" -}}
{{- $name := regexReplaceAll "[^a-z0-9]*[.][^a-z0-9]*" (regexReplaceAll "[^a-z0-9.-]" (lower .) "-") "." }}
{{- if eq $name . }}{{ . }}{{ else }}{{ $name }}-{{ sha256sum . | trunc 8 }}{{ end }}
{{- end }}

{{- /* The TCP ports that the pods may reach, as JSON: those of the lists, and those that the addresses name. */}}
{{- define "event-bus.egressPorts" -}}
{{- $ports := list }}
{{- range concat (.Values.networkPolicy.kafkaPorts | default list) (.Values.networkPolicy.extraPorts | default list) }}{{ $ports = append $ports (int .) }}{{ end }}
{{- range splitList "," (include "event-bus.bootstrapServers" .) }}{{ $ports = append $ports (splitList ":" . | last | trim | int) }}{{ end }}
{{- range splitList "," (printf "%s,%s" .Values.schemaRegistry.url .Values.tracing.endpoint) }}
{{- with regexFind "^https?://[^/]+" (trim .) }}
{{- $port := regexFind ":[0-9]+$" . | trimPrefix ":" | default (ternary "443" "80" (hasPrefix "https:" .)) }}
{{- $ports = append $ports (int $port) }}
{{- end }}
{{- end }}
{{- uniq $ports | toJson }}
{{- end }}

{{- define "event-bus.secretEnv" -}}
{{- range .Values.secretEnv }}
- name: {{ .name | quote }}
  valueFrom: { secretKeyRef: { name: {{ .secret | quote }}, key: {{ .key | quote }} } }
{{- end }}
{{- with .Values.schemaRegistry.basicAuthSecret }}
- name: EVENTBUS_SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO
  valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: {{ $.Values.schemaRegistry.basicAuthKey | quote }} } }
{{- end }}
{{- end }}

{{- define "event-bus.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "event-bus.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- /* Call with (list $ "gateway" .Values.gateway). */}}
{{- define "event-bus.placement" -}}
{{- $settings := index . 2 -}}
{{- with $settings.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with $settings.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $settings.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $settings.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
{{- if $settings.topologySpreadConstraints }}
{{ toYaml $settings.topologySpreadConstraints | indent 2 }}
{{- else }}
{{- $selector := include "event-bus.selector" (list (index . 0) (index . 1)) }}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ $selector | nindent 8 }}
{{- end }}
{{- end }}
{{- end }}
