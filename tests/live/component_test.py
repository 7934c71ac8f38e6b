"""An API team that has no form of its own refers to the Maintenance response of openapi/gateway.yaml,
with copies of openapi/ and schemas/ beside its document: a client that is generated from them reads
the answer."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from gateway import Gateway

HERE = pathlib.Path(__file__).parent
MESSAGE = "Back at 02:00 UTC – <thank you> & \"sorry\""
DOCUMENT = """\
openapi: 3.1.0
info: { title: Parcels, version: '1' }
servers: [{ url: /v1 }]
paths:
  /parcels/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses:
        '200': { description: It., content: { application/json: { schema: { type: object, properties: { id: { type: string } } } } } }
        '503': { $ref: 'openapi/gateway.yaml#/components/responses/Maintenance' }
"""
CONFIG = """\
services:
  - { name: parcels, hosts: [parcels.test], contract: %s }
  - { name: parcels-without, hosts: [without.test] }
"""


class Component(unittest.TestCase):
    def test_a_generated_client_reads_what_is_referred_to(self):
        # Below this folder, for the sake of the compiler, which looks for openapi-fetch upwards.
        with tempfile.TemporaryDirectory(prefix=".component-", dir=HERE / "node_modules") as folder:
            folder = pathlib.Path(folder)
            (folder / "parcels.yaml").write_text(DOCUMENT)
            for library in ("openapi", "schemas"):
                shutil.copytree(HERE.parents[1] / library, folder / library)
            with Gateway(config=CONFIG % (folder / "parcels.yaml"), extra={"MAINTENANCE_MESSAGE": MESSAGE}) as gateway:
                done = subprocess.run(["node", HERE / "component.mjs", folder], check=False, capture_output=True, text=True,
                                      env={**os.environ, "GATEWAY_URL": gateway.url, "MESSAGE": MESSAGE})
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
