"""Ten minutes of each router's own clock in front of a gateway that answers 503, and all the other statuses of its dialects,
with the files of deploy/ as they are shipped: none of the routers takes the gateway out for it, and each answer has the
message.

The clock is Debian's libfaketime's, loaded into the router alone: it runs SPEED times as fast, and so do the router's sleeps
and its waits for events. What counts failures, puts servers aside and tries them again is the router's own code with the
intervals of the file. That its clock did run so fast is read from the `Date` of an answer that the router makes itself.
Caddy asks the kernel for the time without the C library, and Varnish's two processes give each other up if one is slow by
a clock that is fast: there the intervals of the file are divided by SPEED instead.
The gateway's own clock is ordinary, so the limits for connecting to it and waiting for it are multiplied by SPEED; they are
not what is tried here.

That such a test can fail: each file is damaged once, so that a 503 counts as a failure, and the message is lost. A router that
puts the gateway aside for a time is given a minute of its clock, and the message has to come back within the ten minutes.
Squid, h2o and nghttpx count no statuses at all: there the damage is an answer that is replaced, or a service that shares the
requests.
"""

import concurrent.futures
import contextlib
import dataclasses
import email.utils
import glob
import pathlib
import re
import socket
import tempfile
import time
import unittest
import urllib.request

import recipes
from gateway import PATIENCE, Gateway
from ports import free_port
from recipes import unchanged
from routers_test import read_answer
from stand_ins_test import HOST, conversations, exchanged

LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")
SPEED = 60
# jemalloc asks for the time before libfaketime is ready. With these, nghttpx gets its memory from the C library.
FAST = {"LD_PRELOAD": f"libc_malloc_debug.so.0:libstdc++.so.6:{LIBRARY}", "FAKETIME": f"+0 x{SPEED}", "NO_FAKE_STAT": "1"}
TEN_MINUTES = 600
# Fewer answers in ten minutes would say little; on a busy machine they take longer.
AT_LEAST = 150
CONFIGURATION = ("defaults: { retry_after: { jitter: 0% } }\ntrusted_proxies: [127.0.0.1]\n"
                 "services: [{ name: orders, hosts: [orders.example.com] }]\n")


def patient(text):
    """The gateway is not in fast motion: limits for connecting to it and for its answers, on the router's clock."""
    text = re.sub(r"(timeout (?:connect|client|server)) \d+s", r"\1 1h", text)  # HAProxy
    text = text.replace("proxy_connect_timeout 1s;", "proxy_connect_timeout 1h;")  # nginx
    text = text.replace("http {", "http { proxy_read_timeout 1h; proxy_send_timeout 1h; client_header_timeout 1h;", 1)
    text = text.replace("connect-timeout=1\n", f"connect-timeout={SPEED}\n")  # Squid
    return text.replace("connect_attempts_timeout INT 1\n", f"connect_attempts_timeout INT {SPEED}\n")  # Traffic Server


@dataclasses.dataclass
class Recipe:
    """`start(gateway, service, change)` starts the router and has its port."""
    start: object
    damage: object  # what its page warns of, as a change of its text
    comes_back: bool = True  # the damaged one, after a minute
    shares: bool = False  # the damaged one, its requests with the service
    host: str = HOST
    own_answer: bytes = f"GET /.well-known/intermission/gate HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    # What the router answers itself; empty: its intervals are divided.


def replaced(*pairs):
    """A change of text; what is not there to be changed is a mistake of the test."""
    def change(text):
        for old, new in pairs:
            assert re.search(old, text), f"{old} is not in the recipe"
            text = re.sub(old, new, text)
        return text
    return change


def nginx(name):
    return lambda gateway, service, change: recipes.nginx(name, gateway, service, lambda text: patient(change(text)).replace(
        "listen 50051 http2;", f"listen 127.0.0.1:{free_port()} http2;"), FAST)


NGINX_PEERS = replaced((r"(upstream intermission {\s+)(server \S+) fail_timeout=1s;", r"\1\2 fail_timeout=60s; \2 fail_timeout=60s;"),
                       (r"http {", "http { proxy_next_upstream error timeout http_503 http_403 non_idempotent;"))
