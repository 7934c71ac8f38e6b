"""Many clients that hold what they can get: a program of its own, so that it holds up no test.

    hoard.py HOST:PORT NUMBER KIND     see KINDS; each client that is closed comes again

It says "ready" once every client has done its part for the first time, and ends when its standard
input does. Afterwards it tells as JSON what the clients heard.
"""

import collections
import contextlib
import json
import resource
import select
import socket
import subprocess
import sys
import time

HEAD = b"POST /hoard HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
LONG_HEAD = HEAD + (b"X-Filler: " + b"f" * 990 + b"\r\n") * 62
PAGE = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"
STREAM = "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n"


class Kind:
    """What one client sends at once, what it drips afterwards, and whether it stays once it is answered 200."""

    def __init__(self, sends, drips=b"", buffer=None, stays=False):
        self.sends, self.drips, self.buffer, self.stays = sends, drips, buffer, stays


KINDS = {
    "silent": Kind(b""),
    "half-heads": Kind(b"GET /hoard HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a"),
    "half-bodies": Kind(HEAD + b"Content-Length: 60000\r\n\r\n<a>", b" "),
    "long-heads": Kind(LONG_HEAD + b"X-Slow: ", b"a"),
    "long-bodies": Kind(LONG_HEAD + b"Content-Length: 66000\r\n\r\n" + b"<a>" + b" " * 65000, b" "),
    # 2,000 pages of which nothing is read.
    "readers": Kind(PAGE * 2000, b"", 4096),
}
DRIP_SECONDS = 0.5
CONNECTS_IN_A_ROW = 100
SOURCES = 16  # addresses, since one has too few ports


class Client:
    def __init__(self, address, kind, number):
        self.kind = kind
        self.socket = socket.socket()
        self.socket.setblocking(False)
        if kind.buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, kind.buffer)
        self.socket.bind((f"127.0.1.{1 + number % SOURCES}", 0))
        with contextlib.suppress(BlockingIOError):
            self.socket.connect(address)
        self.left = kind.sends
        self.arrived = False

    def write(self):
        """Whether there is more to write."""
        self.arrived = True
        if self.left:
            with contextlib.suppress(BlockingIOError):
                self.left = self.left[self.socket.send(self.left):]
        return bool(self.left)

    def drip(self):
        if self.arrived and not self.left and self.kind.drips:
            with contextlib.suppress(OSError):
                self.socket.send(self.kind.drips)


class Crowd:
    def __init__(self, address, kind):
        self.address, self.kind = address, kind
        self.poll = select.epoll()
        self.clients = {}
        self.heard = collections.Counter()
        self.number = 0
        self.busy = set()  # have not sent all yet

    def add(self):
        self.number += 1
        client = Client(self.address, self.kind, self.number)
        self.clients[client.socket.fileno()] = client
        self.busy.add(client.socket.fileno())
        self.poll.register(client.socket, self.interest(True))

    def interest(self, writes):
        reads = 0 if self.kind.buffer else select.EPOLLIN
        return reads | (select.EPOLLOUT if writes else 0)

    def remove(self, descriptor):
        self.busy.discard(descriptor)
        self.poll.unregister(descriptor)
        self.clients.pop(descriptor).socket.close()

    def serve(self, timeout):
        for descriptor, event in self.poll.poll(timeout):
            client = self.clients[descriptor]
            try:
                if event & select.EPOLLIN:
                    self.hear(descriptor, client.socket.recv(4096))
                elif event & (select.EPOLLHUP | select.EPOLLERR):
                    raise ConnectionResetError
                elif not client.write():
                    self.busy.discard(descriptor)
                    self.poll.modify(descriptor, self.interest(False))
            except OSError:
                self.heard["reset"] += 1
                self.remove(descriptor)

    def hear(self, descriptor, received):
        if received.startswith(b"HTTP/1.1 ") or not received:
            self.heard[received[9:12].decode("latin-1") or "closed"] += 1
        if not received or not (self.kind.stays and received[9:12] != b"503"):
            self.remove(descriptor)

    def drip(self):
        for client in list(self.clients.values()):
            client.drip()


def main(address, number, kind, token=""):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    host, _, port = address.rpartition(":")
    chosen = Kind(STREAM.format(token).encode(), stays=True) if kind == "streams" else KINDS[kind]
    crowd = Crowd((host, int(port)), chosen)
    told = False
    dripped = time.monotonic()
    end = select.poll()
    end.register(sys.stdin, select.POLLIN | select.POLLHUP)
    while not end.poll(0):
        for _ in range(min(CONNECTS_IN_A_ROW, int(number) - len(crowd.clients))):
            crowd.add()
        crowd.serve(0.05)
        if time.monotonic() - dripped > DRIP_SECONDS:
            crowd.drip()
            dripped = time.monotonic()
        # Those whose turn has not come wait in the listen queue.
        if not told and crowd.number >= int(number):
            told = True
            print("ready", flush=True)
    print(json.dumps(crowd.heard), flush=True)


@contextlib.contextmanager
def hoard(host, port, number, kind, token=""):
    """`number` such clients while it lasts; gives what they have heard, which is filled in at the end."""
    command = [sys.executable, "-B", __file__, f"{host}:{port}", str(number), kind, *([token] if token else [])]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    heard = {}
    try:
        assert process.stdout.readline() == "ready\n", "the crowd did not come"
        yield heard
        process.stdin.close()
        heard.update(json.loads(process.stdout.readline()))
        process.wait()
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
