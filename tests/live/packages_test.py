"""Package managers and tools of containers, as they come from Debian: what their user reads during
maintenance. tests/support/terminal.py says how they run."""

import json
import unittest

from terminal import MESSAGE, Terminal, version_of

WAIT = "Please try again in 1 seconds."


class Packages(Terminal):
    def test_npm_shows_the_message(self):
        code, said = self.run_tool("npm", "view", "orders", "--registry", self.url, "--no-update-notifier",
                                   "--fetch-retries=1", "--fetch-retry-mintimeout=100")
        self.assertNotEqual(code, 0, said)
        seen = self.line_with(f"GET SERVICE/orders - {MESSAGE}", said)
        self.exhibit("npm", version_of("npm", "--version"), "npm registry", f"503, GET{seen.partition('GET')[2]}")

    def test_go_shows_the_message(self):
        code, said = self.run_tool("go", "list", "-m", "example.com/orders@latest", GOPROXY=self.url, GOSUMDB="off",
                                   GOFLAGS="-mod=mod", GOTOOLCHAIN="local")
        self.assertNotEqual(code, 0, said)
        self.line_with("503 Service Unavailable", said)
        self.exhibit("go", version_of("go", "version"), "Go modules",
                     f"503 Service Unavailable, {self.line_with('server response', said)}")

    def test_go_get_too(self):
        code, said = self.run_tool("go", "mod", "download", "example.com/orders@v1.0.0", GOPROXY=self.url,
                                   GOSUMDB="off", GOFLAGS="-mod=mod", GOTOOLCHAIN="local")
        self.assertNotEqual(code, 0, said)
        self.line_with(f"server response: {MESSAGE}", said)

    def test_cargo_shows_the_message(self):
        # Debian's cargo finds the address of a registry in its index, a repository of git.
        index = self.folder / "index"
        index.mkdir()
        (index / "config.json").write_text(json.dumps({"dl": f"{self.url}/dl", "api": self.url}), encoding="utf-8")
        for command in (("init", "-q", "."), ("add", "."),
                        ("-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-q", "-m", "One")):
            code, said = self.run_tool("git", "-C", str(index), *command)
            self.assertEqual(code, 0, said)
        code, said = self.run_tool("/usr/bin/cargo", "search", "orders", "--index", f"file://{index}")
        self.assertNotEqual(code, 0, said)
        self.exhibit("cargo", version_of("/usr/bin/cargo", "--version"), "crates", self.line_with(MESSAGE, said))

    def test_composer_shows_the_message(self):
        (self.folder / "composer.json").write_text(json.dumps({
            "repositories": [{"type": "composer", "url": self.url}, {"packagist.org": False}],
            "require": {"shop/orders": "*"}, "config": {"secure-http": False}}), encoding="utf-8")
        code, said = self.run_tool("composer", "update", "--no-interaction", "--no-ansi", COMPOSER_ALLOW_SUPERUSER="1")
        self.assertNotEqual(code, 0, said)
        self.exhibit("composer", version_of("composer", "--version"), "PHP packages",
                     self.line_with("Warning from", said))

    def test_skopeo_learns_the_status(self):
        code, said = self.run_tool("skopeo", "inspect", "--tls-verify=false",
                                   f"docker://{self.url.removeprefix('http://')}/shop/orders:1")
        self.assertNotEqual(code, 0, said)
        self.exhibit("skopeo", version_of("skopeo", "--version"), "container registry",
                     self.line_with("503", said).partition("registry SERVICE: ")[2].rstrip('"'))

    def test_kubectl_shows_the_message(self):
        code, said = self.run_tool("kubectl", f"--server={self.url}", "get", "--raw", "/api/v1/namespaces")
        self.assertNotEqual(code, 0, said)
        # Some builds of it ask the server at port 8080 about its version first.
        version = version_of("kubectl", "version", "--client", "--server=http://127.0.0.1:1")
        # Debian's is old and does not come back by itself.
        self.exhibit("kubectl (Debian)" if version.startswith("1.20.") else "kubectl", version, "Kubernetes",
                     self.line_with(f"{MESSAGE}. {WAIT}", said))


if __name__ == "__main__":
    unittest.main()
