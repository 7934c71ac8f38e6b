"""A program that listens on ports which the test chooses: a proxy, with a configuration of the test's."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

from gateway import PATIENCE
from ports import free_port


def comes_up(process, *ports):
    """Whether all the ports are listened on before the process ends."""
    end = time.monotonic() + PATIENCE
    for port in ports:
        while True:
            if process.poll() is not None or time.monotonic() > end:
                return False
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.01)
    return True


@contextlib.contextmanager
def running(command, configure, count=1, environment=None):
    """The command, run in a folder of its own, where router.conf is what `configure` makes of `count` free ports: these
    ports, once it listens on all of them. `environment` is added to a bare one."""
    with tempfile.TemporaryDirectory(prefix="intermission-router-") as folder:
        output = pathlib.Path(folder, "output")
        for _ in range(3):  # another program may take a port first
            ports = [free_port() for _ in range(count)]
            pathlib.Path(folder, "router.conf").write_text(configure(*ports), encoding="utf-8")
            with open(output, "wb") as out:
                process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                           env={"HOME": folder, "PATH": os.environ["PATH"]} | (environment or {}))
            try:
                if comes_up(process, *ports):
                    yield ports
                    return
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(PATIENCE)
                if environment:  # what libfaketime leaves behind where the process does not end by itself
                    for left in (f"faketime_shm_{process.pid}", f"sem.faketime_sem_{process.pid}"):
                        pathlib.Path("/dev/shm", left).unlink(missing_ok=True)
        raise AssertionError(output.read_text(encoding="utf-8", errors="replace"))
