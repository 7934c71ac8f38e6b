#!/usr/bin/env python3
"""Measures Intermission side by side with nginx, HAProxy, h2o, nghttpd and a bare epoll loop; scripts/bench runs it.

Method: every server has one worker thread and is asked over loopback, by `wrk -t1 -c32`. In each of several
rounds every row has its turn, so that whatever else the machine does meets all of them alike. CPU per request is
the user and system time of all the server's threads, divided by the requests that were answered. What is printed
are medians of one run, and their ratios: compare those, not figures of different machines.
"""

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from comparing import Budget, Table, WrkRow, ask, ratio, run_rounds
from http2 import http2
from idle import idle_connections
from servers import (BareLoop, HaProxy, Intermission, Nginx, StaticAnswer, allow_many_files, api_document, certificate,
                     configuration, host_of)
from shapes import CHROME, CURL, SHAPES, request
from tls import tls

OPERATIONS = 1_000
REPETITIONS = 15  # of each microbenchmark, in turn with all others
DECISION_BUDGET = 2.0  # × Beast's parser, for Chrome's head


@dataclass(frozen=True)
class Effort:
    """How often everything has its turn; a turn of wrk lasts a second, the least that it knows."""
    rounds: int
    tail_rounds: int
    tail_seconds: float
    microbench_seconds: float
    most_services: int
    visits: int  # handshakes in a turn
    idle: int    # connections


FULL = Effort(rounds=8, tail_rounds=3, tail_seconds=2.0, microbench_seconds=0.5, most_services=10_000,
              visits=500, idle=10_000)
QUICK = Effort(rounds=1, tail_rounds=1, tail_seconds=0.5, microbench_seconds=0.1, most_services=1_000,
               visits=100, idle=1_000)


# ---------------------------------------------------------------------------- measuring

class Bench:
    """What all measurements share: where programs and files are, and what there is to say meanwhile."""

    def __init__(self, build, folder, effort, program=None):
        self.program = program or build / "intermission"
        self.tools = build / "tests" / "bench"
        self.folder = folder
        self.effort = effort
        self._servers = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return self._servers.__exit__(*exception)

    def start(self, server):
        return self._servers.enter_context(server)

    def place(self, name):
        return self.folder / "".join(c if c.isalnum() else "-" for c in name)

    def intermission(self, name, **config):
        return Intermission(name, self.place(name), self.program, configuration(**config))

    def certificate(self):
        """For all servers that speak TLS: the same key costs each of them the same."""
        return certificate(self.folder)

    def bare_loop(self, name, answer, *options):
        return BareLoop(name, self.place(name), self.tools / "bare_loop", answer, *options)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path


def prove(server, shape):
    """Only what is answered as it should be is worth measuring."""
    head = ask(server.port, shape.bytes).split(b"\r\n\r\n")[0].decode()
    for proof in shape.proof:
        if proof not in head:
            raise RuntimeError(f"{server.name} does not answer {shape.name} with {proof}:\n{head}")


# ---------------------------------------------------------------------------- what is measured

class Comparison:
    """Rows that are measured in turn, with ratios to the bare loop and to nginx. `against` names, for each row, the
    row of the bare loop that was asked in the same words."""

    def __init__(self, bench):
        self.bench = bench
        self.rows = {}
        self.against = {}

    def add(self, label, server, shape, against=None):
        sent = self.bench.write("sent-" + shape.name.replace(" ", "-").replace(",", ""), shape.bytes)
        self.rows[label] = WrkRow(label, server, sent)
        self.against[label] = against

    def run(self):
        run_rounds(self.rows.values(), self.bench.effort.rounds)

    def cost(self, label):
        return self.rows[label].cost

    def ratio(self, label, other):
        return ratio(self.rows[label], self.rows[other])

    def table(self, title, nginx, note=""):
        lines = []
        for label, row in self.rows.items():
            bare = self.against[label]
            lines.append((label, f"{row.cost:.2f}", f"{self.ratio(label, bare):.2f}" if bare else "1",
                          f"{self.ratio(label, nginx):.2f}" if nginx != label else "1",
                          f"{statistics.median(row.rate):,.0f}"))
        return Table(title, ("", "CPU µs/request", "× bare loop", "× nginx", "requests/s"), lines, note)


def static_answer(ours):
    """What the servers beside us send to everybody: our problem document."""
    return StaticAnswer.like(ask(ours.port, SHAPES["curl"].bytes))


