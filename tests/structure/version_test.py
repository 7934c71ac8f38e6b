"""One version, wherever it is written: CMakeLists.txt has it, and all else agrees."""

import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
PROGRAM = os.environ.get("INTERMISSION", "")


def text_of(name):
    return (SOURCE / name).read_text(encoding="utf-8")


VERSION = re.search(r"^project\(intermission VERSION (\S+) ", text_of("CMakeLists.txt"), re.MULTILINE)[1]


class Version(unittest.TestCase):
    def test_it_is_one(self):
        self.assertRegex(VERSION, r"\A\d+\.\d+\.\d+\Z")

    def test_of_the_chart_and_its_manifests(self):
        chart = text_of("deploy/helm/Chart.yaml")
        self.assertEqual(re.findall(r"^(?:version|appVersion): (\S+)$", chart, re.MULTILINE), [VERSION, VERSION])
        manifests = text_of("deploy/kubernetes/intermission.yaml")
        found = re.findall(r"(?:app\.kubernetes\.io/version: |helm\.sh/chart: intermission-|/intermission:)\"?([0-9.]+)", manifests)
        self.assertGreater(len(found), 10)
        self.assertEqual(set(found), {VERSION})

    def test_of_the_api_documents(self):
        for path in sorted(SOURCE.glob("openapi/*.yaml")):
            with self.subTest(path.name):
                self.assertEqual(re.search(r"^info:\n(?:  .*\n)*?  version: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)[1],
                                 VERSION)

    def test_of_what_the_documents_say(self):
        self.assertIn(f"intermission:{VERSION}\n", text_of("docs/install.md"))

    def test_the_newest_section_of_the_changelog_is_its_own_and_has_a_date(self):
        newest = re.search(r"^## \[([^]]+)\](.*)$", text_of("CHANGELOG.md"), re.MULTILINE)
        if newest[1] == "Unreleased":
            newest = re.search(r"^## \[(\d[^]]*)\](.*)$", text_of("CHANGELOG.md"), re.MULTILINE)
        self.assertEqual(newest[1], VERSION)
        self.assertRegex(newest[2], r"\A - \d{4}-\d{2}-\d{2}\Z")

    def test_there_is_something_to_know_for_those_who_upgrade(self):
        self.assertEqual(re.search(r"^## Version (\S+)$", text_of("docs/upgrade.md"), re.MULTILINE)[1], VERSION)

    @unittest.skipUnless(PROGRAM and pathlib.Path(PROGRAM).exists(), "no program")
    def test_of_the_program_itself(self):
        done = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True, timeout=60)
        self.assertEqual(done.stdout, f"intermission {VERSION}\n")


if __name__ == "__main__":
    unittest.main()
