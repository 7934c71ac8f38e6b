"""Frames that RFC 9113 says what to do about, sent raw. Each row is named after its section and sent on a connection of
its own, with a PING behind it that shows whether the connection goes on."""

import contextlib
import socket
import struct
import unittest

from gateway import PATIENCE, Gateway

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
(DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION) = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, HAS_PRIORITY = 1, 1, 4, 8, 32
(NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR,
 REFUSED_STREAM, CANCEL, COMPRESSION_ERROR) = range(10)
PROBE = b"is alive"


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def line(name, value):
    """A field line of HPACK, literal and never indexed (RFC 7541 section 6.2.3)."""
    name, value = name.encode("latin-1"), value.encode("latin-1")
    return b"\x10" + bytes([len(name)]) + name + bytes([len(value)]) + value


def block(*lines, leave_out=(), **replaced):
    """The head of GET / with more lines; `replaced` and `leave_out` name pseudo fields without their colon."""
    head = {"method": "GET", "scheme": "http", "authority": "h", "path": "/"} | replaced
    pseudo = [line(f":{name}", value) for name, value in head.items() if name not in leave_out]
    return b"".join(pseudo) + b"".join(line(*one) if isinstance(one, tuple) else one for one in lines)


def request(*lines, stream=1, flags=END_STREAM | END_HEADERS, **replaced):
    return frame(HEADERS, flags, stream, block(*lines, **replaced))


def post(*lines, body=b"", length=None, stream=1):
    """A POST whose body may not be what its content-length says."""
    told = () if length is None else (("content-length", str(length)),)
    return request(*told, *lines, stream=stream, flags=END_HEADERS, method="POST") + frame(DATA, END_STREAM, stream, body)


def setting(number, value):
    return frame(SETTINGS, 0, 0, struct.pack(">HI", number, value))


def window(stream, size):
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", size))


def reset(stream, code=CANCEL):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", code))


# What a row may lead to.
def connection_error(*codes):
    return {("goaway", code) for code in codes}


def stream_error(*codes):
    return {("reset", code) for code in codes}


def answered(*statuses):
    return {("answer", str(status)) for status in statuses}


ALIVE = {("alive",)}
SOUND = answered(503)
PROTOCOL = connection_error(PROTOCOL_ERROR)
SIZE = connection_error(FRAME_SIZE_ERROR)
MALFORMED = stream_error(PROTOCOL_ERROR)
COMPRESSION = connection_error(COMPRESSION_ERROR)
CLOSED = connection_error(STREAM_CLOSED) | stream_error(STREAM_CLOSED)
OPEN = request(stream=1, flags=END_HEADERS, method="POST")  # a request whose body is still to come
HALF = frame(HEADERS, END_STREAM, 1, block())  # a head that goes on
MAX = 2 ** 31 - 1
PRIORITY_PAYLOAD = b"\x00\x00\x00\x00\x10"

