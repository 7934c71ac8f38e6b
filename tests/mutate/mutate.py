"""Makes mistakes in the code, one at a time, and lists those that no test notices.

tests/mutate/README.md says what the mistakes are and how to read the figures.
"""

import argparse
import collections
import concurrent.futures
import glob
import hashlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import equivalent
import mistakes as source_mistakes
import run
import worth

STRICT = {"gate", "control", "cli", "http", "negotiate", "server", "page", "dialect", "snapshot", "gateway", "report",
          "contract", "openapi", "wsdl"}


def goal(folder):
    return 95 if folder in STRICT else 90


def say(text):
    print(f"scripts/mutate: {text}", file=sys.stderr, flush=True)


def wrong(text):
    say(f"{text}; scripts/mutate --help tells what it takes")
    sys.exit(2)


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/mutate", add_help=False)
    parser.add_argument("places", nargs="*")
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--last", action="store_true")
    parser.add_argument("--mutant", type=int)
    parser.add_argument("--equivalents", action="store_true")
    parser.add_argument("--patience", type=float, default=20)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--output", type=pathlib.Path)
    parser.error = wrong
    options = parser.parse_args()
    if options.most < 1 or options.jobs < 1 or options.patience <= 0:
        wrong("--most, --jobs and --patience want a number above 0")
    if options.output and not options.output.absolute().parent.is_dir():
        wrong(f"--output: there is no folder {options.output.absolute().parent}")
    return options


def clang_library():
    names = sorted(glob.glob("/usr/lib/*/libclang-16.so.1") + glob.glob("/usr/lib/llvm-16/lib/libclang.so.1"))
    return names[0] if names else None


def includes_of(package):
    """Of a library whose headers lie in a folder of their own."""
    done = subprocess.run(["pkg-config", "--cflags", package], capture_output=True, text=True, check=False)
    return done.stdout.split()


def open_source(options):
    root = options.root
    flags = ["-std=c++20", f"-I{root}/src", "-DRAPIDJSON_HAS_STDSTRING=1", '-DINTERMISSION_VERSION="0"',
             "-w", *includes_of("libpq")]
    return source_mistakes.Source(root, flags, clang_library(), root / "build/mutate", options.jobs)


def compiler(root):
    def compile_once():
        for command in (["cmake", "--preset", "mutate"],
                        ["cmake", "--build", "--preset", "mutate", "--", "-k", "0"]):
            done = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, errors="replace")
            if done.returncode != 0:
                return False, done.stdout
        return True, ""
    return compile_once


def chosen_files(places, files):
    """The files that the arguments name, and the folders that are meant as a whole."""
    if not places:
        return set(files), {file.split("/")[0] for file in files}
    result, folders = set(), set()
    for place in places:
        name = re.sub(r"^(\./)?(src/)?", "", place).rstrip("/")
        inside = {file for file in files if file == name or file.startswith(name + "/")}
        if not inside:
            wrong(f'"{place}" is neither a folder nor a .cc file of src/')
        result |= inside
        if name not in files:
            folders.add(name)
    return result, folders


def worthwhile(source, programs):
    reached = set().union(*(program.reached() for program in programs))
    made = source.made()
    compiled = worth.computed_by_the_compiler(made, reached, source.text)
    return [mistake for mistake in made if mistake.number not in compiled
            and not worth.makes_no_difference(mistake, source.text(mistake.file).split("\n")[mistake.line - 1])]


def choose(mistakes, files, folders, options):
    """All of a file; of a folder, as many as --most says, always the same ones."""
    here = [mistake for mistake in mistakes if mistake.file in files]
    if options.all:
        return here
    result = []
    for folder, group in by_folder(here).items():
        if folder in folders:
            group = sorted(group, key=lambda m: hashlib.sha256(m.key.encode()).digest())[:options.most]
        result += group
    return sorted(result, key=lambda mistake: (mistake.file, mistake.number))


def by_folder(mistakes):
    result = {}
    for mistake in mistakes:
        result.setdefault(mistake.folder, []).append(mistake)
    return result


