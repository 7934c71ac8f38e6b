"""A wall clock that jumps: Debian's libfaketime moves it under the running program. Dates and
windows follow; deadlines, descriptors and idle CPU do not notice."""

import datetime
import email.utils
import glob
import os
import pathlib
import socket
import tempfile
import time
import unittest

from gateway import PATIENCE, Gateway
from vitals import Vitals, wait_until

LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")
YEAR = 365 * 24 * 3600
CONFIG = """limits: {{ head_timeout_ms: 30000, idle_timeout_ms: 30000 }}
services:
  - name: shop
    hosts: [shop.example]
    maintenance: scheduled
    windows: [{{ start: {start}, end: {end} }}]
"""


def rfc3339(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clocks(unittest.TestCase):
    def setUp(self):
        self.assertTrue(LIBRARY, "libfaketime is needed; scripts/test installs it")
        folder = tempfile.TemporaryDirectory(prefix="intermission-survival-")
        self.addCleanup(folder.cleanup)
        self.offset = pathlib.Path(folder.name, "offset")
        self.set_clock(0)

    def set_clock(self, offset):
        """Whole, or the program might read the half of it."""
        new = self.offset.with_suffix(".new")
        new.write_text(f"{offset:+d}\n", encoding="utf-8")
        new.replace(self.offset)

    def gateway(self):
        # A sanitizer wants to be loaded first, and does not get it.
        options = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        faked = {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(self.offset), "FAKETIME_NO_CACHE": "1",
                 "FAKETIME_DONT_FAKE_MONOTONIC": "1", "ASAN_OPTIONS": options}
        # In a year's time the window has begun.
        window = {"start": rfc3339(time.time() + YEAR / 2), "end": rfc3339(time.time() + 2 * YEAR)}
        return Gateway(config=CONFIG.format(**window), extra=faked)

    def wait_for_date(self, gateway, offset):
        def told():
            date = gateway.get("/").headers["Date"]
            return abs(email.utils.parsedate_to_datetime(date).timestamp() - time.time() - offset) < 120

        wait_until(told, f"the Date is {offset} s off")

    def test_jumps_change_the_date_and_nothing_else(self):
        with self.gateway() as gateway:
            vitals = Vitals(gateway.port, gateway.process.pid)
            for years in (1, -1, 10, -10, 0):
                self.set_clock(years * YEAR)
                self.wait_for_date(gateway, years * YEAR)
                vitals.assert_answers_at_once()
            vitals.assert_well()

    def test_deadlines_do_not_jump(self):
        with self.gateway() as gateway:
            for years in (10, -10):
                with socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE) as client:
                    client.sendall(b"GET / HTTP/1.1\r\n")
                    self.set_clock(years * YEAR)
                    self.wait_for_date(gateway, years * YEAR)
                    client.sendall(b"Host: a\r\n\r\n")  # in time, whatever the wall says
                    self.assertIn(b" 503 ", client.recv(200))

    def test_windows_follow_the_wall(self):
        def state():
            return gateway.get("/.well-known/intermission/notice", {"Host": "shop.example"}).json()["state"]

        with self.gateway() as gateway:
            self.assertEqual(state(), "open")
            for years, expected in ((1, "maintenance"), (0, "open"), (10, "open"), (-10, "open"), (1, "maintenance")):
                self.set_clock(years * YEAR)
                wait_until(lambda wanted=expected: state() == wanted, f"{expected} in {years} years")


if __name__ == "__main__":
    unittest.main()
