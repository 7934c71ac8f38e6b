"""Python's own XML-RPC client, and gRPC as people run it: HTTP/2 to a router, HTTP/1.1 behind it."""

import json
import pathlib
import platform
import re
import subprocess
import unittest
import xmlrpc.client

import grpc
import museum
from gateway import PATIENCE, Gateway, environment
from routers_test import ROUTERS, running

MESSAGE = "Back at 02:00 UTC – 100 % <sure> & thank you"
SPOKEN = re.compile(re.escape(MESSAGE) + r"\. Please try again in ([1-9][0-9]*) seconds\.")
HERE = pathlib.Path(__file__).parent


class XmlRpc(unittest.TestCase):
    def test_the_fault_carries_the_message(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
            with xmlrpc.client.ServerProxy(f"{gateway.url}/RPC2") as server:
                with self.assertRaises(xmlrpc.client.Fault) as caught:
                    server.getOrder(7)
        self.assertEqual(caught.exception.faultCode, 503)
        self.assertRegex(caught.exception.faultString, SPOKEN)
        museum.exhibit("xmlrpc.client (Python)", platform.python_version(), "XML-RPC",
                       f"Fault 503: {caught.exception.faultString}", MESSAGE)


class Grpc(unittest.TestCase):
    def assert_unavailable(self, code, details, pushback):
        self.assertEqual(code, "UNAVAILABLE")
        seconds = SPOKEN.fullmatch(details)
        self.assertTrue(seconds, details)
        self.assertEqual(list(pushback), [f"{seconds[1]}000"])

    def call_with_grpcio(self, port):
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            with self.assertRaises(grpc.RpcError) as caught:
                channel.unary_unary("/orders.Orders/Get")(b"", timeout=PATIENCE)
        error = caught.exception
        pushback = [value for name, value in error.trailing_metadata() if name == "grpc-retry-pushback-ms"]
        self.assert_unavailable(error.code().name, error.details(), pushback)
        return error.details()

    def call_with_grpc_js(self, port):
        done = subprocess.run(["node", str(HERE / "grpc_js.mjs"), f"127.0.0.1:{port}"], capture_output=True, text=True,
                              env=environment(), timeout=PATIENCE, check=True)
        seen = json.loads(done.stdout)
        self.assert_unavailable(seen["code"], seen["details"], seen["pushback"])
        return seen

    def test_behind_routers(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
            for name in ("haproxy", "nginx"):
                with self.subTest(name), running(ROUTERS[name], gateway.port) as (_, http2):
                    details = self.call_with_grpcio(http2)
                    museum.exhibit("grpcio", grpc.__version__, f"gRPC through {name}", f"UNAVAILABLE: {details}", MESSAGE)
                    seen = self.call_with_grpc_js(http2)
                    museum.exhibit("@grpc/grpc-js", seen["version"], f"gRPC through {name}",
                                   f"{seen['code']}: {seen['details']}", MESSAGE)


if __name__ == "__main__":
    unittest.main()
