"""Public API documents of many makers, by the thousand: scripts/test --contracts runs this.

  collection.py [--update] FOLDER      collections of documents, as scripts/test fetches them

`check` reads every document, within a time, and says what the clients of each operation will be told.
Validators that know nothing of the gateway hold each different body against its document. Then a
fixed sample is served, and operations of it are asked for over the wire. --update writes the figures
into docs/contracts.md.

Below FOLDER there is one folder for each collection; that of WSDL documents is called "wsdl" and is
wsdls.py's.
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
import threading

import wsdls
from gateway import Gateway

HERE = pathlib.Path(__file__).parent
SOURCE = HERE.parents[2]
PROGRAM = os.environ["INTERMISSION"]
MESSAGE = "Back at 02:00 UTC <or so> & thank you"
SERVED = 300
SECONDS = 5 * float(os.environ.get("INTERMISSION_SLOWNESS", "1"))
LONGEST = 24 * SECONDS  # then it is ended
LEAST_TOLD = 0.98
# What a document of the kind says of itself, somewhere near its beginning.
OPENAPI = re.compile(r"""["']?(openapi|swagger)["']?\s*:\s*["']?[23]\.""")
# A status or code of a client's error that the whole body stands for.
OF_A_CLIENT = re.compile(r'"(?:status|statusCode|status_code|code|httpStatus)":\s*"?4\d\d"?[,}]')
SPELLINGS = (
    MESSAGE,
    json.dumps(MESSAGE)[1:-1],
    MESSAGE.replace("&", "&amp;").replace("<", "&lt;"),
    MESSAGE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
)
BEGIN = "| collection | documents |"
HEAD = f"{BEGIN} operations | declared | shared | our own | valid | true | told |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
TABLE = re.compile(re.escape(BEGIN) + r".*\n(?:\|.*\n)+")


def documents_in(folder):
    """API documents below a folder; others, such as schemas, stand beside them in some packages."""
    found = []
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".json", ".yaml", ".yml"} and file.is_file():
            with file.open(encoding="utf-8", errors="replace") as text:
                if OPENAPI.search(text.read(1_000_000)):
                    found.append(file)
    return found


def configuration(services):
    return json.dumps({"services": [{"name": name, "hosts": [f"{name}.test"], "contract": str(file), "message": MESSAGE} for name, file in services]})


def check(file):
    """What `check` says of one document: {file, seconds, problems, operations, findings}."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "intermission.json")
        config.write_text(configuration([("a", file)]), encoding="utf-8")
        code, seconds, output, errors = run([PROGRAM, "check", "--config", config, "--format", "json"], folder)
    if code not in (0, 1):
        problem = f"exit code {code} after {seconds:.0f} s: {errors[:300]}"
        return {"file": str(file), "seconds": seconds, "problems": [{"message": problem}], "operations": [], "findings": []}
    report = json.loads(output)
    service = (report["services"] or [{}])[0]
    return {"file": str(file), "seconds": seconds, "problems": report["problems"], "operations": service.get("operations", []), "findings": service.get("findings", [])}


def run(command, folder):
    """(exit code, seconds of CPU, standard output, standard error). Others on the machine do not count."""
    with open(pathlib.Path(folder, "out"), "w+b") as out, open(pathlib.Path(folder, "errors"), "w+b") as errors:
        process = subprocess.Popen(command, stdout=out, stderr=errors)
        limit = threading.Timer(LONGEST, process.kill)
        limit.start()
        _, status, used = os.wait4(process.pid, 0)
        limit.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read().decode())
    return process.returncode, used.ru_utime + used.ru_stime, *texts


def is_told(operation):
    return "body" not in operation or any(text in operation["body"] for text in SPELLINGS)


def summarise(results):
    seen = collections.Counter()
    for result in results:
        named = named_in(result)
        for operation in result["operations"]:
            seen["operations"] += 1
            seen["own" if "body" not in operation else "declared" if operation["declares"] != "nothing" else "shared"] += 1
            seen["told"] += is_told(operation)
            is_true = not OF_A_CLIENT.search(operation.get("body", ""))
            seen["true"] += is_true or name_of(operation) in named
    return seen


def named_in(result, rule=""):
    """Operations, as "METHOD PATH", that findings are about. That no body can be made is said once for
    all that declare the same."""
    named = {re.sub(r": .*", "", finding["message"]) for finding in result["findings"] if rule in ("", finding["rule"])}
    if not rule and any(finding["rule"] == "no-valid-body" for finding in result["findings"]):
        named |= {name_of(operation) for operation in result["operations"] if "body" not in operation}
    return named