def start_the_usual(bench):
    """Our program, nginx and HAProxy as the first tables need them, and what ours answers."""
    ours = bench.start(bench.intermission("intermission"))
    for shape in SHAPES.values():
        prove(ours, shape)
    static = static_answer(ours)
    page = StaticAnswer.like(ask(ours.port, SHAPES["chrome"].bytes))
    servers = {
        "ours": ours,
        "nginx": bench.start(Nginx("nginx", bench.place("nginx"), static)),
        "nginx map": bench.start(Nginx("nginx with a map", bench.place("nginx-map"), static, negotiates=True)),
        "haproxy": bench.start(HaProxy("HAProxy", bench.place("haproxy"), static)),
        "nginx page": bench.start(Nginx("nginx with a page", bench.place("nginx-page"), page)),
        "haproxy page": bench.start(HaProxy("HAProxy with a page", bench.place("haproxy-page"), page)),
    }
    for shape in ("chrome", "curl"):
        answer = ask(servers["ours"].port, SHAPES[shape].bytes)
        servers[f"bare {shape}"] = bench.start(bench.bare_loop(f"bare loop, {shape}", answer))
    closing = ask(servers["ours"].port, SHAPES["curl, closing"].bytes)
    servers["bare closing"] = bench.start(bench.bare_loop("bare loop, closing", closing, "--close"))
    return servers


def kept_alive(bench, servers):
    table = Comparison(bench)
    table.add("bare loop, Chrome", servers["bare chrome"], SHAPES["chrome"])
    table.add("bare loop, curl", servers["bare curl"], SHAPES["curl"])
    table.add("Intermission, Chrome: HTML, br", servers["ours"], SHAPES["chrome"], "bare loop, Chrome")
    table.add("Intermission, curl: problem+json", servers["ours"], SHAPES["curl"], "bare loop, curl")
    table.add("Intermission, SOAP fault, from a body", servers["ours"], SHAPES["soap"], "bare loop, curl")
    table.add("Intermission, legacy, by a rule", servers["ours"], SHAPES["legacy"], "bare loop, curl")
    for label, server in (("nginx, one static answer", "nginx"), ("nginx, map $http_accept", "nginx map"),
                          ("HAProxy, one static answer", "haproxy")):
        table.add(f"{label}, Chrome", servers[server], SHAPES["chrome"], "bare loop, Chrome")
        table.add(f"{label}, curl", servers[server], SHAPES["curl"], "bare loop, curl")
    for label, server in (("nginx", "nginx page"), ("HAProxy", "haproxy page")):
        table.add(f"{label}, a page of our page's size, Chrome", servers[server], SHAPES["chrome"], "bare loop, Chrome")
    table.run()
    budgets = []
    for client, ours, answer in (("Chrome", "Intermission, Chrome: HTML, br", "a page of our page's size"),
                                 ("curl", "Intermission, curl: problem+json", "one static answer")):
        bare = table.ratio(ours, f"bare loop, {client}")
        budgets.append(Budget(f"CPU per request, {client}, × bare loop", f"{bare:.2f}", "≤ 1.15", bare <= 1.15))
        for name in ("nginx", "HAProxy"):
            ratio = table.ratio(ours, f"{name}, {answer}, {client}")
            budgets.append(Budget(f"CPU per request, {client}, × {name}, {answer}", f"{ratio:.2f}", "< 1", ratio < 1))
    return table.table("Kept alive, one request at a time", "nginx, one static answer, curl",
                       "The bare loop sends the very bytes that Intermission answers to the same request; the static "
                       "answer is our problem document, for Chrome too."), budgets


def new_connections(bench, servers):
    table = Comparison(bench)
    for label, server in (("bare loop", "bare closing"), ("Intermission", "ours"), ("nginx", "nginx"),
                          ("HAProxy", "haproxy")):
        table.add(label, servers[server], SHAPES["curl, closing"], None if label == "bare loop" else "bare loop")
    table.run()
    ratio = table.ratio("Intermission", "nginx")
    return (table.table("A new connection for each request, curl", "nginx"),
            [Budget("CPU per new connection, × nginx", f"{ratio:.2f}", "≤ 1", ratio <= 1)])


def pipelined(bench, servers):
    table = Comparison(bench)
    for label, server in (("bare loop", "bare curl"), ("Intermission", "ours"), ("nginx", "nginx"),
                          ("HAProxy", "haproxy")):
        table.add(label, servers[server], SHAPES["16 pipelined"], None if label == "bare loop" else "bare loop")
    table.run()
    return table.table("16 requests pipelined, curl", "nginx"), []


