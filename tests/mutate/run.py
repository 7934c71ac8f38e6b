"""Runs the tests that could notice a mistake: own folder first, the file's own test before that."""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

NOTICED, SURVIVED, UNREACHED = "noticed", "survived", "not reached"
MEMORY = 4 << 30
QUICK = 500  # milliseconds; longer tests are asked when the quick ones noticed nothing


@dataclasses.dataclass
class Test:
    program: str
    name: str
    file: str
    milliseconds: int
    reaches: frozenset


class Program:
    """A GoogleTest program, and what each of its tests reaches."""

    def __init__(self, path, folder):
        self.path = pathlib.Path(path)
        self.folder = folder
        self.tests = []
        self.outside = frozenset()  # reached before, between or after tests
        self.failing = []

    def look(self, notes):
        """Reads `notes` if they are younger than the program and no test failed; else runs all."""
        if notes.exists() and notes.stat().st_mtime > self.path.stat().st_mtime:
            self.read(notes)
        if not self.tests or self.failing:
            self.failing = []
            notes.unlink(missing_ok=True)
            done = execute([str(self.path), "--gtest_brief=1"], {"INTERMISSION_REACHED": str(notes)}, 900)
            if done.status not in (0, 1) or not notes.exists():
                notes.unlink(missing_ok=True)
                raise RuntimeError(f"{self.path} does not run to its end without a mistake:\n"
                                   + done.output[-3000:])
            self.read(notes)

    def read(self, notes):
        self.tests, lines = [], notes.read_text().splitlines()
        outside = set()
        for line in lines:
            name, file, milliseconds, passed, numbers = (line.split("\t") + [""])[:5]
            reaches = frozenset(map(int, numbers.split()))
            if name == "*":
                outside |= reaches
            elif passed == "1":
                self.tests.append(Test(self.folder, name, file, int(milliseconds), reaches))
            else:
                self.failing.append(name)
        self.outside = frozenset(outside)

    def reached(self):
        return self.outside.union(*(test.reaches for test in self.tests))


@dataclasses.dataclass
class Done:
    status: object  # the exit code, or None after the time limit
    output: str


def execute(command, environment, seconds):
    """In a folder of its own, with all that it started ended afterwards."""
    # Not preexec_fn: Python code between fork and exec may hang for ever where there are threads.
    limited = ["prlimit", f"--as={MEMORY}", "--core=0", "--", *command]
    with (tempfile.TemporaryDirectory(prefix="mutate-", ignore_cleanup_errors=True) as folder,
          open(folder + "/output", "w+b") as output):
        os.chmod(folder, 0o711)  # PostgreSQL runs as another user
        process = subprocess.Popen(limited, cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True,
                                   env={**os.environ, "TMPDIR": folder, **environment})
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            status = None
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        return Done(status, output.read()[-20000:].decode(errors="replace"))


class Runner:
    def __init__(self, programs, patience):
        self.programs = {program.folder: program for program in programs}
        self.patience = patience * 1000  # milliseconds of tests for each program and mistake
        self.reaching = {}
        for program in programs:
            for test in program.tests:
                for number in test.reaches:
                    self.reaching.setdefault(number, []).append(test)

    def stages(self, mistake):
        """[(program, tests or None for all)] in the order in which they are likely to notice."""
        tests = self.reaching.get(mistake.number, [])
        stem = pathlib.Path(mistake.file).stem
        own = [test for test in tests if test.program == mistake.folder]
        mirror = [test for test in own if re.sub(r"_test$", "", pathlib.Path(test.file).stem) == stem]
        result = []
        mirror = [test for test in mirror if test.milliseconds <= QUICK]
        if mirror and len(mirror) < len(own):
            result.append((mistake.folder, mirror))
        quick = [test for test in own if test.milliseconds <= QUICK]
        if quick and len(quick) < len(own):
            result.append((mistake.folder, quick))
        if own:
            result.append((mistake.folder, own))
        # What is made once and kept is reached by the test that comes first, and used by all.
        for folder in dict.fromkeys((mistake.folder, "cases", "gateway", *sorted(self.programs))):
            program = self.programs.get(folder)
            there = [test for test in tests if test.program == folder]
            if program is None or not (there or mistake.number in program.outside):
                continue
            if folder not in (mistake.folder, "cases"):
                some = [test for test in there if test.milliseconds <= QUICK]
                result += [(folder, chosen) for chosen in (some, there if len(some) < len(there) else []) if chosen]
            if folder in (mistake.folder, "cases", "gateway") or mistake.number in program.outside:
                result.append((folder, None))
        return result

    def judge(self, mistake):
        stages = self.stages(mistake)
        if not stages:
            return UNREACHED, ""
        for folder, tests in stages:
            by = self.noticed(mistake, self.programs[folder], tests)
            if by:
                return NOTICED, by
        return SURVIVED, ""

    def noticed(self, mistake, program, tests):
        """Which test notices, or "" if none does."""
        command = [str(program.path), "--gtest_brief=1", "--gtest_fail_fast"]
        with tempfile.NamedTemporaryFile("w", prefix="mutate-filter-") as flags:
            chosen = self.affordable(tests or program.tests)
            if len(chosen) < len(program.tests):
                pattern = ":".join(test.name for test in chosen)
            else:
                pattern = "*" + ("-" + ":".join(program.failing) if program.failing else "")
            flags.write(f"--gtest_filter={pattern}\n")
            flags.flush()
            usual = sum(test.milliseconds for test in chosen) / 1000
            done = execute(command + [f"--gtest_flagfile={flags.name}"],
                           {"INTERMISSION_MUTANT": str(mistake.number)}, 6 + 6 * usual)
        if done.status == 0:
            return ""
        failed = re.search(r"\[  FAILED  \] ([\w/.]+)", done.output)
        if failed:
            return f"{program.folder}: {failed[1]}"
        return f"{program.folder}: " + ("hangs" if done.status is None else f"ends with {done.status}")

    def affordable(self, tests):
        """The quick ones first, and as many as the patience allows."""
        result, spent = [], 0
        for test in sorted(tests, key=lambda test: test.milliseconds):
            spent += test.milliseconds
            if result and spent > self.patience:
                break
            result.append(test)
        return result

    def all(self, mistakes, jobs, report):
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            work = {pool.submit(self.judge, mistake): mistake for mistake in mistakes}
            try:
                for future in concurrent.futures.as_completed(work):
                    report(work[future], *future.result())
            except BaseException:
                for future in work:
                    future.cancel()
                raise
