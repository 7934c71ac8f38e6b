"""Writes the manual pages from what the program says of itself, and from the schema.

    python3 docs/write_man_pages.py PROGRAM FOLDER

makes FOLDER/intermission.1 from `PROGRAM --help`, the help of each command and the table of variables
in docs/configure.md, and FOLDER/intermission.yaml.5 from schemas/config.schema.json. Nothing is written by
hand twice, so that pages and program agree. The date is that of SOURCE_DATE_EPOCH, or today's.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import write_configure  # noqa: E402  pylint: disable=wrong-import-position

EXIT_STATUS = (("0", "Done."),
               ("1", "What was asked for failed: a check that finds errors, an unknown service, a value that the gateway "
                     "rejects, a gateway that cannot be reached."),
               ("2", "The usage or the configuration is wrong; there is one line for each mistake."))
SIGNALS = (("SIGHUP", "Read the configuration again; if anything is wrong, say so and keep the old one. Open log files "
                      "again."),
           ("SIGTERM, SIGINT", "Stop accepting, finish the requests in flight, and exit within 8 seconds."))
FILES = (("/etc/intermission/intermission.yaml", "The configuration, as the Debian package and its unit have it."),
         ("intermission.state.json", "What operators switched and planned, beside the configuration file unless its key "
                                     "state.file says otherwise; /var/lib/intermission in the package."),
         ("intermission.token", "The token of operators, beside the state, where INTERMISSION_TOKEN does not give one."))


def roff(text):
    """Plain text, so that no character of it is a request or an escape."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    text = text.replace("~", "\\(ti").replace("^", "\\(ha").replace("…", "...").replace("–", "\\(en")
    return "\n".join("\\&" + line if line.startswith((".", "\\(aq")) else line for line in text.split("\n"))


def plain(markdown):
    """Without the marks of Markdown that the tables of docs/configure.md use."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown).replace("`", "").replace("\\|", "|").strip()


def header(name, section, about):
    stamp = os.environ.get("SOURCE_DATE_EPOCH")
    day = (datetime.datetime.fromtimestamp(int(stamp), datetime.timezone.utc) if stamp
           else datetime.datetime.now(datetime.timezone.utc)).strftime("%Y-%m-%d")
    return [f'.TH {name.upper()} {section} {day} "{about}" ""']


def help_of(program, *command):
    return subprocess.run([program, *command, "--help"], capture_output=True, text=True, check=True,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}).stdout


def entries(block):
    """(term, explanation) of a block of CLI11's help: two columns, or a term with its text below."""
    found = []
    for line in block:
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if indent <= 2:
            term, _, words = line.strip().partition("  ")
            found.append([term.replace(" (required)", ""), words.strip()])
        else:
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return found


class Help:
    """What `--help` of one command shows."""

    def __init__(self, text):
        paragraphs = text.rstrip("\n").split("\n")
        self.usage = next(line[len("Usage: "):] for line in paragraphs if line.startswith("Usage: "))
        at = next(i for i, line in enumerate(paragraphs) if line.startswith("Usage: "))
        self.about = " ".join(paragraphs[:at]).strip()
        self.blocks = {}
        self.footer = []
        current = None
        for line in paragraphs[at + 1:]:
            if re.fullmatch(r"[A-Z][A-Za-z ]*:", line):
                current = self.blocks.setdefault(line[:-1], [])
            elif current is not None and (line.startswith(" ") or not line):
                current.append(line)
            elif line or self.footer:
                current = None
                self.footer.append(line)

    def entries(self, name):
        return entries(self.blocks.get(name, []))


def commands_of(program, outer, *names):
    """The words of each command, and of each command inside it."""
    for name, _ in outer.entries("Subcommands"):
        inner = Help(help_of(program, *names, name))
        yield (*names, name)
        needed = [term for term, _ in inner.entries("Arguments")] if inner.entries("Subcommands") else []
        yield from commands_of(program, inner, *names, name, *needed)


def tagged(pairs):
    for term, words in pairs:
        yield ".TP"
        yield f".B {roff(term)}"
        yield roff(words) if words else "\\&"


def variables():
    """The table of docs/configure.md."""
    text = (HERE / "configure.md").read_text(encoding="utf-8")
    table = text.partition("| variable | meaning | flag |\n")[2].partition("\n\n")[0]
    for row in table.splitlines()[1:]:
        name, meaning = (plain(cell) for cell in row.strip("|").split("|")[:2])
        yield name, meaning


def intermission(program):
    whole = Help(help_of(program))
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    out = header("intermission", 1, f"intermission {version}")
    out += [".SH NAME", "intermission \\- answer for services in maintenance, in the form each client understands"]
    out += [".SH SYNOPSIS", ".B intermission", roff("[--help | --version] COMMAND [OPTION]...")]
    out += [".SH DESCRIPTION", roff(whole.about)]
    out += ["Each command takes", ".B \\-\\-help", "too."]
    out += [".SH OPTIONS", *tagged(whole.entries("Options"))]
    out += [".SH COMMANDS"]
    for name in commands_of(program, whole):
        command = Help(help_of(program, *name))
        usage = re.sub(r"^intermission ", "", command.usage)
        out += [f".SS {roff(usage)}", roff(command.about)]
        for block in command.blocks:
            # --help is everywhere; whatever else there is, is shown.
            out += tagged(one for one in command.entries(block) if "--help" not in one[0])
        if command.footer:
            out += [".PP"]
            out += [roff(line) if line else ".PP" for line in command.footer]
    out += [".SH ENVIRONMENT", *tagged(variables())]
    out += [".SH FILES", *tagged(FILES)]
    out += [".SH SIGNALS", *tagged(SIGNALS)]
    out += [".SH EXIT STATUS", *tagged(EXIT_STATUS)]
    out += [".SH SEE ALSO", ".BR intermission.yaml (5)"]
    return "\n".join(out) + "\n"


def keys(schema, path, root, done):
    """Each key of a map, then those of the maps below it; each shared one once."""
    for key, written in schema["properties"].items():
        one = write_configure.resolved(written, root)
        meaning, default = write_configure.meaning_of(one)
        needed = " Required." if key in schema.get("required", []) else ""
        below = write_configure.section_of(written, root)
        see = ""
        if below:
            see = f" Its keys are under {write_configure.heading_of(written, key, path, root)}."
        yield from tagged([(f"{key} ({plain(write_configure.values(one))})",
                            f"{meaning}{needed}{see}" + (f" Default: {default}." if default else ""))])
    for key, written in schema["properties"].items():
        below = write_configure.section_of(written, root)
        name = write_configure.heading_of(written, key, path, root) if below else None
        if below and name not in done:
            done.add(name)
            yield f".SS {roff(name)}"
            yield roff(write_configure.meaning_of(below)[0])
            yield from keys(below, name, root, done)


def configuration():
    root = json.loads(write_configure.SCHEMA.read_text(encoding="utf-8"))
    text = (HERE / "configure.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    out = header("intermission.yaml", 5, "intermission")
    out += [".SH NAME", "intermission.yaml \\- configuration of intermission(1)"]
    out += [".SH DESCRIPTION",
            roff("YAML or JSON. The words on, off, yes and no are read as text, not as booleans. Relative file names are "
                 "relative to the folder of this file.")]
    out += [".B intermission check", "names each mistake with its line and with what was expected."]
    out += [".SH KEYS", *keys(root, "", root, set())]
    out += [".SH EXAMPLE", ".nf", roff(example.rstrip("\n")), ".fi"]
    out += [".SH SEE ALSO", ".BR intermission (1)"]
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "intermission.1").write_text(intermission(sys.argv[1]), encoding="utf-8")
    (folder / "intermission.yaml.5").write_text(configuration(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