def look_at(programs, notes, jobs):
    """What each test reaches, without any mistake. A test that fails now notices nothing later."""
    notes.mkdir(exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda program: program.look(notes / program.folder), programs))
    for program in programs:
        if program.failing:
            say(f"these fail without a mistake and are left out: {' '.join(program.failing)}")


def table(results, known):
    rows = [("folder", "mistakes", "noticed", "equivalent", "survivors", "noticed of what could be")]
    met = True
    for folder, group in sorted(by_folder([mistake for mistake, *_ in results]).items()):
        numbers = {mistake.number for mistake in group}
        verdicts = collections.Counter(verdict for mistake, verdict, _ in results if mistake.number in numbers)
        equal = verdicts[equivalent.EQUIVALENT]
        real = len(group) - equal
        share = 100 * verdicts[run.NOTICED] / real if real else 100
        met = met and share >= goal(folder)
        rows.append((folder, len(group), verdicts[run.NOTICED], equal, real - verdicts[run.NOTICED],
                     f"{share:.1f} % (goal {goal(folder)} %)"))
    return "\n".join(" ".join(str(cell).ljust(width) for cell, width in zip(row, (12, 9, 8, 11, 10, 1))).rstrip()
                     for row in rows), met


def survivors(results):
    return "\n".join(f"{mistake}  [{mistake.kind}{'' if verdict == run.SURVIVED else ', ' + verdict}; "
                     f"--mutant {mistake.number}]"
                     for mistake, verdict, _ in sorted(results, key=lambda r: (r[0].file, r[0].line, r[0].number))
                     if verdict in (run.SURVIVED, run.UNREACHED))


def main():
    options = arguments()
    root = options.root
    source = open_source(options)
    files, folders = chosen_files(options.places, source.files())
    listed = equivalent.read(root / "tests/mutate/equivalent.txt", wrong)
    source.find(say)
    say("building the tests with all mistakes; the first time takes many minutes")
    source.compile(compiler(root), say)
    programs = [run.Program(path, path.name.removesuffix("_test"))
                for path in sorted((root / "build/mutate/tests").glob("*_test"))]
    say("looking what each test reaches")
    look_at(programs, source.build / "reached", options.jobs)
    mistakes = choose(worthwhile(source, programs), files, folders, options)
    results = source.load("results.json", {})
    if options.mutant is not None:
        mistakes = [mistake for mistake in source.made() if mistake.number == options.mutant]
        if not mistakes:
            wrong(f"there is no mistake {options.mutant}")
    elif options.last:
        mistakes = [mistake for mistake in mistakes if results.get(mistake.key) in (run.SURVIVED, run.UNREACHED)]
        if not mistakes:
            say("no mistake survived here the last time")
    return judge(source, mistakes, programs, listed, files, results, options)


def judge(source, mistakes, programs, listed, files, results, options):
    runner = run.Runner(programs, options.patience)
    verdicts, started = [], time.monotonic()
    to_run = []
    for mistake in mistakes:
        if listed.knows(mistake) and not options.equivalents:
            verdicts.append((mistake, equivalent.EQUIVALENT, ""))
        else:
            to_run.append(mistake)
    say(f"making {len(to_run)} mistakes")

    def report(mistake, verdict, by):
        if listed.knows(mistake):
            if verdict == run.NOTICED:
                say(f"not equivalent, for {by} notices it: {mistake}")
            else:
                verdict = equivalent.EQUIVALENT
        verdicts.append((mistake, verdict, by))
        results[mistake.key] = verdict
        if options.mutant is not None:
            say(f"{mistake}: {verdict}{', by ' + by if by else ''}")
        elif len(verdicts) % 100 == 0:
            say(f"{len(verdicts)} of {len(mistakes)}, after {time.monotonic() - started:.0f} s")

    try:
        runner.all(to_run, options.jobs, report)
    finally:
        source.save("results.json", results)
    for row in listed.stale(source.made(), files):
        say(f"tests/mutate/equivalent.txt lists what is no longer there: {row}")
    figures, met = table(verdicts, listed)
    text = f"{figures}\n\n{survivors(verdicts)}\n"
    print(text)
    if options.output:
        options.output.write_text(text)
    return 0 if met else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # and what runs is ended, too
    try:
        sys.exit(main())
    except (source_mistakes.BuildError, RuntimeError) as error:
        say(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
