#!/usr/bin/env python3
"""Measures two builds of the program side by side; scripts/bench --against runs it. In each round both are asked in every
way, one after the other, so that whatever else the machine does meets both alike; what counts is the ratio within the
rounds."""

import argparse
import pathlib
import statistics
import tempfile

from comparing import H2loadRow, Table, WrkRow, run_rounds
from http2 import ASKED, CALLED, TARGET
from measure import FULL, QUICK, Bench, as_text, machine, prove
from servers import CALL, Intermission, allow_many_files, configuration
from shapes import SHAPES


def rows_of(bench, program, which):
    """The same ways to ask for each program, by their names."""
    server = bench.start(Intermission(which, bench.place(which), program, configuration()))
    rows = {}
    for name, shape in SHAPES.items():
        prove(server, shape)
        rows[name] = WrkRow(f"{which}, {name}", server, bench.write(f"sent-{name.replace(' ', '-')}", shape.bytes))
    for streams, name in ((1, "HTTP/2, 1 stream"), (10, "HTTP/2, 10 streams")):
        rows[name] = H2loadRow(f"{which}, {name}", server, target=TARGET, streams=streams, fields=ASKED, status="5")
    rows["gRPC, unary calls"] = H2loadRow(f"{which}, gRPC", server, target=CALL, streams=1, fields=CALLED, status="2",
                                          body=bench.write("message", bytes(5)))
    return rows


def measure(bench, other):
    ours, theirs = rows_of(bench, bench.program, "this"), rows_of(bench, other, "that")
    run_rounds((row for name in ours for row in (ours[name], theirs[name])), bench.effort.rounds)
    lines = []
    for name in ours:
        ratios = sorted(that / this for that, this in zip(theirs[name].cpu, ours[name].cpu))
        lines.append((name, f"{ours[name].cost:.2f}", f"{theirs[name].cost:.2f}", f"{statistics.median(ratios):.3f}",
                      f"{ratios[0]:.2f} to {ratios[-1]:.2f}"))
    return Table(f"CPU µs per request of this, {bench.program}, and that, {other}",
                 ("", "this", "that", "that / this", "in the rounds"), lines)


def main():
    parser = argparse.ArgumentParser(prog="two_programs.py", description="See scripts/bench.")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="folder of a build")
    parser.add_argument("--against", type=pathlib.Path, required=True, help="another build's program")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    allow_many_files()
    effort = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory(prefix="intermission-bench-") as folder:
        with Bench(options.build.resolve(), pathlib.Path(folder), effort) as bench:
            print(as_text(measure(bench, options.against.resolve())))
    print(machine(effort))


if __name__ == "__main__":
    main()
