"""The adversary's table (tests/gate/requests.txt) through nginx, Caddy and HAProxy with their files of
deploy/, in front of a service that keeps what reached it. Nothing may arrive that a server could serve
as a closed part of tests/gate/services.yaml: the host, the path and the method are read as servers of
many kinds read them, whatever the gate makes of them. Requests that are open must arrive.
"""

import contextlib
import os
import pathlib
import re
import time
import unittest
import urllib.parse
from dataclasses import dataclass

from control import Control
from gateway import PATIENCE, Gateway
from recipes import Upstream, caddy, exchange, haproxy, ingress_nginx, nginx, request

TABLE = pathlib.Path(os.environ["INTERMISSION_SOURCE"], "tests", "gate")


@dataclass
class Row:
    wanted: str  # closed, doubtful, open: see the head of the table
    method: str
    host: str
    target: str
    fields: list
    line: str

    def to_wire(self):
        return request(self.method, self.target, [("Host", self.host), *self.fields])


def read_rows():
    rows = []
    for line in (TABLE / "requests.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        wanted, method, host, target, fields, _ = line.split(" | ")
        host = re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), host)
        pairs = [] if fields == "-" else [tuple(one.split(": ", 1)) for one in fields.split(" & ")]
        rows.append(Row(wanted, method, host, target, pairs, line))
    return rows


# ---------------------------------------------------------------------------- how servers read a path

def unescape(path, but=""):
    def decode(match):
        character = chr(int(match[1], 16))
        return match[0] if character in but else character
    return re.sub(r"%([0-9a-fA-F]{2})", decode, path)


def clean(path):
    """As a file system has it: empty segments count for nothing."""
    out = []
    for part in path.split("/"):
        if part == "..":
            out = out[:-1]
        elif part not in ("", "."):
            out.append(part)
    return "/" + "/".join(out)


def without_dots(path):
    """RFC 3986 §5.2.4: ".." takes an empty segment away like any other."""
    parts = path.split("/")[1:]
    out = []
    for place, part in enumerate(parts):
        if part == "..":
            out = out[:-1]
        if part not in (".", ".."):
            out.append(part)
        elif place + 1 == len(parts):
            out.append("")
    return "/" + "/".join(out)


def without_parameters(path):
    return "/".join(part.partition(";")[0] for part in path.split("/"))


def merged(path):
    return re.sub("/{2,}", "/", path)


def with_slashes(path):
    return path.replace("\\", "/")


def windows(path):
    parts = clean(with_slashes(unescape(path))).split("/")
    return clean("/".join(part if part in (".", "..") else part.partition("::")[0].rstrip(". ") for part in parts))


MODELS = {
    "as sent": lambda path: path,
    "merged": merged,
    "RFC 3986": without_dots,
    "decoded alone": unescape,
    "nginx": lambda path: clean(unescape(path.partition("#")[0])),
    "nginx behind a proxy that cuts parameters": lambda path: clean(unescape(without_parameters(path))),
    "Tomcat": lambda path: clean(unescape(without_parameters(path))),
    "Tomcat with backslashes": lambda path: clean(with_slashes(unescape(without_parameters(path)))),
    "Go": lambda path: clean(unescape(path)),
    "WHATWG URL": lambda path: without_dots(re.sub(r"(?i)(?<=/)(\.|%2e){1,2}(?=/|$)",
                                                   lambda dots: unescape(dots[0]), with_slashes(path))),
    "Windows": windows,
    "decoded twice": lambda path: clean(unescape(clean(unescape(path)))),
    "Envoy": lambda path: without_dots(merged(with_slashes(unescape(path, "/\\;?# %")))),
    "Apache, then a servlet": lambda path: clean(with_slashes(unescape(without_parameters(clean(unescape(path, "/")))))),
}


def paths(target):
    """All paths that a server may serve for a target as it arrived."""
    absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", target)
    raw = re.split(r"\?", target[absolute.end():] if absolute else target, maxsplit=1)[0] or "/"
    return {name: model(raw if raw.startswith("/") else "/" + raw) for name, model in MODELS.items()}


# ---------------------------------------------------------------------------- how servers read a host

