"""The files of deploy/ as they are shipped, with other ports and paths, in front of a gateway; and a
service behind them that keeps every request as it arrived.

    with Upstream() as upstream, nginx_gate(gateway.port, upstream.port) as port:
        received = exchange(port, b"GET / HTTP/1.1\\r\\nHost: a.example\\r\\nConnection: close\\r\\n\\r\\n")
        upstream.take()     # what reached the service meanwhile
"""

import contextlib
import os
import pathlib
import re
import socket
import socketserver
import threading
import time
from dataclasses import dataclass

import yaml

from gateway import PATIENCE
from proxy import running

DEPLOY = pathlib.Path(os.environ["INTERMISSION_SOURCE"], "deploy")


# ---------------------------------------------------------------------------- the service

@dataclass
class Arrived:
    """One request as it reached the service: latin-1, untouched."""
    method: str
    target: str
    fields: list  # of (name, value)

    def values(self, name):
        return [value for known, value in self.fields if known.lower() == name.lower()]


class Upstream(contextlib.AbstractContextManager):
    """Answers 200 and what it was asked to everything that has a head, and keeps it."""

    def __init__(self):
        self._arrived = []
        self._lock = threading.Lock()
        upstream = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while self._answer_one():
                    pass

            def _answer_one(self):
                head = self._read_head()
                if head is None:
                    return False
                line, *rest = head.decode("latin-1").split("\r\n")
                method, _, rest_of_line = line.partition(" ")
                target = rest_of_line.rpartition(" ")[0]
                fields = [(name, value.strip()) for name, _, value in (field.partition(":") for field in rest)]
                one = Arrived(method, target, fields)
                with upstream._lock:
                    upstream._arrived.append(one)
                self._skip_body(one)
                body = f"service: {method} {target}".encode("latin-1")
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
                                 + (b"" if method == "HEAD" else body))
                return "close" not in ",".join(one.values("Connection")).lower()

            def _read_head(self):
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = self.rfile.readline()
                    if not line:
                        return None
                    head += line
                return head[:-4]

            def _skip_body(self, one):
                if "chunked" in ",".join(one.values("Transfer-Encoding")).lower():
                    while int(self.rfile.readline(), 16) > 0:
                        while self.rfile.readline() not in (b"\r\n", b""):
                            pass
                    self.rfile.readline()
                else:
                    self.rfile.read(int((one.values("Content-Length") or ["0"])[0]))

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass  # a router that closes a connection early

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self):
        """What arrived since the last time."""
        with self._lock:
            taken, self._arrived = self._arrived, []
        return taken


# ---------------------------------------------------------------------------- the client

@dataclass
class Heard:
    status: int  # 0: the router closed without an answer
    fields: list
    body: bytes

    def value(self, name):
        return next((value for known, value in self.fields if known.lower() == name.lower()), None)


def request(method, target, fields, body=b""):
    """The bytes of a request. `fields` are pairs, sent in that order and as often as they are there."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: close")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def exchange(port, sent):
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client, \
            contextlib.suppress(ConnectionError):
        client.sendall(sent)
        while part := client.recv(65536):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    line, *fields = head.decode("latin-1").split("\r\n")
    status = re.match(r"HTTP/1\.[01] ([0-9]{3})\b", line)
    pairs = [(name, value.strip()) for name, _, value in (field.partition(":") for field in fields)]
    return Heard(int(status[1]) if status else 0, pairs, body)


# ---------------------------------------------------------------------------- the routers

@contextlib.contextmanager
def router(command, text_for):
    """A router with the configuration that `text_for` makes for a port: that port."""
    with running(command, text_for) as (port,):
        yield port


def recipe(name, gateway, service):
    """A file of deploy/ with the ports of this test."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return text.replace("127.0.0.1:9000", f"127.0.0.1:{service}").replace("127.0.0.1:8080", f"127.0.0.1:{gateway}")


