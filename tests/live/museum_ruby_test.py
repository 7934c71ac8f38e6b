"""The museum's clients in Ruby."""

import unittest

from museum_program import PROGRAMS, MuseumProgram


class Ruby(MuseumProgram):
    def build(self, folder):
        return ["/usr/bin/ruby", PROGRAMS / "clients.rb"]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
