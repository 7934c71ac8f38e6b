"""TLS over a socket that two threads may use at once, one to send and one to receive, and that can be left without
close_notify. It stands in for a socket.

    with SecureStream(port, context) as client:
        client.sendall(b"...")
        client.recv(65536)
"""

import contextlib
import socket
import ssl
import threading

from gateway import PATIENCE


class SecureStream(contextlib.AbstractContextManager):
    def __init__(self, port, context, name="localhost"):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self._using_tls = threading.Lock()
        try:
            self._complete(self.tls.do_handshake)
        except BaseException:
            self.close()
            raise

    def _complete(self, action):
        """Calls it until nothing is missing."""
        while True:
            result, is_complete = None, True
            with self._using_tls:
                try:
                    result = action()
                except ssl.SSLWantReadError:
                    is_complete = False
                said = self._outgoing.read()
            if said:
                self.socket.sendall(said)
            if is_complete:
                return result
            received = self.socket.recv(65536)
            with self._using_tls:
                self._incoming.write(received) if received else self._incoming.write_eof()

    def sendall(self, data):
        with self._using_tls:
            self.tls.write(data)
            encrypted = self._outgoing.read()
        self.socket.sendall(encrypted)

    def recv(self, size):
        """b"" at the end of the connection, told or not."""
        try:
            return self._complete(lambda: self.tls.read(size))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def shutdown(self, how):
        """Of the socket below: no close_notify is said."""
        self.socket.shutdown(how)

    def close(self):
        self.socket.close()

    def __exit__(self, *_):
        self.close()
