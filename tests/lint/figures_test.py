#!/usr/bin/env python3
"""The figures of small trees equal those that a person would count."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import figures  # noqa: E402


class ScanTest(unittest.TestCase):
    def test_a_function_counts_from_its_signature_to_its_brace(self):
        self.assertEqual(([3, 1], 0), figures.scan(
            "int f(int a,\n      int b) {\n  return a; }\nvoid g() {}\n"))

    def test_a_lambda_counts_as_a_part_of_its_function(self):
        self.assertEqual(([3], 0), figures.scan(
            "void f() {\n  g([] {\n}); }\n"))

    def test_members_are_functions_and_initialisers_are_not(self):
        self.assertEqual(([2, 1], 1), figures.scan(
            "class A {\n public:\n  A() : b_{1}, c_(2) {\n  }\n"
            "  int c() const { return c_; }\n  int b_ = {1};\n};\n"))

    def test_braces_in_comments_and_literals_do_not_count(self):
        self.assertEqual(([1, 1], 0), figures.scan(
            "// void x() {\n/* { */\nvoid f() { g(\"{\", '{'); }\n"
            "#define M void h() { \\\n  }\nvoid k() {}\n"))

    def test_tables_are_no_functions_and_separators_no_characters(self):
        self.assertEqual(([2], 0), figures.scan(
            "constexpr int kA[] = {f(1), {2}};\n"
            "int f() {\n  return 1'000 + 2'000; }\n"))

    def test_types_are_counted_where_they_are_defined(self):
        self.assertEqual(([], 3), figures.scan(
            "struct A;\nenum class B { kC };\n"
            "template <typename T> struct D {\n  struct E { int f; };\n};\n"))


class MeasureTest(unittest.TestCase):
    def measure(self, **files):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            for path, text in files.items():
                path = root / path.replace("__", "/").replace("_cc", ".cc"
                                                              ).replace(
                    "_h", ".h")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return figures.measure(root / "src", [root / "tests"])

    def test_lines_folders_and_comments(self):
        found = self.measure(src__a_cc="// One.\n\nint a;\nint b;\n",
                             src__b__c_h="int c;\n")
        self.assertEqual(5, found["lines"])
        self.assertEqual(4, found["lines a file, max"])
        self.assertEqual(1, found["fullest folder, files"])
        self.assertEqual(33.3, found["comments in sources, %"])
        self.assertEqual(0, found["comments in headers, %"])

    def test_a_cycle_of_units_is_measured(self):
        self.assertEqual(2, self.measure(
            src__a_cc='#include "src/b.h"\n', src__a_h="int a;\n",
            src__b_h='#include "a.h"\n')["largest include cycle, units"])

    def test_a_test_is_known_by_its_name(self):
        found = self.measure(src__a_cc="", src__b_cc="", tests__a_test_cc="")
        self.assertEqual(50, found["units with a test of the same name, %"])


class ReportTest(unittest.TestCase):
    def test_a_missed_goal_is_named(self):
        good = {name: most for name, most in figures.GOALS.items()}
        self.assertEqual([], figures.report(good)[1])
        for name in figures.GOALS:
            table, missed = figures.report({**good, name: good[name] + 1})
            self.assertEqual([name], missed)
            self.assertEqual(1, table.count("missed"))


if __name__ == "__main__":
    unittest.main()
