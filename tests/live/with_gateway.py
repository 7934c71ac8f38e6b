"""Runs a command with a gateway beside it: with_gateway.py [--config FILE] COMMAND...

The command finds the gateway at GATEWAY_URL and is to hear MESSAGE from it. Operators find it at
INTERMISSION_CONTROL_URL, with INTERMISSION_TOKEN. GATEWAY_URL is a proxy that writes each request
down in the file INTERMISSION_REQUESTS, for the museum.
"""

import os
import pathlib
import subprocess
import sys

from counting_proxy import CountingProxy
from gateway import Gateway

TOKEN = "a token of the tests"
MESSAGE = "Back at 02:00 UTC – <thank you> & \"sorry\""


def main():
    command, arguments = sys.argv[1:], []
    if command[0] == "--config":
        # Where it stands: files that it names are found from there.
        arguments, command = command[:2], command[2:]
    with Gateway(*arguments, extra={"MAINTENANCE_MESSAGE": MESSAGE, "INTERMISSION_TOKEN": TOKEN}) as gateway:
        control = gateway.stdout.wait_for(r"^intermission: control (\S+)$").group(1)
        journal = pathlib.Path(gateway.folder, "requests")
        journal.touch()
        with CountingProxy(gateway.host, gateway.port, journal=journal) as proxy:
            done = subprocess.run(command, check=False,
                                  env={**os.environ, "GATEWAY_URL": proxy.urls[0], "MESSAGE": MESSAGE,
                                       "INTERMISSION_REQUESTS": str(journal),
                                       "INTERMISSION_CONTROL_URL": control, "INTERMISSION_TOKEN": TOKEN})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
