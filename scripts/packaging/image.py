"""Makes a container image of a folder, without a daemon.

    image.py --root FOLDER --version VERSION --architecture amd64 --into FILE.tar

FILE.tar is an OCI image layout (`podman load`, `skopeo copy oci-archive:FILE.tar`) and at the same time what
`docker save` writes (`docker load`): both formats name the same blobs. Owners are root, times are SOURCE_DATE_EPOCH,
entries are sorted, so that the same folder has the same image.
"""

import argparse
import datetime
import gzip
import hashlib
import io
import json
import os
import pathlib
import sys
import tarfile

USER = 65532  # "nonroot", as other images without a system have it
STATE = "var/lib/intermission"  # of that user
EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])
SECOND = 1_000_000_000
TITLE = "Intermission"
ABOUT = "Answers for services in maintenance, in the form each client understands"


def neutral(entry):
    entry.mtime = EPOCH
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    if entry.name == STATE:
        entry.uid = entry.gid = USER
        entry.mode = 0o700
    if entry.name == "tmp":
        entry.mode = 0o1777
    return entry


def layer_of(root):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path in sorted(root.rglob("*")):
            tar.add(path, arcname=str(path.relative_to(root)), recursive=False, filter=neutral)
    return out.getvalue()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def compact(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def configuration(options, layer, created):
    command = ["/usr/bin/intermission", "health"]
    return {
        "created": created,
        "architecture": options.architecture,
        "os": "linux",
        "config": {
            "User": f"{USER}:{USER}",
            "Env": ["PATH=/usr/bin", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
            "Entrypoint": ["/usr/bin/intermission"],
            "Cmd": ["serve"],
            "WorkingDir": "/" + STATE,
            "Volumes": {"/" + STATE: {}},
            "ExposedPorts": {"8080/tcp": {}},
            "StopSignal": "SIGTERM",
            "Healthcheck": {"Test": ["CMD", *command], "Interval": 10 * SECOND, "Timeout": 3 * SECOND, "Retries": 3},
            "Labels": {
                "org.opencontainers.image.title": TITLE,
                "org.opencontainers.image.description": ABOUT,
                "org.opencontainers.image.version": options.version,
                "org.opencontainers.image.licenses": "Apache-2.0",
                "org.opencontainers.image.created": created,
            },
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + sha256(layer)]},
        "history": [{"created": created, "created_by": "scripts/package", "comment": ABOUT}],
    }


def descriptor(media_type, data, **more):
    return {"mediaType": media_type, "digest": "sha256:" + sha256(data), "size": len(data), **more}


def files_of(options, layer, created):
    """(name, content) of all files of the image."""
    packed = gzip.compress(layer, 9, mtime=0)
    config = compact(configuration(options, layer, created))
    manifest = compact({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("application/vnd.oci.image.config.v1+json", config),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", packed)],
    })
    name = f"intermission:{options.version}"
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
        descriptor("application/vnd.oci.image.manifest.v1+json", manifest,
                   platform={"architecture": options.architecture, "os": "linux"},
                   annotations={"org.opencontainers.image.ref.name": options.version,
                                "io.containerd.image.name": f"docker.io/library/{name}"})]}
    for blob in (config, manifest, packed):
        yield f"blobs/sha256/{sha256(blob)}", blob
    yield "index.json", compact(index)
    yield "manifest.json", compact([{"Config": f"blobs/sha256/{sha256(config)}", "RepoTags": [name],
                                     "Layers": [f"blobs/sha256/{sha256(packed)}"]}])
    yield "oci-layout", compact({"imageLayoutVersion": "1.0.0"})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for flag in ("--root", "--version", "--architecture", "--into"):
        parser.add_argument(flag, required=True)
    options = parser.parse_args()
    created = datetime.datetime.fromtimestamp(EPOCH, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    layer = layer_of(pathlib.Path(options.root))
    with tarfile.open(options.into, mode="w", format=tarfile.GNU_FORMAT) as out:
        for name, content in sorted(files_of(options, layer, created)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mtime = EPOCH
            out.addfile(entry, io.BytesIO(content))
    return 0


if __name__ == "__main__":
    sys.exit(main())
