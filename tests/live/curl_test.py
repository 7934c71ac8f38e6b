"""People and scripts with curl."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

from gateway import DEFAULT_MESSAGE, Gateway, environment, retry_after

BROWSER = ["-H", "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
           "-H", "Accept-Language: en-GB,en;q=0.5", "-H", "Upgrade-Insecure-Requests: 1",
           "-H", "Sec-Fetch-Dest: document", "-H", "Sec-Fetch-Mode: navigate", "-H", "Sec-Fetch-Site: none"]


class Heads(dict):
    """Field names in lower case; what came twice is joined."""

    def __getitem__(self, name):
        return self.get(name.lower())


class Curled:
    """What `curl` said: its exit code, the last head, the body, and what -w reported."""

    def __init__(self, folder, done):
        self.code, self.trace = done.returncode, done.stderr
        self.report = json.loads(done.stdout) if done.stdout else {}
        self.body = (folder / "body").read_bytes() if (folder / "body").exists() else b""
        self.text = self.body.decode("utf-8", "replace")
        raw = (folder / "head").read_text(encoding="latin-1") if (folder / "head").exists() else ""
        self.heads = [block.splitlines() for block in re.split(r"\r?\n\r?\n", raw) if block]
        self.status_line = self.heads[-1][0] if self.heads else ""
        self.status = int(self.status_line.split()[1]) if self.heads else None
        self.headers = Heads()
        for line in self.heads[-1][1:] if self.heads else []:
            name, _, value = line.partition(":")
            key = name.lower()
            self.headers[key] = f"{self.headers[key]}, {value.strip()}" if key in self.headers else value.strip()
        self.media_type = (self.headers["Content-Type"] or "").partition(";")[0]


class CurlCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = cls.enterClassContext(Gateway())

    def curl(self, *arguments, target="/", stdin=b""):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            done = subprocess.run(["curl", "-q", "--silent", "--show-error", "--max-time", "60", "-D", folder / "head",
                                   "-o", folder / "body", "-w", "%{json}", *arguments, self.gateway.url + target],
                                  input=stdin, capture_output=True, env=environment(), check=False)
            done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode("utf-8", "replace")
            return Curled(folder, done)

    def assert_refused(self, answer, negotiated=True):
        """The common answer: what every client that understands a 503 gets."""
        self.assertEqual(answer.code, 0, answer.trace)
        self.assertRegex(answer.status_line, r"^HTTP/1\.[01] 503 Service Unavailable: System currently down for maintenance$")
        retry_after(answer.headers)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.headers["X-Maintenance"], "default")
        self.assertEqual("accept" in (answer.headers["Vary"] or "").lower().split(", "), negotiated)
        for name in ("ETag", "Last-Modified", "Transfer-Encoding"):
            self.assertIsNone(answer.headers[name], name)


class Kinds(CurlCase):
    def test_plain_curl_gets_problem_details(self):
        answer = self.curl()
        self.assert_refused(answer)
        self.assertEqual(answer.media_type, "application/problem+json")
        self.assertEqual(json.loads(answer.text)["detail"], DEFAULT_MESSAGE)

    def test_browser_like(self):
        for target in ("/", "/any/path?with=query", "/a.php"):
            with self.subTest(target):
                answer = self.curl(*BROWSER, target=target)
                self.assert_refused(answer)
                self.assertEqual(answer.headers["Content-Type"].lower(), "text/html; charset=utf-8")
                self.assertIn(DEFAULT_MESSAGE, answer.text)
                self.assertRegex(answer.text, r'<html lang="en" dir="ltr"')
                self.assertIn("Content-Security-Policy", answer.heads[-1][0] + "\n".join(answer.heads[-1]))
                self.assertEqual(len(answer.body), int(answer.headers["Content-Length"]))

    def test_an_older_browser_without_sec_fetch(self):
        answer = self.curl(*BROWSER[:2])
        self.assert_refused(answer)
        self.assertEqual(answer.media_type, "text/html")

    def test_nothing_of_the_request_is_repeated_in_the_page(self):
        answer = self.curl(*BROWSER, "-H", "X-Original-URI: /<b>owned</b>", "-A", "<i>owned</i>",
                           target="/%3Cscript%3Eowned%3C/script%3E?q=owned")
        self.assert_refused(answer)
        self.assertNotIn("owned", answer.text)

    def test_json(self):
        for accept in ("application/json", "application/problem+json"):
            with self.subTest(accept):
                answer = self.curl("-H", f"Accept: {accept}")
                self.assert_refused(answer)
                self.assertEqual(answer.media_type, accept)
                problem = json.loads(answer.text)
                self.assertEqual((problem["status"], problem["detail"], problem["service"]),
                                 (503, DEFAULT_MESSAGE, "default"))
                self.assertEqual(problem["retryAfter"], retry_after(answer.headers))

    def test_xml(self):
        for accept in ("application/xml", "application/problem+xml", "text/xml"):
            with self.subTest(accept):
                answer = self.curl("-H", f"Accept: {accept}")
                self.assert_refused(answer)
                self.assertEqual(answer.media_type, accept)
                problem = xml.etree.ElementTree.fromstring(answer.body)
                self.assertEqual(problem.tag, "{urn:ietf:rfc:7807}problem")
                self.assertEqual(problem.findtext("{urn:ietf:rfc:7807}detail"), DEFAULT_MESSAGE)

    def test_text(self):
        answer = self.curl("-H", "Accept: text/plain")
        self.assert_refused(answer)
        self.assertEqual(answer.media_type, "text/plain")
        self.assertIn(DEFAULT_MESSAGE, answer.text)

    def test_nothing_acceptable_is_no_406(self):
        answer = self.curl("-H", "Accept: image/avif")
        self.assert_refused(answer)
        self.assertIn(DEFAULT_MESSAGE, answer.text)

    def test_an_accept_that_makes_no_sense(self):
        for accept in (";;,,=", "text/html;q=banana", "*/html", "a/b/c", "\"", "x" * 4000):
            with self.subTest(accept[:20]):
                self.assert_refused(self.curl("-H", f"Accept: {accept}"))

    def test_fail_option(self):
        self.assertEqual(self.curl("--fail").code, 22)


class Methods(CurlCase):
    def test_head_is_the_same_head_without_a_body(self):
        for extra in ([], BROWSER, ["-H", "Accept: application/xml"]):
            with self.subTest(extra[:2]):
                got, headed = self.curl(*extra), self.curl("-I", *extra)
                self.assert_refused(headed)
                self.assertEqual(headed.report["size_download"], 0)
                # The wait is drawn anew for each answer, and its digits count.
                varying = {"date", "retry-after", "content-length", "server-timing"}
                self.assertEqual({k: v for k, v in headed.headers.items() if k not in varying},
                                 {k: v for k, v in got.headers.items() if k not in varying})
                self.assertAlmostEqual(int(headed.headers["Content-Length"]), int(got.headers["Content-Length"]),
                                       delta=8)

    def test_head_leaves_the_connection_usable(self):
        url = self.gateway.url
        done = subprocess.run(["curl", "-q", "-sS", "-o", "/dev/null", "-o", "/dev/null", "-I", "-w",
                               "%{http_code} %{num_connects}\\n", url, url], capture_output=True, text=True,
                              env=environment(), check=True)
        self.assertEqual(done.stdout.splitlines(), ["503 1", "503 0"])

    def test_every_method(self):
        # Methods that only WebDAV has are answered in its own form, whatever Accept says.
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "BREW"):
            with self.subTest(method):
                self.assert_refused(self.curl("-X", method), negotiated=method not in ("PROPFIND", "REPORT"))

    def test_options_of_the_server_itself(self):
        answer = self.curl("-X", "OPTIONS", "--request-target", "*")
        self.assertEqual((answer.code, answer.status, answer.body), (0, 200, b""))

    def test_form_post(self):
        self.assert_refused(self.curl("-d", "name=value"))

    def test_ranges_and_conditions_do_not_count(self):
        for header in ("Range: bytes=0-9", "If-None-Match: *", "If-Modified-Since: Mon, 01 Jan 2035 00:00:00 GMT",
                       "If-Match: \"x\"", "If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT"):
            with self.subTest(header):
                answer = self.curl("-H", header)
                self.assert_refused(answer)
                self.assertEqual(json.loads(answer.text)["detail"], DEFAULT_MESSAGE)


class Uploads(CurlCase):
    MEGABYTE = b"x" * (1 << 20)

    def test_expect_100_continue_is_answered_at_once(self):
        # curl would wait a minute for "100 Continue" before it sends anything.
        answer = self.curl("-v", "--expect100-timeout", "60", "-H", "Expect: 100-continue", "--data-binary", "@-",
                           stdin=self.MEGABYTE * 4)
        self.assert_refused(answer)
        self.assertEqual(len(answer.heads), 1, "100 Continue was sent")
        self.assertLess(answer.report["time_total"], 30)
        self.assertEqual(answer.report["size_upload"], 0)
        self.assertEqual((answer.headers["Connection"] or "").lower(), "close")

    def test_expect_100_continue_where_the_body_decides(self):
        # As .NET's clients do with every POST.
        for media_type, body, answered in (
                ("application/json", '{"jsonrpc":"2.0","method":"a","id":"seven"}', '"id":"seven"'),
                ("text/xml", "<methodCall><methodName>a</methodName></methodCall>", "<methodResponse><fault>"),
                ("application/x-www-form-urlencoded", "grant_type=client_credentials", "temporarily_unavailable")):
            for framing in ("Accept: */*", "Transfer-Encoding: chunked"):
                with self.subTest(media_type, framing=framing):
                    answer = self.curl("-v", "--expect100-timeout", "60", "-H", "Expect: 100-continue", "-H", framing,
                                       "-H", f"Content-Type: {media_type}", "--data-binary", body)
                    self.assertIn(answered, answer.text)
                    self.assertLess(answer.report["time_total"], 30)

    def test_a_large_upload_hears_the_answer(self):
        for size in (1, 3, 20):
            with self.subTest(f"{size} MiB"):
                answer = self.curl("-H", "Expect:", "--data-binary", "@-", stdin=self.MEGABYTE * size)
                self.assert_refused(answer)
                self.assertEqual(json.loads(answer.text)["detail"], DEFAULT_MESSAGE)

    def test_chunked(self):
        for size in (0, 1, 4):
            with self.subTest(f"{size} MiB"):
                answer = self.curl("-X", "POST", "-H", "Expect:", "-H", "Transfer-Encoding: chunked", "-T", "-",
                                   stdin=self.MEGABYTE * size)
                self.assert_refused(answer)

    def test_put_of_a_file(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.MEGABYTE * 2)
            file.flush()
            self.assert_refused(self.curl("-T", file.name))

    def test_multipart(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.MEGABYTE)
            file.flush()
            self.assert_refused(self.curl("-F", f"file=@{file.name}", "-F", "name=value"))


class Versions(CurlCase):
    def test_http_1_0_ends_with_the_connection(self):
        answer = self.curl("--http1.0")
        self.assert_refused(answer)
        self.assertEqual(json.loads(answer.text)["detail"], DEFAULT_MESSAGE)
        self.assertNotIn("keep-alive", (answer.headers["Connection"] or "").lower())

    def test_two_requests_on_one_connection(self):
        url = self.gateway.url
        done = subprocess.run(["curl", "-q", "-sS", "-o", "/dev/null", "-o", "/dev/null", "-w",
                               "%{http_code} %{num_connects}\\n", url, f"{url}/second"], capture_output=True,
                              text=True, env=environment(), check=True)
        self.assertEqual(done.stdout.splitlines(), ["503 1", "503 0"])

    def test_an_offer_of_http_2_is_passed_over(self):
        answer = self.curl("--http2")
        self.assert_refused(answer)
        self.assertEqual(answer.report["http_version"], "1.1")

    def test_connection_close_is_honoured(self):
        answer = self.curl("-H", "Connection: close")
        self.assert_refused(answer)
        self.assertEqual((answer.headers["Connection"] or "").lower(), "close")


class Codings(CurlCase):
    DECODERS = {"gzip": ["gzip", "-dc"], "br": ["brotli", "-dc"], "zstd": ["zstd", "-dcq"]}

    def setUp(self):
        self.page = self.curl(*BROWSER).text

    def test_curl_decodes_each(self):
        for coding in self.DECODERS:
            with self.subTest(coding):
                answer = self.curl(*BROWSER, "--compressed", "-H", f"Accept-Encoding: {coding}")
                self.assert_refused(answer)
                self.assertEqual(answer.headers["Content-Encoding"], coding)
                self.assertIn("accept-encoding", answer.headers["Vary"].lower())
                self.assertEqual(answer.text, self.page)
                self.assertLess(int(answer.headers["Content-Length"]), len(self.page))

    def test_the_usual_tool_decodes_each(self):
        for coding, decoder in self.DECODERS.items():
            with self.subTest(coding):
                answer = self.curl(*BROWSER, "-H", f"Accept-Encoding: {coding}")
                self.assert_refused(answer)
                plain = subprocess.run(decoder, input=answer.body, capture_output=True, check=True).stdout
                self.assertEqual(plain.decode(), self.page)

    def test_all_that_curl_knows(self):
        answer = self.curl(*BROWSER, "--compressed")
        self.assert_refused(answer)
        self.assertIn(answer.headers["Content-Encoding"], self.DECODERS)
        self.assertEqual(answer.text, self.page)

    def test_only_what_is_known_of_a_list(self):
        answer = self.curl(*BROWSER, "-H", "Accept-Encoding: deflate, compress, gzip;q=0.2")
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")

    def test_identity(self):
        for codings in ("", "identity", "gzip;q=0", "deflate"):
            with self.subTest(codings):
                answer = self.curl(*BROWSER, "-H", f"Accept-Encoding: {codings}" if codings else "Accept-Encoding;")
                self.assertIsNone(answer.headers["Content-Encoding"])
                self.assertEqual(answer.text, self.page)


class Reserved(CurlCase):
    def test_health(self):
        answer = self.curl("--fail", target="/.well-known/intermission/health")
        self.assertEqual((answer.code, answer.status), (0, 200))

    def test_notice(self):
        answer = self.curl("--fail", target="/.well-known/intermission/notice")
        self.assertEqual((answer.code, answer.status, answer.media_type), (0, 200, "application/json"))
        notice = json.loads(answer.text)
        self.assertEqual((notice["service"], notice["state"], notice["message"]),
                         ("default", "maintenance", DEFAULT_MESSAGE))


if __name__ == "__main__":
    unittest.main()
