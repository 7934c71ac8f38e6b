"""openapi/control.yaml against the program: each operation's example is sent, in the order of the
document, and every answer is held against what the document promises for it."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import unittest
import urllib.parse

import jsonschema
import yaml

from control import Control
from gateway import PATIENCE, Gateway

DOCUMENT = yaml.safe_load((pathlib.Path(os.environ["INTERMISSION_SOURCE"]) / "openapi/control.yaml").read_text())
CONFIG = "services: [ { name: orders, hosts: [orders.example.com], message: Back soon } ]\n"
ENDLESS = "/api/events"
KEY = "a secret of the tests that is long enough"


def resolve(node):
    while "$ref" in node:
        target = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def operations():
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                parameters = [resolve(one) for one in item.get("parameters", []) + operation.get("parameters", [])]
                yield path, method.upper(), operation, parameters


def promised(operation, status):
    responses = operation["responses"]
    found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
    return resolve(found) if found else None


class Document(unittest.TestCase):
    def check(self, operation, answer):
        response = promised(operation, answer.status)
        self.assertIsNotNone(response, f"{answer.status} is not promised: {answer.text}")
        content = response["content"].get(answer.media_type)
        self.assertIsNotNone(content, f"{answer.media_type} is not promised")
        value = answer.json() if answer.media_type.endswith("json") else answer.text
        schema = {**content["schema"], "components": DOCUMENT["components"]}
        jsonschema.Draft202012Validator(schema).validate(value)
        for name, header in response.get("headers", {}).items():
            self.assertRegex(answer.headers[name], resolve(header)["schema"]["pattern"])

    def test_every_example_is_answered_as_promised(self):
        with Gateway(config=CONFIG, extra={"INTERMISSION_BYPASS_KEY": KEY}) as gateway:
            control = Control(gateway)
            gateway.get("/", {"Host": "orders.example.com"})  # somebody has called
            for path, method, operation, parameters in operations():
                if path == ENDLESS:
                    continue
                target = path
                for parameter in parameters:
                    if parameter["in"] == "path":
                        target = target.replace("{%s}" % parameter["name"], parameter["example"])
                query = {one["name"]: one["example"] for one in parameters if one["in"] == "query"}
                if query:
                    target += "?" + urllib.parse.urlencode(query)
                body = None
                if "requestBody" in operation:
                    content = operation["requestBody"]["content"]["application/json"]
                    body = content["example"]
                    schema = {**content["schema"], "components": DOCUMENT["components"]}
                    jsonschema.Draft202012Validator(schema).validate(body)
                with self.subTest(f"{method} {target}"):
                    answer = control.request(method, target, body)
                    self.assertEqual(answer.status, 200, answer.text)
                    self.check(operation, answer)
                    if operation.get("security") == []:
                        open_to_all = control.request(method, target, body, {"Authorization": ""})
                        self.assertEqual(open_to_all.text, answer.text)
                        continue
                    refused = control.request(method, target, body, {"Authorization": "Bearer wrong"})
                    self.assertIn(refused.status, (401, 429))  # after ten of them
                    self.check(operation, refused)

    def test_every_refusal_is_a_problem_as_promised(self):
        cases = [
            ("POST", "/api/services/{service}/on", "/api/services/orders/on", {"until": "soon"}, 422, "until"),
            ("POST", "/api/services/{service}/on", "/api/services/orders/on", {"untill": "x"}, 422, "untill"),
            ("POST", "/api/services/{service}/on", "/api/services/orders/on", {"until": "2001-01-01T00:00:00Z"},
             422, "until"),
            ("POST", "/api/services/{service}/on", "/api/services/orders/on", {"for": "2h", "until": "x"}, 422, "for"),
            ("POST", "/api/services/{service}/on", "/api/services/orders/on", {"message": ""}, 422,
             "message"),
            ("POST", "/api/services/{service}/on", "/api/services/order/on", {}, 404, "service"),
            ("POST", "/api/services/{service}/extend", "/api/services/orders/extend", {"by": "x"}, 422, "by"),
            ("POST", "/api/services/{service}/extend", "/api/services/orders/extend", {"by": "30m"}, 409, None),
            ("POST", "/api/services/{service}/windows", "/api/services/orders/windows",
             {"start": "2036-12-01T22:00:00Z", "end": "2036-12-01T21:00:00Z"}, 422, "end"),
            ("POST", "/api/services/{service}/bypass", "/api/services/orders/bypass", {"for": "2h"}, 409, None),
            ("POST", "/api/services/{service}/bypass", "/api/services/orders/bypass", {"for": 2}, 422, "for"),
            ("DELETE", "/api/services/{service}/windows/{window}", "/api/services/orders/windows/w77", None, 404,
             None),
            ("POST", "/api/explain", "/api/explain", {"fields": "x"}, 422, "fields"),
            ("POST", "/api/explain", "/api/explain", {"url": "/", "from": "router"}, 422, "from"),
            ("GET", "/api/windows", "/api/windows", None, 422, "from"),
            ("GET", "/api/windows", "/api/windows?from=2036-12-01T00:00:00Z&until=2036-12-01T00:00:00Z", None, 422,
             "until"),
            ("GET", "/api/windows", "/api/windows?from=2036-12-01T00:00:00Z&until=2038-12-01T00:00:00Z", None, 422,
             "until"),
        ]
        with Gateway(config=CONFIG) as gateway:
            control = Control(gateway)
            for method, path, target, body, status, field in cases:
                with self.subTest(f"{method} {target} {body}"):
                    answer = control.request(method, target, body)
                    self.assertEqual(answer.status, status, answer.text)
                    self.check(DOCUMENT["paths"][path][method.lower()], answer)
                    self.assertEqual(answer.json().get("field"), field, answer.text)
            self.assertEqual(control.get("/api/changes").json(), {"changes": []})

    def test_events_carry_what_the_document_says(self):
        heard = {}
        with Gateway(config=CONFIG) as gateway:
            control = Control(gateway)
            with contextlib.closing(http.client.HTTPConnection(control.host, control.port, timeout=PATIENCE)) as line:
                line.request("GET", ENDLESS, headers={"Authorization": f"Bearer {control.token}"})
                stream = line.getresponse()
                self.assertEqual((stream.status, stream.headers.get_content_type()), (200, "text/event-stream"))
                control.post("/api/services/orders/on", {"for": "2h"})
                control.post("/api/reload")
                name = None
                while len(heard) < 2:
                    field, _, value = stream.readline().decode().rstrip("\n").partition(": ")
                    name = value if field == "event" else name
                    if field == "data":
                        heard[name] = json.loads(value)
        schemas = DOCUMENT["components"]["schemas"]
        for name, data in heard.items():
            schema = {**schemas[name.capitalize()], "components": DOCUMENT["components"]}
            jsonschema.Draft202012Validator(schema).validate(data)
        self.assertEqual(heard["service"]["state"], "maintenance")

    def test_a_stale_change_loses_nothing(self):
        with Gateway(config=CONFIG) as gateway:
            control = Control(gateway)
            seen = control.get("/api/services/orders").headers["ETag"]
            theirs = control.post("/api/services/orders/on", {"for": "2h", "message": "Theirs"}, {"If-Match": seen})
            self.assertEqual(theirs.status, 200)
            operation = DOCUMENT["paths"]["/api/services/{service}/off"]["post"]
            stale = control.post("/api/services/orders/off", None, {"If-Match": seen})
            self.assertEqual(stale.status, 412)
            self.check(operation, stale)
            now = control.get("/api/services/orders")
            self.assertEqual(now.json(), {**theirs.json(), "retryAfter": now.json()["retryAfter"]})
            again = control.post("/api/services/orders/off", None, {"If-Match": now.headers["ETag"]})
            self.assertEqual((again.status, again.json()["state"]), (200, "open"))

    def test_the_document_names_every_route_of_the_program(self):
        source = pathlib.Path(os.environ["INTERMISSION_SOURCE"]) / "src/control/api.cc"
        routes = set(re.findall(r'Route\{"([A-Z]+)", "([^"]+)"', source.read_text()))
        self.assertEqual(routes, {(method, path) for path, method, _, _ in operations()})


if __name__ == "__main__":
    unittest.main()
