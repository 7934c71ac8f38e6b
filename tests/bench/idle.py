"""What connections cost that are answered once and then idle."""

import contextlib
import socket
import ssl
import time

from comparing import Budget, Table
from servers import Nginx
from shapes import HOST, SHAPES

# MB above the base for 10,000 of them.
ALLOWED = {"HTTP/1.1": 4, "HTTP/2": 80}
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS = 0, 1, 4
END_STREAM, ACK, END_HEADERS = 1, 1, 4
SETTLES = 2.5  # seconds
# Enough for all of them, and for the time that a busy machine takes to connect them.
LIMITS = {"buffered_bytes": 2 ** 30, "idle_timeout_ms": 600_000}


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def line(name, value):
    """A field line of HPACK that both sides keep (RFC 7541 section 6.2.1)."""
    return b"\x40" + b"".join(bytes([len(part)]) + part for part in (name, value))


HEAD = (b"\x82\x84\x86" + line(b":authority", HOST.encode()) + line(b"user-agent", b"curl/7.88.1") +
        line(b"accept", b"*/*"))


def is_answered(received):
    while len(received) >= 9:
        if received[3] in (DATA, HEADERS) and received[4] & END_STREAM:
            return True
        received = received[9 + int.from_bytes(received[:3], "big"):]
    return False


def ask_once(client, http2):
    if http2:
        client.sendall(PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, END_STREAM | END_HEADERS, 1, HEAD))
    else:
        client.sendall(SHAPES["curl"].bytes)
    received = b""
    while not (is_answered(received) if http2 else received.startswith(b"HTTP/1.1 503")):
        part = client.recv(65536)
        if not part:
            raise RuntimeError("connection after connection is not answered")
        received += part
    if http2:
        client.sendall(frame(SETTINGS, ACK, 0))


def context_for(http2):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2" if http2 else "http/1.1"])
    return context


def hold(server, number, http2, secure):
    """Resident bytes before, and above that; CPU seconds in a second of idling."""
    context = context_for(http2) if secure else None
    before = server.resident_bytes()
    with contextlib.ExitStack() as clients:
        for _ in range(number):
            client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            if secure:
                client = context.wrap_socket(client, server_hostname="localhost")
            clients.enter_context(contextlib.closing(client))
            ask_once(client, http2)
        time.sleep(SETTLES)
        above = server.resident_bytes() - before
        cpu = server.cpu_seconds()
        time.sleep(1)
        return before, above, server.cpu_seconds() - cpu


def idle_connections(bench, static):
    number = bench.effort.idle
    lines, budgets = [], []
    for what, http2, certificate in (("HTTP/1.1", False, None), ("HTTP/2", True, None),
                                     ("TLS, HTTP/1.1", False, bench.certificate()),
                                     ("TLS, HTTP/2", True, bench.certificate())):
        # Each has a process of its own: what one kind of connection leaves behind is not another's.
        servers = {
            "Intermission": bench.intermission(f"idle, {what}", certificate=certificate, limits=LIMITS),
            "nginx": Nginx(f"nginx, idle, {what}", bench.place(f"nginx-idle-{what}"), static, http2=http2,
                           certificate=certificate)}
        for name, server in servers.items():
            with server:
                before, above, cpu = hold(server, number, http2, certificate is not None)
            lines.append((f"{name}, {what}", f"{before / 1e6:.1f}", f"{above / 1e6:.1f}",
                          f"{above / number:,.0f}", f"{cpu * 1e3:.1f}"))
            if name == "Intermission" and what in ALLOWED:
                most = ALLOWED[what] * number / 10_000
                budgets.append(Budget(f"{number:,} idle connections, {what}", f"{above / 1e6:.1f} MB", f"≤ {most:g} MB",
                                      above <= most * 1e6))
    return Table(f"{number:,} idle connections, each answered once",
                 ("", "MB before", "MB above", "bytes each", "CPU ms in a second of idling"), lines), budgets
