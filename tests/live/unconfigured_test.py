"""Unconfigured hosts: open at a gate, answered by a stand-in, and what operators switch
there."""

import unittest

from control import Control
from gateway import Gateway, run

GATE = "/.well-known/intermission/gate"
UNKNOWN = {"Host": "unknown.example.com"}


class Unconfigured(unittest.TestCase):
    def states(self, control):
        """What the API and the command say of the service `default`."""
        (found,) = [one for one in control.get("/api/services").json()["services"] if one["name"] == "default"]
        (line,) = [line for line in control.command("status").stdout.splitlines() if line.startswith("default ")]
        return found["state"], found["gate"], line

    def hear(self, gateway):
        return gateway.get(GATE, UNKNOWN).status, gateway.get("/", UNKNOWN).status

    def test_without_a_file(self):
        with Gateway() as gateway:
            control = Control(gateway)
            self.assertEqual(self.hear(gateway), (204, 503))
            state, gate, line = self.states(control)
            self.assertEqual((state, gate), ("maintenance", "open"))
            self.assertIn("maintenance, open at a gate", line)
            self.assertEqual(control.command("on", "default").returncode, 0)
            self.assertEqual(self.hear(gateway), (503, 503))
            state, gate, line = self.states(control)
            self.assertEqual((state, gate), ("maintenance", "maintenance"))
            self.assertNotIn("at a gate", line)
            self.assertEqual(control.command("off", "default").returncode, 0)
            self.assertEqual(self.hear(gateway), (204, 503))
            self.assertEqual(self.states(control)[:2], ("open", "open"))
            self.assertEqual(control.command("auto", "default").returncode, 0)
            self.assertEqual(self.hear(gateway), (204, 503))

    def test_a_window_that_an_operator_plans(self):
        with Gateway() as gateway:
            control = Control(gateway)
            planned = control.command("windows", "default", "plan", "--start", "2020-01-01T00:00:00Z",
                                      "--end", "2090-01-01T00:00:00Z")
            self.assertEqual(planned.returncode, 0, planned.stderr)
            self.assertEqual(self.hear(gateway), (503, 503))

    def test_what_the_file_says(self):
        for said, heard, checked in (("on", (503, 503), "in maintenance: maintenance is on, with no known end"),
                                     ("off", (204, 503), "open: maintenance is off"),
                                     ("scheduled", (204, 503), "open: no planned window is in progress"),
                                     (None, (204, 503), "open: defaults.maintenance is not on")):
            defaults = f"{{ maintenance: {said} }}" if said else "{}"
            with self.subTest(said), Gateway(config=f"defaults: {defaults}\n") as gateway:
                self.assertEqual(self.hear(gateway), heard)
                report = run("check", "--config", gateway.config).stdout
                self.assertRegex(report, rf"service default\n(  .*\n)*  at a gate +{checked}\n")


if __name__ == "__main__":
    unittest.main()
