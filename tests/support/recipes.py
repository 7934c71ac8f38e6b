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
import shutil
import socket
import socketserver
import tempfile
import threading
import time
from dataclasses import dataclass

import yaml

from gateway import PATIENCE
from ports import free_port
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
def router(command, text_for, environment=None):
    """A router with the configuration that `text_for` makes for a port: that port."""
    with running(command, text_for, environment=environment) as (port,):
        yield port


def recipe(name, gateway, service):
    """A file of deploy/ with the ports of this test."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return text.replace("127.0.0.1:9000", f"127.0.0.1:{service}").replace("127.0.0.1:8080", f"127.0.0.1:{gateway}")


def unchanged(text):
    return text


def nginx(name, gateway, service, change=unchanged, environment=None):
    text = change(recipe(name, gateway, service)).replace("server_name orders.example.com;", "server_name _;")
    text = text.replace("worker_processes auto;", "daemon off; master_process off; pid pid;")
    folders = " ".join(f"{one}_temp_path {one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    text = text.replace("http {", "http { access_log off; " + folders, 1)
    return router(["/usr/sbin/nginx", "-p", ".", "-e", "log", "-c", "router.conf"],
                  lambda port: text.replace("listen 80;", f"listen 127.0.0.1:{port};"), environment)


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


def quick_checks(text):
    """HAProxy's and Varnish's checks, ten times as often."""
    text = text.replace(" check\n", " check inter 100ms fall 1\n").replace("check inter 1s ", "check inter 100ms ")
    return text.replace(".interval = 1s;", ".interval = 100ms;")


def haproxy(name, gateway, service, change=quick_checks, environment=None):
    text = change(recipe(name, gateway, service))
    return router(["/usr/sbin/haproxy", "-db", "-f", "router.conf"],
                  lambda port: text.replace("bind :80", f"bind 127.0.0.1:{port}"), environment)


def caddy(name, gateway, service, change=unchanged):
    text = re.sub(r"\{\$(GATEWAY|SERVICE):([^}]*)\}", r"\2", change(recipe(name, gateway, service)))
    text = text.replace("\t# The gate is", "\tbind 127.0.0.1\n\t# The gate is", 1)
    return router(["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "router.conf"],
                  lambda port: re.sub(r"\{\$SITE:[^}]*\}", f"http://:{port}", text))


def h2o(name, gateway, service, change=unchanged, environment=None):
    text = change(recipe(name, gateway, service)) + "num-threads: 1\n"
    return router(["/usr/bin/h2o", "-c", "router.conf"],
                  lambda port: text.replace("{ port: 80 }", f"{{ host: 127.0.0.1, port: {port} }}"), environment)


APACHE_MODULES = "mpm_event authz_core proxy proxy_http proxy_balancer lbmethod_byrequests slotmem_shm headers alias rewrite"


def apache(name, gateway, service, change=unchanged, environment=None):
    modules = "".join(f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so\n" for one in APACHE_MODULES.split())
    text = change(recipe(name, gateway, service))
    return router(["/usr/sbin/apache2", "-X", "-d", ".", "-f", "router.conf"], lambda port: (
        f"{modules}Listen 127.0.0.1:{port}\nPidFile pid\nErrorLog log\nDefaultRuntimeDir .\nServerName x\n"
        "Mutex posixsem\n" + text.replace("*:80>", f"127.0.0.1:{port}>")), environment)


@contextlib.contextmanager
def varnish(gateway, service, change=quick_checks, environment=None):
    text = (DEPLOY / "varnish/default.vcl").read_text(encoding="utf-8")
    text = text.replace('.port = "9000"', f'.port = "{service}"').replace('.port = "8080"', f'.port = "{gateway}"')
    with tempfile.TemporaryDirectory(prefix="intermission-varnish-") as folder:
        vcl = pathlib.Path(folder, "default.vcl")
        vcl.write_text(change(text), encoding="utf-8")
        os.chmod(folder, 0o755)
        with router(["/bin/sh", "-c", f"exec /usr/sbin/varnishd -F -j none -n {folder}/work -f {vcl} -s malloc,16M "
                                      "-a 127.0.0.1:$(cat router.conf)"], str, environment) as port:
            yield port


@contextlib.contextmanager
def squid(gateway, service, change=unchanged, environment=None):
    text = (DEPLOY / "squid/squid.conf").read_text(encoding="utf-8")
    text = change(text.replace(" parent 9000 ", f" parent {service} ").replace(" parent 8080 ", f" parent {gateway} "))
    text += ("\npid_filename none\naccess_log none\ncache_log /dev/null\ncoredump_dir none\nshutdown_lifetime 0 seconds\n"
             "pinger_enable off\nnetdb_filename none\nvisible_hostname test\n")
    # Its shared memory has this name, and stays where the process ends badly.
    name = f"intermission{free_port()}"
    try:
        with router(["/usr/sbin/squid", "-N", "-n", name, "-f", "router.conf"],
                    lambda port: text.replace("http_port 80 ", f"http_port 127.0.0.1:{port} "), environment) as port:
            yield port
    finally:
        for path in pathlib.Path("/dev/shm").glob(f"{name}-*"):
            path.unlink()


def nghttpx_recipe(name, gateway, service):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return text.replace("127.0.0.1,9000", f"127.0.0.1,{service}").replace("127.0.0.1,8080", f"127.0.0.1,{gateway}")


def nghttpx(gateway, service, change=unchanged, environment=None):
    """Its port, and the one of its API."""
    text = change(nghttpx_recipe("nghttpx/nghttpx.conf", gateway, service))
    text += "workers=1\naccesslog-file=/dev/null\nerrorlog-file=log\n"
    return running(["/usr/sbin/nghttpx", "--conf=router.conf"],
                   lambda port, api: text.replace("frontend=*,80;", f"frontend=127.0.0.1,{port};").replace(
                       "127.0.0.1,8001;", f"127.0.0.1,{api};"), count=2, environment=environment)


ATS_FOLDERS = """prefix: /usr
exec_prefix: /usr
bindir: /usr/bin
sbindir: /usr/bin
libdir: /usr/lib/trafficserver
libexecdir: /usr/lib/trafficserver/modules
sysconfdir: {0}
datadir: {0}
localstatedir: {0}
runtimedir: {0}
logdir: {0}
cachedir: {0}
"""


@contextlib.contextmanager
def traffic_server(gateway, service, change=unchanged, environment=None):
    """`change` is made in each of the recipe's files."""
    with tempfile.TemporaryDirectory(prefix="intermission-ats-") as made:
        folder = pathlib.Path(made)
        for name in ("remap.config", "parent.config", "intermission.config"):
            text = change(recipe(f"trafficserver/{name}", gateway, service))
            (folder / name).write_text(text, encoding="utf-8")
        for name in ("plugin", "ssl_multicert", "storage", "hosting", "volume", "cache", "splitdns", "socks"):
            (folder / f"{name}.config").touch()
        for name in ("logging", "sni", "strategies"):
            (folder / f"{name}.yaml").touch()
        for name in ("ip_allow.yaml", "body_factory"):
            (folder / name).symlink_to(f"/etc/trafficserver/{name}")
        (folder / "runroot.yaml").write_text(ATS_FOLDERS.format(folder), encoding="utf-8")
        records = change(recipe("trafficserver/records.config", gateway, service))
        records += "CONFIG proxy.config.log.logging_enabled INT 0\nCONFIG proxy.config.crash_log_helper STRING NULL\n"
        records += "CONFIG proxy.config.exec_thread.autoconfig INT 0\nCONFIG proxy.config.exec_thread.limit INT 1\n"
        # Not for setpriv: libfaketime would share its clock with a process of another user.
        start = ["env", *(f"{name}={value}" for name, value in (environment or {}).items()), "traffic_server",
                 f"--run-root={folder}/runroot.yaml"]
        if os.geteuid() == 0:  # it refuses to be root
            shutil.chown(folder, 65534, 65534)
            start = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *start]

        def write(port):
            (folder / "records.config").write_text(
                records.replace("server_ports STRING 80\n", f"server_ports STRING {port}:ip-in=127.0.0.1\n"), encoding="utf-8")
            return ""

        with router(start, write) as port:
            yield port
