"""grpc-go against the gateway: in clear text, over TLS, and behind routers. Its retries, and its health checks."""

import json
import pathlib
import subprocess
import tempfile
import unittest

import museum
from certificates import issue
from gateway import PATIENCE, Gateway, artefact, environment
from http2_test import GRPC_ROUTERS, MESSAGE, SPOKEN
from routers_test import running
from tls_test import listening_by_tls, tls_port

HERE = pathlib.Path(__file__).parent
BUILD = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOTOOLCHAIN": "local",
         "GOCACHE": str(artefact("go-build")), "HOME": tempfile.gettempdir()}
WAIT = 2
ORDERS = f"""
defaults:
  message: {json.dumps(MESSAGE)}
  retry_after: {{ default: {WAIT}s, min: 1s, jitter: 0% }}
"""
CALLS = ("unary", "large", "requests as a stream", "answers as a stream", "both as streams")


class GrpcGo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="intermission-go-"))
        cls.program = pathlib.Path(folder) / "client"
        subprocess.run(["/usr/bin/go", "build", "-o", cls.program, HERE / "grpc_go.go"], cwd=folder, check=True,
                       capture_output=True, env=environment(BUILD), timeout=360)

    def call(self, address, *arguments, calls=""):
        """What the callers were given, by the name of the call."""
        done = subprocess.run([self.program, address, *map(str, arguments)], capture_output=True, text=True, check=False,
                              env=environment({"GRPC_GO_RETRY": "on", "CALLS": calls}), timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {one["call"]: one for one in map(json.loads, done.stdout.splitlines())}

    def assert_told(self, seen, service="default"):
        self.assertEqual(seen["code"], "Unavailable", seen)
        self.assertRegex(seen["message"], SPOKEN)
        self.assertEqual(seen["error"], f"rpc error: code = Unavailable desc = {seen['message']}", "every detail is known")
        self.assertEqual(seen["pushback"], [f"{WAIT}000"])
        self.assertEqual(seen["delay"], WAIT)
        self.assertEqual((seen["reason"], seen["domain"]), ("MAINTENANCE", service))
        self.assertEqual((seen["locale"], seen["words"]), ("en", MESSAGE))

    def test_calls(self):
        with Gateway(config=ORDERS) as gateway:
            seen = self.call(f"127.0.0.1:{gateway.port}")
            for name in CALLS:
                with self.subTest(name):
                    self.assert_told(seen[name])
            with self.subTest("retries after the pushback"):
                self.assert_told(seen["retrying"])
                self.assertGreaterEqual(seen["retrying"]["took"], WAIT - museum.TOLERANCE)
            with self.subTest("health"):
                self.assertEqual(seen["check "]["statuses"], ["NOT_SERVING"])
                self.assertEqual(seen["check intermission"]["statuses"], ["SERVING"])
                self.assertEqual(seen["watch"]["statuses"], ["NOT_SERVING"])
                self.assertEqual(seen["watch"]["code"], "Unavailable")
                self.assertGreaterEqual(seen["watch"]["took"], WAIT - 1, "it stays open for the wait")
        unary, retrying, checking = seen["unary"], seen["retrying"], seen["checking health"]
        museum.exhibit("grpc-go", unary["version"], "gRPC, HTTP/2 straight", unary["error"], museum.NEVER, MESSAGE)
        museum.exhibit("grpc-go", unary["version"], "gRPC with a retry policy", retrying["error"], museum.AS_TOLD, MESSAGE)
        museum.exhibit("grpc-go", unary["version"], "gRPC with client-side health checks", checking["error"],
                       museum.NEVER, MESSAGE)

    def test_health_checks_that_are_switched_off_tell_the_message(self):
        with Gateway(config=ORDERS + "  grpc: { health: false }\n") as gateway:
            seen = self.call(f"127.0.0.1:{gateway.port}", calls="check,watch,checking health")
        self.assert_told(seen["check "])
        self.assert_told(seen["watch"])
        self.assertEqual(seen["check intermission"]["statuses"], ["SERVING"])
        self.assertRegex(seen["checking health"]["message"], SPOKEN)
        museum.exhibit("grpc-go", seen["watch"]["version"], "gRPC with client-side health checks, grpc.health: false",
                       seen["checking health"]["error"], museum.NEVER, MESSAGE)

    def test_over_tls(self):
        with tempfile.TemporaryDirectory(prefix="intermission-go-") as folder:
            authority = issue(folder, "authority", is_authority=True)
            own = issue(folder, "own", "localhost", authority=authority)
            with Gateway(config=listening_by_tls(own) + ORDERS) as gateway:
                seen = self.call(f"localhost:{tls_port(gateway)}", authority.certificate, calls=",".join(CALLS))
        for name in CALLS:
            with self.subTest(name):
                self.assert_told(seen[name])

    def test_behind_routers(self):
        with Gateway(config=ORDERS) as gateway:
            for router, how in GRPC_ROUTERS.items():
                with self.subTest(router), running(how, gateway.port) as (_, http2):
                    seen = self.call(f"127.0.0.1:{http2}", calls="unary,answers as a stream")
                    self.assert_told(seen["unary"])
                    self.assert_told(seen["answers as a stream"])


if __name__ == "__main__":
    unittest.main()
