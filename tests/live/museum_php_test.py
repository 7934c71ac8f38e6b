"""The museum's clients in PHP."""

import unittest

from museum_program import PROGRAMS, MuseumProgram


class PHP(MuseumProgram):
    def build(self, folder):
        return ["/usr/bin/php", "-d", "display_errors=stderr", PROGRAMS / "clients.php"]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
