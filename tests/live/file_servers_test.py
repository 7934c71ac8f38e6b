"""What the users of file servers, of certificate authorities and of printers read during maintenance.

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

    def printer(self):
        return self.url.replace("http:", "ipp:") + "/printers/office"

    def test_ipptool_shows_the_message_of_a_printer(self):
        code, said = self.run_tool("ipptool", "-tv", self.printer(), "get-printer-attributes.test")
        self.assertEqual(code, 1, said)
        self.assertIn(f"status-message (textWithoutLanguage) = {MESSAGE}. {WAIT}", said)
        # What it says of a response that is not that of its request, or cannot be read.
        for complaint in ("Bad ", "HTTP", "RFC"):
            self.assertNotIn(complaint, said.partition("EXPECTED:")[0])
        self.exhibit("ipptool", version_of("ipptool", "--version"), "IPP", self.line_with("status-code =", said))

    def test_ipptool_shows_it_where_a_document_is_printed(self):
        (self.folder / "order.txt").write_text("seven\n" * 100_000, encoding="utf-8")
        code, said = self.run_tool("ipptool", "-f", "order.txt", self.printer(), "print-job.test")
        self.assertEqual((code, said.strip()), (1, f"{MESSAGE}. {WAIT}"))

    def exhibit_of_cups(self, program, said):
        # One asks for the default printer, then for all printers, at the same address: that repeats nothing.
        self.exhibit(f"{program} (CUPS)", version_of("ipptool", "--version"), "IPP", said, pauses=[])

    def test_the_programs_of_cups_show_the_message(self):
        server = self.url.removeprefix("http://")
        for command, complaint in ((["lpstat", "-h", server, "-p"], "lpstat: "),
                                   (["cancel", "-h", server, "7"], "cancel: cancel-job failed: ")):
            code, said = self.run_tool(*command)
            self.assertEqual((code, said.strip()), (1, f"{complaint}{MESSAGE}. {WAIT}"))
            self.exhibit_of_cups(command[0], said)

    def test_lp_finds_no_printer(self):
        (self.folder / "order.txt").write_text("seven\n", encoding="utf-8")
        code, said = self.run_tool("lp", "-h", self.url.removeprefix("http://"), "-d", "office", "order.txt")
        self.assertEqual(code, 1, said)
        self.exhibit_of_cups("lp", said)


if __name__ == "__main__":
    unittest.main()
