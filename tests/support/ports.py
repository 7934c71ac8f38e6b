"""Ports for programs that cannot choose one themselves."""

import contextlib
import random
import socket


def free_port():
    """Not one of those that the kernel gives to connections: one of these could take it meanwhile."""
    for port in random.sample(range(10_000, 32_000), 100):
        with contextlib.suppress(OSError), socket.socket() as one:
            one.bind(("", port))
            return port
    raise AssertionError("of a hundred ports none is free")


@contextlib.contextmanager
def reserved(host, port):
    """Nothing listens at that port, and the kernel gives it to nobody. Whoever asks for it by its number gets it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host, port))
        yield
