"""What all measurements share: a row is one server asked in one way, in turn with the others; a table tells what was
found; a budget is a promise of the design."""

import contextlib
import json
import pathlib
import re
import socket
import statistics
import subprocess
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).parent
# Every server has one thread, and so has the load.
CONNECTIONS = 32


@dataclass
class Row:
    """One server asked in one way, and what was found in each round."""
    label: str
    server: object
    cpu: list = field(default_factory=list, kw_only=True)   # microseconds per request
    rate: list = field(default_factory=list, kw_only=True)  # requests per second

    @property
    def cost(self):
        return statistics.median(self.cpu)

    def load(self):
        """Asks for a while; how many requests were answered, and in how many seconds."""
        raise NotImplementedError

    def run(self):
        before = self.server.cpu_seconds()
        requests, seconds = self.load()
        used = self.server.cpu_seconds() - before
        self.cpu.append(used / requests * 1e6)
        self.rate.append(requests / seconds)


@dataclass
class WrkRow(Row):
    """By wrk: the bytes of a file over HTTP/1.1."""
    sent: pathlib.Path
    in_turn: bool = False  # the file holds several requests, to be sent one after the other
    scheme: str = "http"

    def load(self):
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d1s", "-s", HERE / "load.lua",
                   f"{self.scheme}://127.0.0.1:{self.server.port}/", "--", self.sent, *(["each"] if self.in_turn else [])]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
        result = json.loads(done.stdout.splitlines()[-1])
        if result["requests"] == 0 or result["broken"] > 0:
            raise RuntimeError(f"{self.label}: the load did not arrive: {done.stdout}")
        return result["requests"], result["microseconds"] / 1e6


@dataclass
class H2loadRow(Row):
    """By h2load: one request over HTTP/2, so many at a time on each connection."""
    target: str
    streams: int
    fields: tuple
    status: str  # the first digit of every answer
    body: pathlib.Path | None = None
    scheme: str = "http"

    def load(self):
        command = ["h2load", "-t1", f"-c{CONNECTIONS}", f"-m{self.streams}", "-D1"]
        for name, value in self.fields:
            command += ["-H", f"{name}: {value}"]
        if self.body is not None:
            command += ["-d", self.body]
        command.append(f"{self.scheme}://127.0.0.1:{self.server.port}{self.target}")
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
        found = re.search(r"^requests: .* (\d+) done, .* (\d+) errored, (\d+) timeout$", done.stdout, re.MULTILINE)
        seconds = re.search(r"^finished in ([\d.]+)(m?s),", done.stdout, re.MULTILINE)
        answers = {digit: int(number) for number, digit in re.findall(r"(\d+) (\d)xx", done.stdout)}
        requests = int(found.group(1)) if found else 0
        if requests == 0 or found.group(2, 3) != ("0", "0") or set(digit for digit in answers if answers[digit]) != {self.status}:
            raise RuntimeError(f"{self.label}: the load did not arrive: {done.stdout}{done.stderr}")
        return requests, float(seconds.group(1)) / (1 if seconds.group(2) == "s" else 1e3)


def run_rounds(rows, rounds):
    rows = list(rows)
    for _ in range(rounds):
        for row in rows:
            row.run()


def ratio(row, other):
    """The median of the ratios within each round: what a noisy second does to both does not count."""
    return statistics.median(a / b for a, b in zip(row.cpu, other.cpu))


def beside(title, rows, ours, note=""):
    """A table of rows with our cost as a ratio to each."""
    lines = [(row.label, f"{row.cost:.2f}", "" if row is ours else f"{ratio(ours, row):.2f}",
              f"{statistics.median(row.rate):,.0f}") for row in rows]
    return Table(title, ("", "CPU µs/request", "Intermission × this", "requests/s"), lines, note)


def ask(port, sent):
    """The first answer to a request, whole."""
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        connection.sendall(sent)
        received = b""
        while True:
            head, blank, rest = received.partition(b"\r\n\r\n")
            if blank:
                length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                               if line.lower().startswith(b"content-length:")), 0)
                if len(rest) >= length:
                    return head + blank + rest[:length]
            piece = connection.recv(65536)
            if not piece:
                raise RuntimeError(f"no whole answer from port {port}: {received!r}")
            received += piece


@dataclass
class Table:
    title: str
    columns: tuple
    lines: list
    note: str = ""


@dataclass
class Budget:
    """A budget of the design, and what this run found."""
    what: str
    found: str
    allowed: str
    met: bool
