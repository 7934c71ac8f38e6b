"""The .deb, the tar and the image of build/packages/, each installed or unpacked somewhere bare, run as its own user,
and asked by curl.

The bare Debian 12 is made once by mmdebstrap, with what the .deb depends on and nothing more; it needs root and
Debian's archive. The image runs with a read-only root, by chroot in a mount namespace of its own: no container
runtime is needed, and none is tried.
"""

import contextlib
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import time
import unittest

from gateway import DEFAULT_MESSAGE, Gateway

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
PACKAGES = SOURCE / "build/packages"
ARTEFACTS = pathlib.Path(os.environ.get("INTERMISSION_ARTEFACTS", tempfile.gettempdir()))
MOST_BYTES = 15_000_000
MOST_BYTES_OF_PROGRAM = 12_000_000
NOBODY_ELSE = 65532


def only(pattern):
    (found,) = PACKAGES.glob(pattern)
    return found


def deb():
    return only("intermission_*.deb")


def tar():
    return only("intermission-*-linux-*.tar.gz")


def image():
    return only("intermission-*-image.tar")


def run(*command, **more):
    return subprocess.run([str(one) for one in command], capture_output=True, text=True, check=False, timeout=600, **more)


def output_of(*command, **more):
    done = run(*command, **more)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def curl(url, *arguments):
    return output_of("curl", "--silent", "--show-error", "--max-time", "10", *arguments, url)


class Together(unittest.TestCase):
    def test_none_is_large(self):
        for path in (deb(), tar(), image()):
            with self.subTest(path.name):
                self.assertLess(path.stat().st_size, MOST_BYTES)
        # The program with what it carries on Cloud Foundry.
        carried = [path for path in (SOURCE / "build/package").iterdir() if path.read_bytes()[:4] == b"\x7fELF"]
        self.assertLess(sum(path.stat().st_size for path in carried), MOST_BYTES_OF_PROGRAM)

    def test_their_names_and_what_they_say_of_themselves_have_one_version(self):
        version = output_of(SOURCE / "build/package/intermission", "--version").split()[-1]
        self.assertTrue(deb().name.startswith(f"intermission_{version}-1_"))
        self.assertEqual(output_of("dpkg-deb", "--field", deb(), "Version"), f"{version}-1\n")
        self.assertTrue(tar().name.startswith(f"intermission-{version}-linux-"))
        self.assertEqual(image().name, f"intermission-{version}-image.tar")
        for path in (deb(), tar(), image()):
            bill = json.loads(path.with_name(path.name + ".spdx.json").read_text(encoding="utf-8"))
            (subject,) = [one for one in bill["packages"] if one["name"] == "intermission"]
            self.assertEqual(subject["versionInfo"], version, path.name)
        with tarfile.open(tar()) as archive:
            page = archive.extractfile(next(name for name in archive.getnames() if name.endswith("/man/intermission.1"))).read().decode()
        self.assertIn(f'"intermission {version}"', page.split("\n")[0])

    def test_the_program_in_them_is_the_same(self):
        """Apart from the path for libraries, which only those have that carry libraries beside it."""
        with tempfile.TemporaryDirectory() as folder:
            output_of("dpkg-deb", "--extract", deb(), f"{folder}/deb")
            found = {hashlib.sha256(pathlib.Path(folder, "deb/usr/bin/intermission").read_bytes()).hexdigest(),
                     hashlib.sha256((PACKAGES / "image-root/usr/bin/intermission").read_bytes()).hexdigest()}
            self.assertEqual(len(found), 1)
            with tarfile.open(tar()) as archive:
                inside = archive.extractfile(next(name for name in archive.getnames() if name.endswith("/intermission")))
                self.assertEqual(inside.read(), (SOURCE / "build/package/intermission").read_bytes())

    def test_each_has_a_bill_of_materials(self):
        for path in (deb(), tar(), image()):
            with self.subTest(path.name):
                bill = json.loads(path.with_name(path.name + ".spdx.json").read_text(encoding="utf-8"))
                self.assertEqual(bill["spdxVersion"], "SPDX-2.3")
                (subject,) = [one for one in bill["packages"] if one["name"] == "intermission"]
                self.assertEqual(subject["checksums"][0]["checksumValue"], hashlib.sha256(path.read_bytes()).hexdigest())
                known = {one["SPDXID"] for one in bill["packages"]} | {"SPDXRef-DOCUMENT"}
                for relation in bill["relationships"]:
                    self.assertLessEqual({relation["spdxElementId"], relation["relatedSpdxElement"]}, known)
                names = {one["name"] for one in bill["packages"]}
                self.assertLessEqual({"libical-dev", "libicu-dev", "libidn2-dev", "libnghttp2-dev"}, names)
                self.assertEqual("libssl3" in names, path != deb(), "the .deb leaves OpenSSL to the system")
                self.assertEqual({"ca-certificates", "tzdata"} <= names, path == image())
        bill = json.loads((SOURCE / "build/package/intermission.spdx.json").read_text(encoding="utf-8"))
        self.assertEqual(bill["packages"][0]["checksums"][0]["checksumValue"],
                         hashlib.sha256((SOURCE / "build/package/intermission").read_bytes()).hexdigest())

    def test_the_same_source_gives_the_same_bytes(self):
        before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in PACKAGES.iterdir() if path.is_file()}
        for kind in ("deb", "tar", "image"):
            done = run(SOURCE / "scripts/package", "--only", kind)
            self.assertEqual(done.returncode, 0, done.stderr)
        after = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in PACKAGES.iterdir() if path.is_file()}
        self.assertEqual(after, before)


class ManualPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = SOURCE / "build/package/intermission"
        with tarfile.open(tar()) as archive:
            names = {pathlib.PurePath(name).name: name for name in archive.getnames() if "/man/" in name}
            cls.pages = {name: archive.extractfile(path).read().decode() for name, path in names.items()}

    def shown(self, name):
        """As a reader sees it, without line breaks."""
        text = output_of("man", "--local-file", "--encoding=UTF-8", "-", input=self.pages[name],
                         env={"PATH": os.environ["PATH"], "MANWIDTH": "1000", "LANG": "C.UTF-8", "MANPAGER": "cat"})
        return re.sub(r"\s+", " ", text)

    def test_roff_finds_nothing_wrong(self):
        self.assertEqual(set(self.pages), {"intermission.1", "intermission.yaml.5"})
        for name, text in self.pages.items():
            done = run("man", "--warnings", "--local-file", "--encoding=UTF-8", "--troff-device=utf8", "--ditroff", "-", input=text)
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_every_command_and_option_is_there_with_its_own_words(self):
        page = self.shown("intermission.1")
        whole = output_of(self.program, "--help")
        commands = re.findall(r"^  ([a-z]+)  ", whole.partition("Subcommands:")[2], re.MULTILINE)
        self.assertGreater(len(commands), 15)
        for command in commands:
            said = output_of(self.program, command, "--help")
            self.assertIn(" ".join(said.partition("\nUsage:")[0].split()), page)
            for option in re.findall(r"^ {2,4}(-[^ ]+(?: [A-Z]+)?)", said, re.MULTILINE):
                with self.subTest(command=command, option=option):
                    self.assertIn(option, page)

    def test_every_key_is_there(self):
        page = self.shown("intermission.yaml.5")
        schema = json.loads((SOURCE / "schemas/config.schema.json").read_text(encoding="utf-8"))

        def keys(value):
            if isinstance(value, dict):
                yield from value.get("properties", {})
                for below in value.values():
                    yield from keys(below)

        found = set(keys(schema))
        self.assertGreater(len(found), 80)
        self.assertEqual({key for key in found if f"{key} (" not in page}, set())


class Deb(unittest.TestCase):
    def test_lintian_finds_nothing(self):
        done = run("lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0", deb())
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_what_is_configuration(self):
        listed = output_of("dpkg-deb", "--info", deb(), "conffiles").split()
        self.assertEqual(listed, ["/etc/default/intermission", "/etc/intermission/intermission.yaml", "/etc/logrotate.d/intermission"])

    def test_the_unit_is_hardened(self):
        output_of("systemd-analyze", "security", "--offline=yes", "--threshold=15", SOURCE / "deploy/systemd/intermission.service")


