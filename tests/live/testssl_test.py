"""testssl.sh against both listeners that speak TLS. What it finds above "info" must stand in the table of
docs/security.md with the reason why it stays."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from certificates import issue
from gateway import Gateway, environment

SECONDS = 300
# Protocols, ciphers, forward secrecy, preferences, certificate and extensions, header fields, known attacks.
CHECKS = ("--protocols", "--std", "--fs", "--server-preference", "--server-defaults", "--headers", "--vulnerable")
# What shows that a check was made at all.
PROOF = {"TLS1_3": "OK", "TLS1": "INFO", "SSLv2": "OK", "heartbleed": "OK", "ROBOT": "OK", "LUCKY13": "OK", "PFS": "OK",
         "cipherlist_NULL": "OK", "secure_client_renego": "OK", "cert_chain_of_trust": "OK"}
HARMLESS = {"OK", "INFO", "DEBUG"}


def argued():
    """The findings of that table."""
    text = pathlib.Path(os.environ["INTERMISSION_SOURCE"], "docs", "security.md").read_text(encoding="utf-8")
    table = text.partition("| testssl says |")[2].partition("\n\n")[0]
    return set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))


class Listeners(unittest.TestCase):
    def test_neither_has_a_finding_that_is_not_argued(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="intermission-testssl-"))
        authority = issue(folder, "authority", is_authority=True, days=300)
        own = issue(folder, "own", "localhost", "127.0.0.1", authority=authority, days=300)
        files = f"certificate: {own.certificate}, key: {own.key}"
        config = (f"listen: {{ address: 127.0.0.1, tls: {{ port: 0, certificates: [{{ {files} }}] }} }}\n"
                  f"control: {{ tls: {{ {files} }} }}\n")
        with Gateway(config=config) as gateway:
            runs = {what: self.begin(gateway, what, authority, folder) for what in ("data", "control")}
            found = {what: self.end(*run) for what, run in runs.items()}
        named = set()
        for what, findings in found.items():
            severities = {one["id"]: one["severity"] for one in findings}
            self.assertLessEqual(PROOF.items(), severities.items(), what)
            above = {one["id"]: one for one in findings if one["severity"] not in HARMLESS}
            named |= above.keys()
            self.assertEqual([one for name, one in above.items() if name not in argued()], [], what)
        # What testssl could not find out in one run it may in the next.
        self.assertLessEqual(argued() - named, {"sessionresumption_ticket"}, "docs/security.md argues about what is not found")

    def begin(self, gateway, what, authority, folder):
        port = gateway.stdout.wait_for(rf"^intermission: {what} https://\S+:(\d+)$").group(1)
        out = pathlib.Path(folder, f"{what}.json")
        command = ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--ip", "127.0.0.1",
                   "--openssl", "/usr/bin/openssl", "--add-ca", authority.certificate, "--jsonfile", out, *CHECKS,
                   f"localhost:{port}"]
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment({"TERM": "dumb"}))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, out

    def end(self, process, out):
        said, _ = process.communicate(timeout=SECONDS)
        self.assertTrue(out.exists(), said)
        return json.loads(out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