def tail(bench, servers):
    """All servers are asked at the same rate, half of what the slowest of them reached."""
    labels = (("bare loop", "bare chrome"), ("Intermission", "ours"), ("nginx", "nginx"), ("HAProxy", "haproxy"))
    sent = bench.write("sent-chrome", SHAPES["chrome"].bytes)
    highest = {label: WrkRow(label, servers[server], sent) for label, server in labels}
    run_rounds(highest.values(), 1)
    rate = int(min(row.rate[0] for row in highest.values()) / 2)
    found = {label: [] for label, _ in labels}
    for _ in range(bench.effort.tail_rounds):
        for label, server in labels:
            done = subprocess.run(
                [bench.tools / "paced_load", str(servers[server].port), str(rate), str(bench.effort.tail_seconds),
                 "32", sent], capture_output=True, text=True, check=True)
            found[label].append(json.loads(done.stdout))
    lines = [(label, *(f"{statistics.median(one[part] for one in all_of):,.0f}" for part in ("p50", "p99", "p999")))
             for label, all_of in found.items()]
    return Table(f"The tail at half load, Chrome: {rate:,} requests/s at a fixed rate",
                 ("", "p50 µs", "p99 µs", "p99.9 µs"), lines,
                 "By tests/bench/paced_load, which asks on time whatever the server does."), []


def growth(bench):
    """What an answer costs among many services, after many rules, and with a second worker."""
    cases = [(f"{number:,} {what}", {"services": number})
             for number, what in ((1, "service"), (100, "services"), (bench.effort.most_services, "services"))]
    cases += [(f"{number:,} rules before", {"rules": number}) for number in (0, 100, 1_000)]
    cases += [("2 workers", {"workers": 2})]
    rows, lines = [], []
    for label, config in cases:
        server = bench.start(bench.intermission(label, **config))
        hosts = [host_of(number) for number in range(config.get("services", 1))]
        sent = bench.write("sent-to-" + server.folder.name,
                           b"\0".join(request(CURL, host=host) for host in hosts))
        rows.append(WrkRow(label, server, sent, in_turn=len(hosts) > 1))
    run_rounds(rows, bench.effort.rounds)
    for row in rows:
        lines.append((row.label, f"{row.cost:.2f}", f"{ratio(row, rows[0]):.2f}", f"{statistics.median(row.rate):,.0f}",
                      f"{row.server.seconds_to_ready * 1e3:,.0f}", f"{row.server.resident_bytes() / 1e6:.0f}"))
    return Table("Growth: every service's host asked in turn, curl",
                 ("", "CPU µs/request", "× 1 service", "requests/s", "ready after ms", "MB"), lines), []


def start_up(bench):
    times = []
    for number in range(bench.effort.rounds):
        with bench.intermission(f"start {number}", services=10) as server:
            times.append(server.seconds_to_ready * 1e3)
    found = statistics.median(times)
    return None, [Budget("ready after start, ten services", f"{found:.0f} ms", "≤ 100 ms", found <= 100)]


def large_contract(bench):
    """A service whose OpenAPI document has 1,000 operations, beside the same without it; each operation asked once."""
    document = api_document(OPERATIONS)
    file = bench.write("contract.json", json.dumps(document).encode())
    cases = (("without a contract", None), (f"{OPERATIONS:,} operations", file))
    asked = [(method.upper(), path.replace("{id}", "7")) for path, item in document["paths"].items()
             for method in item if method != "parameters"]
    lines, memory, ready = [], [], []
    for label, path in cases:
        server = bench.start(bench.intermission(label, contract=path))
        before = server.resident_bytes()
        for method, target in asked:
            if b" 503 " not in ask(server.port, request(CURL, method=method, target=target)).split(b"\r\n")[0]:
                raise RuntimeError(f"{label} does not answer {method} {target}")
        memory.append(server.resident_bytes())
        ready.append(server.seconds_to_ready)
        lines.append((label, f"{server.seconds_to_ready * 1e3:,.0f}", f"{before / 1e6:.1f}", f"{memory[-1] / 1e6:.1f}"))
    found = medians_of(bench, "contract_bench")["BM_FindOperation"]
    above = memory[1] - memory[0]
    return Table(f"An OpenAPI document of {file.stat().st_size / 1e6:.1f} MB, each operation asked once",
                 ("", "ready after ms", "MB at the start", "MB in the end"), lines), [
        Budget(f"{OPERATIONS:,} operations load in", f"{ready[1] - ready[0]:.2f} s", "≤ 2 s", ready[1] - ready[0] <= 2),
        Budget(f"{OPERATIONS:,} operations take", f"{above / 1e6:.1f} MB", "≤ 150 MB", above <= 150e6),
        Budget("finding one of them", f"{found['cpu_time']:.0f} ns", "≤ 300 ns", found["cpu_time"] <= 300),
        Budget("heap allocations of finding it", f"{found['allocations']:.0f}", "0", found["allocations"] == 0)]


