"""The shell scripts: strict, clean, able to explain themselves, and quiet with nothing to do."""

import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])


def is_bash(path):
    if path.suffix == ".sh":
        return True
    with path.open("rb") as file:
        return path.is_file() and file.readline().startswith(b"#!/usr/bin/env bash")


SCRIPTS = sorted(path for folder in ("scripts", ".ci", "deploy", "tests")
                 for path in (SOURCE / folder).rglob("*")
                 if path.is_file() and "node_modules" not in path.parts
                 and path.suffix in {"", ".sh"} and is_bash(path))
PROGRAMS = [path for path in SCRIPTS if path.suffix != ".sh"]


class Scripts(unittest.TestCase):
    def test_they_were_found(self):
        names = {str(path.relative_to(SOURCE)) for path in SCRIPTS}
        self.assertLessEqual({".ci/run", "scripts/bench", "scripts/lib.sh", "scripts/package", "scripts/run", "scripts/test",
                              "deploy/cloudfoundry/maintenance"}, names)

    def test_shellcheck(self):
        done = subprocess.run(["shellcheck", *map(str, SCRIPTS)], cwd=SOURCE, capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_strict(self):
        for path in SCRIPTS:
            with self.subTest(path.name):
                self.assertIn("set -euo pipefail\n", path.read_text(encoding="utf-8"))

    def test_executable(self):
        for path in PROGRAMS:
            with self.subTest(path.name):
                self.assertTrue(path.stat().st_mode & stat.S_IXUSR)

    def test_help(self):
        for path in PROGRAMS:
            with self.subTest(path.name):
                done = subprocess.run([str(path), "--help"], capture_output=True, text=True, check=False,
                                      timeout=20)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(done.stdout.startswith("usage: "), done.stdout)
                self.assertEqual(done.stderr, "")

    def test_an_argument_that_is_not_understood(self):
        for name in ("scripts/test", "scripts/bench", "scripts/package", "deploy/cloudfoundry/maintenance"):
            with self.subTest(name):
                done = subprocess.run([str(SOURCE / name), "--frobnicate"], capture_output=True, text=True,
                                      check=False, timeout=20)
                self.assertEqual(done.returncode, 2)
                self.assertIn("--frobnicate", done.stderr)
                self.assertIn("--help", done.stderr)


class Packages(unittest.TestCase):
    """ensure_packages of scripts/lib.sh, with a dpkg-query and an apt-get that only pretend."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.tool("dpkg-query", 'for name in "$@"; do case $name in\n'
                                '  here|g++) echo "$name installed" ;;\n'
                                '  multiarch) echo "$name:amd64 installed" ;;\n'
                                '  removed) echo "$name config-files" ;;\n'
                                'esac; done\nexit 1\n')
        self.tool("apt-get", f'echo "$*" >>{self.folder}/calls\n'
                             f'[[ ! -e {self.folder}/broken ]] || {{ echo "no such package"; exit 100; }}\n')
        self.tool("sudo", 'exec "$@"\n')

    def tool(self, name, text):
        path = self.folder / name
        path.write_text(f"#!/bin/bash\n{text}", encoding="utf-8")
        path.chmod(0o755)

    def ensure(self, *names):
        script = f'source "{SOURCE}/scripts/lib.sh"; ensure_packages {" ".join(names)}'
        done = subprocess.run(["bash", "-c", script, "run"], capture_output=True, text=True, check=False,
                              env={"PATH": f"{self.folder}:/usr/bin:/bin"}, timeout=20)
        calls = self.folder / "calls"
        return done, calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []

    def test_nothing_missing_is_silent_and_runs_no_package_manager(self):
        done, calls = self.ensure("here", "g++", "multiarch")
        self.assertEqual((done.returncode, done.stdout, done.stderr, calls), (0, "", "", []))

    def test_only_what_is_missing_is_installed(self):
        done, calls = self.ensure("here", "absent", "removed", "multiarch")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "scripts/run: installing absent removed\n")
        self.assertEqual(calls, ["update -q", "install -q -y --no-install-recommends absent removed"])

    def test_a_failure_is_shown_and_ends_the_script(self):
        (self.folder / "broken").touch()
        done, _ = self.ensure("absent")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such package", done.stderr)

    def test_a_node_from_elsewhere_will_do(self):
        self.tool("node", "")
        self.tool("npm", "")
        done, calls = self.ensure("nodejs", "npm")
        self.assertEqual((done.returncode, done.stderr, calls), (0, "", []))


if __name__ == "__main__":
    unittest.main()
