"""All mistakes of the source: found, numbered, written, and built until everything compiles."""

import dataclasses
import functools
import hashlib
import json
import multiprocessing
import pathlib
import re

import write

BLOCK = 2048  # numbers of one file; they stay, so that a change elsewhere compiles nothing again


@dataclasses.dataclass
class Mistake:
    number: int
    file: str       # "gate/gate.cc"
    line: int
    function: str
    before: str
    after: str
    kind: str
    key: str        # the same while the mistake is the same, wherever its line is

    @property
    def folder(self):
        return self.file.split("/")[0]

    @property
    def place(self):
        return f"src/{self.file}:{self.line}"

    def __str__(self):
        return f'{self.place}, {self.function}: "{self.before}" became "{self.after}"'


class BuildError(Exception):
    pass


def digest(*parts):
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part if isinstance(part, bytes) else part.encode())
        whole.update(b"\0")
    return whole.hexdigest()


def points_of(job):
    """In a process of its own: clang keeps much in memory."""
    name, path, arguments, library = job
    from clang import cindex
    if library and not cindex.Config.loaded:
        cindex.Config.set_library_file(library)
    import find
    points, errors = find.points_of(path, arguments)
    return name, [dataclasses.asdict(point) for point in points], errors


class Source:
    """The folder src/ of a project, and its copy with mistakes."""

    def __init__(self, root, arguments, library, build, jobs):
        self.root = pathlib.Path(root)
        self.source = self.root / "src"
        self.arguments = arguments
        self.library = library
        self.build = pathlib.Path(build)
        self.copy = self.build / "mistakes"
        self.jobs = jobs
        self.build.mkdir(parents=True, exist_ok=True)
        self.blocks = self.load("blocks.json", {})
        self.refused = {name: set(keys) for name, keys in self.load("refused.json", {}).items()}
        self.points = {}
        self.mistakes = {}

    def load(self, name, otherwise):
        try:
            return json.loads((self.build / name).read_text())
        except (OSError, ValueError):
            return otherwise

    def save(self, name, value):
        partial = self.build / (name + ".new")
        partial.write_text(json.dumps(value))
        partial.replace(self.build / name)

    @functools.cache
    def text(self, name):
        return (self.source / name).read_text()

    def files(self):
        return sorted(str(path.relative_to(self.source)) for path in self.source.glob("*/*.cc"))

    def find(self, say):
        """Reads every file with clang, or remembers what it read if the file is the same."""
        tool = (pathlib.Path(__file__).parent / "find.py").read_bytes()
        found = self.load("found.json", {})
        jobs = {}
        for name in self.files():
            hash_now = digest(tool, (self.source / name).read_bytes())
            if found.get(name, {}).get("hash") != hash_now:
                jobs[name] = hash_now
        if jobs:
            say(f"reading {len(jobs)} files")
        work = [(name, str(self.source / name), self.arguments, self.library) for name in jobs]
        unreadable = []
        for name, points, errors in self.points_of_all(work):
            if errors:
                unreadable.append(f"clang cannot read {name}: {errors[0]}")
                continue
            found[name] = {"hash": jobs[name], "points": points}
            self.save("found.json", found)
        if unreadable:
            raise BuildError("\n".join(unreadable))
        self.points = {name: found[name]["points"] for name in self.files()}
        self.number()

    # A pool that forks from a process with threads may hang, and so may one that is ended while its
    # workers start.
    def points_of_all(self, work):
        if not work:
            return
        with multiprocessing.get_context("forkserver").Pool(self.jobs, maxtasksperchild=8) as pool:
            yield from pool.imap_unordered(points_of, work)
            pool.close()
            pool.join()

    def number(self):
        import find
        taken = set(self.blocks.values())
        for name, points in self.points.items():
            if len(points) > BLOCK:
                raise BuildError(f"{name} has {len(points)} places for mistakes, more than {BLOCK}")
            if name not in self.blocks:
                self.blocks[name] = min(set(range(len(taken) + 1)) - taken)
                taken.add(self.blocks[name])
            seen, base = {}, self.blocks[name] * BLOCK
            for at, values in enumerate(points):
                text = f"{values['function']}|{values['kind']}|{values['before']}|{values['after']}"
                seen[text] = seen.get(text, 0) + 1
                key = f"{name}|{text}|{seen[text]}"
                mistake = Mistake(base + at, name, values["line"], values["function"], values["before"],
                                  values["after"], values["kind"], key)
                self.mistakes[mistake.number] = (mistake, find_point(values))
        self.save("blocks.json", self.blocks)

    def made(self):
        """The mistakes that compile, in the order of the source."""
        return [mistake for mistake, _ in self.mistakes.values()
                if mistake.key not in self.refused.get(mistake.file, ())]

    def write(self):
        """Writes what differs, and removes what is no more."""
        groups = {}
        for mistake in self.made():
            groups.setdefault(mistake.file, []).append((mistake.number, self.mistakes[mistake.number][1]))
        for name in self.files():
            target = self.copy / name
            text = write.with_mistakes((self.source / name).read_bytes(), groups.get(name, []))
            if not target.exists() or target.read_bytes() != text:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text)
        for old in self.copy.glob("*/*.cc"):
            if not (self.source / old.relative_to(self.copy)).exists():
                old.unlink()

    def compile(self, run, say, rounds=25):
        """`run` compiles and gives (succeeded, what the compiler said). Refuses mistakes until it does."""
        for _ in range(rounds):
            self.write()
            succeeded, said = run()
            if succeeded:
                return
            count = self.refuse(said)
            if count == 0:
                raise BuildError("the copy with mistakes does not compile, and no mistake is to blame:\n"
                                 + said[-6000:])
            say(f"{count} mistakes do not compile; building without them")
            self.save("refused.json", {name: sorted(keys) for name, keys in self.refused.items()})
        raise BuildError(f"the copy with mistakes does not compile after {rounds} rounds")

    def refuse(self, said):
        """Refuses what is at the places of errors; if nothing is, at those of their consequences."""
        causes, consequences = places_of(said, self.copy)
        return self.refuse_at(causes) or self.refuse_at(consequences)

    def refuse_at(self, places_by_file):
        count = 0
        for path, places in places_by_file.items():
            text = (self.copy / path).read_bytes()
            for line, column in places:
                for number in write.mistakes_at(text, line, column):
                    mistake = self.mistakes[number][0]
                    keys = self.refused.setdefault(mistake.file, set())
                    count += mistake.key not in keys
                    keys.add(mistake.key)
        return count


