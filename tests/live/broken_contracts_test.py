"""API documents that cannot be used: `check` says why in one line with file and line, the service is
answered for as without a contract, and log and `status` say so too."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from control import Control
from gateway import Gateway, run

HERE = pathlib.Path(__file__).parent
HEAD = "openapi: 3.1.0\ninfo: { title: Parcels, version: '1' }\npaths:\n"


def referring(place):
    return f"{HEAD}  /a:\n    get:\n      responses:\n        '503': {{ $ref: '{place}' }}\n"


def bomb():
    lines = ["openapi: 3.1.0", "a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    return "\n".join([*lines, "paths: {}", ""])


ITSELF = "components:\n  responses:\n    A: { $ref: '#/components/responses/A' }\n"
# Name of the document -> its text, and what is said of it after its path.
BROKEN = {
    "not_openapi.yaml": ("name: Parcels\n", ':1: expected an API document with openapi: 3.0 or 3.1, or swagger: "2.0"'),
    "another_version.yaml": ("info: {}\nopenapi: 4.0.0\n", ":2: expected an API document"),
    "empty.yaml": ("", ": expected a YAML or JSON document, got an empty text"),
    "cut_short.json": ('{"openapi": "3.1.0",\n "paths": {"/a": {"ge', ":2: expected a closing quote"),
    "long_string.json": ('{"openapi": "3.1.0",\n "info": {"title": "' + "a" * 10_000_000 + '"}}', ":2: expected texts of at most"),
    "bomb.yaml": (bomb(), ":8: expected at most 4000000 values, those that aliases repeat included"),
    "deep.yaml": ("openapi: 3.1.0\npaths: " + "[" * 100_000 + "]" * 100_000, ":2: expected at most 200 levels"),
    "deep.json": ('{"openapi": "3.1.0",\n "paths": ' + "[" * 100_000, ":2: expected at most 200 levels"),
    "no_text.yaml": ("openapi: 3.1.0\ntitle: \udcff\n", ":2: expected UTF-8"),
}

# Documents with one bad reference -> what is found in them; the rest of each is used.
FOUND = {
    "outside.yaml": (referring("../../secret.yaml#/x"), ":7: $ref: expected a file in the contract_root"),
    "by_address.yaml": (referring("https://example.com/a.yaml#/x"), ":7: $ref: expected a place in this document"),
    "to_itself.yaml": (referring("#/components/responses/A") + ITSELF, ":7: $ref: \"#/components/responses/A\" leads back to itself"),
    "to_nowhere.yaml": (referring("#/components/responses/B"), ":7: $ref: \"#/components/responses/B\" does not exist"),
    "no_operations.yaml": (HEAD.replace("paths:\n", "paths: {}\n"), ":3: the document has no operations"),
}


def name_of(file):
    return file.replace("_", "-").replace(".", "-")


class BadReferences(unittest.TestCase):
    """What one bad line costs: the response that needs it. `check` names it, and `--strict` ends with 1."""

    def test_check_names_document_and_line(self):
        with tempfile.TemporaryDirectory() as folder:
            inner = pathlib.Path(folder, "night", "contracts")
            inner.mkdir(parents=True)
            pathlib.Path(folder, "secret.yaml").write_text("x: { description: not to be read }\n", encoding="utf-8")
            config = inner.parent / "intermission.yaml"
            for file, (text, said) in FOUND.items():
                (inner / file).write_text(text, encoding="utf-8")
                config.write_text(f"services: [{{ name: a, hosts: [a.test], contract: contracts/{file} }}]\n", encoding="utf-8")
                done = run("check", "--config", config)
                with self.subTest(file):
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertIn(f"warning: {inner}/{file}{said}", done.stdout)
                    self.assertEqual(run("check", "--config", config, "--strict").returncode, 1)


class BrokenContracts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        inner = pathlib.Path(cls.folder.name, "contracts")
        inner.mkdir()
        services = ["  - { name: sound, hosts: [sound.test] }\n"]
        for file, (text, _) in BROKEN.items():
            (inner / file).write_bytes(text.encode("utf-8", "surrogateescape"))
            services.append(f"  - {{ name: {name_of(file)}, hosts: [{name_of(file)}.test], contract: {inner / file} }}\n")
        cls.config = "services:\n" + "".join(services)
        cls.file = inner.parent / "intermission.yaml"
        cls.file.write_text(cls.config, encoding="utf-8")

    def test_check_names_document_and_line(self):
        done = run("check", "--config", self.file)
        self.assertEqual(done.returncode, 1)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), len(BROKEN), done.stderr[:2000])
        for line, (file, (_, said)) in zip(lines, BROKEN.items()):
            with self.subTest(file):
                self.assertIn(f"/{file}{said}", line)
                self.assertLess(len(line), 500)
                self.assertIn(f"; service {name_of(file)} is answered for without its contract", line)

    def test_reports_for_pipelines_have_them_too(self):
        for format_, places in (("json", lambda report: report["problems"]),
                                ("sarif", lambda report: report["runs"][0]["results"])):
            done = run("check", "--config", self.file, "--format", format_)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(len(places(json.loads(done.stdout))), len(BROKEN))

    def test_the_sarif_report_is_as_its_types_say(self):
        report = run("check", "--config", self.file, "--format", "sarif").stdout
        for text, complaint in ((report, ""), (report.replace('"error"', '"severe"'), "severe"),
                                (report.replace('"driver"', '"engine"'), "engine")):
            # Below this folder, for the sake of the compiler, which looks for the types upwards.
            with tempfile.TemporaryDirectory(prefix=".sarif-", dir=HERE / "node_modules") as folder:
                pathlib.Path(folder, "report.json").write_text(text, encoding="utf-8")
                done = subprocess.run(["node", HERE / "sarif.mjs", folder], check=True, capture_output=True, text=True)
            self.assertRegex(done.stdout, complaint or "^$")

    def test_the_services_are_answered_for_all_the_same(self):
        with Gateway(config=self.config) as gateway:
            for file, (_, said) in BROKEN.items():
                with self.subTest(file):
                    sound, broken = (gateway.get("/a", {"Host": f"{name}.test"}) for name in ("sound", name_of(file)))
                    self.assertEqual(broken.status, 503)
                    self.assertEqual(broken.media_type, sound.media_type)
                    # Each answer has a wait of its own, which its message names too.
                    wait, other = sound.json()["retryAfter"], broken.json()["retryAfter"]
                    message = sound.json()["message"].replace(f" {wait} seconds", f" {other} seconds")
                    expected = {**sound.json(), "service": name_of(file), "retryAfter": other, "message": message}
                    self.assertEqual(broken.json(), expected)
                    self.assertEqual(broken.headers["Vary"], sound.headers["Vary"])
                    gateway.stderr.wait_for(re.escape(f"/{file}{said}"))

    def test_status_says_so(self):
        with Gateway(config=self.config) as gateway:
            status = Control(gateway).command("status").stdout
            for file, (_, said) in BROKEN.items():
                self.assertRegex(status, f"(?m)^{name_of(file)}: its contract is not used: ")
                self.assertIn(f"/{file}{said}", status)
            self.assertNotIn("sound: its contract", status)


if __name__ == "__main__":
    unittest.main()
