"""Consumers that are constructed from ?wsdl while the service is in maintenance: zeep lives to call,
and its user gets the message and the fault that the operation declared."""

import itertools
import pathlib
import subprocess
import tempfile
import unittest

import zeep

import museum
from counting_proxy import CountingProxy
from gateway import Gateway, run

CONTRACTS = pathlib.Path(__file__).parents[2] / "deploy" / "contracts"
MESSAGE = "Orders are back at 02:00 UTC <or so> & thank you"
TYPES = "urn:example:orders:types"
BINDINGS = {"1.1": "Port11", "1.2": "Port12"}


def config(wsdl=CONTRACTS / "orders.wsdl", message=MESSAGE):
    return f"services:\n  - name: orders\n    message: {message!r}\n    wsdl: {str(wsdl)!r}\n"


def client_of(url, query="wsdl"):
    transport = zeep.Transport()
    transport.session.trust_env = False
    return zeep.Client(f"{url}/soap?{query}", transport=transport)


def fault_of(case, client, version, operation="GetOrder"):
    service = client.bind("OrderService", BINDINGS[version])
    with case.assertRaises(zeep.exceptions.Fault) as caught:
        getattr(service, operation)(id="7")
    return caught.exception


class Wsdl(unittest.TestCase):
    def test_a_consumer_is_constructed_and_hears_the_declared_fault(self):
        with Gateway(config=config()) as gateway:
            for query, version in itertools.product(("wsdl", "WSDL", "singleWsdl"), BINDINGS):
                with CountingProxy(gateway.host, gateway.port) as proxy, self.subTest(query=query, version=version):
                    client = client_of(proxy.urls[0], query)
                    fault = fault_of(self, client, version)
                    self.assertIn(MESSAGE, fault.message)
                    entry = fault.detail.find(f"{{{TYPES}}}ServiceUnavailable")
                    typed = client.get_element(f"{{{TYPES}}}ServiceUnavailable").parse(
                        entry, client.wsdl.types)
                    self.assertEqual(typed.code, "SERVICE_UNAVAILABLE")
                    self.assertEqual(typed.message, MESSAGE)
                    self.assertGreaterEqual(typed.retryAfter, 1)
                    self.assertIsNone(typed.until)
                    museum.exhibit("zeep", zeep.__version__, "SOAP, from ?wsdl",
                                   f"ServiceUnavailable, code {typed.code}: {typed.message}",
                                   museum.comes_back(proxy.pauses(proxy.urls[0])), MESSAGE)

    def test_an_operation_without_a_fault_that_fits_has_an_empty_detail_at_most(self):
        with Gateway(config=config()) as gateway:
            for version in BINDINGS:
                with self.subTest(version):
                    fault = fault_of(self, client_of(gateway.url), version, "CancelOrder")
                    self.assertIn(MESSAGE, fault.message)
                    # SOAP 1.1 wants the element all the same.
                    self.assertEqual([] if version == "1.1" else None,
                                     fault.detail if fault.detail is None else list(fault.detail))

    def test_the_detail_is_valid_by_the_schema(self):
        with Gateway(config=config()) as gateway, tempfile.TemporaryDirectory() as folder:
            for version in BINDINGS:
                fault = fault_of(self, client_of(gateway.url), version)
                entry = fault.detail.find(f"{{{TYPES}}}ServiceUnavailable")
                document = pathlib.Path(folder, "detail.xml")
                document.write_bytes(zeep.wsdl.utils.etree.tostring(entry))
                done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", CONTRACTS / "orders.xsd",
                                       document], capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_documents_lead_to_the_host_asked(self):
        with Gateway(config=config()) as gateway:
            wsdl = gateway.get("/soap?wsdl", {"Host": "orders.example.net"})
            self.assertEqual(wsdl.status, 200)
            self.assertEqual(wsdl.media_type, "text/xml")
            self.assertEqual(wsdl.headers["Cache-Control"], "no-store")
            self.assertIn('location="http://orders.example.net/soap"', wsdl.text)
            self.assertIn('schemaLocation="http://orders.example.net/soap?xsd=orders.xsd"', wsdl.text)
            unbelieved = gateway.get("/soap?wsdl", {"Host": "h", "X-Forwarded-Proto": "https"})
            self.assertIn('location="http://h/soap"', unbelieved.text)
            self.assertEqual(gateway.get("/soap?xsd=orders.xsd").status, 200)
            self.assertEqual(gateway.get("/soap?xsd=../intermission.yaml").status, 503)

    def test_a_trusted_proxy_tells_of_tls(self):
        with Gateway(config="trusted_proxies: [127.0.0.1]\n" + config()) as gateway:
            behind_tls = gateway.get("/soap?wsdl", {"Host": "h", "X-Forwarded-Proto": "https"})
            self.assertIn('location="https://h/soap"', behind_tls.text)

    def test_behind_a_gate_nothing_opens_the_door(self):
        with Gateway(config="trusted_proxies: [127.0.0.1]\n" + config()) as gateway:
            asked = gateway.get("/.well-known/intermission/gate",
                                {"X-Forwarded-Host": "h", "X-Forwarded-Uri": "/soap?wsdl",
                                 "X-Forwarded-Method": "GET"})
            self.assertEqual(asked.status, 503)

    def test_without_a_wsdl_nothing_is_made_up(self):
        with Gateway(config=f"services:\n  - name: orders\n    message: {MESSAGE!r}\n") as gateway:
            self.assertEqual(gateway.get("/soap?wsdl").status, 503)

    def test_a_broken_contract_takes_no_answer_away(self):
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder, "orders.wsdl")
            broken.write_text("<definitions>\n</oops>", encoding="utf-8")
            with Gateway(config=config(broken)) as gateway:
                self.assertEqual(gateway.get("/soap?wsdl").status, 503)
                gateway.stderr.wait_for(r"orders\.wsdl:2: expected an XML document")
            file = pathlib.Path(folder, "intermission.yaml")
            file.write_text(config(broken), encoding="utf-8")
            done = run("check", "--config", file)
            self.assertEqual(done.returncode, 1)
            self.assertIn("orders.wsdl:2: expected an XML document", done.stderr)

    def test_check_and_explain_tell_of_the_contract(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "intermission.yaml")
            file.write_text(config(), encoding="utf-8")
            report = run("check", "--config", file)
            self.assertEqual(report.returncode, 0, report.stderr)
            self.assertIn("2 operations, 2 SOAP ports; 2 declare faults, 1 of them one that fits", report.stdout)
            told = run("explain", "--config", file, "POST", "http://orders.example.com/soap", "-H",
                       "Content-Type: text/xml", "-H", 'SOAPAction: "urn:example:orders/GetOrder"')
            self.assertRegex(told.stdout, r"contract +operation GetOrder of .*orders\.wsdl, by its action; "
                                          r"its fault ServiceUnavailable is the detail")


if __name__ == "__main__":
    unittest.main()
