"""Under a service manager: systemd's own systemd-socket-activate opens the port, and what the program tells arrives at a
socket of this test. The unit itself is checked in tests/package."""

import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from gateway import PATIENCE, PROGRAM, Gateway, environment
from ports import free_port
from proxy import comes_up
from recipes import exchange

ACTIVATE = "systemd-socket-activate"


class Manager:
    """A service manager: receives what a program reports to it."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder, "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(PATIENCE)
        self._socket.bind(str(self.path))

    def close(self):
        self._socket.close()

    def heard(self):
        return self._socket.recv(4096).decode("utf-8")

    def receives(self, wanted):
        """Waits for a message that begins so; the watchdog's are between all others."""
        while not (message := self.heard()).startswith(wanted):
            assert message == "WATCHDOG=1", message
        return message


class Supervised(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.manager = Manager(folder.name)
        self.addCleanup(self.manager.close)

    def test_each_step_is_told(self):
        with Gateway(extra={"NOTIFY_SOCKET": str(self.manager.path)}) as gateway:
            self.assertEqual(self.manager.heard(), f"READY=1\nSTATUS=Answering on http://0.0.0.0:{gateway.port}")
            gateway.send_signal(signal.SIGHUP)
            self.assertRegex(self.manager.heard(), r"\ARELOADING=1\nMONOTONIC_USEC=\d+\Z")
            self.assertRegex(self.manager.heard(), r"\AREADY=1\n")
            gateway.stop()
            self.assertRegex(self.manager.heard(), r"\ASTOPPING=1\n")

    def test_a_rejected_configuration_is_told(self):
        with Gateway(config="{}", extra={"NOTIFY_SOCKET": str(self.manager.path)}) as gateway:
            self.manager.heard()
            gateway.config.write_text("services: 7", encoding="utf-8")
            gateway.send_signal(signal.SIGHUP)
            self.manager.heard()
            self.assertIn("The new configuration was rejected", self.manager.heard())

    def test_the_watchdog_hears_of_it(self):
        with Gateway(extra={"NOTIFY_SOCKET": str(self.manager.path), "WATCHDOG_USEC": "200000"}):
            self.manager.receives("READY=1")
            for _ in range(5):
                self.assertEqual(self.manager.heard(), "WATCHDOG=1")

    def test_a_watchdog_that_hears_nothing_of_a_stopped_program(self):
        with Gateway(extra={"NOTIFY_SOCKET": str(self.manager.path), "WATCHDOG_USEC": "200000"}) as gateway:
            self.manager.receives("READY=1")
            gateway.process.send_signal(signal.SIGSTOP)
            try:
                self.manager._socket.settimeout(2)  # pylint: disable=protected-access
                with self.assertRaises(TimeoutError):
                    for _ in range(100):
                        self.manager.heard()
            finally:
                gateway.process.send_signal(signal.SIGCONT)

    @unittest.skipUnless(shutil.which(ACTIVATE), "no systemd here")
    def test_a_port_that_systemd_opened(self):
        port = free_port()
        command = [ACTIVATE, "-E", "PATH", f"--listen=127.0.0.1:{port}", "--fdname=data", PROGRAM, "serve", "--control-port", "0",
                   "--port", "1"]
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen(command, cwd=folder, env=environment(), text=True, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL)
            try:
                # systemd starts the program when the first client comes, who then waits for it.
                self.assertTrue(comes_up(process, port))
                answer = exchange(port, b"GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                self.assertEqual(answer.status, 503)
                self.assertEqual(process.stdout.readline(), f"intermission: data http://127.0.0.1:{port}\n")
            finally:
                process.terminate()
                self.assertEqual(process.wait(PATIENCE), 0)
                process.stdout.close()


if __name__ == "__main__":
    unittest.main()
