"""The examples of README.md hold.

Each `$ curl …` of a console block is run against the program, and the lines below it are what it
prints; where there are none, some answer must come. Each `$ intermission explain …` that names
its moment with --at is run, too. In what is printed, `…` stands for any text, and a line of `…`
or `...` alone for any number of lines.

A gateway at localhost:8080 is the one under test, started as the last `$ intermission serve …`
or `$ scripts/run …` before it says. A yaml block that begins with `# NAME.yaml` is that file.
Other commands are left alone.
"""

import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from gateway import PROGRAM, Gateway, environment

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
PLACE = re.compile(r"(?:http://)?(?:localhost|127\.0\.0\.1):8080")
START = re.compile(r"^(?:([A-Z_]+)=('[^']*'|\S+) )*(?:\./)?(?:scripts/run|intermission serve)\b(.*)$")


def examples(markdown):
    """(command, lines expected below it) for each `$ ` line of the console blocks, in order."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            while command.endswith("\\"):
                more, _, output = output.partition("\n")
                command = command[:-1] + more.strip()
            found.append((command, output.rstrip("\n").splitlines()))
    return found


def files(markdown):
    """{name: text} of the yaml and json blocks that begin with a comment naming a file."""
    return {name: text for name, text in
            re.findall(r"^```(?:yaml|json)\n# ([\w./-]+\.(?:ya?ml|json))\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL)}


def pattern_of(lines):
    parts = []
    for line in lines:
        if line.strip() in {"…", "..."}:
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(re.escape(piece) for piece in line.rstrip().split("…")) + r"[ \t\r]*\n")
    return "".join(parts)


def start_of(command):
    """(environment, arguments) of a command that starts the gateway, else None."""
    match = START.match(command)
    if not match:
        return None
    words = shlex.split(command.partition(" &")[0].partition(" #")[0])
    extra = {}
    while words and re.match(r"[A-Z_]+=", words[0]):
        name, _, extra_value = words.pop(0).partition("=")
        extra[name] = extra_value
    words = words[2:] if words[0].endswith("intermission") else words[1:]
    return extra, words


class TheReader(unittest.TestCase):
    TEXT = ("Text\n```console\n$ MAINTENANCE_MESSAGE='Back soon' scripts/run\n```\n"
            "```console\n$ curl -i \\\n    localhost:8080\nHTTP/1.1 503 …\n…\n\n{\"a\":1}\n$ ls\n```\n")

    def test_commands_and_outputs(self):
        self.assertEqual(examples(self.TEXT), [
            ("MAINTENANCE_MESSAGE='Back soon' scripts/run", []),
            ("curl -i localhost:8080", ["HTTP/1.1 503 …", "…", "", '{"a":1}']),
            ("ls", [])])

    def test_starts(self):
        self.assertEqual(start_of("MAINTENANCE_MESSAGE='Back soon' scripts/run"),
                         ({"MAINTENANCE_MESSAGE": "Back soon"}, []))
        self.assertEqual(start_of("intermission serve --config a.yaml &"), ({}, ["--config", "a.yaml"]))
        self.assertIsNone(start_of("curl localhost:8080"))

    def test_outputs(self):
        pattern = pattern_of(["HTTP/1.1 503 …", "…", "", '{"a":1}'])
        self.assertRegex("HTTP/1.1 503 Service Unavailable\r\nA: b\r\nC: d\r\n\r\n{\"a\":1}\n", rf"\A{pattern}\Z")
        self.assertNotRegex("HTTP/1.1 200 OK\n\n{\"a\":1}\n", rf"\A{pattern}\Z")

    def test_files(self):
        self.assertEqual(files("```yaml\n# intermission.yaml\na: 1\n```\n"), {"intermission.yaml": "a: 1\n"})


class Examples(unittest.TestCase):
    maxDiff = None

    def test_readme(self):
        markdown = (SOURCE / "README.md").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for file, text in files(markdown).items():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_text(text, encoding="utf-8")
            started, count = ({}, []), 0
            for command, expected in examples(markdown):
                runs = None
                if start_of(command):
                    started = start_of(command)
                elif command.startswith("curl ") and PLACE.search(command):
                    runs = self.ask_the_gateway
                elif command.startswith("intermission explain ") and "--at " in command:
                    runs = self.explain
                if runs:
                    with self.subTest(command):
                        self.assert_printed(expected, runs(folder, started, command))
                        count += 1
        print(f"README.md: {count} examples")

    def ask_the_gateway(self, folder, started, command):
        extra, arguments = started
        kept = [str(folder / word) if (folder / word).is_file() else word for word in arguments]
        without_port = [word for place, word in enumerate(kept)
                        if word != "--port" and (place == 0 or kept[place - 1] != "--port")]
        extra = {name: value for name, value in extra.items() if name != "PORT"}
        with Gateway(*without_port, extra=extra) as gateway:
            return self.run_line(folder, PLACE.sub(gateway.url, command).replace("curl ", "curl -q -sS ", 1))

    def explain(self, folder, _, command):
        return self.run_line(folder, command.replace("intermission", shlex.quote(PROGRAM), 1))

    def run_line(self, folder, line):
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, cwd=folder,
                              env=environment(), timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.replace("\r\n", "\n")

    def assert_printed(self, expected, printed):
        self.assertTrue(printed.strip())
        if expected:
            whole = printed if printed.endswith("\n") else printed + "\n"
            self.assertRegex(whole, rf"\A{pattern_of(expected)}\n*\Z")


if __name__ == "__main__":
    unittest.main()