NGINX_BACKUP = replaced((r"backup fail_timeout=1s;", "backup fail_timeout=60s;"),
                        (r"http {", "http { proxy_next_upstream error timeout http_503 non_idempotent;"))


def haproxy(name):
    def start(gateway, service, change):
        dated = replaced((r"return status 404 if", 'return status 404 hdr Date "%[date,http_date]" if'))
        return recipes.haproxy(name, gateway, service, lambda text: patient(dated(change(text))), FAST)
    return start


HAPROXY_OBSERVES = replaced((r"(server intermission \S+(?: backup)?)\n",
                             r"\1 check inter 60s observe layer7 error-limit 1 on-error mark-down\n"))
# Its check would fail for another reason.
HAPROXY_CHECK = (r"httpchk GET /health", "httpchk GET /.well-known/intermission/health")


def apache(name):
    return lambda gateway, service, change: recipes.apache(
        name, gateway, service, lambda text: "Timeout 3600\n" + change(text), FAST)


APACHE_SPARE = replaced((r"status=\+H\+I", "status=+H retry=60"),
                        (r"# ProxySet failonstatus=503", "ProxySet failonstatus=503 forcerecovery=Off"))
APACHE_FLAG = replaced((r'"http://(\S+)%{REQUEST_URI}" \[P,NE\]', r'''"balancer://gateway%{REQUEST_URI}" [P,NE]
  <Proxy balancer://gateway>
    BalancerMember http://\1 retry=60
    ProxySet failonstatus=503 forcerecovery=Off
  </Proxy>'''))


@contextlib.contextmanager
def with_flag(start, gateway, service, change):
    """The file that switches the router is there."""
    with tempfile.TemporaryDirectory(prefix="intermission-flag-") as folder:
        pathlib.Path(folder).chmod(0o755)  # h2o gives up being root
        flag = pathlib.Path(folder, "orders")
        flag.touch()
        with start(gateway, service, lambda text: change(text).replace("/run/intermission/orders", str(flag))) as port:
            yield port


def flagged(start):
    return lambda gateway, service, change: with_flag(start, gateway, service, change)


def h2o(name):
    return lambda gateway, service, change: recipes.h2o(
        name, gateway, service, lambda text: "proxy.timeout.io: 3600000\nhttp1-request-timeout: 3600\n" + change(text), FAST)


H2O_ERROR_DOC = replaced((r"hosts:\n", 'error-doc:\n  - { status: 503, url: "/.well-known/intermission/gate" }\nhosts:\n'))


def varnish(gateway, service, change):
    interval = replaced((r"\.interval = 1s;", f".interval = {1 / SPEED:.3f}s;"))
    return recipes.varnish(gateway, service, lambda text: change(interval(text)))


VARNISH_PROBE = replaced((r"#second (?=.probe = gateway;\n)", ""), (r".probe = gateway;", ".probe = well;"))


def caddy(name):
    """Of the file's intervals only how long it waits to ask again is a limit."""
    def start(gateway, service, change):
        def divided(text):
            text = change(text)
            text = text.replace("lb_try_duration 1s", "lb_try_duration 1s\n\t\tlb_try_interval 4ms")
            return re.sub(r"(fail_duration) (\d+)s", lambda found: f"{found[1]} {int(found[2]) * 1000 // SPEED}ms", text)
        return recipes.caddy(name, gateway, service, divided)
    return start


CADDY_STATUS = replaced((r"fail_duration 2s", "fail_duration 60s\n\t\tunhealthy_status 5xx"))
CADDY_GATE_STATUS = replaced((r"uri /.well-known/intermission/gate\?", r"\g<0>\n\t\tfail_duration 60s\n\t\tunhealthy_status 5xx"))


def squid(gateway, service, change):
    return recipes.squid(gateway, service, lambda text: patient(change(text)), FAST)


SQUID_REPLY = replaced((r"http_access allow all\n", r"\g<0>acl unavailable http_status 503\nhttp_reply_access deny unavailable\n"))


