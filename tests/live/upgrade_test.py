"""A state file that version 0.1 kept, committed as it was written, under the program of today."""

import json
import os
import pathlib
import unittest

from control import Control
from gateway import Gateway

KEPT = pathlib.Path(os.environ["INTERMISSION_SOURCE"], "tests/live/state-0.1.json").read_text(encoding="utf-8")
CONFIGURATION = """
services:
  - { name: orders, hosts: [orders.example.com], maintenance: "off" }
  - name: billing
    hosts: [billing.example.com]
    maintenance: scheduled
    windows:
      - { start: 2031-03-01T22:00:00Z, end: 2031-03-02T02:00:00Z }
      - { start: 2031-04-01T22:00:00Z, for: 2h }
  - { name: search, hosts: [search.example.com] }
"""


class FromVersion01(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(config=CONFIGURATION)
        self.file = self.gateway.folder / "intermission.state.json"
        self.file.write_text(KEPT, encoding="utf-8")

    def test_what_operators_switched_and_planned_is_in_force(self):
        with self.gateway as gateway:
            answer = gateway.get("/7", {"Host": "orders.example.com", "Accept": "application/json"})
            self.assertEqual(answer.status, 503)
            self.assertIn("Stock is being counted", answer.text)
            german = gateway.get("/7", {"Host": "orders.example.com", "Accept": "application/json", "Accept-Language": "de"})
            self.assertIn("Inventur", german.text)
            control = Control(gateway)
            services = {one["name"]: one for one in control.get("/api/services").json()["services"]}
            self.assertEqual(services["orders"]["until"], "2031-01-01T02:00:00Z")
            self.assertEqual((services["orders"]["state"], services["search"]["state"]), ("maintenance", "open"))
            upcoming = control.command("windows", "billing").stdout.partition("NEXT")[2]
            self.assertIn("2031-03-01T22:00:00Z  2031-03-02T02:00:00Z", upcoming)
            self.assertIn("2031-05-01T22:00:00Z  2031-05-02T01:00:00Z", upcoming)
            self.assertNotIn("2031-04-01T22:00:00Z", upcoming, "it was cancelled")
            changes = control.command("changes").stdout
            self.assertIn("anna@host", changes)

    def test_the_next_change_goes_on_from_it(self):
        with self.gateway as gateway:
            done = Control(gateway).command("off", "orders")
            self.assertEqual(done.returncode, 0, done.stderr)
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            before = json.loads(KEPT)
            self.assertEqual(kept["version"], before["version"] + 1)
            self.assertEqual(kept["services"]["billing"], before["services"]["billing"])
            self.assertEqual(kept["audit"][:-1], before["audit"])
            self.assertEqual(kept["services"]["orders"]["switched"]["to"], "off")

    def test_it_is_left_as_it_is_until_then(self):
        with self.gateway:
            self.assertEqual(self.file.read_text(encoding="utf-8"), KEPT)


if __name__ == "__main__":
    unittest.main()
