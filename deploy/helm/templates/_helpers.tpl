{{- define "intermission.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "intermission.selector" -}}
app.kubernetes.io/name: intermission
app.kubernetes.io/instance: {{ include "intermission.name" . }}
{{- end -}}

{{- define "intermission.labels" -}}
{{ include "intermission.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "intermission.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "intermission.tokenSecret" -}}
{{- default (printf "%s-token" (include "intermission.name" .)) .Values.token.existingSecret -}}
{{- end -}}

{{/* intermission.yaml: what the values say, and where the chart's own parts lie. */}}
{{- define "intermission.configuration" -}}
{{- $name := include "intermission.name" . -}}
{{- $config := deepCopy .Values.config -}}
{{- $listen := mergeOverwrite (default dict $config.listen | deepCopy) (dict "port" 8080) -}}
{{- $_ := set $config "listen" $listen -}}
{{- if .Values.control.enabled -}}
{{- $control := printf "%s-control" $name -}}
{{- $hosts := list $control (printf "%s.%s" $control .Release.Namespace) (printf "%s.%s.svc" $control .Release.Namespace) (printf "%s.%s.svc.cluster.local" $control .Release.Namespace) -}}
{{- $_ := set $config "control" (dict "address" "0.0.0.0" "port" 9099 "hosts" (concat $hosts .Values.control.hosts)) -}}
{{- end -}}
{{- if eq .Values.state.kind "volume" -}}
{{- $_ := set $config "state" (dict "file" "/var/lib/intermission/intermission.state.json") -}}
{{- else if eq .Values.state.kind "memory" -}}
{{- $_ := set $config "state" (dict "file" "") -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "intermission.validate" -}}
{{- if and (gt (int .Values.replicas) 1) (eq .Values.state.kind "volume") -}}
{{- fail "replicas: two or more need state.kind postgresql (or memory, to switch by configuration only): a volume is one gateway's" -}}
{{- end -}}
{{- if and (eq .Values.state.kind "postgresql") (not .Values.state.postgresql.secret) -}}
{{- fail "state.postgresql.secret: expected the name of a Secret with the connection string" -}}
{{- end -}}
{{- end -}}