def hosts(arrived):
    """All names that a server may read in Host, X-Forwarded-Host, X-Original-Host and the target."""
    told = [value for name in ("Host", "X-Forwarded-Host", "X-Original-Host") for value in arrived.values(name)]
    absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)", arrived.target)
    told += [absolute[1]] if absolute else []
    found = set()
    for value in told:
        for text in {value, unescape(value), *re.split(r"[,;\s]+", value)}:
            for piece in {text, *re.split(r"[@\\/?#]", text)}:
                name = re.sub(r":[^\]]*$", "", piece).strip().rstrip(".").lower()
                found.add(name.encode("latin-1", "replace").decode("utf-8", "replace"))
    return found


def methods(arrived):
    """All methods that a server may take it for."""
    named = [value for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
             for value in arrived.values(name) + arrived.values(name.replace("-", "_"))]
    query = urllib.parse.parse_qs(arrived.target.partition("?")[2])
    named += query.get("_method", [])
    return {arrived.method.upper(), *(one.strip().upper() for value in named for one in value.split(","))}


# ---------------------------------------------------------------------------- what is closed

READS = {"GET", "HEAD", "OPTIONS"}
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def is_in(path, prefix, case_sensitive=False):
    if not case_sensitive:
        path, prefix = path.lower(), prefix.lower()
    return path == prefix or path.startswith(prefix + "/")


# By host: why a request with this path and these methods is closed, as tests/gate/services.yaml has it.
CLOSED = {
    "orders.example.com": lambda path, used: True,
    "shop.example.com": lambda path, used: is_in(path, "/api"),
    "docs.example.com": lambda path, used: not is_in(path, "/public"),
    "ro.example.com": lambda path, used: bool(used & WRITES),
    "reads.example.com": lambda path, used: bool(used - READS),
    "wiki.example.com": lambda path, used: is_in(path, "/edit"),
    "unix.example.com": lambda path, used: is_in(path, "/Api", case_sensitive=True),
}


def closed_part(arrived):
    """Why what arrived could be served as a closed part; None if no server does."""
    targets = {"target": arrived.target}
    for name in ("X-Original-URL", "X-Original-URI", "X-Rewrite-URL", "X-Forwarded-Uri", "X-CF-Forwarded-Url"):
        targets.update({name: value for value in arrived.values(name)})
    for host in hosts(arrived) & set(CLOSED):
        for where, target in targets.items():
            for model, path in paths(target).items():
                if CLOSED[host](path, methods(arrived)):
                    return f"{host} {path} by {where}, {model}"
    return None


# ---------------------------------------------------------------------------- through the routers

class ThroughARouter:
    """`start(gateway, service)` starts the router."""

    # The least of all open rows that the router takes and passes on.
    open_rows = 0.8
    configuration = ""

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        services = (TABLE / "services.yaml").read_text(encoding="utf-8")
        self.gateway = stack.enter_context(Gateway(config=self.configuration + services))
        self.upstream = stack.enter_context(Upstream())
        self.port = stack.enter_context(self.start(self.gateway.port, self.upstream.port))

    def send(self, row):
        """The answer, and what reached the service."""
        heard = exchange(self.port, row.to_wire())
        return heard, self.upstream.take()

    def test_nothing_that_is_closed_arrives(self):
        arrived_at_all = 0
        for row in read_rows():
            _, arrived = self.send(row)
            for one in arrived:
                arrived_at_all += 1
                with self.subTest(row.line):
                    self.assertIsNone(closed_part(one), one)
        self.check_number(arrived_at_all)

    def check_number(self, arrived):
        self.assertGreater(arrived, 50)

    def test_what_is_open_arrives(self):
        rows = [row for row in read_rows() if row.wanted == "open"]
        passed = 0
        for row in rows:
            heard, arrived = self.send(row)
            passed += len(arrived) == 1
            if not arrived:  # the router's own refusal, never the gate's
                with self.subTest(row.line):
                    self.assertNotIn(heard.status, (500, 502, 503), heard)
                    self.assertIsNone(heard.value("X-Maintenance"))
        self.assertGreater(passed, self.open_rows * len(rows))


