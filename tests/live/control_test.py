"""An operator at work: the API, the commands, and what clients hear of it."""

import contextlib
import http.client
import json
import pathlib
import signal
import stat
import subprocess
import tempfile
import time
import unittest

from control import Control
from gateway import PATIENCE, PROGRAM, Gateway, Lines, environment, run

HOST = {"Host": "orders.example.com", "Accept": "application/json"}
CONFIG = ("state: {{ file: kept.json }}\n"
          "services: [ {{ name: orders, hosts: [orders.example.com], message: {0} }} ]\n")
SERVICE = "/api/services/orders"


class Api(unittest.TestCase):
    def test_a_change_holds_for_the_very_next_request(self):
        with Gateway(config=CONFIG.format("Back soon")) as gateway:
            control = Control(gateway)
            self.assertEqual(gateway.get("/", HOST).json()["detail"], "Back soon")
            said = control.post(f"{SERVICE}/on", {"for": "2h", "message": "In two hours"})
            self.assertEqual(said.status, 200, said.text)
            heard = gateway.get("/", HOST).json()
            self.assertEqual(heard["detail"], "In two hours")
            until = heard["endsAt"]
            self.assertEqual(until, said.json()["until"])
            control.post(f"{SERVICE}/extend", {"by": "30m"})
            self.assertGreater(gateway.get("/", HOST).json()["endsAt"], until)
            control.post(f"{SERVICE}/off")
            self.assertEqual(gateway.get("/.well-known/intermission/notice", HOST).json()["state"], "open")
            self.assertEqual([one["what"].split()[0] for one in control.get("/api/changes").json()["changes"]],
                             ["off", "extended", "on"])

    def test_a_stale_change_is_refused_and_loses_nothing(self):
        with Gateway(config=CONFIG.format("x")) as gateway:
            control = Control(gateway)
            seen = control.get(SERVICE).headers["ETag"]
            first = control.post(f"{SERVICE}/on", {"message": "first"}, {"If-Match": seen})
            self.assertEqual(first.status, 200, first.text)
            second = control.post(f"{SERVICE}/off", headers={"If-Match": seen})
            self.assertEqual(second.status, 412, second.text)
            self.assertEqual(gateway.get("/", HOST).json()["detail"], "first")
            again = control.post(f"{SERVICE}/off", headers={"If-Match": first.headers["ETag"]})
            self.assertEqual(again.status, 200, again.text)

    def test_what_was_done_outlives_a_restart(self):
        with Gateway(config=CONFIG.format("x")) as gateway:
            control = Control(gateway)
            control.post(f"{SERVICE}/on", {"message": "kept"})
            control.post(f"{SERVICE}/windows", {"start": "2036-01-01T00:00:00Z", "end": "2036-01-01T01:00:00Z"})
            kept = gateway.folder / "kept.json"
            gateway.stop()
            self.assertEqual(stat.S_IMODE(kept.stat().st_mode), 0o600)
            text = kept.read_text(encoding="utf-8")
            with Gateway(config=f"state: {{ file: {json.dumps(str(kept))} }}\n" + CONFIG.format("x").split("\n", 1)[1],
                         extra={"INTERMISSION_TOKEN": control.token}) as second:
                self.assertEqual(second.get("/", HOST).json()["detail"], "kept")
            self.assertEqual(kept.read_text(encoding="utf-8"), text)

    def test_two_gateways_do_not_share_a_file(self):
        with Gateway(config=CONFIG.format("x")) as gateway:
            second = run("serve", "--port", "0", "--control-port", "0", "--config", gateway.config, folder=gateway.folder)
            self.assertEqual((second.returncode, second.stdout), (2, ""))
            self.assertIn(f"kept.json: another gateway (pid {gateway.process.pid}) keeps its state here", second.stderr)
            gateway.send_signal(signal.SIGKILL)
            gateway.process.wait(PATIENCE)
            with Gateway(config=f"state: {{ file: {json.dumps(str(gateway.folder / 'kept.json'))} }}\n") as third:
                self.assertEqual(third.get("/").status, 503)

    def test_a_damaged_file_is_set_aside_and_told_of(self):
        with Gateway(config=CONFIG.format("x")) as gateway:
            for text in ('{"format":1', "{}", '{"format":2,"version":1,"services":{},"audit":[]}', "\x00"):
                with self.subTest(text):
                    kept = gateway.folder / "other.json"
                    kept.write_text(text, encoding="utf-8")
                    config = f"state: {{ file: {json.dumps(str(kept))} }}\n"
                    with Gateway(config=config) as second:
                        second.stderr.wait_for(r"other\.json: was damaged .* and is now .*\.damaged-\d+")
                    aside = [one for one in gateway.folder.glob("other.json.damaged-*")]
                    self.assertEqual([one.read_text(encoding="utf-8") for one in aside], [text])
                    for one in aside:
                        one.unlink()

    def test_who_may_call(self):
        with Gateway(config=CONFIG.format("x")) as gateway:
            control = Control(gateway)
            self.assertEqual(stat.S_IMODE((gateway.folder / "intermission.token").stat().st_mode), 0o600)
            for value in ("", "Bearer", "Bearer x", f"Basic {control.token}", f"Bearer {control.token}x",
                          f"Bearer {control.token[:-1]}"):
                with self.subTest(value):
                    answer = control.request("GET", "/api/services", headers={"Authorization": value})
                    self.assertEqual(answer.status, 401)
                    self.assertIn("Bearer", answer.headers["WWW-Authenticate"])
            for origin, status in (("http://evil.example", 403), ("null", 403),
                                   (control.url, 200), (control.url.replace("http:", "https:"), 200)):
                with self.subTest(origin):
                    self.assertEqual(control.post(f"{SERVICE}/on", headers={"Origin": origin}).status, status)
            self.assertEqual(control.request("POST", f"{SERVICE}/on", {}, {"Content-Type": "text/plain"}).status, 415)
            self.assertEqual(control.get("/nowhere").status, 404)
            answer = control.request("PUT", SERVICE)
            self.assertEqual((answer.status, answer.headers["Allow"]), (405, "GET"))

    def test_every_character_of_the_token_counts(self):
        with Gateway(config=CONFIG.format("x")) as gateway:
            control = Control(gateway)
            for place, right in enumerate(control.token):
                wrong = control.token[:place] + ("0" if right != "0" else "1") + control.token[place + 1:]
                answer = control.request("GET", "/api/services", headers={"Authorization": f"Bearer {wrong}"})
                self.assertIn(answer.status, (401, 429), f"character {place}")
            self.assertEqual(control.get("/api/services").status, 200)

    def test_wrong_tokens_are_counted_logged_and_slowed_down(self):
        with Gateway(config=CONFIG.format("x")) as gateway:
            control = Control(gateway)
            wrong = {"Authorization": "Bearer not-the-token-at-all"}
            statuses = [control.request("GET", "/api/services", headers=wrong).status for _ in range(12)]
            self.assertEqual(statuses, [401] * 10 + [429] * 2)
            slowed = control.post(f"{SERVICE}/on", {"for": "2h"}, wrong)
            self.assertEqual(slowed.status, 429)
            self.assertIn(int(slowed.headers["Retry-After"]), range(1, 61))
            self.assertEqual(slowed.headers["Connection"], "close")
            refused = control.command("status", token="not-the-token-at-all")
            self.assertEqual(refused.returncode, 1)
            self.assertIn("too many wrong tokens from this address", refused.stderr)
            # From the same address: the right token, and a probe without any.
            self.assertEqual(control.post(f"{SERVICE}/on").status, 200)
            self.assertEqual(control.request("GET", "/api/services", headers={"Authorization": ""}).status, 429)
            self.assertIn("\nintermission_wrong_tokens_total 15\n", control.get("/metrics").text)
            gateway.stderr.wait_for(r"warning: control: a wrong token from 127\.0\.0\.1$")
            gateway.stop()
            lines = [line for line in gateway.stderr.all() if "a wrong token from" in line]
            self.assertLess(len(lines), 15)
            self.assertFalse([line for line in gateway.stderr.all() if "not-the-token" in line])

    def test_names_that_another_site_may_have_are_refused(self):
        config = "control: { hosts: [ops.example.com] }\n" + CONFIG.format("x")
        with Gateway(config=config) as gateway:
            control = Control(gateway)
            for host in ("localhost", f"127.0.0.1:{control.port}", f"localhost:{control.port + 1}", "[::1]",
                         "ops.example.com", "OPS.example.com.:443"):
                with self.subTest(host):
                    self.assertEqual(control.request("GET", SERVICE, headers={"Host": host}).status, 200)
            for host in ("evil.example", f"evil.example:{control.port}", "127.0.0.1.evil.example", "192.0.2.7",
                         "ops.example.com.evil.example", ""):
                for target in (SERVICE, "/", "/nowhere", "/metrics"):
                    with self.subTest(host=host, target=target):
                        answer = control.request("GET", target, headers={"Host": host})
                        self.assertEqual((answer.status, answer.reason), (421, "Misdirected Request"))
                        self.assertIn("add it to control.hosts", answer.json()["detail"])
                self.assertEqual(control.request("GET", "/healthz", headers={"Host": host}).status, 200)
            self.assertIn("\nintermission_wrong_tokens_total 0\n", control.get("/metrics").text)
            name = control.url.replace(control.host, "localhost")
            done = run("status", extra={"INTERMISSION_CONTROL_URL": name, "INTERMISSION_TOKEN": control.token})
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_pages_of_other_sites_are_refused(self):
        question = {"method": "GET", "url": "https://orders.example.com/"}
        with Gateway(config=CONFIG.format("x")) as gateway:
            control = Control(gateway)
            for site, status in (("cross-site", 403), ("same-site", 403), ("Cross-Site", 403),
                                 ("same-origin", 200), ("none", 200), ("none, cross-site", 403)):
                fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
                with self.subTest(site):
                    self.assertEqual(control.post("/api/explain", question, fetched).status, status)
                    self.assertEqual(control.post(f"{SERVICE}/off", None, fetched).status, status)
                    for target in (SERVICE, "/metrics", "/"):
                        self.assertEqual(control.request("GET", target, headers=fetched).status, status)
            link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
            self.assertEqual(control.request("GET", "/", headers=link).status, 200)
            self.assertEqual(control.request("GET", SERVICE, headers=link).status, 403)
            self.assertEqual(control.request("GET", "/", headers={**link, "Sec-Fetch-Dest": "iframe"}).status, 403)

    def test_a_token_that_is_no_good_is_refused_at_the_start(self):
        with tempfile.TemporaryDirectory() as folder:
            def refused(extra, why):
                done = run("serve", "--port", "0", "--control-port", "0", folder=folder, extra=extra)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertRegex(done.stderr, rf"(?m)^intermission: {why}$")

            pathlib.Path(folder, "short").write_text("short\n", encoding="utf-8")
            refused({"INTERMISSION_TOKEN": "fifteen-letters"},
                    "INTERMISSION_TOKEN: expected a token of at least 16 printable ASCII characters, got 15")
            refused({"INTERMISSION_TOKEN": "sixteen letters and spaces "},
                    "INTERMISSION_TOKEN: expected a token of at least 16 printable ASCII characters, got one with .*")
            refused({"INTERMISSION_TOKEN_FILE": f"{folder}/short"},
                    "INTERMISSION_TOKEN: expected a token of at least 16 printable ASCII characters, got 5")
            refused({"INTERMISSION_TOKEN_FILE": f"{folder}/none"},
                    "INTERMISSION_TOKEN_FILE: .*/none: cannot be read: No such file or directory")
            refused({"INTERMISSION_TOKEN_FILE": f"{folder}/short", "INTERMISSION_TOKEN": "a-token-that-is-good"},
                    "INTERMISSION_TOKEN and INTERMISSION_TOKEN_FILE are both set; expected only one of them")
            refused({"INTERMISSION_BYPASS_KEY_FILE": f"{folder}/short"},
                    "INTERMISSION_BYPASS_KEY: expected a secret of at least 32 characters")
            kept = pathlib.Path(folder, "intermission.token")
            kept.write_text("short\n", encoding="utf-8")
            kept.chmod(0o600)
            refused({}, r"intermission\.token: expected a token of at least 16 printable ASCII characters, got 5; remove the file to have a new token made")

    def test_secrets_may_come_from_files(self):
        with tempfile.TemporaryDirectory() as folder:
            token = pathlib.Path(folder, "token")
            token.write_text("a-token-out-of-a-file\n", encoding="utf-8")
            key = pathlib.Path(folder, "key")
            key.write_text("a secret of the tests that is long enough\n", encoding="utf-8")
            extra = {"INTERMISSION_TOKEN_FILE": str(token), "INTERMISSION_BYPASS_KEY_FILE": str(key)}
            with Gateway(config=CONFIG.format("x"), extra=extra) as gateway:
                control = Control(gateway, token="a-token-out-of-a-file")
                self.assertEqual(control.get(SERVICE).status, 200)
                self.assertEqual(control.post(f"{SERVICE}/bypass", {"for": "1h"}).status, 200)
                done = run("status", extra={"INTERMISSION_CONTROL_URL": control.url,
                                            "INTERMISSION_TOKEN_FILE": str(token)})
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                made = run("bypass", "orders", "--config", gateway.config,
                           extra={"INTERMISSION_BYPASS_KEY_FILE": str(key)})
                self.assertEqual((made.returncode, made.stderr), (0, ""))

    def test_a_port_that_is_taken_keeps_no_client_waiting(self):
        with Gateway(config=CONFIG.format("x")) as first:
            taken = Control(first)
            command = [PROGRAM, "serve", "--port", "0", "--control-port", str(taken.port)]
            with Gateway(command=command) as second:
                second.stderr.wait_for(rf"warning: the control listener is off: cannot listen on 127\.0\.0\.1 port "
                                       rf"{taken.port}: Address already in use; clients are still answered")
                self.assertEqual(second.get("/").status, 503)
                self.assertEqual(taken.get(SERVICE).status, 200)

    def test_probes_need_no_token_and_hear_when_it_is_about_to_end(self):
        with Gateway(config=CONFIG.format("x")) as gateway, contextlib.closing(gateway.connect()) as slow:
            control = Control(gateway)
            nobody = {"Authorization": ""}
            for path in ("/healthz", "/readyz"):
                self.assertEqual(control.request("GET", path, headers=nobody).status, 200, path)
            # Its body is still to come when the end is asked for.
            slow.putrequest("POST", "/rpc")
            for name, value in (("Content-Type", "application/json"), ("Content-Length", "99")):
                slow.putheader(name, value)
            slow.endheaders(b'{"jsonrpc"')
            gateway.send_signal(signal.SIGTERM)
            end = time.monotonic() + PATIENCE
            while (ready := control.request("GET", "/readyz", headers=nobody)).status == 200:
                self.assertLess(time.monotonic(), end)
            self.assertEqual((ready.status, ready.media_type), (503, "application/problem+json"))
            self.assertEqual(control.request("GET", "/healthz", headers=nobody).status, 200)
            slow.close()
            self.assertEqual(gateway.process.wait(PATIENCE), 0)

    def test_reload_and_what_is_wrong(self):
        with Gateway(config=CONFIG.format("old")) as gateway:
            control = Control(gateway)
            gateway.config.write_text("services: [ {} ]\n", encoding="utf-8")
            answer = control.post("/api/reload")
            self.assertEqual(answer.status, 422)
            self.assertIn("intermission.yaml:1: services[0]", answer.json()["detail"])
            self.assertEqual(gateway.get("/", HOST).json()["detail"], "old")
            self.assertIn("services[0]", control.get("/api/status").json()["configuration"]["problem"])
            self.assertIn("intermission_reload_failures_total 1", control.get("/metrics").text)
            gateway.config.write_text(CONFIG.format("new"), encoding="utf-8")
            self.assertEqual(control.post("/api/reload").status, 200)
            self.assertEqual(gateway.get("/", HOST).json()["detail"], "new")
            self.assertNotIn("problem", control.get("/api/status").json()["configuration"])

    def test_events(self):
        with Gateway(config=CONFIG.format("x")) as gateway:
            control = Control(gateway)
            connection = http.client.HTTPConnection(control.host, control.port, timeout=PATIENCE)
            connection.request("GET", "/api/events", headers={"Authorization": f"Bearer {control.token}"})
            stream = connection.getresponse()
            self.assertEqual(stream.headers.get_content_type(), "text/event-stream")
            control.post(f"{SERVICE}/on", {"for": "1h"})
            self.assertEqual(self.next_event(stream)[0], "service")
            control.post("/api/reload")
            self.assertEqual(self.next_event(stream)[0], "reload")
            connection.close()

    def next_event(self, stream):
        name = ""
        while True:
            line = stream.readline().decode()
            self.assertTrue(line, "the stream ended")
            if line.startswith("event: "):
                name = line.removeprefix("event: ").strip()
            if line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))


