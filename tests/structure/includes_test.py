"""That includes.py finds what it is there to find, and nothing in a tree that keeps the rules."""

import pathlib
import tempfile
import unittest

import includes

HEADER = "// What it is for.\n#pragma once\n"


class Includes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self):
        return list(includes.findings(self.source))

    def assert_refused(self, name, include):
        self.write(name, f'// What it is for.\n#pragma once\n#include "{include}"\n')
        found = self.found()
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{name}:3: includes {include}"), found)

    def test_a_tree_that_keeps_the_rules(self):
        self.write("CMakeLists.txt", "")
        self.write("base/text.h", HEADER)
        self.write("http/date.h", HEADER + '#include "base/text.h"\n#include <string>\n')
        self.write("gate/gate.h", HEADER + '#include "base/text.h"\n')
        self.write("dialect/page.cc", '#include "gate/gate.h"\n#include "dialect/page.h"\n')
        self.write("gateway/gateway.cc", '#include "dialect/page.h"\n#include "gate/gate.h"\n')
        self.write("control/control.cc", '#include "gateway/gateway.h"\n#include "observe/observe.h"\n#include "server/server.h"\n')
        self.write("observe/observe.cc", '#include "gateway/gateway.h"\n')
        self.write("server/server.cc", '#include <pistache/reactor.h>\n#include "http/date.h"\n')
        self.write("main.cc", '#include "server/server.h"\n#include "control/control.h"\n')
        self.assertEqual(self.found(), [])

    def test_upward(self):
        self.assert_refused("http/request.h", "gateway/gateway.h")

    def test_sideways(self):
        self.assert_refused("gate/gate.h", "negotiate/negotiate.h")

    def test_contracts_of_two_kinds_are_side_by_side(self):
        self.assert_refused("wsdl/wsdl.h", "openapi/api_contract.h")

    def test_a_declaration_that_hides_an_include(self):
        self.write("gate/gate.h", HEADER + "namespace intermission::snapshot {\nclass Snapshot;\n}\n")
        self.assertIn("opens namespace snapshot", self.found()[0])
        self.write("gate/gate.h", HEADER + "namespace intermission { namespace snapshot { class Snapshot; } }\n")
        self.assertIn("opens namespace snapshot", self.found()[0])

    def test_a_declaration_of_what_may_be_included(self):
        self.write("catalog/service.h", HEADER + "namespace intermission::openapi {\nclass ApiContract;\n}\n")
        self.assertEqual(self.found(), [])

    def test_observe_is_below_control(self):
        self.assert_refused("observe/metrics.h", "control/control.h")

    def test_base_knows_no_http(self):
        self.assert_refused("base/text.h", "http/field.h")

    def test_server_stands_on_http_and_base(self):
        self.assert_refused("server/server.h", "catalog/configuration.h")

    def test_server_is_not_for_the_gateway(self):
        self.assert_refused("gateway/gateway.h", "server/handler.h")

    def test_pistache_outside_server(self):
        self.write("gateway/gateway.cc", "#include <pistache/http.h>\n")
        self.assertIn("only server/ knows Pistache", self.found()[0])

    def test_spaces_do_not_hide_an_include(self):
        self.write("base/text.cc", '  #  include  "http/field.h"\n')
        self.assertEqual(len(self.found()), 1)

    def test_an_include_from_its_own_folder_without_the_folder(self):
        self.write("base/text.cc", '#include "text.h"\n')
        self.assertIn("seen from src/", self.found()[0])

    def test_an_unknown_folder(self):
        self.write("plumbing/pipe.h", HEADER)
        self.assertIn("an unknown folder", self.found()[0])

    def test_a_folder_inside_a_folder(self):
        self.write("base/inner/deep.h", HEADER)
        self.assertIn("no folders inside", self.found()[0])

    def test_a_folder_of_data(self):
        self.write("base/inner/words.json", "{}")
        self.assertEqual(self.found(), [])

    def test_a_file_in_src_itself(self):
        self.write("text.cc", "")
        self.assertIn("src/ itself holds", self.found()[0])

    def test_utils(self):
        self.write("base/utils.h", HEADER)
        self.assertIn("names nothing", self.found()[0])

    def test_a_header_without_a_word(self):
        self.write("base/text.h", "#pragma once\n")
        self.assertIn("says what it is for", self.found()[0])

    def test_a_header_without_a_guard(self):
        self.write("base/text.h", "// What it is for.\n")
        self.assertIn("#pragma once", self.found()[0])


if __name__ == "__main__":
    unittest.main()
