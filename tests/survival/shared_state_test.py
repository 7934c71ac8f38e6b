"""Five instances, twenty callers, and a database that is cut, stalled, killed and promoted under them.

Every change that was acknowledged names the version that it made. From the audit table, which names the
caller of each version, follows whether each service behaved as one register: acknowledged changes are there,
in an order that fits the times of their calls, refused ones are not, and If-Match held. Reads come from the
memory of an instance, which may be behind, but never goes back.

INTERMISSION_SHARED_SECONDS=1200 makes it longer, INTERMISSION_SEED=7 repeats a run.
"""

import collections
import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import threading
import time
import unittest

from control import Control
from gateway import PATIENCE, Gateway
from postgres import Postgres, Proxy

SECONDS = int(os.environ.get("INTERMISSION_SHARED_SECONDS", "60"))
SEED = int(os.environ.get("INTERMISSION_SEED", str(random.randrange(1_000_000))))
INSTANCES = 5
CALLERS = 20
SERVICES = [f"s{number}" for number in range(12)]
SECONDS_TO_CONVERGE = 5
TOKEN = "the-token-of-this-test"
CONFIG = ("listen: { address: 127.0.0.1 }\nstate: { file: %s }\nservices: [ " +
          ", ".join(f"{{ name: {name}, hosts: [{name}.example], message: none }}" for name in SERVICES) + " ]\n")
#What the refusal of a change says that may have been made all the same.
IN_DOUBT = "not known whether"

Call = collections.namedtuple("Call", "id service began ended expected status version detail instance life")
Read = collections.namedtuple("Read", "service instance life began ended version")


class Slot:
    """One of the five: the gateway that runs there, and the next one after it was killed."""

    def __init__(self, number, keeper, url):
        self.number = number
        self.life = 0
        self._config = CONFIG % (keeper / f"{number}.json")
        self._url = url
        self.start()

    def start(self):
        self.gateway = Gateway(config=self._config,
                               extra={"INTERMISSION_DATABASE_URL": self._url, "INTERMISSION_TOKEN": TOKEN})
        self.gateway.__enter__()
        self.control = Control(self.gateway, TOKEN)
        self.life += 1

    def kill(self):
        self.gateway.send_signal(signal.SIGKILL)
        self.gateway.process.wait()
        self.gateway.__exit__(None, None, None)

    def end(self):
        self.gateway.__exit__(None, None, None)


def ask(control, method, target, body=None, headers=None):
    """Status, version and body; status 0 where there was no answer."""
    sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **(headers or {})}
    with contextlib.closing(http.client.HTTPConnection(control.host, control.port, timeout=30)) as connection:
        try:
            connection.request(method, target, body=None if body is None else json.dumps(body), headers=sent)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, 0, ""
    tag = (answer.headers["ETag"] or "").strip('"')
    return answer.status, int(tag) if tag else 0, text


class Run:
    def __init__(self, slots, luck):
        self.slots = slots
        self.calls = []
        self.reads = []
        self.over = threading.Event()
        self._numbers = itertools.count(1)
        self._seeds = [luck.randrange(1 << 30) for _ in range(CALLERS)]

    def start(self):
        self.threads = [threading.Thread(target=self._call, args=(seed,)) for seed in self._seeds]
        for thread in self.threads:
            thread.start()

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _call(self, seed):
        luck = random.Random(seed)
        known = {}
        while not self.over.is_set():
            slot = luck.choice(self.slots)
            service = luck.choice(SERVICES)
            control, life = slot.control, slot.life
            if luck.random() < 0.4:
                began = time.monotonic()
                status, version, _ = ask(control, "GET", f"/api/services/{service}")
                if status == 200:
                    known[service] = version
                    self.reads.append(Read(service, slot.number, life, began, time.monotonic(), version))
            else:
                self._change(luck, control, service, known, (slot.number, life))
            self.over.wait(luck.random() * 0.05)

    def _change(self, luck, control, service, known, instance):
        name = f"c{next(self._numbers)}"
        headers = {"X-Operator": name}
        expected = known.get(service) if luck.random() < 0.3 else None
        if expected is not None:
            headers["If-Match"] = f'"{expected}"'
        began = time.monotonic()
        status, version, text = ask(control, "PUT", f"/api/services/{service}/message", {"message": name}, headers)
        self.calls.append(Call(name, service, began, time.monotonic(), expected, status, version, text, *instance))
        if status == 200:
            known[service] = version


