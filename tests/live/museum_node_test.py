"""The museum's clients in Node whose tests say no more than what their user sees."""

import unittest

from museum_program import PROGRAMS, MuseumProgram


class Node(MuseumProgram):
    def build(self, folder):
        return ["node", PROGRAMS / "clients.mjs"]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
