"""Standard streams that are closed, full, or not read: the log is lost, the service is not."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import unittest

from gateway import PATIENCE, PROGRAM, SECONDS_TO_STOP, environment, free_control_port
from vitals import Process, Vitals, ask, wait_until

# Operators are listened for elsewhere, so that listening_port() finds the clients' port.
SAYING = ("listen: {{ address: 127.0.0.1, workers: 2 }}\ncontrol: {{ address: 127.0.0.2 }}\n"
          "defaults: {{ message: {} }}\n")


class Streams(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="intermission-survival-")
        self.addCleanup(folder.cleanup)
        self.config = pathlib.Path(folder.name, "intermission.yaml")
        self.say("first")

    def say(self, message):
        self.config.write_text(SAYING.format(message), encoding="utf-8")

    @contextlib.contextmanager
    def full_pipe(self):
        """Its two ends. It is full, and blocks the writer."""
        reader, writer = os.pipe()
        try:
            os.set_blocking(writer, False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    os.write(writer, b"x" * 4096)
            os.set_blocking(writer, True)
            yield reader, writer
        finally:
            os.close(reader)
            os.close(writer)

    @contextlib.contextmanager
    def program(self, redirections="", before=(), **streams):
        """The program with the shell's `redirections`, or with `streams` of ours. `before` is
        what starts it."""
        command = [*before, PROGRAM, "serve", "--port", "0", "--config", str(self.config), *free_control_port()]
        if redirections:
            command = ["/bin/sh", "-c", f'exec "$@" {redirections}', "sh", *command]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | streams
        process = subprocess.Popen(command, env=environment(), cwd=self.config.parent, **streams)
        try:
            yield process
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(SECONDS_TO_STOP), 0)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE)

    def check(self, process):
        """It serves, reads its configuration again, whatever becomes of the words about it."""
        wait_until(lambda: Process(process.pid).listening_port(), "it listens")
        port = Process(process.pid).listening_port()
        vitals = Vitals(port, process.pid)
        for message in ("second", "third"):
            self.config.write_text("broken: [", encoding="utf-8")
            process.send_signal(signal.SIGHUP)
            self.say(message)
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: message.encode() in ask(port), f"{message} is taken over")
        vitals.assert_well()
        return port

    def test_closed_from_the_start(self):
        for redirections in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(redirections), self.program(redirections) as process:
                self.check(process)

    def test_a_descriptor_of_a_closed_stream_is_not_given_to_a_client(self):
        with self.program("<&- >&- 2>&-") as process:
            self.check(process)
            for number in range(3):
                self.assertEqual(os.readlink(f"/proc/{process.pid}/fd/{number}"), "/dev/null")

    def test_a_disk_that_is_full(self):
        with self.program("2>/dev/full >/dev/full") as process:
            self.check(process)

    def test_a_pipe_whose_reader_is_gone(self):
        with self.program(stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.close()
            process.stderr.close()
            self.check(process)

    def test_a_pipe_that_is_full_is_used_again_when_there_is_room(self):
        with self.full_pipe() as (reader, writer), self.program(stderr=writer) as process:
            self.check(process)
            os.set_blocking(reader, False)
            with contextlib.suppress(BlockingIOError):
                while os.read(reader, 65536):
                    pass
            os.set_blocking(reader, True)
            process.send_signal(signal.SIGHUP)
            with open(os.dup(reader), "rb") as log:
                self.assertRegex(log.readline(), rb"lines? of this log (was|were) dropped")
                self.assertIn(b"was reloaded", log.readline())

    def test_a_full_pipe_does_not_hold_up_its_workers(self):
        """What a worker has to say, here that it is out of descriptors, is said by the worker."""
        with self.full_pipe() as (_, writer), contextlib.ExitStack() as stack:
            with self.program("", before=["prlimit", "--nofile=48:48", "--"], stderr=writer) as process:
                wait_until(lambda: Process(process.pid).listening_port(), "it listens")
                port = Process(process.pid).listening_port()
                # A sanitizer needs descriptors of its own the first time that a line is logged.
                self.say("warmed up")
                process.send_signal(signal.SIGHUP)
                wait_until(lambda: b"warmed up" in ask(port), "it has something to say")
                vitals = Vitals(port, process.pid)
                crowd = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(100)]
                vitals.assert_idle()
                for client in crowd:
                    client.close()
                vitals.assert_well()


if __name__ == "__main__":
    unittest.main()