class Commands(unittest.TestCase):
    def setUp(self):
        self.gateway = self.entered(Gateway(config=CONFIG.format("x")))
        self.control = Control(self.gateway)

    def entered(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def good(self, *arguments):
        done = self.control.command(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        return done.stdout

    def refused(self, words, *arguments, **more):
        done = self.control.command(*arguments, **more)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done)
        self.assertIn(words, done.stderr)

    def test_a_night(self):
        self.assertRegex(self.good("on", "orders", "--for", "2h", "--message", "At work"),
                         r"^orders: maintenance until \S+Z \(an operator switched maintenance on\)\n$")
        self.assertEqual(self.gateway.get("/", HOST).json()["detail"], "At work")
        before = self.gateway.get("/", HOST).json()["endsAt"]
        self.good("extend", "orders", "30m")
        self.assertGreater(self.gateway.get("/", HOST).json()["endsAt"], before)
        self.good("message", "orders", "Nearly done")
        self.assertEqual(self.gateway.get("/", HOST).json()["detail"], "Nearly done")
        self.assertRegex(self.good("status"), r"SERVICE +STATE.*\norders +maintenance .*Nearly done\n")
        self.assertEqual(json.loads(self.good("status", "--json"))["services"][0]["state"], "maintenance")
        self.assertRegex(self.good("off", "orders"), "^orders: open")
        self.assertRegex(self.good("callers"), r"orders +problem +\d+")
        self.assertRegex(self.good("changes"), r"orders +off +claims to be anna@")

    def test_status_tells_of_a_configuration_that_was_not_taken_over(self):
        self.assertNotIn("configuration", self.good("status"))
        self.gateway.config.write_text("services: [ {} ]\n", encoding="utf-8")
        self.assertEqual(self.control.command("reload").returncode, 1)
        self.assertRegex(self.good("status"), r"(?m)^orders .*\n(?s:.*)\n\nthe new configuration was rejected; "
                                              r"the old one stays in force: \S+intermission\.yaml:1: services\[0\]")
        self.assertIn('"services"', self.good("status", "--json"))

    def test_windows(self):
        self.good("windows", "orders", "plan", "--start", "2036-12-01T22:00:00Z", "--end", "2036-12-02T02:00:00Z")
        listed = self.good("windows", "orders")
        self.assertRegex(listed, r"w1 +2036-12-01T22:00:00Z +2036-12-02T02:00:00Z")
        self.good("windows", "orders", "remove", "w1")
        self.assertNotIn("w1", self.good("windows", "orders"))
        self.refused("unknown window w1", "windows", "orders", "remove", "w1")
        self.refused("start: ", "windows", "orders", "plan", "--start", "tomorrow", "--end", "2036-12-02T02:00:00Z")

    def test_what_goes_wrong_says_what_to_do(self):
        self.refused("did you mean orders?", "on", "ordesr")
        self.refused("set INTERMISSION_TOKEN", "status", token="a-token-that-is-wrong")
        self.refused("INTERMISSION_TOKEN: expected a token of at least 16", "status", token="short")
        self.refused("until: expected a time", "on", "orders", "--until", "2001-01-01T00:00:00Z")
        done = run("status", extra={"INTERMISSION_CONTROL_URL": "http://127.0.0.1:1", "INTERMISSION_TOKEN": "x" * 16})
        self.assertEqual(done.returncode, 1)
        self.assertIn("no gateway answers at http://127.0.0.1:1", done.stderr)
        with tempfile.TemporaryDirectory() as elsewhere:
            done = run("status", folder=elsewhere, extra={"INTERMISSION_CONTROL_URL": self.control.url})
            self.assertEqual(done.returncode, 1)
            self.assertIn("no token: set INTERMISSION_TOKEN", done.stderr)
            # The configuration file leads to the token beside it, wherever the command runs.
            done = run("status", "--config", self.gateway.config, folder=elsewhere,
                       extra={"INTERMISSION_CONTROL_URL": self.control.url})
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.control.command("on").returncode, 2)

    def test_the_token_is_found_beside_the_state(self):
        done = run("status", folder=self.gateway.folder, extra={"INTERMISSION_CONTROL_URL": self.control.url})
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_watch(self):
        watching = subprocess.Popen([PROGRAM, "watch"], stdout=subprocess.PIPE, text=True, env=environment(
            {"INTERMISSION_CONTROL_URL": self.control.url, "INTERMISSION_TOKEN": self.control.token}))
        lines = Lines(watching.stdout)
        try:
            # A new listener gets what happens from then on: change until an event arrives.
            for _ in range(PATIENCE):
                self.good("on", "orders")
                try:
                    lines.wait_for(r"^orders: maintenance", seconds=1)
                    break
                except AssertionError:
                    continue
            lines.wait_for(r"^orders: maintenance", seconds=1)
        finally:
            watching.kill()
            watching.wait(PATIENCE)


if __name__ == "__main__":
    unittest.main()
