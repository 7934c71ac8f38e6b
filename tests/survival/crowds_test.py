"""More connections than there is room for, and as many as there may be."""

import contextlib
import resource
import select
import signal
import socket
import unittest

from gateway import PATIENCE, PROGRAM, Gateway, free_control_port
from vitals import SANITIZED, Vitals

ASK = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
IDLE = 10_000
# The budget of the design for 10,000 of them.
BUDGET = 40 * 1024 * 1024
OWN_DESCRIPTORS = 64


def read_answer(client):
    received = b""
    while b"\r\n\r\n" not in received:
        part = client.recv(65536)
        assert part, "closed without an answer"
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += client.recv(65536)
    return head


def first_answered(clients):
    ready = select.select(clients, [], [], PATIENCE)[0]
    assert ready, "no client is answered"
    return ready[0]


class Crowds(unittest.TestCase):
    def ask(self, gateway, stack):
        client = self.connect(gateway, stack)
        client.sendall(ASK)
        return client

    def connect(self, gateway, stack):
        return stack.enter_context(socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE))

    def test_64_descriptors_serve_200_clients_in_turn(self):
        command = ["prlimit", "--nofile=64:64", "--", PROGRAM, "serve", "--port", "0", *free_control_port()]
        with Gateway(command=command) as gateway, contextlib.ExitStack() as stack:
            # A sanitizer needs descriptors of its own the first time that a line is logged.
            gateway.send_signal(signal.SIGHUP)
            gateway.stderr.wait_for("was reloaded")
            vitals = Vitals(gateway.port, gateway.process.pid)
            clients = [self.ask(gateway, stack) for _ in range(200)]
            vitals.assert_idle()  # the door is not knocked at without end
            self.assertLessEqual(vitals.process.descriptors(), 64)
            for client in clients:  # each one that leaves makes room for another
                self.assertIn(b" 503 ", read_answer(client))
                client.close()
            gateway.stderr.wait_for("connections wait to be accepted: the ones idle longest are closed")
            vitals.assert_well()

    def test_connections_beyond_the_limit_wait_in_the_queue(self):
        config = "listen: { address: 127.0.0.1, workers: 2 }\nlimits: { connections: 10 }\n"
        with Gateway(config=config) as gateway, contextlib.ExitStack() as stack:
            vitals = Vitals(gateway.port, gateway.process.pid)
            clients = [self.ask(gateway, stack) for _ in range(60)]
            vitals.assert_idle()
            waiting = set(clients)
            while waiting:
                client = first_answered(waiting)
                self.assertIn(b" 503 ", read_answer(client))
                waiting.remove(client)
                client.close()
            vitals.assert_well()

    def test_10000_idle_connections_cost_little_and_no_cpu(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        number = min(IDLE, hard - OWN_DESCRIPTORS)
        with Gateway() as gateway, contextlib.ExitStack() as stack:
            vitals = Vitals(gateway.port, gateway.process.pid)
            for _ in range(number):
                client = self.connect(gateway, stack)
                client.sendall(ASK)
                read_answer(client)
            vitals.assert_answers_at_once()
            vitals.assert_idle()
            above = vitals.process.memory() - vitals.base_memory
            if not SANITIZED:
                self.assertLess(above, BUDGET * number / IDLE)
            stack.close()
            vitals.assert_well()


if __name__ == "__main__":
    unittest.main()
