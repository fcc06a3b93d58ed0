"""One scrape, end to end: the simulated platform, the real program, a real
Prometheus; values are read by PromQL and must equal the simulator's truth."""

import unittest

import harness
from configurations import exporter_config, prometheus_config
from harness import EndToEndTest, Exposition, run, wait_until


class ScrapeTest(EndToEndTest):
    def start_exporter(self, simulator, *args):
        config = self.file("exporter.yml", exporter_config(simulator))
        return self.start(harness.Exporter, config, *args)

    def start_prometheus(self, exporter):
        config = self.file("prometheus.yml", prometheus_config(exporter))
        return self.start(harness.Prometheus, self.folder, config)

    def assert_truth(self, expected, samples):
        """Checks that `samples` (name, labels, value) equal the truth, for the
        truth's metrics."""
        names = {name for name, _, _ in expected}
        self.assertGreater(len(expected), 10)

        def keyed(triples):
            return {(name, tuple(sorted(labels.items()))): value
                    for name, labels, value in triples if name in names}
        self.assertEqual(keyed(samples), keyed(expected))

    def test_the_example_s_leads_are_exposed_unchanged(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        exporter = self.start_exporter(simulator)
        prometheus = self.start_prometheus(exporter)
        wait_until(lambda: prometheus.scalar(
            "sum(operator_connect_leads)") == 10
            and prometheus.query("operator_connect_numbers"),
            "ten leads and their numbers in Prometheus")
        self.assertEqual(
            prometheus.by_label("operator_connect_leads", "status"),
            {"Active": 6, "Not Active": 0, "OC Essential": 0, "Removed": 4})
        self.assertEqual(
            prometheus.by_label("operator_connect_unlicensed_leads", "status"),
            {"Active": 3, "Not Active": 0, "OC Essential": 0, "Removed": 4})
        self.assertEqual(prometheus.by_label(
            "count by (status) (operator_connect_lead_info)", "status"),
            {"Active": 6, "Removed": 4})
        self.assertEqual(prometheus.scalar("operator_connect_up"), 1)
        self.assertEqual(prometheus.scalar("up"), 1)

    def test_the_newest_prometheus_scrapes_it_and_evaluates_the_rules(self):
        path = harness.newest("prometheus")
        if path is None:
            self.skipTest("the newest Prometheus could not be fetched")
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        exporter = self.start_exporter(simulator)
        config = prometheus_config(exporter) + (
            f'rule_files: ["{harness.ROOT}/config/prometheus/rules/*.yml"]\n')
        prometheus = self.start(harness.Prometheus, self.folder,
                                self.file("prometheus.yml", config), path=path)
        wait_until(lambda: prometheus.scalar(
            "sum(operator_connect_leads)") == 10, "ten leads in Prometheus")
        self.assertEqual(
            prometheus.by_label("operator_connect_leads", "status"),
            {"Active": 6, "Not Active": 0, "OC Essential": 0, "Removed": 4})
        rules = wait_until(lambda: [
            rule for group in prometheus.api("rules")["groups"]
            for rule in group["rules"] if rule["health"] != "unknown"],
            "an evaluation of the rules")
        self.assertEqual([rule for rule in rules if rule["health"] != "ok"], [])

    def test_prometheus_holds_the_truth_of_a_generated_estate(self):
        simulator = self.start(harness.Simulator, "--tenants=60",
                               "--numbers-per-tenant=40", "--seed=7")
        account = simulator.accounts()[0]["name"]
        exporter = self.start_exporter(simulator)
        prometheus = self.start_prometheus(exporter)
        wait_until(lambda: prometheus.scalar(
            "sum(operator_connect_tenants) and on() "
            "(operator_connect_collector_success{collector='numbers'} == 1) "
            "and on() operator_connect_orphan_numbers{reason='removed'}"),
            "a collection of numbers, and of removed tenants', in Prometheus")
        truth = simulator.truth(account, orphans="removed")
        samples = [(labels.pop("__name__"), labels, value)
                   for labels, value in prometheus.query(
                       '{job="operator_connect",account="%s"}' % account)]
        for _, labels, _ in samples:
            del labels["job"], labels["instance"]
        self.assert_truth(truth, samples)

    def test_once_prints_the_truth_and_exits_with_0(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        config = self.file("exporter.yml", exporter_config(simulator))
        result = run([harness.program("exporter"), "--once",
                      f"--config.file={config}"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_truth(simulator.truth(simulator.accounts()[0]["name"],
                                          orphans="removed"),
                          Exposition(result.stdout).samples)

    def test_once_exits_with_1_if_an_account_fails(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        text = exporter_config(simulator).replace("client_secret: ",
                                                  "client_secret: wrong-")
        config = self.file("exporter.yml", text)
        result = run([harness.program("exporter"), "--once",
                      f"--config.file={config}"])
        self.assertEqual(result.returncode, 1, result.stderr)
        exposition = Exposition(result.stdout)
        self.assertEqual(exposition.value("operator_connect_up"), 0)
        self.assertEqual(exposition.of("operator_connect_leads"), [],
                         "a failure must never look like a count")
        self.assertNotIn("wrong-", result.stderr + result.stdout)

    def test_promtool_finds_no_fault_in_the_exposition(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        exporter = self.start_exporter(simulator)
        path = self.file("metrics.txt", exporter.metrics())
        with open(path, encoding="utf-8") as exposition:
            result = harness.subprocess.run(
                [harness.program("promtool"), "check", "metrics"],
                stdin=exposition, capture_output=True, text=True, timeout=60)
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (0, "", ""))

    def test_no_family_and_no_series_is_repeated(self):
        simulator = self.start(harness.Simulator, "--tenants=60",
                               "--numbers-per-tenant=40", "--seed=7")
        exporter = self.start_exporter(simulator)
        for path in ("/metrics", "/metrics/exporter", "/probe?account="
                     + simulator.accounts()[0]["name"]):
            with self.subTest(path):
                exposition = Exposition(exporter.metrics(path))
                self.assertTrue(exposition.samples)
                for sample in exposition.samples:
                    family = exposition.family(sample.name)
                    self.assertIn(family, exposition.types)
                    self.assertIn(family, exposition.helps)

    def test_a_probe_returns_one_account_and_not_the_exporters_own(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        exporter = self.start_exporter(simulator)
        account = simulator.accounts()[0]["name"]
        samples = Exposition(
            exporter.metrics(f"/probe?account={account}")).samples
        self.assertEqual({s.labels.get("account") for s in samples}, {account})
        own = Exposition(exporter.metrics("/metrics/exporter")).samples
        self.assertNotIn("account", {l for s in own for l in s.labels})
        self.assertTrue([s for s in own if s.name.startswith("process_")])

    def test_an_unreachable_platform_is_down_and_not_empty(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        exporter = self.start_exporter(simulator)
        before = Exposition(exporter.metrics())
        self.assertEqual(before.value("operator_connect_up"), 1)
        simulator.reap()

        def down():
            scraped = Exposition(exporter.metrics())
            return (scraped if scraped.value("operator_connect_up") == 0
                    else None)
        after = wait_until(down, "operator_connect_up 0")
        self.assertEqual(after.by_label("operator_connect_leads", "status"),
                         before.by_label("operator_connect_leads", "status"))

    def test_no_personal_data_and_no_secret_is_exposed(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        exporter = self.start_exporter(simulator, "--log.level=debug")
        seen = "".join(harness.http(exporter.url + path).text
                       for path in ("/metrics", "/config", "/"))
        exporter.stop()
        seen += exporter.output
        account = simulator.accounts()[0]
        personal = set()
        for lead in simulator.control("leads"):
            personal |= {lead["contactDetails"]["email"],
                         lead["contactDetails"]["phoneNumber"]}
        self.assertGreater(len(personal), 5)
        for secret in {account["client_secret"], "Bearer"} | personal:
            self.assertNotIn(secret, seen)


if __name__ == "__main__":
    harness.main()
