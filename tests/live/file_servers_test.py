"""What the users of file servers and of a responder of certificates read during maintenance.

tests/support/terminal.py says how the programs run."""

import re
import unittest

from terminal import MESSAGE, Terminal, version_of

WAIT = "Please try again in 1 seconds."


class FileServers(Terminal):
    def setUp(self):
        super().setUp()
        self.files = self.folder / "files"
        self.files.mkdir()
        (self.files / "7.txt").write_text("seven\n", encoding="utf-8")

    def test_svn_shows_the_message(self):
        code, said = self.run_tool("svn", "list", "--non-interactive", f"{self.url}/repository")
        self.assertEqual(code, 1, said)
        self.exhibit("svn", version_of("svn", "--version", "--quiet"), "Subversion", self.line_with(f"{MESSAGE}. {WAIT}", said))

    def sync(self, program, *options):
        code, said = self.run_tool(program, "--non-interactive", "--trust", "-u", "ann", "-p", "x", *options, str(self.files),
                                   self.url, QT_QPA_PLATFORM="offscreen")
        self.assertEqual((self.files / "7.txt").read_text(encoding="utf-8"), "seven\n")
        return code, said

    def shown(self, said):
        return re.sub(r"^.*?(Sync error)", r"\1", self.line_with("Sync error:", said))

    def test_nextcloud_shows_the_message(self):
        code, said = self.sync("nextcloudcmd")
        self.assertNotEqual(code, 0, said)
        status = self.line_with("status.php returns:", said)
        self.assertIn('"maintenance":true', status)
        self.assertIn(MESSAGE, status)
        self.exhibit("nextcloudcmd", version_of("nextcloudcmd", "--version"), "Nextcloud", self.shown(said))

    def test_owncloud_shows_the_message(self):
        # Debian's package comes without the list of files that are not synchronized, which the program wants.
        (self.folder / "exclude.lst").write_text("*.tmp\n", encoding="utf-8")
        _, said = self.sync("owncloudcmd", "--exclude", str(self.folder / "exclude.lst"))
        self.line_with("Failed to sync", said)
        self.exhibit("owncloudcmd", version_of("owncloudcmd", "--version"), "ownCloud", self.shown(said))

    def test_openssl_is_told_to_try_later(self):
        code, said = self.run_tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                                   "-nodes", "-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=shop")
        self.assertEqual(code, 0, said)
        _, said = self.run_tool("openssl", "ocsp", "-issuer", "certificate.pem", "-cert", "certificate.pem",
                                "-url", f"{self.url}/ocsp", "-noverify")
        self.exhibit("openssl ocsp", version_of("openssl", "version"), "OCSP", self.line_with("trylater", said))

    def test_openssl_reads_what_a_get_brings(self):
        self.run_tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=shop")
        self.run_tool("openssl", "ocsp", "-issuer", "certificate.pem", "-cert", "certificate.pem", "-reqout", "request")
        code, encoded = self.run_tool("openssl", "base64", "-A", "-in", "request")
        self.assertEqual(code, 0, encoded)
        for path in (encoded, encoded.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")):
            code, said = self.run_tool("curl", "-sS", "--fail", "-o", "response", f"{self.url}/ocsp/{path}")
            self.assertEqual(code, 0, said)
            _, said = self.run_tool("openssl", "ocsp", "-respin", "response", "-noverify")
            self.line_with("trylater", said)


if __name__ == "__main__":
    unittest.main()
