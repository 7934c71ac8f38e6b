"""The museum's clients in C++ and C."""

import shutil
import subprocess
import unittest

from museum_program import PROGRAMS, SOURCE, MuseumProgram

WSDL = SOURCE / "deploy" / "contracts"
LIBRARIES = ("gsoap++", "cpprest", "crypto", "ssl", "cpp-httplib", "PocoNet", "PocoFoundation", "jsonrpccpp-client", "jsonrpccpp-common",
             "jsoncpp", "xmlrpc_client", "xmlrpc", "xmlrpc_util", "curlpp", "curl", "pthread")
PACKAGES = ("Qt5Network", "libsoup-2.4", "neon")


class Cpp(MuseumProgram):
    def build(self, folder):
        for name in ("orders.wsdl", "orders.xsd"):
            shutil.copy(WSDL / name, folder)
        self.call(["/usr/bin/wsdl2h", "-o", "orders.h", "orders.wsdl"], folder)
        self.call(["/usr/bin/soapcpp2", "-j", "-C", "-w", "-x", "-I/usr/share/gsoap/import", "orders.h"], folder)
        found = subprocess.run(["pkg-config", "--cflags", "--libs", *PACKAGES], capture_output=True, text=True, check=True)
        sources = [PROGRAMS / "clients.cc", "soapC.cpp", "soapOrders11Proxy.cpp"]
        self.call(["g++", "-std=c++14", "-fPIC", "-w", "-I", folder, *sources, "-o", "clients", *found.stdout.split(),
                   *(f"-l{library}" for library in LIBRARIES)], folder)
        return [folder / "clients"]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
