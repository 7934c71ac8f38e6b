"""Clients that hold whatever they can get: memory, connections, descriptors. Others are served meanwhile."""

import pathlib
import resource
import time
import unittest

from control import Control
from gateway import PROGRAM, Gateway
from hoard import hoard
from vitals import SANITIZED, Process, Vitals, ask, wait_until

MIB = 1024 * 1024
# The whole of an instance in manifest.yml, and the share of it that the gateway takes for connections.
INSTANCE = 64 * MIB
INSTANCE_BUFFERED = 16 * MIB
# One answer, however many there are who want nothing but to be in the way, on a machine that is busy with them.
SECONDS_OF_A_PROBE = 20
SECONDS_OF_HARM = 4 if SANITIZED else 8
HEALTH = b"GET /.well-known/intermission/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
CONFIG = "listen: {{ address: 127.0.0.1, workers: 2 }}\nlimits: {{ buffered_bytes: {} }}\n"


def peak_memory(pid):
    """The most that was resident so far."""
    for line in pathlib.Path("/proc", str(pid), "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return Process(pid).memory()


def metric(control, name):
    lines = control.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith(name + " ")).split()[1])


class Memory(unittest.TestCase):
    def probe(self, gateway):
        began = time.monotonic()
        answer = ask(gateway.port, HEALTH)
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer[:200])
        self.assertLess(time.monotonic() - began, SECONDS_OF_A_PROBE)

    def hold(self, kind, number, buffered, most):
        """So many clients of this kind; `most` bytes are ever resident, and memory goes back afterwards."""
        with Gateway(config=CONFIG.format(buffered)) as gateway:
            vitals = Vitals(gateway.port, gateway.process.pid)
            control = Control(gateway)
            memory = vitals.base_memory
            with hoard(gateway.host, gateway.port, number, kind):
                end = time.monotonic() + SECONDS_OF_HARM
                while time.monotonic() < end:
                    self.probe(gateway)
                    memory = max(memory, vitals.process.memory())
                    self.assertLess(metric(control, "intermission_buffered_bytes"), buffered + MIB)
                self.assertEqual(control.command("status").returncode, 0)
                self.assertGreater(metric(control, "intermission_shed_for_memory_total"), 0)
            if not SANITIZED:
                self.assertLess(max(memory, peak_memory(gateway.process.pid)), most)
            wait_until(lambda: metric(control, "intermission_buffered_bytes") == 0, "nothing is held")
            wait_until(lambda: SANITIZED or vitals.process.memory() < vitals.base_memory + 8 * MIB, "memory goes back")
            vitals.assert_well()

    def test_2000_long_heads_fit_into_an_instance(self):
        self.hold("long-heads", 2000, INSTANCE_BUFFERED, INSTANCE)

    def test_2000_long_heads_with_long_bodies_fit_into_an_instance(self):
        self.hold("long-bodies", 2000, INSTANCE_BUFFERED, INSTANCE)

    def test_500_slow_readers_who_pipeline_fit_into_an_instance(self):
        self.hold("readers", 500, INSTANCE_BUFFERED, INSTANCE)

    @unittest.skipIf(SANITIZED, "a sanitizer makes the program several times slower: 2000 are as much in its way")
    def test_20000_long_heads_with_long_bodies_keep_the_budget(self):
        """As many as the descriptors of one process are enough for, on both sides."""
        number = min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 600)
        self.hold("long-bodies", number, 2 * INSTANCE_BUFFERED, 2 * INSTANCE)


class Descriptors(unittest.TestCase):
    """250 clients in the way of a process that may have 200 descriptors."""

    def hold(self, kind):
        command = ["prlimit", "--nofile=100:200", "--", PROGRAM, "serve", "--port", "0", "--control-port", "0"]
        with Gateway(command=command) as gateway:
            gateway.stderr.wait_for(r"limits\.connections is reduced from 20000 to 1\d\d: .* 200 descriptors")
            vitals = Vitals(gateway.port, gateway.process.pid)
            control = Control(gateway)
            with hoard(gateway.host, gateway.port, 250, kind):
                for _ in range(10):
                    began = time.monotonic()
                    self.assertTrue(ask(gateway.port, HEALTH).startswith(b"HTTP/1.1 200 "))
                    self.assertEqual(control.get("/healthz").status, 200)
                    result = control.command("status")
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertLess(time.monotonic() - began, SECONDS_OF_A_PROBE)
                self.assertEqual(control.post("/api/reload").status, 200)
            self.assertNotRegex("\n".join(gateway.stderr.so_far()), "Too many open files")
            vitals.assert_well()

    def test_half_heads(self):
        self.hold("half-heads")

    def test_half_bodies(self):
        self.hold("half-bodies")

    def test_silence(self):
        self.hold("silent")

    def test_slow_readers(self):
        self.hold("readers")


if __name__ == "__main__":
    unittest.main()
