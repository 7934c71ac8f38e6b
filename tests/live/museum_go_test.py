"""The museum's clients in Go. Debian's libraries are sources in a path of their own."""

import unittest

from gateway import artefact
from museum_program import PROGRAMS, MuseumProgram

SETTINGS = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOTOOLCHAIN": "local",
            "GOCACHE": str(artefact("go-build"))}


class Go(MuseumProgram):
    def build(self, folder):
        program = folder / "clients"
        self.call(["/usr/bin/go", "build", "-o", program, PROGRAMS / "clients.go"], folder, SETTINGS)
        return [program]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
