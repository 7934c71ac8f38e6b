"""What clients can do to others by TLS alone: handshakes that are begun and never ended or go on for ever, signatures,
sessions resumed or forged, renegotiation, connections left without a word."""

import contextlib
import select
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from certificates import issue
from gateway import PATIENCE, Gateway
from secure_stream import SecureStream
from vitals import Vitals, reset, to_the_end

HALF_GREETING = bytes.fromhex("16030102000100")
MANY = 1_000
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


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

    def test_a_client_that_wants_one_signature_after_another_delays_no_other(self):
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


    def test_handshakes_that_drip_end_in_time(self):
        """The limit is for the whole handshake: a byte now and then gains nothing."""
        gateway, port, _ = self.start("limits: { handshake_timeout_ms: 1000 }\n")
        vitals = Vitals(gateway.port, gateway.process.pid)
        hello = whole_greeting(self.own)
        with contextlib.ExitStack() as stack:
            clients = {stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
                       for _ in range(50)}
            begun = time.monotonic()
            for byte in hello:
                for client in list(clients):
                    try:
                        client.sendall(bytes([byte]))
                        if select.select([client], [], [], 0)[0]:
                            clients.remove(client)
                    except OSError:
                        clients.remove(client)
                if not clients:
                    break
                self.assertLess(time.monotonic() - begun, PATIENCE)
                time.sleep(0.02)  # the drip
            self.assertEqual(clients, set())
            vitals.assert_answers_at_once()
        vitals.assert_well()

    def test_renegotiation_is_refused_and_costs_others_nothing(self):
        gateway, port, _ = self.start()
        vitals = Vitals(gateway.port, gateway.process.pid)
        command = ["openssl", "s_client", "-tls1_2", "-connect", f"127.0.0.1:{port}", "-servername", "localhost"]
        clients = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                    text=True) for _ in range(20)]
        for client in clients:
            said, _ = client.communicate("R\n" * 100, timeout=PATIENCE)
            self.assertIn("RENEGOTIATING", said)
            self.assertIn("no renegotiation", said)
        vitals.assert_well()

    def clients(self, version):
        context = ssl.create_default_context(cafile=str(self.own.certificate))
        context.minimum_version = context.maximum_version = version
        return context

    def visit(self, port, context, session=None):
        """One request; the connection's session, and whether it was resumed."""
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain, \
                context.wrap_socket(plain, server_hostname="localhost", session=session) as secure:
            secure.sendall(GET)
            self.assertTrue(to_the_end(secure).startswith(b"HTTP/1.1 503 "))
            return secure.session, secure.session_reused

    def test_hundreds_of_resumed_sessions_delay_no_client(self):
        gateway, port, _ = self.start()
        vitals = Vitals(gateway.port, gateway.process.pid)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.clients(version)
            session, _ = self.visit(port, context)
            for _ in range(100):
                session, resumed = self.visit(port, context, session)
                self.assertTrue(resumed)
            vitals.assert_answers_at_once()
        vitals.assert_well()

    def test_tickets_of_another_server_are_worth_nothing(self):
        gateway, port, _ = self.start()
        _, other, _ = self.start()
        vitals = Vitals(gateway.port, gateway.process.pid)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.clients(version)
            foreign, _ = self.visit(other, context)
            for _ in range(100):
                self.assertFalse(self.visit(port, context, foreign)[1])
            vitals.assert_answers_at_once()
        vitals.assert_well()

    def test_who_asks_only_for_tickets_leaves_nothing_behind(self):
        gateway, port, _ = self.start()
        vitals = Vitals(gateway.port, gateway.process.pid)
        context = self.clients(ssl.TLSVersion.TLSv1_3)
        for _ in range(500):
            SecureStream(port, context).close()
        vitals.assert_well()

    def test_clients_that_leave_without_close_notify(self):
        """Before, in and behind a request; behind it, half of them by a reset."""
        gateway, port, _ = self.start()
        vitals = Vitals(gateway.port, gateway.process.pid)
        context = self.clients(ssl.TLSVersion.TLSv1_3)
        for number in range(300):
            with SecureStream(port, context) as client:
                client.sendall(GET[:number % 3 * len(GET) // 2])
                if number % 3 == 2:
                    self.assertTrue(client.recv(65536).startswith(b"HTTP/1.1 503 "))
                if number % 2:
                    reset(client.socket)
                else:
                    client.shutdown(socket.SHUT_WR)
                    to_the_end(client)
        vitals.assert_well()


def whole_greeting(own):
    """As a client sends it first."""
    context = ssl.create_default_context(cafile=str(own.certificate))
    said = ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), said, server_hostname="localhost").do_handshake()
    return said.read()


if __name__ == "__main__":
    unittest.main()
