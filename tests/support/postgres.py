"""A PostgreSQL server of the test's own, in a folder of its own, on a free port of 127.0.0.1.

    with Postgres() as postgres:
        postgres.sql("SELECT 1")
        postgres.url()

It runs as an unprivileged user, for it refuses root, and never touches the system's cluster. A Proxy
stands for the network in between: it cuts, stalls, delays and refuses.

As a program, for tests in C++ (postgres.h), it prints the server's port and password, and ends the server
when its standard input ends.
"""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from ports import free_port

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
PASSWORD = "pa55-w0rd-of-this-test"
PATIENCE = 60


def unprivileged():
    """What subprocess needs to start something as another user; nothing where we are one."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


class Postgres(contextlib.AbstractContextManager):
    SETTINGS = {
        "listen_addresses": "'127.0.0.1'", "unix_socket_directories": "''", "shared_buffers": "16MB",
        "max_connections": "60", "fsync": "off", "wal_level": "replica", "hot_standby": "on",
        "log_min_messages": "fatal", "max_wal_senders": "4", "wal_sender_timeout": "2s",
    }

    def __init__(self, settings=None, standby_of=None):
        self._temporary = tempfile.TemporaryDirectory(prefix="intermission-postgres-")
        self.folder = pathlib.Path(self._temporary.name)
        self.data = self.folder / "data"
        self.port = free_port()
        self.process = None
        self._as = unprivileged()
        self.owner = (self._as["user"], self._as["group"]) if self._as else None
        self._settings = {**self.SETTINGS, **(settings or {})}
        self._standby_of = standby_of

    def _run(self, *command, **more):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=self.folder,
                              timeout=PATIENCE, check=False, **self._as, **more)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def __enter__(self):
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        password = self.folder / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        password.chmod(0o644)
        if self._standby_of:
            self._run(PROGRAMS / "pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "-d",
                      self._standby_of.url("postgres", "standby"), env={"PGPASSWORD": PASSWORD})
        else:
            self._run(PROGRAMS / "initdb", "-D", self.data, "-U", "owner", "--auth=scram-sha-256",
                      "--pwfile", password, "--no-sync", "-E", "UTF8", "--locale=C")
            with open(self.data / "pg_hba.conf", "a", encoding="utf-8") as access:
                access.write("host replication all 127.0.0.1/32 scram-sha-256\n")
        self.start()
        if not self._standby_of:
            self.sql("CREATE DATABASE ops", database="postgres")
            self.sql(f"CREATE ROLE gateway LOGIN PASSWORD '{PASSWORD}'")
            self.sql("GRANT ALL ON DATABASE ops TO gateway; GRANT ALL ON SCHEMA public TO gateway")
        return self

    def __exit__(self, *_):
        self.kill()
        self._temporary.cleanup()

    def start(self, inside=(), env=None):
        """`inside` is an nsenter(1) of a namespace; `env` is added to the server's environment."""
        settings = [f"-c{name}={value.strip(chr(39))}" for name, value in self._settings.items()]
        program = [PROGRAMS / "postgres", "-D", self.data, "-p", str(self.port), *settings]
        user = self._as
        if inside:
            program = [*inside, "-S", str(self.owner[0]), "-G", str(self.owner[1]), "--", *program]
            user = {}
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(program, cwd=self.folder, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, stderr=log,
                                            env={**os.environ, **(env or {})}, **user)
        self.wait()

    def wait(self):
        until = time.monotonic() + PATIENCE
        while subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                             check=False).returncode != 0:
            assert self.process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)

    def children(self):
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True,
                               check=False).stdout.split()
        return [int(pid) for pid in found]

    def kill(self):
        """As a machine that loses its power."""
        if self.process is None or self.process.poll() is not None:
            return
        for pid in [self.process.pid, *self.children()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def promote(self):
        self._run(PROGRAMS / "pg_ctl", "promote", "-D", self.data, "-w")

    def copy(self):
        """The files of a server that stands still, as a backup that is taken cold."""
        self._run("cp", "-a", self.data, self.folder / "backup")

    def restore(self):
        shutil.rmtree(self.data)
        self._run("cp", "-a", self.folder / "backup", self.data)

    def url(self, database="ops", name="gateway", port=None):
        user = "owner" if name == "standby" else name
        return f"host=127.0.0.1 port={port or self.port} dbname={database} user={user} password={PASSWORD}"

    def sql(self, statements, database="ops", user="owner"):
        done = subprocess.run([PROGRAMS / "psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
                               "-p", str(self.port), "-U", user, "-d", database, "-c", statements],
                              env={"PGPASSWORD": PASSWORD, "PATH": os.environ["PATH"]}, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


class Pooler(contextlib.AbstractContextManager):
    """PgBouncer in front of a Postgres: what is sent in one transaction shares a server process, and nothing else."""

    def __init__(self, postgres, mode="transaction"):
        self._temporary = tempfile.TemporaryDirectory(prefix="intermission-pooler-")
        self._folder = pathlib.Path(self._temporary.name)
        self._postgres = postgres
        self._mode = mode
        self.port = free_port()

    def __enter__(self):
        as_whom = unprivileged()
        users = self._folder / "users"
        users.write_text(f'"gateway" "{PASSWORD}"\n', encoding="utf-8")
        settings = self._folder / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\nops = host=127.0.0.1 port={self._postgres.port} dbname=ops\n[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\nauth_type = scram-sha-256\n"
            f"auth_file = {users}\npool_mode = {self._mode}\ndefault_pool_size = 3\n", encoding="utf-8")
        if as_whom:
            for path in (self._folder, users, settings):
                os.chown(path, as_whom["user"], as_whom["group"])
        self._process = subprocess.Popen(["/usr/sbin/pgbouncer", "-q", settings], cwd=self._folder, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_whom)
        until = time.monotonic() + PATIENCE
        while subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                             check=False).returncode != 0:
            assert self._process.poll() is None, "the pooler has ended"
            assert time.monotonic() < until, "the pooler does not answer"
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._temporary.cleanup()


class Proxy(contextlib.AbstractContextManager):
    """Passes bytes on to a port of 127.0.0.1, until a test makes it do something worse."""

    def __init__(self, target):
        self.target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._flows = threading.Event()
        self._flows.set()
        self._delay = 0
        self.held = 0  # pieces that were stalled
        self._refuses = False
        self._lock = threading.Lock()
        self._pairs = set()
        self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __exit__(self, *_):
        self._ended = True
        self._delay = 0
        self._flows.set()
        self._listener.close()
        self.cut()

    def _accept(self):
        while not self._ended:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._refuses:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=PATIENCE)
            except OSError:
                client.close()
                continue
            with self._lock:
                self._pairs.add((client, server))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=(source, sink, (client, server)), daemon=True).start()

    def _pass(self, source, sink, pair):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._hold_up()
                sink.sendall(data)
        self._close(pair)

    def _hold_up(self):
        if not self._flows.is_set():
            self.held += 1
        self._flows.wait()
        arrived = time.monotonic()
        while time.monotonic() - arrived < self._delay:
            time.sleep(0.02)

    def _close(self, pair):
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self):
        for pair in list(self._pairs):
            self._close(pair)

    def refuse(self, refuses=True):
        self._refuses = refuses
        if refuses:
            self.cut()

    def delay(self, seconds):
        """Each piece, in each direction; what waits already as well."""
        self._delay = seconds

    def stall(self):
        self._flows.clear()

    def flow(self):
        self._flows.set()


if __name__ == "__main__":
    with Postgres() as server:
        print(server.port, PASSWORD, flush=True)
        sys.stdin.read()
