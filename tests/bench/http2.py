"""HTTP/2 in clear, beside servers that send one static answer."""

from comparing import Budget, H2loadRow, beside, ratio, run_rounds
from servers import CALL, H2o, HaProxy, Nghttpd, Nginx
from shapes import HOST

TARGET = "/orders/4711"
ASKED = ((":authority", HOST), ("accept", "*/*"))
CALLED = ((":authority", HOST), ("content-type", "application/grpc"), ("te", "trailers"), ("user-agent", "grpc-c++/1.51"))
# Of our cost in theirs: the largest ratio, and whether it may be reached.
ALLOWED = {"nginx": (1.0, False), "h2o": (1.0, False), "HAProxy": (1.05, True), "nghttpd": (1.0, True)}


def http2(bench, static):
    """A table and budgets for 1 and 10 streams at a time, and for calls of gRPC."""
    servers = {
        "Intermission": bench.start(bench.intermission("over HTTP/2")),
        "nginx": bench.start(Nginx("nginx over HTTP/2", bench.place("nginx-http2"), static, http2=True)),
        "h2o": bench.start(H2o("h2o", bench.place("h2o"), static, TARGET)),
        "HAProxy": bench.start(HaProxy("HAProxy over HTTP/2", bench.place("haproxy-http2"), static, http2=True)),
        "nghttpd": bench.start(Nghttpd("nghttpd", bench.place("nghttpd"), static, TARGET)),
    }
    files = ("h2o", "nghttpd")  # they send files, and a file's answer is 200
    for streams, many in ((1, "1 stream"), (10, "10 streams")):
        rows = {name: H2loadRow(name, server, target=TARGET, streams=streams, fields=ASKED,
                                status="2" if name in files else "5") for name, server in servers.items()}
        yield compare(bench, f"HTTP/2 in clear, {many} at a time", rows)
    message = bench.write("message", bytes(5))  # an empty one, with its frame
    rows = {name: H2loadRow(name, server, target=CALL, streams=1, fields=CALLED, status="2", body=message)
            for name, server in servers.items() if name != "h2o"}
    yield compare(bench, "gRPC, unary calls", rows, "h2o answers 405 to POST.")


def compare(bench, title, rows, note=""):
    run_rounds(rows.values(), bench.effort.rounds)
    ours = rows["Intermission"]
    budgets = []
    for name, (most, may_be) in ALLOWED.items():
        if name in rows:
            found = ratio(ours, rows[name])
            budgets.append(Budget(f"{title}: CPU per request, × {name}", f"{found:.2f}",
                                  f"{'≤' if may_be else '<'} {most:g}", found <= most if may_be else found < most))
    return beside(title, list(rows.values()), ours, note), budgets
