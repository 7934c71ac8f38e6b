"""An operator's night, as docs/operate.md tells it, three times: by the commands, by the calls of the API, each
as it stands there, and on the dashboard of a phone. A weekly window is planned; while it lasts it is
extended by half an hour; one tester is let through, all others are not; a partner's SOAP client calls
312 times; and the service is opened again. Caddy asks the gate, over TLS; the gateway's clock is
Debian's libfaketime's."""

import contextlib
import datetime
import glob
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import time
import unittest

import urllib3
import zeep
from prometheus_client.parser import text_string_to_metric_families

from control import Control
from documents import examples, files
from gate_test import example, service
from gateway import PATIENCE, PROGRAM, Gateway, artefact, environment
from ports import free_port
from recipes import router

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
HERE = pathlib.Path(__file__).parent
LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")
SECTION = re.search(r"^## An operator's night\n(.*?)^## ", (SOURCE / "docs/operate.md").read_text(encoding="utf-8"),
                    re.MULTILINE | re.DOTALL)[1]
LINES = [command for command, _ in examples(SECTION)]
CALLS = 312
WEEKS_BEFORE = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.timezone.utc)
AT_NIGHT = datetime.datetime(2026, 12, 6, 1, 30, tzinfo=datetime.timezone.utc)  # 02:30 in Berlin


def line(pattern):
    """The one line of the section in which that is found."""
    found = [command for command in LINES if re.search(pattern, command)]
    assert len(found) == 1, (pattern, found)
    return found[0]


