"""The control listener of a Gateway, as its API and its commands meet it."""

import contextlib
import http.client
import json

from gateway import PATIENCE, Answer, run


class Control:
    def __init__(self, gateway, token=None):
        found = gateway.stdout.wait_for(r"^intermission: control http://(\S+):(\d+)$")
        self.host, self.port = found.group(1), int(found.group(2))
        self.url = f"http://{self.host}:{self.port}"
        self.token = token or (gateway.folder / "intermission.token").read_text(encoding="utf-8").strip()

    def request(self, method, target, body=None, headers=None):
        """`body` is sent as JSON."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        text = None
        if body is not None:
            text = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        with contextlib.closing(http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)) as connection:
            connection.request(method, target, body=text, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.reason, response.msg, response.read())

    def get(self, target):
        return self.request("GET", target)

    def post(self, target, body=None, headers=None):
        return self.request("POST", target, body, headers)

    def command(self, *arguments, token=None):
        return run(*arguments, extra={"INTERMISSION_CONTROL_URL": self.url,
                                      "INTERMISSION_TOKEN": token or self.token, "USER": "anna"})
