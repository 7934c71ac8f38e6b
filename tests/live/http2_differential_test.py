"""The rows of http2_frames_test, sent to the gateway, to nghttpd and to nginx. A verdict says how each took them. Where
another server's differs from ours, DIFFERENCES says which section of RFC 9113 decides; without a line there the test
fails, and so it does for a line that does not hold any more."""

import contextlib
import socket
import unittest

from gateway import Gateway
from http2_frames_test import ACK, GOAWAY, HEADERS, PING, PREFACE, PROBE, ROWS, RST_STREAM, SETTINGS, frame, read_frame, status_of
from routers_test import Router, running

SECONDS = 20  # a server that says nothing for so long hangs
CODES = ("NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
         "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM")

NGINX = Router("""
daemon off; master_process off; worker_processes 1; pid pid; error_log log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{ listen 127.0.0.1:{http2} http2; location / {{ return 503 busy; }} }}
}}
""", ["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"], {})
NGHTTPD = Router("{http2}", ["sh", "-c", "exec nghttpd --no-tls -a 127.0.0.1 -d . $(cat router.conf)"], {})

STRICT = "malformed means PROTOCOL_ERROR for the stream; nginx answers 400, which §8.1.1 allows before the reset"
LENIENT = "the field makes the request malformed; nginx passes over it"
ANSWERED = "nginx answers before the body has come; ours waits for a body whose length or end is near"
HARSH = "a malformed message is an error of its stream; nginx ends the connection with all its streams"
IDLE = "on an idle stream it is a connection error; nginx keeps no record of which streams were open"
PASSED_OVER = "the rest of the message is read although its answer is sent; nginx resets the stream, with NO_ERROR"

