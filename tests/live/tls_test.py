"""TLS as clients, operators and routers meet it: who is answered by which certificate, what is refused, what a reload
changes, and what the command line says."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

import grpc
import prometheus_client.parser
from certificates import issue
from gateway import PATIENCE, Gateway, environment, run
from http2_test import MESSAGE, NODE, SPOKEN, calls
from routers_test import HAPROXY, BehindRouters, Router, ask, read_answer, running
from rpc_status import details_of

HERE = pathlib.Path(__file__).parent
TLS_LINE = r"^intermission: data https://\S+:(\d+)$"
CONTROL_LINE = r"^intermission: control (https?)://\S+:(\d+)$"


def tls_port(gateway):
    return int(gateway.stdout.wait_for(TLS_LINE).group(1))


def trusting(authority, **settings):
    context = ssl.create_default_context(cafile=str(authority.certificate))
    for name, value in settings.items():
        setattr(context, name, value)
    return context


@contextlib.contextmanager
def connected(port, context, name="localhost"):
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain, \
            context.wrap_socket(plain, server_hostname=name) as secure:
        yield secure


def said_by(client, request):
    client.sendall(request)
    received = b""
    while part := client.recv(65536):
        received += part
    return received


GET = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def listening_by_tls(*certificates, more=""):
    files = ", ".join(f"{{ certificate: {one.certificate}, key: {one.key} }}" for one in certificates)
    return f"listen: {{ address: 127.0.0.1, tls: {{ port: 0, certificates: [{files}]{more} }} }}\n"


class WithCertificates(unittest.TestCase):
    """A folder with an authority, a certificate for localhost, and one for *.shop.example."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="intermission-tls-")))
        cls.authority = issue(cls.folder, "authority", is_authority=True)
        cls.own = issue(cls.folder, "own", "localhost", "127.0.0.1", authority=cls.authority)
        cls.shop = issue(cls.folder, "shop", "*.shop.example", authority=cls.authority)

    def listen(self, *certificates, more=""):
        return listening_by_tls(*certificates, more=more)


