"""The files of deploy/ with their lines for a second gateway: while the service is down, either of the two may be killed, and
clients hear the other one."""

import contextlib
import functools
import re
import unittest
import urllib.request

import recipes
from gateway import PATIENCE, Gateway
from ports import free_port
from stand_ins_test import CONFIGURATION, HOST, Service, exchanged, wait_until

IN_A_ROW = 8
BODY = b'{"a":1}'


def ask(port, method):
    length = f"Content-Length: {len(BODY)}\r\n" if method == "POST" else ""
    return exchanged(port, f"{method} /7 HTTP/1.1\r\nHost: {HOST}\r\nAccept: application/json\r\n{length}Connection: close\r\n\r\n".encode()
                     + (BODY if length else b""))


def hears_gateway(port, method="GET"):
    answer = ask(port, method)
    return answer.startswith(b"HTTP/1.1 503 ") and b"System currently down for maintenance" in answer


def with_second(second, text):
    assert "8081" in text, "no line for a second gateway"
    return text.replace("#second ", "").replace("8081", str(second))


def of(name, starter):
    return staticmethod(lambda gateway, service, change: starter(name, gateway, service, change))


def haproxy(name):
    return of(name, lambda _, gateway, service, change: recipes.haproxy(
        name, gateway, service, lambda text: recipes.quick_checks(change(text))))


def caddy(name):
    return of(name, lambda _, gateway, service, change: recipes.caddy(
        name, gateway, service, lambda text: re.sub(r"\{\$GATEWAY2:([^}]*)\}", r"\1", change(text))))


class TwoGateways:
    """`start(gateway, service, change)` starts the router and has its port."""

    def test_either_may_be_killed(self):
        ports = [free_port(), free_port()]
        gateways = [contextlib.ExitStack(), contextlib.ExitStack()]
        for port, gateway in zip(ports, gateways):
            self.addCleanup(gateway.close)
            gateway.enter_context(Gateway(config=CONFIGURATION, port=port))
        dead = Service()  # never started
        with self.start(ports[0], dead.port, functools.partial(with_second, ports[1])) as router:
            wait_until(lambda: hears_gateway(router), "the gateway is heard")
            for port, gateway in zip(ports, gateways):
                gateway.close()
                wait_until(lambda: hears_gateway(router) and hears_gateway(router, "POST"), "the other one is heard")
                for number in range(IN_A_ROW):
                    self.assertTrue(hears_gateway(router, "POST" if number % 2 else "GET"), number)
                gateway.enter_context(Gateway(config=CONFIGURATION, port=port))
                self.wait_for_return(router)

    def wait_for_return(self, router):
        """Until the router uses it again: both are asked in turn, or it is the first."""
        wait_until(lambda: all(hears_gateway(router) for _ in range(4)), "both are there")


class NginxBackup(TwoGateways, unittest.TestCase):
    @staticmethod
    def start(gateway, service, change):
        return recipes.nginx("nginx/backup.conf", gateway, service, lambda text: change(text).replace(
            "listen 50051 http2;", f"listen 127.0.0.1:{free_port()} http2;"))


class NginxErrorPage(TwoGateways, unittest.TestCase):
    start = of("nginx/stand-in.conf", recipes.nginx)


class NginxGate(TwoGateways, unittest.TestCase):
    start = of("nginx/nginx.conf", recipes.nginx)


class Haproxy(TwoGateways, unittest.TestCase):
    start = haproxy("haproxy/haproxy.cfg")


class HaproxyFallback(TwoGateways, unittest.TestCase):
    start = haproxy("haproxy/fallback.cfg")


class HaproxyGate(TwoGateways, unittest.TestCase):
    start = haproxy("haproxy/gate.cfg")


class ApacheHotSpare(TwoGateways, unittest.TestCase):
    start = of("apache/hot-spare.conf", lambda name, gateway, service, change: recipes.apache(
        name, gateway, service, lambda text: change(re.sub(r"BalancerMember .*\+I\n", "", text))))


class Varnish(TwoGateways, unittest.TestCase):
    @staticmethod
    def start(gateway, service, change):
        return recipes.varnish(gateway, service, lambda text: recipes.quick_checks(change(text)))


class CaddyStandIn(TwoGateways, unittest.TestCase):
    start = caddy("caddy/stand-in.Caddyfile")


class CaddyGate(TwoGateways, unittest.TestCase):
    start = caddy("caddy/Caddyfile")


class Squid(TwoGateways, unittest.TestCase):
    start = staticmethod(recipes.squid)


class Nghttpx(TwoGateways, unittest.TestCase):
    @staticmethod
    @contextlib.contextmanager
    def start(gateway, service, change):
        with recipes.nghttpx(gateway, service) as (port, api):
            text = change(recipes.nghttpx_recipe("nghttpx/maintenance.conf", gateway, service))
            with urllib.request.urlopen(f"http://127.0.0.1:{api}/api/v1beta1/backendconfig", text.encode(), PATIENCE):
                yield port


class TrafficServer(TwoGateways, unittest.TestCase):
    """Its page says what to add to the line of parent.config."""

    @staticmethod
    def start(gateway, service, change):
        added = change(";127.0.0.1:8081")
        return recipes.traffic_server(gateway, service, lambda text: text.replace(
            f"127.0.0.1:{gateway}\" round_robin", f"127.0.0.1:{gateway}{added}\" round_robin"))


if __name__ == "__main__":
    unittest.main()
