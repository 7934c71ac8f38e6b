"""The museum: real client libraries, and what the user of each of them sees during maintenance.

tests/live/museum.json holds one exhibit per line: client, version, what it speaks, what its user
sees, and whether it comes back by itself. The tests of the clients show each exhibit again and fail
where it has changed:

    museum.exhibit("zeep", zeep.__version__, "SOAP 1.1", f"Fault: {fault.message}",
                   museum.comes_back(proxy.pauses(url)), MESSAGE)

The operator's message is kept as MESSAGE and the wait as N, so that neither the text nor the
jitter of a test matters. INTERMISSION_UPDATE_MUSEUM=1 writes what was seen as well, and fails where it
differed; run one test at a time with it, and read the difference. museum.mjs does the same for Node.

Whether a client comes back is measured: counting_proxy.py notes when it repeated a request.

The table of the museum in docs/clients.md is table(), and museum_table_test.py checks it.
"""

import html
import json
import os
import pathlib
import re
import sys

PLACE = pathlib.Path(__file__).resolve().parent.parent / "live" / "museum.json"

NEVER = "never"
AT_ONCE = "at once"
EARLY = "before the wait"
AS_TOLD = "after Retry-After"
#A client's clock and ours may differ by as much, in seconds.
TOLERANCE = 0.05
AT_ONCE_SECONDS = 0.2


def comes_back(pauses):
    """What counting_proxy's pauses say of a client."""
    if not pauses:
        return NEVER
    if all(waited >= told - TOLERANCE for waited, told in pauses):
        return AS_TOLD
    return AT_ONCE if min(waited for waited, _ in pauses) < AT_ONCE_SECONDS else EARLY


def agree(one, other):
    """A slow machine makes "at once" a little later; nothing else may change."""
    return one == other or {one, other} == {AT_ONCE, EARLY}


def plain(seen, message):
    """What was seen, without what differs from run to run."""
    seen = seen.replace(message, "MESSAGE") if message else seen
    return re.sub(r"\b\d+( seconds| s\b)", r"N\1", seen)


def exhibits():
    return json.loads(PLACE.read_text(encoding="utf-8"))


def shown_by(test):
    """The exhibits of one test, named by its file."""
    return [one for one in exhibits() if one["shown_by"] == test]


def key(one):
    return (one["client"].lower(), one["speaks"])


def write(shown):
    lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in sorted(shown, key=key))
    PLACE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def table():
    """The museum as a table in Markdown, one line for each exhibit."""
    def cell(text):
        shown = html.escape(text, quote=False).replace("|", "\\|")
        return re.sub(r"\bMESSAGE\b", "*message*", re.sub(r"\bN (seconds|s)\b", r"*n* \1", shown))

    lines = ["| client | version | speaks | its user sees | comes back |", "| --- | --- | --- | --- | --- |"]
    for one in exhibits():
        lines.append("| " + " | ".join(cell(one[name]) for name in
                                       ("client", "version", "speaks", "sees", "comes_back")) + " |")
    return "\n".join(lines) + "\n"


def exhibit(client, version, speaks, sees, back, message=""):
    """`back` is comes_back() of what was measured, or one of the words above."""
    seen = {"client": client, "version": version, "speaks": speaks, "sees": plain(sees, message),
            "comes_back": back, "shown_by": pathlib.Path(sys.argv[0]).name}
    all_exhibits = exhibits()
    kept = [one for one in all_exhibits if key(one) == key(seen)]
    if os.environ.get("INTERMISSION_UPDATE_MUSEUM"):
        write([*(one for one in all_exhibits if one not in kept), seen])
    # Another version is no failure as long as its user sees the same: Debian's clients get updates.
    assert [(one["sees"], one["shown_by"]) for one in kept] == [(seen["sees"], seen["shown_by"])] \
        and agree(kept[0]["comes_back"], back), f"the museum shows {kept}, the user of {client} saw {seen}"
