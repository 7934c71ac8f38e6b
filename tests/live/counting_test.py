"""What operators see of traffic, by real requests: metrics as Prometheus' own client for Python
reads them, and the access log, with proxies in front and without."""

import contextlib
import json
import signal
import socket
import unittest

from prometheus_client.parser import text_string_to_metric_families

from control import Control
from gateway import PATIENCE, Gateway

KEY = "a secret of the tests that is long enough"
GATE = "/.well-known/intermission/gate/orders/7"
HOST = {"Host": "orders.example.com"}
CONFIG = """
trusted_proxies: [127.0.0.1]
services:
  - { name: orders, hosts: [orders.example.com], message: Back soon }
"""


def metrics_of(control):
    """The families by name. Parsing is strict: what is no metric fails."""
    answer = control.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def sample(families, name, **labels):
    """The value of the one sample that has those labels; 0 where there is none."""
    family = families.get(name) or families[name.removesuffix("_total")]
    found = [one.value for one in family.samples
             if one.name == name and all(one.labels.get(key) == value for key, value in labels.items())]
    assert len(found) < 2, found
    return found[0] if found else 0


class Metrics(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(config=CONFIG, extra={"INTERMISSION_BYPASS_KEY": KEY})
        self.gateway.__enter__()
        self.addCleanup(self.gateway.__exit__, None, None, None)
        self.control = Control(self.gateway)

    def value(self, name, **labels):
        return sample(metrics_of(self.control), name, **labels)

    def test_every_family_says_what_it_is(self):
        self.gateway.get("/", HOST)
        families = metrics_of(self.control)
        for family in families.values():
            self.assertTrue(family.name.startswith("intermission_"), family.name)
            self.assertTrue(family.documentation, family.name)
            self.assertIn(family.type, {"counter", "gauge", "histogram"}, family.name)
        self.assertEqual(sample(families, "intermission_answers_total", service="orders", kind="problem"), 1)
        self.assertEqual(sample(families, "intermission_services_in_maintenance"), 2)  # orders and default
        timed = families["intermission_answer_duration_seconds"]
        self.assertEqual([one.value for one in timed.samples if one.name.endswith("_count")], [1])

    def test_passes_are_counted_the_right_ones_and_the_wrong(self):
        made = self.control.post("/api/services/orders/bypass", {"for": "1h"}).json()
        self.assertEqual(self.gateway.get(GATE, {**HOST, "Cookie": made["cookie"]}).status, 204)
        for wrong in (made["cookie"][:-4] + "AAAA", "intermission-bypass-orders=1.x"):
            self.assertEqual(self.gateway.get(GATE, {**HOST, "Cookie": wrong, "User-Agent": "guess/1"}).status, 503)
        self.assertEqual(self.gateway.get(GATE, HOST).status, 503)
        self.assertEqual(self.value("intermission_bypasses_total", service="orders", result="allowed"), 1)
        self.assertEqual(self.value("intermission_bypasses_total", service="orders", result="refused"), 2)
        callers = {one["agent"]: one for one in self.control.get("/api/callers").json()["callers"]}
        self.assertEqual(callers["guess/1"]["wrongPasses"], 2)
        self.assertEqual(callers["guess/1"]["lastPath"], "/orders/7")
        self.assertRegex(self.control.command("callers").stdout, r"(?m)^orders +problem +2 +2 .*guess/1$")
        self.assertRegex(self.control.command("changes").stdout, r"orders +a link for a tester until \S+")

    def test_what_cannot_be_read_is_counted(self):
        for bytes_sent, status in ((b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
                                   (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
                                   (b"\x16\x03\x01\r\n", 400)):
            with socket.create_connection((self.gateway.host, self.gateway.port), timeout=PATIENCE) as client:
                client.sendall(bytes_sent)
                self.assertIn(f" {status} ".encode(), client.recv(500))
        self.assertEqual(self.value("intermission_answers_total", service="", kind="refused", status="400"), 2)
        self.assertEqual(self.value("intermission_answers_total", service="", kind="refused", status="501"), 1)
        self.assertEqual([one["count"] for one in self.control.get("/api/callers").json()["callers"]], [3])

    def test_reloads_show_and_what_became_of_them(self):
        self.assertEqual(self.value("intermission_last_reload_successful"), 1)
        self.gateway.config.write_text("services: [ {} ]\n", encoding="utf-8")
        self.control.post("/api/reload")
        self.assertEqual(self.value("intermission_last_reload_successful"), 0)
        self.assertEqual(self.value("intermission_reload_failures_total"), 1)
        self.gateway.config.write_text(CONFIG, encoding="utf-8")
        self.control.post("/api/reload")
        self.assertEqual(self.value("intermission_last_reload_successful"), 1)
        self.assertEqual(self.value("intermission_reloads_total"), 1)
        self.assertLess(self.value("intermission_configuration_age_seconds"), PATIENCE)
        self.assertLess(self.value("intermission_snapshot_age_seconds"), PATIENCE)

    def test_the_last_hour_by_minute(self):
        for _ in range(3):
            self.gateway.get("/", HOST)
        minutes = self.control.get("/api/history").json()["minutes"]
        self.assertEqual(sum(one["count"] for minute in minutes for one in minute["answers"]), 3)
        self.assertEqual(minutes[0]["answers"][0]["service"], "orders")
        self.assertRegex(minutes[0]["at"], r":00Z$")


class AccessLog(unittest.TestCase):
    """The lines reach the file by a thread of their own: it is read when the gateway has ended."""

    @contextlib.contextmanager
    def logged(self, format_name, more=""):
        lines = []
        config = f"access_log: {{ format: {format_name}, file: access.log }}\n{more}{CONFIG}"
        with Gateway(config=config) as gateway:
            yield gateway, lines
            gateway.stop(signal.SIGTERM)
            lines.extend((gateway.folder / "access.log").read_text(encoding="ascii").splitlines())

    def test_json_names_the_client_that_a_trusted_proxy_tells(self):
        with self.logged("json") as (gateway, lines):
            gateway.get("/a", {**HOST, "X-Forwarded-For": "203.0.113.9, 192.0.2.60"})
            gateway.get("/b", {**HOST, "Forwarded": 'for="[2001:db8::7]:4711"'})
            gateway.get("/c", HOST)
            gateway.get("/d", {**HOST, "X-Forwarded-For": "192.0.2.60", "Forwarded": "for=192.0.2.61"})
        told = [(line["target"], line.get("client"), line.get("peer")) for line in map(json.loads, lines)]
        self.assertEqual(told, [("/a", "192.0.2.60", "127.0.0.1"), ("/b", "2001:db8::7", "127.0.0.1"),
                                ("/c", "127.0.0.1", None), ("/d", None, "127.0.0.1")])

    def test_combined_begins_with_the_client(self):
        with self.logged("combined") as (gateway, lines):
            gateway.get("/a", {**HOST, "X-Forwarded-For": "192.0.2.60"})
            gateway.get("/b", HOST)
            with socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE) as client:
                client.sendall(b"nonsense\r\n\r\n")
                self.assertIn(b" 400 ", client.recv(500))
        self.assertRegex(lines[0], r'^192\.0\.2\.60 - - \[.+\] "GET /a HTTP/1\.1" 503 \d+ "-" "-"$')
        self.assertRegex(lines[1], r'^127\.0\.0\.1 - - \[.+\] "GET /b HTTP/1\.1" 503 ')
        self.assertRegex(lines[2], r'^127\.0\.0\.1 - - \[.+\] "nonsense" 400 0 "-" "-"$')

    def test_refused_requests_have_what_was_read_of_their_first_line(self):
        refused = [(b"GET /a\x01\"?b HTTP/1.1\r\n\r\n", b" 400 ", '"GET /a" 400'),
                   (b"DELETE /c HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", b" 400 ", '"DELETE /c" 400'),
                   (b"GET /" + b"x" * 70000, b" 414 ", '"GET /' + "x" * 399 + '..." 414'),
                   (b"POST /d HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", b" 501 ",
                    '"POST /d HTTP/1.1" 501'),
                   (b"GET /e HTTP/3.0\r\nHost: h\r\n\r\n", b" 505 ", '"GET /e" 505')]
        for format_name in ("combined", "json"):
            with self.logged(format_name) as (gateway, lines):
                for sent, answered, _ in refused:
                    with socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE) as client:
                        client.sendall(sent)
                        self.assertIn(answered, client.recv(500))
            if format_name == "combined":
                for line, (_, _, logged) in zip(lines, refused, strict=True):
                    self.assertIn(logged, line)
            else:
                told = [(line["kind"], line["method"], line["target"][:3]) for line in map(json.loads, lines)]
                self.assertEqual(told, [("refused", method, target) for method, target in (
                    ("GET", "/a"), ("DELETE", "/c"), ("GET", "/xx"), ("POST", "/d"), ("GET", "/e"))])

    def test_only_trusted_proxies_are_believed(self):
        with self.logged("json", "listen: { proxy_protocol: [127.0.0.0/8] }\n") as (gateway, lines):
            for header in (b"PROXY TCP4 198.51.100.3 198.51.100.7 56324 443\r\n", b"PROXY UNKNOWN\r\n",
                           b"\r\n\r\n\0\r\nQUIT\n\x21\x31\x00\xd8" + b"/" * 216):  # of a Unix socket
                with socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE) as router:
                    router.sendall(header + b"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.60\r\n"
                                            b"Connection: close\r\n\r\n")
                    self.assertIn(b" 503 ", router.recv(500))
        # The client that the router names is not the one in the field, or the router names none:
        # in doubt no address is known.
        self.assertEqual([(line.get("client"), line["peer"]) for line in map(json.loads, lines)],
                         [(None, "127.0.0.1")] * 3)


if __name__ == "__main__":
    unittest.main()
