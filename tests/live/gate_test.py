"""The gate behind the proxies that people have, each with its file from deploy/: Caddy asks by
forward_auth, nginx by auth_request, HAProxy keeps the gateway as a backup server.
"""

import contextlib
import http.client
import http.server
import os
import pathlib
import re
import shutil
import tempfile
import threading
import time
import unittest

import recipes
from gateway import PATIENCE, Gateway, run

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
KEY = "a secret of the tests that is long enough"
CONFIGURATION = """
trusted_proxies: [127.0.0.1]
services:
  - name: orders
    hosts: [orders.example.com]
    message: We are counting stock
  - name: billing
    hosts: [billing.example.com]
    scope: { methods: [POST] }
    answer: legacy
  - name: search
    hosts: [search.example.com]
    maintenance: "off"
"""


class Service(http.server.BaseHTTPRequestHandler):
    """The service behind the proxy: says what it was asked."""

    def do_GET(self):
        body = f"service: {self.command} {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def service(handler=Service):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def example(name, gateway, behind):
    text = (SOURCE / "deploy" / name).read_text(encoding="utf-8")
    return text.replace("127.0.0.1:9000", f"127.0.0.1:{behind}").replace("127.0.0.1:8080", f"127.0.0.1:{gateway}")


def caddy(gateway, behind):
    text = re.sub(r"\{\$(GATEWAY|SERVICE):([^}]*)\}", r"\2", example("caddy/Caddyfile", gateway, behind))
    text = text.replace("\tforward_auth", "\tbind 127.0.0.1\n\tforward_auth", 1)
    return recipes.router(["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "router.conf"],
                 lambda port: re.sub(r"\{\$SITE:[^}]*\}", f"http://:{port}", text))


def nginx(gateway, behind):
    text = example("nginx/nginx.conf", gateway, behind).replace("server_name orders.example.com;", "")
    text = text.replace("worker_processes auto;", "daemon off; master_process off; pid pid;")
    folders = " ".join(f"{name}_temp_path {name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    text = text.replace("http {", "http { access_log off; " + folders, 1)
    return recipes.router(["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"],
                 lambda port: text.replace("listen 80;", f"listen 127.0.0.1:{port};"))


def haproxy(gateway, behind):
    text = example("haproxy/haproxy.cfg", gateway, behind).replace(" check\n", " check inter 100ms fall 1\n")
    return recipes.router(["/usr/sbin/haproxy", "-db", "-f", "router.conf"],
                 lambda port: text.replace("bind :80", f"bind 127.0.0.1:{port}"))


class Failing(Service):
    def do_GET(self):
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET


# How ingress-nginx asks its error backend, as its template (nginx.tmpl) writes it.
INGRESS = """
daemon off; master_process off; pid pid;
events {{ }}
http {{
  access_log off;
  client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_intercept_errors on;
      error_page 503 = @custom_upstream-default-backend_503;
      proxy_set_header Host $http_host;
      proxy_pass http://127.0.0.1:{behind};
    }}
    location @custom_upstream-default-backend_503 {{
      internal;
      proxy_intercept_errors off;
      proxy_set_header X-Code 503;
      proxy_set_header X-Format $http_accept;
      proxy_set_header X-Original-URI $request_uri;
      proxy_set_header X-Namespace shop;
      proxy_set_header X-Ingress-Name orders;
      proxy_set_header X-Service-Name orders;
      proxy_set_header X-Service-Port 80;
      proxy_set_header X-Request-ID $request_id;
      proxy_set_header Host $http_host;
      rewrite (.*) / break;
      proxy_pass http://127.0.0.1:{gateway};
    }}
  }}
}}
"""


class Heard:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()


def ask(port, host, target="/orders/7", method="GET", **fields):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, target, headers={
            "Host": host, **{name.replace("_", "-"): value for name, value in fields.items()}})
        return Heard(connection.getresponse())
    finally:
        connection.close()


class AtAGate:
    """What holds behind every proxy that asks the gate."""

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        gateway = stack.enter_context(Gateway(config=CONFIGURATION, extra={"INTERMISSION_BYPASS_KEY": KEY}))
        behind = stack.enter_context(service())
        self.port = stack.enter_context(self.start(gateway.port, behind))

    def test_a_service_that_is_open_is_reached(self):
        heard = ask(self.port, "search.example.com", "/find?q=a%20b")
        self.assertEqual((heard.status, heard.body), (200, "service: GET /find?q=a%20b"))

    def test_a_service_in_maintenance_answers_in_the_clients_form(self):
        heard = ask(self.port, "orders.example.com", Accept="application/json")
        self.assertEqual(heard.status, 503)
        self.assertEqual(heard.headers["Content-Type"], "application/json")
        self.assertGreaterEqual(int(heard.headers["Retry-After"]), 1)
        self.assertIn("We are counting stock", heard.body)
        page = ask(self.port, "orders.example.com", Accept="text/html")
        self.assertEqual(page.status, 503)
        self.assertIn("<html", page.body)

    def test_only_writes_are_held_back(self):
        self.assertEqual(ask(self.port, "billing.example.com").body, "service: GET /orders/7")
        held = ask(self.port, "billing.example.com", method="POST")
        self.assertIn("Exception", held.body)
        self.assertNotIn("service:", held.body)

    def test_what_a_client_writes_itself_opens_nothing(self):
        heard = ask(self.port, "orders.example.com", X_Forwarded_Host="search.example.com", X_Forwarded_Uri="/",
                    Forwarded="host=search.example.com", X_Original_URL="https://search.example.com/",
                    X_CF_Forwarded_Url="https://search.example.com/", X_Original_URI="/")
        self.assertEqual(heard.status, 503)
        heard = ask(self.port, "billing.example.com", method="POST", X_Forwarded_Method="GET", X_Original_Method="GET")
        self.assertNotIn("service:", heard.body)

    def test_a_link_lets_a_tester_through(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "intermission.yaml")
            path.write_text(CONFIGURATION, encoding="utf-8")
            made = run("bypass", "orders", "--for", "2h", "--config", path, extra={"INTERMISSION_BYPASS_KEY": KEY})
        self.assertEqual(made.returncode, 0, made.stderr)
        link = re.search(r"^link +https://orders\.example\.com(/\S+)$", made.stdout, re.MULTILINE)[1]
        redirect = ask(self.port, "orders.example.com", link.replace("/?", "/orders/7?a=1&", 1))
        self.assertEqual((redirect.status, redirect.headers["Location"]), (303, "/orders/7?a=1"))
        cookie = redirect.headers["Set-Cookie"].partition(";")[0]
        self.assertEqual(ask(self.port, "orders.example.com", Cookie=cookie).body, "service: GET /orders/7")
        self.assertIn(f"header  Cookie: {cookie}\n", made.stdout)
        forged = cookie[:-1] + ("A" if cookie[-1] != "A" else "B")
        self.assertEqual(ask(self.port, "orders.example.com", Cookie=forged).status, 503)


class BehindCaddy(AtAGate, unittest.TestCase):
    start = staticmethod(caddy)

    def test_no_2xx_opens_the_gate(self):
        self.assertEqual(ask(self.port, "billing.example.com", method="POST").status, 503)


class BehindNginx(AtAGate, unittest.TestCase):
    start = staticmethod(nginx)

    def test_a_legacy_client_hears_its_200(self):
        heard = ask(self.port, "billing.example.com", method="POST")
        self.assertEqual((heard.status, heard.headers["StatusHeader"]), (200, "Status: maintenance window"))


@unittest.skipUnless(shutil.which("h2o"), "no h2o here")
class BehindH2o(AtAGate, unittest.TestCase):
    @staticmethod
    def start(gateway, behind):
        return recipes.h2o("h2o/gate.conf", gateway, behind)

    def test_no_2xx_opens_the_gate(self):
        self.assertEqual(ask(self.port, "billing.example.com", method="POST").status, 503)


class AsErrorBackendOfIngressNginx(unittest.TestCase):
    CONFIGURATION = """
trusted_proxies: [127.0.0.1]
error_backend: ingress-nginx
services:
  - { name: orders, hosts: [shop.example.com], paths: [/orders], message: We are counting stock }
  - { name: basket, hosts: [shop.example.com], paths: [/basket], message: The basket is mended }
"""

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        gateway = stack.enter_context(Gateway(config=self.CONFIGURATION)).port
        behind = stack.enter_context(service(Failing))
        self.port = stack.enter_context(recipes.router(
            ["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"],
            lambda port: INGRESS.format(port=port, gateway=gateway, behind=behind)))

    def test_the_path_that_failed_decides_the_service(self):
        for path, name, words in (("/orders/7?all=1", "orders", "We are counting stock"),
                                  ("/basket", "basket", "The basket is mended")):
            heard = ask(self.port, "shop.example.com", path, Accept="application/json")
            self.assertEqual((heard.status, heard.headers["X-Maintenance"]), (503, name))
            self.assertIn(words, heard.body)
            self.assertGreaterEqual(int(heard.headers["Retry-After"]), 1)
            self.assertRegex(heard.headers["X-Request-Id"], "^[0-9a-f]{32}$")

    def test_each_client_hears_its_own_form(self):
        page = ask(self.port, "shop.example.com", Accept="text/html")
        self.assertIn("<html", page.body)
        post = ask(self.port, "shop.example.com", method="POST", SOAPAction='"order"', Content_Type="text/xml")
        self.assertEqual(post.status, 500)
        self.assertIn("Fault", post.body)

    def test_what_a_client_writes_itself_counts_for_nothing(self):
        heard = ask(self.port, "shop.example.com", X_Original_URI="/basket", X_Format="text/html",
                    Accept="application/json")
        self.assertEqual(heard.headers["X-Maintenance"], "orders")
        self.assertEqual(heard.headers["Content-Type"], "application/json")


class BehindHaproxy(unittest.TestCase):
    def test_the_backup_answers_when_the_service_is_gone(self):
        with Gateway(config=CONFIGURATION) as gateway, contextlib.ExitStack() as up:
            behind = up.enter_context(service())
            with haproxy(gateway.port, behind) as port:
                self.assertEqual(ask(port, "orders.example.com").body, "service: GET /orders/7")
                up.close()
                end = time.monotonic() + PATIENCE
                # Until HAProxy's check has noticed.
                while "We are counting stock" not in (heard := ask(port, "orders.example.com")).body:
                    self.assertLess(time.monotonic(), end, heard.body)
                    time.sleep(0.05)
                self.assertEqual(heard.status, 503)


class TheCommand(unittest.TestCase):
    def test_it_says_what_is_missing(self):
        without = run("bypass", "default")
        self.assertEqual((without.returncode, without.stderr),
                         (2, "intermission: INTERMISSION_BYPASS_KEY: expected the secret that signs links\n"))
        short = run("bypass", "default", extra={"INTERMISSION_BYPASS_KEY": "short"})
        self.assertEqual(short.returncode, 2)
        self.assertIn("a secret of at least 32 characters", short.stderr)
        unknown = run("bypass", "nothing", extra={"INTERMISSION_BYPASS_KEY": KEY})
        self.assertEqual((unknown.returncode, unknown.stderr), (1, "intermission: unknown service nothing\n"))
        lasts = run("bypass", "default", "--for", "soon", extra={"INTERMISSION_BYPASS_KEY": KEY})
        self.assertEqual(lasts.returncode, 2)
        self.assertIn("--for: expected a duration", lasts.stderr)


if __name__ == "__main__":
    unittest.main()