def nginx(name, gateway, service, change=lambda text: text):
    text = change(recipe(name, gateway, service)).replace("server_name orders.example.com;", "server_name _;")
    text = text.replace("worker_processes auto;", "daemon off; master_process off; pid pid;")
    folders = " ".join(f"{one}_temp_path {one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    text = text.replace("http {", "http { access_log off; " + folders, 1)
    return router(["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"],
                  lambda port: text.replace("listen 80;", f"listen 127.0.0.1:{port};"))


# nginx as the template of ingress-nginx (nginx.tmpl) configures it for an Ingress with auth-url,
# custom-http-errors and default-backend.
INGRESS = """
load_module /usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so;
daemon off; master_process off; pid pid;
events {{ }}
http {{
  access_log off;
  client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  {http_snippet}
  server {{
    listen 127.0.0.1:{port};
    location = /_external-auth-Lw-Prefix {{
      internal;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Host intermission.default.svc.cluster.local;
      proxy_set_header X-Original-URL $scheme://$http_host$request_uri;
      proxy_set_header X-Original-Method $request_method;
      proxy_set_header X-Sent-From "nginx-ingress-controller";
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Auth-Request-Redirect $request_uri;
      proxy_http_version 1.1;
      proxy_pass_request_headers on;
      {auth_headers}
      set $target http://127.0.0.1:{gateway}/.well-known/intermission/gate-403;
      proxy_pass $target;
    }}
    location / {{
      auth_request /_external-auth-Lw-Prefix;
      proxy_intercept_errors on;
      error_page 403 503 = @custom_upstream-default-backend;
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Scheme $scheme;
      proxy_set_header X-Scheme $scheme;
      proxy_http_version 1.1;
      proxy_pass http://127.0.0.1:{service};
    }}
    location @custom_upstream-default-backend {{
      internal;
      proxy_intercept_errors off;
      proxy_set_header X-Code 403;
      proxy_set_header X-Format $http_accept;
      proxy_set_header X-Original-URI $request_uri;
      proxy_set_header X-Namespace default;
      proxy_set_header X-Ingress-Name orders;
      proxy_set_header X-Service-Name orders;
      proxy_set_header X-Service-Port http;
      proxy_set_header X-Request-ID $request_id;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Host $http_host;
      rewrite (.*) / break;
      proxy_pass http://127.0.0.1:{gateway};
    }}
  }}
}}
"""


def kubernetes():
    """The documents of deploy/kubernetes, by kind and name."""
    documents = yaml.safe_load_all((DEPLOY / "kubernetes/ingress-nginx.yaml").read_text(encoding="utf-8"))
    return {(one["kind"], one["metadata"]["name"]): one for one in documents}


def ingress_nginx(gateway, service):
    """What ingress-nginx makes of deploy/kubernetes, as far as Debian's nginx can run it."""
    documents = kubernetes()
    sent = documents["ConfigMap", "intermission-gate"]["data"]
    auth_headers = "\n".join(f'proxy_set_header {name} "{value}";' for name, value in sent.items())
    snippet = documents["ConfigMap", "ingress-nginx-controller"]["data"]["http-snippet"]
    return router(["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"],
                  lambda port: INGRESS.format(port=port, gateway=gateway, service=service, http_snippet=snippet,
                                              auth_headers=auth_headers))


def haproxy(name, gateway, service):
    text = recipe(name, gateway, service).replace(" check\n", " check inter 100ms fall 1\n")
    text = text.replace("check inter 1s ", "check inter 100ms ")
    return router(["/usr/sbin/haproxy", "-db", "-f", "router.conf"],
                  lambda port: text.replace("bind :80", f"bind 127.0.0.1:{port}"))


def caddy(gateway, service, change=lambda text: text):
    text = re.sub(r"\{\$(GATEWAY|SERVICE):([^}]*)\}", r"\2", change(recipe("caddy/Caddyfile", gateway, service)))
    text = text.replace("\t# The gate is", "\tbind 127.0.0.1\n\t# The gate is", 1)
    return router(["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "router.conf"],
                  lambda port: re.sub(r"\{\$SITE:[^}]*\}", f"http://:{port}", text))


def h2o(name, gateway, service, change=lambda text: text):
    text = change(recipe(name, gateway, service)) + "num-threads: 1\n"
    return router(["/usr/bin/h2o", "-c", "router.conf"],
                  lambda port: text.replace("{ port: 80 }", f"{{ host: 127.0.0.1, port: {port} }}"))
