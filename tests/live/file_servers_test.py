"""What the users of file servers and of certificate authorities read during maintenance.

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

    def time_stamp(self):
        self.run_tool("openssl", "ts", "-query", "-data", "exclude.lst", "-sha256", "-out", "asked.tsq")
        code, said = self.run_tool("perl", "/usr/lib/ssl/misc/tsget.pl", "-h", self.url, "-o", "reply.tsr", "asked.tsq")
        self.assertEqual(code, 0, said)

    def test_openssl_shows_the_message_of_a_time_stamping_authority(self):
        (self.folder / "exclude.lst").write_text("what is signed\n", encoding="utf-8")
        self.time_stamp()
        code, said = self.run_tool("openssl", "ts", "-reply", "-in", "reply.tsr", "-text")
        self.assertEqual(code, 0, said)
        self.line_with("Status: Rejected.", said)
        self.exhibit("openssl ts", version_of("openssl", "version"), "time-stamping",
                     self.line_with("Status description:", said))

    def test_jarsigner_takes_no_rejection_for_a_time_stamp(self):
        (self.folder / "what.txt").write_text("what is signed\n", encoding="utf-8")
        for command in (["jar", "cf", "what.jar", "what.txt"],
                        ["keytool", "-genkeypair", "-keystore", "keys.p12", "-storetype", "PKCS12", "-storepass", "changeit",
                         "-alias", "signer", "-keyalg", "EC", "-dname", "CN=signer"]):
            code, said = self.run_tool(*command)
            self.assertEqual(code, 0, said)
        code, said = self.run_tool("jarsigner", "-keystore", "keys.p12", "-storepass", "changeit", "-tsa", self.url,
                                   "-signedjar", "signed.jar", "what.jar", "signer")
        self.assertNotEqual(code, 0, said)
        self.assertFalse((self.folder / "signed.jar").exists())
        self.exhibit("jarsigner", version_of("javac", "-version"), "time-stamping",
                     self.line_with("the timestamp request was rejected", said))


if __name__ == "__main__":
    unittest.main()
