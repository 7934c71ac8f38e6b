"""What clients of HTTP/2 can do to others (RFC 9113 section 10.5), as raw frames."""

import contextlib
import socket
import threading
import unittest

from gateway import PATIENCE, Gateway
from vitals import Vitals, to_the_end

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS = 1, 4
ENHANCE_YOUR_CALM = 11
GET = b"\x82\x84\x86\x41\x01h"  # GET / http h, in HPACK
ENOUGH = 100_000


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def frames(received):
    """[(type, flags, stream, payload)] of whole frames."""
    result = []
    while len(received) >= 9:
        size = int.from_bytes(received[:3], "big")
        result.append((received[3], received[4], int.from_bytes(received[5:9], "big"), received[9:9 + size]))
        received = received[9 + size:]
    return result


def goaways(received):
    """The error codes."""
    return [int.from_bytes(payload[4:8], "big") for kind, _, _, payload in frames(received) if kind == GOAWAY]


class Flood(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = cls.enterClassContext(Gateway())
        cls.vitals = Vitals(cls.gateway.port, cls.gateway.process.pid)

    def connect(self, settings=b""):
        client = socket.create_connection((self.gateway.host, self.gateway.port), timeout=PATIENCE)
        client.sendall(PREFACE + frame(SETTINGS, 0, 0, settings))
        return client

    def flood(self, make):
        """Sends what `make(number)` returns, for as long as it is taken; what the server has said."""
        said = []
        with self.connect() as client:
            reader = threading.Thread(target=lambda: said.append(read_on(client)))
            reader.start()
            sent = 0
            with contextlib.suppress(OSError):
                while sent < ENOUGH:
                    client.sendall(b"".join(make(number) for number in range(sent, sent + 100)))
                    sent += 100
            self.vitals.assert_answers_at_once()
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_WR)
            reader.join(PATIENCE)
        self.vitals.assert_well()
        return said[0]

    def test_rapid_reset(self):
        said = self.flood(lambda number: frame(HEADERS, END_STREAM | END_HEADERS, 2 * number + 1, GET) +
                          frame(RST_STREAM, 0, 2 * number + 1, b"\0\0\0\x08"))
        self.assertEqual(goaways(said), [ENHANCE_YOUR_CALM])
        answered = sum(kind == HEADERS for kind, *_ in frames(said))
        self.assertLess(answered, 1000)

    def test_pings(self):
        self.assertEqual(goaways(self.flood(lambda _: frame(PING, 0, 0, b"12345678"))), [ENHANCE_YOUR_CALM])

    def test_settings(self):
        self.assertEqual(goaways(self.flood(lambda _: frame(SETTINGS, 0, 0))), [ENHANCE_YOUR_CALM])

    def test_priorities(self):
        self.assertEqual(goaways(self.flood(lambda _: frame(PRIORITY, 0, 3, bytes(5)))), [ENHANCE_YOUR_CALM])

    def test_windows(self):
        self.assertEqual(goaways(self.flood(lambda _: frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\1"))), [ENHANCE_YOUR_CALM])

    def test_empty_data(self):
        post = b"\x83\x84\x86\x41\x01h"
        said = self.flood(lambda number: frame(DATA, 0, 1) if number else frame(HEADERS, END_HEADERS, 1, post))
        self.assertEqual(goaways(said), [ENHANCE_YOUR_CALM])

    def test_continuations(self):
        said = self.flood(lambda number: frame(CONTINUATION, 0, 1) if number else frame(HEADERS, 0, 1, GET))
        self.assertEqual(len(goaways(said)), 1)

    def test_frames_without_meaning_cost_nothing_but_their_bytes(self):
        said = self.flood(lambda _: frame(0xbe, 0, 0, b"x"))
        self.assertEqual(goaways(said), [])


def read_on(client):
    with contextlib.suppress(OSError):
        return to_the_end(client)
    return b""


class SlowReaders(unittest.TestCase):
    def test_answers_that_nobody_takes_hold_no_other_up_and_end(self):
        """100 pages on each of 50 connections, with a window of one byte."""
        config = "listen: { address: 127.0.0.1 }\nlimits: { write_timeout_ms: 2000 }\n"
        one_byte = b"\0\4\0\0\0\1"
        page = b"\x82\x84\x86\x41\x01h\x0f\x04\x09text/html"  # accept: text/html
        with Gateway(config=config) as gateway, contextlib.ExitStack() as stack:
            vitals = Vitals(gateway.port, gateway.process.pid)
            clients = []
            for _ in range(50):
                client = stack.enter_context(socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE))
                client.sendall(PREFACE + frame(SETTINGS, 0, 0, one_byte) + b"".join(
                    frame(HEADERS, END_STREAM | END_HEADERS, 2 * number + 1, page) for number in range(100)))
                clients.append(client)
            vitals.assert_answers_at_once()
            for client in clients:
                received = b""
                while sum(kind == RST_STREAM for kind, *_ in frames(received)) < 100:
                    part = client.recv(65536)
                    self.assertTrue(part, "closed before its streams were reset")
                    received += part
                client.close()
            vitals.assert_well()


if __name__ == "__main__":
    unittest.main()
