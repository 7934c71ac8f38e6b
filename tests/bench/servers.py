"""Servers to be measured, each in a process of its own on 127.0.0.1, with one worker thread.

    with Intermission(folder, configuration(services=10)) as server:
        before = server.cpu_seconds()
        ...
        print(server.cpu_seconds() - before, server.resident_bytes())

PYTHONPATH names tests/support. Each is ended by its pid. Configuration, log and whatever else it writes stay in `folder`.
"""

import contextlib
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import time
from dataclasses import dataclass

from ports import free_port

PATIENCE = 120  # seconds; 10,000 services take their time to be read
NGINX_WORD = 4000  # characters

# Of gRPC, which every server answers without content: trailers alone.
CALL = "/shop.Orders/Get"
CALL_FIELDS = (("grpc-status", "14"), ("grpc-message", "We are moving to a larger warehouse. Back at 02:00 UTC."),
               ("grpc-retry-pushback-ms", "120000"))

MESSAGE = "We are moving to a larger warehouse. Back at 02:00 UTC."


@dataclass(frozen=True)
class StaticAnswer:
    """What the servers beside us send to everybody: an answer of ours, but for what each server writes itself. A body
    that is coded becomes as many bytes of text."""
    media_type: str
    headers: tuple  # of (name, value)
    body: str

    @classmethod
    def like(cls, answer):
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        own = ("Content-Length", "Date", "Server", "Connection")
        headers = tuple((name, value) for name, value in fields.items() if name not in (*own, "Content-Type"))
        text = "x" * len(body) if "Content-Encoding" in fields else body.decode()
        return cls(fields["Content-Type"], headers, text)


def certificate(folder):
    """A certificate for localhost and its key, of an elliptic curve: made once, two paths in `folder`."""
    made, key = pathlib.Path(folder, "certificate.pem"), pathlib.Path(folder, "certificate.key")
    if not made.exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-batch", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", key, "-out", made], check=True, capture_output=True)
        key.chmod(0o600)
    return made, key


