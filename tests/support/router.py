"""A router whose service is down for the first requests and then back: those go to the gateway,
all others to the service, which says the same to every GET.

    with Router(gateway, held=1) as route:
        urllib.request.urlopen(route.url)
    route.gaps()     # seconds between the requests
"""

import contextlib
import http.server
import threading
import time

SERVICE = b"orders are back\n"


class Router(contextlib.AbstractContextManager):
    def __init__(self, gateway, held, service=SERVICE):
        self.times = []
        self.told = []
        router = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                router.times.append(time.monotonic())
                if len(router.times) <= held:
                    self._pass_on(gateway.get(self.path, dict(self.headers)))
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(service)))
                    self.end_headers()
                    self.wfile.write(service)

            def _pass_on(self, answer):
                router.told.append(int(answer.headers["Retry-After"]))
                self.send_response_only(answer.status, answer.reason)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def gaps(self):
        return [later - earlier for earlier, later in zip(self.times, self.times[1:])]

    def pauses(self):
        """As counting_proxy.pauses()."""
        return list(zip(self.gaps(), self.told))
