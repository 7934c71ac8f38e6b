"""The museum's clients in Python."""

import unittest

from museum_program import PROGRAMS, MuseumProgram


class Python(MuseumProgram):
    def build(self, folder):
        return ["/usr/bin/python3", PROGRAMS / "clients.py"]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
