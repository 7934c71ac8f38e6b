"""Clients that take their time, for want of a better line or on purpose."""

import contextlib
import select
import socket
import time
import unittest

from gateway import PATIENCE, Gateway
from vitals import Vitals, to_the_end, wait_until

CONFIG = """listen: { address: 127.0.0.1, workers: 1 }
limits: { head_timeout_ms: 500, body_timeout_ms: 500, write_timeout_ms: 1000, linger_timeout_ms: 300 }
"""
PAGE = b"GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n"
# Answered, and then the connection ends, though its client has not said that it sends no more.
FAULT = b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n"


class SlowClients(unittest.TestCase):
    def setUp(self):
        self.gateway = self.enterContext(Gateway(config=CONFIG))
        self.vitals = Vitals(self.gateway.port, self.gateway.process.pid)

    def client(self, receive_buffer=None):
        client = socket.socket()
        self.enterContext(client)
        client.settimeout(PATIENCE)
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.connect((self.gateway.host, self.gateway.port))
        return client

    def drip(self, clients, byte):
        """A byte at a time to each of them until each has heard something; what each heard."""
        heard = {}
        end = time.monotonic() + PATIENCE
        while len(heard) < len(clients):
            self.assertLess(time.monotonic(), end, "dripping extends the deadline")
            waiting = [client for client in clients if client not in heard]
            for client in waiting:
                with contextlib.suppress(OSError):
                    client.send(byte)
            for client in select.select(waiting, [], [], 0.02)[0]:
                heard[client] = client.recv(65536)
        return heard.values()

    def test_that_never_read_delay_no_other_and_are_closed(self):
        clients = [self.client(4096) for _ in range(20)]
        for client in clients:
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                for _ in range(500):  # until neither side's buffer takes more
                    client.send(PAGE * 200)
        self.vitals.assert_answers_at_once()
        self.vitals.assert_well()

    def test_that_read_byte_by_byte_get_all_of_it(self):
        requests = 200
        client = self.client(4096)
        client.sendall(PAGE * (requests - 1) + LAST)
        received = b"".join(client.recv(1) for _ in range(5000))
        self.vitals.assert_answers_at_once()
        received += to_the_end(client)
        self.assertEqual(received.count(b"HTTP/1.1 503 "), requests)
        self.assertEqual(received.count(b"</html>"), requests)
        client.close()
        self.vitals.assert_well()

    def test_that_drip_their_heads_are_told_so(self):
        clients = [self.client() for _ in range(100)]
        for client in clients:
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        for heard in self.drip(clients, b"a"):
            self.assertIn(b" 408 ", heard[:20])
        for client in clients:
            client.close()
        self.vitals.assert_well()

    def test_that_drip_their_bodies_are_told_so(self):
        clients = [self.client() for _ in range(100)]
        for client in clients:
            client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\n"
                           b"Content-Length: 60000\r\n\r\n")
        for heard in self.drip(clients, b"<"):
            self.assertIn(b" 408 ", heard[:20])
        for client in clients:
            client.close()
        self.vitals.assert_well()

    def test_that_never_close_are_closed(self):
        before = self.vitals.process.descriptors()
        started = time.monotonic()
        clients = [self.client() for _ in range(100)]
        for client in clients:
            client.sendall(FAULT)
        for client in clients:
            self.assertIn(b" 400 ", to_the_end(client)[:20])
        wait_until(lambda: self.vitals.process.descriptors() <= before, "the server closes them")
        self.assertGreater(time.monotonic() - started, 0.25, "it lingers for limits.linger_timeout_ms")
        self.vitals.assert_well()
        for client in clients:
            self.assertEqual(client.recv(1), b"", "an orderly end")


if __name__ == "__main__":
    unittest.main()
