"""Instances that share their state in a PostgreSQL of the test's own: one switch reaches all, with and without it."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from control import Control
from gateway import PATIENCE, Gateway, run
from postgres import PASSWORD, Pooler, Postgres, Proxy

TOKEN = "the-token-of-this-test"
CONFIG = """
listen: { address: 127.0.0.1 }
services:
  - { name: orders, hosts: [orders.example.com], maintenance: off }
  - { name: shop, hosts: [shop.example.com], maintenance: off }
"""
GATE = "/.well-known/intermission/gate"


def eventually(question, what, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, what
        time.sleep(0.01)


class Instance(Gateway):
    def __init__(self, url, *arguments, config=CONFIG, extra=None):
        super().__init__(*arguments, config=config,
                         extra={"INTERMISSION_DATABASE_URL": url, "INTERMISSION_TOKEN": TOKEN, **(extra or {})})

    def __enter__(self):
        super().__enter__()
        self.control = Control(self, TOKEN)
        return self

    def is_open(self, service="orders"):
        return self.get(GATE, {"X-Forwarded-Host": f"{service}.example.com", "X-Forwarded-Method": "GET",
                               "X-Forwarded-Uri": "/", "Host": f"{service}.example.com"}).status == 204

    def status(self):
        return self.control.get("/api/status").json()

    def is_reachable(self):
        return self.status()["store"]["reachable"]

    def switch(self, to, service="orders", query="", **body):
        return self.control.post(f"/api/services/{service}/{to}{query}", body)

    def version(self):
        return self.status()["version"]


class SharedState(unittest.TestCase):
    def postgres(self, **more):
        return self.enterContext(Postgres(**more))

    def instance(self, url, *arguments, **more):
        return self.enterContext(Instance(url, *arguments, **more))

    # ------------------------------------------------------------ together

    def test_a_change_of_one_is_in_force_at_all(self):
        postgres = self.postgres()
        all_of_them = [self.instance(postgres.url()) for _ in range(3)]
        for one in all_of_them:
            eventually(lambda: one.status()["store"]["notified"], "NOTIFY is heard")
        took = []
        for turn in range(10):
            to = "on" if turn % 2 == 0 else "off"
            began = time.monotonic()
            self.assertEqual(all_of_them[turn % 3].switch(to).status, 200)
            for one in all_of_them:
                eventually(lambda: one.is_open() == (to == "off"), f"{to} is in force", 5)
            took.append(time.monotonic() - began)
        self.assertLess(sorted(took)[len(took) // 2], 1.0, took)
        versions = {one.version() for one in all_of_them}
        self.assertEqual(versions, {10})
        trails = {json.dumps(one.control.get("/api/changes").json()) for one in all_of_them}
        self.assertEqual(len(trails), 1)
        self.assertEqual(postgres.sql("SELECT count(*) FROM intermission_audit"), "10")

    def test_others_hear_of_a_change_first_and_read_it_by_one_statement(self):
        postgres = self.postgres(settings={"log_statement": "all", "log_min_messages": "log", "log_line_prefix": "%p "})
        one, other = self.instance(postgres.url()), self.instance(postgres.url())
        for instance in (one, other):
            eventually(lambda: instance.status()["store"]["notified"], "NOTIFY is heard")
        log = postgres.folder / "log"

        def beats():
            found = re.findall(r"^(\d+) LOG:  execute <unnamed>: WITH beat", log.read_text(encoding="utf-8"), re.MULTILINE)
            return min(found.count(pid) for pid in set(found)) if len(set(found)) == 2 else 0
        eventually(lambda: beats() >= 3, "what belongs to the beginning is over")
        before = len(log.read_text(encoding="utf-8"))
        self.assertEqual(one.switch("on", query="?wait=20s").json()["instances"]["missing"], [])
        said = re.findall(r"^(\d+) LOG:  (?:statement|execute <unnamed>): (.*)$",
                          log.read_text(encoding="utf-8")[before:], re.MULTILINE)
        teller = next(pid for pid, statement in said if statement.startswith("INSERT INTO intermission_service"))
        told = [statement for pid, statement in said if pid == teller]
        commit = next(at for at in range(len(told)) if told[at].startswith("UPDATE intermission_head"))
        while told[commit] != "COMMIT":
            commit += 1
        self.assertIn("pg_notify", told[commit + 1], "before it does anything else")
        self.assertEqual([pid == teller for pid, statement in said if statement.startswith("WITH head")], [False],
                         "the other reads once, and the one that made the change needs not")

    def test_of_two_changes_of_one_version_one_wins(self):
        postgres = self.postgres()
        one, other = self.instance(postgres.url()), self.instance(postgres.url())
        self.assertEqual(one.switch("on").status, 200)
        eventually(lambda: other.version() == 1, "the other has it")
        tag = {"If-Match": '"1"'}
        self.assertEqual(one.control.post("/api/services/orders/off", {}, tag).status, 200)
        self.assertEqual(other.control.post("/api/services/orders/off", {}, tag).status, 412)
        self.assertEqual(other.switch("on", "shop").status, 200)
        eventually(lambda: not one.is_open("shop"), "the change after a conflict is in force")

    def test_wait_names_those_that_do_not_have_it(self):
        postgres = self.postgres()
        one = self.instance(postgres.url())
        proxy = self.enterContext(Proxy(postgres.port))
        other = self.instance(postgres.url(port=proxy.port))
        answer = one.switch("on", query="?wait=20s")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json()["instances"], {"inForce": 2, "missing": []})
        self.assertFalse(other.is_open())
        proxy.stall()
        done = one.control.command("off", "orders", "--wait=1s")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("not yet in force at ", done.stderr)
        self.assertIn("orders: open", done.stdout)
        proxy.flow()
        eventually(other.is_open, "it is in force there as well")
        done = one.control.command("on", "orders", "--wait")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(one.switch("on", query="?wait=soon").status, 422)

    def test_instances_are_listed_and_told_apart_by_their_configuration(self):
        postgres = self.postgres()
        one = self.instance(postgres.url())
        other = self.instance(postgres.url(), config="# the same\n" + CONFIG)
        eventually(lambda: len(one.control.get("/api/instances").json()["instances"]) == 2, "both are there")
        listed = one.control.get("/api/instances").json()
        self.assertEqual(listed["warnings"], [])
        self.assertEqual([at["self"] for at in listed["instances"]].count(True), 1)
        self.assertTrue(all(at["living"] for at in listed["instances"]))
        other.config.write_text(CONFIG.replace("shop", "store"), encoding="utf-8")
        self.assertEqual(other.control.post("/api/reload", {}).status, 200)
        eventually(lambda: one.control.get("/api/instances").json()["warnings"], "they differ")
        done = one.control.command("instances")
        self.assertIn("2 different configurations", done.stdout)
        # What one of them does not know is not lost.
        self.assertEqual(one.switch("on", "shop").status, 200)
        eventually(lambda: other.version() == 1, "it has taken it over")
        self.assertEqual(other.switch("on").status, 200)
        eventually(lambda: one.version() == 2, "and passes it on")
        self.assertFalse(one.is_open("shop"))
        other.stop()
        eventually(lambda: len(one.control.get("/api/instances").json()["instances"]) == 1, "one has left")

    def test_where_notify_is_forbidden_they_look_each_second(self):
        postgres = self.postgres()
        postgres.sql("REVOKE EXECUTE ON FUNCTION pg_notify(text, text) FROM PUBLIC")
        one, other = self.instance(postgres.url()), self.instance(postgres.url())
        for turn in range(4):
            to = "on" if turn % 2 == 0 else "off"
            began = time.monotonic()
            self.assertEqual(one.switch(to).status, 200)
            eventually(lambda: other.is_open() == (to == "off"), "it is found", 5)
            self.assertLess(time.monotonic() - began, 2.5)
        self.assertFalse(other.status()["store"]["notified"])

    def test_through_a_pooler_they_look_each_second(self):
        postgres = self.postgres()
        pooler = self.enterContext(Pooler(postgres))
        one, other = (self.instance(postgres.url(port=pooler.port)) for _ in range(2))
        for turn in range(6):
            to = "on" if turn % 2 == 0 else "off"
            began = time.monotonic()
            self.assertEqual((one, other)[turn % 2].switch(to).status, 200)
            for listener in (one, other):
                eventually(lambda: listener.is_open() == (to == "off"), "it is found", 5)
            self.assertLess(time.monotonic() - began, 2.5)
        self.assertFalse(one.status()["store"]["notified"], "what it tells itself comes back, and nothing else does")
        self.assertFalse(other.status()["store"]["notified"])

    def test_changes_that_the_database_wants_repeated_are_repeated(self):
        postgres = self.postgres()
        one, other = self.instance(postgres.url()), self.instance(postgres.url())
        self.assertEqual(one.switch("on").status, 200)
        # As CockroachDB does, in the middle of a transaction or only at its end.
        postgres.sql("CREATE SEQUENCE tries; CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
                     "$$BEGIN IF nextval('tries') % 3 <> 0 THEN RAISE EXCEPTION 'restart transaction' USING ERRCODE = '40001'; "
                     "END IF; RETURN NEW; END$$")
        for number, when in enumerate(("TRIGGER a BEFORE", "CONSTRAINT TRIGGER b AFTER")):
            deferred = "DEFERRABLE INITIALLY DEFERRED" if "CONSTRAINT" in when else ""
            postgres.sql(f"CREATE {when} INSERT ON intermission_audit {deferred} FOR EACH ROW EXECUTE FUNCTION again()")
            to = ("off", "on")[number]
            self.assertEqual(one.switch(to).status, 200)
            eventually(lambda: other.is_open() == (to == "off"), "the other has it")
            postgres.sql(f"DROP TRIGGER {when.split()[-2]} ON intermission_audit")
        self.assertEqual(postgres.sql("SELECT count(*), max(version) FROM intermission_audit"), "3|3")
        self.assertGreaterEqual(int(postgres.sql("SELECT last_value FROM tries")), 6)

    def test_a_thousand_services(self):
        config = "listen: { address: 127.0.0.1 }\nservices:\n" + "".join(
            f"  - {{ name: s{number}, hosts: [s{number}.example.com], maintenance: off }}\n" for number in range(1000))
        postgres = self.postgres()
        one = self.instance(postgres.url(), config=config)
        self.assertEqual(one.switch("on", "s0").status, 200)
        postgres.sql("INSERT INTO intermission_service SELECT 's' || number, 1, state FROM intermission_service, "
                     "generate_series(1, 999) number WHERE name = 's0'")
        other = self.instance(postgres.url(), config=config)
        eventually(lambda: not other.is_open("s999"), "it has read all")
        self.assertEqual(other.status()["inMaintenance"], 1001)
        for number in range(0, 1000, 100):
            self.assertEqual(other.switch("off", f"s{number}", "?wait=20s").json()["instances"]["missing"], [])
            self.assertTrue(one.is_open(f"s{number}"))
        self.assertEqual(other.status()["inMaintenance"], 991)

    def test_counts_are_of_all_together(self):
        postgres = self.postgres()
        one = self.instance(postgres.url())
        other = Instance(postgres.url())
        with other:
            for gateway, agent in ((one, "first/1"), (other, "second/1"), (other, "first/1")):
                self.assertEqual(gateway.get("/", {"Host": "orders.example.com", "User-Agent": agent}).status, 503)

            def callers(query=""):
                listed = one.control.get("/api/callers" + query).json()["callers"]
                return {caller["agent"]: caller["count"] for caller in listed}
            eventually(lambda: callers().get("second/1") == 1, "the other's are seen")
            eventually(lambda: callers()["first/1"] == 2, "and summed up")
            self.assertEqual(callers("?instance=self"), {"first/1": 1})
            answers = one.control.get("/api/answers").json()["answers"]
            self.assertEqual(sum(answer["count"] for answer in answers if answer["service"] == "orders"), 3)
            minutes = one.control.get("/api/history").json()["minutes"]
            self.assertEqual(sum(at["count"] for minute in minutes for at in minute["answers"]
                                 if at["service"] == "orders"), 3)
            done = one.control.command("callers")
            self.assertIn("second/1", done.stdout)
            self.assertNotIn("second/1", one.control.command("callers", "--local").stdout)
        self.assertEqual(callers().get("second/1"), 1, "it has gone, and what it counted stays")

    # ------------------------------------------------------------ without the database

    def test_the_database_goes_and_comes_back(self):
        postgres = self.postgres()
        one = self.instance(postgres.url())
        self.assertEqual(one.switch("on").status, 200)
        postgres.kill()
        eventually(lambda: not one.is_reachable(), "it is seen")
        self.assertFalse(one.is_open(), "a closed gate stays closed")
        answer = one.switch("off")
        self.assertEqual(answer.status, 503)
        self.assertIn("is not in force: the database cannot be reached", answer.json()["detail"])
        self.assertEqual(one.control.get("/readyz").status, 200)
        self.assertIn("intermission_store_reachable 0", one.control.get("/metrics").text)
        self.assertIn("the database cannot be reached since", one.control.command("status").stdout)
        self.assertEqual(one.switch("on", "shop", local=True).status, 200)
        self.assertFalse(one.is_open("shop"))
        self.assertEqual(one.status()["store"]["held"], ["shop"])
        self.assertIn("at this instance alone: shop", one.control.command("status").stdout)
        self.assertEqual(one.control.command("off", "shop", "--local").returncode, 0)
        self.assertTrue(one.is_open("shop"))
        self.assertEqual(one.control.command("on", "shop", "--local").returncode, 0)
        postgres.start()
        eventually(one.is_reachable, "it is there again")
        eventually(lambda: one.is_open("shop"), "what was held by hand ends")
        self.assertFalse(one.is_open())
        refused = one.switch("on", "shop", local=True)
        self.assertEqual(refused.status, 409)
        self.assertEqual(one.switch("off").status, 200)
        self.assertTrue(one.is_open())

    def test_starts_without_the_database_from_its_copy(self):
        postgres = self.postgres()
        with Instance(postgres.url()) as one:
            self.assertEqual(one.switch("on").status, 200)
            kept = (one.folder / "intermission.state.json").read_text(encoding="utf-8")
        self.assertNotIn(PASSWORD, kept)
        postgres.kill()
        copy = postgres.folder / "copy"
        copy.mkdir()
        copy.chmod(0o755)
        (copy / "kept.json").write_text(kept, encoding="utf-8")
        (copy / "kept.json").chmod(0o600)
        config = CONFIG + f"state: {{ file: {copy / 'kept.json'} }}\n"
        two = self.instance(postgres.url(), config=config)
        self.assertFalse(two.is_open())
        two.stderr.wait_for("cannot be reached .* the local copy of the state is in force, of version 1")
        bare = self.instance(postgres.url())
        bare.stderr.wait_for("there is no local copy of the state")
        self.assertTrue(bare.is_open(), "as the configuration says")
        postgres.start()
        eventually(lambda: not bare.is_open(), "it takes over what there is")

    def test_a_backup_does_not_open_what_is_in_maintenance(self):
        postgres = self.postgres()
        one = self.instance(postgres.url())
        self.assertEqual(one.switch("on", "shop").status, 200)
        postgres.stop()
        postgres.copy()
        postgres.start()
        eventually(one.is_reachable, "it is there")
        self.assertEqual(one.switch("on").status, 200)
        postgres.stop()
        postgres.restore()
        postgres.start()
        one.stderr.wait_for("the database went back from version 2 to 1")
        self.assertFalse(one.is_open())
        fresh = self.instance(postgres.url())
        eventually(lambda: not fresh.is_open(), "it was put back into the database")
        changes = [change["what"] for change in fresh.control.get("/api/changes").json()["changes"]]
        self.assertEqual(len(changes), 3, changes)
        self.assertIn("what the database had lost", changes[0])

    def test_a_database_that_is_read_only(self):
        postgres = self.postgres()
        one = self.instance(postgres.url())
        self.assertEqual(one.switch("on").status, 200)
        postgres.sql("ALTER ROLE gateway SET default_transaction_read_only = on")
        postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gateway'")
        eventually(lambda: one.switch("off").status == 503 and "read-only" in one.switch("off").json()["detail"],
                   "it is said")
        self.assertFalse(one.is_open())
        self.assertEqual(one.control.get("/readyz").status, 200)
        postgres.sql("ALTER ROLE gateway SET default_transaction_read_only = off")
        eventually(lambda: one.switch("off").status == 200, "it takes changes again")

    def test_clients_do_not_wait_for_a_slow_database(self):
        postgres = self.postgres()
        proxy = self.enterContext(Proxy(postgres.port))
        one = self.instance(postgres.url(port=proxy.port))
        self.assertEqual(one.switch("on").status, 200)

        def slowest():
            took = []
            for _ in range(300):
                began = time.monotonic()
                self.assertFalse(one.is_open())
                took.append(time.monotonic() - began)
            return sorted(took)[-3]
        before = slowest()
        proxy.stall()
        during = slowest()
        eventually(lambda: not one.is_reachable(), "it is seen")
        proxy.flow()
        self.assertLess(during, max(10 * before, 0.5))
        eventually(one.is_reachable, "it is there again")

    # ------------------------------------------------------------ tables and secrets

    def test_tables_of_a_newer_version_are_refused(self):
        postgres = self.postgres()
        with Instance(postgres.url()) as one:
            self.assertEqual(one.switch("on").status, 200)
        postgres.sql("UPDATE intermission_schema SET version = 2")
        two = self.instance(postgres.url())
        two.stderr.wait_for("its tables have version 2, and this program knows none above 1: update the program")
        self.assertEqual(two.switch("off").status, 503)

    def test_a_role_without_ddl_is_told_to_migrate(self):
        postgres = self.postgres()
        postgres.sql("REVOKE ALL ON SCHEMA public FROM gateway; REVOKE CREATE ON SCHEMA public FROM PUBLIC; "
                     "GRANT USAGE ON SCHEMA public TO gateway")
        one = self.instance(postgres.url())
        one.stderr.wait_for("run `intermission state migrate`")
        owner = {"INTERMISSION_DATABASE_URL": postgres.url(name="owner")}
        for _ in range(2):
            done = run("state", "migrate", extra=owner)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("have version 1", done.stdout)
        postgres.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON intermission_head, intermission_service, "
                     "intermission_instance, intermission_schema TO gateway; "
                     "GRANT SELECT, INSERT ON intermission_audit TO gateway")
        eventually(one.is_reachable, "it goes on by itself")
        self.assertEqual(one.switch("on").status, 200)
        self.assertIn("CREATE TABLE", run("state", "migrate", "--print").stdout)
        self.assertEqual(run("state", "migrate").returncode, 2)

    def test_the_state_of_one_instance_becomes_that_of_all(self):
        postgres = self.postgres()
        folder = postgres.folder / "own"
        folder.mkdir(mode=0o755)
        config = CONFIG + f"state: {{ file: {folder / 'state.json'} }}\n"
        with Gateway(config=config, extra={"INTERMISSION_TOKEN": TOKEN}) as alone:
            control = Control(alone, TOKEN)
            self.assertEqual(control.post("/api/services/orders/on", {}).status, 200)
            self.assertEqual(control.post("/api/services/orders/on", {"local": True}).status, 409)
            self.assertEqual(control.get("/api/status").json()["store"]["kind"], "file")
            self.assertEqual(len(control.get("/api/instances").json()["instances"]), 1)
            self.assertEqual(control.post("/api/services/orders/on?wait=5s", {}).json()["instances"]["missing"], [])
        one = self.instance(postgres.url(), config=config)
        one.stderr.wait_for("the database is empty; the state of this instance is put into it")
        other = self.instance(postgres.url())
        self.assertFalse(other.is_open())

    def test_the_password_is_nowhere(self):
        postgres = self.postgres()
        file = postgres.folder / "url"
        file.write_text(postgres.url() + "\n", encoding="utf-8")
        wrong = postgres.url().replace("dbname=ops", "dbname=none")
        one = self.enterContext(Gateway(config=CONFIG, extra={"INTERMISSION_DATABASE_URL_FILE": str(file),
                                                       "INTERMISSION_TOKEN": TOKEN}))
        control = Control(one, TOKEN)
        two = self.instance(wrong)
        two.stderr.wait_for("cannot be reached")
        bad = run("serve", "--port", "0", "--control-port", "0",
                  extra={"INTERMISSION_DATABASE_URL": f"host=h password='{PASSWORD}"})
        self.assertEqual(bad.returncode, 2)
        said = [bad.stderr, run("state", "migrate", extra={"INTERMISSION_DATABASE_URL": wrong}).stderr]
        for gateway, at in ((one, control), (two, two.control)):
            at.post("/api/services/orders/on", {})
            said += [at.get(path).text for path in ("/api/status", "/api/instances", "/api/changes", "/metrics")]
            said += [path.read_text(encoding="utf-8") for path in gateway.folder.rglob("*") if path.is_file()]
            said.append(pathlib.Path(f"/proc/{gateway.process.pid}/cmdline").read_text(encoding="utf-8"))
        said.append(subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout)
        said.append(postgres.sql("SELECT string_agg(query, ' ') FROM pg_stat_activity"))
        for gateway in (one, two):
            gateway.stop()
            said += gateway.stderr.all() + gateway.stdout.all()
        for text in said:
            self.assertNotIn(PASSWORD, text)
        self.assertTrue(any(re.search(r"127\.0\.0\.1:\d+, database none", text) for text in said))

    def test_any_password_from_each_place(self):
        postgres = self.postgres()
        odd = "a b'c\\d%e\"f@g:h/i?j=k"
        postgres.sql("ALTER ROLE gateway PASSWORD $$" + odd + "$$")
        quoted = odd.replace("\\", "\\\\").replace("'", "\\'")
        words = f"host=127.0.0.1 port={postgres.port} dbname=ops user=gateway password='{quoted}'"
        uri = f"postgresql://gateway:{urllib.parse.quote(odd, safe='')}@127.0.0.1:{postgres.port}/ops"
        file = postgres.folder / "url"
        file.write_text(uri + "\n", encoding="utf-8")
        bound = {"credentials": {"hostname": "127.0.0.1", "port": postgres.port, "name": "ops", "username": "gateway",
                                 "password": odd}, "tags": ["postgresql"], "name": "db"}
        places = [{"INTERMISSION_DATABASE_URL": words}, {"INTERMISSION_DATABASE_URL": uri},
                  {"INTERMISSION_DATABASE_URL_FILE": str(file)}, {"VCAP_SERVICES": json.dumps({"db": [bound]})}, {}]
        for place in places:
            config = CONFIG + ("" if place else f"state: {{ postgresql: {json.dumps(words)} }}\n")
            with Gateway(config=config, extra={"INTERMISSION_TOKEN": TOKEN, **place}) as one:
                control = Control(one, TOKEN)
                eventually(lambda: control.get("/api/status").json()["store"]["reachable"], place)
            checked = run("check", "--config", str(self.config(config)), extra=place)
            self.assertEqual((checked.returncode, checked.stderr), (0, ""))
            self.assertNotIn(odd, checked.stdout)

    def config(self, text, mode=0o600):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="intermission-live-")))
        file = folder / "intermission.yaml"
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        return file

    def test_check_reads_the_address_as_serve_does(self):
        def checked(words, mode=0o600, **extra):
            file = self.config(CONFIG + f"state:\n  postgresql: {json.dumps(words)}\n", mode)
            done = run("check", "--config", str(file), extra=extra)
            self.assertNotIn(PASSWORD, done.stdout + done.stderr)
            return done.returncode, (done.stdout + done.stderr).replace(str(file), "FILE")
        secret = f"host=127.0.0.1 dbname=ops password={PASSWORD}"
        self.assertEqual(checked(secret)[0], 0)
        code, told = checked(secret, 0o644)
        self.assertEqual(code, 0)
        self.assertIn("warning: FILE:7: state.postgresql: others may read the file that holds the password", told)
        code, told = checked("host=db.example.com sslmode=require")
        self.assertEqual(code, 0)
        self.assertIn("warning: FILE:7: state.postgresql: sslmode=require does not verify", told)
        code, told = checked("hots=db.example.com")
        self.assertEqual((code, told), (2, "intermission: FILE:7: state.postgresql: unknown keyword hots; did you mean host?\n"))
        code, told = checked(f"host=db sslmode=verify_full password={PASSWORD}")
        self.assertEqual(code, 2)
        self.assertIn("FILE:7: state.postgresql: sslmode: expected one of", told)
        # The environment beats the file, and is what is checked.
        self.assertEqual(checked("hots=db", INTERMISSION_DATABASE_URL="host=127.0.0.1")[0], 0)
        code, told = checked(secret, INTERMISSION_DATABASE_URL=f"host=127.0.0.1 port=x password={PASSWORD}")
        self.assertEqual((code, told), (2, "intermission: INTERMISSION_DATABASE_URL: port: expected a number from 1 to 65535\n"))
        bare = self.config(CONFIG)
        bound = {"VCAP_SERVICES": json.dumps({"db": [{"name": "db", "tags": ["postgresql"], "credentials": {}}]})}
        done = run("check", "--config", str(bare), extra=bound)
        self.assertEqual(done.returncode, 2)
        self.assertIn("VCAP_SERVICES: db: expected credentials with a uri", done.stderr)
        done = run("check", "--config", str(bare), "--state-binding", "other", extra=bound)
        self.assertEqual(done.returncode, 2)
        self.assertIn('--state-binding: VCAP_SERVICES has no binding named "other"', done.stderr)

    def test_a_binding_of_cloud_foundry(self):
        postgres = self.postgres()
        services = {"db": [{"name": "other", "tags": ["postgresql"], "credentials": {"uri": "postgres://127.0.0.1:1/x"}},
                           {"name": "mine", "tags": ["postgresql"], "credentials": {
                               "uri": f"postgres://gateway:{PASSWORD}@127.0.0.1:{postgres.port}/ops"}}]}
        one = self.enterContext(Gateway("--state-binding", "mine", config=CONFIG, extra={
            "VCAP_SERVICES": json.dumps(services), "INTERMISSION_TOKEN": TOKEN, "CF_INSTANCE_INDEX": "1",
            "VCAP_APPLICATION": json.dumps({"application_name": "maintenance"})}))
        control = Control(one, TOKEN)
        listed = control.get("/api/instances").json()["instances"]
        self.assertEqual([at["name"] for at in listed], ["maintenance/1"])


if __name__ == "__main__":
    os.environ.setdefault("PGCONNECT_TIMEOUT", "10")
    unittest.main()