ROWS = {
    # Frames
    "4.1 an unknown type on the connection is ignored": (frame(0x16, 0, 0, b"x"), ALIVE),
    "4.1 an unknown type on an open stream is ignored": (OPEN + frame(0x16, 0, 1, b"x"), SOUND | ALIVE),
    "4.1 an unknown type on an idle stream is ignored": (frame(0xff, 0xff, 9, b"x") + request(), SOUND),
    "4.1 an unknown type without a payload is ignored": (frame(0xfa, 0, 0) + request(), SOUND),
    "4.1 undefined flags of PING are ignored": (frame(PING, 0xfe, 0, b"12345678") + request(), SOUND),
    "4.1 undefined flags of HEADERS are ignored": (request(flags=END_STREAM | END_HEADERS | 0x52 & ~0x28), SOUND),
    "4.1 undefined flags of SETTINGS are ignored": (frame(SETTINGS, 0xfe, 0) + request(), SOUND),
    "4.1 the reserved bit of a stream's number is ignored": (frame(HEADERS, 5, 0x80000001, block()), SOUND),
    "4.1 the reserved bit of WINDOW_UPDATE's size is ignored": (window(0, 0x80000001) + request(), SOUND),
    "4.2 DATA larger than the largest frame": (OPEN + frame(DATA, 0, 1, b"x" * 16385), SIZE | stream_error(FRAME_SIZE_ERROR)),
    "4.2 HEADERS larger than the largest frame": (frame(HEADERS, 5, 1, b"\x82" * 16385), SIZE),
    "4.2 SETTINGS larger than the largest frame": (frame(SETTINGS, 0, 0, b"\x00" * 16386), SIZE),
    "4.2 an unknown frame larger than the largest frame": (frame(0x16, 0, 0, b"x" * 16385), SIZE),
    "4.2 an unknown frame as large as may be": (frame(0x16, 0, 0, b"x" * 16384) + request(), SOUND),
    # Field sections
    "4.3 an index of zero": (frame(HEADERS, 5, 1, b"\x80"), COMPRESSION),
    "4.3 an index beyond the tables": (frame(HEADERS, 5, 1, b"\xff\x80\x01"), COMPRESSION),
    "4.3 an index that never ends": (frame(HEADERS, 5, 1, b"\xff" + b"\xff" * 20), COMPRESSION),
    "4.3 a literal that is cut short": (frame(HEADERS, 5, 1, b"\x00\x05ab"), COMPRESSION),
    "4.3 a literal without a value": (frame(HEADERS, 5, 1, b"\x00\x01a"), COMPRESSION),
    "4.3 a table larger than was allowed": (frame(HEADERS, 5, 1, b"\x3f\xe1\xff\x03" + block()), COMPRESSION),
    "4.3 a table changed behind a line": (frame(HEADERS, 5, 1, b"\x82\x20"), COMPRESSION),
    "4.3 a table emptied before the first line": (frame(HEADERS, 5, 1, b"\x20" + block()), SOUND),
    "4.3 a Huffman code that is padded with zeroes": (frame(HEADERS, 5, 1, b"\x00\x81\x00\x00"), COMPRESSION),
    "4.3 a Huffman code that holds its end": (frame(HEADERS, 5, 1, b"\x00\x84\xff\xff\xff\xff\x00"), COMPRESSION),
    "4.3 a Huffman code with more than seven bits of padding": (frame(HEADERS, 5, 1, b"\x00\x82\x1f\xff\x00"), COMPRESSION),
    "4.3 an empty block": (frame(HEADERS, 5, 1, b""), MALFORMED),
    "4.3 PING inside a block": (HALF + frame(PING, 0, 0, b"12345678"), PROTOCOL),
    "4.3 SETTINGS inside a block": (HALF + frame(SETTINGS, 0, 0), PROTOCOL),
    "4.3 DATA inside a block": (HALF + frame(DATA, 0, 1, b"x"), PROTOCOL),
    "4.3 WINDOW_UPDATE inside a block": (HALF + window(0, 1), PROTOCOL),
    "4.3 PRIORITY inside a block": (HALF + frame(PRIORITY, 0, 1, PRIORITY_PAYLOAD), PROTOCOL),
    "4.3 RST_STREAM inside a block": (HALF + reset(1), PROTOCOL),
    "4.3 HEADERS of another stream inside a block": (HALF + request(stream=3), PROTOCOL),
    "4.3 HEADERS of the same stream inside a block": (HALF + request(), PROTOCOL),
    "4.3 GOAWAY inside a block": (HALF + frame(GOAWAY, 0, 0, bytes(8)), PROTOCOL),
    "5.5 an unknown type inside a block": (HALF + frame(0x16, 0, 0), PROTOCOL),
    # Streams
    "5.1 DATA on an idle stream": (frame(DATA, 0, 1, b"x"), PROTOCOL),
    "5.1 RST_STREAM on an idle stream": (reset(1), PROTOCOL),
    "5.1 WINDOW_UPDATE on an idle stream": (window(1, 1), PROTOCOL),
    "5.1 PRIORITY on an idle stream is allowed": (frame(PRIORITY, 0, 9, PRIORITY_PAYLOAD) + request(), SOUND),
    "5.1 DATA behind END_STREAM": (request() + frame(DATA, END_STREAM, 1, b"x"), CLOSED | PROTOCOL | SOUND),
    "5.1 HEADERS behind END_STREAM": (request() + request(), CLOSED | PROTOCOL),
    "5.1 DATA behind RST_STREAM": (OPEN + reset(1) + frame(DATA, 0, 1, b"x"), CLOSED | ALIVE),
    "5.1 HEADERS behind RST_STREAM": (OPEN + reset(1) + request(), CLOSED | PROTOCOL | ALIVE),
    "5.1 WINDOW_UPDATE on a closed stream is allowed": (request() + reset(1) + window(1, 1), SOUND | ALIVE),
    "5.1 RST_STREAM on a closed stream is allowed": (request() + reset(1) + reset(1), SOUND | ALIVE),
    "5.1 PRIORITY on a closed stream is allowed": (request() + reset(1) + frame(PRIORITY, 0, 1, PRIORITY_PAYLOAD), SOUND | ALIVE),
    "5.1.1 a request with an even number": (request(stream=2), PROTOCOL),
    # nghttp2 keeps no list of closed streams for us, so it takes this for trailers of a stream that was reset, and
    # ignores it. No request is answered twice.
    "5.1.1 a request with a smaller number than before is not answered": (request(stream=5) + request(stream=3), SOUND),
    "5.1.1 a request with a number far ahead": (request(stream=MAX), SOUND),
    "5.3 a stream that depends on itself": (frame(PRIORITY, 0, 1, b"\x00\x00\x00\x01\x10") + request(), SOUND | MALFORMED | PROTOCOL),
    # DATA
    "6.1 DATA on the connection": (frame(DATA, 0, 0, b"x"), PROTOCOL),
    "6.1 DATA with as much padding as payload": (OPEN + frame(DATA, PADDED, 1, b"\x04abc"), PROTOCOL),
    "6.1 DATA with more padding than payload": (OPEN + frame(DATA, PADDED, 1, b"\xffabc"), PROTOCOL),
    "6.1 DATA without the size of its padding": (OPEN + frame(DATA, PADDED, 1, b""), SIZE | PROTOCOL),
    "6.1 DATA with padding": (OPEN + frame(DATA, PADDED | END_STREAM, 1, b"\x02abc"), SOUND),
    "6.1 DATA with padding alone": (OPEN + frame(DATA, PADDED | END_STREAM, 1, b"\x02\x00\x00"), SOUND),
    # HEADERS
    "6.2 HEADERS on the connection": (frame(HEADERS, 5, 0, block()), PROTOCOL),
    "6.2 HEADERS with more padding than payload": (frame(HEADERS, 5 | PADDED, 1, b"\xff" + block()), PROTOCOL),
    "6.2 HEADERS with padding": (frame(HEADERS, 5 | PADDED, 1, b"\x02" + block() + b"\x00\x00"), SOUND),
    "6.2 HEADERS without the size of its padding": (frame(HEADERS, 5 | PADDED, 1, b""), SIZE | PROTOCOL),
    "6.2 HEADERS with a priority": (frame(HEADERS, 5 | HAS_PRIORITY, 1, PRIORITY_PAYLOAD + block()), SOUND),
    "6.2 HEADERS with half a priority": (frame(HEADERS, 5 | HAS_PRIORITY, 1, b"\x00\x00"), SIZE | PROTOCOL),
    "6.2 HEADERS with padding and a priority": (frame(HEADERS, 5 | PADDED | HAS_PRIORITY, 1, b"\x01" + PRIORITY_PAYLOAD + block() + b"\x00"), SOUND),
    # PRIORITY
    "6.3 PRIORITY on the connection": (frame(PRIORITY, 0, 0, PRIORITY_PAYLOAD), PROTOCOL),
    "6.3 PRIORITY of four bytes": (OPEN + frame(PRIORITY, 0, 1, b"\x00" * 4), SIZE | stream_error(FRAME_SIZE_ERROR)),
    "6.3 PRIORITY of six bytes": (OPEN + frame(PRIORITY, 0, 1, b"\x00" * 6), SIZE | stream_error(FRAME_SIZE_ERROR)),
    # RST_STREAM
    "6.4 RST_STREAM on the connection": (reset(0), PROTOCOL),
    "6.4 RST_STREAM of three bytes": (OPEN + frame(RST_STREAM, 0, 1, bytes(3)), SIZE),
    "6.4 RST_STREAM of five bytes": (OPEN + frame(RST_STREAM, 0, 1, bytes(5)), SIZE),
    "6.4 RST_STREAM with an unknown code": (OPEN + reset(1, 0xdeadbeef), ALIVE),
    # SETTINGS
    "6.5 SETTINGS on a stream": (frame(SETTINGS, 0, 1), PROTOCOL),
    "6.5 SETTINGS of five bytes": (frame(SETTINGS, 0, 0, bytes(5)), SIZE),
    "6.5 SETTINGS of seven bytes": (frame(SETTINGS, 0, 0, bytes(7)), SIZE),
    "6.5 an acknowledgement with a payload": (frame(SETTINGS, ACK, 0, bytes(6)), SIZE),
    "6.5 SETTINGS without any": (frame(SETTINGS, 0, 0) + request(), SOUND),
    "6.5.2 an unknown setting is ignored": (setting(0x99, 7) + request(), SOUND),
    "6.5.2 ENABLE_PUSH of 0": (setting(2, 0) + request(), SOUND),
    "6.5.2 ENABLE_PUSH of 1": (setting(2, 1) + request(), SOUND),
    "6.5.2 ENABLE_PUSH of 2": (setting(2, 2), PROTOCOL),
    "6.5.2 HEADER_TABLE_SIZE of 0": (setting(1, 0) + request(), SOUND),
    "6.5.2 HEADER_TABLE_SIZE as large as may be": (setting(1, 0xffffffff) + request(), SOUND),
    "6.5.2 MAX_CONCURRENT_STREAMS of 0": (setting(3, 0) + request(), SOUND),
    "6.5.2 INITIAL_WINDOW_SIZE too large": (setting(4, 2 ** 31), connection_error(FLOW_CONTROL_ERROR)),
    "6.5.2 INITIAL_WINDOW_SIZE as large as may be": (setting(4, MAX) + request(), SOUND),
    "6.5.2 MAX_FRAME_SIZE too small": (setting(5, 16383), PROTOCOL),
    "6.5.2 MAX_FRAME_SIZE too large": (setting(5, 2 ** 24), PROTOCOL),
    "6.5.2 MAX_FRAME_SIZE as large as may be": (setting(5, 2 ** 24 - 1) + request(), SOUND),
    "6.5.2 MAX_HEADER_LIST_SIZE of 0 is advice": (setting(6, 0) + request(), SOUND),
    "6.5.3 the same setting twice: the last one counts": (frame(SETTINGS, 0, 0, struct.pack(">HIHI", 4, 0, 4, 65535)) + request(), SOUND),
    # PUSH_PROMISE, PING, GOAWAY
    "6.6 PUSH_PROMISE of a client": (OPEN + frame(PUSH_PROMISE, END_HEADERS, 1, b"\x00\x00\x00\x02" + block()), PROTOCOL),
    "6.6 PUSH_PROMISE on the connection": (frame(PUSH_PROMISE, END_HEADERS, 0, b"\x00\x00\x00\x02" + block()), PROTOCOL),
    "6.7 PING on a stream": (frame(PING, 0, 1, bytes(8)), PROTOCOL),
    "6.7 PING of seven bytes": (frame(PING, 0, 0, bytes(7)), SIZE),
    "6.7 PING of nine bytes": (frame(PING, 0, 0, bytes(9)), SIZE),
    "6.7 an unexpected acknowledgement is ignored": (frame(PING, ACK, 0, bytes(8)) + request(), SOUND),
    "6.8 GOAWAY on a stream": (frame(GOAWAY, 0, 1, bytes(8)), PROTOCOL),
    "6.8 GOAWAY of seven bytes": (frame(GOAWAY, 0, 0, bytes(7)), SIZE),
    "6.8 a request before GOAWAY is answered": (request() + frame(GOAWAY, 0, 0, bytes(8)), SOUND),
    # WINDOW_UPDATE
    "6.9 WINDOW_UPDATE of three bytes": (frame(WINDOW_UPDATE, 0, 0, bytes(3)), SIZE),
    "6.9 WINDOW_UPDATE of five bytes": (frame(WINDOW_UPDATE, 0, 0, bytes(5)), SIZE),
    "6.9 WINDOW_UPDATE by 0 on the connection": (window(0, 0), PROTOCOL),
    "6.9 WINDOW_UPDATE by 0 on a stream": (OPEN + window(1, 0), MALFORMED | PROTOCOL),
    "6.9.1 a window of the connection beyond its limit": (window(0, MAX), connection_error(FLOW_CONTROL_ERROR)),
    "6.9.1 a window of a stream beyond its limit": (OPEN + window(1, MAX), stream_error(FLOW_CONTROL_ERROR) | connection_error(FLOW_CONTROL_ERROR)),
    "6.9.2 a setting that lifts a window beyond its limit": (OPEN + window(1, MAX - 65535) + setting(4, 65536), connection_error(FLOW_CONTROL_ERROR) | stream_error(FLOW_CONTROL_ERROR)),
    # CONTINUATION
    "6.10 CONTINUATION on the connection": (frame(CONTINUATION, END_HEADERS, 0, block()), PROTOCOL),
    "6.10 CONTINUATION without HEADERS": (frame(CONTINUATION, END_HEADERS, 1, block()), PROTOCOL),
    "6.10 CONTINUATION behind END_HEADERS": (OPEN + frame(CONTINUATION, END_HEADERS, 1, block()), PROTOCOL),
    "6.10 CONTINUATION of another stream": (HALF + frame(CONTINUATION, END_HEADERS, 3, b""), PROTOCOL),
    "6.10 a block in two frames": (frame(HEADERS, END_STREAM, 1, block()[:20]) + frame(CONTINUATION, END_HEADERS, 1, block()[20:]), SOUND),
    "6.10 a block in many frames": (frame(HEADERS, END_STREAM, 1) + b"".join(frame(CONTINUATION, 0, 1, block()[i:i + 9]) for i in range(0, len(block()), 9)) + frame(CONTINUATION, END_HEADERS, 1), SOUND),
    # Messages
    "8.1 trailers": (OPEN + frame(DATA, 0, 1, b"x") + frame(HEADERS, 5, 1, line("x-end", "yes")), SOUND),
    "8.1 trailers that do not end the stream": (OPEN + frame(HEADERS, END_HEADERS, 1, line("x-end", "yes")), MALFORMED | PROTOCOL),
    "8.1 trailers with a pseudo field": (OPEN + frame(HEADERS, 5, 1, line(":path", "/")), MALFORMED),
    "8.1 trailers with an upper-case name": (OPEN + frame(HEADERS, 5, 1, line("X-End", "yes")), MALFORMED),
    "8.1.1 less content than was announced": (post(body=b"abc", length=4), MALFORMED),
    "8.1.1 more content than was announced": (post(body=b"abc", length=2), MALFORMED),
    "8.1.1 no content where some was announced": (request(("content-length", "3"), method="POST"), MALFORMED),
    "8.1.1 as much content as was announced": (post(body=b"abc", length=3), SOUND),
    "8.1.1 a content-length that is no number": (request(("content-length", "x"), method="POST"), MALFORMED),
    "8.1.1 a negative content-length": (request(("content-length", "-1"), method="POST"), MALFORMED),
    "8.1.1 two content-lengths": (post(("content-length", "3"), body=b"abc", length=3), MALFORMED),
    "8.2 an upper-case name": (request(("X-Upper", "1")), MALFORMED),
    "8.2.1 an empty name": (request(("", "1")), MALFORMED),
    "8.2.1 a name with a space": (request(("x y", "1")), MALFORMED),
    "8.2.1 a name with a colon inside": (request(("x:y", "1")), MALFORMED),
    "8.2.1 a name with a line end": (request(("x\r\ny", "1")), MALFORMED),
    "8.2.1 a name beyond ASCII": (request(("x\xe9", "1")), MALFORMED),
    "8.2.1 a value with NUL": (request(("x", "a\x00b")), MALFORMED),
    "8.2.1 a value with LF": (request(("x", "a\nb")), MALFORMED),
    "8.2.1 a value with CR": (request(("x", "a\rb")), MALFORMED),
    "8.2.1 a value beyond ASCII": (request(("x", "caf\xe9")), SOUND),
    "8.2.2 connection": (request(("connection", "close")), MALFORMED),
    "8.2.2 keep-alive": (request(("keep-alive", "1")), MALFORMED),
    "8.2.2 proxy-connection": (request(("proxy-connection", "close")), MALFORMED),
    "8.2.2 transfer-encoding": (request(("transfer-encoding", "chunked"), method="POST"), MALFORMED),
    "8.2.2 upgrade": (request(("upgrade", "websocket")), MALFORMED),
    "8.2.2 te: trailers": (request(("te", "trailers")), SOUND),
    "8.2.2 te: gzip": (request(("te", "gzip")), MALFORMED),
    "8.2.3 crumbs of a cookie": (request(("cookie", "a=1"), ("cookie", "b=2")), SOUND),
    "8.3 an unknown pseudo field": (request((":colour", "red")), MALFORMED),
    "8.3 the pseudo field of a response": (request((":status", "200")), MALFORMED),
    "8.3 a pseudo field behind others": (frame(HEADERS, 5, 1, line("x", "1") + block()), MALFORMED),
    "8.3 two methods": (request((":method", "GET")), MALFORMED),
    "8.3 two paths": (request((":path", "/")), MALFORMED),
    "8.3 two schemes": (request((":scheme", "http")), MALFORMED),
    "8.3 two authorities": (request((":authority", "h")), MALFORMED),
    "8.3.1 no method": (request(leave_out=("method",)), MALFORMED),
    "8.3.1 no scheme": (request(leave_out=("scheme",)), MALFORMED),
    "8.3.1 no path": (request(leave_out=("path",)), MALFORMED),
    "8.3.1 an empty path": (request(path=""), MALFORMED),
    "8.3.1 a path without a slash": (request(path="orders"), MALFORMED | answered(400)),
    "8.3.1 an asterisk of OPTIONS": (request(method="OPTIONS", path="*"), answered(200)),
    "8.3.1 an asterisk of GET": (request(path="*"), MALFORMED | answered(400)),
    "8.3.1 an authority with a user": (request(authority="me@h"), MALFORMED | answered(400)),
    "8.3.1 an authority and another Host": (request(("host", "other")), MALFORMED),
    "8.3.1 an authority and the same Host": (request(("host", "h")), SOUND),
    "8.3.1 Host alone": (request(("host", "h"), leave_out=("authority",)), SOUND),
    "8.3.1 no authority and no Host": (request(leave_out=("authority",)), SOUND),
    "8.3.1 an empty authority": (request(authority=""), MALFORMED),
    "8.3.1 two Hosts": (request(("host", "h"), ("host", "h"), leave_out=("authority",)), MALFORMED | answered(400)),
    "8.5 CONNECT with a path": (request(method="CONNECT"), MALFORMED),
    "8.5 CONNECT without an authority": (request(method="CONNECT", leave_out=("scheme", "path", "authority")), MALFORMED),
    "8.5 CONNECT": (request(method="CONNECT", authority="h:443", leave_out=("scheme", "path")), answered(400, 405, 501, 503)),
    "8.7 a method of the client's own": (request(method="BREW"), answered(501, 503)),
}


