"""The clock of a database that instances share is off and jumps, by Debian's libfaketime: changes keep their order,
nobody who lives is dropped, and what instances counted is neither lost nor counted twice. And an instance for which
time runs fast shows that rows of those that have gone are folded and dropped.
"""

import glob
import pathlib
import signal
import tempfile
import time
import unittest

from control import Control
from gateway import PATIENCE, Gateway
from postgres import Postgres

LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")
HOUR = 3600
YEAR = 365 * 24 * HOUR
TOKEN = "the-token-of-this-test"
CONFIG = "listen: { address: 127.0.0.1 }\nservices: [ { name: orders, hosts: [orders.example.com], message: none } ]\n"
#How much faster time runs for the instance that cleans up.
RATE = 15


def eventually(question, what, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, what
        time.sleep(0.05)


class Instance(Gateway):
    def __init__(self, url, extra=None):
        super().__init__(config=CONFIG, extra={"INTERMISSION_DATABASE_URL": url, "INTERMISSION_TOKEN": TOKEN,
                                               **(extra or {})})

    def __enter__(self):
        super().__enter__()
        self.control = Control(self, TOKEN)
        return self

    def say(self, message):
        return self.control.request("PUT", "/api/services/orders/message?wait=20s", {"message": message})

    def message(self):
        return self.get("/", {"Host": "orders.example.com", "Accept": "text/plain"}).text

    def instances(self):
        return self.control.get("/api/instances").json()["instances"]

    def call(self, agent):
        assert self.get("/", {"Host": "orders.example.com", "User-Agent": agent}).status == 503

    def callers(self):
        return {one["agent"]: one["count"] for one in self.control.get("/api/callers").json()["callers"]}

    def kill(self):
        self.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


class SharedClocks(unittest.TestCase):
    def setUp(self):
        self.assertTrue(LIBRARY, "libfaketime is needed; scripts/test installs it")

    def faked_postgres(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="intermission-survival-")))
        folder.chmod(0o755)
        self.offset = folder / "offset"
        postgres = self.enterContext(Postgres())
        self.set_clock(postgres, 0)
        postgres.stop()
        postgres.start(env={"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(self.offset),
                            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        return postgres

    def set_clock(self, postgres, offset):
        """Whole, or the server might read the half of it."""
        new = self.offset.with_suffix(".new")
        new.write_text(f"{offset:+d}\n", encoding="utf-8")
        new.chmod(0o644)
        new.replace(self.offset)
        if offset:
            self.assertLess(abs(float(postgres.sql("SELECT extract(epoch FROM clock_timestamp())")) - time.time() - offset), 60)

    def test_the_databases_clock_jumps(self):
        postgres = self.faked_postgres()
        one, other = (self.enterContext(Instance(postgres.url())) for _ in range(2))
        eventually(lambda: len(one.instances()) == 2 and len(other.instances()) == 2, "both are there")
        one.call("early/1")
        other.call("early/1")
        eventually(lambda: postgres.sql("SELECT count(*) FROM intermission_count WHERE counts LIKE '%early/1%'") == "2", "they are counted")
        said = []
        for offset in (5 * HOUR, -5 * HOUR, YEAR, -YEAR, 0):
            self.set_clock(postgres, offset)
            for teller, listener in ((one, other), (other, one)):
                said.append(f"message {len(said)}")
                answer = teller.say(said[-1])
                self.assertEqual((answer.status, answer.json()["instances"]), (200, {"inForce": 2, "missing": []}), offset)
                self.assertIn(said[-1], listener.message())
                for instance in (one, other):
                    self.assertEqual([at["living"] for at in instance.instances()], [True, True], offset)
        versions = postgres.sql("SELECT string_agg(version::text, ' ' ORDER BY version) FROM intermission_audit")
        self.assertEqual(versions, " ".join(str(number + 1) for number in range(len(said))))
        trail = [change["version"] for change in one.control.get("/api/changes").json()["changes"]]
        self.assertEqual(sorted(trail, reverse=True), trail)
        for instance in (one, other):
            eventually(lambda: instance.callers().get("early/1") == 2, "each was counted once")

    def test_one_that_dies_is_not_waited_for_because_the_clock_went_back(self):
        postgres = self.faked_postgres()
        one = self.enterContext(Instance(postgres.url()))
        other = self.enterContext(Instance(postgres.url()))
        eventually(lambda: len(one.instances()) == 2, "both are there")
        other.kill()
        self.set_clock(postgres, -5 * HOUR)

        def living():
            return [at["living"] for at in one.instances()].count(True)
        eventually(lambda: living() == 1, "it is taken for gone, by the clock of the one that looks", 30)
        self.assertEqual(one.say("alone").json()["instances"], {"inForce": 1, "missing": []})

    def test_rows_of_those_that_have_gone_are_folded_and_dropped(self):
        postgres = self.enterContext(Postgres())
        gone = [self.enterContext(Instance(postgres.url())) for _ in range(3)]
        for instance in gone:
            instance.call("caller/1")
        eventually(lambda: postgres.sql("SELECT count(*) FROM intermission_count WHERE counts LIKE '%caller/1%'") == "3", "they are counted")
        for instance in gone:
            instance.kill()
        postgres.sql("UPDATE intermission_instance SET seen = seen - interval '2 hours'")
        # A sanitizer wants to be loaded first, and does not get it.
        fast = self.enterContext(Instance(postgres.url(), {"LD_PRELOAD": LIBRARY, "FAKETIME": f"+0 x{RATE}",
                                                    "ASAN_OPTIONS": "verify_asan_link_order=0"}))
        fast.call("caller/1")
        eventually(lambda: fast.callers().get("caller/1") == 4, "all are counted")
        eventually(lambda: postgres.sql("SELECT count(*) FROM intermission_instance") == "1", "they are dropped", 120)
        eventually(lambda: postgres.sql("SELECT string_agg(id, ' ') FROM intermission_count WHERE length(id) < 32 OR id NOT IN "
                                        "(SELECT id FROM intermission_instance)") == "gone", "their counts are folded", 120)
        eventually(lambda: fast.callers().get("caller/1") == 4, "nothing is lost, or counted twice")
        self.assertLess(int(postgres.sql("SELECT max(length(counts)) FROM intermission_count")), 2000)


if __name__ == "__main__":
    unittest.main()
