"""A proxy in front of a server that passes every byte on and notes when each request came.

Each client has a port of its own, so that what one did is not taken for another's:

    with CountingProxy(gateway.host, gateway.port, ports=2) as proxy:
        urllib.request.urlopen(proxy.urls[0])
    proxy.pauses(proxy.urls[0])   # before each repetition of a request: seconds waited, seconds told

`journal` names a file that gets the same notes as lines of JSON, for tests in other languages.
"""

import asyncio
import contextlib
import json
import re
import threading
import time

RETRY_AFTER = re.compile(rb"\r\nretry-after: ?(\d+)\r\n", re.IGNORECASE)
REQUEST_LINE = re.compile(rb"([A-Z]+ \S+) HTTP/1\.[01]\r?\n")
#A request line that is longer is not looked for.
LONGEST = 16384


class Conversation:
    """One connection: who spoke when. A request begins with what the client says after an answer."""

    def __init__(self, note):
        self._note = note
        self._said = b""
        self._known = False
        self._request = None
        self._asked_at = 0.0

    def client_said(self, data):
        if not self._said:
            self._asked_at = time.monotonic()
        if self._known or len(self._said) > LONGEST:
            return
        self._said += data
        if match := REQUEST_LINE.match(self._said):
            self._known = True
            self._request = match[1].decode("latin-1")
            self._note("asked", self._request, self._asked_at, None)

    def server_said(self, data):
        if self._request:
            told = RETRY_AFTER.search(data)
            self._note("answered", self._request, time.monotonic(), int(told[1]) if told else None)
        self._said, self._known = b"", False


class CountingProxy(contextlib.AbstractContextManager):
    def __init__(self, host, port, ports=1, journal=None):
        self._server = (host, port)
        self._ports = ports
        self._journal = journal
        self._notes = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listeners = []
        self.urls = []

    def __enter__(self):
        self._thread.start()
        for _ in range(self._ports):
            number = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
            self.urls.append(f"http://127.0.0.1:{number}")
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self):
        number = 0

        async def serve(reader, writer):
            await self._converse(reader, writer, number)

        listener = await asyncio.start_server(serve, "127.0.0.1", 0)
        self._listeners.append(listener)
        number = listener.sockets[0].getsockname()[1]
        return number

    async def _close(self):
        for listener in self._listeners:
            listener.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _converse(self, reader, writer, number):
        def note(event, request, when, told):
            self._notes.append((number, event, request, when, told))
            if self._journal:
                with open(self._journal, "a", encoding="utf-8") as journal:
                    journal.write(json.dumps({"event": event, "request": request, "seconds": when, "told": told}) + "\n")

        conversation = Conversation(note)
        try:
            upstream, onward = await asyncio.open_connection(*self._server)
        except OSError:
            writer.close()
            return
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(relay(reader, onward, conversation.client_said),
                                 relay(upstream, writer, conversation.server_said))
        for end in (onward, writer):
            end.close()

    def requests(self, url):
        """The requests of one client in order, each as "METHOD target"."""
        return [request for _, event, request, *_ in self._of(url) if event == "asked"]

    def pauses(self, url):
        return pauses(note[1:] for note in self._of(url))

    def _of(self, url):
        number = int(url.rpartition(":")[2])
        return [note for note in list(self._notes) if note[0] == number]


async def relay(source, sink, heard):
    """Passes on what one end says, until it has said all."""
    try:
        while data := await source.read(65536):
            heard(data)
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()
    except OSError:
        sink.close()


def pauses(notes):
    """For each time that a client made a request again: how many seconds it had waited since the last
    answer to it, and how many that answer told it to wait."""
    answers, waited = {}, []
    for event, request, when, told in notes:
        if event == "answered":
            # An answer of several pieces names the wait in its first.
            answers[request] = (when, told if told is not None else answers.get(request, (0, 0))[1])
        elif request in answers:
            answered, told = answers[request]
            waited.append((when - answered, told))
    return waited
