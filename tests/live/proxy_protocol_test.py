"""Routers that write a PROXY protocol header before each connection: HAProxy in both versions, at the
level of TCP and of HTTP, and nginx's stream module. The access log tells for whom they connected."""

import contextlib
import http.client
import json
import signal
import socket
import unittest

from gateway import PATIENCE, Gateway
from recipes import router

SERVICES = "services: [{ name: orders, hosts: [orders.example.com] }]\n"
LISTED = "listen: { proxy_protocol: [127.0.0.0/8] }\n"
HOST = {"Host": "orders.example.com"}
FORGED = {**HOST, "X-Forwarded-For": "198.51.100.7"}


def haproxy(mode, option):
    def start(gateway):
        text = (f"defaults\n  mode {mode}\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n"
                "listen router\n  bind 127.0.0.1:{port}\n  source 127.0.0.2\n"
                f"  server gateway 127.0.0.1:{gateway} {option}\n")
        return router(["/usr/sbin/haproxy", "-db", "-f", "router.conf"], lambda port: text.replace("{port}", str(port)))
    return start


def nginx_stream(gateway):
    text = ("load_module /usr/lib/nginx/modules/ngx_stream_module.so;\n"
            "daemon off; master_process off; pid pid;\nevents {}\n"
            "stream { server { listen 127.0.0.1:{port}; proxy_bind 127.0.0.2; "
            f"proxy_pass 127.0.0.1:{gateway}; proxy_protocol on; }} }}\n")
    return router(["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"],
                  lambda port: text.replace("{port}", str(port)))


ROUTERS = {
    "haproxy, version 1": haproxy("tcp", "send-proxy"),
    "haproxy, version 2": haproxy("tcp", "send-proxy-v2"),
    "haproxy, version 2 before HTTP": haproxy("http", "send-proxy-v2"),
    "nginx": nginx_stream,
}


class ProxyProtocol(unittest.TestCase):
    @contextlib.contextmanager
    def logged(self, more=LISTED):
        lines = []
        with Gateway(config=f"access_log: {{ format: json, file: access.log }}\n{more}{SERVICES}") as gateway:
            yield gateway, lines
            gateway.stop(signal.SIGTERM)
            text = (gateway.folder / "access.log").read_text(encoding="ascii")
            lines.extend(json.loads(line) for line in text.splitlines())

    @staticmethod
    def get(port, fields):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", "/", headers=fields)
            return connection.getresponse().status

    def test_the_client_is_whom_the_router_names(self):
        for name, router in ROUTERS.items():
            with self.subTest(name), self.logged() as (gateway, lines):
                with router(gateway.port) as port:
                    self.assertEqual(self.get(port, HOST), 503)
                    self.assertEqual(self.get(port, FORGED), 503)
            # What looks whether the router is up comes first, and asks nothing.
            self.assertEqual([(line.get("client"), line.get("peer")) for line in lines],
                             [("127.0.0.1", "127.0.0.2")] * 2, name)

    def test_fields_are_believed_of_a_trusted_router_that_names_a_trusted_proxy(self):
        trusted = "trusted_proxies: [127.0.0.2, 127.0.0.1]\n"
        with self.logged(LISTED + trusted) as (gateway, lines):
            with ROUTERS["haproxy, version 2"](gateway.port) as port:
                self.assertEqual(self.get(port, FORGED), 503)
        self.assertEqual(lines[0]["client"], "198.51.100.7")

    def test_a_client_that_contradicts_its_router_is_unknown(self):
        with self.logged(LISTED + "trusted_proxies: [127.0.0.2]\n") as (gateway, lines):
            with ROUTERS["haproxy, version 2"](gateway.port) as port:
                self.assertEqual(self.get(port, FORGED), 503)
        self.assertNotIn("client", lines[0])

    def test_a_listed_network_must_send_it(self):
        with self.logged() as (gateway, _):
            with self.assertRaises((http.client.BadStatusLine, ConnectionError)):
                self.get(gateway.port, HOST)

    def test_elsewhere_a_header_is_no_http(self):
        with self.logged("listen: { proxy_protocol: [192.0.2.0/24] }\n") as (gateway, lines):
            self.assertEqual(self.get(gateway.port, HOST), 503)
            for header in (b"PROXY TCP4 198.51.100.7 192.0.2.1 1 2\r\n",
                           b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc6\x33\x64\x07\x7f\0\0\x01\0\x01\0\x02"):
                with socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE) as forger:
                    forger.sendall(header + b"GET / HTTP/1.1\r\nHost: orders.example.com\r\n\r\n")
                    self.assertIn(b" 400 ", forger.recv(500))
        self.assertEqual([line["client"] for line in lines], ["127.0.0.1"] * 3)


if __name__ == "__main__":
    unittest.main()
