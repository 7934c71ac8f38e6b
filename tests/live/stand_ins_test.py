"""The stand-ins of deploy/ as they are shipped, with other ports and paths: in front of a service that goes away and comes
back, and of a gateway that is killed and started again.

What holds behind each of them: the service is heard while it is there; afterwards every conversation is the one that
clients have with the gateway itself; the gateway's 503 and 500, thirty in a row, never count as its failure; when it is
killed, the service goes on, and when it is back, it is heard again.
"""

import contextlib
import http.server
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

import recipes
from control import Control
from gateway import PATIENCE, Gateway
from ports import free_port
from routers_test import read_answer, read_conversation

CASES = pathlib.Path(os.environ["INTERMISSION_SOURCE"], "tests", "cases")
HOST = "orders.example.com"
# The wait is part of encoded fields and bodies.
CONFIGURATION = "defaults: { retry_after: { jitter: 0% } }\ntrusted_proxies: [127.0.0.1]\nservices: [{ name: orders, hosts: [orders.example.com, grpc.orders.example.com] }]\n"
IN_A_ROW = 30


def conversations():
    """One of each kind: the first case of each folder that is about the built-in service and no framing."""
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        for path in sorted(folder.glob("*.http")):
            one = read_conversation(path)
            if one and one.version == "HTTP/1.1" and one.target.startswith("/") and "//" not in one.target and \
                    one.method in {"GET", "POST", "PUT", "HEAD", "OPTIONS", "PROPFIND"} and one.body.isascii() and \
                    not one.target.startswith("/.well-known/intermission") and \
                    not {"x-forwarded-host", "forwarded", "expect"} & {name.lower() for name, _ in one.fields}:
                one.fields = [("Host", HOST)] + [field for field in one.fields if field[0].lower() not in {"host", "connection"}]
                if one.method in {"POST", "PUT"} and not one.body:
                    one.fields.append(("Content-Length", "0"))  # RFC 9110 section 8.6; some routers insist
                yield one
                break


class Service:
    """Answers 200 to everything, while it is there."""

    def __init__(self):
        self.port = free_port()
        self._server = None

    def start(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self):
                self.close_connection = True
                if not self.rfile.readline() or not self.headers_read():
                    return
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nservice")

            def headers_read(self):
                length = 0
                while (line := self.rfile.readline()) not in (b"\r\n", b""):
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                self.rfile.read(length)
                return True

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):
                pass  # a router that closes a connection early

        self._server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def wait_until(holds, what):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"it did not come true: {what}")
        time.sleep(0.05)