def read_frame(received):
    """The first frame and what is behind it; None while it is not whole."""
    size = int.from_bytes(received[:3], "big")
    if len(received) < 9 + size:
        return None
    return (received[3], received[4], int.from_bytes(received[5:9], "big"), received[9:9 + size]), received[9 + size:]


STATUSES = {8: "200", 9: "204", 10: "206", 11: "304", 12: "400", 13: "404", 14: "500"}


def status_of(fields):
    """:status is the first line that nghttp2 writes: from the table, or as a literal of three digits."""
    if fields[0] & 0x80:
        return STATUSES.get(fields[0] & 0x7f, "503")
    digits = fields[fields.index(b"\x03") + 1:][:3] if b"\x03" in fields[:3] else b""
    return digits.decode("latin-1") if digits.isdigit() else "503"


def outcomes(client):
    """What the server says until it acknowledges the PING behind a row, or ends the connection."""
    said, received, acknowledged = set(), b"", False
    while True:
        while (whole := read_frame(received)) is not None:
            (kind, flags, stream, payload), received = whole
            if kind == GOAWAY:
                said.add(("goaway", int.from_bytes(payload[4:8], "big")))
            elif kind == RST_STREAM:
                said.add(("reset", int.from_bytes(payload, "big")))
            elif kind == HEADERS and stream:
                said.add(("answer", status_of(payload)))
            elif kind == PING and flags & ACK and payload == PROBE:
                acknowledged = True
        if acknowledged:
            return said or {("alive",)}
        part = client.recv(65536)
        if not part:
            return said or {("closed",)}
        received += part


