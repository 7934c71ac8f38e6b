"""A request that is ten times as long costs about ten times as much, wherever it is long: callgrind counts the
instructions of each, which are the same in every run.

    linear_test.py VALGRIND CASES_TEST fields|rest
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

VALGRIND, PROGRAM, PART = sys.argv[1:4]
MOST = 12  # times as many instructions, for ten times the bytes
NAME = re.compile(r"^desc: Trigger: Client Request: (.+) (\d+)$", re.MULTILINE)
TOTAL = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)


def counts():
    """Instructions by place and shape, and then by size."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="intermission-linear-") as folder:
        subprocess.run([VALGRIND, "--quiet", "--tool=callgrind", "--instr-atstart=no", "--compress-strings=no",
                        "--callgrind-out-file=counts", PROGRAM, "--gtest_also_run_disabled_tests", "--gtest_brief=1",
                        f"--gtest_filter=Counted.DISABLED_{PART}"], cwd=folder, check=True, timeout=580)
        for file in pathlib.Path(folder).glob("counts*"):
            text = file.read_text(encoding="utf-8", errors="replace")
            name = NAME.search(text)
            if name:
                total = TOTAL.search(text)
                found.setdefault(name[1], {})[int(name[2])] = int(total[1])
    return found


class Linear(unittest.TestCase):
    def test_ten_times_the_bytes_cost_about_ten_times_as_much(self):
        found = counts()
        self.assertGreater(len(found), 40)
        ratios = {}
        for name, by_size in found.items():
            short, long = (by_size[size] for size in sorted(by_size))
            ratios[name] = long / short
        slow = {name: round(ratio, 1) for name, ratio in ratios.items() if ratio > MOST}
        self.assertEqual(slow, {})
        # Else nothing was looked at.
        self.assertGreater(max(ratios.values()), 5)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
