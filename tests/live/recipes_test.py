"""The files of deploy/ as they are shipped: clients send every field that the gateway believes of a
router, with forged values and twice, and none of it counts. Not for the gate's question, not for what
clients get, not for the access log, and none of it reaches the service as the router's word.

Traefik and Kubernetes have no package in Debian: their files are parsed and read, not run.
"""

import contextlib
import json
import pathlib
import re
import shutil
import socket
import time
import unittest

import yaml

from gateway import PATIENCE, Gateway
from ports import free_port
from recipes import DEPLOY, Upstream, caddy, exchange, h2o, haproxy, ingress_nginx, kubernetes, nginx, request

TESTER = "198.51.100.7"
CONFIGURATION = """
trusted_proxies: [127.0.0.1]
error_backend: %s
access_log: { format: json }
services:
  - name: orders
    hosts: [orders.example.com]
    message: We are counting stock
    bypass: { addresses: [198.51.100.0/24] }
  - name: billing
    hosts: [billing.example.com]
    message: The books of Meier and Sons are closed
    bypass: { addresses: [198.51.100.0/24] }
  - name: search
    hosts: [search.example.com]
    maintenance: "off"
  - name: default-open
    hosts: [open.example.com]
    maintenance: "off"
"""

# What a client may try with each field, whatever it may be good for: another service, an open one, a
# tester's address, another method, a scheme that it does not speak.
FORGED = {
    "X-Forwarded-For": [TESTER, f"{TESTER}, 127.0.0.1", f"{TESTER},"],
    "X-Forwarded-Host": ["search.example.com", "billing.example.com", "search.example.com, orders.example.com"],
    "X-Forwarded-Proto": ["https", "gopher"],
    "X-Forwarded-Uri": ["/", "https://search.example.com/"],
    "X-Forwarded-Method": ["OPTIONS", "GET"],
    "X-Forwarded-Port": ["443"],
    "X-Forwarded-Scheme": ["https"],
    "X-Forwarded-Ssl": ["on"],
    "X-Forwarded-Prefix": ["/open"],
    "Forwarded": [f"for={TESTER};host=search.example.com;proto=https", "host=billing.example.com", f'for={TESTER};x="'],
    "X-Original-URL": ["https://search.example.com/", "https://billing.example.com/", "/open"],
    "X-Original-URI": ["/open", "https://billing.example.com/"],
    "X-Original-Method": ["OPTIONS"],
    "X-Original-Host": ["search.example.com"],
    "X-Rewrite-URL": ["/open"],
    "X-CF-Forwarded-Url": ["https://search.example.com/", "https://billing.example.com/"],
    "X-Code": ["418"],
    "X-Format": ["text/html"],
    "X-Namespace": ["forged"],
    "X-Service-Name": ["forged"],
    "X-Service-Port": ["1"],
    # What CGI, PHP, WSGI and Rack take for the same names.
    "X_Forwarded_Host": ["search.example.com"],
    "X_Forwarded_For": [TESTER],
    "X_Original_URL": ["/open"],
    "X_Rewrite_URL": ["/open"],
}
# What the routers say themselves to the service.
ROUTERS_OWN = {"x-forwarded-for": {"127.0.0.1"}, "x-forwarded-proto": {"http"}, "x-forwarded-scheme": {"http"},
               "x-forwarded-host": {"search.example.com"}, "x-forwarded-port": None}


def attempts():
    """Each field with each value, each twice, and all at once."""
    for name, values in FORGED.items():
        for value in values:
            yield f"{name}: {value}", [(name, value)]
        yield f"{name} twice", [(name, value) for value in (values * 2)[:2]]
    yield "all of them", [(name, value) for name, values in FORGED.items() for value in values]
    yield "all in lower case", [(name.lower(), values[0]) for name, values in FORGED.items()]


def ask(port, host, fields=(), target="/orders/7", method="GET"):
    return exchange(port, request(method, target, [("Host", host), ("Accept", "application/json"), *fields]))


