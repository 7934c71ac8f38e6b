"""Runs a command with a gateway beside it: with_gateway.py [--config FILE] COMMAND...

The command finds the gateway at GATEWAY_URL and is to hear MESSAGE from it.
"""

import os
import subprocess
import sys

from gateway import Gateway

MESSAGE = "Back at 02:00 UTC – <thank you> & \"sorry\""


def main():
    command, arguments = sys.argv[1:], []
    if command[0] == "--config":
        # Where it stands: files that it names are found from there.
        arguments, command = command[:2], command[2:]
    with Gateway(*arguments, extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
        done = subprocess.run(command, check=False,
                              env={**os.environ, "GATEWAY_URL": gateway.url, "MESSAGE": MESSAGE})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
