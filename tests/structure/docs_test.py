"""The documents lead somewhere, and are what they are generated from.

Every relative link leads to a file or folder of the source, and every anchor to a heading of it.
Pictures are small, in use, and have words for those who cannot see them. Sentences are plain.
"""

import pathlib
import re
import subprocess
import sys
import unittest
from urllib.parse import unquote

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from documents import SOURCE, anchors, documents, links  # noqa: E402

PICTURES = SOURCE / "docs" / "pictures"
LARGEST_PICTURE = 150 * 1024
LONGEST_README = 170  # lines: what a newcomer reads in five minutes
# What a native technical writer would not write, and what instead.
RIDDLES = {
    r"\bwhoever\b": "name who it is",
    r"\b(held|holds?) (?:\w+ ){0,3}back\b": "in maintenance",
    r"\b(is|are|be) (not )?told\b": "gets, reads",
    r"\bhears?\b": "gets, reads",
    r"\bnobody\b": "name what does not happen",
    r"\btold apart\b": "recognised",
    r"\bthat there (is|are) not\b": "unknown",
    r"\bmakes? way\b": "is shed",
    r"\bcame lately\b": "recently seen",
}
READERS = {"install", "operate", "configure", "clients", "contracts", "routers", "security", "high-availability", "troubleshooting",
           "upgrade", "performance", "glossary", "comparison", "licences"}


def relative(target):
    return not re.match(r"[a-z][a-z0-9+.-]*:", target)


def broken(document, markdown):
    """The relative links of a document that lead nowhere."""
    found = []
    for target in filter(relative, links(markdown)):
        path, _, anchor = unquote(target).partition("#")
        place = (document.parent / path) if path else document
        if not place.exists() or SOURCE not in [place.resolve(), *place.resolve().parents]:
            found.append(target)
        elif anchor and anchor not in anchors(place.read_text(encoding="utf-8")):
            found.append(target)
    return found


class TheReader(unittest.TestCase):
    def test_links(self):
        text = "[a](b.md#c) ![d](e.png \"f\") <img src=\"g.svg\" alt=\"h\"> `[no](code.md)`\n```console\n[no](x.md)\n```\n[r]: s.md\n"
        self.assertEqual(links(text), ["b.md#c", "e.png", "g.svg", "s.md"])

    def test_anchors(self):
        text = "# Who hears what?\n## `listen.port`\n## Twice\n## Twice\n### [A link](b.md), too\n```yaml\n# no heading\n```\n"
        self.assertEqual(anchors(text), {"who-hears-what", "listenport", "twice", "twice-1", "a-link-too"})

    def test_what_leads_nowhere_is_found(self):
        document = SOURCE / "docs" / "operate.md"
        self.assertEqual(broken(document, "[a](no-such.md) [b](#no-such) [c](../README.md#no-such) [d](../../etc)"),
                         ["no-such.md", "#no-such", "../README.md#no-such", "../../etc"])
        self.assertEqual(broken(document, "[a](../README.md#license) [b](https://example.com/x) [c](../deploy/caddy)"), [])


class Documents(unittest.TestCase):
    def test_every_relative_link_leads_somewhere(self):
        for document in documents():
            with self.subTest(document.relative_to(SOURCE)):
                self.assertEqual(broken(document, document.read_text(encoding="utf-8")), [])

    def test_every_reader_has_a_document_and_readme_leads_to_it(self):
        self.assertEqual({path.stem for path in SOURCE.glob("docs/*.md")}, READERS)
        told = links((SOURCE / "README.md").read_text(encoding="utf-8"))
        self.assertEqual([name for name in sorted(READERS) if f"docs/{name}.md" not in told], [])

    def test_pages_about_routers_have_one_form(self):
        form = ["What it looks like", "The files", "Try it", "When the gateway dies", "Health checks", "What breaks it", "Limits"]
        pages = [path for path in sorted(SOURCE.glob("deploy/*/README.md"))
                 if path.parent.name != "kubernetes"]
        self.assertGreater(len(pages), 7)
        for page in pages:
            with self.subTest(page.relative_to(SOURCE)):
                text = page.read_text(encoding="utf-8")
                self.assertEqual(re.findall(r"^## (.*)$", text, re.MULTILINE), form)
                for file in page.parent.iterdir():
                    self.assertTrue(file == page or f"({file.name})" in text, f"{file.name} is not named")

    def test_every_folder_of_the_source_and_of_the_tests_is_described(self):
        for folder, document in (("src", ".github/CONTRIBUTING.md"), ("tests", "tests/README.md")):
            rows = re.findall(r"^\| (`[^|]+) \|", (SOURCE / document).read_text(encoding="utf-8"), re.MULTILINE)
            described = set(re.findall(r"`(\w+)`", " ".join(rows)))
            if folder == "tests":  # "`base` … `cli`": those of src/
                described |= {path.name for path in (SOURCE / "src").iterdir()}
            for path in sorted((SOURCE / folder).iterdir()):
                if path.is_dir() and path.name != "__pycache__":
                    self.assertIn(path.name, described, document)

    def test_readme_is_short(self):
        self.assertLessEqual(len((SOURCE / "README.md").read_text(encoding="utf-8").splitlines()), LONGEST_README)

    def test_the_reference_of_the_configuration_is_fresh(self):
        done = subprocess.run([sys.executable, "-B", SOURCE / "docs" / "write_configure.py", "--check"],
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)


def riddles(text):
    return [(found[0], instead) for riddle, instead in RIDDLES.items() for found in re.finditer(riddle, text, re.IGNORECASE)]


class Words(unittest.TestCase):
    def test_riddles_are_found(self):
        found = riddles("Whoever calls is told that the service is held back; one that there is not is unknown.")
        self.assertEqual([one for one, _ in found], ["Whoever", "held back", "is told", "that there is not"])
        self.assertEqual([one for one, _ in riddles("What is not told, nobody hears.")], ["is not told", "hears", "nobody"])
        self.assertEqual(riddles("The service is in maintenance. Retold tales hold. Holdings come back."), [])

    def test_no_text_has_one(self):
        texts = [one for one in documents() if "cases" not in one.parts]
        texts += [*SOURCE.glob("openapi/*.yaml"), *SOURCE.glob("schemas/*.json"), SOURCE / "deploy" / "intermission.example.yaml"]
        for text in texts:
            with self.subTest(text.relative_to(SOURCE)):
                self.assertEqual(riddles(text.read_text(encoding="utf-8")), [])


class Pictures(unittest.TestCase):
    def test_they_are_small_and_in_use(self):
        shown = set()
        for document in documents():
            for target in filter(relative, links(document.read_text(encoding="utf-8"))):
                shown.add((document.parent / target.partition("#")[0]).resolve())
        for picture in sorted(PICTURES.iterdir()):
            with self.subTest(picture.name):
                self.assertIn(picture.resolve(), shown, "no document shows it")
                self.assertLessEqual(picture.stat().st_size, LARGEST_PICTURE)

    def test_they_have_words(self):
        for document in documents():
            text = document.read_text(encoding="utf-8")
            with self.subTest(document.relative_to(SOURCE)):
                self.assertEqual(re.findall(r"!\[\s*\]\(|<img\b(?![^>]*\balt=\"[^\"]+\")[^>]*>", text), [])


if __name__ == "__main__":
    unittest.main()