class ThroughNginx(ThroughARouter, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return nginx("nginx/nginx.conf", gateway, service)


class ThroughCaddy(ThroughARouter, unittest.TestCase):
    @staticmethod
    def start(gateway, service):
        return caddy("caddy/Caddyfile", gateway, service)


class ThroughCaddyThatAddsTheQuery(ThroughARouter, unittest.TestCase):
    """The question without the "?" of the recipe: what clients write after theirs follows the gate's path."""

    @staticmethod
    def start(gateway, service):
        return caddy("caddy/Caddyfile", gateway, service, lambda text: text.replace("intermission/gate?", "intermission/gate"))


class ThroughIngressNginx(ThroughARouter, unittest.TestCase):
    """It hands the Host that the client wrote to the service, and asks the gate about that one and $host."""
    configuration = "error_backend: ingress-nginx\n"
    start = staticmethod(ingress_nginx)


class ThroughHaproxy(ThroughARouter, unittest.TestCase):
    """HAProxy's file has one service, orders, whatever the host: all of it is closed, or all is open."""

    @staticmethod
    def start(gateway, service):
        return haproxy("haproxy/gate.cfg", gateway, service)

    def setUp(self):
        super().setUp()
        self.wait_for(lambda heard: heard.value("X-Maintenance") == "orders")

    def wait_for(self, holds):
        end = time.monotonic() + PATIENCE
        while not holds(exchange(self.port, request("GET", "/", [("Host", "orders.example.com")]))):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        self.upstream.take()

    def check_number(self, arrived):
        self.assertEqual(arrived, 0)

    def test_what_is_open_arrives(self):
        Control(self.gateway).command("off", "orders")
        self.wait_for(lambda heard: heard.status == 200)
        super().test_what_is_open_arrives()


class TheJudge(unittest.TestCase):
    """It can say both."""

    def judge(self, method, host, target, *fields):
        from recipes import Arrived  # pylint: disable=import-outside-toplevel
        return closed_part(Arrived(method, target, [("Host", host), *fields]))

    def test_closed_parts_in_all_spellings(self):
        for target in ("/api", "/api/x", "//api/x", "/%2fapi/x", "/x/..//api/x", "/api;x/y", "/x/..;/api/y",
                       "/api/..%2fpublic", "/api%2f..%2fpublic", "/\\api", "/%5capi", "/API/x", "/api%20", "/api.",
                       "/%2561pi", "/x/%2e%2e/api", "http://x/api", "/api#x"):
            self.assertIsNotNone(self.judge("GET", "shop.example.com", target), target)
        for host in ("orders.example.com", "ORDERS.example.com:80", "orders.example.com.", "x@orders.example.com",
                     "orders.example.com:x@shop.example.com", "shop.example.com, orders.example.com"):
            self.assertIsNotNone(self.judge("GET", host, "/"), host)
        self.assertIsNotNone(self.judge("post", "ro.example.com", "/"))
        self.assertIsNotNone(self.judge("GET", "ro.example.com", "/", ("X-HTTP-Method-Override", "delete")))
        self.assertIsNotNone(self.judge("GET", "ro.example.com", "/?_method=put"))
        self.assertIsNotNone(self.judge("PROPPATCH", "reads.example.com", "/"))
        self.assertIsNotNone(self.judge("GET", "search.example.com", "/", ("X-Forwarded-Host", "orders.example.com")))
        self.assertIsNotNone(self.judge("GET", "shop.example.com", "/", ("X-Original-URL", "/api")))

    def test_open_parts(self):
        for host, target in (("shop.example.com", "/"), ("shop.example.com:80", "/apix"), ("shop.example.com", "/x?/api"),
                             ("docs.example.com", "/public/x"), ("search.example.com", "/api"),
                             ("unix.example.com", "/api"), ("wiki.example.com", "/editor")):
            self.assertIsNone(self.judge("GET", host, target), target)
        self.assertIsNone(self.judge("GET", "ro.example.com", "/"))

    def test_it_knows_every_service_of_the_table(self):
        text = (TABLE / "services.yaml").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r"hosts: \[(\w+\.example\.com)\]", text)), set(CLOSED))


if __name__ == "__main__":
    unittest.main()
