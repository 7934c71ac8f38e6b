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
