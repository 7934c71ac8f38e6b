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
from recipes import DEPLOY, recipe, router
from routers_test import read_answer, read_conversation

CASES = pathlib.Path(os.environ["INTERMISSION_SOURCE"], "tests", "cases")
HOST = "orders.example.com"
# The wait is part of encoded fields and bodies.
CONFIGURATION = "defaults: { retry_after: { jitter: 0% } }\ntrusted_proxies: [127.0.0.1]\nservices: [{ name: orders, hosts: [orders.example.com, grpc.orders.example.com] }]\n"
IN_A_ROW = 30
APACHE_MODULES = "mpm_event authz_core proxy proxy_http proxy_balancer lbmethod_byrequests slotmem_shm headers alias rewrite"


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
                             lambda text: text.replace("listen 80 http2;", f"listen 127.0.0.1:{self.grpc_port} http2;"))

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
    NAME = "apache/hot-spare.conf"

    def start(self, gateway, service):
        modules = "".join(f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so\n" for one in APACHE_MODULES.split())
        text = self.changed(recipe(self.NAME, gateway, service))
        return router(["/usr/sbin/apache2", "-X", "-d", ".", "-f", "router.conf"], lambda port: (
            f"{modules}Listen 127.0.0.1:{port}\nPidFile pid\nErrorLog log\nDefaultRuntimeDir .\nServerName x\n"
            "Mutex posixsem\n" + text.replace("*:80>", f"127.0.0.1:{port}>")))

    def changed(self, text):
        return text


class BehindApacheFlag(BehindApacheHotSpare):
    NAME = "apache/flag.conf"

    def changed(self, text):
        self.flag = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory()), "orders")
        return text.replace("/run/intermission/orders", str(self.flag))

    def no_service(self):
        self.flag.touch()

    def again_service(self):
        self.flag.unlink()


@unittest.skipUnless(shutil.which("varnishd", path="/usr/sbin"), "no Varnish here")
class BehindVarnish(StandIn, unittest.TestCase):
    # Varnish's own, and that it may have kept an answer, which it never has.
    own_fields = {"x-varnish", "age", "accept-ranges"}
    tells_scheme = False

    def start(self, gateway, service):
        text = (DEPLOY / "varnish/default.vcl").read_text(encoding="utf-8")
        text = text.replace('.port = "9000"', f'.port = "{service}"').replace('.port = "8080"', f'.port = "{gateway}"')
        text = text.replace(".interval = 1s;", ".interval = 100ms;")
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="intermission-varnish-"))
        vcl = pathlib.Path(folder, "default.vcl")
        vcl.write_text(text, encoding="utf-8")
        os.chmod(folder, 0o755)
        return router(["/bin/sh", "-c", f"exec /usr/sbin/varnishd -F -j none -n {folder}/work -f {vcl} -s malloc,16M "
                                        "-a 127.0.0.1:$(cat router.conf)"], str)


