"""The examples of the documents work.

Each document is read from top to bottom in an empty folder. A yaml or json block that begins with
`# NAME.yaml` is that file. Each `$ ` line of a console block is run: `intermission serve …` and
`scripts/run …` start the gateway under test, on free ports that stand for those of the document,
and every other command runs in a shell, with the gateway's token. Commands of LEFT_ALONE are not
run, each for a reason. A command that is neither run nor in that list fails the test.

The lines below a command are what it prints; where there are none, it must succeed. In what is
printed, `…` stands for any text, and a line of `…` or `...` alone for any number of lines. Where
an error is shown (`intermission: …`), the command must fail.
"""

import contextlib
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

import yaml

from documents import SOURCE, documents, examples, files
from gateway import PROGRAM, Gateway, environment

PATIENCE = 60
START = re.compile(r"^(?:[A-Z_]+=(?:'[^']*'|\S+) )*(?:\./)?(?:scripts/run|intermission serve)\b")
SETTING = re.compile(r"""^(?:export )?\w+=(?:"[^"]*"|'[^']*'|\S*)(?:; ?\w+=(?:"[^"]*"|'[^']*'|\S*))*$""")
RUNS = re.compile(r"^(?:[A-Z_]+=(?:'[^']*'|\S+) )*(?:intermission|curl|for|source)\b")
LEFT_ALONE = {
    r"scripts/(test|package|bench|mutate)\b": "they build, and have tests of their own",
    r"cmake |ctest |INTERMISSION_APPROVE=1 ctest ": "they build",
    r"cf |deploy/cloudfoundry/maintenance ": "they need Cloud Foundry; tests/deploy has a stand-in for it",
    r"sudo |sudoedit |tar |\./intermission |docker |helm |kubectl |deploy/kubernetes/maintenance ":
        "they install it; tests/package and tests/deploy do so",
}
# The night needs a clock of its own, and Caddy: night_test.py runs every line of it.
ELSEWHERE = re.compile(r"^## An operator's night\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


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
    if not START.match(command):
        return None
    words = shlex.split(command.partition(" &")[0].partition(" #")[0])
    extra = {}
    while words and re.match(r"[A-Z_]+=", words[0]):
        name, _, extra[name] = words.pop(0).partition("=")
    words = words[2:] if words[0].endswith("intermission") else words[1:]
    return extra, words


def take_option(words, name, otherwise):
    """Removes `name VALUE` from the words; the value, or `otherwise`."""
    if name not in words:
        return otherwise
    at = words.index(name)
    value = words[at + 1]
    del words[at:at + 2]
    return value


def reason_to_leave(command):
    return next((reason for pattern, reason in LEFT_ALONE.items() if re.match(pattern, command)), None)


class TheReader(unittest.TestCase):
    TEXT = ("Text\n```console\n$ MAINTENANCE_MESSAGE='Back soon' scripts/run\n```\n"
            "1. In a list\n\n   ```console\n   $ curl -i \\\n       localhost:8080\n   HTTP/1.1 503 …\n   …\n   \n   {\"a\":1}\n   $ ls\n   ```\n")

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

    def test_options(self):
        words = ["--config", "a.yaml", "--port", "8081"]
        self.assertEqual((take_option(words, "--port", "8080"), take_option(words, "--control-port", "9099"), words),
                         ("8081", "9099", ["--config", "a.yaml"]))

    def test_settings(self):
        for setting in ("a=b", "export TOKEN='some words'", 'auth="A: $(cat b)"; api=127.0.0.1:9099/api'):
            self.assertRegex(setting, SETTING)
        for command in ("A=b intermission on orders", "curl x"):
            self.assertNotRegex(command, SETTING)

    def test_outputs(self):
        pattern = pattern_of(["HTTP/1.1 503 …", "…", "", '{"a":1}'])
        self.assertRegex("HTTP/1.1 503 Service Unavailable\r\nA: b\r\nC: d\r\n\r\n{\"a\":1}\n", rf"\A{pattern}\Z")
        self.assertNotRegex("HTTP/1.1 200 OK\n\n{\"a\":1}\n", rf"\A{pattern}\Z")

    def test_files(self):
        self.assertEqual(files("```yaml\n# intermission.yaml\na: 1\n```\n"),
                         {"intermission.yaml": "# intermission.yaml\na: 1\n"})
        self.assertEqual(files('```json\n# a.json\n{"a": 1}\n```\n'), {"a.json": '{"a": 1}\n'})


class Reader(contextlib.AbstractContextManager):
    """Reads one document and runs its commands, in a folder of its own."""

    def __init__(self, texts):
        self.texts = texts
        self.stack = contextlib.ExitStack()
        self.ports = {}  # as the document says them: as they are
        self.settings = []
        self.seen = None  # what the commands need to know of the gateway

    def __enter__(self):
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="intermission-docs-")))
        self.tools = self.folder / ".tools"
        self.tools.mkdir()
        (self.tools / "intermission").symlink_to(pathlib.Path(PROGRAM).resolve())
        for name, text in self.texts.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")
        return self

    def __exit__(self, *failed):
        return self.stack.__exit__(*failed)

    def start(self, command):
        """What the gateway prints, with the ports of the document."""
        extra, words = start_of(command)
        port = take_option(words, "--port", self.configured(words, "listen", 8080))
        control_port = take_option(words, "--control-port", self.configured(words, "control", 9099))
        if port in self.ports:  # a later start takes the place of the one before
            self.stack.close()
            self.ports = {}
            self.__enter__()
        shell = dict(one.removeprefix("export ").partition("=")[::2] for one in self.settings if one.startswith("export "))
        extra = {**{name: shlex.split(value)[0] for name, value in shell.items()}, **extra}
        gateway = Gateway(*words, extra=extra)
        gateway.folder = self.folder
        self.stack.enter_context(gateway)
        control = gateway.stdout.wait_for(r"^intermission: control http://(\S+):(\d+)$")
        self.ports.update({port: str(gateway.port), control_port: control[2]})
        token = extra.get("INTERMISSION_TOKEN") or (self.folder / "intermission.token").read_text(encoding="utf-8").strip()
        self.seen = {"INTERMISSION_CONTROL_URL": f"http://{control[1]}:{control[2]}", "INTERMISSION_TOKEN": token}
        return self.as_written("\n".join(gateway.stdout.so_far()) + "\n")

    def configured(self, words, listener, otherwise):
        """The port of a listener in the configuration that the words name."""
        if "--config" not in words:
            return str(otherwise)
        text = (self.folder / words[words.index("--config") + 1]).read_text(encoding="utf-8")
        return str(yaml.safe_load(text).get(listener, {}).get("port", otherwise))

    def as_written(self, printed):
        for written, real in self.ports.items():
            printed = re.sub(rf"\b{real}\b", written, printed)
        return printed.replace("\r\n", "\n")

    def run(self, command):
        """(exit code, what it printed) with the ports of the document."""
        quiet = 'curl() { command curl -q -sS "$@"; }\nshopt -s expand_aliases\n'
        script = "\n".join([quiet, *map(self.with_ports, [*self.settings, command])])
        kept = environment({"PATH": f"{self.tools}:{os.environ['PATH']}", **(self.seen or {})})
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, cwd=self.folder,
                              env=kept, stdin=subprocess.DEVNULL, timeout=PATIENCE)
        return done.returncode, self.as_written(done.stdout + done.stderr)

    def with_ports(self, text):
        for written, real in self.ports.items():
            text = re.sub(rf"(?<![\d.-]){written}\b", real, text)
        return text