# (verdict, reason, rows), for each server.
DIFFERENCES = {
    "nghttpd": (
        ("goaway STREAM_CLOSED", "§5.1: to end the connection for frames on a closed stream is a MAY; ours keeps no record "
         "of closed streams, and ignores what can have been on its way",
         ("5.1 DATA behind RST_STREAM", "5.1 HEADERS behind RST_STREAM")),
        ("answered; open", "§8.3.1: user information MUST NOT be in :authority; nghttpd does not look",
         ("8.3.1 an authority with a user",)),
        ("open; reset PROTOCOL_ERROR", "§8.3.1: routers leave both out for requests of HTTP/1.0 that name no host; nghttp2's "
         "own rules want one", ("8.3.1 no authority and no Host",)),
        ("answered; open", "§8.3.1: a Host that differs from :authority is malformed; nghttpd does not look",
         ("8.3.1 an authority and another Host",)),
    ),
    "nginx": (
        ("answered; open; reset NO_ERROR", f"§8.1: {ANSWERED}",
         ("4.1 an unknown type on an open stream is ignored", "5.1 DATA behind RST_STREAM",
          "6.4 RST_STREAM with an unknown code", "6.9.1 a window of a stream beyond its limit",
          "6.9.2 a setting that lifts a window beyond its limit")),
        ("answered; open; reset NO_ERROR", f"§8.1: {PASSED_OVER}",
         ("6.1 DATA with padding", "6.1 DATA with padding alone", "8.1.1 as much content as was announced")),
        ("answered; open; reset NO_ERROR", "§8.1.1: content that is not of the announced length is malformed; nginx has "
         "answered before", ("8.1.1 less content than was announced", "8.1.1 more content than was announced")),
        ("answered; open", "§8.1: a client that has reset its stream wants no answer; nginx had sent it between two frames",
         ("5.1 WINDOW_UPDATE on a closed stream is allowed", "5.1 RST_STREAM on a closed stream is allowed",
          "5.1 PRIORITY on a closed stream is allowed")),
        ("answered; open; reset NO_ERROR", "§4.2: a frame beyond SETTINGS_MAX_FRAME_SIZE is FRAME_SIZE_ERROR; nginx has no "
         "limit for what it throws away", ("4.2 DATA larger than the largest frame",)),
        ("open", "§4.2: a frame beyond SETTINGS_MAX_FRAME_SIZE is FRAME_SIZE_ERROR; nginx has no limit for what it throws "
         "away", ("4.2 SETTINGS larger than the largest frame", "4.2 an unknown frame larger than the largest frame")),
        ("goaway ENHANCE_YOUR_CALM", "§4.2: the size is looked at first; nginx reads 1,000 lines and finds them too many",
         ("4.2 HEADERS larger than the largest frame",)),
        ("goaway FRAME_SIZE_ERROR", "§4.3: a block that cannot be decoded is COMPRESSION_ERROR",
         ("4.3 a literal that is cut short", "4.3 a literal without a value")),
        ("answer 400; open", "§4.3: a block that cannot be decoded MUST be a connection error, for the tables of both sides "
         "may differ from here on", ("4.3 a table changed behind a line",
                                    "4.3 a Huffman code with more than seven bits of padding")),
        ("goaway FRAME_SIZE_ERROR", "§8.3.1: a block without lines is decodable, and malformed for it lacks :method",
         ("4.3 an empty block",)),
        ("open", f"§5.1: {IDLE}", ("5.1 DATA on an idle stream", "5.1 RST_STREAM on an idle stream",
                                  "5.1 WINDOW_UPDATE on an idle stream")),
        ("answered; open", "§5.1: DATA behind END_STREAM is STREAM_CLOSED; nginx has forgotten the stream",
         ("5.1 DATA behind END_STREAM",)),
        ("goaway PROTOCOL_ERROR", "§5.1: a head on a stream that has ended is STREAM_CLOSED; nginx takes it for a new stream "
         "whose number does not rise", ("5.1 HEADERS behind END_STREAM", "5.1 HEADERS behind RST_STREAM")),
        ("goaway PROTOCOL_ERROR", "§5.1.1 asks for it; nghttp2, which keeps no closed streams for us, ignores the head as "
         "trailers of one, and nothing is answered twice",
         ("5.1.1 a request with a smaller number than before is not answered",)),
        ("goaway FRAME_SIZE_ERROR", "§4.2 has this code for a frame without its mandatory fields; nghttp2 sees more padding than "
         "payload, which is PROTOCOL_ERROR (§6.1); either ends the connection",
         ("6.1 DATA without the size of its padding", "6.2 HEADERS without the size of its padding")),
        ("goaway FRAME_SIZE_ERROR", "§6.10: an empty CONTINUATION is allowed; ours counts them (§10.5)",
         ("6.10 a block in many frames",)),
        ("goaway PROTOCOL_ERROR", "§8.1: a request may have trailers; nginx knows none", ("8.1 trailers",)),
        ("goaway PROTOCOL_ERROR", f"§8.1.1: {HARSH}",
         ("8.1 trailers that do not end the stream", "8.1 trailers with a pseudo field",
          "8.1 trailers with an upper-case name", "8.2.1 an empty name", "8.3.1 an empty authority")),
        ("answer 400; open", f"§8.1.1: {STRICT}",
         ("8.1.1 no content where some was announced", "8.1.1 a content-length that is no number",
          "8.1.1 a negative content-length", "8.3 an unknown pseudo field", "8.3 the pseudo field of a response",
          "8.3 two methods", "8.3 two paths", "8.3 two schemes", "8.3 two authorities", "8.3.1 no method",
          "8.3.1 no scheme", "8.3.1 no path", "8.3.1 an empty path", "8.3.1 a path without a slash",
          "8.3.1 an asterisk of GET", "8.3.1 two Hosts", "8.3.1 an authority and another Host",
          "8.5 CONNECT without an authority")),
        ("answer 400; open; reset NO_ERROR", f"§8.1.1: {STRICT}", ("8.1.1 two content-lengths",)),
        ("answered; open", f"§8.2.1: {LENIENT}", ("8.2.1 a name beyond ASCII",)),
        ("answered; open", f"§8.2.2: {LENIENT}",
         ("8.2.2 connection", "8.2.2 keep-alive", "8.2.2 proxy-connection", "8.2.2 transfer-encoding", "8.2.2 upgrade",
          "8.2.2 te: gzip")),
        ("answered; open", "§8.3: pseudo-header fields come first; nginx takes them in any order",
         ("8.3 a pseudo field behind others",)),
        ("answer 400; open", "§8.3.1: OPTIONS with * asks about the server itself",
         ("8.3.1 an asterisk of OPTIONS",)),
        ("answered; open", "§8.3.1: user information MUST NOT be in :authority; nginx cuts it off",
         ("8.3.1 an authority with a user",)),
        ("answer 400; open", "§8.3.1: routers leave both out for requests of HTTP/1.0 that name no host; nginx wants one",
         ("8.3.1 no authority and no Host",)),
        ("answer 400; open", "§8.3.1: Host may repeat :authority; nginx takes it for a second Host",
         ("8.3.1 an authority and the same Host",)),
        ("answered; open", "§8.5: CONNECT has neither :scheme nor :path; nginx does not look",
         ("8.5 CONNECT with a path",)),
        ("answer 400; open", "§8.5: the request is well-formed, and gets the answer of a service that is down", ("8.5 CONNECT",)),
    ),
}


