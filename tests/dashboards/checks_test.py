#!/usr/bin/env python3
"""The shipped dashboards pass the checks, and the checks find faults."""

import copy
import json
import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check  # noqa: E402
import lint  # noqa: E402
import model  # noqa: E402
import promql  # noqa: E402
import structure  # noqa: E402


def changed(change):
    """All dashboards, the first one changed by change(json)."""
    boards = model.load()
    board = copy.copy(boards[0])
    board.json = copy.deepcopy(board.json)
    change(board.json)
    board.uid, board.title = board.json["uid"], board.json["title"]
    board.text = json.dumps(board.json, indent=2, sort_keys=True,
                            ensure_ascii=False) + "\n"
    return [board, *boards[1:]]


def lint_of(change):
    return lint.lint(changed(change)[0])


def first(dashboard, kind):
    return next(p for p in dashboard["panels"] if p["type"] == kind)


class ShippedDashboards(unittest.TestCase):
    def test_pass_the_linters_rules(self):
        for board in model.load():
            exclusions = lint.exclusions_of(board.path.parent)
            self.assertEqual([], lint.lint(board, exclusions))

    def test_pass_the_structural_checks(self):
        self.assertEqual([], structure.check(model.load()))

    def test_are_those_that_the_readme_names(self):
        page = (model.FOLDER / "README.md").read_text(encoding="utf-8")
        named = re.findall(r"\]\((operator-connect-\w+)\.json\)", page)
        self.assertEqual(sorted(named), [b.uid for b in model.load()])

    def test_are_made_into_config_maps(self):
        text = (model.FOLDER / "kustomization.yaml").read_text("utf-8")
        for kind in (r"- name: (\S+)", r"files: \[(\S+)\.json\]"):
            self.assertEqual(sorted(re.findall(kind, text)),
                             [board.uid for board in model.load()])

    def test_need_every_exception_of_the_lint_file(self):
        found = [f for b in model.load() for f in lint.lint(b)]
        for rule in lint.exclusions_of(model.FOLDER):
            self.assertTrue(any(f.startswith(rule) for f in found), rule)


class Linter(unittest.TestCase):
    def assert_finds(self, rule, change):
        self.assertTrue(any(f.startswith(rule + ":") for f in lint_of(change)),
                        f"{rule} finds nothing")

    def expression(self, text):
        def change(dashboard):
            first(dashboard, "timeseries")["targets"][0]["expr"] = text
        return change

    def test_finds_a_query_without_job(self):
        self.assert_finds("target-job-rule",
                          self.expression('up{instance=~"$instance"}'))

    def test_finds_a_query_without_instance(self):
        self.assert_finds("target-instance-rule",
                          self.expression('up{job=~"$job"}'))

    def test_finds_a_job_that_is_compared_and_not_matched(self):
        self.assert_finds("target-job-rule", self.expression(
            'up{job="$job", instance=~"$instance"}'))

    def test_finds_a_rate_over_a_fixed_interval(self):
        self.assert_finds("target-rate-interval-rule", self.expression(
            'rate(a_total{job=~"$job", instance=~"$instance"}[5m])'))

    def test_finds_a_counter_that_is_not_aggregated(self):
        self.assert_finds("target-counter-agg-rule", self.expression(
            'sum(a_total{job=~"$job", instance=~"$instance"})'))

    def test_finds_unbalanced_promql(self):
        self.assert_finds("target-promql-rule", self.expression("sum(up"))

    def test_finds_a_panel_without_description(self):
        def change(dashboard):
            first(dashboard, "stat")["description"] = ""
        self.assert_finds("panel-title-description-rule", change)

    def test_finds_a_panel_without_unit(self):
        def change(dashboard):
            panel = first(dashboard, "timeseries")
            del panel["fieldConfig"]["defaults"]["unit"]
        self.assert_finds("panel-units-rule", change)

    def test_finds_a_panel_with_a_fixed_data_source(self):
        def change(dashboard):
            first(dashboard, "stat")["datasource"]["uid"] = "prometheus"
        self.assert_finds("panel-datasource-rule", change)

    def test_finds_an_editable_dashboard(self):
        self.assert_finds("uneditable-dashboard",
                          lambda d: d.update(editable=True))

    def test_finds_a_missing_variable(self):
        def change(dashboard):
            variables = dashboard["templating"]["list"]
            variables[:] = [v for v in variables if v["name"] != "instance"]
        self.assert_finds("template-instance-rule", change)

    def test_finds_a_variable_that_is_loaded_once(self):
        def change(dashboard):
            dashboard["templating"]["list"][1]["refresh"] = 1
        self.assert_finds("template-on-time-change-reload-rule", change)


