"""The gateway behind the routers that people have: nginx, HAProxy, Caddy and nghttpx in front, HTTP/1.1
with keep-alive or HTTP/2 behind them, HTTP/1.1 and HTTP/2 (in clear) before them. Every conversation of tests/cases
that is not about framing is held directly and through each router; what comes out must be the same,
but for what the router itself is documented to change.
"""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import unittest
from dataclasses import dataclass

import proxy
from gateway import PATIENCE, Gateway

CASES = pathlib.Path(os.environ["INTERMISSION_SOURCE"], "tests", "cases")
# RFC 9110 §7.6.1, and what each server says of itself.
NOT_COMPARED = {"connection", "keep-alive", "transfer-encoding", "date", "server", "content-length", "via"}

NGINX = """
daemon off; master_process off; worker_processes 1; pid pid; error_log log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream gateway {{ server 127.0.0.1:{gateway}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{http1};
    listen 127.0.0.1:{http2} http2;
    server_name _;
    location / {{
      proxy_pass http://gateway;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }}
  }}
}}
"""
HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend front
  bind 127.0.0.1:{http1}
  bind 127.0.0.1:{http2} proto h2
  default_backend gateway
backend gateway
  server gateway 127.0.0.1:{gateway}
"""
CADDY = """
{{
  admin off
  auto_https off
  servers {{
    protocols h1 h2c
  }}
}}
http://:{http1}, http://:{http2} {{
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:{gateway} {{
    transport http {{
      compression off
    }}
  }}
}}
"""

# HTTP/2 behind them, too.
HAPROXY_HTTP2 = HAPROXY.replace("{gateway}\n", "{gateway} proto h2\n")
NGHTTPX = """
frontend=127.0.0.1,{http1};no-tls
frontend=127.0.0.1,{http2};no-tls
backend=127.0.0.1,{gateway};;proto=h2
workers=1
accesslog-file=/dev/null
errorlog-file=log
no-location-rewrite=yes
"""


@dataclass
class Router:
    configuration: str
    command: list
    # Conversations in which the router answers, or asks, something else; and why.
    exceptions: dict


ROUTERS = {
    "nginx": Router(NGINX, ["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"], {
        "reserved/options-asterisk": "it refuses the target *"}),
    "haproxy": Router(HAPROXY, ["/usr/sbin/haproxy", "-db", "-f", "router.conf"], {
        "services/absolute-form": "it refuses a target whose host is not that of Host"}),
    "haproxy-http2": Router(HAPROXY_HTTP2, ["/usr/sbin/haproxy", "-db", "-f", "router.conf"], {
        "services/absolute-form": "it refuses a target whose host is not that of Host"}),
    "nghttpx": Router(NGHTTPX, ["/usr/sbin/nghttpx", "--conf=router.conf"], {
        "ocsp/java": "it makes one slash of two in the path",
        "inertia/two-slashes": "it makes one slash of two in the path",
        "framework/jakarta-faces-two-slashes": "it makes one slash of two in the path",
        "framework/wicket-two-slashes": "it makes one slash of two in the path",
        "problem/unknown-method": "it answers methods that it does not know itself"}),
    "caddy": Router(CADDY, ["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "router.conf"], {
        "reserved/options-asterisk": "its HTTP library answers OPTIONS * itself"}),
}


@dataclass
class Conversation:
    name: str
    built_in: bool
    method: str
    target: str
    version: str
    fields: list
    body: bytes

    def to_wire(self):
        lines = [f"{self.method} {self.target} {self.version}", *(f"{name}: {value}" for name, value in self.fields)]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append("Connection: close")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body

    def by_curl(self, port, how=("--http2-prior-knowledge",)):
        """The same over HTTP/2; None for what a target there cannot be. `how` may name another way than clear text."""
        if not self.target.startswith("/") or self.version != "HTTP/1.1":
            return None
        scheme = "https" if "--cacert" in how else "http"
        command = ["curl", "--silent", "--include", *how, "--path-as-is", "--globoff", "--max-time", str(PATIENCE),
                   "--request", self.method, f"{scheme}://127.0.0.1:{port}{self.target}"]
        if self.method == "HEAD":
            command.append("--head")
        names = {name.lower() for name, _ in self.fields}
        for absent in {"accept", "user-agent", "content-type"} - names:
            command += ["--header", f"{absent}:"]
        for name, value in self.fields:
            command += ["--header", f"{name}: {value}" if value else f"{name};"]
        if self.body:
            command += ["--data-binary", "@-"]
        return subprocess.run(command, input=self.body, capture_output=True, timeout=PATIENCE, check=True).stdout


def unescape(text):
    text = text.encode("utf-8").decode("latin-1")
    text = text.replace("\\r", "\r")
    return re.sub(r"\\x([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), text)


def read_conversation(path):
    """See tests/support/conversation.h; None for what is between a client and its next hop alone, and
    for services of its own."""
    asked = path.read_bytes().partition(b"\n---\n")[0].decode("utf-8")  # answers may hold any byte
    preamble, _, rest = asked.partition("\n\n")
    if "\nonly: socket" in preamble or re.search(r"\nconfig: (?!none)", preamble):
        return None
    head, _, body = rest.rstrip("\n").partition("\n\n") if "\n\n" in rest else (rest.strip("\n"), "", "")
    request_line, *lines = unescape(head).split("\n")
    method, target, version = request_line.split(" ")
    if method == "CONNECT":
        return None  # a question to the next hop itself, which no router passes on (RFC 9110 §9.3.6)
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    if any(name.lower() == "upgrade" for name, _ in fields):
        return None  # to the next hop alone too (RFC 9110 §7.8), and HTTP/2 has none
    return Conversation(str(path.relative_to(CASES).with_suffix("")), "\nconfig: none" in preamble,
                        method, target, version, fields, unescape(body).encode("latin-1"))


def read_answer(received):
    """Status, fields to compare, body; of the bytes of one response."""
    head, _, body = received.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    fields = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name.lower(), []).append(value.strip())
    if "chunked" in fields.get("transfer-encoding", []):
        body = join_chunks(body)
    coded = "content-encoding" in fields
    kept = {name: values for name, values in fields.items() if name not in NOT_COMPARED}
    # Retry-After is drawn for each answer.
    kept["retry-after"] = len(kept.get("retry-after", []))
    kept["server-timing"] = [re.sub(r"wait;dur=\d+", "wait", value) for value in kept.get("server-timing", [])]
    return status_line.split(" ")[1], kept, body if coded else re.sub(rb"\d+", b"#", body)


def join_chunks(body):
    joined = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        joined, body = joined + rest[:length], rest[length + 2:]
        if length == 0:
            return joined
    return joined


def ask(port, request):
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(request)
        while part := client.recv(65536):
            received += part
    return received


@contextlib.contextmanager
def running(router, gateway_port):
    """The router in front of that port: its ports for HTTP/1.1 and HTTP/2, None for one that it does not have."""
    names = [name for name in ("http1", "http2") if f"{{{name}}}" in router.configuration]

    def configure(*ports):
        return router.configuration.format(gateway=gateway_port, **dict(zip(names, ports)))

    with proxy.running(router.command, configure, len(names)) as ports:
        found = dict(zip(names, ports))
        yield found.get("http1"), found.get("http2")


class BehindRouters(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        read = (read_conversation(path) for path in sorted(CASES.rglob("*.http")))
        cls.conversations = [conversation for conversation in read if conversation]
        # The wait is part of coded bodies.
        configuration = (CASES / "config.yaml").read_text(encoding="utf-8")
        cls.configuration = configuration.replace("defaults:\n", "defaults:\n  retry_after: { jitter: 0% }\n", 1)

    def hold_all(self, name):
        router = ROUTERS[name]
        held = 0
        for built_in in (False, True):
            with Gateway(config=None if built_in else self.configuration) as gateway, \
                    running(router, gateway.port) as (http1, http2):
                for one in self.conversations:
                    if one.built_in != built_in:
                        continue
                    direct = read_answer(ask(gateway.port, one.to_wire()))
                    if one.name in router.exceptions:
                        with self.subTest(one.name):
                            self.assertNotEqual(read_answer(ask(http1, one.to_wire())), direct)
                        continue
                    with self.subTest(one.name, before="HTTP/1.1"):
                        self.assertEqual(read_answer(ask(http1, one.to_wire())), direct)
                        held += 1
                    over_http2 = one.by_curl(http2)
                    if over_http2 is not None:
                        with self.subTest(one.name, before="HTTP/2"):
                            self.assertEqual(read_answer(over_http2), direct)
                            held += 1
        self.assertGreater(held, 150)

    def test_nginx(self):
        self.hold_all("nginx")

    def test_haproxy(self):
        self.hold_all("haproxy")

    def test_haproxy_with_http2_behind_it(self):
        self.hold_all("haproxy-http2")

    def test_nghttpx_with_http2_behind_it(self):
        self.hold_all("nghttpx")

    def test_caddy(self):
        self.hold_all("caddy")

    def test_exceptions_are_of_conversations_that_exist(self):
        names = {one.name for one in self.conversations}
        for router in ROUTERS.values():
            self.assertLessEqual(set(router.exceptions), names)


if __name__ == "__main__":
    unittest.main()
