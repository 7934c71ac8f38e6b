"""Whether a program is as well as it was before somebody did it harm.

    vitals = Vitals(gateway)
    ...                        # the harm
    vitals.assert_well()       # answers at once; descriptors, memory and CPU as before
"""

import contextlib
import os
import pathlib
import socket
import time

from gateway import PATIENCE

SANITIZED = bool(os.environ.get("INTERMISSION_SANITIZED"))
# Sanitizers keep what was freed for a while, and allocators keep some of it.
# The address sanitizer keeps 256 MiB of what was freed, and room around it.
MEMORY_ABOVE_BASE = (512 if SANITIZED else 16) * 1024 * 1024
SECONDS_AT_ONCE = 2
TICKS_OF_AN_IDLE_SECOND = 5
WARM_UP = 50


def wait_until(condition, what, seconds=PATIENCE):
    """Until `condition()` holds: for changes that are not announced, it is checked often."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.002)


class Process:
    """What the kernel tells of a process."""

    def __init__(self, pid):
        self._folder = pathlib.Path("/proc", str(pid))

    def descriptors(self):
        return len(os.listdir(self._folder / "fd"))

    def memory(self):
        """Resident bytes."""
        pages = int((self._folder / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def ticks(self):
        """CPU time of all threads, in hundredths of a second."""
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def listening_port(self):
        """The port of its socket that listens on 127.0.0.1, or None as long as there is none."""
        inodes = set()
        for entry in (self._folder / "fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                inodes.add(os.readlink(entry))
        for line in (self._folder / "net" / "tcp").read_text().splitlines()[1:]:
            fields = line.split()
            address, _, port = fields[1].partition(":")
            if fields[3] == "0A" and address == "0100007F" and f"socket:[{fields[9]}]" in inodes:
                return int(port, 16)
        return None


def ask(port, request=b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"):
    """Everything that comes back, to the end of the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(request)
        return to_the_end(client)


def to_the_end(client):
    received = bytearray()
    while part := client.recv(65536):
        received += part
    return bytes(received)


def reset(client):
    """Leaves without a good-bye."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    client.close()


class Vitals:
    def __init__(self, port, pid):
        self._port = port
        self.process = Process(pid)
        for _ in range(WARM_UP):
            self._assert_answers()
        self._descriptors = self._settled_descriptors()
        self.base_memory = self.process.memory()

    def _settled_descriptors(self):
        """Once what was asked before is closed on that side as well."""
        last = [None]

        def same_twice():
            before, last[0] = last[0], self.process.descriptors()
            return before == last[0]

        wait_until(same_twice, "the number of descriptors settles")
        return last[0]

    def _assert_answers(self):
        started = time.monotonic()
        answer = ask(self._port)
        assert answer.startswith(b"HTTP/1.1 503 "), answer[:200]
        return time.monotonic() - started

    def assert_answers_at_once(self):
        took = self._assert_answers()
        assert took < SECONDS_AT_ONCE, f"an answer took {took:.1f} s"

    def assert_idle(self):
        """No CPU time in a second without requests."""
        before = self.process.ticks()
        time.sleep(1)
        spent = self.process.ticks() - before
        assert spent <= TICKS_OF_AN_IDLE_SECOND, f"{spent} ticks in an idle second"

    def assert_well(self):
        self.assert_answers_at_once()
        wait_until(lambda: self.process.descriptors() <= self._descriptors,
                   f"{self._descriptors} descriptors, as before")
        above = self.process.memory() - self.base_memory
        assert above < MEMORY_ABOVE_BASE, f"{above / 2**20:.1f} MiB of memory above the base"
        self.assert_idle()
