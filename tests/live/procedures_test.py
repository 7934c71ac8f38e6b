"""Python's own XML-RPC client, and gRPC as people run it: HTTP/2 to a router, HTTP/1.1 behind it."""

import itertools
import json
import pathlib
import platform
import re
import subprocess
import unittest
import xmlrpc.client

import grpc
import museum
from counting_proxy import CountingProxy
from gateway import PATIENCE, Gateway, environment
from routers_test import ROUTERS, running
from rpc_status import details_of

MESSAGE = "Back at 02:00 UTC – 100 % <sure> & thank you"
SPOKEN = re.compile(re.escape(MESSAGE) + r"\. Please try again in ([1-9][0-9]*) seconds\.")
HERE = pathlib.Path(__file__).parent


class XmlRpc(unittest.TestCase):
    def test_the_fault_carries_the_message(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway, \
                CountingProxy(gateway.host, gateway.port) as proxy:
            with xmlrpc.client.ServerProxy(f"{proxy.urls[0]}/RPC2") as server:
                with self.assertRaises(xmlrpc.client.Fault) as caught:
                    server.getOrder(7)
        self.assertEqual(caught.exception.faultCode, 503)
        self.assertRegex(caught.exception.faultString, SPOKEN)
        museum.exhibit("xmlrpc.client (Python)", platform.python_version(), "XML-RPC",
                       f"Fault 503: {caught.exception.faultString}", museum.comes_back(proxy.pauses(proxy.urls[0])), MESSAGE)


class Grpc(unittest.TestCase):
    def assert_unavailable(self, code, details, pushback, delay):
        self.assertEqual(code, "UNAVAILABLE")
        seconds = SPOKEN.fullmatch(details)
        self.assertTrue(seconds, details)
        self.assertEqual(list(pushback), [f"{seconds[1]}000"])
        self.assertEqual(delay, int(seconds[1]))

    def call_with_grpcio(self, port):
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            with self.assertRaises(grpc.RpcError) as caught:
                channel.unary_unary("/orders.Orders/Get")(b"", timeout=PATIENCE)
        error = caught.exception
        pushback = [value for name, value in error.trailing_metadata() if name == "grpc-retry-pushback-ms"]
        self.assert_unavailable(error.code().name, error.details(), pushback, details_of(error).delay)
        return {"client": "grpcio", "version": grpc.__version__, "code": error.code().name, "details": error.details()}

    def call_with_grpc_js(self, port):
        done = subprocess.run(["node", str(HERE / "grpc_js.mjs"), f"127.0.0.1:{port}"], capture_output=True, text=True,
                              env=environment(), timeout=PATIENCE, check=True)
        seen = json.loads(done.stdout)
        self.assert_unavailable(seen["code"], seen["details"], seen["pushback"], seen["status"]["delay"])
        return {"client": "@grpc/grpc-js", **seen}

    def test_behind_routers(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
            for name, client in itertools.product(("haproxy", "nginx"), (self.call_with_grpcio, self.call_with_grpc_js)):
                with self.subTest(name, client=client), CountingProxy(gateway.host, gateway.port) as proxy, \
                        running(ROUTERS[name], int(proxy.urls[0].rpartition(":")[2])) as (_, http2):
                    seen = client(http2)
                    museum.exhibit(seen["client"], seen["version"], f"gRPC through {name}",
                                   f"{seen['code']}: {seen['details']}",
                                   museum.comes_back(proxy.pauses(proxy.urls[0])), MESSAGE)


if __name__ == "__main__":
    unittest.main()
