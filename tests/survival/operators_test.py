"""Clients without a token, and with one, who take the places of the control listener: operators get in."""

import socket
import time
import unittest

from control import Control
from gateway import PATIENCE, Gateway
from hoard import hoard
from vitals import Vitals, to_the_end

SECONDS_OF_A_COMMAND = 10
CONFIG = "listen: { address: 127.0.0.1, workers: 2 }\n"
HALF_BODY = b"POST /api/services/default/on HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n{"
STREAM = "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n"


class Operators(unittest.TestCase):
    def setUp(self):
        self.gateway = self.enterContext(Gateway(config=CONFIG))
        self.control = Control(self.gateway)
        self.vitals = Vitals(self.gateway.port, self.gateway.process.pid)

    def client(self):
        address = (self.control.host, self.control.port)
        return self.enterContext(socket.create_connection(address, timeout=PATIENCE))

    def hold(self, kind, number=300):
        with hoard(self.control.host, self.control.port, number, kind, self.control.token) as heard:
            for _ in range(10):
                began = time.monotonic()
                result = self.control.command("status")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertLess(time.monotonic() - began, SECONDS_OF_A_COMMAND)
            for step in ("on", "off"):
                self.assertEqual(self.control.post(f"/api/services/default/{step}", {}).status, 200)
        self.vitals.assert_well()
        return heard

    def test_300_half_bodies(self):
        self.assertEqual(set(self.hold("half-bodies")), {"401"})

    def test_300_half_heads(self):
        self.hold("half-heads")

    def test_300_silent_connections(self):
        self.hold("silent")

    def test_100_event_streams(self):
        heard = self.hold("streams", 100)
        self.assertEqual(heard["200"], 64)
        self.assertGreaterEqual(heard["503"], 36)

    def test_one_event_stream_too_many_is_told_so(self):
        streams = [self.client() for _ in range(64)]
        for stream in streams:
            stream.sendall(STREAM.format(self.control.token).encode())
            self.assertIn(b" 200 OK", stream.recv(4096))
        refused = self.control.get("/api/events")
        self.assertEqual((refused.status, refused.media_type), (503, "application/problem+json"))
        self.assertIn("64 event streams", refused.json()["detail"])
        self.assertIsNotNone(refused.headers["Retry-After"])
        streams.pop().close()
        self.assertTrue(any(self.opens_a_stream() for _ in range(100)), "a place that is free again")

    def opens_a_stream(self):
        stream = self.client()
        stream.sendall(STREAM.format(self.control.token).encode())
        return b" 200 OK" in stream.recv(4096)

    def test_a_body_without_a_token_is_not_read(self):
        client = self.client()
        client.sendall(HALF_BODY)
        began = time.monotonic()
        answer = client.recv(65536)
        self.assertIn(b" 401 ", answer[:20])
        self.assertIn(b"\r\nConnection: close\r\n", answer)
        self.assertLess(time.monotonic() - began, 1)

    def test_without_a_token_a_connection_lasts_a_second(self):
        began = time.monotonic()
        silent, half = self.client(), self.client()
        half.sendall(b"GET /api/status HTTP/1.1\r\nHost: localhost\r\nX: ")
        self.assertEqual(to_the_end(silent), b"")
        self.assertIn(b" 408 ", to_the_end(half)[:20])
        self.assertLess(time.monotonic() - began, SECONDS_OF_A_COMMAND)

    def test_with_a_token_it_stays(self):
        client = self.client()
        ask = f"GET /api/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.control.token}\r\n\r\n".encode()
        client.sendall(ask)
        self.assertIn(b" 200 ", client.recv(65536)[:20])
        client.settimeout(2)
        with self.assertRaises(TimeoutError):
            client.recv(1)
        client.settimeout(PATIENCE)
        client.sendall(ask)
        self.assertIn(b" 200 ", client.recv(65536)[:20])


if __name__ == "__main__":
    unittest.main()
