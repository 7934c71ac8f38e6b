"""`intermission health`, as containers and supervisors run it beside the gateway."""

import contextlib
import socket
import tempfile
import unittest

from certificates import issue
from gateway import Gateway, run
from ports import free_port


class Health(unittest.TestCase):
    def asked(self, gateway, *more, code=0):
        done = run("health", "--config", gateway.config, *more)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def test_the_port_is_the_configured_one(self):
        port = free_port()
        with Gateway(config=f"listen: {{ address: 127.0.0.1, port: {port} }}\n", port=None) as gateway:
            self.assertEqual(self.asked(gateway), "")
            gateway.stop()
            self.assertEqual(self.asked(gateway, code=1), f"intermission: http://127.0.0.1:{port} does not answer\n")

    def test_a_configuration_that_broke_after_the_start_does_no_harm(self):
        port = free_port()
        listen = f"listen: {{ port: {port} }}\n"
        with Gateway(config=listen, port=None) as gateway:
            for broken in ("servces: []\n", "services: [ {\n", "services: [{ name: a, contract: there-is-none.yaml }]\n"):
                gateway.config.write_text(listen + broken, encoding="utf-8")
                self.asked(gateway)

    def test_ipv6(self):
        port = free_port()
        with Gateway(config=f"listen: {{ address: '::', port: {port} }}\n", port=None) as gateway:
            self.asked(gateway)

    def test_behind_the_proxy_protocol(self):
        port = free_port()
        with Gateway(config=f"listen: {{ port: {port}, proxy_protocol: [127.0.0.0/8] }}\n", port=None) as gateway:
            self.asked(gateway)

    def test_what_answers_may_be_something_else(self):
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]
            done = run("health", "--port", port)
            self.assertEqual((done.returncode, done.stderr), (1, f"intermission: http://127.0.0.1:{port} does not answer\n"))

    def test_tls_with_an_untrusted_certificate(self):
        port = free_port()
        with Gateway("--tls-self-signed", "--tls-port", str(port), config="{}\n") as gateway:
            self.asked(gateway, "--tls", "--port", port)
            gateway.stop()
            self.asked(gateway, "--tls", "--port", port, code=1)

    def test_tls_as_it_is_configured(self):
        port = free_port()
        with tempfile.TemporaryDirectory() as folder:
            made = issue(folder, "server", "shop.example.com")
            config = (f"listen: {{ tls: {{ port: {port}, certificates: "
                      f"[{{ certificate: {made.certificate}, key: {made.key} }}]")
            with Gateway(config=config + " } }\n") as gateway:
                self.asked(gateway, "--tls")
                gateway.config.write_text(config + f", client_ca: {made.certificate} }} }}\n", encoding="utf-8")
                self.assertIn("intermission: --tls: with listen.tls.client_ca ", self.asked(gateway, "--tls", code=2))


if __name__ == "__main__":
    unittest.main()
