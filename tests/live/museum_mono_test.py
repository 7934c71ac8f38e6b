"""The museum's clients of .NET, on Mono."""

import unittest

from museum_program import PROGRAMS, MuseumProgram

ASSEMBLIES = ("System.Net.Http", "System.Net.Http.Formatting", "System.ServiceModel", "System.Runtime.Serialization",
              "System.Web.Services", "System.Data.Services.Client", "System.Xml.Linq")


class Mono(MuseumProgram):
    def build(self, folder):
        program = folder / "clients.exe"
        references = [f"-r:{assembly}" for assembly in ASSEMBLIES]
        self.call(["/usr/bin/mcs", "-nowarn:618", f"-out:{program}", *references, PROGRAMS / "Clients.cs"], folder)
        return ["/usr/bin/mono", program]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
