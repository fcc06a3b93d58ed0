#!/usr/bin/env python3
"""The pages of this tree pass their check, and the check finds faults."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import docs  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = "config/prometheus/rules/a.yml"
RUNBOOK = "config/prometheus/README.md"


class DocsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def links(self, text):
        self.write("page.md", text)
        return docs.check_links(self.root)

    def rule(self, url, name="OperatorConnectDown"):
        self.write(RUNBOOK, "### OperatorConnectDown\n")
        self.write(RULES, f"- alert: {name}\n  runbook_url: {url}\n")
        return docs.check_runbook_urls(self.root)

    def test_this_tree_has_no_problem(self):
        self.assertEqual(docs.check(ROOT), [])

    def test_a_link_to_a_file_and_to_a_heading_is_right(self):
        self.write("sub/other.md", "# One `two`: *three*\n## Same\n## Same\n")
        self.assertEqual([], self.links(
            "# Here\n[a](sub/other.md#one-two-three) [b](sub) [c](#here) "
            "[d](sub/other.md#same-1) ![e](sub/other.md)"))

    def test_a_link_to_a_missing_file_is_wrong(self):
        self.assertEqual(["page.md:2: there is no sub/gone.md"],
                         self.links("# Here\n[a](sub/gone.md)\n"))

    def test_an_anchor_without_its_heading_is_wrong(self):
        self.assertEqual(["page.md:3: there is no heading #there"],
                         self.links("# Here\n\n[a](#there)\n"))
        self.write("other.md", "# There\n")
        self.assertEqual(["page.md:1: there is no heading #here"],
                         self.links("[a](other.md#here)"))

    def test_code_and_other_sites_have_no_links_of_ours(self):
        self.assertEqual([], self.links(
            "`[a](b)` [c](https://example.com/d#e)\n```\n[f](g)\n# H\n```\n"))

    def test_a_heading_in_a_code_block_does_not_count(self):
        self.assertEqual(["page.md:4: there is no heading #here"],
                         self.links("```\n# Here\n```\n[a](#here)"))

    def test_odd_words_are_found_outside_of_code(self):
        self.write("page.md", "It is told.\n```\nreply\n```\nA retold reply\n")
        self.assertEqual(['page.md:1: "is told" is not plain English',
                          'page.md:5: "reply" is not plain English'],
                         docs.check_words(self.root))

    def test_a_runbook_url_leads_to_the_section_of_its_alert(self):
        page = docs.RUNBOOK_BASE + RUNBOOK
        right = page + "#operatorconnectdown"
        self.assertEqual([], self.rule(right))
        for url in (page, page + "#operatorconnectup", "/" + RUNBOOK):
            self.assertEqual([f"{RULES}: runbook_url of OperatorConnectDown "
                              f"is not {right}"], self.rule(url))
        self.assertEqual(
            [f"{RULES}: runbook_url of OperatorConnectUp: "
             "there is no heading #operatorconnectup"],
            self.rule(page + "#operatorconnectup", "OperatorConnectUp"))

    def test_both_tables_name_each_alert_once(self):
        self.write(RULES, "- alert: OperatorConnectDown\n")
        self.write(RUNBOOK, "| [OperatorConnectDown](#operatorconnectdown) | |\n")
        self.write("README.md", "OperatorConnectDown\n| a | `OperatorConnectUp` |\n")
        self.assertEqual(
            ["README.md: alert OperatorConnectDown is documented in 0 places",
             "README.md: alert OperatorConnectUp is documented, and is not in "
             "the sources"], docs.check_alert_tables(self.root))

    def test_names_of_the_sources_are_documented_once(self):
        self.assertEqual([], docs.check_once("flag", ["--a", "--b"], {"--a", "--b"}))
        self.assertEqual(["flag --a is documented in 0 places"],
                         docs.check_once("flag", [], {"--a"}))
        self.assertEqual(["flag --a is documented in 2 places"],
                         docs.check_once("flag", ["--a", "--a"], {"--a"}))
        self.assertEqual(["flag --b is documented, and is not in the sources"],
                         docs.check_once("flag", ["--a", "--b"], {"--a"}))
        self.assertEqual(["no flag was found in the sources"],
                         docs.check_once("flag", [], set()))

    def test_a_name_may_stand_for_those_below_it(self):
        self.assertEqual([], docs.check_once("key", ["a", "b_*"],
                                             {"a.x", "a.y", "b_z"}))
        self.assertEqual(["key ab is documented in 0 places"],
                         docs.check_once("key", ["a"], {"a", "ab"}))

    def test_rows_of_the_right_tables_document(self):
        self.write("page.md",
                   "| flag | default | meaning |\n| --- | --- | --- |\n"
                   "| `--a` | `--b` | |\n| `--c`, `--d` | | |\n\n| `--e` | | |\n"
                   "| flag | use |\n| --- | --- |\n| `--f` | |\n")
        self.assertEqual(["--a", "--c", "--d"], docs.documented(self.root, "flag"))

    def test_the_names_of_a_cell(self):
        self.assertEqual(["/probe"], docs.names_in("`/probe?account=NAME`"))
        self.assertEqual(["/-/reload"], docs.names_in("`POST /-/reload`"))
        self.assertEqual(["a.b.c", "a.b.d"], docs.names_in("`a.b.c`, `.d`"))

    def test_flags_are_those_that_the_source_adds(self):
        self.write("exporter/flags.cc",
                   'app.set_help_flag("-h,--help", "");\n'
                   'app.add_option("--a.b", x);\napp.add_flag(\n    "--c", x);')
        self.assertEqual({"--a.b", "--c"}, docs.flags(self.root))

    def test_keys_are_those_that_the_readers_read(self):
        self.write("exporter/config/a.cc", '''
void ReadInner(MapReader& reader, Inner& out) {
  if (x) {
    reader.Read("one", out.one);
  }
}
Outer ReadOuter(MapReader& reader) {
  reader.Require("two", "");
  ReadSecret(reader, "three", out);
  constexpr PairKeys kKeys = {"four", "five"};
  constexpr std::string_view kKey = "seven";
  read("eight", out.eight);
}
void ReadSecret(MapReader& reader, const std::string& key, Secret& out) {
  const std::string file_key = key + "_file";
}
Config ReadRoot(MapReader& root) {
  root.ReadMap("inner", [&](MapReader& map) { ReadInner(map, x); });
  root.ReadMaps("accounts", [&](MapReader& map) {
    ReadOuter(map);
    map.ReadString("six", x);
  });
}
''')
        self.assertEqual({"inner.one", "two", "three", "three_file", "four",
                          "five", "six", "seven", "eight"},
                         docs.keys(self.root))

    def test_endpoints_are_the_paths_and_where_metrics_are(self):
        self.write("exporter/web/endpoints.cc", 'if (request.path == "/sd") x;')
        self.write("exporter/web/endpoint_options.h",
                   'std::string telemetry_path = "/m";')
        self.assertEqual({"/sd", "/m", "/m/exporter"}, docs.endpoints(self.root))

    def test_metrics_are_the_names_that_the_exposition_writes(self):
        self.write("exporter/exposition/a.cc", '{"operator_connect_a", "HELP"}')
        self.write("exporter/history/b.cc", 'name = "process_b";')
        self.write("exporter/web/c.cc", '"operator_connect_c"')
        self.assertEqual({"operator_connect_a", "process_b"},
                         docs.metrics(self.root))


if __name__ == "__main__":
    unittest.main()
