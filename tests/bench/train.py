#!/usr/bin/env python3
"""Gives a program that records a profile the work that it is judged by: the shapes of scripts/bench by HTTP/1.1, kept
alive, pipelined and each on a connection of its own; HTTP/2 and gRPC by h2load, in clear text and by TLS; and an OpenAPI
document. scripts/package --tuned runs it. Always the same requests in the same number, one connection after the other."""

import argparse
import contextlib
import json
import pathlib
import re
import socket
import subprocess
import tempfile

from http2 import TARGET
from servers import Intermission, api_document, certificate, configuration
from shapes import CHROME, CURL, HOST, SHAPES, request

KEPT = 4_000       # requests on one connection
PIPELINED = 400    # sixteen at a time
CLOSED = 1_000     # connections
STREAMS = 8_000    # requests of h2load
OPERATIONS = 1_000
GRPC = ("-H", "te: trailers", "-H", "content-type: application/grpc")


def connect(port):
    return contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=60))


def read_answers(connection, received, number):
    """Takes that many whole answers off what was received and what comes."""
    while number > 0:
        head, blank, rest = received.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1]) if blank else 0
        if blank and len(rest) >= length:
            received = rest[length:]
            number -= 1
            continue
        piece = connection.recv(1 << 18)
        if not piece:
            raise RuntimeError("the program closed the connection")
        received += piece
    return received


def ask_kept_alive(port, sent, times, at_once=1):
    with connect(port) as connection:
        received = b""
        for _ in range(times):
            connection.sendall(sent)
            received = read_answers(connection, received, at_once)


def ask_on_new_connections(port, sent, times):
    for _ in range(times):
        with connect(port) as connection:
            connection.sendall(sent)
            while connection.recv(1 << 18):
                pass


def h2load(url, *arguments):
    done = subprocess.run(["h2load", "-n", str(STREAMS), *arguments, url], capture_output=True, text=True, check=True)
    if f"{STREAMS} succeeded" not in done.stdout and f"{STREAMS} done" not in done.stdout:
        raise RuntimeError(done.stdout)


def fields_of(shape):
    return [part for name, value in shape if name != "Connection" for part in ("-H", f"{name}: {value}")]


def train(program, folder):
    host = ("-H", f":authority: {HOST}")
    frame = str(write(folder / "frame", bytes(5)))  # an empty message
    with Intermission("usual", folder / "usual", program, configuration(services=10)) as server:
        for name, shape in SHAPES.items():
            if name == "curl, closing":
                ask_on_new_connections(server.port, shape.bytes, CLOSED)
            elif name == "16 pipelined":
                ask_kept_alive(server.port, shape.bytes, PIPELINED, at_once=16)
            else:
                ask_kept_alive(server.port, shape.bytes, KEPT)
        url = f"http://127.0.0.1:{server.port}{TARGET}"
        for streams in ("1", "10"):
            for shape in (CURL, CHROME):
                h2load(url, "-c", "8", "-m", streams, *host, *fields_of(shape))
            h2load(url, "-c", "8", "-m", streams, *host, *GRPC, "-d", frame)
    config = configuration(services=10, certificate=certificate(folder))
    with Intermission("tls", folder / "tls", program, config) as server:
        url = f"https://127.0.0.1:{server.port}{TARGET}"
        for protocol in ("h2", "http/1.1"):
            h2load(url, "-c", "200", "-m", "1", f"--npn-list={protocol}", *host, *fields_of(CURL))
    document = api_document(OPERATIONS)
    contract = write(folder / "contract.json", json.dumps(document).encode())
    with Intermission("contract", folder / "contract", program, configuration(contract=contract)) as server:
        asked = [request(CURL, method=method.upper(), target=path.replace("{id}", "7"))
                 for path, item in document["paths"].items() for method in item if method != "parameters"]
        for sent in asked:
            ask_kept_alive(server.port, sent, 2)


def write(path, content):
    path.write_bytes(content)
    return path


def main():
    parser = argparse.ArgumentParser(prog="train.py", description="See scripts/package --tuned.")
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="intermission-train-") as folder:
        train(options.program.resolve(), pathlib.Path(folder))


if __name__ == "__main__":
    main()
