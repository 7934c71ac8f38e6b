"""What the museum says of clients that come back is measured: this tests the measuring."""

import http.client
import http.server
import threading
import unittest

import museum
from counting_proxy import CountingProxy


class Refusing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(503)
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_):
        pass


class Measuring(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def ask(self, connection, method, target, body=None):
        connection.request(method, target, body)
        self.assertEqual(connection.getresponse().read(), b"")

    def test_requests_are_told_apart_by_port_and_found_on_one_connection(self):
        with CountingProxy("127.0.0.1", self.server.server_port, ports=2) as proxy:
            first, second = (http.client.HTTPConnection(url[len("http://"):]) for url in proxy.urls)
            self.ask(first, "GET", "/orders")
            self.ask(first, "POST", "/orders", b"GET /this HTTP/1.1\r\n")
            self.ask(first, "GET", "/orders")
            self.ask(second, "GET", "/orders")
            for connection in (first, second):
                connection.close()
            self.assertEqual(proxy.requests(proxy.urls[0]), ["GET /orders", "POST /orders", "GET /orders"])
            [(waited, told)] = proxy.pauses(proxy.urls[0])
            self.assertEqual(told, 7)
            self.assertLess(waited, 7)
            self.assertEqual(proxy.pauses(proxy.urls[1]), [])

    def test_what_pauses_mean(self):
        for pauses, meaning in (([], museum.NEVER),
                                ([(7.01, 7), (8, 7)], museum.AS_TOLD),
                                ([(7.01, 7), (3, 7)], museum.EARLY),
                                ([(0.01, 7), (8, 7)], museum.AT_ONCE)):
            with self.subTest(pauses=pauses):
                self.assertEqual(museum.comes_back(pauses), meaning)

    def test_a_slow_machine_changes_nothing_else(self):
        self.assertTrue(museum.agree(museum.AT_ONCE, museum.EARLY))
        self.assertFalse(museum.agree(museum.NEVER, museum.EARLY))
        self.assertFalse(museum.agree(museum.AS_TOLD, museum.EARLY))


if __name__ == "__main__":
    unittest.main()
