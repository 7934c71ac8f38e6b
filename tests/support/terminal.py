"""Tools at a terminal: what their user reads of a service in maintenance.

    class Tools(terminal.Terminal):
        def test_wget(self):
            code, said = self.run_tool("wget", self.url)

Each runs in an empty folder of its own, with no settings but those given here, through a proxy that
counts its requests."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import museum
from counting_proxy import CountingProxy
from gateway import PATIENCE, Gateway

MESSAGE = "Orders are back at 02:00 UTC"
CONFIG = f"""
defaults:
  message: {MESSAGE}
  retry_after: {{ default: 1s, min: 1s, jitter: 0% }}
"""


def version_of(*command):
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE).stdout
    return re.search(r"\d+(?:\.\d+)+", said).group()


class Terminal(unittest.TestCase):
    def setUp(self):
        self.gateway = self.enterContext(Gateway(config=CONFIG))
        self.proxy = self.enterContext(CountingProxy(self.gateway.host, self.gateway.port))
        self.url = self.proxy.urls[0]
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="intermission-tools-")))

    def run_tool(self, *command, stdin="", **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8",
                       "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "no_proxy": "*", **variables}
        done = subprocess.run(command, cwd=self.folder, env=environment, input=stdin, text=True,
                              capture_output=True, timeout=PATIENCE, check=False)
        # The address differs from run to run.
        said = re.sub(r"(http://)?127\.0\.0\.1[: ]\d+", "SERVICE", done.stdout + done.stderr)
        return done.returncode, said

    def exhibit(self, client, version, speaks, sees, pauses=None):
        back = museum.comes_back(self.proxy.pauses(self.url) if pauses is None else pauses)
        museum.exhibit(client, version, speaks, sees.strip(), back, MESSAGE)

    def line_with(self, words, said):
        lines = [line.strip() for line in said.splitlines() if words in line]
        self.assertTrue(lines, said)
        return lines[0]