class Examples(unittest.TestCase):
    maxDiff = None

    def test_every_document(self):
        total = 0
        for document in documents():
            markdown = ELSEWHERE.sub("", document.read_text(encoding="utf-8"))
            count = self.read(str(document.relative_to(SOURCE)), markdown)
            total += count
            if count:
                print(f"{document.relative_to(SOURCE)}: {count} commands")
        self.assertGreater(total, 50)

    def read(self, name, markdown):
        count = 0
        with Reader(files(markdown)) as reader:
            for command, expected in examples(markdown):
                with self.subTest(document=name, command=command):
                    count += self.follow(reader, command, expected)
        return count

    def follow(self, reader, command, expected):
        """1 if the command was run."""
        if start_of(command):
            self.assert_printed(expected, reader.start(command))
            return 1
        if SETTING.match(command):
            reader.settings.append(command)
            return 0
        if reason_to_leave(command):
            return 0
        self.assertRegex(command, RUNS, "neither run nor in LEFT_ALONE")
        code, printed = reader.run(command)
        fails = any(line.startswith("intermission: ") for line in expected)
        self.assertEqual(code != 0, fails, f"exit code {code}: {printed}")
        self.assert_printed(expected, printed)
        return 1

    def assert_printed(self, expected, printed):
        if expected:
            whole = printed if printed.endswith("\n") else printed + "\n"
            self.assertRegex(whole, rf"\A{pattern_of(expected)}\n*\Z")


if __name__ == "__main__":
    unittest.main()
