"""A cluster for the real kubectl: an API server that keeps objects, changes them by JSON patches, and knows which
Services answer. As much of Kubernetes as deploy/kubernetes/maintenance and `kubectl apply --dry-run=client` need.

    with Cluster() as cluster:
        cluster.add({"apiVersion": "v1", "kind": "Service", ...})
        subprocess.run([kubectl, "get", "service"], env={"KUBECONFIG": cluster.kubeconfig(folder)})
"""

import copy
import http.server
import json
import re
import threading
import urllib.parse

# (group and version, plural, kind)
KINDS = [
    ("v1", "services", "Service"), ("v1", "configmaps", "ConfigMap"), ("v1", "secrets", "Secret"), ("v1", "pods", "Pod"),
    ("v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
    ("apps/v1", "deployments", "Deployment"), ("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget"),
    ("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"), ("networking.k8s.io/v1", "ingresses", "Ingress"),
    ("gateway.networking.k8s.io/v1", "httproutes", "HTTPRoute"), ("gateway.networking.k8s.io/v1", "grpcroutes", "GRPCRoute"),
    ("gateway.networking.k8s.io/v1beta1", "referencegrants", "ReferenceGrant"),
    ("monitoring.coreos.com/v1", "servicemonitors", "ServiceMonitor"),
    ("traefik.io/v1alpha1", "middlewares", "Middleware"), ("traefik.io/v1alpha1", "ingressroutes", "IngressRoute"),
]
OBJECT = re.compile(r"/(?:api/(?P<core>v1)|apis/(?P<group>[^/]+/[^/]+))/namespaces/(?P<namespace>[^/]+)/(?P<plural>[^/?]+)"
                    r"(?:/(?P<name>[^/?]+))?(?P<rest>/[^?]*)?(?:\?(?P<query>.*))?")


class Conflict(Exception):
    pass


def steps_of(pointer):
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def patched(value, operations):
    """RFC 6902, as far as it is used."""
    value = copy.deepcopy(value)
    for one in operations:
        *way, last = steps_of(one["path"])
        place = value
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        key = int(last) if isinstance(place, list) else last
        if one["op"] == "test":
            if place[key] != one["value"]:
                raise Conflict(f"{one['path']}: the server has another value")
        elif one["op"] == "remove":
            del place[key]
        elif one["op"] == "replace":
            place[key]  # it has to be there; pylint: disable=pointless-statement
            place[key] = one["value"]
        elif one["op"] == "add" and isinstance(place, dict):
            place[key] = one["value"]
        else:
            raise ValueError(one)
    return value


class Cluster:
    def __init__(self):
        self.objects = {}  # (plural, namespace, name): object
        self.answering = set()  # "NAMESPACE/SERVICE:PORT"
        self.may_ask = True  # whether the account has the right to the proxy of Services
        self.log = []  # (method, path) of what would change something, or was asked of a Service
        self.before_patch = lambda: None
        cluster = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

            def reply(self, status, value):
                body = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):  # pylint: disable=invalid-name
                self.reply(*cluster.get(self.path))

            def do_PATCH(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.reply(*cluster.patch(self.path, json.loads(body)))

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def kubeconfig(self, folder, namespace="default"):
        path = folder / "kubeconfig"
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": self.url}}], "users": [{"name": "test", "user": {}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test", "namespace": namespace}}],
        }), encoding="utf-8")
        return path

    def add(self, one):
        one = copy.deepcopy(one)
        plural = next(plural for _, plural, kind in KINDS if kind == one["kind"])
        one["metadata"].setdefault("namespace", "default")
        one["metadata"].setdefault("resourceVersion", "1")
        self.objects[plural, one["metadata"]["namespace"], one["metadata"]["name"]] = one

    def spec(self, plural, name, namespace="default"):
        return self.objects[plural, namespace, name]["spec"]

    # ------------------------------------------------------------------ what kubectl asks

    @staticmethod
    def failure(code, reason, message):
        return code, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "message": message,
                      "code": code}

    def get(self, path):
        if path == "/version":
            return 200, {"major": "1", "minor": "33", "gitVersion": "v1.33.0"}
        if path.startswith("/api?") or path == "/api":
            return 200, {"kind": "APIVersions", "versions": ["v1"]}
        if path.startswith("/apis?") or path == "/apis":
            return 200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
                {"name": name, "versions": [{"groupVersion": v, "version": v.split("/")[1]} for v in versions],
                 "preferredVersion": {"groupVersion": versions[0], "version": versions[0].split("/")[1]}}
                for name, versions in self.groups().items()]}
        if (found := re.fullmatch(r"/apis?/([^?]+?)(?:\?.*)?", path)) and any(one[0] == found[1] for one in KINDS):
            return 200, {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": found[1], "resources": [
                {"name": plural, "singularName": kind.lower(), "namespaced": True, "kind": kind,
                 "verbs": ["get", "list", "patch", "create"]} for version, plural, kind in KINDS if version == found[1]]}
        found = OBJECT.fullmatch(path)
        if not found:
            return self.failure(404, "NotFound", f"the server could not find {path}")
        if found["rest"]:
            return self.proxy(found)
        if found["name"] is None:
            return self.list(found)
        one = self.objects.get((found["plural"], found["namespace"], found["name"]))
        if one is None:
            return self.failure(404, "NotFound", f"{found['plural']} \"{found['name']}\" not found")
        return 200, one

    @staticmethod
    def groups():
        groups = {}
        for version, _, _ in KINDS:
            if "/" in version and version not in groups.setdefault(version.split("/")[0], []):
                groups[version.split("/")[0]].append(version)
        return groups

    def list(self, found):
        selector = urllib.parse.parse_qs(found["query"] or "").get("labelSelector", [""])[0]
        wanted = dict(one.split("=", 1) for one in selector.split(",") if one)
        items = [one for (plural, namespace, _), one in self.objects.items()
                 if plural == found["plural"] and namespace == found["namespace"] and
                 wanted.items() <= one["metadata"].get("labels", {}).items()]
        return 200, {"kind": "List", "apiVersion": "v1", "metadata": {}, "items": items}

    def proxy(self, found):
        self.log.append(("ask", f"{found['namespace']}/{found['name']}"))
        if not self.may_ask:
            return self.failure(403, "Forbidden", f'services "{found["name"]}" is forbidden: User "ann" cannot get resource '
                                f'"services/proxy" in API group "" in the namespace "{found["namespace"]}"')
        name = found["name"].partition(":")[0]
        if ("services", found["namespace"], name) not in self.objects:
            return self.failure(404, "NotFound", f'services "{name}" not found')
        if f"{found['namespace']}/{found['name']}" in self.answering:
            return 200, b"ok"
        return self.failure(503, "ServiceUnavailable", f'no endpoints available for service "{name}"')

    def patch(self, path, operations):
        found = OBJECT.fullmatch(path)
        key = found["plural"], found["namespace"], found["name"]
        self.before_patch()
        self.log.append(("patch", "/".join(key)))
        try:
            changed = patched(self.objects[key], operations)
        except Conflict as conflict:
            return self.failure(422, "Invalid", f"the server rejected our request: {conflict}")
        changed["metadata"]["resourceVersion"] = str(int(changed["metadata"]["resourceVersion"]) + 1)
        self.objects[key] = changed
        return 200, changed
