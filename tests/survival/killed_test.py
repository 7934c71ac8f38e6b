"""Killed in the middle of changes, 200 times: every change that was acknowledged is found."""

import contextlib
import http.client
import itertools
import json
import random
import signal
import threading
import unittest

from gateway import Gateway

KILLS = 200
TOKEN = "the-token-of-this-test"
CONFIG = "state: { file: %s }\nservices: [ { name: orders, hosts: [orders.example.com], message: m } ]\n"
AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def control_port(gateway):
    return int(gateway.stdout.wait_for(r"^intermission: control http://\S+:(\d+)$").group(1))


def message_of(port):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/api/services/orders", headers=AUTHORIZATION)
        return json.loads(connection.getresponse().read())["message"]["en"]


class Killed(unittest.TestCase):
    def test_every_acknowledged_change_is_found(self):
        numbers = itertools.count(1)
        luck = random.Random(20261124)
        acknowledged = 0
        sent = 0
        with Gateway() as keeper:  # its folder outlives those that are killed
            kept = keeper.folder / "kept.json"
            for kill in range(KILLS + 1):
                with Gateway(config=CONFIG % kept, extra={"INTERMISSION_TOKEN": TOKEN}) as gateway:
                    port = control_port(gateway)
                    found = message_of(port)
                    if kill > 0 and sent > 0:
                        # The one in flight may have been kept, or not; nothing before it is lost.
                        self.assertIn(int(found), {acknowledged, sent})
                        acknowledged = int(found)
                    if kill == KILLS:
                        break
                    wanted = luck.randrange(1, 4)
                    due = threading.Event()
                    killer = threading.Thread(target=lambda: (due.wait(), gateway.send_signal(signal.SIGKILL)))
                    killer.start()
                    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                        try:
                            for turn in itertools.count():
                                sent = next(numbers)
                                if turn == wanted:
                                    due.set()
                                connection.request("PUT", "/api/services/orders/message",
                                                   body=json.dumps({"message": str(sent)}), headers=AUTHORIZATION)
                                answer = connection.getresponse()
                                answer.read()
                                self.assertEqual(answer.status, 200)
                                acknowledged = sent
                        except (OSError, http.client.HTTPException):
                            pass
                    killer.join()
        self.assertGreater(acknowledged, KILLS)
        self.assertFalse(list(kept.parent.glob("*.damaged-*")))


if __name__ == "__main__":
    unittest.main()
