"""Handshakes of TLS that are begun and never ended, and clients that only want to cost a signature."""

import contextlib
import socket
import ssl
import tempfile
import threading
import unittest

from certificates import issue
from gateway import PATIENCE, Gateway
from vitals import Vitals

HALF_GREETING = bytes.fromhex("16030102000100")
MANY = 1_000


class Handshakes(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="intermission-tls-"))
        self.own = issue(self.folder, "own", "localhost")

    def start(self, limits=""):
        files = f"certificate: {self.own.certificate}, key: {self.own.key}"
        config = (f"listen: {{ address: 127.0.0.1, tls: {{ port: 0, certificates: [{{ {files} }}] }} }}\n"
                  f"control: {{ tls: {{ {files} }} }}\n{limits}")
        gateway = self.enterContext(Gateway(config=config))
        port = int(gateway.stdout.wait_for(r"^intermission: data https://\S+:(\d+)$").group(1))
        control = int(gateway.stdout.wait_for(r"^intermission: control https://\S+:(\d+)$").group(1))
        return gateway, port, control

    def shake_hands(self, port):
        context = ssl.create_default_context(cafile=str(self.own.certificate))
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain, \
                context.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return secure.recv(65536)

    def begin(self, stack, port, number=MANY):
        """What is sent may be refused at once: then it is over."""
        for _ in range(number):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            with contextlib.suppress(OSError):
                client.sendall(HALF_GREETING)

    def test_a_thousand_half_ones_leave_clients_and_operators_served(self):
        gateway, port, control = self.start()
        vitals = Vitals(gateway.port, gateway.process.pid)
        with contextlib.ExitStack() as stack:
            self.begin(stack, port)
            self.begin(stack, control, 300)
            self.assertTrue(self.shake_hands(port).startswith(b"HTTP/1.1 503 "))
            self.assertTrue(self.shake_hands(control).startswith(b"HTTP/1.1 200 "))
            vitals.assert_answers_at_once()

    def test_more_than_the_limit_make_the_first_ones_give_way(self):
        gateway, port, _ = self.start("limits: { handshakes: 100, connections: 150 }\n")
        with contextlib.ExitStack() as stack:
            self.begin(stack, port, 400)
            self.assertTrue(self.shake_hands(port).startswith(b"HTTP/1.1 503 "))
            gateway.stderr.wait_for("limits.handshakes is reached|ones idle longest are closed")

    def test_whoever_asks_for_one_signature_after_another_delays_nobody(self):
        gateway, port, _ = self.start()
        vitals = Vitals(gateway.port, gateway.process.pid)
        over = threading.Event()

        def ask():
            while not over.is_set():
                self.shake_hands(port)

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        try:
            vitals.assert_answers_at_once()
        finally:
            over.set()
            for asker in askers:
                asker.join(PATIENCE)


if __name__ == "__main__":
    unittest.main()
