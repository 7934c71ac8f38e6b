"""scripts/mutate's own test: a small project, whose tests notice some mistakes and not others."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent

CODE = """\
#include <string>

#include "shop/price.h"

namespace shop {

// Ten and more are cheaper. No test tries nine or ten.
int price(int count) {
  if (count > 9) return count * 8;
  return count * 10;
}

int larger(int a, int b) {
  if (a < b) return b;
  return a;
}

const char* nothing() {
  const char* text = 0;
  return text;
}

std::string quoted(const std::string& text) {
  std::string result = "'";
  result += text;
  result += "'";
  return result;
}

bool same_length(const std::string& a, const std::string& b) { return a.size() == b.size(); }
bool precedes(int a, int b, int c, int d) {
  if (a != b) return a < b;
  return c < d && same_length("abc", std::to_string(c));
}

int kept() {
  static const int once = larger(28, 28);
  return once;
}

constexpr int twice(int number) { return number * 2; }
static_assert(twice(2) == 4);

int never_called(int number) { return number - 5; }

}  // namespace shop
"""

TEST = """\
#include "shop/price.h"

#include <gtest/gtest.h>

TEST(PriceTest, OneIsTen) { EXPECT_EQ(shop::price(1), 10); }
TEST(PriceTest, TwentyAreCheaper) { EXPECT_EQ(shop::price(20), 160); }
TEST(PriceTest, TheLargerOfTwo) {
  EXPECT_EQ(shop::larger(1, 2), 2);
  EXPECT_EQ(shop::larger(3, 2), 3);
  EXPECT_EQ(shop::larger(4, 4), 4);
}
TEST(PriceTest, NothingIsNoText) { EXPECT_EQ(shop::nothing(), nullptr); }
TEST(PriceTest, OneThingPrecedesAnother) { shop::precedes(1, 2, 3, 4); shop::precedes(1, 1, 3, 4); }
TEST(PriceTest, KeptIsMadeHere) { shop::kept(); }
TEST(PriceTest, KeptIsLookedAtHere) { EXPECT_EQ(shop::kept(), 28); }
TEST(PriceTest, QuotedWithoutALook) { shop::quoted("a"); }
TEST(PriceTest, FailsWithoutAMistake) { EXPECT_EQ(shop::price(1), 11); }
"""

EQUIVALENT = """\
# A comment.
src/shop/price.cc, larger: "a < b" became "a <= b"
    Equal numbers are the same number.
"""


def project(root):
    for name, text in {
            "src/shop/price.cc": CODE,
            "src/shop/price.h": "#pragma once\n#include <string>\nnamespace shop {\nint price(int count);\n"
                                "int larger(int a, int b);\nconst char* nothing();\n"
                                "std::string quoted(const std::string& text);\n"
                                "bool precedes(int a, int b, int c, int d);\n"
                                "int kept();\n"
                                "int never_called(int number);\n}\n",
            "tests/shop/price_test.cc": TEST,
            "tests/mutate/equivalent.txt": EQUIVALENT,
            "CMakeLists.txt": f"""
cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(GTest REQUIRED)
file(GLOB sources CONFIGURE_DEPENDS build/mutate/mistakes/*/*.cc)
add_executable(shop_test ${{sources}} tests/shop/price_test.cc {HERE}/switch.cc {HERE}/listener.cc)
target_include_directories(shop_test PRIVATE src {HERE})
target_compile_options(shop_test PRIVATE -include {HERE}/switch.h)
target_link_libraries(shop_test PRIVATE GTest::gtest_main)
set_target_properties(shop_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${{CMAKE_BINARY_DIR}}/tests)
add_custom_target(unit_tests DEPENDS shop_test)
""",
            "CMakePresets.json": json.dumps({
                "version": 6,
                "configurePresets": [{"name": "mutate", "generator": "Ninja",
                                      "binaryDir": "${sourceDir}/build/mutate",
                                      "cacheVariables": {"CMAKE_BUILD_TYPE": "Debug"}}],
                "buildPresets": [{"name": "mutate", "configurePreset": "mutate", "targets": ["unit_tests"]}]}),
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def mutate(root, *arguments):
    return subprocess.run([sys.executable, "-B", str(HERE / "mutate.py"), "--root", str(root), *arguments],
                          capture_output=True, text=True, timeout=300)


class MutateTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        project(cls.root)
        cls.run_of_all = mutate(cls.root)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def line_with(self, text, output=None):
        lines = [line for line in (output or self.run_of_all.stdout).splitlines() if text in line]
        self.assertEqual(len(lines), 1, f"{text} in\n{self.run_of_all.stdout}\n{self.run_of_all.stderr}")
        return lines[0]

    def test_survivors_are_listed_with_line_and_text(self):
        self.assertIn("src/shop/price.cc:9, price:", self.line_with('"count > 9" became "count >= 9"'))
        self.assertIn("src/shop/price.cc:25, quoted:", self.line_with('"result += text;" became "nothing"'))

    def test_what_a_test_notices_is_no_survivor(self):
        self.assertNotIn('"count * 10" became', self.run_of_all.stdout)
        self.assertNotIn('"if (a < b)" became', self.run_of_all.stdout)

    def test_what_is_made_once_is_noticed_by_a_later_test(self):
        self.assertNotIn("kept", self.run_of_all.stdout)

    def test_what_no_test_reaches_survives_and_says_so(self):
        self.assertIn("not reached", self.line_with('"number - 5" became "number + 5"'))

    def test_an_equivalent_is_counted_apart(self):
        self.assertNotIn('"a < b" became "a <= b"', self.run_of_all.stdout)
        self.assertEqual(self.line_with("shop  ").split()[3], "1")

    def test_what_cannot_matter_is_not_tried(self):
        self.line_with('"c < d" became "c <= d"')
        for text in ('"a < b" became', "same_length(std::to_string(c)", "twice"):
            self.assertNotIn(text, self.run_of_all.stdout)

    def test_what_does_not_compile_is_left_out(self):
        self.assertIn("do not compile", self.run_of_all.stderr)
        self.assertNotIn("nothing:", self.run_of_all.stdout)

    def test_a_test_that_fails_anyway_is_left_out(self):
        self.assertIn("PriceTest.FailsWithoutAMistake", self.run_of_all.stderr)

    def test_too_many_survivors_are_exit_code_1(self):
        self.assertEqual(self.run_of_all.returncode, 1, self.run_of_all.stderr)

    def test_one_mistake_says_its_verdict(self):
        for text, verdict in (('"count > 9" became', "not reached"), ('"result += text;" became', "survived")):
            number = self.line_with(text).split("--mutant ")[1].rstrip("]")
            with self.subTest(text):
                self.assertIn(f": {verdict}", mutate(self.root, "--mutant", number).stderr)

    def test_the_last_survivors_again(self):
        done = mutate(self.root, "--last")
        self.assertEqual(self.line_with("shop  ", done.stdout).split()[2], "0")
        self.assertIn('"count > 9" became', done.stdout)

    def test_wrong_arguments_are_exit_code_2(self):
        for arguments in (["nowhere"], ["--most", "0"], ["--most", "x"], ["--unknown"], ["--mutant", "999999"],
                          ["--output", "/no/such/folder/file"]):
            with self.subTest(arguments):
                done = mutate(self.root, *arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("--help", done.stderr)


class EquivalentTest(unittest.TestCase):
    def read(self, text):
        sys.path.insert(0, str(HERE))
        import equivalent
        problems = []

        def wrong(problem):
            problems.append(problem)
            raise ValueError(problem)

        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "equivalent.txt"
            path.write_text(text)
            try:
                return equivalent.read(path, wrong), problems
            except ValueError:
                return None, problems

    def test_a_row_without_a_reason_is_rejected(self):
        for text in ('src/a/b.cc, f: "x" became "y"\n',
                     'src/a/b.cc, f: "x" became "y"\nsrc/a/b.cc, f: "z" became "y"\n    Why.\n'):
            _, problems = self.read(text)
            self.assertIn("without a reason" if "Why" in text else "no reason", problems[0])

    def test_a_row_that_is_no_mistake_is_rejected_with_its_line(self):
        _, problems = self.read('# first\nsomething\n')
        self.assertIn("equivalent.txt:2: expected", problems[0])

    def test_a_row_with_a_line_number_is_rejected(self):
        _, problems = self.read('src/a/b.cc:3, f: "x" became "y"\n    Why.\n')
        self.assertIn("equivalent.txt:1: expected src/FILE, FUNCTION", problems[0])

    def test_a_function_may_be_an_operator(self):
        rows, problems = self.read('src/a/b.cc, operator bool: "a: \\"x\\"" became "b"\n    Why.\n')
        self.assertEqual((problems, list(rows.rows)), ([], [("a/b.cc", "operator bool", 'a: \\"x\\"', "b")]))

    def test_a_row_whose_mistake_is_gone_is_stale(self):
        rows, problems = self.read('src/a/b.cc, f: "x" became "y"\n    Why.\n')
        self.assertEqual(problems, [])
        self.assertEqual(rows.stale([], {"a/b.cc"}), ['src/a/b.cc, f: "x" became "y"'])
        self.assertEqual(rows.stale([], {"a/c.cc"}), [])


if __name__ == "__main__":
    unittest.main()