@unittest.skipUnless(os.geteuid() == 0, "a bare Debian is made by root")
class Bare(unittest.TestCase):
    """A Debian 12 with nothing but what the .deb depends on."""

    @classmethod
    def setUpClass(cls):
        depends = output_of("dpkg-deb", "--field", deb(), "Depends", "Pre-Depends", "Recommends")
        names = re.findall(r"([a-z0-9][a-z0-9.+-]+)(?: \(|,|\n)", re.sub(r"(?m)^[A-Za-z-]+: ", "", depends) + "\n")
        wanted = ",".join(sorted(set(names) | {"logrotate", "systemd"}))
        cls.bare = ARTEFACTS / f"bare-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}.tar"
        if not cls.bare.exists():
            ARTEFACTS.mkdir(parents=True, exist_ok=True)
            for old in ARTEFACTS.glob("bare-*.tar"):
                old.unlink()
            made = cls.bare.with_suffix(".new.tar")
            output_of("mmdebstrap", "--variant=essential", f"--include={wanted}", "--skip=cleanup/apt", "bookworm", made)
            made.rename(cls.bare)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="intermission-bare-")
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        output_of("tar", "--extract", "--file", self.bare, "--directory", self.tree, "--exclude=./dev/*")
        # Without devices of its own; programs want these two.
        for name, minor in (("null", 3), ("urandom", 9)):
            with contextlib.suppress(PermissionError):
                os.mknod(self.tree / "dev" / name, 0o20666, os.makedev(1, minor))
                (self.tree / "dev" / name).chmod(0o666)

    def inside(self, *command):
        return output_of("chroot", self.tree, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                         "DEBIAN_FRONTEND=noninteractive", *command)

    def path(self, name):
        return self.tree / name.lstrip("/")

    def serving(self, user, *command, environment=()):
        # /proc is how the loader finds the libraries beside a program.
        start = ["chroot", f"--userspec={user}", str(self.tree), "/usr/bin/env", "-i", "PORT=0", *environment, *command,
                 "--control-port", "0"]
        return Gateway(command=["unshare", "--mount", "bash", "-c", f"mount -t proc none {self.tree}/proc && exec \"$@\"", "bash",
                                *start])

    def assert_answers(self, gateway):
        self.assertIn(DEFAULT_MESSAGE, curl(f"http://127.0.0.1:{gateway.port}/any"))
        self.assertTrue(curl(f"http://127.0.0.1:{gateway.port}/", "--head").startswith("HTTP/1.1 503 "))

    def test_the_deb_is_installed_upgraded_and_removed(self):
        configuration = "/etc/intermission/intermission.yaml"
        shutil.copy(deb(), self.path("/tmp/one.deb"))
        self.inside("dpkg", "--install", "/tmp/one.deb")
        facts = self.inside("stat", "--format", "%U:%G %a", "/var/lib/intermission", "/var/log/intermission").split("\n")
        self.assertEqual(facts[:2], ["intermission:intermission 750"] * 2)
        self.assertIn("nologin", self.inside("getent", "passwd", "intermission"))
        self.assertIn("answers for requests that belong to no other service",
                      self.inside("intermission", "check", "--config", configuration))
        self.inside("logrotate", "--debug", "/etc/logrotate.d/intermission")
        output_of("systemd-analyze", "verify", "--man=no", f"--root={self.tree}", "intermission.service", "intermission.socket")

        command = ["/usr/bin/intermission", "serve", "--config", configuration]
        with self.serving("intermission:intermission", *command) as gateway:
            self.assert_answers(gateway)
            health = ["/usr/bin/intermission", "health", "--config", configuration, "--port", str(gateway.port)]
            self.inside(*health)
        self.assertEqual(run("chroot", self.tree, *health).returncode, 1, "no gateway answers any more")
        token = self.path("/var/lib/intermission/intermission.token")
        self.assertEqual(token.stat().st_mode & 0o777, 0o600)

        # Somebody has written a configuration, and the next version comes with another one.
        written = self.path(configuration).read_text(encoding="utf-8") + "# ours\n"
        self.path(configuration).write_text(written, encoding="utf-8")
        self.inside("dpkg-deb", "--raw-extract", "/tmp/one.deb", "/tmp/two")
        control = self.path("/tmp/two/DEBIAN/control")
        control.write_text(re.sub(r"(?m)^(Version: .*)$", r"\1.1", control.read_text(encoding="utf-8")), encoding="utf-8")
        with open(self.path("/tmp/two" + configuration), "a", encoding="utf-8") as out:
            out.write("# theirs\n")
        self.inside("dpkg-deb", "--build", "-Znone", "/tmp/two", "/tmp/two.deb")
        kept = token.read_text(encoding="utf-8")
        self.inside("dpkg", "--force-confold", "--install", "/tmp/two.deb")
        self.assertEqual(self.path(configuration).read_text(encoding="utf-8"), written)
        self.assertEqual(token.read_text(encoding="utf-8"), kept)
        with self.serving("intermission:intermission", *command) as gateway:
            self.assert_answers(gateway)

        self.inside("dpkg", "--remove", "intermission")
        self.assertFalse(self.path("/usr/bin/intermission").exists())
        self.assertTrue(self.path(configuration).exists())
        self.assertTrue(token.exists())
        self.inside("dpkg", "--purge", "intermission")
        for name in ("/etc/intermission", "/var/lib/intermission", "/var/log/intermission", "/etc/logrotate.d/intermission"):
            self.assertFalse(self.path(name).exists(), name)

    def repacked(self, name, version):
        """The .deb with another version, in the tree's /tmp."""
        self.inside("dpkg-deb", "--raw-extract", "/tmp/one.deb", f"/tmp/{name}")
        control = self.path(f"/tmp/{name}/DEBIAN/control")
        control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {version}", control.read_text(encoding="utf-8")), encoding="utf-8")
        self.inside("dpkg-deb", "--build", "-Znone", f"/tmp/{name}", f"/tmp/{name}.deb")
        return f"/tmp/{name}.deb"

    def test_what_0_1_kept_is_in_force_after_the_upgrade(self):
        shutil.copy(deb(), self.path("/tmp/one.deb"))
        self.inside("dpkg", "--install", self.repacked("old", "0.1.0-1"))
        configuration = "/etc/intermission/intermission.yaml"
        with open(self.path(configuration), "a", encoding="utf-8") as out:
            out.write('services: [{ name: orders, hosts: [orders.example.com], maintenance: "off" }]\n')
        kept = self.path("/var/lib/intermission/intermission.state.json")
        shutil.copy(SOURCE / "tests/live/state-0.1.json", kept)
        self.inside("chown", "intermission:intermission", "/var/lib/intermission/intermission.state.json")
        self.inside("dpkg", "--force-confold", "--install", "/tmp/one.deb")
        command = ["/usr/bin/intermission", "serve", "--config", configuration]
        with self.serving("intermission:intermission", *command) as gateway:
            self.assertIn("Stock is being counted", curl(f"http://127.0.0.1:{gateway.port}/7", "--header", "Host: orders.example.com"))

    def test_logs_are_rotated_without_systemd(self):
        shutil.copy(deb(), self.path("/tmp/one.deb"))
        self.inside("dpkg", "--install", "/tmp/one.deb")
        configuration = self.path("/tmp/intermission.yaml")
        configuration.write_text("state: { file: '' }\naccess_log: { format: combined, file: /var/log/intermission/access.log }\n",
                                 encoding="utf-8")
        log, rotated = self.path("/var/log/intermission/access.log"), self.path("/var/log/intermission/access.log.1")
        command = ["/usr/bin/intermission", "serve", "--config", "/tmp/intermission.yaml"]
        with self.serving("intermission:intermission", *command) as gateway:
            curl(f"http://127.0.0.1:{gateway.port}/before")
            self.eventually(lambda: log.exists() and "/before" in log.read_text(encoding="utf-8"))
            # Where /proc is, and the gateway in it.
            output_of("nsenter", f"--target={gateway.process.pid}", "--mount", "chroot", self.tree,
                      "/usr/sbin/logrotate", "--force", "/etc/logrotate.d/intermission")
            gateway.stderr.wait_for("the configuration was reloaded")
            curl(f"http://127.0.0.1:{gateway.port}/after")
            self.eventually(lambda: log.exists() and "/after" in log.read_text(encoding="utf-8"))
            self.assertNotIn("/after", rotated.read_text(encoding="utf-8"))
            self.assertIn("/before", rotated.read_text(encoding="utf-8"))

    def eventually(self, holds):
        end = time.monotonic() + 30
        while not holds():
            self.assertLess(time.monotonic(), end, "it did not come true")
            time.sleep(0.05)

    def test_the_tar_brings_what_it_needs(self):
        for name in ("libcrypto.so.3", "libssl.so.3", "libprometheus-cpp-core.so.1.0"):
            for path in self.tree.glob(f"usr/lib/*/{name}"):
                path.unlink()
        output_of("tar", "--extract", "--file", tar(), "--directory", self.path("/opt"))
        (folder,) = self.path("/opt").iterdir()
        with self.serving("1234:1234", "INTERMISSION_TOKEN=0123456789abcdef", f"/opt/{folder.name}/intermission", "serve") as gateway:
            self.assert_answers(gateway)