def allow_many_files():
    """10,000 connections are 10,000 descriptors, on both sides."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Server:
    """A process that serves; `name` is what the tables call it."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = 0
        self.seconds_to_ready = 0.0
        self._process = None

    def command(self):
        raise NotImplementedError

    def wait_until_ready(self):
        """Sets self.port where the server itself picked it."""

    def __enter__(self):
        command = [str(part) for part in self.command()]
        with (self.folder / "log").open("wb") as log:
            begun = time.monotonic()
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True,
                                             cwd=self.folder, preexec_fn=allow_many_files)
        try:
            self.wait_until_ready()
            self._wait_until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        self.seconds_to_ready = time.monotonic() - begun
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _wait_until_it_answers(self):
        until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                with contextlib.closing(socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)):
                    return
            if self._process.poll() is not None or time.monotonic() > until:
                log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"{self.name} does not start: {log}")
            time.sleep(0.001)

    def port_from_output(self, pattern):
        line = self._process.stdout.readline()
        found = re.search(pattern, line)
        if not found:
            log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{self.name} does not start: {line}{log}")
        self.port = int(found.group(1))

    def _pids(self):
        """The process and its children: nginx works in one."""
        pids = [self._process.pid]
        for pid in pids:
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                pids += map(int, (task / "children").read_text(encoding="ascii").split())
        return pids

    def cpu_seconds(self):
        """User and system time of all threads. The scheduler's own count has nanoseconds, where the
        kernel keeps it; utime and stime have ticks of 10 ms."""
        return sum(_cpu_seconds(task) for pid in self._pids()
                   for task in pathlib.Path(f"/proc/{pid}/task").iterdir())

    def resident_bytes(self):
        pages = sum(int(pathlib.Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
                    for pid in self._pids())
        return pages * os.sysconf("SC_PAGE_SIZE")


def _cpu_seconds(task):
    try:
        return int((task / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except OSError:
        fields = (task / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Intermission(Server):
    """`port` is the one for TLS where the configuration has one."""

    def __init__(self, name, folder, program, config):
        super().__init__(name, folder)
        self._program = program
        self._secure = "tls" in config["listen"]
        (self.folder / "intermission.json").write_text(json.dumps(config), encoding="utf-8")

    def command(self):
        return [self._program, "serve", "--config", "intermission.json", "--port", "0",
                "--control-port", "0"]

    def wait_until_ready(self):
        self.port_from_output(r"data http://127\.0\.0\.1:(\d+)")
        if self._secure:
            self.port_from_output(r"data https://127\.0\.0\.1:(\d+)")


class BareLoop(Server):
    def __init__(self, name, folder, program, answer, *options):
        super().__init__(name, folder)
        self._arguments = (program, "answer", *options)
        (self.folder / "answer").write_bytes(answer)

    def command(self):
        return self._arguments

    def wait_until_ready(self):
        self.port_from_output(r"(\d+)")


class Nginx(Server):
    """`negotiates`: picks one of three bodies by `map $http_accept`; else it sends one. `http2`: speaks that alone in
    clear, and both versions with a `certificate`."""

    def __init__(self, name, folder, answer, negotiates=False, http2=False, certificate=None):
        super().__init__(name, folder)
        self.port = free_port()
        self._listen = f"127.0.0.1:{self.port} {'ssl ' if certificate else ''}{'http2 ' if http2 else ''}backlog=4096"
        self._certificate = certificate
        (self.folder / "nginx.conf").write_text(self._config(answer, negotiates), encoding="utf-8")

    def _config(self, answer, negotiates):
        headers = "".join(f"    add_header {name} {quoted(value)} always;\n" for name, value in answer.headers)
        maps, body, content_type = "", quoted(answer.body), f"default_type {quoted(answer.media_type)};"
        if len(answer.body) > NGINX_WORD:  # in pieces, for no word of a configuration is longer
            pieces = [answer.body[at:at + NGINX_WORD] for at in range(0, len(answer.body), NGINX_WORD)]
            maps = "".join(f"  map $host $piece{number} {{ default {quoted(piece)}; }}\n"
                           for number, piece in enumerate(pieces))
            body = '"' + "".join(f"$piece{number}" for number in range(len(pieces))) + '"'
        if negotiates:
            page = f"<!DOCTYPE html><title>Down for maintenance</title><h1>Down for maintenance</h1><p>{MESSAGE}"
            xml = f"<problem xmlns=\"urn:ietf:rfc:7807\"><status>503</status><detail>{MESSAGE}</detail></problem>"
            maps = (f"  map $http_accept $body {{ default {quoted(answer.body)}; ~text/html {quoted(page)}; "
                    f"~application/(problem\\+)?xml {quoted(xml)}; }}\n"
                    "  map $http_accept $type { default application/problem+json; ~text/html text/html; "
                    "~application/(problem\\+)?xml application/problem+xml; }\n")
            body, content_type = "$body", 'default_type ""; add_header Content-Type $type always;'
        call = "".join(f" add_header {name} {quoted(value)};" for name, value in CALL_FIELDS)
        secure = ""
        if self._certificate:
            secure = (f"    ssl_certificate {self._certificate[0]}; ssl_certificate_key {self._certificate[1]};\n"
                      "    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets on;\n")
        return f"""
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
error_log stderr;
pid nginx.pid;
{"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 16000; }}
http {{
  access_log off;
  keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
{maps}  server {{
    listen {self._listen};
{secure}    {content_type}
{headers}    location / {{ return 503 {body}; }}
    location = {CALL} {{ default_type application/grpc;{call} return 200; }}
  }}
}}
"""

    def command(self):
        return ["nginx", "-p", self.folder, "-c", "nginx.conf", "-e", "stderr"]


class HaProxy(Server):
    def __init__(self, name, folder, answer, http2=False):
        super().__init__(name, folder)
        self.port = free_port()
        headers = "".join(f" hdr {name} {quoted(value)}" for name, value in answer.headers)
        call = "".join(f" hdr {name} {quoted(value)}" for name, value in CALL_FIELDS)
        (self.folder / "body").write_text(answer.body, encoding="utf-8")
        (self.folder / "haproxy.cfg").write_text(f"""
global
  nbthread 1
  maxconn 9000
defaults
  mode http
  timeout client 60s
  timeout connect 5s
  timeout server 60s
  timeout http-keep-alive 60s
frontend maintenance
  bind 127.0.0.1:{self.port} backlog 4096{' proto h2' if http2 else ''}
  http-request return status 200 hdr content-type application/grpc{call} if {{ path {CALL} }}
  http-request return status 503 content-type {quoted(answer.media_type)} file body{headers}
""", encoding="utf-8")

    def command(self):
        return ["haproxy", "-db", "-f", "haproxy.cfg"]


class Nghttpd(Server):
    """HTTP/2 in clear; it serves files."""

    def __init__(self, name, folder, answer, target):
        super().__init__(name, folder)
        self.port = free_port()
        write_files(self.folder / "www", answer, target)

    def command(self):
        return ["nghttpd", "--no-tls", "-a", "127.0.0.1", "-d", "www", self.port]


class H2o(Server):
    """HTTP/2 in clear; it serves files."""

    def __init__(self, name, folder, answer, target):
        super().__init__(name, folder)
        self.port = free_port()
        write_files(self.folder / "www", answer, target)
        fields = "".join(f"header.add: {json.dumps(f'{name}: {value}')}\n" for name, value in answer.headers)
        (self.folder / "h2o.conf").write_text(f"""
num-threads: 1
{"user: root" if os.geteuid() == 0 else ""}
listen: {{ host: 127.0.0.1, port: {self.port} }}
{fields}hosts:
  default:
    paths:
      /: {{ file.dir: www }}
""", encoding="utf-8")

    def command(self):
        return ["h2o", "-c", "h2o.conf"]


def write_files(folder, answer, target):
    """The answer under `target`, and nothing under that of the call."""
    for path, text in ((target, answer.body), (CALL, "")):
        file = folder / path.strip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def quoted(text):
    """As one word of nginx's and of HAProxy's configuration."""
    return "'" + text.replace("'", "\\'") + "'" if "'" not in text else '"' + text.replace('"', '\\"') + '"'


def configuration(services=1, rules=0, workers=1, contract=None, certificate=None, limits=None):
    """`orders`, in two languages and with a rule for legacy clients, among other services and other rules; by the
    OpenAPI document `contract`, if one is given."""
    message = {"en": MESSAGE, "de": "Wir ziehen um. Ab 02:00 UTC sind wir wieder da."}
    others = [{"when": {"path": f"/v1/resource-{number}/*"}, "answer": "legacy"} for number in range(rules)]
    orders = {"name": "orders", "hosts": ["orders.example.com"], "message": message, "title": "Orders",
              "rules": [*others, {"when": {"header": {"X-Client": "legacy-*"}}, "answer": "legacy"}]}
    if contract is not None:
        orders["contract"] = str(contract)
    more = [{"name": f"service-{number}", "hosts": [host_of(number)], "message": message}
            for number in range(1, services)]
    listen = {"address": "127.0.0.1", "workers": workers}
    if certificate is not None:
        listen["tls"] = {"port": 0, "certificates": [{"certificate": str(certificate[0]), "key": str(certificate[1])}]}
    return {"listen": listen, **({"limits": limits} if limits else {}),
            "defaults": {"retry_after": {"default": "120s", "jitter": "0%"}}, "services": [orders, *more]}


def host_of(number):
    return "orders.example.com" if number == 0 else f"service-{number}.example.com"


def api_document(operations):
    """An OpenAPI document as APIs have them: resources with five operations each, parameters, bodies with a dozen
    members, and an error of its own for each resource."""
    text, number = {"type": "string"}, {"type": "integer"}
    paths, schemas = {}, {}
    for resource in range(operations // 5):
        name = f"resource{resource}"
        members = {f"member{i}": {**(text if i % 3 else number), "description": f"Member {i} of {name}."}
                   for i in range(12)}
        schemas[name] = {"type": "object", "required": ["member1"], "properties": members}
        schemas[f"{name}Error"] = {"type": "object", "required": ["code", "message"], "properties": {
            "code": number, "message": text, "requestId": text, name: text}}
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        error = {"description": "Trouble.", "content": {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{name}Error"}}}}

        def operation(verb, status, sends=False):
            return {"operationId": f"{verb}-{name}", "summary": f"{verb} {name}",
                    **({"requestBody": {"content": content}} if sends else {}),
                    "responses": {status: {"description": "Done.", "content": content}, "default": error}}

        paths[f"/v1/{name}"] = {"get": operation("list", "200"), "post": operation("make", "201", True)}
        paths[f"/v1/{name}/{{id}}"] = {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": text}],
            "get": operation("read", "200"), "put": operation("write", "200", True),
            "delete": operation("drop", "200")}
    return {"openapi": "3.1.0", "info": {"title": "Resources", "version": "1"}, "paths": paths,
            "components": {"schemas": schemas}}
