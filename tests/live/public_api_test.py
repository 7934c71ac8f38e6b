"""The operator's API on the port for clients: nginx ends TLS for the host of operators alone."""

import contextlib
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from gateway import Gateway, run
from ports import free_port

TOKEN = "the-token-of-this-test"
CONFIG = """
listen: { address: 127.0.0.1 }
trusted_proxies: [127.0.0.1]
control: { hosts: [ops.example.com] }
services:
  - { name: orders, hosts: [orders.example.com, "*.wild.example.com"], message: Back soon }
"""
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme; proxy_http_version 1.1;
  proxy_set_header Connection ""; proxy_buffering off;
  server {{ listen 127.0.0.1:{plain}; location / {{ proxy_pass http://127.0.0.1:{gateway}; }} }}
  server {{ listen 127.0.0.1:{secure} ssl; ssl_certificate {folder}/c.pem; ssl_certificate_key {folder}/k.pem;
            location / {{ proxy_pass http://127.0.0.1:{gateway}; }} }}
}}
"""


class PublicApi(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.gateway = stack.enter_context(Gateway(config=CONFIG, extra={"INTERMISSION_TOKEN": TOKEN}))
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.plain, self.secure = free_port(), free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=ops.example.com", "-keyout", folder / "k.pem", "-out",
                        folder / "c.pem"], check=True, capture_output=True)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, plain=self.plain, secure=self.secure,
                                                        gateway=self.gateway.port), encoding="utf-8")
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", folder / "nginx.conf", "-p", folder,
                                  "-e", folder / "error.log"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(nginx.wait)
        stack.callback(nginx.terminate)
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.secure), timeout=1):
                break
            time.sleep(0.05)

    def ask(self, path, host="ops.example.com", secure=True, token=TOKEN, body=None, port=None, headers=None):
        """Status and text."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        scheme, port = ("https", port or self.secure) if secure else ("http", port or self.plain)
        request = urllib.request.Request(f"{scheme}://127.0.0.1:{port}{path}", data=body, headers={
            "Host": host, "Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}),
            **(headers or {})})
        try:
            with urllib.request.urlopen(request, context=context if secure else None, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_operators_reach_it_by_their_host_over_tls_alone(self):
        status, text = self.ask("/api/services")
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(text)["services"][0]["name"], "orders")
        self.assertEqual(self.ask("/api/services/orders/off", body=b"{}")[0], 200)
        self.assertIn("<title>Intermission</title>", self.ask("/")[1])
        self.assertEqual(self.ask("/api/services", token=None)[0], 401)
        self.assertEqual(self.ask("/api/services", token="a-token-that-is-wrong")[0], 401)
        for elsewhere in (self.ask("/api/services", secure=False),
                          self.ask("/api/services", host="orders.example.com"),
                          self.ask("/api/services", host="ops.wild.example.com"),
                          self.ask("/api/services", host="127.0.0.1"),
                          self.ask("/api/services", secure=False, port=self.gateway.port),
                          self.ask("/api/services", secure=False, port=self.gateway.port,
                                   headers={"X-Forwarded-Proto": "http, https"})):
            self.assertNotIn('"services"', elsewhere[1])
            self.assertEqual(elsewhere[0], 503, elsewhere[1])

    def test_commands_reach_it(self):
        done = run("status", extra={"INTERMISSION_CONTROL_URL": f"http://127.0.0.1:{self.plain}",
                                    "INTERMISSION_TOKEN": TOKEN})
        self.assertEqual(done.returncode, 1, "not in clear text")


if __name__ == "__main__":
    os.environ.pop("http_proxy", None)
    unittest.main()
