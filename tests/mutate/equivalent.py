"""The list of mistakes that change nothing, with the reason of each."""

import re

EQUIVALENT = "equivalent"
ROW = re.compile(r'src/([^\s:]+), ([^"]+): "(.*)" became "(.*)"')


class Equivalents:
    def __init__(self, rows):
        self.rows = rows

    def knows(self, mistake):
        return (mistake.file, mistake.function, mistake.before, mistake.after) in self.rows

    def stale(self, mistakes, files):
        there = {(mistake.file, mistake.function, mistake.before, mistake.after) for mistake in mistakes}
        return [f'src/{file}, {function}: "{before}" became "{after}"'
                for file, function, before, after in self.rows
                if (file, function, before, after) not in there and file in files]


def read(path, wrong):
    """Rows as scripts/mutate prints them, without the line; the reason follows, indented."""
    rows, last = {}, None
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            if last is None:
                wrong(f"{path.name}:{number}: a reason without a mistake before it")
            rows[last] += line.strip()
            continue
        if last is not None and not rows[last]:
            wrong(f"{path.name}:{number - 1}: a mistake without a reason under it")
        match = ROW.fullmatch(line.rstrip())
        if not match:
            wrong(f'{path.name}:{number}: expected src/FILE, FUNCTION: "BEFORE" became "AFTER"')
        last = match.groups()
        rows[last] = ""
    if last is not None and not rows[last]:
        wrong(f"{path.name}: the last mistake has no reason under it")
    return Equivalents(rows)
