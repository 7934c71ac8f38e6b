"""Mutexes are base::Mutex, so that clang sees what they guard; and clang refuses code that forgets to lock."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
# base::Mutex itself, and the type that spdlog's sinks ask for.
MAY_NAME_STD_MUTEX = {"src/base/mutex.h", "src/base/spdlog.cc", "src/observe/access_log.cc", "src/observe/log_sink.h"}
CLANG = "clang++-16"

COUNTER = """
#include "base/mutex.h"
class Counter {
 public:
  void add() { %s ++sum_; }
 private:
  intermission::base::Mutex mutex_;
  int sum_ GUARDED_BY(mutex_) = 0;
};
int main() { Counter().add(); }
"""


def sources():
    return [path for path in sorted((SOURCE / "src").rglob("*")) if path.suffix in {".h", ".cc"}]


def compile_counter(statement):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "counter.cc")
        source.write_text(COUNTER % statement, encoding="utf-8")
        return subprocess.run([CLANG, "-std=c++20", "-fsyntax-only", "-Wthread-safety", "-Werror",
                               f"-I{SOURCE / 'src'}", source], capture_output=True, text=True, check=False)


class Mutexes(unittest.TestCase):
    def test_no_mutex_that_clang_cannot_check(self):
        found = []
        for path in sources():
            name = str(path.relative_to(SOURCE))
            if name not in MAY_NAME_STD_MUTEX and re.search(r"\bstd::(mutex|shared_mutex|recursive_mutex)\b",
                                                             path.read_text(encoding="utf-8")):
                found.append(name)
        self.assertEqual(found, [], "use base::Mutex, and say with GUARDED_BY what it guards")

    def test_every_mutex_guards_something(self):
        found = []
        for path in sources():
            text = path.read_text(encoding="utf-8")
            for name in re.findall(r"^\s*(?:mutable )?(?:base::)?Mutex (\w+);", text, re.MULTILINE):
                if path.name != "mutex.h" and not re.search(rf"GUARDED_BY\({name}\)", text):
                    found.append(f"{path.relative_to(SOURCE)}: {name}")
        self.assertEqual(found, [])

    def test_a_forgotten_lock_does_not_compile(self):
        self.assertEqual(compile_counter("const intermission::base::MutexLock lock(mutex_);").stderr, "")
        forgotten = compile_counter("")
        self.assertNotEqual(forgotten.returncode, 0)
        self.assertIn("requires holding mutex 'mutex_'", forgotten.stderr)


if __name__ == "__main__":
    unittest.main()
