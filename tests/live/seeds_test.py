"""The three paths of the first gateway, with no configuration at all, read as its clients read
them; and the message and the port from the environment."""

import http.client
import json
import pathlib
import platform
import tempfile
import unittest

import museum
from gateway import DEFAULT_MESSAGE, Gateway

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
JSON = {"Accept": "application/json"}


class Seeds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = cls.enterClassContext(Gateway())

    def test_503_is_always_the_page(self):
        for headers in ({}, HTML, JSON, {"Accept": "application/xml"}, {"Accept": "*/*"}):
            with self.subTest(headers):
                answer = self.gateway.get("/503", headers)
                self.assertEqual((answer.status, answer.reason),
                                 (503, f"Service Unavailable: {DEFAULT_MESSAGE}"))
                self.assertEqual(answer.media_type, "text/html")
                self.assertIn(DEFAULT_MESSAGE, answer.text)

    def test_json_is_always_the_legacy_answer(self):
        for headers in ({}, HTML, JSON, {"Accept": "text/html"}):
            for method in ("GET", "POST"):
                with self.subTest((method, headers)):
                    answer = self.gateway.request(method, "/json", headers)
                    self.assertEqual((answer.status, answer.reason), (200, "OK"))
                    self.assertEqual(answer.headers["StatusHeader"], "Status: maintenance window")
                    self.assertEqual(answer.media_type, "application/json")
                    self.assertEqual(answer.json(), {"type": "Exception", "status": 503,
                                                     "response": DEFAULT_MESSAGE})
                    self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_every_other_path_speaks_the_client_s_form(self):
        for target in ("/", "/json/more", "/503/more", "/JSON", "/any/where?x=1", "//", "/%2e%2e/etc/passwd"):
            with self.subTest(target):
                page, problem = self.gateway.get(target, HTML), self.gateway.get(target, JSON)
                self.assertEqual((page.status, page.media_type), (503, "text/html"))
                self.assertIn(DEFAULT_MESSAGE, page.text)
                self.assertEqual((problem.status, problem.media_type), (503, "application/json"))
                self.assertEqual(problem.json()["detail"], DEFAULT_MESSAGE)

    def test_queries_and_coded_letters_do_not_hide_a_seed_path(self):
        for target in ("/json?x=1", "/%6Ason", "/js%6fn?"):
            with self.subTest(target):
                self.assertEqual(self.gateway.get(target).json()["type"], "Exception")


class LegacyClient:
    """As such clients are written: 200 or an exception, then a look at the body's own status."""

    def __init__(self, gateway):
        self.connection = http.client.HTTPConnection(gateway.host, gateway.port, timeout=30)

    def call(self, target, headers=None):
        self.connection.request("GET", target, headers=headers or {})
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise ConnectionError(f"transport said {response.status}")
        if response.getheader("Content-Type", "").partition(";")[0] != "application/json":
            raise ValueError("not JSON")
        reply = json.loads(body)
        if response.getheader("StatusHeader") == "Status: maintenance window":
            return "maintenance", reply["status"], reply["response"]
        return "ok", reply.get("status"), reply.get("response")


class Legacy(unittest.TestCase):
    def test_a_legacy_client_reads_the_code_and_the_header(self):
        with Gateway() as gateway:
            client = LegacyClient(gateway)
            for _ in range(3):
                heard = client.call("/json")
                self.assertEqual(heard, ("maintenance", 503, DEFAULT_MESSAGE))
            museum.exhibit("a client that expects 200 (Python's http.client)", platform.python_version(), "legacy",
                           f"200, its own error code: {heard[1]}, {heard[2]}", museum.NEVER, DEFAULT_MESSAGE)
            with self.assertRaises(ConnectionError):
                client.call("/v1/orders")

    def test_a_rule_tells_legacy_clients_from_others(self):
        config = ("services:\n  - name: orders\n    hosts: [orders.example.com]\n"
                  "    message: \"Back \\\"soon\\\"\"\n"
                  "    rules:\n      - { when: { path: /v1/*, header: { X-Client: legacy-* } }, answer: legacy }\n")
        with Gateway(config=config) as gateway:
            host = {"Host": "orders.example.com"}
            client = LegacyClient(gateway)
            self.assertEqual(client.call("/v1/orders", {**host, "X-Client": "Legacy-7"}),
                             ("maintenance", 503, 'Back "soon"'))
            for target, headers in (("/v1/orders", {**host, "X-Client": "modern"}), ("/v1/orders", host),
                                    ("/v2/orders", {**host, "X-Client": "legacy-7"})):
                answer = gateway.get(target, headers)
                self.assertEqual(answer.status, 503)
                self.assertEqual(answer.headers["X-Maintenance"], "orders")
            self.assertIn("X-Client", gateway.get("/v1/orders", host).headers["Vary"])

    def test_names_and_values_are_the_operator_s(self):
        config = ("services:\n  - name: orders\n    message: Back soon\n    answer: legacy\n"
                  "    legacy: { status: 299, header: \"X-State: down for {{retryAfter}}\","
                  " body: { code: 17, text: \"{{message}}\", wait: \"{{retryAfter}}\" } }\n")
        with Gateway(config=config) as gateway:
            answer = gateway.get("/")
            self.assertEqual(answer.status, 299)
            self.assertRegex(answer.headers["X-State"], r"^down for [1-9][0-9]*$")
            reply = answer.json()
            self.assertEqual((reply["code"], reply["text"]), (17, "Back soon"))
            self.assertRegex(str(reply["wait"]), r"^[1-9][0-9]*$")


class Environment(unittest.TestCase):
    MESSAGE = "<script>alert(\"x\")</script> & 'Wartung' – bis später"

    def test_message(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": self.MESSAGE}) as gateway:
            page = gateway.get("/503").text
            self.assertNotIn("<script>alert", page)
            self.assertIn("&lt;script&gt;alert(", page)
            self.assertIn("bis später", page)
            self.assertEqual(gateway.get("/json").json()["response"], self.MESSAGE)
            self.assertEqual(gateway.get("/", JSON).json()["detail"], self.MESSAGE)

    def test_the_environment_s_message_beats_the_file(self):
        with Gateway(config="defaults:\n  message: from the file\n", extra={"MAINTENANCE_MESSAGE": "said"}) as gateway:
            self.assertEqual(gateway.get("/", JSON).json()["detail"], "said")

    def test_port(self):
        with Gateway(port=None, extra={"PORT": "0"}) as gateway:
            self.assertEqual(gateway.address, "0.0.0.0")
            self.assertEqual(gateway.get("/").status, 503)

    def test_a_flag_beats_the_environment_and_the_environment_the_file(self):
        with Gateway(port=0, extra={"PORT": "1"}) as gateway:
            self.assertNotEqual(gateway.port, 1)
        with Gateway(port=None, extra={"PORT": "0"}, config="listen: { port: 1 }\n") as gateway:
            self.assertNotEqual(gateway.port, 1)

    def test_configuration_from_the_environment(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "intermission.yaml"
            config.write_text("defaults: { message: from INTERMISSION_CONFIG }\n", encoding="utf-8")
            with Gateway(extra={"INTERMISSION_CONFIG": str(config)}) as gateway:
                self.assertEqual(gateway.get("/", JSON).json()["detail"], "from INTERMISSION_CONFIG")


if __name__ == "__main__":
    unittest.main()
