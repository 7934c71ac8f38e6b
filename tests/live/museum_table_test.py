"""The table of the museum in docs/clients.md is what the tests of real clients recorded, no more and no less.

INTERMISSION_UPDATE_MUSEUM=1 writes the table anew, and fails where it differed."""

import os
import pathlib
import re
import unittest

import museum

DOCUMENT = pathlib.Path(os.environ["INTERMISSION_SOURCE"]) / "docs" / "clients.md"
TABLE = re.compile(r"^\| client \| version \|.*?(?=^$)", re.MULTILINE | re.DOTALL)


class MuseumTable(unittest.TestCase):
    def test_the_table_is_the_museum(self):
        text = DOCUMENT.read_text(encoding="utf-8")
        self.assertEqual(len(TABLE.findall(text)), 1, "one table of the museum")
        if os.environ.get("INTERMISSION_UPDATE_MUSEUM"):
            DOCUMENT.write_text(TABLE.sub(lambda _: museum.table(), text), encoding="utf-8")
        self.assertEqual(TABLE.findall(text)[0].splitlines(), museum.table().splitlines())

    def test_each_exhibit_is_shown_by_a_test(self):
        for one in museum.exhibits():
            with self.subTest(one["client"]):
                self.assertTrue((DOCUMENT.parents[1] / "tests" / "live" / one["shown_by"]).is_file())

    def test_each_says_whether_its_client_comes_back(self):
        words = {museum.NEVER, museum.AT_ONCE, museum.EARLY, museum.AS_TOLD}
        self.assertEqual({one["comes_back"] for one in museum.exhibits()}, words)

    def test_it_is_worth_a_visit(self):
        self.assertGreaterEqual(len(museum.exhibits()), 120)


if __name__ == "__main__":
    unittest.main()