class BehindCaddy(StandIn, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        text = re.sub(r"\{\$(GATEWAY|SERVICE):([^}]*)\}", r"\2", recipe("caddy/stand-in.Caddyfile", gateway, service))
        text = text.replace("\t# The gate is", "\tbind 127.0.0.1\n\t# The gate is", 1)
        return router(["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "router.conf"],
                      lambda port: re.sub(r"\{\$SITE:[^}]*\}", f"http://:{port}", text))


@unittest.skipUnless(shutil.which("squid", path="/usr/sbin"), "no Squid here")
class BehindSquid(StandIn, unittest.TestCase):
    own_fields = {"x-cache", "x-cache-lookup", "cache-status"}
    tells_scheme = False

    def start(self, gateway, service):
        text = (DEPLOY / "squid/squid.conf").read_text(encoding="utf-8")
        text = text.replace(" parent 9000 ", f" parent {service} ").replace(" parent 8080 ", f" parent {gateway} ")
        text += ("\npid_filename none\naccess_log none\ncache_log /dev/null\ncoredump_dir none\nshutdown_lifetime 0 seconds\n"
                 "pinger_enable off\nnetdb_filename none\nvisible_hostname test\n")
        # Its shared memory has this name, and stays where the process ends badly.
        name = f"intermission{gateway}"
        self.addCleanup(lambda: [path.unlink() for path in pathlib.Path("/dev/shm").glob(f"{name}-*")])
        return router(["/usr/sbin/squid", "-N", "-n", name, "-f", "router.conf"],
                      lambda port: text.replace("http_port 80 ", f"http_port 127.0.0.1:{port} "))


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

    def start(self, gateway, service):
        self.api_port = free_port()
        text = recipe_of("nghttpx/nghttpx.conf", gateway, service).replace("127.0.0.1,8001;", f"127.0.0.1,{self.api_port};")
        return router(["/usr/sbin/nghttpx", "--conf=router.conf"],
                      lambda port: text.replace("frontend=*,80;", f"frontend=127.0.0.1,{port};") +
                      "workers=1\naccesslog-file=/dev/null\nerrorlog-file=log\n")

    def no_service(self):
        self.replace_backends("nghttpx/maintenance.conf")

    def again_service(self):
        self.replace_backends("nghttpx/service.conf")

    def replace_backends(self, name):
        text = recipe_of(name, self.gateway_port, self.service.port)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.api_port}/api/v1beta1/backendconfig", text.encode(), PATIENCE) as done:
            self.assertEqual(done.status, 200)

def recipe_of(name, gateway, service):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return text.replace("127.0.0.1,9000", f"127.0.0.1,{service}").replace("127.0.0.1,8080", f"127.0.0.1,{gateway}")


ATS_FOLDERS = """prefix: /usr
exec_prefix: /usr
bindir: /usr/bin
sbindir: /usr/bin
libdir: /usr/lib/trafficserver
libexecdir: /usr/lib/trafficserver/modules
sysconfdir: {0}
datadir: {0}
localstatedir: {0}
runtimedir: {0}
logdir: {0}
cachedir: {0}
"""


@unittest.skipUnless(shutil.which("traffic_server"), "no Traffic Server here")
class BehindTrafficServer(StandIn, unittest.TestCase):
    own_fields = {"age"}

    def start(self, gateway, service):
        folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="intermission-ats-")))
        for name in ("remap.config", "parent.config", "intermission.config"):
            text = recipe(f"trafficserver/{name}", gateway, service)
            (folder / name).write_text(text, encoding="utf-8")
        for name in ("plugin", "ssl_multicert", "storage", "hosting", "volume", "cache", "splitdns", "socks"):
            (folder / f"{name}.config").touch()
        for name in ("logging", "sni", "strategies"):
            (folder / f"{name}.yaml").touch()
        for name in ("ip_allow.yaml", "body_factory"):
            (folder / name).symlink_to(f"/etc/trafficserver/{name}")
        (folder / "runroot.yaml").write_text(ATS_FOLDERS.format(folder), encoding="utf-8")
        records = recipe("trafficserver/records.config", gateway, service)
        records += "CONFIG proxy.config.log.logging_enabled INT 0\nCONFIG proxy.config.crash_log_helper STRING NULL\n"
        records += "CONFIG proxy.config.exec_thread.autoconfig INT 0\nCONFIG proxy.config.exec_thread.limit INT 1\n"
        start = ["traffic_server", f"--run-root={folder}/runroot.yaml"]
        if os.geteuid() == 0:  # it refuses to be root
            shutil.chown(folder, 65534, 65534)
            start = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *start]

        def write(port):
            (folder / "records.config").write_text(
                records.replace("server_ports STRING 80\n", f"server_ports STRING {port}:ip-in=127.0.0.1\n"), encoding="utf-8")
            return ""

        return router(start, write)


if __name__ == "__main__":
    unittest.main()
