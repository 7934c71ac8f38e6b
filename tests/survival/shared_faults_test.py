"""A database that is worse than gone: full, slow, or with a clock that is off; and a disk of an instance's own
that is full. Clients hear nothing of it, operators one clear sentence, and it ends by itself.

A disk that is full is a small tmpfs in a mount namespace of the test's own; without the right to make one these
tests are skipped.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import subprocess
import time
import unittest

from control import Control
from gateway import PATIENCE, Gateway
from postgres import Postgres, Proxy

TOKEN = "the-token-of-this-test"
CONFIG = """
listen: { address: 127.0.0.1 }
state: { file: %s }
services:
  - { name: orders, hosts: [orders.example.com], maintenance: off }
  - { name: shop, hosts: [shop.example.com], maintenance: off }
"""
GATE = "/.well-known/intermission/gate"
SLOW = 30  # seconds
# How long an operator waits for a refusal, with room for a machine that has much to do.
BOUND = 20


def eventually(question, what, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def may_mount():
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


class SmallDisk(contextlib.AbstractContextManager):
    """A folder of so many bytes. `inside` begins a command line that sees it; this process does through
    `path`, which goes by the namespace of a process that only waits."""

    def __init__(self, size, owner=None):
        self._command = f"mount -t tmpfs -o size={size},mode=0755 none /mnt && echo ready && exec cat"
        self._owner = owner

    def __enter__(self):
        self._keeper = subprocess.Popen(["unshare", "-m", "--propagation", "private", "sh", "-c", self._command],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._keeper.stdout.readline() == "ready\n"
        self.path = pathlib.Path(f"/proc/{self._keeper.pid}/root/mnt")
        self.inside = ["nsenter", "-m", "-t", str(self._keeper.pid)]
        if self._owner is not None:
            os.chown(self.path, *self._owner)
        return self

    def __exit__(self, *_):
        self._keeper.stdin.close()
        self._keeper.wait(PATIENCE)
        self._keeper.stdout.close()

    def fill(self):
        with open(self.path / "ballast", "wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(b"x" * 65536)
        with open(self.path / "more", "wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(b"x")

    def free(self):
        for name in ("ballast", "more"):
            (self.path / name).unlink()


class Instance(Gateway):
    def __init__(self, url, copy=None, inside=()):
        super().__init__(config="")
        self.config.write_text(CONFIG % (copy or "own.json"), encoding="utf-8")
        self._command = [*inside, *self._command]
        self._environment.update({"INTERMISSION_DATABASE_URL": url, "INTERMISSION_TOKEN": TOKEN})

    def __enter__(self):
        super().__enter__()
        self.control = Control(self, TOKEN)
        return self

    def is_open(self, service="orders"):
        host = f"{service}.example.com"
        return self.get(GATE, {"X-Forwarded-Host": host, "X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/",
                               "Host": host}).status == 204

    def store(self):
        return self.control.get("/api/status").json()["store"]

    def switch(self, to, service="orders", **body):
        return self.control.post(f"/api/services/{service}/{to}", body)

    def slowest(self, asks=300):
        """Of a hundred answers the slowest but one, in seconds."""
        took = []
        for _ in range(asks):
            began = time.monotonic()
            self.is_open()
            took.append(time.monotonic() - began)
        return sorted(took)[-max(asks // 100, 1) - 1]


class SharedFaults(unittest.TestCase):
    # ------------------------------------------------------------ full disks

    @unittest.skipUnless(may_mount(), "this user may not mount")
    def test_the_disk_of_the_database_is_full(self):
        postgres = self.enterContext(Postgres())
        disk = self.enterContext(SmallDisk("4m", postgres.owner))
        postgres.stop()
        postgres.start(disk.inside)
        one, other = (self.enterContext(Instance(postgres.url())) for _ in range(2))
        self.assertEqual(one.switch("on").status, 200)
        # All that this application writes goes to the small disk; the server's own journal stays where it is.
        postgres.sql("CREATE TABLESPACE small LOCATION '/mnt'", database="postgres")
        for table in ("service", "audit", "head", "instance", "count"):
            postgres.sql(f"ALTER TABLE intermission_{table} SET TABLESPACE small")
        disk.fill()
        # The last page of a table has room for some more.
        for turn in range(1000):
            refused = one.switch(("off", "on")[turn % 2], "shop")
            if refused.status != 200:
                break
        self.assertEqual(refused.status, 503)
        self.assertIn("is not in force: the database takes no changes: its disk is full", refused.json()["detail"])
        self.assertFalse(one.is_open())
        self.assertFalse(one.store()["takesChanges"])
        self.assertIn("the database takes no changes", one.control.command("status").stdout)
        self.assertEqual(one.control.get("/readyz").status, 200)
        was_open = one.is_open("shop")
        # The night goes on: this instance can be held by hand, for as long as the disk is full.
        self.assertEqual(one.switch("on", "shop", local=True).status, 200)
        for _ in range(3):
            seen = self.last_beat(postgres)
            eventually(lambda: self.last_beat(postgres) != seen, "it beats")
            self.assertFalse(one.is_open("shop"))
        disk.free()
        eventually(lambda: one.store()["takesChanges"], "it takes changes again")
        eventually(lambda: one.store()["held"] == [], "what was held by hand ends")
        self.assertEqual(one.is_open("shop"), was_open)
        self.assertEqual(one.switch("off").status, 200)
        eventually(other.is_open, "the other has it")

    def last_beat(self, postgres):
        return postgres.sql("SELECT max(seen) FROM intermission_instance")

    @unittest.skipUnless(may_mount(), "this user may not mount")
    def test_the_disk_of_an_instance_is_full(self):
        postgres = self.enterContext(Postgres())
        disk = self.enterContext(SmallDisk("256k"))
        one = self.enterContext(Instance(postgres.url(), "/mnt/state.json", disk.inside))
        other = self.enterContext(Instance(postgres.url()))
        self.assertEqual(one.switch("on").status, 200)
        kept = (disk.path / "state.json").read_text(encoding="utf-8")
        self.assertIn('"orders"', kept)
        disk.fill()
        self.assertEqual(one.switch("off").status, 200, "the database has it")
        self.assertTrue(one.is_open())
        eventually(other.is_open, "the other has it")
        one.stderr.wait_for("the local copy of the state could not be written: .*No space left on device")
        self.assertEqual((disk.path / "state.json").read_text(encoding="utf-8"), kept, "the old one is whole")
        self.assertEqual(other.switch("on", "shop").status, 200)
        eventually(lambda: not one.is_open("shop"), "what others change is in force")
        disk.free()
        one.stderr.wait_for("the local copy of the state is written again")
        self.assertIn('"shop"', (disk.path / "state.json").read_text(encoding="utf-8"))
        self.assertEqual([name for name in os.listdir(disk.path) if name.endswith(".new")], [])

    # ------------------------------------------------------------ slow

    def test_changes_that_take_thirty_seconds(self):
        postgres = self.enterContext(Postgres())
        one, other = (self.enterContext(Instance(postgres.url())) for _ in range(2))
        self.assertEqual(one.switch("on").status, 200)
        eventually(lambda: not other.is_open(), "both have it")
        before = one.slowest()
        postgres.sql(f"CREATE FUNCTION doze() RETURNS trigger LANGUAGE plpgsql AS "
                     f"'BEGIN PERFORM pg_sleep({SLOW}); RETURN NEW; END'; "
                     "CREATE TRIGGER dozes BEFORE INSERT OR UPDATE ON intermission_service "
                     "FOR EACH ROW EXECUTE FUNCTION doze()")
        with concurrent.futures.ThreadPoolExecutor(6) as callers:
            began = time.monotonic()
            changes = [callers.submit(one.switch, "off", service) for service in ("orders", "shop") * 3]
            # Meanwhile the one worker of the control listener serves all others.
            while not all(change.done() for change in changes):
                asked = time.monotonic()
                for path in ("/healthz", "/readyz", "/metrics", "/api/status", "/api/services", "/"):
                    self.assertEqual(one.control.get(path).status, 200, path)
                self.assertLess(time.monotonic() - asked, 3, "calls wait for a change of somebody else")
                self.assertLess(time.monotonic() - began, 2 * BOUND)
            during = one.slowest()
            for change in changes:
                self.assertEqual(change.result().status, 503)
                self.assertRegex(change.result().json()["detail"],
                                 "the change (could not be saved and is not in force|was not made)")
        self.assertLess(during, max(10 * before, 0.5))
        self.assertFalse(one.is_open())
        self.assertTrue(one.is_open("shop"))
        postgres.sql("DROP FUNCTION doze CASCADE")
        eventually(lambda: one.switch("off").status == 200, "it takes changes again")
        eventually(other.is_open, "the other has it")

    def test_a_connection_that_takes_thirty_seconds(self):
        postgres = self.enterContext(Postgres())
        proxy = self.enterContext(Proxy(postgres.port))
        one = self.enterContext(Instance(postgres.url(port=proxy.port)))
        other = self.enterContext(Instance(postgres.url()))
        self.assertEqual(one.switch("on").status, 200)
        proxy.delay(SLOW)
        began = time.monotonic()
        refused = one.switch("off")
        self.assertEqual(refused.status, 503)
        self.assertLess(time.monotonic() - began, BOUND)
        self.assertRegex(refused.json()["detail"], "the database (did not answer in time|cannot be reached)")
        eventually(lambda: not one.store()["reachable"], "it is seen")
        self.assertFalse(one.is_open())
        self.assertEqual(one.switch("on", "shop", local=True).status, 200)
        self.assertEqual(other.switch("off").status, 200, "others go on")
        proxy.delay(0)
        proxy.cut()
        eventually(lambda: one.store()["reachable"], "it is there again")
        eventually(one.is_open, "it has what others changed")
        eventually(lambda: one.is_open("shop"), "what was held by hand ends")

    def test_it_stops_in_time_while_a_change_waits(self):
        postgres = self.enterContext(Postgres())
        proxy = self.enterContext(Proxy(postgres.port))
        one = self.enterContext(Instance(postgres.url(port=proxy.port)))
        self.assertEqual(one.switch("on").status, 200)
        proxy.stall()
        with concurrent.futures.ThreadPoolExecutor(1) as callers:
            def change():
                with contextlib.suppress(OSError):
                    one.switch("off")
            callers.submit(change)
            eventually(lambda: proxy.held > 0, "something waits")
            one.stop()
            proxy.flow()


if __name__ == "__main__":
    unittest.main()