def name_of(operation):
    return f"{operation['method']} {operation['path']}"


def validate(results):
    """How many operations get a body that is valid, and what is wrong with the others. Where `check`
    says that JSON stands in for a media type that cannot be made, nothing is declared for JSON."""
    excused = 0
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        for result in results:
            named = named_in(result, "no-known-media-type")
            operations = [operation for operation in result["operations"] if "body" in operation]
            excused += sum(name_of(operation) in named for operation in operations)
            bodies = [{key: operation[key] for key in ("method", "path", "answer", "body")} for operation in operations if name_of(operation) not in named]
            out.write(json.dumps({"file": result["file"], "bodies": bodies}) + "\n")
        out.flush()
        done = subprocess.run(["node", HERE / "validate.mjs", out.name], stdout=subprocess.PIPE, text=True, check=True)
    held = json.loads(done.stdout)
    return {"valid": held["valid"] + excused, "complaints": held["complaints"]}


def serve(files, named):
    """Complaints about the answers of a gateway that serves all of them. `named` holds, by document, the
    operations that `check` reports."""
    services = [(f"a{index}", file) for index, file in enumerate(files)]
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "intermission.json")
        config.write_text(configuration(services), encoding="utf-8")
        reported = pathlib.Path(folder, "named.json")
        reported.write_text(json.dumps({str(file): named.get(str(file), []) for file in files}), encoding="utf-8")
        with Gateway("--config", config) as gateway:
            done = subprocess.run(["node", HERE / "served.mjs", config, reported], capture_output=True, text=True, check=False, env={**os.environ, "GATEWAY_URL": gateway.url, "MESSAGE": MESSAGE})
    if done.returncode != 0:
        return {"operations": 0, "complaints": [done.stderr[-2000:]]}
    return json.loads(done.stdout)


def share(part, whole):
    return f"{part / whole * 100:.1f} %" if whole else "-"


def row(name, documents, seen, valid):
    whole = seen["operations"]
    shares = (seen["declared"], seen["shared"], seen["own"], valid, seen["true"], seen["told"])
    return f"| {name} | {documents:,} | {whole:,} | " + " | ".join(share(part, whole) for part in shares) + " |\n"


def examine(name, files, pool, named):
    """The row of one collection, and what is wrong with it. Adds to `named` as serve() takes it."""
    results = list(pool.map(check, files))
    wrong = [f"{result['file']} is lost: {result['problems'][0]['message']}" for result in results if result["problems"]]
    wrong += [f"{result['file']} took {result['seconds']:.1f} s of CPU" for result in results if result["seconds"] > SECONDS]
    named.update({result["file"]: sorted(named_in(result)) for result in results})
    seen = summarise(results)
    valid = validate(results)
    wrong += valid["complaints"]
    if seen["told"] < LEAST_TOLD * seen["operations"]:
        wrong.append(f"{name}: {seen['told']} of {seen['operations']} operations get the message")
    longest = max(results, key=lambda result: result["seconds"])
    print(f"{name}: {seen['operations'] - seen['told']} operations untold; longest check {longest['seconds']:.1f} s ({longest['file']})", flush=True)
    return row(name, len(files), seen, valid["valid"] + seen["own"]), wrong


def settle(table, update):
    """Complaints about the table that stands in docs/contracts.md."""
    document = SOURCE / "docs" / "contracts.md"
    text = document.read_text(encoding="utf-8")
    if not TABLE.search(text):
        return [f"docs/contracts.md has no table that begins with {BEGIN}"]
    if update:
        document.write_text(TABLE.sub(lambda _: table, text), encoding="utf-8")
    elif table not in text:
        return [f"docs/contracts.md has other figures; --update writes them:\n{table}"]
    return []


def main(folder, update):
    folder = pathlib.Path(folder).resolve()
    files = {one.name: documents_in(one) for one in sorted(folder.iterdir()) if one.is_dir() and one.name != "wsdl"}
    table, wrong, named = HEAD, [], {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, documents in files.items():
            if not documents:
                wrong.append(f"{name} has no documents")
                continue
            line, found = examine(name, documents, pool, named)
            table += line
            wrong += found
        wrong += wsdls.examine(folder / "wsdl", pool)
    everything = [file for documents in files.values() for file in documents]
    served = serve(everything[:: max(1, len(everything) // SERVED)], named)
    wrong += served["complaints"]
    wrong += settle(table, update)
    print(table, f"served: {served['operations']} operations", *wrong[:100], sep="\n")
    print(f"{len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    sys.exit(main(arguments[0], "--update" in sys.argv[1:]))
