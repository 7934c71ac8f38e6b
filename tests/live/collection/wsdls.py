"""WSDL documents that the sources of packages carry, by the hundred; collection.py runs this.

`check` reads each of them, and none is lost but what is no WSDL 1.1. A fixed sample is served, and
every document that ?wsdl refers to is fetched in turn: each of them is there and is well-formed, and no
client goes in circles.
"""

import collections
import http.client
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.parse

from lxml import etree

from gateway import Gateway

PROGRAM = os.environ["INTERMISSION"]
SECONDS = 5 * float(os.environ.get("INTERMISSION_SLOWNESS", "1"))
SERVED = 100
LEAST = 100  # of documents: fewer were not fetched
MOST_FETCHED = 200  # documents of one service
DEFINITIONS = "{http://schemas.xmlsoap.org/wsdl/}definitions"
REFERENCES = ("{http://schemas.xmlsoap.org/wsdl/}import", *(f"{{http://www.w3.org/2001/XMLSchema}}{name}" for name in ("import", "include", "redefine")))


def configuration(services, root):
    return json.dumps({"services": [{"name": name, "hosts": [f"{name}.test"], "wsdl": str(file), "contract_root": str(root), "message": "Back soon"} for name, file in services]})


def is_wsdl(file):
    """Whether lxml, which is independent of the gateway, reads WSDL 1.1 there."""
    try:
        return etree.parse(file, etree.XMLParser(no_network=True, resolve_entities=False)).getroot().tag == DEFINITIONS
    except etree.XMLSyntaxError:
        return False


def check(file, root):
    """{file, seconds, complaints, findings} of one document."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "intermission.json")
        config.write_text(configuration([("a", file)], root), encoding="utf-8")
        start = time.monotonic()
        try:
            done = subprocess.run([PROGRAM, "check", "--config", config, "--format", "json"], capture_output=True, text=True, timeout=24 * SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return {"complaints": [f"{file}: check does not end"], "findings": [], "operations": 0}
        seconds = time.monotonic() - start
    if done.returncode not in (0, 1):
        return {"complaints": [f"{file}: exit code {done.returncode}: {done.stderr[:300]}"], "findings": [], "operations": 0}
    report = json.loads(done.stdout)
    service = (report["services"] or [{}])[0]
    complaints = [f"{file} is lost: {problem['message']}" for problem in report["problems"] if is_wsdl(file)]
    if seconds > SECONDS:
        complaints.append(f"{file} took {seconds:.1f} s")
    return {"complaints": complaints, "findings": [finding["rule"] for finding in service.get("findings", [])], "operations": len(service.get("soapOperations", []))}


def references_in(document, host):
    """Targets of the gateway's own that a served document refers to."""
    for element in document.iter(*REFERENCES):
        location = element.get("location") or element.get("schemaLocation") or ""
        split = urllib.parse.urlsplit(location)
        if split.netloc == host:
            yield f"{split.path}?{split.query}"


def walk(connection, host, first):
    """Complaints about a document and all that it refers to."""
    todo, seen = [first], set()
    while todo:
        target = todo.pop()
        if target in seen:
            continue
        seen.add(target)
        if len(seen) > MOST_FETCHED:
            return [f"{host}{first} leads to more than {MOST_FETCHED} documents"]
        connection.request("GET", target, headers={"Host": host})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            return [f"{host}{target} is answered with {response.status}"]
        try:
            document = etree.fromstring(body, etree.XMLParser(no_network=True, resolve_entities=False))
        except etree.XMLSyntaxError as error:
            return [f"{host}{target} is not well-formed: {error}"]
        todo += references_in(document, host)
    return []


def serve(files, root):
    """Complaints about a gateway that serves all of them."""
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "intermission.json")
        config.write_text(configuration([(f"w{index}", file) for index, file in enumerate(files)], root), encoding="utf-8")
        with Gateway("--config", config) as gateway:
            connection = http.client.HTTPConnection("127.0.0.1", urllib.parse.urlsplit(gateway.url).port, timeout=30)
            for index, file in enumerate(files):
                for query in ("wsdl", "singleWsdl"):
                    complaints += [f"{file}: {complaint}" for complaint in walk(connection, f"w{index}.test", f"/soap?{query}")]
            connection.close()
    return complaints


def examine(folder, pool):
    """What is wrong with any of the documents below a folder."""
    files = sorted(folder.rglob("*.wsdl"))
    if len(files) < LEAST:
        return [f"expected at least {LEAST} WSDL documents below {folder}, got {len(files)}"]
    results = list(pool.map(lambda file: check(file, folder), files))
    findings = collections.Counter(rule for result in results for rule in result["findings"])
    print(f"{len(files)} WSDL documents: {sum(result['operations'] for result in results)} operations, findings {dict(findings)}", flush=True)
    good = [file for file in files if is_wsdl(file)]
    return [complaint for result in results for complaint in result["complaints"]] + serve(good[:: max(1, len(good) // SERVED)], folder)
