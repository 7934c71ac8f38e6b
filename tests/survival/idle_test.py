"""Idle connections of HTTP/2: what they hold, and that they go on afterwards."""

import contextlib
import resource
import unittest

from http2_test import END_HEADERS, END_STREAM, GET, HEADERS, SETTINGS, InClear, OverTls, frame, frames
from vitals import SANITIZED, wait_until

MANY = 2_000
KIB = 1024
ACK = 1
SECONDS = 10


class Idle(InClear):
    most = 8 * KIB  # resident bytes of each, as the design promises

    def ask(self, client, stream):
        client.sendall(frame(HEADERS, END_STREAM | END_HEADERS, stream, GET))
        received = b""
        while not any(number == stream and flags & END_STREAM for _, flags, number, _ in frames(received)):
            part = client.recv(65536)
            self.assertTrue(part, "closed without an answer")
            received += part

    def settled(self, client):
        """As a client is that has taken its answer and the server's settings."""
        client.sendall(frame(SETTINGS, ACK, 0))
        return client

    def test_they_hold_little_and_go_on(self):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        with contextlib.ExitStack() as stack:
            clients = []
            before = self.vitals.process.memory()
            for _ in range(MANY):
                client = stack.enter_context(self.connect())
                self.ask(client, 1)
                clients.append(self.settled(client))
            if not SANITIZED:
                each = lambda: (self.vitals.process.memory() - before) / MANY
                with contextlib.suppress(AssertionError):
                    wait_until(lambda: each() <= self.most, "", SECONDS)
                self.assertLessEqual(each(), self.most)
            for client in clients[::10]:
                self.ask(client, 3)


class IdleOverTls(OverTls, Idle):
    most = Idle.most + 16 * KIB  # OpenSSL's own


if __name__ == "__main__":
    unittest.main()
