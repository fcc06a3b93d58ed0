#!/usr/bin/env python3
"""The dashboards on real data: every query, with its variables filled in, runs
against a real Prometheus that scrapes two replicas of the real exporter. One
replica lags: it read leads and numbers before the estate changed."""

import collections
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]
import check  # noqa: E402
import configurations  # noqa: E402
import harness  # noqa: E402
import model  # noqa: E402

RULE = harness.ROOT / "config/prometheus/rules/operator_connect_replicas.yml"
# The second account drops some series, so that dropped series show, too. The
# third cannot be read.
LIMITED = "    numbers: {tenant_series_limit: 3}\n"
BROKEN = configurations.ACCOUNT.format(
    name="broken", base_url="http://127.0.0.1:9/tenantui", client_id="x",
    client_secret="x", token_url="http://127.0.0.1:9/token", scope="x")
# Sums of the simulator's truth: dashboard, panel, query, label, metric, and
# the selection of its series.
NUMBERS = "operator_connect_numbers"
LIFE = "operator_connect_tenants_by_lifecycle"
TRUTHS = [
    ("overview", "Numbers", "A", None, NUMBERS, {}),
    ("overview", "Sync failures", "A", None, "operator_connect_sync_failures",
     {}),
    ("overview", "Orphan numbers", "A", None, "operator_connect_orphan_numbers",
     {"reason": {"removed", "no_lead"}}),
    ("overview", "Emergency gaps", "A", None,
     "operator_connect_numbers_without_emergency_location",
     {"assignment_status": {"UserAssigned"}}),
    ("overview", "Leads by status", "A", "status", "operator_connect_leads", {}),
    ("overview", "Waiting by age", "B", "longer_than",
     "operator_connect_unlicensed_leads_waiting", {"longer_than": {"7d"}}),
    ("numbers", "Unassigned", "A", None, NUMBERS,
     {"assignment_status": {"Unassigned"}}),
    ("numbers", "Idle for 90 days", "A", None, "operator_connect_idle_numbers",
     {"longer_than": {"90d"}}),
    ("numbers", "Never verified", "A", None,
     "operator_connect_numbers_never_checked", {}),
    ("numbers", "Numbers by assignment status", "A", "assignment_status",
     NUMBERS, {}),
    ("numbers", "By country", "A", ("country", "assignment_status"),
     "operator_connect_numbers_by_country", {}),
    ("numbers", "By SBC", "A", ("sbc", "assignment_status"),
     "operator_connect_numbers_by_sbc", {}),
    ("numbers", "By calling profile", "A",
     ("calling_profile", "assignment_status"),
     "operator_connect_numbers_by_calling_profile", {}),
    ("numbers", "By source", "A", ("source", "assignment_status"),
     "operator_connect_numbers_by_source", {}),
    ("numbers", "Verification codes", "A", "code",
     "operator_connect_numbers_by_verification_code", {}),
    ("numbers", "Status of acquisition", "A", "acquired_status",
     "operator_connect_number_acquired_status", {}),
    ("numbers", "Acquired within", "C", "within",
     "operator_connect_numbers_acquired", {"within": {"30d"}}),
    ("numbers", "Capabilities", "A", "capability",
     "operator_connect_number_capabilities", {}),
    ("business", "Leads by channel", "A", "channel",
     "operator_connect_leads_by_channel",
     {"status": {"Active", "Not Active", "OC Essential", "Suspended",
                 "unknown"}}),
]
# Panels of tenants' lives: the exporter's own series are the reference.
LIVES = [("overview", "Customers", None, {"licensed", "inactive"}),
         ("overview", "Waiting for a license", None, {"consented"}),
         ("business", "From consent to assigned numbers", "B",
          {"licensed", "inactive"})]


