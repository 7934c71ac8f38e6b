"""WSDL documents that nobody here wrote, as npm packages ship them: zeep is constructed from ?wsdl
during maintenance, and for every operation of every port it reads the fault in its own version of
SOAP, with the operator's message in it. A declared detail is valid by its schema, or there is none."""

import pathlib
import unittest

import zeep
from zeep.wsdl.bindings import soap

from gateway import Gateway

PACKAGES = pathlib.Path(__file__).with_name("node_modules")
MESSAGE = "Back at 02:00 UTC <or so> & thank you"
#Document below node_modules -> how many operations its SOAP ports have together.
DOCUMENTS = {
    "afip.ts/lib/soap/wsdl/wsaa.wsdl": 1,
    "afip.ts/lib/soap/wsdl/wsfe.wsdl": 40,
    "afip.ts/lib/soap/wsdl/ws_sr_inscription_proof.wsdl": 5,
    "afip.ts/lib/soap/wsdl/ws_sr_padron_a13.wsdl": 3,
    "soap-as-promised/__tests__/wsdl/test.wsdl": 1,
    "strong-soap/example/wsdls/stockquote.wsdl": 2,
    "strong-soap/example/wsdls/weather.wsdl": 6,
}
ENVELOPE = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}


def service_of(document):
    return pathlib.Path(document).stem.replace("_", "-").lower()


def client_of(gateway, document):
    """A zeep client whose every request goes to the gateway, for the host of the document."""
    transport = zeep.Transport()
    transport.session.trust_env = False
    transport.session.headers["Host"] = f"{service_of(document)}.test"
    return zeep.Client(f"{gateway.url}/soap?wsdl", transport=transport)


def soap_ports(client):
    for service in client.wsdl.services.values():
        for port in service.ports.values():
            if isinstance(port.binding, soap.SoapBinding):
                yield port


def call(client, gateway, binding, operation):
    """Sends an envelope with the operation's own element and action; zeep reads the answer."""
    version = "1.2" if isinstance(binding, soap.Soap12Binding) else "1.1"
    element = operation.input.body.qname if operation.input.body is not None else None
    inner = f'<m:{element.localname} xmlns:m="{element.namespace}"/>' if element is not None else ""
    envelope = f'<e:Envelope xmlns:e="{ENVELOPE[version]}"><e:Body>{inner}</e:Body></e:Envelope>'
    headers = {"Content-Type": f'application/soap+xml; action="{operation.soapaction}"'} if version == "1.2" else {
        "Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation.soapaction}"'}
    response = client.transport.post(f"{gateway.url}/soap", envelope.encode(), headers)
    return response, lambda: binding.process_reply(client, operation, response)


class Wsdls(unittest.TestCase):
    def test_every_operation_is_answered_with_a_fault_that_zeep_reads(self):
        services = "".join(f"  - {{ name: {service_of(one)}, hosts: [{service_of(one)}.test], message: {MESSAGE!r}, "
                           f"wsdl: {PACKAGES / one} }}\n" for one in DOCUMENTS)
        with Gateway(config=f"services:\n{services}") as gateway:
            for document, count in DOCUMENTS.items():
                client = client_of(gateway, document)
                called = 0
                for port in soap_ports(client):
                    for name, operation in port.binding._operations.items():
                        with self.subTest(document, port=port.name, operation=name):
                            self.hold(client, gateway, port.binding, operation)
                            called += 1
                self.assertEqual(called, count, document)

    def hold(self, client, gateway, binding, operation):
        response, read = call(client, gateway, binding, operation)
        self.assertEqual(response.status_code, 500)
        self.assertGreaterEqual(int(response.headers["Retry-After"]), 1)
        with self.assertRaises(zeep.exceptions.Fault) as caught:
            read()
        self.assertIn(MESSAGE, caught.exception.message)
        self.assertIn(caught.exception.code.rpartition(":")[2], ("Server", "Receiver"))
        for entry in [] if caught.exception.detail is None else caught.exception.detail:
            client.get_element(entry.tag).parse(entry, client.wsdl.types)


if __name__ == "__main__":
    unittest.main()
