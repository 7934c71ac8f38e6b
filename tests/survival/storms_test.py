"""Storms: connections that come by the thousand and leave without a word."""

import contextlib
import socket
import threading
import unittest

from gateway import PATIENCE, Gateway
from vitals import Vitals, reset

CONFIG = "listen: { address: 127.0.0.1, workers: 2 }\nlimits: { head_timeout_ms: 500, idle_timeout_ms: 2000 }\n"
THREADS = 4
ROUNDS = 750
REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n"


class Storms(unittest.TestCase):
    def storm(self, one):
        """`one(client, number)` on a new connection, again and again, in several threads."""
        failures = []

        def run():
            try:
                for number in range(ROUNDS):
                    client = socket.create_connection((gateway.host, gateway.port), timeout=PATIENCE)
                    one(client, number)
            except Exception as error:  # told by the thread that asserts
                failures.append(error)

        with Gateway(config=CONFIG) as gateway:
            vitals = Vitals(gateway.port, gateway.process.pid)
            threads = [threading.Thread(target=run) for _ in range(THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(failures, [])
            vitals.assert_well()

    def test_resets_before_a_word(self):
        self.storm(lambda client, _: reset(client))

    def test_resets_in_every_phase(self):
        phases = [REQUEST[:1], REQUEST[:20], REQUEST, REQUEST * 8,
                  b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
                  b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"]

        def one(client, number):
            client.sendall(phases[number % len(phases)])
            reset(client)

        self.storm(one)

    def test_resets_after_the_first_byte_of_the_answer(self):
        def one(client, _):
            client.sendall(REQUEST)
            self.assertEqual(client.recv(1), b"H")
            reset(client)

        self.storm(one)

    def test_closed_with_the_answer_unread(self):
        def one(client, _):
            client.sendall(REQUEST * 3)
            client.close()

        self.storm(one)

    def test_half_closed_without_a_word(self):
        def one(client, _):
            with client:
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(client.recv(1), b"")

        self.storm(one)

    def test_half_open_connections_time_out_and_delay_no_client(self):
        with Gateway(config=CONFIG) as gateway, contextlib.ExitStack() as held:
            vitals = Vitals(gateway.port, gateway.process.pid)
            for number in range(1000):
                client = held.enter_context(socket.create_connection((gateway.host, gateway.port)))
                client.sendall(REQUEST[:number % 20])
            vitals.assert_answers_at_once()
            vitals.assert_well()  # they are still open on our side


if __name__ == "__main__":
    unittest.main()
