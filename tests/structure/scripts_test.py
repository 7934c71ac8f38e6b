"""The shell scripts: strict, clean, able to explain themselves, and quiet with nothing to do."""

import contextlib
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile
import time
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


def checkout(folder):
    """A copy of scripts/lib.sh whose build folder is no other script's."""
    (folder / "scripts").mkdir(exist_ok=True)
    return shutil.copy(SOURCE / "scripts/lib.sh", folder / "scripts")


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
        script = f'source "{checkout(self.folder)}"; ensure_packages {" ".join(names)}'
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
        self.assertEqual(calls, ["update -q", "install -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends absent removed"])

    def test_a_failure_is_shown_and_ends_the_script(self):
        (self.folder / "broken").touch()
        done, _ = self.ensure("absent")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such package", done.stderr)

    def test_what_another_script_has_installed_meanwhile_is_not_installed_again(self):
        """It is missing at the first look, and there once the other script is done."""
        self.tool("dpkg-query", f'[[ ! -e {self.folder}/looked ]] || echo "absent installed"\ntouch {self.folder}/looked\n')
        done, calls = self.ensure("absent")
        self.assertEqual((done.returncode, done.stderr, calls), (0, "", []))

    def test_a_node_from_elsewhere_will_do(self):
        self.tool("node", "")
        self.tool("npm", "")
        done, calls = self.ensure("nodejs", "npm")
        self.assertEqual((done.returncode, done.stderr, calls), (0, "", []))


class WhereToGoNext(unittest.TestCase):
    """What scripts/run says beside the program, which is played here: it prints lines and ends."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "scripts").mkdir()
        shutil.copy(SOURCE / "scripts" / "run", self.folder / "scripts" / "run")
        (self.folder / "scripts" / "lib.sh").write_text(
            f"root={self.folder}\nbuild_packages=()\nensure_packages() {{ :; }}\nbuild_release() {{ :; }}\n", encoding="utf-8")
        (self.folder / "build" / "release").mkdir(parents=True)

    def run_with(self, lines, *arguments, code=0, **environment):
        program = self.folder / "build" / "release" / "intermission"
        printed = "".join(f"echo '{line}'\n" for line in lines)
        program.write_text(f'#!/bin/bash\necho "$*" >"{self.folder}/asked"\n{printed}exit {code}\n', encoding="utf-8")
        program.chmod(0o755)
        # What guides may end a moment after the program: its output is read to the end.
        done = subprocess.run(["bash", "-c", '"$0" "$@" 2>&1; echo "exit code $?"', str(self.folder / "scripts" / "run"), *arguments],
                              capture_output=True, text=True, check=False, timeout=20, env={"PATH": "/usr/bin:/bin", **environment})
        return done.stdout

    def test_the_addresses_are_those_that_the_program_printed(self):
        said = self.run_with(["intermission: data http://0.0.0.0:8181", "intermission: data https://0.0.0.0:8443",
                              "intermission: control https://127.0.0.1:9191", "a line of the access log"])
        self.assertIn("curl -i http://localhost:8181/any/path ", said)
        self.assertIn("or open http://localhost:8181/\n", said)
        self.assertIn("open https://127.0.0.1:9191 with the token in the file that the log names", said)
        self.assertIn("status --control-url https://127.0.0.1:9191\n", said)
        self.assertIn("a line of the access log\n", said)
        self.assertLess(said.index("intermission: control"), said.index("From another terminal"))

    def test_the_configuration_is_named_again(self):
        lines = ["intermission: data http://[::]:80", "intermission: control http://127.0.0.1:9099"]
        for arguments, environment in ([["--config", "my.yaml"], {}], [["--config=my.yaml"], {}], [[], {"INTERMISSION_CONFIG": "my.yaml"}]):
            with self.subTest(arguments=arguments):
                said = self.run_with(lines, *arguments, **environment)
                self.assertIn("curl -i http://localhost:80/any/path ", said)
                self.assertIn("status --config my.yaml --control-url http://127.0.0.1:9099\n", said)
                self.assertEqual((self.folder / "asked").read_text(encoding="utf-8"), " ".join(["serve", *arguments]) + "\n")

    def test_a_token_of_ones_own_is_not_looked_for_in_the_log(self):
        said = self.run_with(["intermission: data http://127.0.0.1:8080", "intermission: control http://127.0.0.1:9099"],
                             INTERMISSION_TOKEN="a secret")
        self.assertIn("with the token in INTERMISSION_TOKEN,", said)
        self.assertNotIn("a secret", said)

    def test_where_nothing_listens_for_operators_nothing_is_said_of_them(self):
        said = self.run_with(["intermission: data http://127.0.0.1:8080"])
        self.assertIn("curl -i http://127.0.0.1:8080/any/path ", said)
        self.assertNotIn("perators", said)

    def test_a_program_that_does_not_start_is_not_explained(self):
        said = self.run_with([], code=2)
        self.assertNotIn("terminal", said)
        self.assertIn("exit code 2", said)


class TwoAtOnce(unittest.TestCase):
    """build_preset of scripts/lib.sh, with a cmake that builds until it is let go."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        cmake = self.folder / "cmake"
        # What it starts goes on after it, and must hold nobody up.
        cmake.write_text(f"#!/bin/bash\ncd {self.folder}\necho \"$WHO begins\" >>log\n"
                         "until [[ -e go ]]; do sleep 0.02; done\nsleep 60 >/dev/null 2>&1 &\necho \"$WHO ends\" >>log\n", encoding="utf-8")
        cmake.chmod(0o755)
        self.lib = checkout(self.folder)

    def stop(self, pid):
        """The whole session, and what was left of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)

    def start(self, who, preset):
        with open(self.folder / f"{who}.said", "w", encoding="utf-8") as said:
            build = subprocess.Popen(["bash", "-c", f'source "{self.lib}"; build_preset {preset} intermission', who],
                                     stdout=said, stderr=said, start_new_session=True,
                                     env={"PATH": f"{self.folder}:/usr/bin:/bin", "WHO": who})
        self.addCleanup(build.wait)
        self.addCleanup(self.stop, build.pid)
        return build

    def wait_for(self, line, name="log"):
        end = time.monotonic() + 20
        file = self.folder / name
        while not file.exists() or line not in file.read_text(encoding="utf-8"):
            self.assertLess(time.monotonic(), end, line)
            time.sleep(0.02)

    def test_the_second_says_that_it_waits_for_the_first(self):
        first = self.start("first", "release")
        self.wait_for("first begins")
        second = self.start("second", "release")
        waits = "scripts/second: waiting: another script is building in build/release\n"
        self.wait_for(waits, "second.said")
        (self.folder / "go").touch()
        self.assertEqual((first.wait(20), second.wait(20)), (0, 0))
        self.assertEqual((self.folder / "log").read_text(encoding="utf-8").splitlines(),
                         [f"{who} {what}" for who in ("first", "second") for _ in range(2) for what in ("begins", "ends")])
        self.assertEqual((self.folder / "second.said").read_text(encoding="utf-8"), waits)

    def test_builds_of_two_presets_do_not_wait_for_each_other(self):
        builds = [self.start("first", "release"), self.start("second", "debug")]
        self.wait_for("first begins")
        self.wait_for("second begins")
        (self.folder / "go").touch()
        self.assertEqual([build.wait(20) for build in builds], [0, 0])


if __name__ == "__main__":
    unittest.main()
