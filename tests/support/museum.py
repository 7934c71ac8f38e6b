"""The museum: real client libraries, and what the user of each of them sees during maintenance.

tests/live/museum.json holds one exhibit per line: client, version, what it speaks, and what its
user sees. The tests of the clients show each exhibit again and fail where it has changed:

    museum.exhibit("zeep", zeep.__version__, "SOAP 1.1", f"Fault: {fault.message}", MESSAGE)

The operator's message is kept as MESSAGE and the wait as N, so that neither the text nor the
jitter of a test matters. INTERMISSION_UPDATE_MUSEUM=1 writes what was seen as well, and fails where it
differed; run one test at a time with it, and read the difference. museum.mjs does the same for Node.

The table of the museum in docs/clients.md is table(), and museum_table_test.py checks it.
"""

import html
import json
import os
import pathlib
import re

PLACE = pathlib.Path(__file__).resolve().parent.parent / "live" / "museum.json"


def plain(seen, message):
    """What was seen, without what differs from run to run."""
    seen = seen.replace(message, "MESSAGE") if message else seen
    return re.sub(r"\b\d+( seconds| s\b)", r"N\1", seen)


def exhibits():
    return json.loads(PLACE.read_text(encoding="utf-8"))


def write(shown):
    ordered = sorted(shown, key=lambda one: (one["client"].lower(), one["speaks"]))
    lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in ordered)
    PLACE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def table():
    """The museum as a table in Markdown, one line for each exhibit."""
    def cell(text):
        shown = html.escape(text, quote=False).replace("|", "\\|")
        return re.sub(r"\bMESSAGE\b", "*message*", re.sub(r"\bN (seconds|s)\b", r"*n* \1", shown))

    lines = ["| client | version | speaks | its user sees |", "| --- | --- | --- | --- |"]
    for one in exhibits():
        lines.append("| " + " | ".join(cell(one[key]) for key in ("client", "version", "speaks", "sees")) + " |")
    return "\n".join(lines) + "\n"


def exhibit(client, version, speaks, sees, message=""):
    seen = {"client": client, "version": version, "speaks": speaks, "sees": plain(sees, message)}
    others = [one for one in exhibits() if (one["client"], one["speaks"]) != (client, speaks)]
    kept = [one for one in exhibits() if one not in others]
    if os.environ.get("INTERMISSION_UPDATE_MUSEUM"):
        write([*others, seen])
    # Another version is no failure as long as its user sees the same: Debian's clients get updates.
    assert [one["sees"] for one in kept] == [seen["sees"]], \
        f"the museum shows {kept}, the user of {client} saw {seen}"
