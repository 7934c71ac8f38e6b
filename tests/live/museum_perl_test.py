"""The museum's clients in Perl."""

import unittest

from museum_program import PROGRAMS, MuseumProgram


class Perl(MuseumProgram):
    def build(self, folder):
        return ["/usr/bin/perl", PROGRAMS / "clients.pl"]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
