"""The shipped configuration of Prometheus and Alertmanager, checked by their
own programs; the alert rules by promtool's unit tests in tests/rules."""

import re
import unittest

import harness
from harness import ROOT, run

CONFIG = ROOT / "config"
RULES = CONFIG / "prometheus/rules/operator_connect.yml"


class RulesTest(unittest.TestCase):
    def accepts(self, *argv):
        name, *arguments = argv
        # Promtool's tests of rules are a minute of work on a busy machine.
        result = run([harness.program(name), *arguments],
                     seconds=5 * harness.WAIT_SECONDS)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_promtool_has_nothing_to_say_about_the_rules(self):
        self.accepts("promtool", "check", "rules", "--lint=all",
                     "--lint-fatal", RULES)

    def test_promtools_unit_tests_pass(self):
        tests = sorted((ROOT / "tests/rules").glob("*_test.yml"))
        self.assertGreater(len(tests), 0)
        self.accepts("promtool", "test", "rules", *tests)

    def test_every_alert_has_a_test_and_a_section_of_the_runbook(self):
        alerts = set(re.findall(r"- alert: (\w+)", RULES.read_text("utf-8")))
        tested = set()
        for test in (ROOT / "tests/rules").glob("*_test.yml"):
            tested |= set(re.findall(r"alertname: (\w+)",
                                     test.read_text("utf-8")))
        self.assertEqual(alerts, tested)
        readme = (ROOT / "README.md").read_text("utf-8")
        sections = set(re.findall(r"^#+ (OperatorConnect\w+)$", readme,
                                  re.MULTILINE))
        self.assertEqual(alerts, sections)

    def test_promtool_accepts_both_ways_to_scrape(self):
        for path in sorted((CONFIG / "prometheus").glob("*.yml")):
            with self.subTest(path.name):
                self.accepts("promtool", "check", "config", path)

    def test_amtool_accepts_the_alertmanagers_example(self):
        self.accepts("amtool", "check-config",
                     CONFIG / "alertmanager/alertmanager.yml")

    def test_alerts_go_where_their_severity_belongs(self):
        for severity, receiver in (("critical", "on-call"),
                                   ("warning", "operations"),
                                   ("info", "operations")):
            with self.subTest(severity):
                self.accepts(
                    "amtool", "config", "routes", "test",
                    f"--config.file={CONFIG / 'alertmanager/alertmanager.yml'}",
                    f"--verify.receivers={receiver}",
                    f"severity={severity}",
                    "alertname=OperatorConnectLeadRemoved", "account=emea")


if __name__ == "__main__":
    harness.main()