class ForgedFields:
    """What holds behind every router. `start(gateway, service)` starts it."""

    error_backend = "none"

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        configuration = CONFIGURATION % self.error_backend
        if self.error_backend == "none":
            configuration = configuration.replace("error_backend: none\n", "")
        self.gateway = stack.enter_context(Gateway(config=configuration))
        self.upstream = Upstream()
        self.up = stack.enter_context(contextlib.ExitStack())
        self.up.enter_context(self.upstream)
        self.port = stack.enter_context(self.start(self.gateway.port, self.upstream.port))
        self.prepare()

    def prepare(self):
        """Waits until the router has seen that the service is in maintenance."""

    def log_lines(self):
        self.gateway.stop()
        return [json.loads(line) for line in self.gateway.stdout.all() if line.startswith("{")]

    def assert_is_of_orders(self, heard):
        self.assertEqual((heard.status, heard.value("X-Maintenance")), (503, "orders"), heard)
        self.assertEqual(heard.value("Content-Type"), "application/json")
        self.assertIn(b"We are counting stock", heard.body)
        self.assertNotIn(b"Meier", heard.body)
        self.assertNotIn(b"forged", heard.body)

    def test_a_service_in_maintenance_stays_so(self):
        self.upstream.take()
        number = 0
        for what, fields in attempts():
            with self.subTest(what):
                self.assert_is_of_orders(ask(self.port, "orders.example.com", fields))
                number += 1
        self.assertGreater(number, 50)
        self.assertEqual(self.upstream.take(), [])
        lines = self.log_lines()
        self.assertGreaterEqual(len(lines), number)
        self.assertEqual({line.get("service") for line in lines} - {None, "orders"}, set())
        self.assertEqual({line["client"] for line in lines}, {"127.0.0.1"})
        for line in lines:
            if line["status"] == 503:
                self.assertIn(line.get("asked", line["target"]), ("/orders/7", "/"))  # "/": HAProxy's check

    def test_clients_cannot_ask_the_gate(self):
        for path in ("/.well-known/intermission/gate", "/.well-known/intermission/gate-403",
                     "/.well-known/intermission/gate/", "/.well-known/intermission/gate-403/orders/7",
                     "/.well-known/intermission/gate?x=1"):
            for fields in ((), (("X-Forwarded-Uri", "/"), ("X-Original-URL", "https://search.example.com/"))):
                for host in ("orders.example.com", "search.example.com"):
                    with self.subTest(path=path, host=host):
                        heard = ask(self.port, host, fields, target=path)
                        self.assertIn(heard.status, (404, 503))
                        self.assertNotIn(b"Meier", heard.body)
        self.assertEqual([one.target for one in self.upstream.take() if "intermission" in one.target], [])

    def test_notices_are_of_the_host_that_was_asked(self):
        for _, fields in attempts():
            heard = ask(self.port, "orders.example.com", fields, target="/.well-known/intermission/notice")
            self.assertNotIn(b"Meier", heard.body)
            self.assertNotIn(b"billing", heard.body)


class OpenServices:
    """What reaches a service that is open, behind routers that ask for each request."""

    def test_the_service_hears_the_routers_word_alone(self):
        for what, fields in attempts():
            with self.subTest(what):
                heard = ask(self.port, "search.example.com", fields, target="/find?q=a%20b")
                self.assertEqual(heard.status, 200, heard)
                (arrived,) = self.upstream.take()
                self.assertEqual((arrived.method, arrived.target), ("GET", "/find?q=a%20b"))
                for name in FORGED:
                    expected = ROUTERS_OWN.get(name.lower(), set())
                    said = arrived.values(name)
                    self.assertLessEqual(len(said), 1, name)
                    if expected is not None:
                        self.assertLessEqual(set(said), expected, name)


