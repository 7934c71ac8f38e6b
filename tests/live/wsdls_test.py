"""WSDL documents of other makers: zeep is constructed from what the gateway serves during
maintenance, and for every operation of every port it reads the fault in its own version of SOAP,
with the operator's message in it. A declared detail is valid by its schema, or there is none."""

import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse

import requests
import yaml
import zeep
from lxml import etree
from zeep.wsdl.bindings import soap

from gateway import Gateway

HERE = pathlib.Path(__file__).parent
CONFIG = HERE / "foreign_wsdls.test.yaml"
MESSAGE = "Back at 02:00 UTC <or so> & thank you"
# Service -> how many operations its SOAP ports have together, and how many of them get a detail.
SERVICES = {
    "wsaa": (1, 0), "wsfe": (40, 0), "inscription": (5, 0), "padron": (3, 0), "promised": (1, 0),
    "stockquote": (2, 0), "weather": (6, 0), "adwords": (10, 10), "adding": (1, 1), "orders": (4, 2),
}
ENVELOPE = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}
SCHEMA = "{http://www.w3.org/2001/XMLSchema}schema"


def gateway():
    return Gateway("--config", CONFIG, extra={"MAINTENANCE_MESSAGE": MESSAGE})


class Router(requests.adapters.HTTPAdapter):
    """What stands in front of the gateway: every host is behind it, and TLS ends here."""

    def __init__(self, running):
        super().__init__()
        self.running = running

    def send(self, request, **options):
        asked = urllib.parse.urlsplit(request.url)
        request.headers.update({"Host": asked.netloc, "X-Forwarded-Proto": asked.scheme})
        request.url = self.running.url + request.path_url
        response = super().send(request, **options)
        response.url = asked.geturl()
        return response


def client_of(running, origin, query="wsdl"):
    transport = zeep.Transport()
    transport.session.trust_env = False
    for scheme in ("http://", "https://"):
        transport.session.mount(scheme, Router(running))
    return zeep.Client(f"{origin}/soap?{query}", transport=transport)


def soap_ports(client):
    for service in client.wsdl.services.values():
        for port in service.ports.values():
            if isinstance(port.binding, soap.SoapBinding):
                yield port


def call(client, port, operation):
    """Sends an envelope with the operation's own element and action; zeep reads the answer."""
    binding = port.binding
    version = "1.2" if isinstance(binding, soap.Soap12Binding) else "1.1"
    element = operation.input.body.qname if operation.input.body is not None else None
    inner = f'<m:{element.localname} xmlns:m="{element.namespace}"/>' if element is not None else ""
    envelope = f'<e:Envelope xmlns:e="{ENVELOPE[version]}"><e:Body>{inner}</e:Body></e:Envelope>'
    headers = {"Content-Type": f'application/soap+xml; action="{operation.soapaction}"'} if version == "1.2" else {
        "Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation.soapaction}"'}
    response = client.transport.post(port.binding_options["address"], envelope.encode(), headers)
    return response, lambda: binding.process_reply(client, operation, response)


def schema_of(document, element):
    """The schema inside of a WSDL that declares an element; it stands alone there."""
    for schema in etree.parse(str(document)).iter(SCHEMA):
        if schema.get("targetNamespace") == element.namespace:
            return etree.tostring(schema)
    raise AssertionError(f"no schema declares {element}")


class Wsdls(unittest.TestCase):
    def test_every_operation_is_answered_with_a_fault_that_zeep_reads(self):
        with gateway() as running:
            for service, expected in SERVICES.items():
                client = client_of(running, f"http://{service}.test")
                details = []
                for port in soap_ports(client):
                    for name, operation in port.binding._operations.items():
                        with self.subTest(service, port=port.name, operation=name):
                            details.append(self.detail_of(client, port, operation))
                told = [detail for detail in details if detail is not None]
                self.assertEqual((len(details), len(told)), expected, service)
                if told and service != "orders":  # whose schema is a file of its own: see wsdl_test.py
                    self.hold_against_schema(service, told)

    def detail_of(self, client, port, operation):
        response, read = call(client, port, operation)
        self.assertEqual(response.status_code, 500)
        self.assertGreaterEqual(int(response.headers["Retry-After"]), 1)
        with self.assertRaises(zeep.exceptions.Fault) as caught:
            read()
        self.assertIn(MESSAGE, caught.exception.message)
        self.assertIn(caught.exception.code.rpartition(":")[2], ("Server", "Receiver"))
        if caught.exception.detail is None or len(caught.exception.detail) == 0:
            return None
        [entry] = caught.exception.detail
        client.get_element(entry.tag).parse(entry, client.wsdl.types)
        self.assertIn(MESSAGE, "".join(entry.itertext()))
        return entry

    def hold_against_schema(self, service, entries):
        """By xmllint, which is independent of zeep and of the gateway."""
        [document] = [one["wsdl"] for one in yaml.safe_load(CONFIG.read_text())["services"] if one["name"] == service]
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            schema = schema_of(HERE / document, etree.QName(entries[0].tag))
            (folder / "schema.xsd").write_bytes(schema)
            for entry in entries:
                done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", folder / "schema.xsd", "-"],
                                      input=etree.tostring(entry), capture_output=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_addresses_are_those_of_the_host_asked_and_of_the_scheme_that_a_proxy_tells(self):
        with gateway() as running:
            for service in SERVICES:
                for query in ("wsdl", "singleWsdl"):
                    origin = f"https://{service}.test:8443"
                    client = client_of(running, origin, query)
                    for port in soap_ports(client):
                        with self.subTest(service, query=query, port=port.name):
                            address = port.binding_options["address"]
                            self.assertTrue(address.startswith(f"{origin}/"), address)
                            self.detail_of(client, port, next(iter(port.binding._operations.values())))


if __name__ == "__main__":
    unittest.main()
