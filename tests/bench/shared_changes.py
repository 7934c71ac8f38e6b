"""How long after its commit a change is in force at every other instance: five instances, one PostgreSQL, 200 changes.

    INTERMISSION=build/release/intermission PYTHONPATH=tests/support python3 tests/bench/shared_changes.py [CHANGES]

The server tells when each transaction was committed (track_commit_timestamp), by the clock of this machine; the
others are asked for the service in turn, without a pause, until each answers by the change. Run it on a machine with
nothing else to do: the load is printed beside the result, which docs/high-availability.md quotes.
"""

import concurrent.futures
import contextlib
import http.client
import os
import sys
import time

from control import Control
from gateway import Gateway
from postgres import Postgres

INSTANCES = 5
TOKEN = "the-token-of-this-measurement"
CONFIG = ("listen: { address: 127.0.0.1 }\nservices:\n" +
          "".join(f"  - {{ name: s{number}, hosts: [s{number}.example], maintenance: off }}\n" for number in range(12)))
GATE = {"Host": "s0.example", "X-Forwarded-Host": "s0.example", "X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/"}


class Instance:
    def __init__(self, gateway):
        self.control = Control(gateway, TOKEN)
        self._connection = http.client.HTTPConnection(gateway.host, gateway.port, timeout=30)

    def is_open(self):
        self._connection.request("GET", "/.well-known/intermission/gate", headers=GATE)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status == 204


def in_force(others, is_open):
    """When the last of them had it."""
    waiting = list(others)
    while waiting:
        waiting = [one for one in waiting if one.is_open() != is_open]
    return time.time()


def told(name, seconds):
    seconds = sorted(seconds)

    def at(share):
        return f"{seconds[min(int(len(seconds) * share), len(seconds) - 1)] * 1000:.0f} ms"
    print(f"{name}: p50 {at(0.5)}, p90 {at(0.9)}, p99 {at(0.99)}, most {seconds[-1] * 1000:.0f} ms")


def main():
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(Postgres({"track_commit_timestamp": "on", "fsync": "on"}))
        extra = {"INTERMISSION_DATABASE_URL": postgres.url(), "INTERMISSION_TOKEN": TOKEN}
        all_of_them = [Instance(stack.enter_context(Gateway(config=CONFIG, extra=extra))) for _ in range(INSTANCES)]
        while not all(one.control.get("/api/status").json()["store"]["notified"] for one in all_of_them):
            time.sleep(0.1)
        caller = stack.enter_context(concurrent.futures.ThreadPoolExecutor(1))
        load = os.getloadavg()
        asked, committed = [], []
        for turn in range(changes):
            teller = all_of_them[turn % INSTANCES]
            others = [one for one in all_of_them if one is not teller]
            began = time.time()
            call = caller.submit(teller.control.post, f"/api/services/s0/{('on', 'off')[turn % 2]}", {})
            ended = in_force(others, turn % 2 == 1)
            assert call.result().status == 200, call.result().text
            commit = float(postgres.sql("SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM intermission_head"))
            asked.append(ended - began)
            committed.append(ended - commit)
            time.sleep(0.05)
        print(f"{changes} changes, {INSTANCES} instances, {os.cpu_count()} cores, "
              f"load {load[0]:.1f} before and {os.getloadavg()[0]:.1f} after")
        told("from the commit until all others have it", committed)
        told("from the call until all others have it", asked)


if __name__ == "__main__":
    main()
