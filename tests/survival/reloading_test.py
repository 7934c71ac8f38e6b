"""SIGHUP under load, with good and with broken configuration."""

import signal
import threading
import unittest

from gateway import Gateway
from vitals import Vitals, wait_until

ROUNDS = 60
THREADS = 4
JSON = {"Accept": "application/json"}
GOOD = ("listen: {{ address: 127.0.0.1, workers: 2 }}\n"
        "defaults: {{ message: round {0} of many }}\n"
        "services: [ {{ name: shop, hosts: [shop.example], message: round {0} of many }} ]\n")
BROKEN = ("services: [ { name: [", "defaults: { mesage: typo }\n", "limits: { connections: 0 }\n", "\x00\xff", "")


class Reloading(unittest.TestCase):
    def test_under_load_no_request_is_lost_and_none_hears_of_a_broken_one(self):
        with Gateway(config=GOOD.format(0)) as gateway:
            vitals = Vitals(gateway.port, gateway.process.pid)
            over = threading.Event()
            wrong, heard = [], []

            def run(host):
                connection = gateway.connect()
                try:
                    while not over.is_set():
                        connection.request("GET", "/", headers=JSON | {"Host": host})
                        response = connection.getresponse()
                        body = response.read()
                        good = response.status == 503 and b'"detail":"round ' in body and b" of many" in body
                        (heard if good else wrong).append(body)
                except Exception as error:  # told by the thread that asserts
                    wrong.append(error)
                finally:
                    connection.close()

            threads = [threading.Thread(target=run, args=(("a", "shop.example")[number % 2],))
                       for number in range(THREADS)]
            for thread in threads:
                thread.start()
            for number in range(1, ROUNDS + 1):
                before = len(heard)
                broken = number % 3 == 0
                text = BROKEN[number % (len(BROKEN) - 1)] if broken else GOOD.format(number)
                gateway.config.write_text(text, encoding="utf-8")
                gateway.send_signal(signal.SIGHUP)
                wait_until(lambda: len(heard) > before + THREADS or wrong, "they go on hearing")
            gateway.config.write_text(GOOD.format("last"), encoding="utf-8")
            gateway.send_signal(signal.SIGHUP)
            wait_until(lambda: b"round last" in heard[-1] or wrong, "the last one is taken over")
            over.set()
            for thread in threads:
                thread.join()
            self.assertEqual(wrong, [])
            self.assertIn("round last", gateway.get("/", JSON).text)
            vitals.assert_well()

    def test_a_file_that_is_gone_or_cannot_be_read_keeps_the_old_one(self):
        with Gateway(config=GOOD.format(0)) as gateway:
            gateway.config.unlink()
            gateway.send_signal(signal.SIGHUP)
            gateway.stderr.wait_for("the old one stays in force")
            self.assertIn("round 0", gateway.get("/", JSON).text)
            gateway.config.mkdir()
            for _ in range(20):
                gateway.send_signal(signal.SIGHUP)
            self.assertIn("round 0", gateway.get("/", JSON).text)


if __name__ == "__main__":
    unittest.main()
