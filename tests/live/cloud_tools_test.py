"""Tools for clouds, backups and metrics, as they come from Debian: what their user reads during maintenance.
tests/support/terminal.py says how they run."""

import contextlib
import pathlib
import re
import socket
import socketserver
import threading
import unittest

from terminal import MESSAGE, Terminal, version_of

WAIT = "Please try again in 1 seconds."


class Relay(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Passes on what comes to a socket in a folder, for gh, which speaks clear text to nothing else."""
    daemon_threads = True

    def __init__(self, path, address):
        self.address = address
        super().__init__(str(path), self.Handler)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with socket.create_connection(self.server.address) as there:
                answers = threading.Thread(target=self.pump, args=(there, self.request))
                answers.start()
                self.pump(self.request, there)
                answers.join()

        @staticmethod
        def pump(source, sink):
            with contextlib.suppress(OSError):
                while piece := source.recv(65536):
                    sink.sendall(piece)
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)


class CloudTools(Terminal):
    def test_s3cmd_shows_the_message(self):
        (self.folder / "s3cfg").write_text("[default]\naccess_key = A\nsecret_key = b\nuse_https = False\n"
                                           f"host_base = {self.place}\nhost_bucket = {self.place}\n", encoding="utf-8")
        # It says so at each of five tries, which take longer than a test may.
        code, said = self.run_tool("timeout", "5", "s3cmd", "-c", "s3cfg", "ls", "s3://orders")
        self.assertNotEqual(code, 0, said)
        self.exhibit("s3cmd", version_of("s3cmd", "--version"), "S3", self.line_with(MESSAGE, said))

    @property
    def place(self):
        return self.url.removeprefix("http://")

    def test_restic_shows_the_message(self):
        code, said = self.run_tool("restic", "-r", f"rest:{self.url}/", "snapshots", RESTIC_PASSWORD="x")
        self.assertNotEqual(code, 0, said)
        self.exhibit("restic", version_of("restic", "version"), "REST, backups", self.line_with(MESSAGE, said))

    def test_restic_shows_the_message_of_s3(self):
        code, said = self.run_tool("restic", "-r", f"s3:{self.url}/orders", "snapshots", RESTIC_PASSWORD="x",
                                   AWS_ACCESS_KEY_ID="A", AWS_SECRET_ACCESS_KEY="b")
        self.assertNotEqual(code, 0, said)
        self.exhibit("restic", version_of("restic", "version"), "S3", self.line_with(MESSAGE, said))

    def test_rclone_shows_the_message(self):
        for speaks, settings, place in (
                ("WebDAV", ["--webdav-url", f"{self.url}/files", "--webdav-vendor", "other"], ":webdav:"),
                ("downloads", ["--http-url", f"{self.url}/files/"], ":http:")):
            with self.subTest(speaks=speaks):
                code, said = self.run_tool("rclone", "--retries=1", "--low-level-retries=1", *settings, "lsf", place)
                self.assertNotEqual(code, 0, said)
                seen = self.line_with("Failed to lsf", said)
                self.exhibit("rclone", version_of("rclone", "version"), speaks, re.sub(r"^.*?(Failed)", r"\1", seen))

    def test_gh_shows_the_message(self):
        relay = self.enterContext(Relay(pathlib.Path(self.folder) / "socket", (self.proxy_host, self.proxy_port)))
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        self.addCleanup(relay.shutdown)
        settings = self.folder / "gh"
        settings.mkdir()
        (settings / "config.yml").write_text(f"http_unix_socket: {self.folder}/socket\n", encoding="utf-8")
        for speaks, command in (("GitHub's API", ("api", "repos/shop/orders")),
                                ("GitHub's API, GraphQL", ("issue", "list", "-R", "shop/orders"))):
            with self.subTest(speaks=speaks):
                code, said = self.run_tool("gh", *command, GH_CONFIG_DIR=str(settings), GH_TOKEN="x")
                self.assertNotEqual(code, 0, said)
                seen = [line for line in said.splitlines() if "HTTP 503" in line][0]
                self.exhibit("gh", version_of("gh", "--version"), speaks, re.sub(r"^.*(gh: )", r"\1", seen))

    @property
    def proxy_host(self):
        return self.place.split(":")[0]

    @property
    def proxy_port(self):
        return int(self.place.split(":")[1])

    def test_etcdctl_shows_the_message(self):
        # It asks by gRPC, a hundred times within two seconds, and straight at the gateway: its address has no scheme.
        code, said = self.run_tool("etcdctl", f"--endpoints={self.gateway.host}:{self.gateway.port}", "get", "orders",
                                   ETCDCTL_API="3")
        self.assertNotEqual(code, 0, said)
        self.exhibit("etcdctl", version_of("etcdctl", "version"), "gRPC, HTTP/2", self.line_with("Error: ", said))

    def test_promtool_shows_the_message(self):
        code, said = self.run_tool("promtool", "query", "instant", self.url, "up")
        self.assertNotEqual(code, 0, said)
        self.assertIn(f'"detail":"{MESSAGE}"', said)
        self.exhibit("promtool", version_of("promtool", "--version"), "Prometheus' API",
                     re.sub(r"\{.*\}", f"problem details: {MESSAGE}", self.line_with("query error", said)))

    def test_lftp_gives_up(self):
        code, said = self.run_tool("lftp", "-c", f"set net:max-retries 1; get {self.url}/orders.tar.gz")
        self.assertNotEqual(code, 0, said)
        self.assertFalse((self.folder / "orders.tar.gz").exists(), "nothing was saved as the file")
        self.exhibit("lftp", version_of("lftp", "--version"), "downloads", self.line_with("get: ", said))


if __name__ == "__main__":
    unittest.main()