class Clients(WithCertificates):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        config = cls.listen(cls, cls.own) + f"defaults: {{ message: {json.dumps(MESSAGE)} }}\n"
        cls.gateway = cls.enterClassContext(Gateway(config=config))
        cls.port = tls_port(cls.gateway)
        cls.url = f"https://localhost:{cls.port}"

    def output_of(self, *command, given=""):
        done = subprocess.run([str(part) for part in command], input=given, capture_output=True, text=True,
                              env=environment(), timeout=PATIENCE, check=False)
        return done.stdout, done.stderr

    def curl(self, *arguments):
        out, problem = self.output_of("curl", "-q", "--silent", "--show-error", "--include", "--max-time", "30",
                                      "--cacert", self.authority.certificate, "-H", "Accept: application/json",
                                      *arguments)
        self.assertEqual(problem, "")
        head, _, body = out.partition("\n\n")
        return head, body

    def test_curl_by_http_1_1_and_2(self):
        for option, begins in (("--http1.1", "HTTP/1.1 503"), ("--http2", "HTTP/2 503")):
            head, body = self.curl(option, self.url)
            self.assertTrue(head.startswith(begins), head)
            self.assertEqual(json.loads(body)["detail"], MESSAGE)

    def test_python_is_answered_by_each_version(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = trusting(self.authority, minimum_version=version, maximum_version=version)
            with connected(self.port, context) as client:
                self.assertTrue(said_by(client, GET).startswith(b"HTTP/1.1 503 "), version)

    def s_client(self, *options, given=""):
        out, problem = self.output_of("openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-servername",
                                      "localhost", "-CAfile", self.authority.certificate, *options, given=given)
        return out + problem

    def test_openssl_old_versions_and_ciphers_are_refused(self):
        for options in (("-tls1",), ("-tls1_1",), ("-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"),
                        ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")):
            if "-cipher" not in options:
                options = (*options, "-cipher", "ALL:@SECLEVEL=0")
            with self.subTest(options):
                self.assertIn("Cipher is (NONE)", self.s_client(*options))

    def test_openssl_resumes_a_session(self):
        for version in ("-tls1_2", "-tls1_3"):
            kept = self.folder / f"session{version}"
            first = self.s_client(version, "-sess_out", kept, "-ign_eof", given=GET.decode())
            self.assertIn("New, TLSv1", first)
            self.assertIn("Verify return code: 0 (ok)", first)
            again = self.s_client(version, "-sess_in", kept, "-ign_eof", given=GET.decode())
            self.assertIn("Reused, TLSv1", again)
            self.assertIn("HTTP/1.1 503", again)

    def test_openssl_is_not_let_renegotiate(self):
        said = self.s_client("-tls1_2", given="R\n")
        self.assertIn("no renegotiation", said)

    def test_openssl_can_send_no_early_data(self):
        self.assertIn("Max Early Data: 0", self.s_client("-tls1_3", "-ign_eof", given=GET.decode()))

    def test_node(self):
        script = NODE.replace("process.argv[1]", "process.argv[1], { ca: process.env.CA_PEM }")
        done = subprocess.run(["node", "--input-type=module", "--eval", script, self.url], capture_output=True,
                              text=True, env=environment({"CA_PEM": self.authority.pem().decode()}), timeout=PATIENCE,
                              check=True)
        self.assertEqual(json.loads(done.stdout)["status"], 503)

    def test_grpcio(self):
        credentials = grpc.ssl_channel_credentials(self.authority.pem())
        with grpc.secure_channel(f"localhost:{self.port}", credentials) as channel:
            for kind, error in calls(channel):
                with self.subTest(kind):
                    self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE)
                    seconds = SPOKEN.fullmatch(error.details())
                    self.assertTrue(seconds, error.details())
                    self.assertEqual(details_of(error).delay, int(seconds[1]))

    def test_grpc_js(self):
        done = subprocess.run(["node", str(HERE / "grpc_js.mjs"), f"localhost:{self.port}",
                               str(self.authority.certificate)],
                              capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=True)
        seen = json.loads(done.stdout)
        self.assertEqual(seen["code"], "UNAVAILABLE")
        self.assertRegex(seen["details"], SPOKEN)

    def test_chromium(self):
        done = subprocess.run(["node", str(HERE / "chromium_tls.mjs"), self.url], capture_output=True, text=True,
                              env=environment(), timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = json.loads(done.stdout)
        self.assertEqual(seen["protocol"], "h2")
        self.assertEqual(seen["status"], 503)
        self.assertIn("Back at 02:00 UTC", seen["text"])
        self.assertEqual(seen["fetched"]["detail"], MESSAGE)
        self.assertIn("Back at 02:00 UTC", seen["event"])

    def test_java(self):
        source = HERE / "JavaHttpClient.java"
        for url, protocol in ((self.url, "HTTP_2"), (self.gateway.url, "HTTP_1_1")):
            out, problem = self.output_of("java", source, url, self.authority.certificate)
            self.assertEqual(problem, "")
            self.assertTrue(out.startswith(f"{protocol} 503 "), out)
            self.assertIn("Back at 02:00 UTC", out)


class Names(WithCertificates):
    def test_each_host_has_its_certificate_and_another_one_is_misdirected(self):
        with Gateway(config=self.listen(self.own, self.shop)) as gateway:
            port, context = tls_port(gateway), trusting(self.authority)
            with connected(port, context, "www.shop.example") as client:
                self.assertEqual(client.getpeercert()["subjectAltName"], (("DNS", "*.shop.example"),))
                self.assertTrue(said_by(client, GET).startswith(b"HTTP/1.1 421 "))
            with connected(port, context, "www.shop.example") as client:
                host = GET.replace(b"localhost", b"api.shop.example")
                self.assertTrue(said_by(client, host).startswith(b"HTTP/1.1 503 "))
            with connected(port, context) as client:
                self.assertTrue(said_by(client, GET).startswith(b"HTTP/1.1 503 "))

    def test_routers_prove_themselves(self):
        router = issue(self.folder, "router", authority=self.authority, usage="clientAuth")
        with Gateway(config=self.listen(self.own, more=f", client_ca: {self.authority.certificate}")) as gateway:
            context = trusting(self.authority)
            with self.assertRaises(OSError), connected(tls_port(gateway), context) as client:
                if not said_by(client, GET):
                    raise ConnectionResetError
            context.load_cert_chain(router.certificate, router.key)
            with connected(tls_port(gateway), context) as client:
                self.assertTrue(said_by(client, GET).startswith(b"HTTP/1.1 503 "))

    def test_a_pass_is_kept_in_a_secure_cookie(self):
        config = self.listen(self.own) + "services: [{ name: orders, hosts: [localhost] }]\n"
        key = {"INTERMISSION_BYPASS_KEY": "k" * 40}
        with Gateway(config=config, extra=key) as gateway:
            link = run("bypass", "orders", "--config", gateway.config, extra=key).stdout.split()[1]
            target = "/" + link.split("/", 3)[3]
            request = GET.replace(b"GET / ", f"GET {target} ".encode())
            with connected(tls_port(gateway), trusting(self.authority)) as client:
                self.assertRegex(said_by(client, request), rb"(?i)set-cookie: [^\r]*; Secure\r")
            self.assertNotIn(b"; Secure", ask(gateway.port, request))


class WrongPort(WithCertificates):
    def test_each_is_told_at_once_with_one_line(self):
        with Gateway(config=self.listen(self.own)) as gateway:
            port = tls_port(gateway)
            self.assertTrue(ask(port, GET).startswith(b"HTTP/1.1 400 "))
            gateway.stderr.wait_for(r"plain HTTP from 127\.0\.0\.1 was rejected on the port for TLS")
        with Gateway(config=self.listen(self.own)) as gateway:
            with self.assertRaises(ssl.SSLError), connected(gateway.port, trusting(self.authority)):
                pass
            gateway.stderr.wait_for(r"a TLS greeting from 127\.0\.0\.1 was rejected on the port for plain HTTP")


class Files(WithCertificates):
    """Wrong files are named with what is wrong, at the start, by `check` and on a reload."""

    def wrong(self):
        expired = issue(self.folder, "expired", "localhost", faketime="2020-01-01 00:00:00")
        loose = issue(self.folder, "loose", "localhost")
        loose.key.chmod(0o644)
        mixed = issue(self.folder, "mixed", "localhost")
        mixed.key = self.own.key
        empty = issue(self.folder, "empty", "localhost")
        empty.certificate.write_text("")
        missing = issue(self.folder, "missing", "localhost")
        missing.key.unlink()
        return {
            "expired": (expired, f"{expired.certificate}: the certificate has expired: it was valid until 2020-01-31"),
            "loose": (loose, f"{loose.key}: the private key is open to every user of this machine (mode 0644)"),
            "mixed": (mixed, f"{mixed.key}: the private key is not that of the first certificate"),
            "empty": (empty, f"{empty.certificate}: expected a certificate in PEM"),
            "missing": (missing, f"{missing.key}: cannot be read: No such file"),
        }

    def test_at_the_start_and_by_check(self):
        for name, (files, problem) in self.wrong().items():
            config = self.folder / "wrong.yaml"
            key = "key" if str(files.key) in problem else "certificate"
            for text, place in ((self.listen(files), f"listen.tls.certificates[0].{key}"),
                                (f"control: {{ tls: {{ certificate: {files.certificate}, key: {files.key} }} }}\n",
                                 f"control.tls.{key}")):
                config.write_text(text)
                for command in (("serve", "--port", 0), ("check",)):
                    with self.subTest(name, command=command[0]):
                        done = run(*command, "--config", config, folder=self.folder)
                        self.assertEqual(done.returncode, 2)
                        self.assertIn(f"intermission: {config}:1: {place}: {problem}", done.stderr)

    def test_on_a_reload_the_old_ones_stay_and_no_connection_is_dropped(self):
        mine = issue(self.folder, "mine", "localhost", authority=self.authority)
        before = mine.certificate.read_text(), mine.key.read_text()
        with Gateway(config=self.listen(mine)) as gateway, \
                connected(tls_port(gateway), trusting(self.authority)) as held:
            held.sendall(GET.replace(b"close", b"keep-alive"))
            self.assertTrue(held.recv(65536).startswith(b"HTTP/1.1 503 "))
            for files, problem in self.wrong().values():
                mine.certificate.write_text(files.certificate.read_text())
                mine.key.write_text(files.key.read_text() if files.key.exists() else "")
                mine.key.chmod(0o644 if "loose" in problem else 0o600)
                gateway.send_signal(signal.SIGHUP)
                gateway.stderr.wait_for(r"the old one stays in force: .*: " + str(mine.certificate)[:-4])
            serial = self.serial(gateway)
            issue(self.folder, "mine", "localhost", authority=self.authority)
            gateway.send_signal(signal.SIGHUP)
            gateway.stderr.wait_for("the configuration was reloaded")
            self.assertNotEqual(self.serial(gateway), serial)
            self.assertTrue(said_by(held, GET).startswith(b"HTTP/1.1 503 "))
        self.assertNotEqual(before, (mine.certificate.read_text(), mine.key.read_text()))

    def serial(self, gateway):
        with connected(tls_port(gateway), trusting(self.authority)) as client:
            return client.getpeercert()["serialNumber"]


class Operators(WithCertificates):
    def setUp(self):
        config = self.listen(self.own) + \
            f"control: {{ tls: {{ certificate: {self.own.certificate}, key: {self.own.key} }} }}\n"
        self.gateway = self.enterContext(Gateway(config=config))
        self.scheme, self.port = self.gateway.stdout.wait_for(CONTROL_LINE).groups()
        self.url = f"{self.scheme}://localhost:{self.port}"

    def command(self, *arguments, url=None):
        return run(*arguments, "--control-url", url or self.url, folder=self.gateway.folder)

    def test_the_command_line_speaks_tls(self):
        ca = ("--ca", self.authority.certificate)
        self.assertEqual(self.scheme, "https")
        status = self.command("status", *ca)
        self.assertEqual((status.returncode, status.stderr), (0, ""))
        self.assertRegex(status.stdout, r"own\.pem +data +localhost +\S+Z +(29|30)\n")
        self.assertRegex(status.stdout, r"own\.pem +control +localhost +\S+Z +(29|30)\n")
        self.assertIn("the configuration was reloaded", self.command("reload", *ca).stdout)
        refused = self.command("status")
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f"the certificate of {self.url} is not trusted", refused.stderr)
        self.assertIn("--ca FILE", refused.stderr)
        self.assertIn("is not trusted", self.command("status", *ca, url=f"https://ip6-localhost:{self.port}").stderr
                      .replace("no gateway answers", "is not trusted"))
        plain = self.command("status", url=f"http://localhost:{self.port}")
        self.assertEqual(plain.returncode, 1)
        self.assertIn("use https", plain.stderr)

    def test_events_are_followed(self):
        watch = subprocess.Popen([os.environ["INTERMISSION"], "watch", "--control-url", self.url, "--ca",
                                  str(self.authority.certificate)], cwd=self.gateway.folder, env=environment(),
                                 stdout=subprocess.PIPE, text=True)
        try:
            # The beginning of the watch is not announced, and changes before it are not seen: so there is one change more.
            seen = []
            reader = threading.Thread(target=lambda: seen.append(watch.stdout.readline()))
            reader.start()
            while reader.is_alive():
                done = self.command("message", "default", "Soon", "--ca", self.authority.certificate)
                self.assertEqual(done.returncode, 0, done.stderr)
                reader.join(0.2)
            self.assertIn("default", seen[0])
        finally:
            watch.terminate()
            watch.wait(PATIENCE)
            watch.stdout.close()

    def test_days_left_are_a_metric(self):
        token = (self.gateway.folder / "intermission.token").read_text().strip()
        out = subprocess.run(["curl", "-q", "--silent", "--max-time", "30", "--cacert", self.authority.certificate,
                              "-H", f"Authorization: Bearer {token}", self.url + "/metrics"], capture_output=True,
                             text=True, env=environment(), timeout=PATIENCE, check=True).stdout
        samples = [sample for family in prometheus_client.parser.text_string_to_metric_families(out)
                   for sample in family.samples if sample.name == "intermission_certificate_days_left"]
        self.assertEqual({one.labels["listener"] for one in samples}, {"data", "control"})
        self.assertTrue(all(one.value in (29, 30) for one in samples), samples)


class SelfSigned(unittest.TestCase):
    def test_for_trying_without_a_file_and_with_services(self):
        shop = "services: [{ name: shop, hosts: [shop.example, '*.shop.example'] }]\n"
        for config, name in ((None, "localhost"), (shop, "a.shop.example")):
            with Gateway("--tls-self-signed", "--tls-port", "0", config=config) as gateway:
                gateway.stderr.wait_for("self-signed, was made in memory")
                context = ssl.create_default_context()
                shown = ssl.get_server_certificate(("127.0.0.1", tls_port(gateway)))
                context.load_verify_locations(cadata=shown)
                with connected(tls_port(gateway), context, name) as client:
                    request = GET.replace(b"localhost", name.encode())
                    self.assertTrue(said_by(client, request).startswith(b"HTTP/1.1 503 "))
                gateway.send_signal(signal.SIGHUP)
                gateway.stderr.wait_for("the configuration was reloaded")
                self.assertEqual(ssl.get_server_certificate(("127.0.0.1", tls_port(gateway))), shown)
                self.assertFalse([path for path in gateway.folder.rglob("*") if path.suffix in {".pem", ".key"}])

    def test_not_together_with_certificates(self):
        with tempfile.TemporaryDirectory() as folder:
            made = issue(folder, "own", "localhost")
            config = pathlib.Path(folder, "own.yaml")
            config.write_text("listen: { tls: { certificates: [{ certificate: own.pem, key: own.key }] } }\n")
            done = run("serve", "--tls-self-signed", "--config", config, folder=folder)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--tls-self-signed: expected no listen.tls", done.stderr)
            made.key.unlink()

    def test_a_port_for_tls_wants_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("serve", "--tls-port", "0", folder=folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--tls-port: expected listen.tls in the configuration, or --tls-self-signed", done.stderr)


# Routers that decrypt, and encrypt again on the way to the gateway.
NGINX_HTTPS = """
daemon off; master_process off; worker_processes 1; pid pid; error_log log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream gateway {{ server 127.0.0.1:{gateway}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{http1};
    listen 127.0.0.1:{http2} http2;
    location / {{
      proxy_pass https://gateway;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }}
    location /orders.Orders/ {{ grpc_pass grpcs://127.0.0.1:{gateway}; }}
  }}
}}
"""
HAPROXY_HTTPS = HAPROXY.replace("{gateway}\n", "{gateway} ssl verify none alpn h2\n")
REENCRYPTING = {
    "nginx": Router(NGINX_HTTPS, ["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"], {}),
    "haproxy": Router(HAPROXY_HTTPS, ["/usr/sbin/haproxy", "-db", "-f", "router.conf"], {}),
}


class Routers(WithCertificates):
    def test_that_encrypt_again(self):
        config = self.listen(self.own) + f"defaults: {{ message: {json.dumps(MESSAGE)} }}\n"
        with Gateway(config=config) as gateway:
            for name, router in REENCRYPTING.items():
                with self.subTest(name), running(router, tls_port(gateway)) as (http1, http2):
                    self.assertEqual(read_answer(ask(http1, GET)), read_answer(ask(gateway.port, GET)))
                    with grpc.insecure_channel(f"127.0.0.1:{http2}") as channel, \
                            self.assertRaises(grpc.RpcError) as caught:
                        channel.unary_unary("/orders.Orders/Get")(b"", timeout=PATIENCE)
                    self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)
                    seconds = SPOKEN.fullmatch(caught.exception.details())
                    self.assertEqual(details_of(caught.exception).delay, int(seconds[1]))


class Cases(WithCertificates):
    """Every conversation of tests/cases is the same over TLS, by HTTP/1.1 and by HTTP/2."""

    def compared(self, received):
        """Only URLs of the service itself differ, by their scheme."""
        return read_answer(received.replace(b"https://orders.example.com", b"http://orders.example.com"))

    def test_all(self):
        BehindRouters.setUpClass()
        held = 0
        for built_in in (False, True):
            config = ("" if built_in else BehindRouters.configuration) + self.listen(self.own)
            with Gateway(config=config) as gateway:
                port, context = tls_port(gateway), trusting(self.authority)
                for one in BehindRouters.conversations:
                    if one.built_in != built_in:
                        continue
                    direct = self.compared(ask(gateway.port, one.to_wire()))
                    with self.subTest(one.name, over="HTTP/1.1"), connected(port, context) as client:
                        self.assertEqual(self.compared(said_by(client, one.to_wire())), direct)
                        held += 1
                    over_http2 = one.by_curl(port, ["--http2", "--cacert", str(self.authority.certificate)])
                    if over_http2 is not None:
                        with self.subTest(one.name, over="HTTP/2"):
                            self.assertEqual(self.compared(over_http2), direct)
                            held += 1
        self.assertGreater(held, 150)


if __name__ == "__main__":
    unittest.main()
