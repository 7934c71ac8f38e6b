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
{{- if .Values.tls.secrets -}}
{{- $certificates := list -}}
{{- range $index, $secret := .Values.tls.secrets -}}
{{- $folder := printf "/run/secrets/intermission-tls/%d" $index -}}
{{- $certificates = append $certificates (dict "certificate" (printf "%s/tls.crt" $folder) "key" (printf "%s/tls.key" $folder)) -}}
{{- end -}}
{{- $tls := dict "port" 8443 "certificates" $certificates "min_version" .Values.tls.minVersion -}}
{{- if .Values.tls.clientCaSecret -}}
{{- $_ := set $tls "client_ca" "/run/secrets/intermission-client-ca/ca.crt" -}}
{{- end -}}
{{- $_ := set $listen "tls" $tls -}}
{{- end -}}
{{- $_ := set $config "listen" $listen -}}
{{- if .Values.control.enabled -}}
{{- $control := printf "%s-control" $name -}}
{{- $hosts := list $control (printf "%s.%s" $control .Release.Namespace) (printf "%s.%s.svc" $control .Release.Namespace) (printf "%s.%s.svc.cluster.local" $control .Release.Namespace) -}}
{{- $settings := dict "address" "0.0.0.0" "port" 9099 "hosts" (concat $hosts .Values.control.hosts) -}}
{{- if .Values.control.tls.secret -}}
{{- $_ := set $settings "tls" (dict "certificate" "/run/secrets/intermission-control/tls.crt" "key" "/run/secrets/intermission-control/tls.key") -}}
{{- end -}}
{{- $_ := set $config "control" $settings -}}
{{- end -}}
{{- if eq .Values.state.kind "memory" -}}
{{- $_ := set $config "state" (dict "file" "") -}}
{{- else -}}
{{- /* With PostgreSQL it is the copy by which a gateway starts while the database is away. */ -}}
{{- $_ := set $config "state" (dict "file" "/var/lib/intermission/intermission.state.json") -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "intermission.validate" -}}
{{- range $key := list "address" "port" "tls" -}}
{{- if hasKey (default dict $.Values.config.listen) $key -}}
{{- fail (printf "config.listen.%s: the chart sets it; see %s in values.yaml" $key (ternary "tls" "service" (eq $key "tls"))) -}}
{{- end -}}
{{- end -}}
{{- if and (gt (int .Values.replicas) 1) (eq .Values.state.kind "volume") -}}
{{- fail "replicas: two or more need state.kind postgresql (or memory, to switch by configuration only): a volume is one gateway's" -}}
{{- end -}}
{{- if and .Values.tls.clientCaSecret (not .Values.tls.secrets) -}}
{{- fail "tls.clientCaSecret: expected tls.secrets as well, the gateway's own certificates" -}}
{{- end -}}
{{- if and .Values.state.postgresql.caSecret (ne .Values.state.kind "postgresql") -}}
{{- fail "state.postgresql.caSecret: expected state.kind postgresql" -}}
{{- end -}}
{{- if and (eq .Values.state.kind "postgresql") (not .Values.state.postgresql.secret) -}}
{{- fail "state.postgresql.secret: expected the name of a Secret with the connection string" -}}
{{- end -}}
{{- end -}}