@unittest.skipUnless(os.geteuid() == 0, "a root of its own is mounted by root")
class Image(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="intermission-image-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        with tarfile.open(image()) as archive:
            self.files = {name: archive.extractfile(name).read() for name in archive.getnames()}
        self.manifest = self.blob(json.loads(self.files["index.json"])["manifests"][0])
        self.config = self.blob(self.manifest["config"])

    def blob(self, descriptor):
        data = self.files["blobs/" + descriptor["digest"].replace(":", "/")]
        self.assertEqual("sha256:" + hashlib.sha256(data).hexdigest(), descriptor["digest"])
        self.assertEqual(len(data), descriptor["size"])
        return json.loads(data) if data.startswith(b"{") else data

    def unpacked(self):
        root = self.folder / "root"
        with tarfile.open(fileobj=io.BytesIO(self.blob(self.manifest["layers"][0]))) as layer:
            layer.extractall(root, numeric_owner=True)
        return root

    def test_both_formats_are_read_by_skopeo(self):
        for kind in ("oci-archive", "docker-archive"):
            shown = json.loads(output_of("skopeo", "inspect", "--config", f"{kind}:{image()}"))
            self.assertEqual(shown["config"]["Entrypoint"], ["/usr/bin/intermission"], kind)
        output_of("skopeo", "--insecure-policy", "copy", f"docker-archive:{image()}", f"oci:{self.folder}/copied:x")

    def test_there_is_nothing_but_the_program_and_what_it_reads(self):
        root = self.unpacked()
        programs = [path.relative_to(root) for path in root.rglob("*") if path.is_file() and path.stat().st_mode & 0o111 and
                    not path.is_symlink()]
        self.assertEqual([str(path) for path in programs if ".so" not in path.name], ["usr/bin/intermission"])
        for needed in ("etc/ssl/certs/ca-certificates.crt", "usr/share/zoneinfo/Europe/Berlin", "usr/share/zoneinfo/zone.tab"):
            self.assertTrue((root / needed).is_file(), needed)
        self.assertFalse([path for path in root.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o6000])

    def test_it_runs_as_its_user_with_a_read_only_root(self):
        config = self.config["config"]
        self.assertEqual(config["User"], f"{NOBODY_ELSE}:{NOBODY_ELSE}")
        root = self.unpacked()
        (root / "etc/intermission/intermission.yaml").write_text(
            "services: [{ name: a, maintenance: scheduled, windows: [{ start: 2026-01-04T02:00:00, for: 1h, zone: Europe/Berlin, "
            "rrule: FREQ=WEEKLY;BYDAY=SU }] }]\n", encoding="utf-8")
        environment = [*config["Env"], "PORT=0"]
        start = ["/usr/bin/env", "-i", *environment, "/usr/bin/unshare", f"--root={root}", f"--wd={config['WorkingDir']}",
                 f"--setgid={NOBODY_ELSE}", f"--setuid={NOBODY_ELSE}"]
        mounts = (f"mount --bind {root} {root} && mount -o remount,ro,bind {root} && "
                  f"mount -t tmpfs -o uid={NOBODY_ELSE},gid={NOBODY_ELSE},mode=0700 none {root}{config['WorkingDir']} && exec ")

        def command(*words):
            return ["unshare", "--mount", "bash", "-c", mounts + " ".join([*start, *words])]

        serve = [*config["Entrypoint"], *config["Cmd"], "--control-port", "0"]
        with Gateway(command=command(*serve)) as gateway:
            self.assertIn(DEFAULT_MESSAGE, curl(f"http://127.0.0.1:{gateway.port}/any"))
            facts = pathlib.Path(f"/proc/{gateway.process.pid}/status").read_text(encoding="utf-8")
            self.assertRegex(facts, rf"Uid:\s+{NOBODY_ELSE}\s+{NOBODY_ELSE}")
            self.assertEqual(config["Healthcheck"]["Test"][0], "CMD")
            health = config["Healthcheck"]["Test"][1:]
            self.assertEqual(run(*command(*health, "--port", str(gateway.port))).returncode, 0)
            self.assertTrue(gateway.stderr.wait_for("the operators' token is in intermission.token"))
        self.assertEqual(run(*command(*health, "--port", "1")).returncode, 1)
        # Zones are there, and the part of ICU's data that their rules need.
        with Gateway(command=command(*serve, "--config", "/etc/intermission/intermission.yaml")) as gateway:
            self.assertIn("retryAfter", curl(f"http://127.0.0.1:{gateway.port}/any"))


if __name__ == "__main__":
    unittest.main()