def exchanged(port, sent):
    """What is received; empty if the router closes the connection."""
    received = b""
    with contextlib.suppress(ConnectionError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(sent)
        while part := client.recv(65536):
            received += part
    return received


class StandIn:
    """`start(gateway_port, service_port)` starts the router and has its port. What a router does to every answer is in
    `own_fields`; what it does to some conversations is in `exceptions`, by the name of the case."""

    CONFIGURATION = CONFIGURATION
    own_fields = set()
    exceptions = {}
    tells_scheme = True  # as X-Forwarded-Proto
    hides_gate = True

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.service = Service()
        self.service.start()
        self.addCleanup(self.service.stop)
        self.gateway_port = free_port()
        self.gateway = self.stack.enter_context(contextlib.ExitStack())
        self.start_gateway()
        self.port = self.stack.enter_context(self.start(self.gateway_port, self.service.port))

    def start_gateway(self):
        self.program = self.gateway.enter_context(Gateway(config=self.CONFIGURATION, port=self.gateway_port))

    def ask(self, method="GET", body=b""):
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        return exchanged(self.port, f"{method} /7 HTTP/1.1\r\nHost: {HOST}\r\nAccept: application/json\r\n{length}"
                                    "Connection: close\r\n\r\n".encode() + body)

    def ask_for(self, target):
        return exchanged(self.port, f"GET {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())

    def assert_grpc_is_unavailable(self, port, host=HOST):
        """What a client of HTTP/2 gets, by prior knowledge."""
        done = subprocess.run(
            ["curl", "--silent", "--include", "--http2-prior-knowledge", "--max-time", "10", "--header", "te: trailers", "--header",
             "content-type: application/grpc", "--header", f"Host: {host}", "--data-binary", "@-",
             f"http://127.0.0.1:{port}/example.Orders/Get"], input=b"\0\0\0\0\0", capture_output=True, check=True)
        self.assertIn(b"\r\ngrpc-status: 14\r\n", done.stdout)

    def hears_service(self):
        return self.ask().endswith(b"service")

    def hears_gateway(self):
        return b"\r\nx-maintenance: orders\r\n" in self.ask().lower()

    def down(self):
        self.service.stop()
        self.no_service()
        wait_until(self.hears_gateway, "the gateway is heard")

    def no_service(self):
        """For routers that are switched by hand."""

    def again_service(self):
        """Likewise."""

    def test_conversations_are_those_with_the_gateway_itself(self):
        wait_until(self.hears_service, "the service is heard")
        self.down()
        count = 0
        for one in conversations():
            if one.name in self.exceptions:
                continue
            with self.subTest(one.name):
                heard = self.comparable(read_answer(exchanged(self.port, one.to_wire())))
                if self.tells_scheme:
                    one.fields.append(("X-Forwarded-Proto", "http"))
                wanted = self.comparable(read_answer(exchanged(self.gateway_port, one.to_wire())))
                self.assertEqual(heard, wanted)
                count += 1
        self.assertGreaterEqual(count, 22)

    def comparable(self, answer):
        status, fields, body = answer
        # The wait and the request's id differ from answer to answer.
        kept = {name: re.sub(r"\d+", "#", str(values)).replace(", ", ",") for name, values in fields.items()
                if name not in self.own_fields | {"x-request-id"}}
        return status, kept, body

    def test_many_in_a_row(self):
        self.down()
        for number in range(IN_A_ROW):
            for sent in (self.ask(), self.ask("POST", b'{"a":1}')):
                self.assertRegex(sent.decode("latin-1").lower(), r"\Ahttp/1.1 503 (?s:.*)x-maintenance: orders", number)
        # A fault of SOAP is a 500, which some routers count as well.
        soap = ("POST /7 HTTP/1.1\r\nHost: orders.example.com\r\nSOAPAction: \"x\"\r\nContent-Type: text/xml\r\n"
                "Content-Length: 66\r\nConnection: close\r\n\r\n"
                '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>     ').encode()
        for number in range(IN_A_ROW):
            self.assertTrue(exchanged(self.port, soap).startswith(b"HTTP/1.1 500 "), number)
        self.assertTrue(self.hears_gateway())

    def test_clients_cannot_ask_the_gate(self):
        if not self.hides_gate:
            return
        asked = [path + more for path in ("/.well-known/intermission/gate", "/.well-known/intermission/gate-403")
                 for more in ("", "/", "/7", "?x=1")]
        asked += ["/.well-known/intermission/%67ate", "/%2ewell-known/intermission/gate", "/%2Ewell-known/intermission/gate-403/7",
                  "/.w%65ll-known/intermission/gate?x=1"]
        for target in asked:
            self.assertRegex(self.ask_for(target).split(b"\r\n")[0], rb"\AHTTP/1.1 40[34] ", target)
        self.down()
        for target in asked:
            answer = self.ask_for(target)
            self.assertRegex(answer.split(b"\r\n")[0], rb"\AHTTP/1.1 40[34] ", target)
            self.assertNotIn(b"x-maintenance", answer.lower())

    def test_a_service_that_comes_and_goes(self):
        for _ in range(3):
            wait_until(self.hears_service, "the service is heard")
            self.down()
            self.service.start()
            self.again_service()
        wait_until(self.hears_service, "the service is heard")

    def test_a_gateway_that_is_killed(self):
        wait_until(self.hears_service, "the service is heard")
        self.gateway.close()
        for _ in range(10):
            self.assertTrue(self.hears_service(), "the gateway does not matter while the service is there")
        self.service.stop()
        self.no_service()
        wait_until(lambda: not self.hears_service(), "neither is there")
        self.assertRegex(self.ask().decode("latin-1"), r"\A(HTTP/1.1 50[0-9] (?s:.*))?\Z")
        self.start_gateway()
        wait_until(self.hears_gateway, "the gateway is heard again")


class BehindNginxBackup(StandIn, unittest.TestCase):
    def start(self, gateway, service):
        self.grpc_port = free_port()
        return recipes.nginx("nginx/backup.conf", gateway, service,
                             lambda text: text.replace("listen 50051 http2;", f"listen 127.0.0.1:{self.grpc_port} http2;"))

    def test_grpc(self):
        self.down()
        self.assert_grpc_is_unavailable(self.grpc_port, "grpc.orders.example.com")


class BehindNginxErrorPage(StandIn, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return recipes.nginx("nginx/stand-in.conf", gateway, service)


class BehindHaproxy(StandIn, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return recipes.haproxy("haproxy/haproxy.cfg", gateway, service)

    def test_grpc(self):
        self.down()
        self.assert_grpc_is_unavailable(self.port)


class BehindHaproxyFallback(StandIn, unittest.TestCase):
    CONFIGURATION = CONFIGURATION.replace("defaults: { ", "defaults: { unknown_hosts: outage, ", 1)

    @staticmethod
    def start(gateway, service):
        return recipes.haproxy("haproxy/fallback.cfg", gateway, service)

    def test_hosts_without_a_service_hear_of_an_outage(self):
        for host in ("nothing.example.com", "ORDERS.example.org", "127.0.0.1"):
            answer = exchanged(self.port, f"GET /7 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            self.assertTrue(answer.startswith(b"HTTP/1.1 503 "), answer)
            self.assertIn(b"temporarily unavailable", answer)
        wait_until(self.hears_service, "the service is heard")


@unittest.skipUnless(shutil.which("apache2", path="/usr/sbin"), "no Apache here")
class BehindApacheHotSpare(StandIn, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return recipes.apache("apache/hot-spare.conf", gateway, service)


@unittest.skipUnless(shutil.which("apache2", path="/usr/sbin"), "no Apache here")
class BehindApacheFlag(StandIn, unittest.TestCase):
    def start(self, gateway, service):
        self.flag = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory()), "orders")
        return recipes.apache("apache/flag.conf", gateway, service,
                              lambda text: text.replace("/run/intermission/orders", str(self.flag)))

    def no_service(self):
        self.flag.touch()

    def again_service(self):
        self.flag.unlink()


@unittest.skipUnless(shutil.which("varnishd", path="/usr/sbin"), "no Varnish here")
class BehindVarnish(StandIn, unittest.TestCase):
    # Varnish's own, and that it may have kept an answer, which it never has.
    own_fields = {"x-varnish", "age", "accept-ranges"}
    tells_scheme = False
    start = staticmethod(recipes.varnish)


class BehindCaddy(StandIn, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return recipes.caddy("caddy/stand-in.Caddyfile", gateway, service)


@unittest.skipUnless(shutil.which("squid", path="/usr/sbin"), "no Squid here")
class BehindSquid(StandIn, unittest.TestCase):
    own_fields = {"x-cache", "x-cache-lookup", "cache-status"}
    tells_scheme = False
    start = staticmethod(recipes.squid)


class BehindHaproxyAsGate(StandIn, unittest.TestCase):
    """Switched by `intermission off` and `on`, as HAProxy asks the gate."""

    @staticmethod
    def start(gateway, service):
        return recipes.haproxy("haproxy/gate.cfg", gateway, service)

    def setUp(self):
        super().setUp()
        self.again_service()

    def test_grpc(self):
        self.down()
        self.assert_grpc_is_unavailable(self.port)

    def no_service(self):
        self.switch("on")

    def again_service(self):
        self.switch("off")

    def switch(self, word):
        if self.program.process.poll() is None:  # a new one starts in maintenance
            Control(self.program).command(word, "orders")


@unittest.skipUnless(shutil.which("h2o"), "no h2o here")
class BehindH2o(StandIn, unittest.TestCase):
    def start(self, gateway, service):
        folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="intermission-h2o-")))
        folder.chmod(0o755)  # h2o gives up being root
        self.flag = folder / "orders"
        return recipes.h2o("h2o/stand-in.conf", gateway, service,
                           lambda text: text.replace("/run/intermission/orders", str(self.flag)))

    def no_service(self):
        self.flag.touch()

    def again_service(self):
        self.flag.unlink()


@unittest.skipUnless(shutil.which("nghttpx", path="/usr/sbin"), "no nghttpx here")
class BehindNghttpx(StandIn, unittest.TestCase):
    CONFIGURATION = CONFIGURATION.replace("trusted_proxies: [127.0.0.1]\n", "")
    tells_scheme = False
    hides_gate = False

    def test_grpc(self):
        self.down()
        self.assert_grpc_is_unavailable(self.port)

    @contextlib.contextmanager
    def start(self, gateway, service):
        with recipes.nghttpx(gateway, service) as (port, self.api_port):
            yield port

    def no_service(self):
        self.replace_backends("nghttpx/maintenance.conf")

    def again_service(self):
        self.replace_backends("nghttpx/service.conf")

    def replace_backends(self, name):
        text = recipes.nghttpx_recipe(name, self.gateway_port, self.service.port)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.api_port}/api/v1beta1/backendconfig", text.encode(), PATIENCE) as done:
            self.assertEqual(done.status, 200)


@unittest.skipUnless(shutil.which("traffic_server"), "no Traffic Server here")
class BehindTrafficServer(StandIn, unittest.TestCase):
    own_fields = {"age"}
    start = staticmethod(recipes.traffic_server)


if __name__ == "__main__":
    unittest.main()
