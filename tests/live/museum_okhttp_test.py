"""OkHttp 5, which an npm package carries along, and its WebSocket under each setting of websocket.close."""

import pathlib
import re
import unittest

from museum_program import CONFIG, MESSAGE, PROGRAMS, MuseumProgram

JARS = pathlib.Path(__file__).parent / "node_modules" / "allure-commandline" / "dist" / "plugins" / "jira-plugin" / "lib"
CLOSES = "".join(f"""
  - name: close-{code}
    hosts: [close-{code}.example.com]
    message: {MESSAGE}
    websocket: {{ close: {code} }}
""" for code in (1001, 1012, 1013))


class OkHttp(MuseumProgram):
    config = CONFIG + CLOSES

    def build(self, folder):
        jars = [jar for jar in sorted(JARS.glob("*.jar")) if re.match("(okhttp|okio|kotlin-stdlib|retrofit)-", jar.name)]
        retrofit = next(jar.stem.removeprefix("retrofit-") for jar in jars if jar.name.startswith("retrofit-"))
        path = ":".join(str(jar) for jar in jars)
        self.call(["/usr/bin/javac", "-nowarn", "-cp", path, "-d", folder, PROGRAMS / "OkHttp5.java"], folder)
        return ["/usr/bin/java", "-cp", f"{folder}:{path}", "OkHttp5", retrofit]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
