"""deploy/cloudfoundry/maintenance, with a cf and a curl that only pretend.

The pretended platform is one route and who it is mapped to; it notes after every call whether
the route still leads somewhere.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["INTERMISSION_SOURCE"])
SCRIPT = SOURCE / "deploy/cloudfoundry/maintenance"

CF = r"""#!/bin/bash
set -u
cd "$STATE"
echo "cf $*" >>calls
[[ ! -e "fail-$1" ]] || { echo "FAILED"; exit 1; }
case $1 in
  app)
    [[ -e "apps/$2" ]] || { echo "App '$2' not found."; exit 1; }
    printf 'name:              %s\nrequested state:   started\n\n' "$2"
    printf '     state     since                  cpu    memory\n'
    printf '#0   %s   2026-11-01T10:00:00Z   0.0%%   6M of 64M\n' "$(cat "apps/$2")"
    ;;
  map-route) touch "mapped/$2" ;;
  unmap-route) rm -f "mapped/$2" ;;
esac
[[ -n $(ls mapped) ]] || touch nowhere
"""

# The router takes turns between the apps that the route is mapped to.
CURL = r"""#!/bin/bash
set -u
cd "$STATE"
echo "curl ${*: -1}" >>calls
[[ ! -e unreachable ]] || { echo "curl: (6) Could not resolve host"; exit 6; }
turn=$(($(cat turn 2>/dev/null || echo 0) + 1)); echo "$turn" >turn
apps=(mapped/*)
app=$(basename "${apps[turn % ${#apps[@]}]}")
case $app in
  intermission) [[ -e deaf ]] && printf 'HTTP/1.1 404 Not Found\r\nX-Cf-Routererror: unknown_route\r\n\r\n' ||
    printf 'HTTP/1.1 503 Service Unavailable\r\nX-Maintenance: orders\r\n\r\n' ;;
  *) printf 'HTTP/1.1 200 OK\r\n\r\n' ;;
esac
"""

ROUTE = ["--app", "orders", "--host", "orders", "--domain", "example.com"]
SHOWN = "example.com --hostname orders"


class Maintenance(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("bin", "apps", "mapped"):
            (self.folder / name).mkdir()
        for name, text in (("cf", CF), ("curl", CURL), ("sleep", "#!/bin/bash\n")):
            (self.folder / "bin" / name).write_text(text, encoding="utf-8")
            (self.folder / "bin" / name).chmod(0o755)
        # Nothing else is on the PATH, least of all a real cf.
        for tool in ("bash", "basename", "cat", "grep", "ls", "rm", "touch"):
            (self.folder / "bin" / tool).symlink_to(shutil.which(tool))
        for app in ("orders", "intermission"):
            (self.folder / "apps" / app).write_text("running", encoding="utf-8")
        self.mapped("orders")

    def mapped(self, *apps):
        for path in (self.folder / "mapped").iterdir():
            path.unlink()
        for app in apps:
            (self.folder / "mapped" / app).touch()

    def given(self, name):
        (self.folder / name).touch()

    def run_script(self, *arguments):
        return subprocess.run([str(SCRIPT), *arguments], capture_output=True, text=True, check=False, timeout=60,
                              env={"PATH": f"{self.folder}/bin", "STATE": str(self.folder)})

    def calls(self):
        path = self.folder / "calls"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def changes(self):
        return [call for call in self.calls() if "route " in call]

    def leads_to(self):
        return sorted(path.name for path in (self.folder / "mapped").iterdir())

    def assert_done(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.folder / "nowhere").exists(), "for a moment the route led nowhere")

    def assert_stopped(self, done, *words):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("How things stand", done.stderr)
        self.assertIn("run it again: ", done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertFalse((self.folder / "nowhere").exists(), "for a moment the route led nowhere")

    def test_on_maps_the_gateway_before_it_unmaps_the_app(self):
        self.assert_done(self.run_script("on", *ROUTE))
        self.assertEqual(self.changes(), [f"cf map-route intermission {SHOWN}", f"cf unmap-route orders {SHOWN}"])
        self.assertEqual(self.leads_to(), ["intermission"])

    def test_off_maps_the_app_before_it_unmaps_the_gateway(self):
        self.mapped("intermission")
        self.assert_done(self.run_script("off", *ROUTE))
        self.assertEqual(self.changes(), [f"cf map-route orders {SHOWN}", f"cf unmap-route intermission {SHOWN}"])
        self.assertEqual(self.leads_to(), ["orders"])

    def test_it_looks_for_the_new_side_between_the_two(self):
        self.assert_done(self.run_script("on", *ROUTE))
        calls = self.calls()
        looks = [place for place, call in enumerate(calls) if call == "curl https://orders.example.com"]
        self.assertTrue(looks)
        self.assertGreater(looks[0], calls.index(f"cf map-route intermission {SHOWN}"))
        self.assertLess(looks[-1], calls.index(f"cf unmap-route orders {SHOWN}"))

    def test_twice_does_no_harm(self):
        self.assert_done(self.run_script("on", *ROUTE))
        self.assert_done(self.run_script("on", *ROUTE))
        self.assertEqual(self.leads_to(), ["intermission"])

    def test_a_path(self):
        for path in ("/v1", "v1"):
            with self.subTest(path):
                self.mapped("orders")
                self.assert_done(self.run_script("on", *ROUTE, "--path", path))
                self.assertIn(f"cf map-route intermission {SHOWN} --path /v1", self.calls())
                self.assertIn("curl https://orders.example.com/v1", self.calls())

    def test_another_name_for_the_gateway(self):
        (self.folder / "apps/sorry").write_text("running", encoding="utf-8")
        self.assert_done(self.run_script("on", *ROUTE, "--gateway", "sorry", "--no-look"))
        self.assertEqual(self.leads_to(), ["sorry"])

    def test_dry_run_touches_nothing(self):
        done = self.run_script("on", *ROUTE, "--dry-run")
        self.assert_done(done)
        self.assertEqual(self.calls(), [])
        first = done.stderr.index(f"cf map-route intermission {SHOWN}")
        self.assertLess(first, done.stderr.index(f"cf unmap-route orders {SHOWN}"))
        self.assertIn("nothing was changed", done.stderr)

    def test_dry_run_needs_no_cf(self):
        (self.folder / "bin/cf").unlink()
        self.assert_done(self.run_script("off", *ROUTE, "--dry-run"))

    def test_no_cf(self):
        (self.folder / "bin/cf").unlink()
        done = self.run_script("on", *ROUTE)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cf command line client", done.stderr)

    def test_the_gateway_was_never_pushed(self):
        (self.folder / "apps/intermission").unlink()
        self.assert_stopped(self.run_script("on", *ROUTE), "not found", "nothing was changed")
        self.assertEqual(self.changes(), [])

    def test_the_side_that_takes_over_is_down(self):
        self.mapped("intermission")
        (self.folder / "apps/orders").write_text("crashed", encoding="utf-8")
        self.assert_stopped(self.run_script("off", *ROUTE), "nothing was changed", "cf start orders")
        self.assertEqual(self.changes(), [])
        self.assert_done(self.run_script("off", *ROUTE, "--force"))
        self.assertEqual(self.leads_to(), ["orders"])

    def test_mapping_fails(self):
        self.given("fail-map-route")
        self.assert_stopped(self.run_script("on", *ROUTE), "still leads to orders")
        self.assertEqual(self.leads_to(), ["orders"])

    def test_the_gateway_does_not_answer_on_the_route(self):
        self.given("deaf")
        self.assert_stopped(self.run_script("on", *ROUTE, "--within", "0"), "mapped to both",
                            f"To go back: cf unmap-route intermission {SHOWN}")
        self.assertIn("orders", self.leads_to())

    def test_the_route_cannot_be_reached_from_here(self):
        self.given("unreachable")
        self.assert_stopped(self.run_script("on", *ROUTE, "--within", "0"), "mapped to both")
        self.assert_done(self.run_script("on", *ROUTE, "--no-look"))
        self.assertEqual(self.leads_to(), ["intermission"])

    def test_unmapping_fails(self):
        self.given("fail-unmap-route")
        done = self.run_script("on", *ROUTE)
        self.assert_stopped(done, "mapped to both", f"cf unmap-route orders {SHOWN}")
        self.assertEqual(self.leads_to(), ["intermission", "orders"])

    def test_what_is_missing_is_named(self):
        for arguments, word in (([], '"on" or "off"'), (["on"], "--app"), (["on", "--app", "a"], "--host"),
                                (["on", "--app", "a", "--host", "b"], "--domain"), (["on", "--app"], "--app"),
                                (["on", "off"], "do not go together"), (["up"], '"up"'),
                                (["on", *ROUTE, "--within", "soon"], "soon"),
                                (["on", *ROUTE, "--gateway", "orders"], "both")):
            with self.subTest(arguments):
                done = self.run_script(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn(word, done.stderr)
                self.assertEqual(self.calls(), [])


if __name__ == "__main__":
    unittest.main()
