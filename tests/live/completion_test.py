"""Completion in the shells themselves: somebody types at a terminal and presses Tab."""

import contextlib
import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import time
import unittest

from control import Control
from gateway import PATIENCE, PROGRAM, Gateway, environment

CONFIG = "services: [ { name: orders, message: Back soon }, { name: billing, hosts: [b], message: Back soon } ]\n"
# What is typed before Tab, and what the line is after it.
TYPED = [("intermission ext", "intermission extend "), ("intermission on orders --un", "intermission on orders --until "),
         ("intermission off bil", "intermission off billing ")]


class Terminal:
    """A shell that believes a person sits before it."""

    def __init__(self, command, extra):
        self.seen = ""
        self.pid, self.line = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment(extra))

    def type(self, text):
        os.write(self.line, text.encode())

    def wait_for(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert time.monotonic() < end, f"{text!r} never came: {self.seen!r}"
            if select.select([self.line], [], [], 1)[0]:
                self.seen += os.read(self.line, 65536).decode(errors="replace")

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.line)
        os.waitpid(self.pid, 0)


class Completion(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        control = Control(stack.enter_context(Gateway(config=CONFIG)))
        home = stack.enter_context(tempfile.TemporaryDirectory())
        (pathlib.Path(home) / "intermission").symlink_to(PROGRAM)
        self.extra = {"HOME": home, "TERM": "dumb", "PATH": f"{home}:{os.environ['PATH']}",
                      "INTERMISSION_CONTROL_URL": control.url, "INTERMISSION_TOKEN": control.token}

    def at_a_terminal(self, command, shell, before=""):
        terminal = Terminal(command, self.extra)
        self.addCleanup(terminal.close)
        terminal.type(f"{before}source <(intermission completion {shell}); echo ready-$((1 + 1))\n")
        terminal.wait_for("ready-2")
        for typed, completed in TYPED:
            with self.subTest(typed):
                terminal.seen = ""
                terminal.type(typed + "\t")
                terminal.wait_for(completed)
                terminal.type("\x15")  # forget the line
        self.assertNotIn("command not found", terminal.seen)

    def test_bash(self):
        self.at_a_terminal(["bash", "--norc", "--noprofile", "-i"], "bash")

    def test_zsh(self):
        self.at_a_terminal(["zsh", "-f", "-i"], "zsh")

    def test_zsh_that_completes_already(self):
        self.at_a_terminal(["zsh", "-f", "-i"], "zsh", "autoload -Uz compinit; compinit -i; ")

    def test_fish(self):
        for typed, completed in TYPED:
            asked = subprocess.run(["fish", "-c", f"intermission completion fish | source; complete -C '{typed}'"],
                                   capture_output=True, text=True, check=True, env=environment(self.extra), timeout=PATIENCE)
            self.assertEqual((asked.stdout.split()[0], asked.stderr), (completed.split()[-1], ""))


if __name__ == "__main__":
    unittest.main()
