"""The program as operators and platforms meet it: signals, exit codes, ports, commands."""

import http.client
import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import unittest

from gateway import PROGRAM, DEFAULT_MESSAGE, Gateway, environment, free_control_port, run

JSON = {"Accept": "application/json"}


def saying(message):
    return f"defaults: {{ message: {message} }}\n"


class Serving(unittest.TestCase):
    def detail(self, gateway):
        return gateway.get("/", JSON).json()["detail"]

    def test_sigterm_and_sigint_end_it_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name), Gateway() as gateway:
                gateway.get("/")
                gateway.stop(number)  # its port may be another's at once

    def test_an_idle_connection_does_not_hold_it_up(self):
        with Gateway() as gateway:
            connection = gateway.connect()
            connection.request("GET", "/")
            connection.getresponse().read()
            self.assertLess(gateway.stop(), 5)
            connection.close()

    def test_a_client_that_never_finishes_does_not_hold_it_up_for_ever(self):
        with Gateway() as gateway, socket.create_connection((gateway.host, gateway.port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-")
            gateway.get("/")
            gateway.stop()

    def test_a_request_in_flight_is_finished(self):
        with Gateway() as gateway, socket.create_connection((gateway.host, gateway.port), timeout=30) as client:
            client.sendall(b"POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a")
            gateway.get("/")  # by now the first one has been read, too
            gateway.send_signal(signal.SIGTERM)
            with self.assertRaises(OSError):
                while True:
                    gateway.get("/")
            client.sendall(b"/>")
            response = http.client.HTTPResponse(client)
            response.begin()
            self.assertIn(response.status, (200, 503))
            self.assertIn(DEFAULT_MESSAGE, response.read().decode())
            self.assertEqual(gateway.process.wait(8), 0)

    def test_sighup_reads_the_configuration_again(self):
        with Gateway(config=saying("first")) as gateway:
            self.assertEqual(self.detail(gateway), "first")
            gateway.config.write_text(saying("second"), encoding="utf-8")
            gateway.send_signal(signal.SIGHUP)
            self.wait_for(gateway, "second")

    def test_sighup_with_a_broken_configuration_keeps_the_old_one(self):
        with Gateway(config=saying("first")) as gateway:
            gateway.config.write_text("defaults:\n  message: [broken\n", encoding="utf-8")
            gateway.send_signal(signal.SIGHUP)
            gateway.stderr.wait_for(r"intermission\.yaml:\d+: ")
            self.assertEqual(self.detail(gateway), "first")
            gateway.config.write_text(saying("third"), encoding="utf-8")
            gateway.send_signal(signal.SIGHUP)
            self.wait_for(gateway, "third")

    def test_sighup_without_a_configuration_is_no_reason_to_end(self):
        with Gateway() as gateway:
            gateway.send_signal(signal.SIGHUP)
            for _ in range(20):
                self.assertEqual(self.detail(gateway), DEFAULT_MESSAGE)

    def test_sighup_loses_no_request(self):
        with Gateway(config=saying("same")) as gateway:
            connection = gateway.connect()
            for turn in range(200):
                if turn % 10 == 0:
                    gateway.send_signal(signal.SIGHUP)
                connection.request("GET", "/", headers=JSON)
                self.assertEqual(json.loads(connection.getresponse().read())["detail"], "same")
            connection.close()

    def wait_for(self, gateway, message):
        # Each look is a whole request, and the test's own time limit ends a wait in vain.
        while (heard := self.detail(gateway)) != message:
            self.assertEqual(heard, "first")

    def test_the_ready_line_is_all_on_standard_output(self):
        with Gateway() as gateway:
            gateway.get("/")
        for line in gateway.stdout.all():
            self.assertRegex(line, r"^intermission: (data|control) http://\S+:\d+$")

    def test_a_loopback_address_of_one_s_own(self):
        with Gateway(config="listen: { address: 127.0.0.1 }\n") as gateway:
            self.assertEqual(gateway.address, "127.0.0.1")
            self.assertEqual(gateway.get("/").status, 503)


class NotStarting(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, text):
        path = self.folder / "intermission.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def assert_usage(self, done, pattern):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertRegex(lines[0], pattern)

    BROKEN = (
        ("services:\n  - name: [orders\n", r"\d+"),
        ("defaults:\n  messsage: typo\n", "2"),
        ("listen:\n  address: 0.0.0.0\n  port: eighty\n", "3"),
        ("listen: { port: 70000 }\n", "1"),
        ("services:\n  - name: a\n    maintenance: on\n  - name: b\n    maintenance: perhaps\n", "5"),
        ("defaults:\n  retry_after:\n    min: 0s\n", "3"),
        ("services:\n  - name: a\n    rules:\n      - { when: { path: /x }, answer: pigeon }\n", "4"),
        ("- a\n- list\n", "1"),
    )

    def test_a_broken_configuration_names_file_and_line(self):
        for text, line in self.BROKEN:
            with self.subTest(text):
                path = self.write(text)
                for command in ("serve", "check"):
                    self.assert_usage(run(command, "--config", path), rf"^intermission: {path}:{line}: \S")

    def test_a_configuration_that_is_not_there(self):
        path = self.folder / "absent.yaml"
        self.assert_usage(run("serve", "--config", path), rf"^intermission: {path}: \S")

    def test_a_configuration_that_is_a_folder(self):
        self.assert_usage(run("serve", "--config", self.folder), rf"^intermission: {self.folder}: \S")

    def test_a_port_that_is_none(self):
        for port in ("70000", "-1", "http", "80 80"):
            with self.subTest(port):
                self.assert_usage(run("serve", f"--port={port}"), r"^intermission: --port: \S")
                self.assert_usage(run("serve", extra={"PORT": port}), r"^intermission: PORT: \S")

    def test_a_port_in_use(self):
        with socket.create_server(("0.0.0.0", 0)) as taken:
            port = taken.getsockname()[1]
            self.assert_usage(run("serve", "--port", port, *free_control_port()), rf"^intermission: .*\b{port}\b")

    def test_a_port_that_another_gateway_has(self):
        with Gateway() as first:
            self.assert_usage(run("serve", "--port", first.port, *free_control_port()),
                              rf"^intermission: .*\b{first.port}\b")

    def test_an_address_that_is_none(self):
        done = run("serve", "--port", "0", "--config", self.write("listen: { address: example.com }\n"))
        self.assertEqual(done.returncode, 2, done.stderr)


class Commands(unittest.TestCase):
    CONFIG = ("services:\n  - name: orders\n    hosts: [orders.example.com]\n    message: Back soon\n"
              "    rules:\n      - { when: { path: /v1/* }, answer: legacy }\n")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.config = pathlib.Path(folder.name) / "intermission.yaml"
        self.config.write_text(self.CONFIG, encoding="utf-8")

    def test_version(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"\b\d+\.\d+\.\d+\b")

    def test_help(self):
        done = run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for command in ("serve", "check", "explain"):
            self.assertIn(command, done.stdout)
            own = run(command, "--help")
            self.assertEqual((own.returncode, own.stderr), (0, ""))
            self.assertIn("--config", own.stdout)

    def test_what_is_not_understood(self):
        for arguments in ((), ("frobnicate",), ("serve", "--frobnicate"), ("explain",), ("explain", "GET")):
            with self.subTest(arguments):
                done = run(*arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(done.stdout, "")
                self.assertTrue(done.stderr)

    def test_check(self):
        done = run("check", "--config", self.config)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("orders", done.stdout)

    def test_check_without_a_configuration(self):
        self.assertEqual(run("check").returncode, 0)

    def test_explain(self):
        done = run("explain", "--config", self.config, "GET", "http://orders.example.com/v1/7",
                   "-H", "Accept: text/html")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("orders", done.stdout)
        self.assertIn("legacy", done.stdout)

    def test_explain_knows_the_body(self):
        done = run("explain", "POST", "http://orders.example.com/soap", "-H", "Content-Type: text/xml", "--data",
                   "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body/></e:Envelope>")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("soap", done.stdout.lower())

    def test_explain_and_serve_agree(self):
        with Gateway(config=self.CONFIG) as gateway:
            for target, accept in (("/v1/7", "text/html"), ("/", "text/html"), ("/", "application/json"),
                                   ("/", "application/xml"), ("/503", "*/*")):
                with self.subTest((target, accept)):
                    answer = gateway.get(target, {"Host": "orders.example.com", "Accept": accept})
                    said = run("explain", "--config", gateway.config, "GET", f"http://orders.example.com{target}",
                               "-H", f"Accept: {accept}").stdout
                    self.assertIn(str(answer.status), said)
                    self.assertIn(answer.media_type, said)

    def test_a_report_that_is_lost_is_no_success(self):
        for command in (["check", "--config", self.config], ["explain", "GET", "/x", "--config", self.config]):
            with self.subTest(command=command[0]), open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([PROGRAM, *command], stdout=full, stderr=subprocess.PIPE, text=True,
                                      env=environment(), timeout=60, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertEqual(done.stderr, "intermission: the output could not be written\n")

    def test_a_closed_standard_output_is_no_crash(self):
        process = subprocess.Popen([PROGRAM, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment())
        process.stdout.close()
        process.stderr.read()
        process.stderr.close()
        self.assertNotIn(process.wait(30), {-signal.SIGSEGV, -signal.SIGABRT})


if __name__ == "__main__":
    unittest.main()
