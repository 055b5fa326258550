{{/* Name of all objects. */}}
{{- define "modelrollout.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* What tells this release's pods from all others. */}}
{{- define "modelrollout.selector" -}}
app.kubernetes.io/name: modelrollout
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "modelrollout.labels" -}}
{{ include "modelrollout.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{/* What the operator may do where it watches. */}}
{{- define "modelrollout.rules" -}}
- apiGroups: [modelrollout.dev]
  resources: [modelrollouts]
  verbs: [get, list, watch, patch]
- apiGroups: [modelrollout.dev]
  resources: [modelrollouts/status]
  verbs: [patch]
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes]
  verbs: [get, list, watch, patch]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{/* The mounted configuration file. */}}
{{- define "modelrollout.properties" -}}
{{- if .Values.namespaces }}modelrollout.namespaces={{ join "," .Values.namespaces }}
{{ end }}
{{- range $name, $provider := .Values.providers }}
{{- $key := printf "modelrollout.providers.%q" $name }}
{{- $files := printf "/etc/modelrollout/providers/%s" $name -}}
{{ $key }}.url={{ $provider.url }}
{{ with $provider.timeout }}{{ $key }}.timeout={{ . }}
{{ end }}
{{- if $provider.tokenSecret }}{{ $key }}.token-file={{ $files }}/token
{{ end }}
{{- if $provider.caSecret }}{{ $key }}.ca-file={{ $files }}/ca.crt
{{ end }}
{{- with $provider.username }}{{ $key }}.username={{ . }}
{{ $key }}.password-file={{ $files }}/password
{{ end }}
{{- if $provider.clientCertSecret }}{{ $key }}.client-cert-file={{ $files }}/tls.crt
{{ $key }}.client-key-file={{ $files }}/tls.key
{{ end }}
{{- range $header, $value := $provider.headers }}{{ $key }}.headers.{{ $header | quote }}={{ $value }}
{{ end }}
{{- end }}
{{- end }}

{{/* The providers' Secrets as sources of one projected volume: a folder for each provider. */}}
{{- define "modelrollout.credentials" -}}
{{- range $name, $provider := .Values.providers }}
{{- range $field, $path := dict "tokenSecret" "token" "caSecret" "ca.crt" "passwordSecret" "password" }}
{{- with index $provider $field }}
- secret:
    name: {{ .name }}
    items: [{key: {{ .key | default $path }}, path: {{ $name }}/{{ $path }}}]
{{- end }}
{{- end }}
{{- with $provider.clientCertSecret }}
- secret:
    name: {{ .name }}
    items: [{key: tls.crt, path: {{ $name }}/tls.crt}, {key: tls.key, path: {{ $name }}/tls.key}]
{{- end }}
{{- end }}
{{- end }}
