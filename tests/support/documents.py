"""The documents of the project, and what stands in them: examples, files, links, headings."""

import os
import pathlib
import re

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def documents():
    """Every document that a reader may open, the README first."""
    others = ("docs/*.md", "deploy/*/README.md", "SECURITY.md", "CHANGELOG.md", ".github/*.md", "tests/README.md",
              "tests/*/README.md")
    return [SOURCE / "README.md", *(path for pattern in others for path in sorted(SOURCE.glob(pattern)))]


def blocks(markdown, language):
    """The text of the fenced blocks of that language, without the indentation of a list."""
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)
            for indent, kind, text in FENCE.findall(markdown) if kind == language]


def examples(markdown):
    """(command, lines expected below it) for each `$ ` line of the console blocks, in order."""
    found = []
    for block in blocks(markdown, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            while command.endswith("\\"):
                more, _, output = output.partition("\n")
                command = command[:-1] + more.strip()
            found.append((command, output.rstrip("\n").splitlines()))
    return found


def files(markdown):
    """{name: text} of the yaml and json blocks that begin with a comment naming a file. JSON has no comments, so the
    file begins below it."""
    found = {}
    for language in ("yaml", "json"):
        for text in blocks(markdown, language):
            first, _, rest = text.partition("\n")
            named = re.fullmatch(r"# ([\w./-]+\.(?:ya?ml|json))", first)
            if named:
                found[named[1]] = rest if language == "json" else text
    return found


def prose(markdown):
    """Without fenced blocks and code spans, which hold no links."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", markdown))


def links(markdown):
    """The targets of links, pictures and references, in order."""
    text = prose(markdown)
    targets = re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", text)
    targets += re.findall(r"<img\b[^>]*\bsrc=\"([^\"]+)\"", text)
    return targets + re.findall(r"^\[[^\]]+\]:\s+(\S+)", text, re.MULTILINE)


def anchors(markdown):
    """The anchors that GitHub gives the headings."""
    seen, found = {}, set()
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", FENCE.sub("", markdown), re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        count = seen.get(name, 0)
        seen[name] = count + 1
        found.add(f"{name}-{count}" if count else name)
    return found
