#!/usr/bin/env python3
"""Includes in src/ go downward only; what a folder may include is the table below.

    includes.py SOURCE_FOLDER     prints FILE:LINE: what is wrong, and why; exit code 1 if anything is

A declaration of another folder's class hides an include; it counts as one.

Everything else that holds for every file of src/ is checked here too: known folders, one level
deep but for data; headers that say what they are for; Pistache in server/ only.
"""

import pathlib
import re
import sys

# The folders side by side in one row do not include each other.
ROWS = [
    {"base"},
    {"document", "http"},
    {"negotiate", "gate", "contract"},
    {"openapi", "wsdl"},
    {"interfaces"},
    {"catalog"},
    {"page"},
    {"dialect"},
    {"snapshot"},
    {"gateway"},
    {"report", "observe"},
    {"control"},
    {"program"},
    {"cli"},
]
# The socket side stands apart: it is handed a handler by program/ and cli/.
SERVER = "server"
SERVER_STANDS_ON = {"base", "http"}
INCLUDES_SERVER = {"control", "cli", "program"}

MAY_INCLUDE = {SERVER: SERVER_STANDS_ON | {SERVER}}
for index, row in enumerate(ROWS):
    below = set().union(*ROWS[:index])
    for name in row:
        MAY_INCLUDE[name] = below | {name} | ({SERVER} if name in INCLUDES_SERVER else set())
FOLDERS = set(MAY_INCLUDE)

TOP_FILES = {"main.cc", "CMakeLists.txt", "embedded.cc.in"}
NO_NAME = re.compile(r"^(utils?|utilities|helpers?|misc|common)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def includes_of(text):
    """(line number, '"' or '<', what is included) for each include line."""
    for number, line in enumerate(text.splitlines(), start=1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def header_findings(text):
    lines = text.splitlines()
    if not lines or not re.match(r"//\s*\S", lines[0]):
        yield 1, "a header starts with a comment that says what it is for"
    if "#pragma once" not in lines:
        yield 1, "a header has #pragma once"


def declaration_findings(folder, text):
    """Declarations of another folder's names, which need what may not be included."""
    for number, line in enumerate(text.splitlines(), start=1):
        for target in re.findall(r"\bnamespace\s+(?:intermission::)?(\w+)", line):
            if target in FOLDERS and target not in MAY_INCLUDE[folder]:
                yield number, f"opens namespace {target}; {folder}/ does not stand on it"


def include_findings(folder, text):
    """`folder` is None for main.cc, which may include everything."""
    for number, kind, name in includes_of(text):
        if "pistache" in name.lower() and folder != SERVER:
            yield number, f"includes {name}; only {SERVER}/ knows Pistache"
        if kind == "<":
            continue
        target = name.split("/")[0]
        if "/" not in name or target not in FOLDERS:
            yield number, f'includes "{name}"; write it as "folder/file.h", seen from src/'
        elif folder is not None and target not in MAY_INCLUDE[folder]:
            allowed = ", ".join(sorted(MAY_INCLUDE[folder] - {folder})) or "nothing else"
            yield number, f"includes {name}; {folder}/ stands on {allowed}"


def findings(source):
    """All that is wrong below the folder `source`, as "FILE:LINE: what"."""
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if NO_NAME.match(path.stem.lower()):
            yield f"{relative}:1: \"{path.stem}\" names nothing; name what it is for"
        if path.is_dir():
            if len(relative.parts) > 1:
                if not any(path.rglob("*.h")) and not any(path.rglob("*.cc")):
                    continue
                yield f"{relative}:1: folders of src/ have no folders inside, but of data"
            elif relative.name not in FOLDERS:
                yield f"{relative}:1: an unknown folder; if it is meant, give it a row in {pathlib.Path(__file__).name}"
            continue
        folder = relative.parts[0] if len(relative.parts) > 1 else None
        if folder is None and relative.name not in TOP_FILES:
            yield f"{relative}:1: src/ itself holds {', '.join(sorted(TOP_FILES))} only"
        if path.suffix not in {".h", ".cc"} or (folder is not None and folder not in FOLDERS):
            continue
        text = path.read_text(encoding="utf-8")
        found = list(include_findings(folder, text))
        if folder is not None:
            found += declaration_findings(folder, text)
        if path.suffix == ".h":
            found += header_findings(text)
        for number, what in sorted(found):
            yield f"{relative}:{number}: {what}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = list(findings(pathlib.Path(sys.argv[1])))
    for line in found:
        print(f"src/{line}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