class DashboardsTest(harness.EndToEndTest):
    def setUp(self):
        super().setUp()
        self.simulator = self.start(
            harness.Simulator, "--tenants=30", "--numbers-per-tenant=20",
            "--account=limited")
        self.config = (configurations.exporter_config(self.simulator)
                       + LIMITED + BROKEN)
        lagging = self.file("lagging.yml", self.config.replace(
            "min_interval: 1s, max_age: 5m", "min_interval: 1h, max_age: 2h"))
        self.lagging = self.start(harness.Exporter, lagging, name="lagging")
        self.wait_for_numbers(self.lagging)
        self.change_the_estate()
        self.fresh = self.start(harness.Exporter,
                                self.file("fresh.yml", self.config),
                                name="fresh")
        self.wait_for_numbers(self.fresh)
        self.panels = {(board.uid.removeprefix("operator-connect-"),
                        panel["title"]): panel
                       for board in model.load() for panel in board.panels()}

    @staticmethod
    def wait_for_numbers(exporter):
        """Waits for those of both readable accounts, and of Removed
        tenants."""
        def read():
            shown = harness.Exposition(exporter.metrics()).samples
            return 2 == sum(
                sample.name == "operator_connect_orphan_numbers"
                and sample.labels["reason"] == "removed" for sample in shown
            ) == sum(
                sample.name == "operator_connect_collector_success"
                and sample.labels["collector"] == "numbers"
                and sample.value == 1 for sample in shown)
        harness.wait_until(read, "numbers of both accounts")

    def change_the_estate(self):
        """Removes a third of the leads, and gives a tenant more numbers."""
        for account in ("default", "limited"):
            leads = self.simulator.control("leads", account=account)
            for lead in leads[::3]:
                self.simulator.control("leads", method="POST", data="",
                                       account=account, id=lead["id"],
                                       status="Removed")
            tenant = next(lead["tenantId"] for lead in leads[1::3]
                          if lead["status"] == "Active")
            self.simulator.control("numbers", method="POST", data="",
                                   account=account, tenant_id=tenant, count=70)

    def start_prometheus(self, rules=True):
        """Starts Prometheus with the rule that chooses a replica, for a lag of
        a second, or without it."""
        text = configurations.prometheus_config(self.lagging, self.fresh)
        if rules:
            rule = self.file("replicas.yml", RULE.read_text().replace(
                "+ 300, 0", "+ 1, 0"))
            text = (text.replace("global: {", "global: {evaluation_interval: 1s, ")
                    + f"rule_files: [{rule}]\n")
        config = self.file(f"prometheus-{rules}.yml", text)
        prometheus = self.start(harness.Prometheus, self.folder, config)
        wanted = ("count(instance:operator_connect_replica:rank) == 6" if rules
                  else "count(operator_connect_collector_success == 1) == 8")
        harness.wait_until(lambda: prometheus.query(wanted),
                           "what the panels choose the replica by")
        return prometheus

    def fail_a_tenant(self, prometheus):
        """Lets one tenant with numbers respond with 500 from now on."""
        tenant = prometheus.query(
            'topk(1, operator_connect_tenant_numbers{account="default",'
            f'instance=~"{self.fresh.address}.*"}})')[0][0]
        self.simulator.control(
            "faults", method="POST",
            data='{"endpoint":"numbers","action":"status","status":500,'
                 f'"tenant_id":"{tenant["tenant_id"]}"}}')
        harness.wait_until(
            lambda: prometheus.query("operator_connect_tenant_failed"),
            "the failed tenant in Prometheus")

    @staticmethod
    def wait_for_rates(prometheus):
        harness.wait_until(
            lambda: (prometheus.scalar(
                "min(count_over_time(operator_connect_up[5m]))") or 0) >= 12,
            "12 scrapes of each replica")

    def test_every_query_returns_data_and_uses_existing_names(self):
        prometheus = self.start_prometheus()
        self.fail_a_tenant(prometheus)
        self.wait_for_rates(prometheus)
        exposition = self.file("metrics.txt", self.fresh.metrics())
        boards = model.load()
        self.assertEqual([], check.check_names(
            boards, check.read_exposition([exposition])))
        self.assertEqual([], check.check_queries(
            boards, check.Prometheus(prometheus.url, 10), "10s"))

    def test_an_account_of_service_discovery_leaves_nothing_empty(self):
        config = self.file("sd.yml", f"""\
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: operator_connect
    http_sd_configs: [{{url: "{self.fresh.url}/sd"}}]
""")
        prometheus = self.start(harness.Prometheus, self.folder, config)
        instance = f"{self.fresh.address}/default"
        harness.wait_until(
            lambda: prometheus.query(
                f'operator_connect_numbers{{instance="{instance}"}}'),
            "the target of an account")
        self.fail_a_tenant(prometheus)
        self.wait_for_rates(prometheus)
        self.assertEqual([], check.check_queries(
            model.load(), check.Prometheus(prometheus.url, 10), "10s",
            instance))

    def test_the_fresh_one_of_two_replicas_is_shown(self):
        for rules in (True, False):
            prometheus = self.start_prometheus(rules)
            with self.subTest(rules=rules):
                self.replicas_are_never_mixed(prometheus)
                self.sums_are_the_truth(prometheus)
                self.tiles_say_how_many_accounts_they_hold(prometheus)

    def replicas_are_never_mixed(self, prometheus):
        """Each table, tile and pie shows the same as the fresh replica
        alone."""
        compared = different = 0
        for (uid, title), panel in self.panels.items():
            for target in panel["targets"]:
                # Ages and rates differ a little; the exporter's own dashboard
                # shows each replica.
                if (uid == "exporter" or not target["instant"]
                        or "time()" in target["expr"]
                        or "increase(" in target["expr"]):
                    continue
                both, fresh, lagging = (
                    self.values(prometheus, target["expr"], instance)
                    for instance in (".+", self.fresh.address,
                                     self.lagging.address))
                compared += len(fresh)
                different += fresh != lagging
                with self.subTest(uid, panel=title, ref=target["refId"]):
                    self.assertEqual(fresh, both)
        self.assertGreater(compared, 100)
        self.assertGreater(different, 20)

    def values(self, prometheus, expression, instance=".+"):
        """{labels: value} of an expression for these replicas."""
        filled = check.fill_in(expression, check.variables(
            self.tenant(prometheus), "10s", instance))
        return {tuple(sorted(labels.items())): value
                for labels, value in prometheus.query(filled)}

    def tenant(self, prometheus):
        """The tenant with most numbers on the fresh replica."""
        return prometheus.query(
            "topk(1, sum by (tenant_id) (operator_connect_tenant_numbers"
            f'{{instance="{self.fresh.address}"}}))')[0][0]["tenant_id"]

    def by(self, prometheus, where, ref, labels):
        """{values of these labels: value} of a panel's query."""
        expression = next(target["expr"] for target
                          in self.panels[where]["targets"]
                          if target["refId"] == ref)
        return {tuple(dict(found).get(label, "") for label in labels): value
                for found, value in self.values(prometheus, expression).items()}

    def sums_are_the_truth(self, prometheus):
        truth = (self.simulator.truth("default", orphans="removed")
                 + self.simulator.truth("limited", orphans="removed"))
        for uid, title, ref, label, metric, only in TRUTHS:
            labels = (label,) if isinstance(label, str) else label or ()
            sums = collections.Counter()
            for sample in truth:
                if sample.name == metric and all(
                        sample.labels[k] in v for k, v in only.items()):
                    sums[tuple(sample.labels[name] for name in labels)] += (
                        sample.value)
            with self.subTest(uid, panel=title):
                self.assertNotEqual({}, sums, f"no truth of {metric}")
                self.assertEqual(dict(sums), self.by(
                    prometheus, (uid, title), ref, labels))
        for uid, title, ref, states in LIVES:
            with self.subTest(uid, panel=title):
                self.assertEqual(
                    {(): sum(sample.value for sample in harness.Exposition(
                        self.fresh.metrics()).samples if sample.name == LIFE
                        and sample.labels["state"] in states)},
                    self.by(prometheus, (uid, title), ref or "A", ()))

    def tiles_say_how_many_accounts_they_hold(self, prometheus):
        """Two of three; the third was never read: the age is the maximum."""
        held = {}
        for where, panel in self.panels.items():
            for target in panel["targets"]:
                if "{{held}}" in target.get("legendFormat", ""):
                    held[where] = self.by(prometheus, where, target["refId"],
                                          ("held", "all"))
        self.assertGreater(len(held), 15)
        for where, found in held.items():
            with self.subTest(where):
                # Series of tenants of one of the two are left out.
                wanted = {"Accounts failing": "3",
                          "Customers without numbers": "1"}.get(where[1], "2")
                self.assertEqual([(wanted, "3")], list(found))
        for title in ("Age of leads", "Age of numbers"):
            self.assertEqual({(): 1e15}, self.by(
                prometheus, ("overview", title), "A", ()))


if __name__ == "__main__":
    harness.main()