def traffic_server(gateway, service, change):
    def limits(text):
        return text + ("CONFIG proxy.config.http.transaction_no_activity_timeout_in INT 3600\n"
                       "CONFIG proxy.config.http.transaction_no_activity_timeout_out INT 3600\n" if "server_ports" in text else "")
    return recipes.traffic_server(gateway, service, lambda text: patient(limits(change(text))), FAST)


def traffic_server_retries(text):
    text = text.replace("retry_time INT 1\n", "retry_time INT 60\n")
    return text.replace("parent_is_proxy=false", 'parent_is_proxy=false parent_retry=unavailable_server_retry '
                        'unavailable_server_retry_responses="503" max_unavailable_server_retries=1')


@contextlib.contextmanager
def nghttpx(gateway, service, change):
    limits = "".join(f"{one}=1h\n" for one in ("backend-read-timeout", "backend-write-timeout", "backend-connect-timeout",
                                               "frontend-read-timeout", "frontend-http2-read-timeout"))
    with recipes.nghttpx(gateway, service, lambda text: text + limits, FAST) as (port, api):
        text = change(recipes.nghttpx_recipe("nghttpx/maintenance.conf", gateway, service)).replace("SERVICE", str(service))
        with urllib.request.urlopen(f"http://127.0.0.1:{api}/api/v1beta1/backendconfig", text.encode(), PATIENCE):
            yield port


NGHTTPX_BOTH = replaced((r"\A", "backend=127.0.0.1,SERVICE\n"))

RECIPES = {
    "nginx/nginx.conf": Recipe(nginx("nginx/nginx.conf"), NGINX_PEERS),
    "nginx/stand-in.conf": Recipe(nginx("nginx/stand-in.conf"), NGINX_PEERS),
    "nginx/backup.conf": Recipe(nginx("nginx/backup.conf"), NGINX_BACKUP),
    "haproxy/haproxy.cfg": Recipe(haproxy("haproxy/haproxy.cfg"), lambda text: replaced(HAPROXY_CHECK)(HAPROXY_OBSERVES(text))),
    "haproxy/gate.cfg": Recipe(haproxy("haproxy/gate.cfg"), HAPROXY_OBSERVES),
    "haproxy/fallback.cfg": Recipe(haproxy("haproxy/fallback.cfg"), HAPROXY_OBSERVES, host="other.example.com"),
    "apache/hot-spare.conf": Recipe(apache("apache/hot-spare.conf"), APACHE_SPARE),
    "apache/flag.conf": Recipe(flagged(apache("apache/flag.conf")), APACHE_FLAG),
    "varnish/default.vcl": Recipe(varnish, VARNISH_PROBE, comes_back=False, own_answer=b""),
    "caddy/stand-in.Caddyfile": Recipe(caddy("caddy/stand-in.Caddyfile"), CADDY_STATUS, own_answer=b""),
    "caddy/Caddyfile": Recipe(caddy("caddy/Caddyfile"), CADDY_GATE_STATUS, own_answer=b""),
    "squid/squid.conf": Recipe(squid, SQUID_REPLY, comes_back=False),
    "trafficserver": Recipe(traffic_server, traffic_server_retries),
    "h2o/stand-in.conf": Recipe(flagged(h2o("h2o/stand-in.conf")), H2O_ERROR_DOC, comes_back=False),
    "h2o/gate.conf": Recipe(h2o("h2o/gate.conf"), H2O_ERROR_DOC, comes_back=False),
    "nghttpx/nghttpx.conf": Recipe(nghttpx, NGHTTPX_BOTH, comes_back=False, shares=True,
                                   own_answer=b"GET / HTTP/1.1\r\nContent-Length: x\r\nConnection: close\r\n\r\n"),
}

# They ask the gate before each request; HAProxy's gate.cfg does not.
GATES = {"nginx/nginx.conf", "caddy/Caddyfile", "h2o/gate.conf"}