class Frames(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = cls.enterClassContext(Gateway())

    def exchange(self, sent):
        with socket.create_connection((self.gateway.host, self.gateway.port), timeout=PATIENCE) as client:
            with contextlib.suppress(OSError):
                client.sendall(sent)
            try:
                return outcomes(client)
            except ConnectionResetError:
                return {("closed",)}

    def test_rows(self):
        for name, (sent, expected) in ROWS.items():
            with self.subTest(name):
                said = self.exchange(PREFACE + frame(SETTINGS, 0, 0) + sent + frame(PING, 0, 0, PROBE))
                # An answer that was on its way before the error does no harm, nor does RST_STREAM behind an answer.
                self.assertTrue(said & expected, said)
                if expected <= SOUND | ALIVE:  # and goes on
                    self.assertFalse({one for one in said if one[0] == "goaway"}, said)

    def test_the_table_is_whole(self):
        self.assertGreaterEqual(len(ROWS), 120)

    def test_3_4_the_first_frame_is_settings(self):
        for name, first in {"HEADERS": request(), "PING": frame(PING, 0, 0, bytes(8)), "DATA": frame(DATA, 0, 1)}.items():
            with self.subTest(name):
                self.assertIn(("goaway", PROTOCOL_ERROR), self.exchange(PREFACE + first))

    def test_3_4_a_preface_in_pieces(self):
        for cut in range(1, len(PREFACE)):
            with socket.create_connection((self.gateway.host, self.gateway.port), timeout=PATIENCE) as client:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                client.sendall(PREFACE[:cut])
                client.sendall(PREFACE[cut:] + frame(SETTINGS, 0, 0) + frame(PING, 0, 0, PROBE))
                self.assertEqual(outcomes(client), {("alive",)}, cut)

    def test_3_4_a_preface_that_is_none(self):
        with socket.create_connection((self.gateway.host, self.gateway.port), timeout=PATIENCE) as client:
            client.sendall(PREFACE[:-1] + b"x" + frame(SETTINGS, 0, 0))
            self.assertTrue(client.recv(65536).startswith(b"HTTP/1.1 "))


if __name__ == "__main__":
    unittest.main()
