"""Runs a command with a gateway beside it: with_gateway.py COMMAND...

The command finds the gateway at GATEWAY_URL and is to hear MESSAGE from it.
"""

import os
import subprocess
import sys

from gateway import Gateway

MESSAGE = "Back at 02:00 UTC – <thank you> & \"sorry\""


def main():
    with Gateway(extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
        done = subprocess.run(sys.argv[1:], check=False,
                              env={**os.environ, "GATEWAY_URL": gateway.url, "MESSAGE": MESSAGE})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
