"""HTTP/2 straight at the gateway, by prior knowledge: clients of gRPC, curl, nghttp and node."""

import contextlib
import json
import pathlib
import re
import signal
import socket
import subprocess
import threading
import unittest

import grpc
import museum
from control import Control
from gateway import PATIENCE, Gateway, environment
from routers_test import NGINX, ROUTERS, Router, running
from rpc_status import Details, details_of

MESSAGE = "Back at 02:00 UTC – 100 % <sure> & thank you"
SPOKEN = re.compile(re.escape(MESSAGE) + r"\. Please try again in ([1-9][0-9]*) seconds\.")
HERE = pathlib.Path(__file__).parent

NGINX_GRPC = re.sub(r"location / \{\{.*?\}\}", "location / {{ grpc_pass grpc://gateway; }}", NGINX, flags=re.DOTALL)
APACHE = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"
                 for name in ("mpm_event", "authz_core", "http2", "proxy", "proxy_http2")) + """
ServerName localhost
PidFile pid
ErrorLog log
User www-data
Group www-data
DefaultRuntimeDir .
Mutex file:. default
Protocols h2c http/1.1
Listen 127.0.0.1:{http1}
Listen 127.0.0.1:{http2}
ProxyPreserveHost on
ProxyPass / h2c://127.0.0.1:{gateway}/
"""
GRPC_ROUTERS = {
    "Apache h2c://": Router(APACHE, ["/usr/sbin/apache2", "-d", ".", "-f", "router.conf", "-DFOREGROUND"], {}),
    "nginx grpc_pass": Router(NGINX_GRPC, ROUTERS["nginx"].command, {}),
    "haproxy proto h2": ROUTERS["haproxy-http2"],
    "nghttpx": ROUTERS["nghttpx"],
}


# One, two, three and four bytes each.
LETTERS = {"en": "a", "de": "ä", "zh": "停", "ja": "𠮷"}


def calls(channel):
    """Each kind of call, with the answer that its caller got."""
    def raw(data):
        return data

    def waiting():
        """A client that has more to say, and waits for an answer first."""
        yield b"first"
        told.wait(PATIENCE)

    def endless():
        """A client that goes on saying much."""
        while not told.is_set():
            yield b"x" * 30_000

    told = threading.Event()
    kinds = {
        "unary": lambda: channel.unary_unary("/orders.Orders/Get", raw, raw)(b"7", timeout=PATIENCE),
        "a large request": lambda: channel.unary_unary("/orders.Orders/Put", raw, raw)(
            b"x" * 3_000_000, timeout=PATIENCE),
        "answers as a stream": lambda: list(channel.unary_stream("/orders.Orders/List", raw, raw)(
            b"", timeout=PATIENCE)),
        "requests as a stream": lambda: channel.stream_unary("/orders.Orders/Import", raw, raw)(
            waiting(), timeout=PATIENCE),
        "requests without end": lambda: channel.stream_unary("/orders.Orders/Import", raw, raw)(
            endless(), timeout=PATIENCE),
        "both as streams": lambda: list(channel.stream_stream("/orders.Orders/Watch", raw, raw)(
            waiting(), timeout=PATIENCE)),
    }
    for kind, call in kinds.items():
        try:
            yield kind, call()
        except grpc.RpcError as error:
            yield kind, error
    told.set()


