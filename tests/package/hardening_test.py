"""What defends the shipped program if it has a fault after all, read from the program itself.

Debian 12 builds its archives and the start-up code of every program without -fcf-protection, so the
linker leaves out the note that would turn CET on for the whole program. Our own functions have
their landing pads all the same, which is what is checked here; a Debian that has the note sets it."""

import os
import pathlib
import platform
import re
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
SHIPPED = SOURCE / "build/package/intermission"
# The same program before it was stripped: it still names its functions.
BUILT = SOURCE / "build/release/intermission"


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def segments(path):
    """(type, flags) of each program header."""
    return re.findall(r"^  (\w+) +0x\S+ 0x\S+ 0x\S+ 0x\S+ 0x\S+ ([R ][W ][E ]) ",
                      output_of("readelf", "-lW", path), re.MULTILINE)


def section_bytes(path, name):
    """Address and content of a section of which the file has the content."""
    found = re.search(rf" {re.escape(name)} +\S+ +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) ",
                      output_of("readelf", "-SW", path))
    address, offset, size = (int(number, 16) for number in found.groups())
    return address, path.read_bytes()[offset:offset + size]


def functions(path):
    """Address, size and name of each function of namespace intermission."""
    listed = output_of("nm", "-C", "-S", "--defined-only", path)
    found = re.findall(r"^([0-9a-f]+) ([0-9a-f]+) [TtWw] (intermission::.*)$", listed, re.MULTILINE)
    return [(int(address, 16), int(size, 16), name) for address, size, name in found]


def callers_of(path, pattern):
    """Names of the functions that call one whose name matches."""
    callers = set()
    name = None
    with subprocess.Popen(["objdump", "-dC", "--no-show-raw-insn", "-j", ".text", path],
                          stdout=subprocess.PIPE, text=True) as listing:
        for line in listing.stdout:
            if heading := re.match(r"[0-9a-f]+ <(.*)>:$", line):
                name = heading[1]
            elif re.search(rf"\b(?:call|jmp) .*<(?:{pattern})(?:@plt)?>", line):
                callers.add(name)
    return callers


class TheProgram(unittest.TestCase):
    SHIPPED = SHIPPED
    BUILT = BUILT

    def test_it_lies_wherever_the_system_puts_it(self):
        self.assertRegex(output_of("readelf", "-hW", self.SHIPPED), r"Type: +DYN ")
        self.assertRegex(output_of("readelf", "-dW", self.SHIPPED), r"\(FLAGS_1\) .*\bPIE\b")

    def test_what_the_loader_writes_cannot_be_written_afterwards(self):
        self.assertIn("GNU_RELRO", [kind for kind, _ in segments(self.SHIPPED)])
        self.assertRegex(output_of("readelf", "-dW", self.SHIPPED), r"\(FLAGS_1\) .*\bNOW\b")
        # With BIND_NOW there is no table that the loader fills in later.
        self.assertNotRegex(output_of("readelf", "-SW", self.SHIPPED), r"\.got\.plt ")

    def test_no_memory_is_writable_and_executable(self):
        found = segments(self.SHIPPED)
        self.assertIn("RW ", [flags for kind, flags in found if kind == "GNU_STACK"])
        self.assertTrue(all("W" not in flags or "E" not in flags for _, flags in found), found)
        loaded = [flags for kind, flags in found if kind == "LOAD"]
        self.assertEqual(sorted(loaded), sorted(["R  ", "R E", "R  ", "RW "]), "code stands apart from data")
        self.assertNotRegex(output_of("readelf", "-dW", self.SHIPPED), r"\(TEXTREL\)")

    def test_libraries_are_looked_for_beside_it_and_nowhere_else(self):
        paths = re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", output_of("readelf", "-dW", self.SHIPPED))
        self.assertEqual(paths, ["$ORIGIN"])

    def test_our_functions_guard_their_frames(self):
        ours = {name for _, _, name in functions(self.BUILT)}
        guarded = {name for name in callers_of(self.BUILT, "__stack_chk_fail") if name.startswith("intermission::")}
        self.assertGreater(len(ours), 500)
        # -fstack-protector-strong guards those that hold arrays or give addresses away.
        self.assertGreater(len(guarded) / len(ours), 0.3, sorted(ours - guarded)[:20])

    def test_the_library_checks_the_bounds_that_the_compiler_knows(self):
        needed = set(re.findall(r" UND (\w+)@", output_of("readelf", "--dyn-syms", "-W", self.SHIPPED)))
        self.assertIn("__stack_chk_fail", needed)
        self.assertGreater(len([name for name in needed if re.fullmatch(r"__\w+_chk", name)]), 3, needed)
        # Of _GLIBCXX_ASSERTIONS.
        self.assertIn("_ZSt21__glibcxx_assert_failPKciS0_S0_", needed)
        ours = {name for name in callers_of(self.BUILT, r"std::__glibcxx_assert_fail\(.*") if name.startswith("intermission::")}
        self.assertGreater(len(ours), 20)

    @unittest.skipUnless(platform.machine() == "x86_64", "CET is of x86-64")
    def test_our_functions_that_are_called_by_address_have_landing_pads(self):
        known = {address: name for address, size, name in functions(self.BUILT)}
        taken = set()
        for line in output_of("readelf", "-rW", self.BUILT).splitlines():
            relocation = re.match(r"^[0-9a-f]+ +[0-9a-f]+ R_X86_64_RELATIVE +([0-9a-f]+)$", line)
            if relocation and int(relocation[1], 16) in known:
                taken.add(int(relocation[1], 16))
        self.assertGreater(len(taken), 100)
        start, text = section_bytes(self.BUILT, ".text")
        endbr64 = bytes.fromhex("f30f1efa")
        bare = [known[address] for address in taken if text[address - start:address - start + 4] != endbr64]
        self.assertEqual(bare, [])


TUNED = SOURCE / "build/tuned/intermission"


@unittest.skipUnless(TUNED.exists(), "scripts/package --tuned was not run here")
class TheTunedProgram(TheProgram):
    """Compiled by a profile, with the same defences; read before it is stripped."""
    SHIPPED = TUNED
    BUILT = TUNED

    def test_it_records_nothing(self):
        self.assertNotIn("__gcov", output_of("nm", TUNED))


if __name__ == "__main__":
    unittest.main()