def find_point(values):
    import types
    return types.SimpleNamespace(**values)


# What follows from another error, and blames the innocent.
CONSEQUENCE = re.compile(r"was not declared|not a member of|does not name|unable to deduce|has incomplete"
                         r"|before deduction of|use of .auto|is not captured|has no member")


def places_of(said, folder):
    """{file: [(line, column)]} of errors by what g++ prints, and of what may only follow from them."""
    # Absolute or, where ccache stands between, relative to the build.
    place = re.compile(rf"(?:\S*/)?{re.escape(folder.name)}/(\w+/\w+\.\w+):(\d+):(\d+):?(?: |$)")
    anywhere = re.compile(r"^(\S+?):(\d+):(\d+): (?:fatal )?error: ")
    result, late, trail = {}, {}, []
    pending = False
    for line in said.split("\n"):
        match = place.search(line)
        at = (int(match[2]), int(match[3])) if match else None
        if anywhere.match(line):
            if match and match.start() == 0:
                group = late if CONSEQUENCE.search(line) else result
                group.setdefault(match[1], []).append(at)
                pending = False
            elif trail:
                result.setdefault(trail[-1][0], []).append(trail[-1][1])
            else:
                pending = True  # a note may tell
            trail = []
        elif match and "required from" in line or match and "In instantiation" in line:
            trail.append((match[1], at))
        elif match and pending:
            result.setdefault(match[1], []).append(at)
            pending = False
    for path in set(late) - set(result):
        result[path] = late[path]
    return result, late
