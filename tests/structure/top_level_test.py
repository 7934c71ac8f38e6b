"""The top of the repository holds what a newcomer expects there, and nothing else."""

import os
import pathlib
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
FILES = {"CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "manifest.yml"}
FOLDERS = {"src", "schemas", "openapi", "tests", "scripts", "deploy", "docs"}
DOT_FOLDERS = {".ci", ".github"}


def tracked():
    """What git knows of; in a tree without git, everything but what builds leave behind."""
    git = subprocess.run(["git", "-c", f"safe.directory={SOURCE}", "ls-files", "-z"], cwd=SOURCE,
                         capture_output=True, text=True, check=False)
    if git.returncode == 0 and git.stdout:
        return [pathlib.PurePath(name) for name in git.stdout.split("\0") if name]
    return [path.relative_to(SOURCE) for path in SOURCE.rglob("*")
            if path.is_file() and path.relative_to(SOURCE).parts[0] not in {"build", "compile_commands.json"}]


class TopLevel(unittest.TestCase):
    def test_files(self):
        files = {path.name for path in tracked() if len(path.parts) == 1 and not path.name.startswith(".")}
        self.assertEqual(files - FILES, set())

    def test_folders(self):
        folders = {path.parts[0] for path in tracked() if len(path.parts) > 1}
        self.assertEqual(folders - FOLDERS - DOT_FOLDERS, set())

    def test_what_must_be_there(self):
        for name in FILES | {".ci/run", "scripts/run", "scripts/test", "scripts/package"}:
            self.assertTrue((SOURCE / name).is_file(), name)

    def test_nothing_that_belongs_in_a_build_folder(self):
        strays = [str(path) for path in tracked()
                  if {"node_modules", "__pycache__", "build"} & set(path.parts)]
        self.assertEqual(strays, [])


if __name__ == "__main__":
    unittest.main()