class FastMotion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        assert LIBRARY, "libfaketime is needed; scripts/test installs it"
        cls.gateway = cls.enterClassContext(Gateway(config=CONFIGURATION))
        cls.asked = {(host, gate): cls.conversations(host, gate)
                     for host in {recipe.host for recipe in RECIPES.values()} for gate in (False, True)}

    @classmethod
    def conversations(cls, host, gate):
        """Up to three conversations for each status of the gateway, and what is heard in them. A gate says 503 for 2xx, and
        does not see bodies."""
        by_status = {}
        for one in conversations():
            one.fields[0] = ("Host", host)
            heard = essence(exchanged(cls.gateway.port, one.to_wire()))
            plain = not one.body or any(name.lower() == "soapaction" for name, _ in one.fields)
            if heard.maintenance and not one.name.startswith("grpc/") and (not gate or plain and heard.status != "200"):
                by_status.setdefault(heard.status, []).append((one.to_wire(), heard))
        assert set(by_status) >= ({"500", "503"} if gate else {"200", "500", "503"}), set(by_status)
        return [pair for pairs in by_status.values() for pair in pairs[:3]]

    def ask_for_ten_minutes(self, name, recipe, change, until=lambda answers: False):
        """Whether each answer was the one that it should be; once for each second of the router's clock at most."""
        asked = self.asked[recipe.host, name in GATES]
        answers = []
        with contextlib.closing(socket.socket()) as dead, recipes.Upstream() as alive:
            dead.bind(("127.0.0.1", 0))  # and does not listen
            service = alive.port if recipe.shares and change is recipe.damage else dead.getsockname()[1]
            with recipe.start(self.gateway.port, service, change) as port:
                started, date = time.monotonic(), own_date(port, recipe)
                end = started + TEN_MINUTES / SPEED
                while (time.monotonic() < end or len(answers) < AT_LEAST) and not until(answers):
                    sent, wanted = asked[len(answers) % len(asked)]
                    heard = essence(exchanged(port, sent))
                    answers.append(heard == wanted)
                    if not answers[-1] and change is unchanged:
                        return f"answer {len(answers)}, {(time.monotonic() - started) * SPEED:.0f} s after the start: {heard}, not {wanted}"
                    if time.monotonic() > started + PATIENCE:
                        return f"only {len(answers)} answers in {PATIENCE} s"
                    time.sleep(1 / SPEED)
                if date and change is unchanged:
                    passed = (own_date(port, recipe) - date).total_seconds()
                    if passed < TEN_MINUTES - SPEED:
                        return f"only {passed} s have passed by its own clock"
        return answers

    def all_recipes(self, try_one, judge):
        """Side by side: they mostly wait."""
        with concurrent.futures.ThreadPoolExecutor(len(RECIPES)) as pool:
            tries = {name: pool.submit(try_one, name, recipe) for name, recipe in RECIPES.items()}
            for name, done in tries.items():
                with self.subTest(name):
                    answers = done.result()
                    self.assertIsInstance(answers, list, answers)
                    judge(name, answers)

    def test_nothing_takes_the_gateway_out(self):
        self.all_recipes(lambda name, recipe: self.ask_for_ten_minutes(name, recipe, unchanged),
                         lambda _, answers: self.assertGreaterEqual(answers.count(True), AT_LEAST))

    def test_damaged_files_do(self):
        def seen(recipe, answers):
            return False in answers and (not recipe.comes_back or True in answers[answers.index(False):])

        self.all_recipes(
            lambda name, recipe: self.ask_for_ten_minutes(name, recipe, recipe.damage, lambda answers: seen(recipe, answers)),
            lambda name, answers: self.assertTrue(seen(RECIPES[name], answers), f"{answers.count(False)} of {len(answers)} lost"))


@dataclasses.dataclass
class Essence:
    status: str
    maintenance: list
    body: bytes  # without numbers, for the wait differs


def essence(received):
    if b"\r\n\r\n" not in received:
        return Essence("", [], received)
    status, fields, body = read_answer(received)
    return Essence(status, fields.get("x-maintenance"), body)


def own_date(port, recipe):
    if not recipe.own_answer:
        return None
    received = exchanged(port, recipe.own_answer)
    found = re.search(rb"\r\n[Dd]ate: (.*?)\r\n", received)
    assert found, received
    return email.utils.parsedate_to_datetime(found[1].decode())


if __name__ == "__main__":
    unittest.main()
