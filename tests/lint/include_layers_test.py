#!/usr/bin/env python3
"""The layers hold in this tree, and their check finds each violation."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import include_layers  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]


class IncludeLayersTest(unittest.TestCase):
    def check(self, path, line):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / path
            file.parent.mkdir(parents=True)
            file.write_text(f"// A comment.\n{line}\n")
            return include_layers.check(pathlib.Path(folder))

    def test_this_tree_keeps_to_its_layers(self):
        self.assertEqual(include_layers.check(ROOT), [])

    def test_this_tree_has_no_cycle_of_units(self):
        self.assertEqual(include_layers.cycles(ROOT), [])

    def test_the_program_fails_on_a_cycle(self):
        program = pathlib.Path(include_layers.__file__)
        for other, code in ("c.h", 0), ("a.h", 1):
            with tempfile.TemporaryDirectory() as folder:
                base = pathlib.Path(folder) / "exporter" / "base"
                base.mkdir(parents=True)
                (base / "a.cc").write_text('#include "exporter/base/b.h"\n')
                (base / "b.h").write_text(f'#include "exporter/base/{other}"\n')
                result = subprocess.run([sys.executable, program, folder],
                                        capture_output=True, check=False)
            self.assertEqual(code, result.returncode, result.stdout)

    def test_a_lower_folder_may_not_include_a_higher_one(self):
        found = self.check("exporter/config/load.cc",
                           '#include "exporter/web/server.h"')
        self.assertEqual(found, ["exporter/config/load.cc:2: config may not "
                                 "include web: exporter/web/server.h"])

    def test_a_higher_folder_may_include_a_lower_one(self):
        self.assertEqual([], self.check("exporter/web/server.cc",
                                        '#include "exporter/base/log.h"'))

    def test_nothing_may_include_a_source(self):
        self.assertTrue(self.check("exporter/web/server.cc",
                                   '#include "exporter/base/log.cc"'))

    def test_nothing_may_include_app_but_main(self):
        self.assertTrue(self.check("exporter/web/server.cc",
                                   '#include "exporter/app.h"'))
        self.assertFalse(self.check("exporter/main.cc",
                                    '#include "exporter/app.h"'))

    def cycles(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            base = pathlib.Path(folder) / "exporter" / "base"
            base.mkdir(parents=True)
            for name, included in files.items():
                path = base / name.replace("_", ".")
                path.write_text(f'#include "exporter/base/{included}"\n')
            return include_layers.cycles(pathlib.Path(folder))

    def test_two_units_that_include_each_other_are_a_cycle(self):
        # Neither header includes the other: the cycle is one of units.
        self.assertEqual(["a cycle of units: exporter/base/a, exporter/base/b"],
                         self.cycles(a_cc="b.h", b_h="a.h"))

    def test_a_cycle_over_three_units_is_found(self):
        self.assertEqual(1, len(self.cycles(a_h="b.h", b_cc="c.h", c_h="a.h")))

    def test_a_chain_of_units_is_no_cycle(self):
        self.assertEqual([], self.cycles(a_cc="a.h", a_h="b.h", b_h="c.h"))

    def test_json_is_only_included_where_responses_are_read(self):
        line = "#include <rapidjson/reader.h>"
        self.assertTrue(self.check("exporter/collector/a.cc", line))
        self.assertFalse(self.check("exporter/live_platform/a.cc", line))

    def test_the_http_client_is_only_included_in_its_transport(self):
        line = "#include <curl/curl.h>"
        self.assertTrue(self.check("exporter/http_client/retry.cc", line))
        self.assertTrue(self.check("exporter/oauth/curl_a.cc", line))
        self.assertFalse(self.check("exporter/http_client/curl_transport.cc",
                                    line))

    def test_the_simulator_knows_nothing_of_the_exporter_but_its_base(self):
        path = "tests/simulator/server.cc"
        self.assertTrue(self.check(path, '#include "exporter/config/config.h"'))
        self.assertFalse(self.check(path, '#include "exporter/base/clock.h"'))

    def test_the_exporter_knows_nothing_of_its_tests(self):
        self.assertTrue(self.check("exporter/web/server.cc",
                                   '#include "tests/simulator/server.h"'))

    def test_a_new_folder_is_a_problem(self):
        self.assertTrue(self.check("exporter/util/a.h", "#include <string>"))


if __name__ == "__main__":
    unittest.main()