def heard(client):
    """What the server says until it acknowledges the PING behind a row, or ends the connection."""
    said, received, acknowledged = set(), b"", False
    while True:
        while (whole := read_frame(received)) is not None:
            (kind, flags, stream, payload), received = whole
            if kind == GOAWAY:
                said.add(f"goaway {CODES[int.from_bytes(payload[4:8], 'big')]}")
            elif kind == RST_STREAM:
                said.add(f"reset {CODES[int.from_bytes(payload, 'big')]}")
            elif kind == HEADERS and stream:
                said.add("answer 400" if status_of(payload) == "400" else "answered")
            elif kind == PING and flags & ACK and payload == PROBE:
                acknowledged = True
        if acknowledged:
            return said | {"open"}
        try:
            part = client.recv(65536)
        except TimeoutError:
            return said | {"hangs"}
        except OSError:
            part = b""
        if not part:
            return said | {"closed"}
        received += part


def verdict(port, sent):
    """What has been answered before the connection ended in an error was on its way."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as client:
        with contextlib.suppress(OSError):
            client.sendall(PREFACE + frame(SETTINGS, 0, 0) + sent + frame(PING, 0, 0, PROBE))
        said = heard(client)
    return "; ".join(sorted({one for one in said if one.startswith("goaway")} or said))


class Differences(unittest.TestCase):
    maxDiff = None

    def compare(self, name, router):
        reasons = {row: (their_verdict, reason) for their_verdict, reason, rows in DIFFERENCES[name] for row in rows}
        self.assertLessEqual(reasons.keys(), ROWS.keys())
        self.assertEqual(len(reasons), sum(len(rows) for *_, rows in DIFFERENCES[name]), "a row has two reasons")
        with Gateway() as gateway, running(router, gateway.port) as (_, port):
            for row, (sent, _) in ROWS.items():
                with self.subTest(row):
                    ours, theirs = verdict(gateway.port, sent), verdict(port, sent)
                    if row not in reasons:
                        self.assertEqual(theirs, ours, f"{name} differs, and DIFFERENCES does not say why")
                    else:
                        self.assertNotEqual(theirs, ours, "they agree; the line of DIFFERENCES is not needed any more")
                        self.assertEqual((theirs, reasons[row][1]), reasons[row])

    def test_nghttpd(self):
        self.compare("nghttpd", NGHTTPD)

    def test_nginx(self):
        self.compare("nginx", NGINX)


if __name__ == "__main__":
    unittest.main()
