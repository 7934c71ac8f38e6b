"""Tools at a terminal, as they come from Debian: what their user reads during maintenance, and
that those which try again wait as long as they were told.

tests/support/terminal.py says how they run."""

import io
import platform
import re
import unittest
import urllib.robotparser
import zipfile

import urllib3

from router import SERVICE, Router
from terminal import MESSAGE, Terminal, version_of


def wheel():
    """The smallest package that pip takes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("orders-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: orders\nVersion: 1.0\n")
        archive.writestr("orders-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("orders-1.0.dist-info/RECORD", "")
    return made.getvalue()


class Tools(Terminal):
    def test_git_shows_the_message(self):
        code, said = self.run_tool("git", "ls-remote", f"{self.url}/shop.git")
        self.assertEqual(code, 128, said)
        self.assertIn("503", self.line_with("fatal:", said))
        self.exhibit("git", version_of("git", "--version"), "git", self.line_with(MESSAGE, said))

    def test_git_push_too(self):
        self.run_tool("git", "init", "-q", ".")
        self.run_tool("git", "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-q",
                      "--allow-empty", "-m", "One")
        code, said = self.run_tool("git", "push", f"{self.url}/shop.git", "HEAD:main")
        self.assertNotEqual(code, 0, said)
        self.line_with(MESSAGE, said)

    def test_cadaver_learns_the_status(self):
        _, said = self.run_tool("cadaver", f"{self.url}/files/", stdin="quit\n")
        self.exhibit("cadaver", version_of("cadaver", "--version"), "WebDAV",
                     self.line_with("503 Service Unavailable", said))

    def test_yaz_shows_the_message_of_a_catalogue(self):
        for version in ("GET 1.1", "GET 1.2", "GET 2.0", "POST 1.1", "POST 2.0"):
            commands = f"sru {version}\nopen {self.url}/catalogue\nfind cat\nscan cat\nquit\n"
            _, said = self.run_tool("yaz-client", stdin=commands)
            self.assertIn("Received SRW SearchRetrieve Response", said, version)
            self.assertIn("Received SRW Scan Response", said, version)
            self.assertEqual(said.count("SRW diagnostic info:srw/diagnostic/1/2"), 2, said)
            self.assertEqual(said.count(f"Details: {MESSAGE}."), 2, said)
        # Its requests are those that were typed.
        self.exhibit("yaz-client", version_of("yaz-client", "-V"), "SRU",
                     f"{self.line_with('Message:', said)}; {self.line_with('Details:', said)}", pauses=[])

    def test_zoom_shows_it_too(self):
        _, said = self.run_tool("zoomsh", "set sru get", f"connect {self.url}/catalogue", "search cat", "quit")
        self.exhibit("zoomsh", version_of("yaz-client", "-V"), "SRU", self.line_with(MESSAGE, said))

    def test_curl_shows_the_message(self):
        code, said = self.run_tool("curl", "-sS", f"{self.url}/v1/orders")
        self.assertEqual(code, 0, said)
        self.assertIn(f'"detail":"{MESSAGE}"', said)
        self.exhibit("curl", version_of("curl", "--version"), "REST", f"problem details: {MESSAGE}")

    def test_curl_as_a_webdav_client(self):
        code, said = self.run_tool("curl", "-sS", "-X", "PROPFIND", "-H", "Depth: 1", f"{self.url}/files/")
        self.assertEqual(code, 0, said)
        self.assertIn(f"<s:message>{MESSAGE}.", said)

    def test_curl_waits_and_succeeds(self):
        with Router(self.gateway, held=2) as route:
            code, said = self.run_tool("curl", "-sS", "--fail", "--retry", "3", f"{route.url}/v1/orders")
        self.assertEqual(code, 0, said)
        self.assertIn(SERVICE.decode().strip(), said)
        self.assertEqual(len(route.gaps()), 2)
        self.assertTrue(all(gap >= 0.98 for gap in route.gaps()), route.gaps())
        self.exhibit("curl --retry", version_of("curl", "--version"), "REST",
                     "waits as told, then the answer of the service", route.pauses())

    def test_urllib3_waits_and_succeeds(self):
        # Without Retry-After this one would come back at once, three times.
        retry = urllib3.Retry(total=3, status_forcelist=[503], backoff_factor=0)
        with Router(self.gateway, held=2) as route, urllib3.PoolManager(retries=retry) as pool:
            answer = pool.request("GET", f"{route.url}/v1/orders")
        self.assertEqual((answer.status, answer.data), (200, SERVICE))
        self.assertEqual(len(route.gaps()), 2)
        self.assertTrue(all(gap >= 0.98 for gap in route.gaps()), route.gaps())
        self.exhibit("urllib3 Retry", urllib3.__version__, "REST", "waits as told, then the answer of the service",
                     route.pauses())

    def test_wget_says_why_it_fails(self):
        code, said = self.run_tool("wget", "-nv", "--tries=1", f"{self.url}/file.tar.gz")
        self.assertEqual(code, 8, said)
        self.assertEqual(list(self.folder.iterdir()), [], "nothing was saved as the file")
        self.exhibit("wget", version_of("wget", "--version"), "downloads",
                     re.sub(r"^.*(ERROR)", r"\1", self.line_with("ERROR 503", said)))

    def test_apt_says_why_it_fails(self):
        for name in ("lists/partial", "cache/archives/partial", "etc"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "sources.list").write_text(
            f"deb [trusted=yes] {self.url}/debian stable main\n", encoding="utf-8")
        settings = {"Dir::State::lists": "lists", "Dir::Cache": "cache", "Dir::Etc": "etc",
                    "Dir::Etc::sourcelist": self.folder / "sources.list", "Dir::Etc::sourceparts": "-",
                    "Dir::State::status": "/dev/null", "Acquire::Retries": "0", "APT::Sandbox::User": "",
                    "Acquire::http::Proxy": "DIRECT", "Acquire::Languages": "none", "APT::Update::Error-Mode": "any"}
        for name in ("Dir::State::lists", "Dir::Cache", "Dir::Etc"):
            settings[name] = self.folder / settings[name]
        options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        code, said = self.run_tool("apt-get", "update", *options)
        self.assertNotEqual(code, 0, said)
        seen = self.line_with("503", said)
        self.exhibit("apt", version_of("apt-get", "--version"), "downloads",
                     re.sub(r"^E: Failed to fetch \S+\s+", "", re.sub(r"\s+\[IP:.*\]", "", seen)))

    def test_pip_waits_and_succeeds(self):
        with Router(self.gateway, held=2, service=wheel()) as route:
            code, said = self.run_tool("/usr/bin/python3", "-m", "pip", "--isolated", "download", "--no-deps",
                                       "--no-cache-dir", "--disable-pip-version-check",
                                       f"{route.url}/orders-1.0-py3-none-any.whl")
        self.assertEqual(code, 0, said)
        self.assertTrue((self.folder / "orders-1.0-py3-none-any.whl").exists(), said)
        self.assertTrue(all(gap >= 0.98 for gap in route.gaps()[:2]), route.gaps())
        self.exhibit("pip", version_of("/usr/bin/python3", "-m", "pip", "--version"), "downloads",
                     "waits as told, then the package", route.pauses())

    def test_a_crawler_fetches_nothing_for_now(self):
        robots = urllib.robotparser.RobotFileParser(f"{self.url}/robots.txt")
        robots.read()  # 404 would say that everything may be fetched
        self.assertFalse(robots.can_fetch("orders-bot", f"{self.url}/orders"))
        self.exhibit("urllib.robotparser (Python)", platform.python_version(), "robots.txt",
                     "may fetch nothing for now")

    def test_w3m_shows_the_page(self):
        _, said = self.run_tool("w3m", "-dump", self.url)
        self.assertIn(MESSAGE, said)
        self.exhibit("w3m", version_of("w3m", "-version"), "page", f"the page: {self.line_with(MESSAGE, said)}")


if __name__ == "__main__":
    unittest.main()