def medians_of(bench, program):
    """What a program of Google Benchmark found, by the names of its benchmarks."""
    done = subprocess.run([bench.tools / program, "--benchmark_format=json", f"--benchmark_repetitions={REPETITIONS}",
                           "--benchmark_enable_random_interleaving=true", "--benchmark_report_aggregates_only=true",
                           f"--benchmark_min_time={bench.effort.microbench_seconds / REPETITIONS}"],
                          capture_output=True, text=True, check=True)
    in_order = sorted(json.loads(done.stdout)["benchmarks"],
                      key=lambda one: (one["family_index"], one["per_family_instance_index"]))
    return {one["run_name"]: one for one in in_order if one["aggregate_name"] == "median"}


def decision(bench):
    """What tests/bench/answer_bench.cc finds: the decision without sockets."""
    medians = medians_of(bench, "answer_bench")
    lines, budgets = [], []
    for name, one in medians.items():
        alone = medians.get(f"beast_alone/{name.split('/')[-1]}")
        lines.append((name.replace("_", " ").replace("/", ", "), f"{one['cpu_time']:.0f}",
                      f"{one['cpu_time'] / alone['cpu_time']:.2f}" if alone else "",
                      f"{one['allocations']:.0f}"))
    ratio = medians["parse_decide_select/chrome"]["cpu_time"] / medians["beast_alone/chrome"]["cpu_time"]
    budgets.append(Budget("parse, decide and select, Chrome, × Beast's parser alone", f"{ratio:.2f}",
                          f"≤ {DECISION_BUDGET}", ratio <= DECISION_BUDGET))
    allocations = max(one["allocations"] for name, one in medians.items() if name.startswith("parse_decide"))
    budgets.append(Budget("heap allocations of an answer rendered early", f"{allocations:.0f}", "0", allocations == 0))
    return Table("The decision, without sockets", ("", "ns", "× Beast's parser alone", "allocations"), lines), budgets


# ---------------------------------------------------------------------------- telling

def as_text(table):
    rows = [table.columns, *table.lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    out = [table.title]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        out.append("  " + "   ".join(cells).rstrip())
    return "\n".join(out + ([f"  {table.note}"] if table.note else [])) + "\n"


def as_markdown(table):
    out = [f"### {table.title}", "", "| " + " | ".join(table.columns) + " |",
           "| --- |" + " ---: |" * (len(table.columns) - 1)]
    out += ["| " + " | ".join(line) + " |" for line in table.lines]
    return "\n".join(out + (["", table.note] if table.note else [])) + "\n"


def budget_table(budgets):
    return Table("Budgets", ("", "found", "allowed", ""),
                 [(one.what, one.found, one.allowed, "met" if one.met else "MISSED") for one in budgets])


def machine(effort):
    return (f"{os.cpu_count()} cores, {os.uname().sysname} {os.uname().release.split('-')[0]}; "
            f"{effort.rounds} rounds; load average {os.getloadavg()[0]:.1f} at the end")


def measure(bench):
    """(table or None, budgets) of each measurement, as they come."""
    yield decision(bench)
    yield start_up(bench)
    servers = start_the_usual(bench)
    for what in (kept_alive, new_connections, pipelined, tail):
        yield what(bench, servers)
    yield from http2(bench, static_answer(servers["ours"]))
    yield from tls(bench, static_answer(servers["ours"]))
    yield idle_connections(bench, static_answer(servers["ours"]))
    yield growth(bench)
    yield large_contract(bench)


def main():
    parser = argparse.ArgumentParser(prog="measure.py", description="See scripts/bench.")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="folder of a release build")
    parser.add_argument("--program", type=pathlib.Path, help="what is measured (the build's own)")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--markdown", type=pathlib.Path)
    options = parser.parse_args()
    allow_many_files()
    effort = QUICK if options.quick else FULL
    tables, budgets = [], []
    with tempfile.TemporaryDirectory(prefix="intermission-bench-") as folder:
        program = options.program and options.program.resolve()
        with Bench(options.build.resolve(), pathlib.Path(folder), effort, program) as bench:
            for table, found in measure(bench):
                budgets += found
                if table is not None:
                    tables.append(table)
                    print(as_text(table), flush=True)
    tables.insert(0, budget_table(budgets))
    print(as_text(tables[0]))
    print(machine(effort))
    if options.markdown:
        text = "\n".join(as_markdown(table) for table in tables) + f"\n{machine(effort)}.\n"
        options.markdown.write_text(text, encoding="utf-8")
    return 0 if options.quick or all(one.met for one in budgets) else 1


if __name__ == "__main__":
    sys.exit(main())