def wait_for_certificate(port):
    """Caddy listens before it has made its certificate."""
    context = ssl._create_unverified_context()
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
                context.wrap_socket(connection, server_hostname="payments.example.com").close()
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def caddy(gateway, behind, tls_port):
    """deploy/caddy/Caddyfile on two ports of this machine, one of them with TLS: that without."""
    text = re.sub(r"\{\$(GATEWAY|SERVICE):([^}]*)\}", r"\2", example("caddy/Caddyfile", gateway, behind))
    text = text.replace("admin off", "admin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects")
    text = text.replace("\tforward_auth", "\tbind 127.0.0.1\n\tforward_auth", 1)
    return router(["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "router.conf"],
                  lambda port: re.sub(r"\{\$SITE:[^}]*\}", f"http://:{port}, https://payments.example.com:{tls_port}",
                                      text))


class Night(contextlib.AbstractContextManager):
    """The gateway, its clock, Caddy and the service behind it."""

    def __enter__(self):
        assert LIBRARY, "libfaketime is needed; scripts/test installs it"
        self.stack = contextlib.ExitStack()
        start = line("intermission serve")
        self.key = re.match(r"INTERMISSION_BYPASS_KEY='([^']*)' ", start)[1]
        (config,) = files(SECTION).values()
        self.clock = artefact(f"night-{os.getpid()}.clock")
        self.set_clock(WEEKS_BEFORE)
        # A sanitizer wants to be loaded first, and does not get it.
        options = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        self.faked = {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_NO_CACHE": "1",
                      "FAKETIME_DONT_FAKE_MONOTONIC": "1", "ASAN_OPTIONS": options}
        self.gateway = self.stack.enter_context(
            Gateway(config=config, extra={**self.faked, "INTERMISSION_BYPASS_KEY": self.key}))
        self.control = Control(self.gateway)
        behind = self.stack.enter_context(service())
        self.tls_port = free_port()
        self.port = self.stack.enter_context(caddy(self.gateway.port, behind, self.tls_port))
        wait_for_certificate(self.tls_port)
        return self

    def __exit__(self, *failed):
        with contextlib.suppress(FileNotFoundError):
            self.clock.unlink()
        return self.stack.__exit__(*failed)

    def set_clock(self, moment):
        """Whole, or the program might read the half of it."""
        new = self.clock.with_suffix(".new")
        new.write_text(f"{int(moment.timestamp() - time.time()):+d}\n", encoding="utf-8")
        new.replace(self.clock)

    def run(self, command, **extra):
        """A line of the section in a shell, in the folder of the gateway."""
        script = command.replace("night.yaml", str(self.gateway.config))
        script = re.sub(r"\bintermission (?=[a-z])", '"$INTERMISSION" ', script)
        prelude = line(r"^auth=").replace("127.0.0.1:9099", f"{self.control.host}:{self.control.port}")
        done = subprocess.run(["bash", "-c", f"curl() {{ command curl -q -sS --fail-with-body \"$@\"; }}\n{prelude}\n{script}"],
                              capture_output=True, text=True, check=False, cwd=self.gateway.folder, timeout=PATIENCE,
                              env=environment({"INTERMISSION": PROGRAM, "INTERMISSION_CONTROL_URL": self.control.url,
                                               **extra}))
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def browser(self, *words):
        done = subprocess.run(["node", HERE / "night_dashboard.mjs", *words], capture_output=True, text=True, check=False,
                              timeout=PATIENCE, env={**os.environ, "INTERMISSION_CONTROL_URL": self.control.url,
                                                     "INTERMISSION_TOKEN": self.control.token, "SITE_PORT": str(self.tls_port),
                                                     "PICTURE": str(artefact(f"night-{words[0]}.png"))})
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def curl(self, *words):
        """Through Caddy, over TLS, as any client of the service."""
        return subprocess.run(["curl", "-q", "-sS", "-k", "--connect-to", f"payments.example.com:443:127.0.0.1:{self.tls_port}",
                               *words], capture_output=True, text=True, check=True, timeout=PATIENCE).stdout

    def heard(self):
        return json.loads(self.curl("-H", "Accept: application/json", "https://payments.example.com/v1/7"))

    def partner_calls(self):
        """A partner's SOAP client, which knows no more than that it gets a fault."""
        client = zeep.Client(str(HERE / "orders.wsdl"))
        client.transport.session.trust_env = False
        client.transport.session.headers["Host"] = "payments.example.com"
        consumer = client.create_service("{urn:example:orders}Orders11", f"http://127.0.0.1:{self.port}/soap")
        for _ in range(CALLS):
            try:
                consumer.GetOrder(id="7")
            except zeep.exceptions.Fault as fault:
                assert "Back soon" in fault.message, fault
            else:
                raise AssertionError("the partner was let through")


class Commands:
    """Each method is one step, and says what the operator saw."""

    def __init__(self, night):
        self.night = night

    def plan(self):
        return self.night.run(line("intermission windows payments plan"))

    def extend(self):
        return self.night.run(line("intermission extend payments"))

    def let_in(self):
        # It signs with the clock of the machine, which is the gateway's.
        return re.search(r"^link +(\S+)$", self.night.run(line("intermission bypass"), **self.night.faked), re.MULTILINE)[1]

    def partner(self):
        return int(re.search(r"^payments +soap +(\d+) .*Zeep/", self.night.run(line("intermission callers")), re.MULTILINE)[1])

    def off(self):
        self.night.run(line("intermission off payments"))
        return self.night.run("intermission windows payments")


class Calls(Commands):
    def plan(self):
        return self.night.run(line(r"curl .*/windows "))

    def extend(self):
        return self.night.run(line(r"curl .*/extend "))

    def let_in(self):
        return json.loads(self.night.run(line(r"curl .*/bypass ")))["link"]

    def partner(self):
        callers = json.loads(self.night.run(line(r"curl .*/callers")))["callers"]
        return sum(one["count"] for one in callers if one["kind"] == "soap" and "Zeep/" in one["agent"])

    def off(self):
        return self.night.run(line(r"curl .*/off"))


class Dashboard(Commands):
    def plan(self):
        return self.night.browser("plan")

    def extend(self):
        return self.night.browser("extend")

    def let_in(self):
        return self.night.browser("let-in")

    def partner(self):
        return int(self.night.browser("callers"))

    def off(self):
        return self.night.browser("off")


class TheNight(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        urllib3.disable_warnings()

    def walk(self, way):
        with Night() as night:
            operator = way(night)
            self.assertEqual(night.curl("https://payments.example.com/v1/7"), "service: GET /v1/7")
            operator.plan()
            windows = night.control.get("/api/services/payments/windows").json()
            self.assertEqual([one["start"] for one in windows["next"]][:2], ["2026-12-06T01:00:00Z", "2026-12-13T01:00:00Z"])
            self.assertEqual(night.curl("https://payments.example.com/v1/7"), "service: GET /v1/7")

            night.set_clock(AT_NIGHT)
            self.assertEqual(night.heard()["endsAt"], "2026-12-06T02:00:00Z")
            operator.extend()
            self.assertEqual(night.heard()["endsAt"], "2026-12-06T02:30:00Z")

            link = operator.let_in()
            self.assert_one_is_let_in(night, link)

            before = self.soap_in_metrics(night)
            night.partner_calls()
            self.assertEqual(operator.partner(), CALLS)
            self.assertEqual(self.soap_in_metrics(night) - before, CALLS)

            said = operator.off()
            self.assertRegex(said, "2026-12-13T01:00:00Z|Sun,? 13 Dec")
            self.assertEqual(night.curl("https://payments.example.com/v1/7"), "service: GET /v1/7")
            done = night.control.get("/api/changes").json()["changes"]
            self.assertEqual([one["service"] for one in done], ["payments"] * len(done))

    def assert_one_is_let_in(self, night, link):
        jar = artefact(f"night-{os.getpid()}.cookies")
        through = night.curl("-L", "-c", str(jar), "-b", str(jar), link)
        jar.unlink()
        self.assertEqual(through, "service: GET /")
        self.assertEqual(night.heard()["status"], 503)  # others are not
        self.assertEqual(night.browser("visit", link), "https://payments.example.com/\nservice: GET /")
        self.assertIn("Back soon", night.browser("visit", "https://payments.example.com/"))
        wrong = night.browser("visit", link[:-4] + "AAAA")
        self.assertIn("Back soon", wrong)
        refused = night.control.get("/api/callers").json()["callers"]
        self.assertEqual([one["agent"][:8] for one in refused if one["wrongPasses"]], ["Mozilla/"])

    def soap_in_metrics(self, night):
        families = text_string_to_metric_families(night.control.get("/metrics").text)
        return sum(sample.value for family in families for sample in family.samples
                   if sample.name == "intermission_answers_total" and sample.labels["kind"] == "soap"
                   and sample.labels["service"] == "payments")

    def test_by_command(self):
        self.walk(Commands)

    def test_by_calls_of_the_api(self):
        self.walk(Calls)

    def test_on_the_dashboard_of_a_phone(self):
        self.walk(Dashboard)

    def test_every_line_of_the_section_is_run(self):
        """Those of the walks, and no other: the document and this test stay in step."""
        patterns = ("intermission serve", "^auth=", "intermission windows payments plan", r"curl .*/windows ",
                    "intermission extend", r"curl .*/extend ", "intermission bypass", r"curl .*/bypass ",
                    "intermission callers", r"curl .*/callers", "intermission off", r"curl .*/off")
        self.assertEqual(sorted(line(pattern) for pattern in patterns), sorted(LINES))


if __name__ == "__main__":
    unittest.main()