class Grpc(unittest.TestCase):
    def assert_told(self, error):
        self.assertIsInstance(error, grpc.RpcError)
        self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE, error)
        seconds = SPOKEN.fullmatch(error.details())
        self.assertTrue(seconds, error.details())
        pushback = [value for name, value in error.trailing_metadata() if name == "grpc-retry-pushback-ms"]
        self.assertEqual(pushback, [f"{seconds[1]}000"])
        self.assertEqual(details_of(error), Details(int(seconds[1]), "MAINTENANCE", "default", {}, "en", MESSAGE))

    def test_every_kind_of_call_is_told_the_message(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
            with grpc.insecure_channel(f"127.0.0.1:{gateway.port}") as channel:
                for kind, error in calls(channel):
                    with self.subTest(kind):
                        self.assert_told(error)
        museum.exhibit("grpcio", grpc.__version__, "gRPC, HTTP/2 straight", f"{error.code().name}: {error.details()}",
                       "never", MESSAGE)

    def test_behind_routers_that_speak_http2_with_the_gateway(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
            for name, router in GRPC_ROUTERS.items():
                with running(router, gateway.port) as (_, http2), \
                        grpc.insecure_channel(f"127.0.0.1:{http2}") as channel:
                    for kind, error in calls(channel):
                        with self.subTest(name, kind=kind):
                            self.assert_told(error)

    def test_long_messages_pass_in_every_language(self):
        """nginx reads a head of 4 KiB at most, gRPC's core 8 KiB."""
        routers = {**GRPC_ROUTERS, "nginx proxy_pass": ROUTERS["nginx"], "haproxy with HTTP/1.1": ROUTERS["haproxy"]}
        messages = {language: letter * 5000 for language, letter in LETTERS.items()}
        config = f"defaults: {{ message: {json.dumps(messages, ensure_ascii=False)}, language: en }}\n"
        with Gateway(config=config) as gateway:
            for name, router in routers.items():
                with running(router, gateway.port) as (_, http2), \
                        grpc.insecure_channel(f"127.0.0.1:{http2}") as channel:
                    call = channel.unary_unary("/orders.Orders/Get")
                    for language, letter in LETTERS.items():
                        with self.subTest(name, language=language), self.assertRaises(grpc.RpcError) as caught:
                            call(b"", timeout=PATIENCE, metadata=[("accept-language", language)])
                        self.assertRegex(caught.exception.details(), f"^{letter}{{120,1200}}…")
                        self.assertGreater(details_of(caught.exception).delay, 0)

    def test_deadlines_that_pass_leave_the_connection_usable(self):
        """A deadline ends a call with RST_STREAM, whatever has become of it by then. On a busy machine gRPC's core may
        reset a stream that it has not opened yet, and that ends a connection (RFC 9113 §5.1): then it is tried again."""
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
            for attempt in range(5):
                with grpc.insecure_channel(f"127.0.0.1:{gateway.port}") as channel:
                    errors = self.let_deadlines_pass(channel)
                    lost = {error.details() for error in errors if error.code() == grpc.StatusCode.UNAVAILABLE}
                    if attempt < 4 and lost and lost <= {"GOAWAY received", "Socket closed"}:
                        continue
                    self.assertEqual({error.code() for error in errors}, {grpc.StatusCode.DEADLINE_EXCEEDED}, errors)
                    for kind, error in calls(channel):
                        with self.subTest(kind):
                            self.assert_told(error)
                    return

    def let_deadlines_pass(self, channel):
        """The errors of watches that have time, while calls beside them have not."""
        watch = channel.unary_stream("/grpc.health.v1.Health/Watch")
        get = channel.unary_unary("/orders.Orders/Get")
        passing = [get.future(b"x" * 50_000, timeout=thousandth / 1000) for thousandth in range(1, 80)]
        watches = [watch(b"", timeout=0.3) for _ in range(40)]
        codes = {call.exception().code() for call in passing}
        self.assertLessEqual(codes, {grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE})
        errors = []
        for one in watches:
            with self.assertRaises(grpc.RpcError) as caught:
                list(one)
            errors.append(caught.exception)
        return errors

    def test_health_checks_tell_the_gateway_from_what_it_stands_in_for(self):
        """As grpc.health.v1 spells it: HealthCheckRequest.service, HealthCheckResponse.status."""
        with Gateway() as gateway, grpc.insecure_channel(f"127.0.0.1:{gateway.port}") as channel:
            check = channel.unary_unary("/grpc.health.v1.Health/Check")
            self.assertEqual(check(b"\x0a\x0cintermission", timeout=PATIENCE), b"\x08\x01", "SERVING")
            for service in (b"", b"\x0a\x06orders"):
                self.assertEqual(check(service, timeout=PATIENCE), b"\x08\x02", "NOT_SERVING")
            listed = channel.unary_unary("/grpc.health.v1.Health/List")(b"", timeout=PATIENCE)
            self.assertEqual(listed, b"\x0a\x06\x0a\x00\x12\x02\x08\x02\x0a\x12\x0a\x0cintermission\x12\x02\x08\x01")

    def test_a_watch_ends_when_the_maintenance_does(self):
        """So that its client asks anew, and the router sends it to the service."""
        config = "services: [ { name: orders, hosts: [127.0.0.1], retry_after: { default: 1h } } ]\n"
        with Gateway(config=config) as gateway, grpc.insecure_channel(f"127.0.0.1:{gateway.port}") as channel:
            watch = channel.unary_stream("/grpc.health.v1.Health/Watch")
            own, orders = watch(b"\x0a\x0cintermission"), watch(b"")
            self.assertEqual(next(own), b"\x08\x01", "SERVING, at once")
            self.assertEqual(next(orders), b"\x08\x02", "NOT_SERVING, at once")
            Control(gateway).command("off", "orders")
            with self.assertRaises(grpc.RpcError) as caught:
                next(orders)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)
            self.assertTrue(own.is_active(), "the gateway still serves")
            gateway.stop(signal.SIGTERM)
            with self.assertRaises(grpc.RpcError) as caught:
                next(own)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)

    def test_health_checks_of_a_service_may_be_answered_like_its_calls(self):
        with Gateway(config=f"defaults: {{ message: {json.dumps(MESSAGE)}, grpc: {{ health: false }} }}\n") as gateway, \
                grpc.insecure_channel(f"127.0.0.1:{gateway.port}") as channel:
            check = channel.unary_unary("/grpc.health.v1.Health/Check")
            self.assertEqual(check(b"\x0a\x0cintermission", timeout=PATIENCE), b"\x08\x01", "SERVING")
            with self.assertRaises(grpc.RpcError) as caught:
                check(b"", timeout=PATIENCE)
            self.assert_told(caught.exception)
            with self.assertRaises(grpc.RpcError) as caught:
                next(channel.unary_stream("/grpc.health.v1.Health/Watch")(b"", timeout=PATIENCE))
            self.assert_told(caught.exception)

    def test_grpc_js(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
            done = subprocess.run(["node", str(HERE / "grpc_js.mjs"), f"127.0.0.1:{gateway.port}"], capture_output=True,
                                  text=True, env=environment(), timeout=PATIENCE, check=True)
        seen = json.loads(done.stdout)
        self.assertEqual(seen["code"], "UNAVAILABLE")
        seconds = int(SPOKEN.fullmatch(seen["details"])[1])
        self.assertEqual(seen["status"], {"code": 14, "message": seen["details"], "delay": seconds, "locale": "en",
                                          "reason": "MAINTENANCE", "domain": "default", "words": MESSAGE})
        museum.exhibit("@grpc/grpc-js", seen["version"], "gRPC, HTTP/2 straight", f"{seen['code']}: {seen['details']}",
                       "never", MESSAGE)


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = cls.enterClassContext(Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}))

    def curl(self, *arguments):
        done = subprocess.run(["curl", "-q", "--silent", "--show-error", "--include", "--max-time", "30", *arguments],
                              capture_output=True, env=environment(), timeout=PATIENCE, check=True)
        head, _, body = done.stdout.decode().partition("\r\n\r\n")
        return head, body

    def test_curl_by_prior_knowledge(self):
        head, body = self.curl("--http2-prior-knowledge", "-H", "Accept: application/json", self.gateway.url)
        self.assertTrue(head.startswith("HTTP/2 503"), head)
        self.assertIn("retry-after: ", head)
        self.assertEqual(json.loads(body)["detail"], MESSAGE)

    def test_curl_that_offers_an_upgrade_goes_on_with_http_1_1(self):
        head, body = self.curl("--http2", "-H", "Accept: application/json", self.gateway.url)
        self.assertTrue(head.startswith("HTTP/1.1 503"), head)
        self.assertEqual(json.loads(body)["detail"], MESSAGE)

    def test_curl_that_uploads_reads_the_answer(self):
        head, body = self.curl("--http2-prior-knowledge", "-H", "Content-Type: application/json", "--data-binary",
                               "x" * 100_000, self.gateway.url + "/orders")
        self.assertTrue(head.startswith("HTTP/2 503"), head)
        self.assertIn("100 % <sure>", body)

    def test_curl_that_listens_for_events(self):
        _, body = self.curl("--http2-prior-knowledge", "--no-buffer", "-H", "Accept: text/event-stream",
                            self.gateway.url + "/events")
        self.assertIn("event: maintenance\ndata: ", body)

    def test_nghttp_loads_many_at_once(self):
        done = subprocess.run(["nghttp", "--null-out", "--stat", "--multiply=90", self.gateway.url + "/a"],
                              capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=True)
        self.assertEqual(len(re.findall(r" 503 .* /a$", done.stdout, re.MULTILINE)), 90, done.stdout)

    def test_node(self):
        done = subprocess.run(["node", "--input-type=module", "--eval", NODE, self.gateway.url], capture_output=True,
                              text=True, env=environment(), timeout=PATIENCE, check=True)
        seen = json.loads(done.stdout)
        self.assertEqual(seen["status"], 503)
        self.assertIn("Down for maintenance", seen["body"])


NODE = """
import http2 from "node:http2";
const session = http2.connect(process.argv[1]);
const request = session.request({ ":path": "/", accept: "text/html" });
let status, body = "";
request.on("response", (fields) => { status = fields[":status"]; });
request.setEncoding("utf8");
request.on("data", (part) => { body += part; });
request.on("end", () => { session.close(); console.log(JSON.stringify({ status, body })); });
"""


class Ends(unittest.TestCase):
    def test_sigterm_tells_clients_and_ends_in_time(self):
        with Gateway() as gateway, grpc.insecure_channel(f"127.0.0.1:{gateway.port}") as channel:
            with self.assertRaises(grpc.RpcError):
                channel.unary_unary("/a.B/C")(b"", timeout=PATIENCE)
            gateway.stop(signal.SIGTERM)  # which holds it to its time

    def test_http2_can_be_turned_off(self):
        with Gateway(config="listen: { address: 127.0.0.1, http2: false }\n") as gateway, \
                contextlib.closing(socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE)) as client:
            client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 505 "))


if __name__ == "__main__":
    unittest.main()