def check(run, audit):
    """What was wrong; `audit` is (version, service, caller) of each row."""
    wrong = []
    by_caller = {caller: (version, service) for version, service, caller in audit if caller}
    versions = collections.defaultdict(list)
    for version, service, _ in sorted(audit):
        versions[service].append(version)
    if len({version for version, _, _ in audit}) != len(audit):
        wrong.append("a version was given twice")
    acknowledged = collections.defaultdict(list)
    for call in run.calls:
        made = by_caller.get(call.id)
        if call.status == 200:
            # The answer shows the service as it is by then: somebody else's next change may be in it.
            if made is None or made[1] != call.service or made[0] > call.version:
                wrong.append(f"acknowledged, and the audit has {made}: {call}")
                continue
            acknowledged[call.service].append((made[0], call))
        elif made and call.status != 0 and IN_DOUBT not in call.detail:
            wrong.append(f"refused, and made: {call}")
        if made and call.expected is not None:
            before = [version for version in versions[call.service] if version < made[0]]
            if (before[-1] if before else 0) != call.expected:
                wrong.append(f"made of another version than it named: {call}")
    for calls in acknowledged.values():
        latest = 0.0
        for _, call in sorted(calls, key=lambda made: made[0]):
            if call.ended < latest:
                wrong.append(f"its version is later than that of a call which began after it: {call}")
            latest = max(latest, call.began)
    for read in run.reads:
        if read.version and read.version not in versions[read.service]:
            wrong.append(f"read a state that was never saved: {read}")
    return wrong + gone_back(run)


def gone_back(run):
    """Within one life of an instance, a later read sees no older version."""
    known = collections.defaultdict(list)
    for one in [*run.reads, *(call for call in run.calls if call.status == 200)]:
        known[one.service, one.instance, one.life].append(one)
    wrong = []
    for ones in known.values():
        by_end = sorted(ones, key=lambda one: one.ended)
        newest, ended = 0, 0
        for one in sorted(ones, key=lambda one: one.began):
            while by_end[ended].ended < one.began:
                newest = max(newest, by_end[ended].version)
                ended += 1
            if one.version < newest:
                wrong.append(f"version {newest} was seen before: {one}")
    return wrong


