#!/usr/bin/env python3
"""The dashboards on real data: every query is run, its variables filled in,
against a real Prometheus that scrapes two replicas of the real exporter."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]
import check  # noqa: E402
import configurations  # noqa: E402
import harness  # noqa: E402
import model  # noqa: E402

# Some series of the second account are left out, so that this shows too.
LIMITED = "    numbers: {tenant_series_limit: 3}\n"


class DashboardsTest(harness.EndToEndTest):
    def setUp(self):
        super().setUp()
        self.simulator = self.start(
            harness.Simulator, "--tenants=30", "--numbers-per-tenant=20",
            "--account=limited")
        config = self.file(
            "exporter.yml",
            configurations.exporter_config(self.simulator) + LIMITED)
        self.exporters = [self.start(harness.Exporter, config, name=name)
                          for name in ("exporter", "replica")]
        self.prometheus = self.start_prometheus()

    def start_prometheus(self):
        config = self.file(
            "prometheus.yml", configurations.prometheus_config(*self.exporters))
        return self.start(harness.Prometheus, self.folder, config)

    def fail_a_tenant(self):
        """One tenant that had answered answers 500 from now on."""
        def known():
            return self.prometheus.query(
                'operator_connect_tenant_numbers{account="default"}')
        tenant = harness.wait_until(known, "numbers of a tenant")[0][0]
        self.simulator.control(
            "faults", method="POST",
            data='{"endpoint":"numbers","action":"status","status":500,'
                 f'"tenant_id":"{tenant["tenant_id"]}"}}')
        harness.wait_until(
            lambda: self.prometheus.query("operator_connect_tenant_failed"),
            "the failed tenant in Prometheus")

    def test_every_query_returns_data_and_names_what_exists(self):
        self.fail_a_tenant()
        # Rates need samples over a while.
        harness.wait_until(
            lambda: (self.prometheus.scalar(
                "min(count_over_time(operator_connect_up[5m]))") or 0) >= 12,
            "12 scrapes of each replica")
        exposition = self.file("metrics.txt", self.exporters[0].metrics())
        boards = model.load()
        self.assertEqual([], check.check_names(
            boards, check.read_exposition([exposition])))
        self.assertEqual([], check.check_queries(
            boards, check.Prometheus(self.prometheus.url, 10), "10s"))

    def test_two_replicas_count_nothing_twice(self):
        harness.wait_until(
            lambda: self.prometheus.scalar(
                'count(operator_connect_collector_success == 1)') == 8,
            "leads and numbers of both accounts from both replicas")
        tenant = self.prometheus.query("topk(1, sum by (tenant_id) ("
                                       "operator_connect_tenant_numbers))")
        compared = 0
        for board in model.load():
            for panel in board.panels():
                for target in panel["targets"]:
                    # Ages differ a little; the exporter's own dashboard is
                    # about the replicas.
                    if (board.uid == "operator-connect-exporter"
                            or "time()" in target["expr"]
                            or not target["instant"]):
                        continue
                    one, both = (self.values(target["expr"], instance,
                                             tenant[0][0]["tenant_id"])
                                 for instance in
                                 (self.exporters[0].address, ".+"))
                    compared += len(one)
                    with self.subTest(board.uid, panel=panel["title"]):
                        self.assertEqual(one, both)
        self.assertGreater(compared, 100)

    def values(self, expression, instance, tenant):
        """{labels: value} of an expression for these replicas."""
        filled = check.fill_in(expression, {
            "job": ".+", "account": ".+", "instance": instance,
            "tenant_id": tenant, "__rate_interval": "10s"})
        return {tuple(sorted(labels.items())): value
                for labels, value in self.prometheus.query(filled)}


if __name__ == "__main__":
    harness.main()
