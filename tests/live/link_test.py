"""Links for testers lead to no other host, as Chromium reads their Location, and no pass shows up in
logs, lists or answers of the API."""

import json
import pathlib
import re
import socket
import subprocess
import tempfile
import time
import unittest

from control import Control
from gateway import PATIENCE, Gateway, run

KEY = "a secret of the tests that is long enough"
CONFIGURATION = """
trusted_proxies: [127.0.0.1]
access_log: {{ format: {format}, file: access.log }}
services:
  - {{ name: orders, hosts: [orders.example.com], message: We are counting stock }}
"""
PATHS = ("//evil.example/", "///evil.example/", "/\\evil.example/", "\\\\evil.example/", "/%5cevil.example/",
         "/%2fevil.example/", "/%09/evil.example/", "/%0a/evil.example/", "/.//evil.example/", "/..//evil.example/",
         "/%2e//evil.example/", "/a/..//evil.example/", "/./\\evil.example/", "/%255cevil.example/", "https:evil.example/",
         "http:evil.example/", "https://evil.example//evil.example/", "javascript:alert(1)/", "/orders/7")
PAGE = """<!doctype html><pre id="out"></pre><script>
const base = "https://orders.example.com/x/y";
document.getElementById("out").textContent = JSON.stringify(LOCATIONS.map((one) => new URL(one, base).origin));
</script>"""


def exchange(port, target, fields=()):
    """The head of the answer, to a target that no client library would send."""
    lines = [f"GET {target} HTTP/1.1", "Host: orders.example.com", "Connection: close", *fields]
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        received = b""
        while piece := client.recv(65536):
            received += piece
    return received.decode("latin-1")


def origins_in_chromium(locations):
    with tempfile.TemporaryDirectory(prefix="intermission-link-") as folder:
        page = pathlib.Path(folder, "page.html")
        page.write_text(PAGE.replace("LOCATIONS", json.dumps(locations).replace("<", "\\u003c")), encoding="utf-8")
        done = subprocess.run(["/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                               "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
                               f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()],
                              capture_output=True, text=True, timeout=60, check=True)
    return json.loads(re.search(r'<pre id="out">(.*?)</pre>', done.stdout).group(1))


class Links(unittest.TestCase):
    def setUp(self):
        made = run("bypass", "default", "--for", "2h", extra={"INTERMISSION_BYPASS_KEY": KEY})
        self.assertEqual(made.returncode, 0, made.stderr)

    def gateway(self, log_format="json"):
        gateway = Gateway(config=CONFIGURATION.format(format=log_format), extra={"INTERMISSION_BYPASS_KEY": KEY})
        gateway.__enter__()
        self.addCleanup(gateway.__exit__, None, None, None)
        made = run("bypass", "orders", "--for", "2h", "--config", gateway.config, extra={"INTERMISSION_BYPASS_KEY": KEY})
        self.assertEqual(made.returncode, 0, made.stderr)
        return gateway, re.search(r"intermission-bypass=(\S+)", made.stdout).group(1)

    def test_they_lead_to_their_own_host(self):
        gateway, signed = self.gateway()
        locations = {}
        for path in PATHS:
            with self.subTest(path):
                heard = exchange(gateway.port, f"{path}?intermission-bypass={signed}&a=1")
                if heard.startswith("HTTP/1.1 303"):
                    locations[path] = re.search(r"\r\nLocation: (.*)\r\n", heard).group(1)
        self.assertEqual(locations["/orders/7"], "/orders/7?a=1")
        self.assertGreater(len(locations), 10)
        found = origins_in_chromium(list(locations.values()))
        self.assertEqual(dict(zip(locations, found)), dict.fromkeys(locations, "https://orders.example.com"))

    def test_no_pass_is_shown(self):
        for log_format in ("json", "combined"):
            gateway, signed = self.gateway(log_format)
            signature = signed.split(".")[1]
            control = Control(gateway)
            url = f"https://orders.example.com/x?intermission-bypass={signed}"
            fields = (f"Referer: {url}", f"X-Original-URL: {url}", f"X-Request-Id: {signed}", f"User-Agent: x {url}",
                      f"Cookie: intermission-bypass-orders={signed}")
            for target in (f"/?intermission-bypass={signed}", f"/?intermission%2Dbypass={signed}", f"/{signed}",
                           f"/?intermission-bypass=x&intermission-bypass={signed}", f"//x/?intermission-bypass={signed}",
                           f"/.well-known/intermission/gate-403/x?intermission-bypass={signed}",
                           f"/?intermission-bypass={signed[:-1]}A"):
                exchange(gateway.port, target, fields)
                exchange(gateway.port, "/", (*fields, f"X-CF-Forwarded-Url: {url}"))
            told = control.post("/api/explain", {"method": "GET", "url": url, "fields": list(fields)})
            shown = {"explain": told.text, "command": run("explain", "GET", url, "--config", gateway.config).stdout}
            for path in ("/api/callers", "/metrics", "/api/status", "/api/changes", "/api/answers"):
                shown[path] = control.get(path).text
            shown["callers"] = control.command("callers").stdout
            log = pathlib.Path(gateway.folder, "access.log")
            end = time.monotonic() + PATIENCE
            while len(log.read_text(encoding="utf-8").splitlines()) < 14:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.02)
            shown["log"] = log.read_text(encoding="utf-8")
            shown["output"] = gateway.stderr.so_far() + gateway.stdout.so_far()
            for place, text in shown.items():
                with self.subTest(place, format=log_format):
                    self.assertNotIn(signature[:20], text)
            self.assertIn("(hidden)", shown["log"])

    def test_a_page_on_such_a_url_does_not_leak_it(self):
        gateway, signed = self.gateway()
        heard = exchange(gateway.port, f"/?intermission-bypass={signed[:-1]}_", ("Accept: application/json",))
        self.assertTrue(heard.startswith("HTTP/1.1 503"), heard)
        self.assertIn("\r\nReferrer-Policy: no-referrer\r\n", heard)
        self.assertNotIn("Referrer-Policy", exchange(gateway.port, "/?x=1", ("Accept: application/json",)))


if __name__ == "__main__":
    unittest.main()
