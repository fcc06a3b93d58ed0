"""The shipped configuration of Prometheus and Alertmanager, checked by their
own programs, both the distribution's and the newest; and the alert rules with
promtool's unit tests in tests/rules."""

import re

import harness
from harness import ROOT, run

CONFIG = ROOT / "config"
RULES = sorted((CONFIG / "prometheus/rules").glob("*.yml"))
RENDER = CONFIG / "prometheus/render_rules"
ALERTMANAGER = CONFIG / "alertmanager/alertmanager.yml"
TESTS = sorted((ROOT / "tests/rules").glob("*_test.yml"))


def alerts():
    """The alerts' names."""
    return {name for path in RULES
            for name in re.findall(r"- alert: (\w+)", path.read_text("utf-8"))}


class RulesTest(harness.EndToEndTest):
    def accepts(self, name, *arguments):
        """Checks that each version of the program exits with 0."""
        for path in (harness.program(name), harness.newest(name)):
            with self.subTest(version="newest" if path and "newest" in str(path)
                              else "of the distribution"):
                if path is None:
                    self.skipTest(f"the newest {name} could not be fetched")
                # Promtool's tests of rules take a minute on a busy machine.
                result = run([path, *arguments],
                             seconds=10 * harness.WAIT_SECONDS)
                self.assertEqual(result.returncode, 0,
                                 result.stdout + result.stderr)

    def rendered(self, *options, code=0):
        result = run([RENDER, *options])
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout

    def test_promtool_finds_no_fault_in_the_rules(self):
        self.accepts("promtool", "check", "rules", "--lint=all",
                     "--lint-fatal", *RULES)

    def test_promtools_unit_tests_pass(self):
        self.assertGreater(len(TESTS), 0)
        self.accepts("promtool", "test", "rules", *TESTS)

    def test_every_alert_has_a_test(self):
        tested = set()
        for test in TESTS:
            tested |= set(re.findall(r"alertname: (\w+)",
                                     test.read_text("utf-8")))
        self.assertEqual(alerts(), tested)

    def test_rendered_rules_have_the_requested_values_and_are_valid(self):
        text = self.rendered(
            "--grafana=https://grafana.example.net/",
            "--runbook=https://wiki.example.net/oc", "--countries=US,FR",
            "--severity=OperatorConnectLeadInactive=warning")
        self.assertNotIn("example.com", text)
        self.assertNotIn("US|CA", text)
        self.assertIn('country=~"US|FR"', text)
        dashboards = re.findall(r"dashboard: (.*)", text)
        self.assertEqual([d for d in dashboards if not d.lstrip(
            "'").removeprefix("{{ if $labels.tenant_id }}").startswith(
                "https://grafana.example.net/d/operator-connect-")], [])
        inactive = text.split("- alert: OperatorConnectLeadInactive")[1]
        self.assertIn("severity: warning", inactive.split("annotations:")[0])
        self.accepts("promtool", "check", "rules", "--lint=all",
                     "--lint-fatal", self.file("rules.yml", text))

    def test_rules_rendered_as_shipped_equal_the_shipped_ones(self):
        def rules(text):
            lines = (line.strip() for line in text.split("\n"))
            return [line for line in lines
                    if line and line != "groups:" and not line.startswith("#")]
        shipped = "\n".join(path.read_text("utf-8") for path in RULES)
        self.assertEqual(rules(self.rendered()), rules(shipped))

    def test_a_wrong_option_of_render_rules_is_an_error(self):
        for option in ("--grafana=", "--nothing", "--countries=us",
                       "--severity=OperatorConnectNothing=info",
                       "--severity=OperatorConnectDataOld",
                       "--runbook=https://a b"):
            with self.subTest(option):
                self.rendered(option, code=2)

    def test_promtool_accepts_both_ways_to_scrape(self):
        for path in sorted((CONFIG / "prometheus").glob("*.yml")):
            with self.subTest(path.name):
                self.accepts("promtool", "check", "config", path)

    def test_amtool_accepts_the_alertmanagers_example(self):
        self.accepts("amtool", "check-config", ALERTMANAGER)

    def test_alerts_follow_the_example_s_routes(self):
        documented = re.findall(
            r"^#   amtool config routes test --config\.file=alertmanager\.yml "
            r"(.*) -> (\S+)$", ALERTMANAGER.read_text("utf-8"), re.MULTILINE)
        self.assertEqual({receiver for _, receiver in documented},
                         {"on-call", "operations", "waiting"})
        for labels, receiver in documented:
            with self.subTest(labels):
                self.accepts(
                    "amtool", "config", "routes", "test",
                    f"--config.file={ALERTMANAGER}",
                    f"--verify.receivers={receiver}", *labels.split())

    def test_repeated_alerts_are_remembered_for_longer(self):
        text = ALERTMANAGER.read_text("utf-8")
        retention = int(re.search(r"--data\.retention=(\d+)h", text).group(1))
        hours = {"h": 1, "d": 24}
        repeats = [int(n) * hours[unit] for n, unit in re.findall(
            r"repeat_interval: (\d+)([hd])", text)]
        self.assertLess(max(repeats), retention)
        compose = (CONFIG / "compose.yaml").read_text("utf-8")
        self.assertIn(f"--data.retention={retention}h", compose)


if __name__ == "__main__":
    harness.main()