class Structure(unittest.TestCase):
    def assert_finds(self, words, change):
        findings = structure.check(changed(change))
        self.assertTrue(any(words in f for f in findings), findings)

    def test_finds_panels_that_overlap(self):
        def change(dashboard):
            dashboard["panels"][1]["gridPos"]["x"] -= 1
        self.assert_finds("overlaps", change)

    def test_finds_a_panel_that_leaves_the_grid(self):
        def change(dashboard):
            dashboard["panels"][-1]["gridPos"].update(x=20, w=8)
        self.assert_finds("leaves the grid", change)

    def test_finds_a_uid_that_is_taken(self):
        self.assert_finds(
            "is also that of",
            lambda d: d.update(uid="operator-connect-tenant"))

    def test_finds_a_panel_id_that_is_taken(self):
        def change(dashboard):
            dashboard["panels"][1]["id"] = dashboard["panels"][0]["id"]
        self.assert_finds("is there twice", change)

    def test_finds_a_panel_that_would_say_no_data(self):
        def change(dashboard):
            del first(dashboard, "stat")["fieldConfig"]["defaults"]["noValue"]
        self.assert_finds("set noValue", change)

    def test_finds_thresholds_without_effect(self):
        def change(dashboard):
            steps = first(dashboard, "stat")["fieldConfig"]["defaults"][
                "thresholds"]["steps"]
            steps.append({"color": 1e9, "value": "red"})
        self.assert_finds("thresholds without effect", change)

    def test_finds_red_lines_across_a_timeline_of_states(self):
        def change(dashboard):
            dashboard["annotations"]["list"][-1]["iconColor"] = "red"
            first(dashboard, "timeseries")["type"] = "state-timeline"
        self.assert_finds("over a state timeline", change)

    def test_finds_a_panel_that_grafana_would_move_up(self):
        def change(dashboard):
            for panel in dashboard["panels"]:
                panel["gridPos"]["y"] += 1
        self.assert_finds("moves it up", change)

    def test_finds_a_tile_that_would_show_withdrawn_series(self):
        def change(dashboard):
            first(dashboard, "stat")["targets"][0].update(instant=False,
                                                          range=True)
        self.assert_finds("is no instant query", change)

    def test_finds_a_table_without_pages(self):
        def change(dashboard):
            del first(dashboard, "table")["options"]["enablePagination"]
        self.assert_finds("has no pages", change)

    def test_finds_a_table_without_a_limit(self):
        def change(dashboard):
            first(dashboard, "table")["targets"][0]["expr"] = (
                "max by (account, tenant_id) (operator_connect_tenant_info)")
        self.assert_finds("has no limit", change)

    def test_finds_an_import_that_does_not_ask_for_the_data_source(self):
        self.assert_finds("DS_PROMETHEUS", lambda d: d.update(__inputs=[]))

    def test_finds_an_import_without_its_requirements(self):
        self.assert_finds("requires", lambda d: d["__requires"].pop())

    def test_finds_a_state_with_two_colours(self):
        def change(dashboard):
            first(dashboard, "timeseries")["fieldConfig"]["overrides"].append(
                {"matcher": {"id": "byName", "options": "Removed"},
                 "properties": [{"id": "color", "value": {
                     "mode": "fixed", "fixedColor": "pink"}}]})
        self.assert_finds("'Removed' is", change)

    def test_finds_a_link_to_nowhere(self):
        def change(dashboard):
            first(dashboard, "stat")["fieldConfig"]["defaults"]["links"] = [
                {"title": "x", "url": "/d/nowhere?${__url_time_range}"}]
        self.assert_finds("unknown dashboard 'nowhere'", change)

    def test_finds_an_unknown_variable(self):
        def change(dashboard):
            first(dashboard, "stat")["targets"][0]["expr"] += "$nothing"
        self.assert_finds("unknown variable 'nothing'", change)


class Names(unittest.TestCase):
    def findings(self, exposition):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(exposition)
            file.flush()
            samples = check.read_exposition([file.name])
        return check.check_names(model.load(), samples)

    def test_finds_a_metric_that_is_not_exposed(self):
        self.assertTrue(any("no metric 'operator_connect_leads'" in f
                            for f in self.findings("a 1\n")))

    def test_finds_a_label_that_is_not_exposed(self):
        findings = self.findings('operator_connect_tenants{account="a"} 1\n')
        self.assertTrue(any("operator_connect_tenants has no label 'state'" in f
                            for f in findings))

    def test_finds_a_metric_that_no_dashboard_shows(self):
        self.assertIn("operator_connect_new is in no dashboard and not listed",
                      self.findings("operator_connect_new 1\n"))

    def test_reads_labels_past_values_with_quotes_and_commas(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write('m{a="x\\",b=\\"y",c="z"} 1\n')
            file.flush()
            self.assertEqual({"m": {"a", "c"}},
                             check.read_exposition([file.name]))


class PromQl(unittest.TestCase):
    def test_distinguishes_metrics_from_functions_keywords_and_labels(self):
        expression = promql.Expression(
            'topk(3, sum by (a) (rate(x_total{l="v"}[5m] offset 1h)) '
            "* on (b) group_left (c) max by (b, c) (y @ end()) or vector(0))")
        self.assertEqual(["x_total", "y"],
                         [s.metric for s in expression.selectors])
        self.assertEqual({"a", "b", "c", "l"}, expression.labels())
        self.assertEqual(("rate", "5m"), (expression.selectors[0].function,
                                          expression.selectors[0].window))

    def test_leaves_out_labels_that_the_expression_makes(self):
        expression = promql.Expression(
            'max by (new, old) (label_replace(x, "new", "$1", "old", "(.*)"))')
        self.assertEqual({"old"}, expression.labels())

    def test_knows_subqueries_and_labels_that_count_values_makes(self):
        expression = promql.Expression(
            'sum_over_time((x)[30d:1d]) * on () group_left (held) '
            'count_values("held", y offset -1d)')
        self.assertEqual(["x", "y"],
                         [s.metric for s in expression.selectors])
        self.assertEqual(set(), expression.labels())

    def test_refuses_brackets_that_do_not_match(self):
        for text in ("sum(x", "x)", "x{a=\"b\"", "(x]"):
            with self.assertRaises(ValueError, msg=text):
                promql.Expression(text)


if __name__ == "__main__":
    unittest.main()
