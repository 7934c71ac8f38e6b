"""Certificates made while a test runs, by openssl: there are no private keys in the tree."""

import pathlib
import subprocess
from dataclasses import dataclass

from gateway import PATIENCE, environment


@dataclass
class Issued:
    certificate: pathlib.Path
    key: pathlib.Path

    def pem(self):
        return self.certificate.read_bytes()


def issue(folder, name, *hosts, authority=None, is_authority=False, usage="serverAuth", faketime=None, days=30):
    """NAME.pem and NAME.key in `folder`, valid for so many days; `faketime` is the moment of its making."""
    made = Issued(pathlib.Path(folder, f"{name}.pem"), pathlib.Path(folder, f"{name}.key"))
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-batch",
               "-days", str(days), "-subj", f"/CN={name}", "-keyout", made.key, "-out", made.certificate]
    if hosts:
        names = ",".join(("IP:" if host[0].isdigit() else "DNS:") + host for host in hosts)
        command += ["-addext", f"subjectAltName={names}"]
    command += ["-addext", f"basicConstraints=critical,CA:{'TRUE' if is_authority else 'FALSE'}"]
    if not is_authority:
        command += ["-addext", f"extendedKeyUsage={usage}"]
    if authority:
        command += ["-CA", authority.certificate, "-CAkey", authority.key]
    if faketime:
        command = ["faketime", faketime, *command]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE, env=environment())
    made.key.chmod(0o600)
    return made
