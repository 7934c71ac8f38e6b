"""What a package is made of, as SPDX 2.3 in JSON.

    sbom.py --name NAME --version VERSION --file PACKAGE --linked A,B --carried FOLDER --also C,D --into FILE

`--linked` names the Debian packages whose code is part of the program; `--carried` is a folder of shared libraries
that travel with it; `--also` names packages of which other files travel with it. Versions, suppliers and addresses are
those that dpkg knows. The time is SOURCE_DATE_EPOCH, and identifiers follow from the content, so that the same package
has the same document.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys


def installed(name):
    """(version, source, homepage) of an installed Debian package."""
    shown = subprocess.run(["dpkg-query", "-W", "-f=${Version}\t${source:Package}\t${Homepage}", name],
                           capture_output=True, text=True, check=True).stdout
    return shown.split("\t")


def owners_of(paths):
    """The Debian packages that shared libraries came from, by the names of their files. By whole paths, for a pattern is
    compared with all files of all packages; where /lib is a link, dpkg knows a library by the path its package has."""
    folder = subprocess.run(["gcc", "-print-multiarch"], capture_output=True, text=True, check=True).stdout.strip()
    places = [f"{root}/{folder}/{path.name}" for path in paths for root in ("/usr/lib", "/lib")]
    found = subprocess.run(["dpkg-query", "-S", *places], capture_output=True, text=True, check=False).stdout
    return {line.split(":")[0] for line in found.splitlines()}


def identifier(text):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", text)


def component(name):
    version, source, homepage = installed(name)
    return {
        "SPDXID": identifier(f"Package-{name}"),
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "sourceInfo": f"built from source package {source}; the terms are in /usr/share/doc/{name}/copyright",
        **({"homepage": homepage} if homepage else {}),
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": f"pkg:deb/debian/{name}@{version.replace('+', '%2B')}?distro=debian-12"}],
    }


def document(options, digest, time):
    name = pathlib.Path(options.file).name
    carried = owners_of(pathlib.Path(options.carried).glob("*.so*")) if options.carried else set()
    linked = {one for one in options.linked.split(",") if one}
    carried |= {one for one in options.also.split(",") if one}
    subject = {
        "SPDXID": "SPDXRef-Package-intermission",
        "name": options.name,
        "versionInfo": options.version,
        "packageFileName": name,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION",
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
    }
    others = {one: component(one) for one in sorted(linked | carried)}
    relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                  "relatedSpdxElement": subject["SPDXID"]}]
    relations += [{"spdxElementId": subject["SPDXID"], "relatedSpdxElement": others[one]["SPDXID"],
                   "relationshipType": "STATIC_LINK" if one in linked else "CONTAINS"} for one in others]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://spdx.org/spdxdocs/intermission-{options.version}-{digest}",
        "creationInfo": {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Tool: intermission-scripts-package"]},
        "packages": [subject, *others.values()],
        "relationships": relations,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for flag in ("--name", "--version", "--file", "--into"):
        parser.add_argument(flag, required=True)
    parser.add_argument("--linked", default="")
    parser.add_argument("--carried", default="")
    parser.add_argument("--also", default="")
    options = parser.parse_args()
    digest = hashlib.sha256(pathlib.Path(options.file).read_bytes()).hexdigest()
    time = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    text = json.dumps(document(options, digest, time), indent=1) + "\n"
    pathlib.Path(options.into).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
