"""SIGTERM with requests in every phase at once: each accepted client gets its answer, and the
program ends in time."""

import contextlib
import signal
import socket
import threading
import time
import unittest

from gateway import PATIENCE, SECONDS_TO_STOP, Gateway
from vitals import to_the_end, wait_until

CONFIG = "listen: { address: 127.0.0.1, workers: 2 }\nlimits: { drain_timeout_ms: 3000 }\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n", b"<a/>")
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"

# What is sent before the signal, and after it; and how many answers that makes.
PHASES = {
    "inside the method": (GET[:2], GET[2:], 1),
    "inside the head": (GET[:20], GET[20:], 1),
    "before the end of the head": (GET[:-1], GET[-1:], 1),
    "before the body": (POST[0], POST[1], 1),
    "inside the body": (POST[0] + POST[1][:2], POST[1][2:], 1),
    "inside a chunk": (CHUNKED[:-12], CHUNKED[-12:], 1),
    "before the last chunk": (CHUNKED[:-5], CHUNKED[-5:], 1),
    "just asked": (GET, b"", 1),
    "inside the second head": (GET + GET[:20], GET[20:], 2),
    "asked and half closed": (GET, None, 1),
}
EACH = 20


class Stopping(unittest.TestCase):
    def connect(self, gateway, stack):
        return stack.enter_context(socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE))

    def test_every_phase_at_once(self):
        with Gateway(config=CONFIG) as gateway, contextlib.ExitStack() as stack:
            clients = [(name, self.connect(gateway, stack)) for name in PHASES for _ in range(EACH)]
            for name, client in clients:
                client.sendall(PHASES[name][0])
            # The first of two answers comes before the signal, or it would be the last: it says
            # that it is, and what was sent behind it is not answered (RFC 9112 §9.6).
            before = {client: client.recv(65536) for name, client in clients if PHASES[name][2] == 2}
            gateway.get("/")  # by now most has been read; what was not is in the kernel's queue
            gateway.send_signal(signal.SIGTERM)
            self.wait_for_closed_door(gateway)
            for name, client in clients:
                rest = PHASES[name][1]
                if rest is None:
                    client.shutdown(socket.SHUT_WR)
                else:
                    client.sendall(rest)
            for name, client in clients:
                with self.subTest(name):
                    answers = before.get(client, b"") + to_the_end(client)
                    self.assertEqual(answers.count(b"HTTP/1.1 503 "), PHASES[name][2], answers[:500])
                    client.close()
            self.assertEqual(gateway.process.wait(SECONDS_TO_STOP), 0)

    def wait_for_closed_door(self, gateway):
        def closed():
            try:
                socket.create_connection((gateway.host, gateway.port)).close()
            except OSError:
                return True
            return False

        wait_until(closed, "it stops listening")

    def test_an_answer_that_is_not_read_yet_arrives_whole(self):
        with Gateway(config=CONFIG) as gateway, contextlib.ExitStack() as stack:
            client = stack.enter_context(socket.socket())
            client.settimeout(PATIENCE)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((gateway.host, gateway.port))
            client.sendall(GET * 20_000)  # the answers are more than both buffers hold
            answers = client.recv(1)
            gateway.send_signal(signal.SIGTERM)
            self.wait_for_closed_door(gateway)
            answers += to_the_end(client)
            self.assertEqual(answers.count(b"HTTP/1.1 503 "), answers.count(b'"retryAfter"'))
            self.assertEqual(answers[-1:], b"}")
            self.assertEqual(answers.count(b"\r\nConnection: close\r\n"), 1)
            client.close()
            self.assertEqual(gateway.process.wait(SECONDS_TO_STOP), 0)

    def test_those_who_never_finish_do_not_hold_it_up(self):
        with Gateway(config=CONFIG) as gateway, contextlib.ExitStack() as stack:
            started = [before for before, after, _ in PHASES.values() if after]
            for number in range(100):
                self.connect(gateway, stack).sendall(started[number % len(started)])
            never_reads = self.connect(gateway, stack)
            never_reads.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                for _ in range(500):
                    never_reads.send(GET * 500)
            gateway.get("/")
            gateway.stop()

    def test_under_load_earlier_requests_are_answered(self):
        """Requests on new connections, sent whole before the signal or not counted."""
        with Gateway(config=CONFIG) as gateway:
            signalled = threading.Event()
            lost, answered = [], []

            def run():
                while not signalled.is_set():
                    try:
                        client = socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE)
                    except OSError:
                        return
                    with client:
                        answer = b""
                        with contextlib.suppress(OSError):
                            client.sendall(GET)
                            before = not signalled.is_set()
                            client.shutdown(socket.SHUT_WR)
                            answer = to_the_end(client)
                        if before:
                            (answered if answer.startswith(b"HTTP/1.1 503 ") else lost).append(answer)

            threads = [threading.Thread(target=run) for _ in range(4)]
            for thread in threads:
                thread.start()
            wait_until(lambda: len(answered) > 500, "some are answered")
            signalled.set()
            gateway.send_signal(signal.SIGTERM)
            for thread in threads:
                thread.join()
            self.assertEqual(lost, [])
            self.assertEqual(gateway.process.wait(SECONDS_TO_STOP), 0)

    def test_again_and_again_while_it_stops(self):
        with Gateway(config=CONFIG) as gateway, contextlib.ExitStack() as stack:
            self.connect(gateway, stack).sendall(GET[:20])
            gateway.get("/")
            started = time.monotonic()
            while gateway.process.poll() is None:
                self.assertLess(time.monotonic() - started, SECONDS_TO_STOP)
                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                    gateway.send_signal(number)
                time.sleep(0.05)
            self.assertEqual(gateway.process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
