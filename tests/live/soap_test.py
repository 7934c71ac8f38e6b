"""SOAP consumers with zeep: during maintenance a call raises a Fault that says what the operator
said, whichever version of SOAP the port speaks."""

import pathlib
import unittest

import zeep
import zeep.plugins
import zeep.wsa

import museum
from counting_proxy import CountingProxy
from gateway import Gateway, retry_after

WSDL = pathlib.Path(__file__).with_name("orders.wsdl")
MESSAGE = "Orders are back at 02:00 UTC <or so> & thank you"
BINDINGS = {"1.1": "{urn:example:orders}Orders11", "1.2": "{urn:example:orders}Orders12"}
ENVELOPES = {"1.1": "{http://schemas.xmlsoap.org/soap/envelope/}Envelope",
             "1.2": "{http://www.w3.org/2003/05/soap-envelope}Envelope"}
ADDRESSING = "{http://www.w3.org/2005/08/addressing}"


class Consumer:
    """A zeep client of the WSDL on disk; keeps what went over the wire."""

    def __init__(self, url, version, *plugins):
        self.wire = zeep.plugins.HistoryPlugin()
        self.response = None
        client = zeep.Client(str(WSDL), plugins=[*plugins, self.wire])
        client.transport.session.trust_env = False
        client.transport.session.hooks["response"].append(self._keep)
        self.service = client.create_service(BINDINGS[version], f"{url}/soap")

    def _keep(self, response, *_, **__):
        self.response = response

    def fault(self, case):
        with case.assertRaises(zeep.exceptions.Fault) as caught:
            self.service.GetOrder(id="7")
        return caught.exception


class Soap(unittest.TestCase):
    def config(self, status=None):
        soap = f"    soap: {{ status: {status} }}\n" if status else ""
        return f"services:\n  - name: orders\n    message: {MESSAGE!r}\n{soap}"

    def test_the_fault_carries_the_message(self):
        with Gateway(config=self.config()) as gateway:
            for version, code in (("1.1", "Server"), ("1.2", "Receiver")):
                with CountingProxy(gateway.host, gateway.port) as proxy, self.subTest(version):
                    consumer = Consumer(proxy.urls[0], version)
                    fault = consumer.fault(self)
                    self.assertIn(MESSAGE, fault.message)
                    self.assertEqual(fault.code.rpartition(":")[2], code)
                    self.assertEqual(consumer.response.status_code, 500)
                    museum.exhibit("zeep", zeep.__version__, f"SOAP {version}", f"Fault: {fault.message}",
                                   museum.comes_back(proxy.pauses(proxy.urls[0])), MESSAGE)

    def test_the_wait_is_said_to_people_and_to_programs(self):
        with Gateway(config=self.config()) as gateway:
            for version in BINDINGS:
                with self.subTest(version):
                    consumer = Consumer(gateway.url, version)
                    fault = consumer.fault(self)
                    self.assertIn(str(retry_after(consumer.response.headers)), fault.message)

    def test_the_envelope_is_of_the_request_s_version(self):
        with Gateway(config=self.config()) as gateway:
            for version, media_type in (("1.1", "text/xml"), ("1.2", "application/soap+xml")):
                with self.subTest(version):
                    consumer = Consumer(gateway.url, version)
                    consumer.fault(self)
                    self.assertEqual(consumer.response.headers["Content-Type"].partition(";")[0], media_type)
                    self.assertEqual(consumer.wire.last_received["envelope"].tag, ENVELOPES[version])
                    self.assertEqual(consumer.response.headers["Cache-Control"], "no-store")

    def test_status_503_where_the_operator_wants_it(self):
        with Gateway(config=self.config(503)) as gateway:
            for version in BINDINGS:
                with self.subTest(version):
                    consumer = Consumer(gateway.url, version)
                    self.assertIn(MESSAGE, consumer.fault(self).message)
                    self.assertEqual(consumer.response.status_code, 503)

    def test_ws_addressing_is_answered_in_kind(self):
        with Gateway(config=self.config()) as gateway:
            for version in BINDINGS:
                with self.subTest(version):
                    consumer = Consumer(gateway.url, version, zeep.wsa.WsAddressingPlugin())
                    self.assertIn(MESSAGE, consumer.fault(self).message)
                    sent = consumer.wire.last_sent["envelope"]
                    received = consumer.wire.last_received["envelope"]
                    self.assertEqual(received.findtext(f".//{ADDRESSING}RelatesTo"),
                                     sent.findtext(f".//{ADDRESSING}MessageID"))
                    self.assertTrue(received.findtext(f".//{ADDRESSING}Action"))

    def test_without_ws_addressing_nothing_is_addressed(self):
        with Gateway(config=self.config()) as gateway:
            for version in BINDINGS:
                with self.subTest(version):
                    consumer = Consumer(gateway.url, version)
                    consumer.fault(self)
                    self.assertEqual(consumer.wire.last_received["envelope"].findall(f".//{ADDRESSING}*"), [])

    def test_without_a_configuration(self):
        with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
            for version in BINDINGS:
                with self.subTest(version):
                    self.assertIn(MESSAGE, Consumer(gateway.url, version).fault(self).message)


if __name__ == "__main__":
    unittest.main()
