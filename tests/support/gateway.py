"""The real program, as a client meets it: started on a free port, ended by its own pid.

    with Gateway() as gateway:
        answer = gateway.get("/orders", {"Accept": "application/json"})
        assert answer.status == 503

INTERMISSION names the program and is set by ctest. Each Gateway runs in an empty folder of its
own and sees only the environment it is given, so no test is affected by another or by the machine.
Nothing here sleeps: waiting means waiting for a line that the program prints, or for its end.
"""

import contextlib
import functools
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

from ports import reserved

PROGRAM = os.environ.get("INTERMISSION", "")
DEFAULT_MESSAGE = "System currently down for maintenance"
#A promise of the program : after SIGTERM it has ended within this time.
SECONDS_TO_STOP = 8
#Far more than it takes, so that only a program that hangs is cut short.
PATIENCE = 60


def environment(extra=None):
    """What a program under test sees: a plain PATH, what sanitizers want to know, and `extra`."""
    kept = {name: value for name, value in os.environ.items()
            if name.endswith("SAN_OPTIONS") or name in {"PATH", "HOME", "TMPDIR"}}
    kept["LANG"] = "C.UTF-8"
    kept.update(extra or {})
    return kept


def artefact(name):
    """A path in the build folder for what a person may want to look at after a test."""
    folder = pathlib.Path(os.environ.get("INTERMISSION_ARTEFACTS", tempfile.gettempdir()))
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def run(*arguments, extra=None, folder=None, stdin=""):
    """Runs `intermission ARGUMENTS` to its end."""
    return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, capture_output=True, text=True,
                          env=environment(extra), cwd=folder, timeout=PATIENCE, check=False)


@functools.cache
def free_control_port():
    """The control listener has a fixed default port; tests that run side by side must not share it."""
    return ["--control-port", "0"] if "--control-port" in run("serve", "--help").stdout else []


@dataclass
class Answer:
    status: int
    reason: str
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def media_type(self):
        return self.headers.get_content_type()

    def json(self):
        return json.loads(self.body)


class Lines:
    """What a program prints on one stream, line by line, as it comes."""

    def __init__(self, stream):
        self._lines = []
        self._ended = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        with stream:
            for line in stream:
                with self._news:
                    self._lines.append(line.rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def wait_for(self, pattern, seconds=PATIENCE):
        """The match of the first line in which `pattern` is found; fails when none comes."""
        found = None

        def look():
            nonlocal found
            found = next((match for line in self._lines if (match := re.search(pattern, line))), None)
            return found or self._ended

        with self._news:
            self._news.wait_for(look, seconds)
            if not found:
                raise AssertionError(f"no line like {pattern!r} in: {self._lines}")
            return found

    def all(self):
        """Every line; waits for the program to close the stream."""
        self._thread.join(PATIENCE)
        return list(self._lines)

    def so_far(self):
        with self._news:
            return list(self._lines)


class Gateway(contextlib.AbstractContextManager):
    def __init__(self, *arguments, config=None, extra=None, command=None, port=0):
        """`arguments` go to `intermission serve`. `config` is the text of a configuration file,
        kept as self.config. `command` replaces the whole command line. `port` None leaves the
        choice to the environment (`extra`) or the file."""
        self._temporary = tempfile.TemporaryDirectory(prefix="intermission-live-")
        self.folder = pathlib.Path(self._temporary.name)
        self.config = self.folder / "intermission.yaml"
        if config is not None:
            self.config.write_text(config, encoding="utf-8")
            arguments = ("--config", str(self.config), *arguments)
        if port is not None:
            arguments = ("--port", str(port), *arguments)
        self._command = command or [PROGRAM, "serve", *free_control_port(), *arguments]
        self._environment = environment(extra)
        self.process = None
        self._may_end = False  # whether anybody has asked it to
        self._kept = contextlib.ExitStack()  # its port, once it has stopped

    def __enter__(self):
        self.process = subprocess.Popen(self._command, cwd=self.folder, env=self._environment, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.stdout = Lines(self.process.stdout)
        self.stderr = Lines(self.process.stderr)
        try:
            ready = self.stdout.wait_for(r"^intermission: data http://(\S+):(\d+)$")
        except AssertionError as error:
            self._end()
            raise AssertionError(f"{error}\nit did not start; standard error: {self.stderr.all()}") from None
        self.address, self.port = ready.group(1), int(ready.group(2))
        self.host = "127.0.0.1" if self.address == "0.0.0.0" else self.address
        self.url = f"http://{self.host}:{self.port}"
        return self

    def __exit__(self, failed, *_):
        try:
            if failed:
                print("standard error of the program:", *self.stderr.so_far(), sep="\n  ")
            if not self._may_end:
                code = self.process.poll()
                assert code is None, f"ended by itself with exit code {code}: {self.stderr.all()}"
                if not failed:
                    self.stop()
        finally:
            self._end()
            self._temporary.cleanup()

    def _end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        self._kept.close()

    def send_signal(self, number):
        self._may_end = self._may_end or number != signal.SIGHUP
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        """Ends the program as the platform does and holds it to its promise."""
        started = time.monotonic()
        self.send_signal(number)
        try:
            code = self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running {SECONDS_TO_STOP} s after {signal.Signals(number).name}") from None
        assert code == 0, f"exit code {code} after {signal.Signals(number).name}: {self.stderr.all()}"
        with contextlib.suppress(OSError):  # a successor has it already
            self._kept.enter_context(reserved(self.host, self.port))
        return time.monotonic() - started

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)

    def request(self, method, target, headers=None, body=None):
        with contextlib.closing(self.connect()) as connection:
            connection.request(method, target, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.reason, response.msg, response.read())

    def get(self, target="/", headers=None):
        return self.request("GET", target, headers)


def retry_after(answer_headers):
    """The wait that an answer names: whole seconds, never 0."""
    value = answer_headers["Retry-After"]
    assert value is not None and re.fullmatch(r"[1-9][0-9]*", value), f"Retry-After: {value}"
    return int(value)
