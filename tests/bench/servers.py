"""Servers to be measured, each in a process of its own on 127.0.0.1, with one worker thread.

    with Intermission(folder, configuration(services=10)) as server:
        before = server.cpu_seconds()
        ...
        print(server.cpu_seconds() - before, server.resident_bytes())

Each is ended by its pid. Configuration, log and whatever else it writes stay in `folder`.
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

PATIENCE = 120  # seconds; 10,000 services take their time to be read

# What our problem document says; the servers beside us send the same bytes as a static answer.
STATIC_HEADERS = {
    "Cache-Control": "no-store",
    "Retry-After": "120",
    "Content-Language": "en",
    "X-Content-Type-Options": "nosniff",
    "X-Maintenance": "orders",
    "Vary": "Accept, Accept-Encoding, Accept-Language, Content-Type, Sec-Fetch-Mode, X-Requested-With, X-Client",
}
MESSAGE = "We are moving to a larger warehouse. Back at 02:00 UTC."
PROBLEM = json.dumps({"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": MESSAGE,
                      "service": "orders", "retryAfter": 120}, separators=(",", ":"))


def free_port():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return probe.getsockname()[1]


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
    def __init__(self, name, folder, program, config):
        super().__init__(name, folder)
        self._program = program
        (self.folder / "intermission.json").write_text(json.dumps(config), encoding="utf-8")

    def command(self):
        return [self._program, "serve", "--config", "intermission.json", "--port", "0",
                "--control-port", "0"]

    def wait_until_ready(self):
        self.port_from_output(r"data http://127\.0\.0\.1:(\d+)")


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
    """`negotiates`: picks one of three bodies by `map $http_accept`; else it sends one."""

    def __init__(self, name, folder, negotiates=False):
        super().__init__(name, folder)
        self.port = free_port()
        (self.folder / "nginx.conf").write_text(self._config(negotiates), encoding="utf-8")

    def _config(self, negotiates):
        headers = "".join(f"    add_header {name} {quoted(value)} always;\n" for name, value in STATIC_HEADERS.items())
        maps, body, content_type = "", quoted(PROBLEM), "default_type application/problem+json;"
        if negotiates:
            page = f"<!DOCTYPE html><title>Down for maintenance</title><h1>Down for maintenance</h1><p>{MESSAGE}"
            xml = f"<problem xmlns=\"urn:ietf:rfc:7807\"><status>503</status><detail>{MESSAGE}</detail></problem>"
            maps = (f"  map $http_accept $body {{ default {quoted(PROBLEM)}; ~text/html {quoted(page)}; "
                    f"~application/(problem\\+)?xml {quoted(xml)}; }}\n"
                    "  map $http_accept $type { default application/problem+json; ~text/html text/html; "
                    "~application/(problem\\+)?xml application/problem+xml; }\n")
            body, content_type = "$body", 'default_type ""; add_header Content-Type $type always;'
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
  keepalive_requests 1000000000;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
{maps}  server {{
    listen 127.0.0.1:{self.port} backlog=4096;
    {content_type}
{headers}    location / {{ return 503 {body}; }}
  }}
}}
"""

    def command(self):
        return ["nginx", "-p", self.folder, "-c", "nginx.conf", "-e", "stderr"]


class HaProxy(Server):
    def __init__(self, name, folder):
        super().__init__(name, folder)
        self.port = free_port()
        headers = "".join(f" hdr {name} {quoted(value)}" for name, value in STATIC_HEADERS.items())
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
  bind 127.0.0.1:{self.port} backlog 4096
  http-request return status 503 content-type application/problem+json string {quoted(PROBLEM)}{headers}
""", encoding="utf-8")

    def command(self):
        return ["haproxy", "-db", "-f", "haproxy.cfg"]


def quoted(text):
    """As one word of nginx's and of HAProxy's configuration."""
    return "'" + text.replace("'", "\\'") + "'" if "'" not in text else '"' + text.replace('"', '\\"') + '"'


def configuration(services=1, rules=0, workers=1):
    """`orders`, in two languages and with a rule for legacy clients, among other services and other rules."""
    message = {"en": MESSAGE, "de": "Wir ziehen um. Ab 02:00 UTC sind wir wieder da."}
    others = [{"when": {"path": f"/v1/resource-{number}/*"}, "answer": "legacy"} for number in range(rules)]
    orders = {"name": "orders", "hosts": ["orders.example.com"], "message": message, "title": "Orders",
              "rules": [*others, {"when": {"header": {"X-Client": "legacy-*"}}, "answer": "legacy"}]}
    more = [{"name": f"service-{number}", "hosts": [host_of(number)], "message": message}
            for number in range(1, services)]
    return {"listen": {"address": "127.0.0.1", "workers": workers},
            "defaults": {"retry_after": {"default": "120s", "jitter": "0%"}}, "services": [orders, *more]}


def host_of(number):
    return "orders.example.com" if number == 0 else f"service-{number}.example.com"