class BehindNginx(ForgedFields, OpenServices, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return nginx("nginx/nginx.conf", gateway, service)


class BehindNginxAsErrorBackend(BehindNginx):
    """The same, of a gateway that believes what ingress-nginx says."""
    error_backend = "ingress-nginx"


class BehindIngressNginx(ForgedFields, OpenServices, unittest.TestCase):
    error_backend = "ingress-nginx"
    start = staticmethod(ingress_nginx)

    def test_clients_cannot_ask_the_gate(self):
        """There its path is one of the service's, like any other."""
        for path in ("/.well-known/intermission/gate", "/.well-known/intermission/gate-403/orders/7"):
            for _, fields in attempts():
                self.assert_is_of_orders(ask(self.port, "orders.example.com", fields, target=path))
            self.assertEqual(self.upstream.take(), [])
            self.assertEqual(ask(self.port, "search.example.com", target=path).status, 200)
            self.assertEqual([one.target for one in self.upstream.take()], [path])

    def test_the_host_that_decides_is_told_as_well(self):
        for host in ("orders.example.com:x@search.example.com", "orders.example.com:80@search.example.com"):
            with self.subTest(host):
                self.assertNotEqual(ask(self.port, host).status, 200)
        self.assertEqual(self.upstream.take(), [])


class BehindNginxAsStandIn(ForgedFields, unittest.TestCase):
    error_backend = "ingress-nginx"

    @staticmethod
    def start(gateway, service):
        return nginx("nginx/stand-in.conf", gateway, service)

    def prepare(self):
        self.assertEqual(ask(self.port, "orders.example.com").status, 200)
        for what, fields in attempts():
            ask(self.port, "search.example.com", fields)
        for arrived in self.upstream.take()[1:]:
            self.assertEqual(arrived.values("X-Forwarded-For"), ["127.0.0.1"])
            self.assertEqual(arrived.values("Forwarded") + arrived.values("X-Original-URL"), [])
        self.up.close()


class BehindHaproxy(ForgedFields, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return haproxy("haproxy/haproxy.cfg", gateway, service)

    def prepare(self):
        self.assertEqual(ask(self.port, "search.example.com").status, 200)
        self.up.close()
        wait_until(lambda: ask(self.port, "orders.example.com").value("X-Maintenance") == "orders")
        # Those that asked while HAProxy had not noticed.
        self.assertNotIn(b"service:", ask(self.port, "orders.example.com").body)


class BehindHaproxyAsGate(ForgedFields, OpenServices, unittest.TestCase):
    """The recipe has one service, orders; here its gate asks about another one for the open case."""

    @staticmethod
    def start(gateway, service):
        return haproxy("haproxy/gate.cfg", gateway, service)

    def prepare(self):
        wait_until(lambda: ask(self.port, "orders.example.com").value("X-Maintenance") == "orders")
        self.upstream.take()

    def test_the_service_hears_the_routers_word_alone(self):
        from control import Control  # pylint: disable=import-outside-toplevel
        Control(self.gateway).command("off", "orders")
        wait_until(lambda: ask(self.port, "orders.example.com").status == 200)
        self.upstream.take()
        super().test_the_service_hears_the_routers_word_alone()
        Control(self.gateway).command("on", "orders")
        wait_until(lambda: ask(self.port, "orders.example.com").status == 503)

    def test_it_fails_open(self):
        self.gateway.stop()
        wait_until(lambda: ask(self.port, "orders.example.com").status == 200)


class BehindCaddy(ForgedFields, OpenServices, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return caddy("caddy/Caddyfile", gateway, service)

    def test_it_fails_closed(self):
        self.gateway.stop()
        self.assertEqual(ask(self.port, "search.example.com").status, 502)
        self.assertEqual(self.upstream.take(), [])


@unittest.skipUnless(shutil.which("h2o"), "no h2o here")
class BehindH2o(ForgedFields, OpenServices, unittest.TestCase):
    """The recipe has one host; h2o takes the first one for all others."""

    @staticmethod
    def start(gateway, service):
        return h2o("h2o/gate.conf", gateway, service)

    def test_it_fails_closed(self):
        self.gateway.stop()
        self.assertEqual(ask(self.port, "search.example.com").status, 500)
        self.assertEqual(self.upstream.take(), [])

    def test_it_fails_open_if_it_is_told_to(self):
        self.gateway.stop()
        with h2o("h2o/gate.conf", self.gateway.port, self.upstream.port, lambda text: text.replace("#open ", "")) as port:
            self.assertEqual(ask(port, "search.example.com").status, 200)


class WhenTheGatewayIsDown(unittest.TestCase):
    """nginx: closed as shipped, open with the lines that say so."""

    def hear(self, change):
        dead = free_port()
        with Upstream() as upstream, nginx("nginx/nginx.conf", dead, upstream.port, change) as port:
            return ask(port, "search.example.com").status, len(upstream.take())

    def test_it_fails_closed(self):
        self.assertEqual(self.hear(lambda text: text), (500, 0))

    def test_it_fails_open_if_it_is_told_to(self):
        self.assertEqual(self.hear(lambda text: text.replace("#open ", "")), (200, 1))

    def test_a_gateway_that_hangs_opens_it_too(self):
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent, Upstream() as upstream, \
                nginx("nginx/nginx.conf", silent.getsockname()[1], upstream.port,
                      lambda text: text.replace("#open ", "")) as port:
            self.assertEqual(ask(port, "search.example.com").status, 200)


def wait_until(holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("it did not come true")
        time.sleep(0.05)


class Lists(unittest.TestCase):
    """The lists of fields, wherever a recipe has one, hold all that the gateway believes."""

    @staticmethod
    def believed():
        """The fields that the program reads of a router, from its sources."""
        sources = pathlib.Path(DEPLOY).parent / "src" / "gateway"
        text = "".join(path.read_text(encoding="utf-8") for path in sorted(sources.glob("*.cc")))
        found = set(re.findall(r'"(X-(?:Forwarded|Original|Service|CF)-[A-Za-z-]+|X-Code|X-Format|X-Namespace)"', text))
        return found | {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-CF-Forwarded-Url"}

    def test_forged_values_are_tried_of_all_of_them(self):
        self.assertGreater(len(self.believed()), 10)
        self.assertLessEqual(self.believed(), set(FORGED))

    def test_nginx_has_a_port_of_its_own_for_http2_in_clear_text(self):
        """`http2` counts for all servers of a port, and Debian's nginx then hears no HTTP/1.1 there."""
        for path in (DEPLOY / "nginx").glob("*.conf"):
            listens = re.findall(r"listen (\d+)( http2)?;", path.read_text(encoding="utf-8"))
            with self.subTest(path.name):
                self.assertEqual({port for port, http2 in listens if http2} & {port for port, http2 in listens if not http2}, set())

    def test_nginx_writes_them_in_every_location(self):
        for name in ("nginx/nginx.conf", "nginx/stand-in.conf"):
            text = (DEPLOY / name).read_text(encoding="utf-8")
            locations = re.findall(r"location ([^{]+) \{(.*?)\n    \}", text, re.DOTALL)
            for place, body in locations:
                if "proxy_pass" not in body:
                    continue
                written = set(re.findall(r"proxy_set_header (\S+) ", body))
                needed = self.believed() | {"X-Rewrite-URL", "X-Original-Host"}
                with self.subTest(name=name, location=place):
                    self.assertEqual(needed - written, set())

    def test_the_others_name_each_of_them(self):
        for name in ("nginx/backup.conf", "apache/hot-spare.conf", "apache/flag.conf", "varnish/default.vcl", "squid/squid.conf",
                     "envoy/gate.yaml", "envoy/stand-in.yaml", "h2o/stand-in.conf", "h2o/gate.conf", "trafficserver/intermission.config"):
            text = (DEPLOY / name).read_text(encoding="utf-8").lower()
            own = {"X-Forwarded-For", "X-Forwarded-Proto"}  # written by some of them without being named
            missing = {field for field in self.believed() | {"X-Rewrite-URL", "X-Original-Host"} if field.lower() not in text}
            with self.subTest(name):
                self.assertEqual(missing - own, set())

    def test_what_envoy_reads_is_yaml(self):
        for name in ("envoy/gate.yaml", "envoy/stand-in.yaml", "envoy/istio.yaml"):
            for document in yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")):
                self.assertIsInstance(document, dict, name)

    def test_traefik_clears_what_it_does_not_write(self):
        text = yaml.safe_load((DEPLOY / "traefik/dynamic.yaml").read_text(encoding="utf-8"))["http"]
        orders = text["routers"]["orders"]
        self.assertEqual(orders["middlewares"], ["foreign-fields", "maintenance"], "first cleared, then asked")
        self.assertIn("!PathPrefix(`/.well-known/intermission/gate`)", orders["rule"])
        cleared = text["middlewares"]["foreign-fields"]["headers"]["customRequestHeaders"]
        self.assertEqual(set(cleared.values()), {""})
        # Traefik's own entry points remove or write these, unless they are configured to trust clients.
        own = {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Uri", "X-Forwarded-Method"}
        self.assertEqual((self.believed() | {"X-Rewrite-URL", "X-Original-Host"}) - own - set(cleared), set())
        gate = text["middlewares"]["maintenance"]["forwardAuth"]
        self.assertNotIn("trustForwardHeader", gate)
        self.assertTrue(gate["address"].endswith("/.well-known/intermission/gate"))

    def test_traefik_as_a_stand_in(self):
        text = yaml.safe_load((DEPLOY / "traefik/stand-in.yaml").read_text(encoding="utf-8"))["http"]
        for router in text["routers"].values():
            self.assertIn("!PathPrefix(`/.well-known/intermission/gate`)", router["rule"])
            self.assertEqual(router["middlewares"], ["foreign-fields"])
            self.assertIn(router["service"], text["services"])
        self.assertEqual(text["routers"]["fallback"]["priority"], 1, "the lowest")
        failover = text["services"]["orders-or-gateway"]["failover"]
        self.assertIn("healthCheck", text["services"][failover["service"]]["loadBalancer"], "failover heeds nothing else")
        self.assertNotIn("healthCheck", text["services"][failover["fallback"]]["loadBalancer"])
        cleared = text["middlewares"]["foreign-fields"]["headers"]["customRequestHeaders"]
        own = {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}
        self.assertEqual((self.believed() | {"X-Rewrite-URL", "X-Original-Host"}) - own - set(cleared), set())

    def test_envoy_goes_by_its_check_of_the_service_alone(self):
        for name in ("envoy/gate.yaml", "envoy/stand-in.yaml"):
            clusters = {one["name"]: one for one in yaml.safe_load(
                (DEPLOY / name).read_text(encoding="utf-8"))["static_resources"]["clusters"]}
            with self.subTest(name):
                self.assertEqual({"health_checks", "outlier_detection"} & set(clusters["intermission"]), set())
        chosen = clusters["orders-or-gateway"]["cluster_type"]["typed_config"]["clusters"]
        self.assertEqual(chosen, ["orders", "intermission"])
        self.assertEqual(clusters["orders"]["common_lb_config"]["healthy_panic_threshold"]["value"], 0)

    def test_kubernetes_names_the_host_that_decides_and_clears_the_rest(self):
        named = kubernetes()
        notes = named["Ingress", "orders"]["metadata"]["annotations"]
        self.assertEqual(notes["nginx.ingress.kubernetes.io/auth-proxy-set-headers"], "default/intermission-gate")
        sent = named["ConfigMap", "intermission-gate"]["data"]
        self.assertEqual(sent["X-Forwarded-Host"], "$host")
        self.assertEqual((self.believed() | {"X-Rewrite-URL", "X-Original-Host"}) -
                         {"X-Original-URL", "X-Original-Method", "X-Forwarded-For"} - set(sent), set())
        self.assertEqual({value for name, value in sent.items()
                          if name not in ("X-Forwarded-Host", "X-Forwarded-Proto")}, {""})
        snippet = named["ConfigMap", "ingress-nginx-controller"]["data"]["http-snippet"]
        removed = set(re.search(r"more_clear_input_headers ([^;]+);", snippet)[1].split())
        # The controller writes X-Forwarded-For anew wherever it passes a request on.
        self.assertEqual((self.believed() | {"X-Rewrite-URL", "X-Original-Host"}) - {"X-Forwarded-For"} - removed, set())


if __name__ == "__main__":
    unittest.main()
