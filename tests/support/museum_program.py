"""Runs the exhibits of one language: a program of tests/live/museum that calls a gateway in maintenance
with one client library after the other.

The program finds one URL for each exhibit in CLIENT_URLS, separated by spaces, and prints a line for
each, with tabs between: exhibit, the URL it used, client, version, what it speaks, what its user sees.
Other lines are for people. What it shows must be what museum.json says of this test, all of it.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import museum
from counting_proxy import CountingProxy
from gateway import Gateway, environment

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
PROGRAMS = SOURCE / "tests" / "live" / "museum"
#Short, so that a line about it is whole in every client that cuts lines.
MESSAGE = "Back at 02:00 UTC"
#Two seconds: a client that pauses for one of its own accord is not taken for one that obeys.
CONFIG = f"""
services:
  - name: orders
    message: {MESSAGE}
    wsdl: {SOURCE / "deploy" / "contracts" / "orders.wsdl"}
    retry_after: {{ default: 2s, min: 1s, jitter: 0% }}
"""
#More than any program has exhibits.
URLS = 200
PATIENCE = 360


def told(found):
    """Problem details as a person reads them, for clients that show the whole document."""
    try:
        return f"problem details: {json.loads(found[0])['detail']}"
    except (ValueError, KeyError):
        return found[0]


def normal(seen):
    """Without what differs between two runs, and on one line."""
    seen = re.sub(r"\{\s*\".*\"[^{}]*\}", told, seen, flags=re.DOTALL)
    seen = re.sub(r'\{[^{}]*"detail":"([^"]*)"[^{}]*\(truncated\.\.\.\)', r"the beginning of problem details: \1", seen)
    seen = re.sub(r'<!doctype html>.* name="description" content="([^"]*)">.*', r"the page: \1", seen, flags=re.DOTALL)
    seen = re.sub(r"(http://|//)?(127\.0\.0\.1|localhost)(:\d+)?", "SERVICE", seen)
    seen = re.sub(r"\b0x[0-9a-f]+", "0x…", seen)
    return " ".join(seen.split())


class MuseumProgram(unittest.TestCase):
    """A test of one language says how its program is made and run."""

    config = CONFIG

    def build(self, folder):
        """Makes the program, in `folder`, and returns its command line."""
        raise unittest.SkipTest("a base")

    def settings(self, folder):  # pylint: disable=unused-argument
        """Variables of the program's environment."""
        return {}

    def call(self, command, folder, settings=None):
        done = subprocess.run([str(word) for word in command], cwd=folder, text=True, capture_output=True, check=False,
                              env=environment({"HOME": str(folder), "no_proxy": "*", **(settings or {})}),
                              stdin=subprocess.DEVNULL, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def test_what_users_see(self):
        with tempfile.TemporaryDirectory(prefix="intermission-museum-") as name:
            folder = pathlib.Path(name)
            command = self.build(folder)
            with Gateway(config=self.config) as gateway, CountingProxy(gateway.host, gateway.port, ports=URLS) as proxy:
                printed = self.call(command, folder, {**self.settings(folder), "CLIENT_URLS": " ".join(proxy.urls),
                                                      "INTERMISSION_SOURCE": str(SOURCE)})
                self.compare(printed, proxy)

    def compare(self, printed, proxy):
        shown = set()
        for line in printed.splitlines():
            if not line.startswith("exhibit\t"):
                continue
            _, url, client, version, speaks, sees = line.split("\t")
            shown.add((client, speaks))
            with self.subTest(client=client, speaks=speaks):
                self.assertTrue(proxy.requests(url), f"{client} asked nothing")
                self.assertRegex(version, r"\d")
                museum.exhibit(client, version, speaks, normal(sees), museum.comes_back(proxy.pauses(url)), MESSAGE)
        known = {(one["client"], one["speaks"]) for one in museum.shown_by(pathlib.Path(sys.argv[0]).name)}
        self.assertEqual(known, shown, f"museum.json and the program differ; it printed:\n{printed}")