class SharedState(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.stack = stack
        print(f"INTERMISSION_SEED={SEED}", flush=True)
        self.luck = random.Random(SEED)
        self.primary = stack.enter_context(Postgres())
        self.standby = stack.enter_context(Postgres(standby_of=self.primary))
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.sql("SELECT pg_reload_conf()")
        self.promoted = False
        keeper = stack.enter_context(Gateway()).folder
        self.proxies = []
        self.slots = []
        for number in range(INSTANCES):
            pair = [stack.enter_context(Proxy(server.port)) for server in (self.primary, self.standby)]
            self.proxies.append(pair)
            url = self.primary.url().replace("host=127.0.0.1", "host=127.0.0.1,127.0.0.1").replace(
                f"port={self.primary.port}", f"port={pair[0].port},{pair[1].port}")
            self.slots.append(Slot(number, keeper, url))
        stack.callback(lambda: [slot.end() for slot in self.slots])

    def database(self):
        return self.standby if self.promoted else self.primary

    # ------------------------------------------------------------ faults

    def cut(self):
        for proxy in self.luck.choice(self.proxies):
            proxy.cut()

    def cut_all(self):
        for proxy in itertools.chain(*self.proxies):
            proxy.cut()

    def stall(self):
        pair = self.luck.choice(self.proxies)
        for proxy in pair:
            proxy.stall()
        time.sleep(self.luck.uniform(0.2, 4))
        for proxy in pair:
            proxy.flow()

    def refuse(self):
        pair = self.luck.choice(self.proxies)
        for proxy in pair:
            proxy.refuse()
        time.sleep(self.luck.uniform(0.2, 2))
        for proxy in pair:
            proxy.refuse(False)

    def kill_instance(self):
        slot = self.luck.choice(self.slots)
        slot.kill()
        slot.start()

    def kill_database(self):
        server = self.database()
        server.kill()
        time.sleep(self.luck.uniform(0, 1))
        server.start()

    def time_out(self):
        self.database().sql("ALTER ROLE gateway SET statement_timeout = '3ms'")
        self.cut_all()
        time.sleep(1)
        self.database().sql("ALTER ROLE gateway RESET statement_timeout")
        self.cut_all()

    def read_only(self):
        self.database().sql("ALTER ROLE gateway SET default_transaction_read_only = on")
        self.cut_all()
        time.sleep(1)
        self.database().sql("ALTER ROLE gateway RESET default_transaction_read_only")
        self.cut_all()

    def end_backends(self):
        self.database().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gateway'")

    def promote(self):
        """A standby that has what was read. PostgreSQL shows changes that were not replicated once it has been
        restarted or a connection has been ended, and a standby that is behind then loses what others have seen."""
        written = self.primary.sql("SELECT pg_current_wal_flush_lsn()")
        limit = time.monotonic() + PATIENCE
        while self.primary.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' "
                               f"AND flush_lsn >= '{written}'") != "1":
            assert time.monotonic() < limit, "the standby does not catch up"
            time.sleep(0.05)
        self.primary.kill()
        self.standby.promote()
        self.promoted = True

    # ------------------------------------------------------------ the run

    def test_no_acknowledged_change_is_lost(self):
        run = Run(self.slots, self.luck)
        began = time.monotonic()
        run.start()
        faults = [self.cut, self.cut_all, self.stall, self.refuse, self.kill_instance, self.kill_database,
                  self.time_out, self.read_only, self.end_backends]
        done = collections.Counter()
        try:
            while time.monotonic() - began < SECONDS:
                if not self.promoted and time.monotonic() - began > SECONDS / 2:
                    fault = self.promote
                else:
                    fault = self.luck.choice(faults)
                fault()
                done[fault.__name__] += 1
                time.sleep(self.luck.uniform(0.2, 2))
            last_fault = time.monotonic()
            self.converge(last_fault)
        finally:
            run.end()
        self.converge(time.monotonic())
        rows = self.database().sql("SELECT version, service, operator FROM intermission_audit").splitlines()
        audit = [(int(version), service, caller) for version, service, caller in (row.split("|") for row in rows)]
        statuses = collections.Counter(call.status for call in run.calls)
        print(f"{SECONDS} s, {len(run.calls)} changes {dict(statuses)}, {len(run.reads)} reads, "
              f"{len(audit)} versions, faults {dict(done)}", flush=True)
        self.assertEqual(check(run, audit), [], f"INTERMISSION_SEED={SEED}")
        self.assertGreater(statuses[200], SECONDS)
        self.same_everywhere(audit)

    def converge(self, since):
        """All can be reached, and agree, soon after the last fault."""
        while True:
            found = [ask(slot.control, "GET", "/api/status") for slot in self.slots]
            stores = [json.loads(text) for status, _, text in found if status == 200]
            if len(stores) == INSTANCES and all(store["store"]["reachable"] for store in stores):
                return
            self.assertLess(time.monotonic() - since, SECONDS_TO_CONVERGE + 3, stores)
            time.sleep(0.05)

    def same_everywhere(self, audit):
        last = max(version for version, _, _ in audit)
        until = time.monotonic() + SECONDS_TO_CONVERGE
        while True:
            seen = [json.loads(ask(slot.control, "GET", "/api/services")[2]) for slot in self.slots]
            pictures = {json.dumps([(one["name"], one["version"], one["message"]) for one in all_of_them["services"]])
                        for all_of_them in seen}
            if len(pictures) == 1 and all(all_of_them["version"] == last for all_of_them in seen):
                return
            self.assertLess(time.monotonic(), until, f"they differ; INTERMISSION_SEED={SEED}")
            time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
