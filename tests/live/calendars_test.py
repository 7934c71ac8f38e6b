"""Calendars and rules that would keep the gateway busy: they are refused by name, at start and in the API."""

import pathlib
import tempfile
import unittest

from control import Control
from gateway import Gateway, run

HOURS = "BYHOUR=" + ",".join(map(str, range(24)))
NEVER = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"


def calendar(rule, events):
    event = ("BEGIN:VEVENT\r\nUID:{}\r\nSUMMARY:Move {}\r\nDTSTART:20261201T000000Z\r\nDURATION:PT5M\r\n"
             f"RRULE:{rule}\r\nEND:VEVENT\r\n")
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(event.format(i, i) for i in range(events))
            + "END:VCALENDAR\r\n")


class Calendars(unittest.TestCase):
    def check(self, rule, events=1):
        with tempfile.TemporaryDirectory(prefix="intermission-calendars-") as folder:
            pathlib.Path(folder, "moves.ics").write_text(calendar(rule, events), encoding="ascii")
            pathlib.Path(folder, "c.yaml").write_text(
                "services:\n  - name: orders\n    hosts: [orders.example.com]\n    maintenance: scheduled\n"
                "    windows:\n      - { ics: moves.ics }\n", encoding="ascii")
            return run("check", "--config", pathlib.Path(folder, "c.yaml"))

    def test_a_thousand_events_in_every_hour_are_refused_by_name(self):
        checked = self.check(f"FREQ=DAILY;{HOURS}", 1000)
        self.assertEqual(checked.returncode, 2)
        self.assertRegex(checked.stderr, r"c\.yaml:6: .*moves\.ics: event \"Move \d+\" \(UID [^)]+\): RRULE: expected rules that take "
                                         r"fewer steps")

    def test_a_thousand_weekly_events_are_not(self):
        self.assertEqual(self.check("FREQ=WEEKLY", 1000).returncode, 0)

    def test_a_rule_that_never_fits_is_refused_by_name(self):
        checked = self.check(NEVER)
        self.assertEqual(checked.returncode, 2)
        self.assertIn("RRULE: expected a rule that fits start as well", checked.stderr)

    def test_the_api_names_the_field(self):
        with Gateway(config="services: [{ name: orders, hosts: [orders.example.com] }]\n") as gateway:
            control = Control(gateway)
            window = {"start": "2026-12-01T00:00:00Z", "for": "5m"}
            refused = control.post("/api/services/orders/windows", {**window, "rrule": NEVER})
            self.assertEqual(refused.status, 422)
            self.assertIn("rrule", refused.text)
            statuses = [control.post("/api/services/orders/windows", {**window, "rrule": f"FREQ=DAILY;{HOURS}"}).status
                        for _ in range(30)]
            self.assertEqual(statuses[0] // 100, 2)
            self.assertEqual(statuses[-1], 422)


if __name__ == "__main__":
    unittest.main()
