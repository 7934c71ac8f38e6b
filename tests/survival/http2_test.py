"""What clients of HTTP/2 can do to others (RFC 9113 section 10.5), as raw frames, in clear and over TLS."""

import contextlib
import socket
import ssl
import tempfile
import threading
import unittest

from certificates import issue
from gateway import PATIENCE, Gateway
from secure_stream import SecureStream
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


class InClear(unittest.TestCase):
    limits = ""

    @classmethod
    def setUpClass(cls):
        cls.gateway = cls.enterClassContext(Gateway(config=cls.configuration()))
        cls.vitals = Vitals(cls.gateway.port, cls.gateway.process.pid)

    @classmethod
    def configuration(cls):
        return f"listen: {{ address: 127.0.0.1 }}\n{cls.limits}"

    def connect(self, settings=b""):
        client = self.stream()
        client.sendall(PREFACE + frame(SETTINGS, 0, 0, settings))
        return client

    def stream(self):
        return socket.create_connection((self.gateway.host, self.gateway.port), timeout=PATIENCE)


class OverTls(InClear):
    """Mixed in before a class of tests, it sends the same over TLS."""

    @classmethod
    def configuration(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="intermission-tls-"))
        own = issue(folder, "own", "localhost")
        cls.context = ssl.create_default_context(cafile=str(own.certificate))
        cls.context.set_alpn_protocols(["h2"])
        certificates = f"[{{ certificate: {own.certificate}, key: {own.key} }}]"
        return f"listen: {{ address: 127.0.0.1, tls: {{ port: 0, certificates: {certificates} }} }}\n{cls.limits}"

    def stream(self):
        port = int(self.gateway.stdout.wait_for(r"^intermission: data https://\S+:(\d+)$").group(1))
        return SecureStream(port, self.context)


class Flood(InClear):
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


class FloodOverTls(OverTls, Flood):
    pass


PAGE = b"\x82\x84\x86\x41\x01h\x0f\x04\x09text/html"  # accept: text/html
ONE_BYTE = b"\0\4\0\0\0\1"  # SETTINGS_INITIAL_WINDOW_SIZE


def pages(numbers):
    return b"".join(frame(HEADERS, END_STREAM | END_HEADERS, number, PAGE) for number in numbers)


class SlowReaders(InClear):
    limits = "limits: { write_timeout_ms: 2000 }\n"

    def test_unread_answers_delay_no_other_and_end(self):
        """100 pages on each of 50 connections, with a window of one byte."""
        with contextlib.ExitStack() as stack:
            clients = []
            for _ in range(50):
                clients.append(stack.enter_context(self.connect(ONE_BYTE)))
                clients[-1].sendall(pages(range(1, 201, 2)))
            self.vitals.assert_answers_at_once()
            for client in clients:
                received = b""
                while sum(kind == RST_STREAM for kind, *_ in frames(received)) < 100:
                    part = client.recv(65536)
                    self.assertTrue(part, "closed before its streams were reset")
                    received += part
                client.close()
            self.vitals.assert_well()


class SlowReadersOverTls(OverTls, SlowReaders):
    pass


def literal(name, value):
    return b"\x10" + bytes([len(name)]) + name + bytes([len(value)]) + value


CALL = (b"\x83\x86\x41\x01h" + literal(b":path", b"/shop.Orders/Get") + literal(b"content-type", b"application/grpc") +
        literal(b"te", b"trailers"))


def calls(numbers):
    """Unary calls of gRPC with an empty message."""
    return b"".join(frame(HEADERS, END_HEADERS, number, CALL) + frame(DATA, END_STREAM, number, bytes(5))
                    for number in numbers)


def content(said):
    """Bytes of it."""
    return sum(len(payload) for kind, _, _, payload in said if kind == DATA)


class Fairness(InClear):
    def read_until(self, client, done):
        received = b""
        while not done(frames(received)):
            part = client.recv(65536)
            self.assertTrue(part, "closed before all was said")
            received += part
        return frames(received)

    def ended(self, said):
        return {stream for kind, flags, stream, _ in said if kind in (HEADERS, DATA) and flags & END_STREAM}

    def test_a_page_that_is_not_taken_holds_no_call_of_its_connection_up(self):
        numbers = set(range(3, 201, 2))
        with self.connect(ONE_BYTE) as client:
            client.sendall(pages([1]) + calls(sorted(numbers)))
            said = self.read_until(client, lambda said: self.ended(said) >= numbers)
            self.assertNotIn(1, self.ended(said))
            client.sendall(frame(WINDOW_UPDATE, 0, 1, b"\0\1\0\0"))
            self.read_until(client, lambda said: 1 in self.ended(said))

    def test_nor_do_pages_that_fill_the_window_of_the_connection(self):
        numbers = set(range(101, 201, 2))
        with self.connect() as client:
            client.sendall(pages(range(1, 101, 2)))
            self.read_until(client, lambda said: content(said) == 65535)
            client.sendall(calls(sorted(numbers)))
            self.read_until(client, lambda said: self.ended(said) >= numbers)


class FairnessOverTls(OverTls, Fairness):
    pass


if __name__ == "__main__":
    unittest.main()
