"""build/package/ as it is pushed: it asks nothing of cflinuxfs4 that is not there, and it runs
from that folder alone, with the manifest's own command."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from gateway import DEFAULT_MESSAGE, Gateway

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
PACKAGE = SOURCE / "build/package"
HEALTH = "/.well-known/intermission/health"

# cflinuxfs4 is Ubuntu 22.04: glibc 2.35, libstdc++ 12.
NEWEST = {"GLIBC": (2, 35), "GLIBCXX": (3, 4, 30), "CXXABI": (1, 3, 13)}
ON_THE_STACK = re.compile(r"ld-linux-[\w-]+\.so\.\d|lib(c|m|gcc_s|stdc\+\+|ssl|crypto)\.so\.\d+")


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def too_new(versions):
    """Of names like GLIBC_2.36, those that the stack does not have."""
    def beyond(name):
        family, _, number = name.rpartition("_")
        if family not in NEWEST:
            return True
        return tuple(map(int, number.split("."))) > NEWEST[family]

    return sorted(name for name in set(versions) if beyond(name))


def versions_needed(path):
    """Symbol versions of other libraries that an ELF file refers to."""
    needs = output_of("readelf", "-V", "-W", str(path)).partition("Version needs section")[2]
    return re.findall(r"Name: ((?:GLIBC|GLIBCXX|CXXABI)_[A-Z0-9_.]+)", needs)


def libraries_needed(path):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output_of("readelf", "-d", str(path)))


def run_path(path):
    return re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.+)\]", output_of("readelf", "-d", str(path)))


def settings(manifest):
    """The `name: value` lines of a manifest with one application; all that is needed here."""
    return dict(re.findall(r"^\s*-?\s*([\w-]+):[ \t]*(\S.*)$", manifest, re.MULTILINE))


class TheCheckItself(unittest.TestCase):
    def test_versions(self):
        self.assertEqual(too_new(["GLIBC_2.35", "GLIBC_2.2.5", "GLIBCXX_3.4.30", "CXXABI_1.3.9"]), [])
        self.assertEqual(too_new(["GLIBC_2.36", "GLIBC_2.9"]), ["GLIBC_2.36"])
        self.assertEqual(too_new(["GLIBCXX_3.4.31"]), ["GLIBCXX_3.4.31"])
        self.assertEqual(too_new(["CXXABI_1.3.14"]), ["CXXABI_1.3.14"])

    def test_it_reads_versions_of_a_real_program(self):
        self.assertIn("GLIBC_2.34", versions_needed(shutil.which("readelf")))

    def test_libraries(self):
        for name in ("libc.so.6", "libstdc++.so.6", "ld-linux-x86-64.so.2"):
            self.assertTrue(ON_THE_STACK.fullmatch(name), name)
        for name in ("libpistache.so.0", "libcares.so.2", "libmagic.so.1"):
            self.assertFalse(ON_THE_STACK.fullmatch(name), name)


class Package(unittest.TestCase):
    def files(self):
        return [path for path in PACKAGE.iterdir() if path.read_bytes()[:4] == b"\x7fELF"]

    def test_what_is_in_it(self):
        names = {path.name for path in PACKAGE.iterdir()}
        expected = {"intermission", "intermission.spdx.json", "manifest.yml", "LICENSE"}
        self.assertLessEqual(expected, names)
        others = names - expected
        self.assertTrue(all(".so." in name for name in others), others)

    def test_no_symbol_is_newer_than_the_stack(self):
        for path in self.files():
            with self.subTest(path.name):
                versions = versions_needed(path)
                self.assertTrue(versions)
                self.assertEqual(too_new(versions), [])

    def test_every_library_is_on_the_stack_or_in_the_folder(self):
        names = {path.name for path in PACKAGE.iterdir()}
        for path in self.files():
            for library in libraries_needed(path):
                with self.subTest(f"{path.name} needs {library}"):
                    self.assertTrue(library in names or ON_THE_STACK.fullmatch(library))

    def test_the_standard_library_is_the_stack_s_own(self):
        self.assertIn("libstdc++.so.6", libraries_needed(PACKAGE / "intermission"))

    def test_libraries_are_looked_for_beside_the_program(self):
        self.assertEqual(run_path(PACKAGE / "intermission"), ["$ORIGIN"])

    def test_nothing_is_carried_along_for_nothing(self):
        needed = {library for path in self.files() for library in libraries_needed(path)}
        carried = {path.name for path in self.files()} - {"intermission"}
        self.assertEqual(carried - needed, set())


class Pushed(unittest.TestCase):
    """The folder somewhere else, an environment with nothing but what the platform sets."""

    def setUp(self):
        self.manifest = settings((PACKAGE / "manifest.yml").read_text(encoding="utf-8"))

    def start(self, *arguments):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        app = pathlib.Path(place.name) / "app"
        shutil.copytree(PACKAGE, app)
        command = ["env", "-i", f"--chdir={app}", "PORT=0", *arguments,
                   "/bin/sh", "-c", self.manifest["command"] + " --control-port 0"]
        return Gateway(command=command)

    def test_manifest(self):
        self.assertEqual(self.manifest["path"], ".")
        self.assertEqual(self.manifest["stack"], "cflinuxfs4")
        self.assertEqual(self.manifest["buildpacks"], "[binary_buildpack]")
        self.assertTrue(self.manifest["command"].startswith("exec "))
        self.assertEqual(self.manifest["no-route"], "true")
        self.assertEqual(self.manifest["health-check-type"], "http")
        self.assertEqual(self.manifest["health-check-http-endpoint"], HEALTH)

    def test_the_manifest_of_the_repository_pushes_the_same_folder(self):
        whole = settings((SOURCE / "manifest.yml").read_text(encoding="utf-8"))
        self.assertEqual(SOURCE / whole.pop("path"), PACKAGE)
        self.manifest.pop("path")
        self.assertEqual(whole, self.manifest)

    def test_it_is_healthy_and_answers(self):
        # Leaving the block sends SIGTERM to the shell's pid: only with `exec` is that the program.
        with self.start() as gateway:
            self.assertEqual(gateway.address, "0.0.0.0")
            self.assertEqual(gateway.get(HEALTH).status, 200)
            answer = gateway.get("/", {"Accept": "application/problem+json"})
            self.assertEqual(answer.status, 503)
            self.assertEqual(answer.json()["detail"], DEFAULT_MESSAGE)

    def test_the_message_of_the_manifest_is_heard(self):
        with self.start("MAINTENANCE_MESSAGE=Back at noon") as gateway:
            self.assertIn("Back at noon", gateway.get("/503").text)


class WithAConfiguration(unittest.TestCase):
    """scripts/package --with: the configuration travels along, and a wrong one does not."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.given = pathlib.Path(place.name) / "given"
        self.made = pathlib.Path(place.name) / "made"
        (self.given / "contracts").mkdir(parents=True)
        (self.given / "contracts/note.txt").write_text("comes along", encoding="utf-8")

    def package(self, config=None):
        if config is not None:
            (self.given / "intermission.yaml").write_text(config, encoding="utf-8")
        return subprocess.run([SOURCE / "scripts/package", "--with", self.given, "--into", self.made],
                              capture_output=True, text=True, check=False)

    def test_it_travels_along_and_is_heard(self):
        done = self.package("defaults: { message: Back on Monday }\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.made / "contracts/note.txt").is_file())
        manifest = settings((self.made / "manifest.yml").read_text(encoding="utf-8"))
        variables = [f"{name}={value}" for name, value in manifest.items() if name.isupper()]
        self.assertEqual(variables, ["INTERMISSION_CONFIG=intermission.yaml"])
        command = ["env", "-i", f"--chdir={self.made}", "PORT=0", *variables, "/bin/sh", "-c",
                   manifest["command"] + " --control-port 0"]
        with Gateway(command=command) as gateway:
            self.assertIn("Back on Monday", gateway.get("/503").text)

    def test_a_wrong_one_leaves_the_last_package_alone(self):
        self.assertEqual(self.package("defaults: { message: first }\n").returncode, 0)
        done = self.package("defaults: { messsage: second }\n")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"intermission\.yaml:1: ")
        self.assertIn("first", (self.made / "intermission.yaml").read_text(encoding="utf-8"))

    def test_none_at_all(self):
        done = self.package()
        self.assertEqual(done.returncode, 1)
        self.assertIn("intermission.yaml", done.stderr)
        self.assertFalse(self.made.exists())

    def test_a_folder_of_something_else_is_not_replaced(self):
        self.made.mkdir()
        (self.made / "letters.txt").touch()
        self.assertEqual(self.package("{}\n").returncode, 1)
        self.assertTrue((self.made / "letters.txt").is_file())


class WithAProfile(unittest.TestCase):
    def test_without_one_nothing_is_built(self):
        with tempfile.TemporaryDirectory() as folder:
            for given, told in ((folder, "there is no profile in"), (folder + "/none", "there is no folder")):
                done = subprocess.run([SOURCE / "scripts/package", "--profile", given, "--only", "tar"], capture_output=True,
                                      text=True, check=False, timeout=300)
                self.assertEqual(done.returncode, 1)
                self.assertIn(told, done.stderr)


if __name__ == "__main__":
    unittest.main()
