"""TLS beside nginx with the same certificate: handshakes, and requests on connections that stay."""

import socket
import ssl
import time
from dataclasses import dataclass

from comparing import Budget, H2loadRow, Row, WrkRow, beside, ratio, run_rounds
from http2 import ASKED, TARGET
from servers import Nginx
from shapes import SHAPES

MOST = 1.05  # × nginx


@dataclass
class VisitRow(Row):
    """A connection for each request, one after the other, by TLS 1.3."""
    visits: int
    resumes: bool

    def load(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        session = None
        begun = time.monotonic()
        for number in range(self.visits):
            session, resumed = self.visit(context, session if self.resumes else None)
            if resumed != (self.resumes and number > 0):
                raise RuntimeError(f"{self.label}: a session is resumed: {resumed}")
        return self.visits, time.monotonic() - begun

    def visit(self, context, session):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as plain, \
                context.wrap_socket(plain, server_hostname="localhost", session=session) as client:
            client.sendall(SHAPES["curl, closing"].bytes)
            received = b""
            while part := client.recv(65536):
                received += part
            if not received.startswith(b"HTTP/1.1 503 "):
                raise RuntimeError(f"{self.label} does not answer: {received!r}")
            return client.session, client.session_reused


def tls(bench, static):
    certificate = bench.certificate()
    servers = {
        "Intermission": bench.start(bench.intermission("over TLS", certificate=certificate)),
        "nginx": bench.start(Nginx("nginx over TLS", bench.place("nginx-tls"), static, http2=True,
                                   certificate=certificate)),
    }
    sent = bench.write("sent-over-tls", SHAPES["curl"].bytes)
    for title, row in (
            ("TLS 1.3, a full handshake and a request", lambda name, server: VisitRow(
                name, server, visits=bench.effort.visits, resumes=False)),
            ("TLS 1.3, a resumed session and a request", lambda name, server: VisitRow(
                name, server, visits=bench.effort.visits, resumes=True)),
            ("TLS, kept connections, HTTP/1.1, curl", lambda name, server: WrkRow(name, server, sent, scheme="https")),
            ("TLS, kept connections, HTTP/2, 1 stream at a time", lambda name, server: H2loadRow(
                name, server, target=TARGET, streams=1, fields=ASKED, status="5", scheme="https"))):
        rows = {name: row(name, server) for name, server in servers.items()}
        run_rounds(rows.values(), bench.effort.rounds)
        found = ratio(rows["Intermission"], rows["nginx"])
        yield (beside(title, list(rows.values()), rows["Intermission"]),
               [Budget(f"{title}: CPU, × nginx", f"{found:.2f}", f"≤ {MOST}", found <= MOST)])
