"""From leads that are removed on the simulated platform to the message that a
person gets: the real exporter, a real Prometheus with the shipped rules, and a
real Alertmanager with its example configuration. Only intervals are
shorter."""

import http.server
import json
import queue
import re
import threading
import time

import harness
from configurations import exporter_config
from harness import EndToEndTest, wait_until

PROMETHEUS = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}/*.yml"]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["{alertmanager}"]}}]}}]}}
scrape_configs:
  - job_name: operator_connect
    static_configs: [{{targets: ["{exporter}"]}}]
"""


RULES = harness.ROOT / "config/prometheus/rules"


class Receiver:
    """Receives Alertmanager's messages: (path, alert) for each alert; and
    (path, names of the alerts) for each message."""

    def __init__(self):
        alerts = self.alerts = queue.Queue()
        messages = self.messages = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                told = json.loads(self.rfile.read(length))["alerts"]
                messages.put((self.path, [alert["labels"]["alertname"]
                                          for alert in told]))
                for alert in told:
                    alerts.put((self.path, alert))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                       Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever,
                         daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, name, status, others):
        """The first alert with that name and status, and the path of its
        message; appends all others of that name before it to `others`."""
        end = time.monotonic() + harness.WAIT_SECONDS
        while True:
            left = end - time.monotonic()
            try:
                path, alert = self.alerts.get(timeout=max(left, 0))
            except queue.Empty:
                raise AssertionError(f"no {name}, {status}, came") from None
            if alert["labels"]["alertname"] != name:
                continue
            if alert["status"] == status:
                return path, alert
            others.append(alert)


class AlertsTest(EndToEndTest):
    def shipped(self, path, *replacements):
        """A changed copy of a shipped file; each change must have an
        effect."""
        text = (harness.ROOT / "config" / path).read_text(encoding="utf-8")
        for pattern, replacement in replacements:
            text, count = re.subn(pattern, replacement, text)
            self.assertGreater(count, 0, f"{pattern} is not in {path}")
        return self.file(path.split("/", 1)[1], text)

    def start_alertmanager(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        return self.start(
            harness.Alertmanager, self.folder,
            self.shipped("alertmanager/alertmanager.yml",
                         (r"http://127\.0\.0\.1:5001", self.receiver.url),
                         (r"group_wait: \d+s", "group_wait: 1s"),
                         (r"group_wait: \d+m", "group_wait: 2s"),
                         (r"group_interval: 5m", "group_interval: 1s")))

    def start_all(self):
        alertmanager = self.start_alertmanager()
        self.simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        exporter = self.start(harness.Exporter, self.file(
            "exporter.yml", exporter_config(self.simulator)))
        for path in RULES.glob("*.yml"):
            shorter = ((r" for: \d+[mhd]", " for: 2s"),
                       (r"keep_firing_for: \d+m", "keep_firing_for: 3s"))
            rules = self.shipped(
                f"prometheus/rules/{path.name}",
                *(shorter if "alert:" in path.read_text() else ()))
        self.prometheus = self.start(
            harness.Prometheus, self.folder, self.file(
                "prometheus.yml", PROMETHEUS.format(
                    rules=rules.parent, alertmanager=alertmanager.address,
                    exporter=exporter.address)))
        self.account = self.simulator.accounts()[0]["name"]

    def edit_lead(self, lead_id, **fields):
        self.simulator.control("leads", method="POST", data="",
                               account=self.account, id=lead_id, **fields)

    def a_customer(self):
        """(lead id, tenant id, company) of an Active lead whose tenant has no
        other, according to Prometheus."""
        found = self.prometheus.query(
            'operator_connect_lead_info{status="Active",licensed="true"}'
            ' and on (account, tenant_id)'
            ' count by (account, tenant_id) (operator_connect_lead_info) == 1')
        for labels, _ in sorted(found, key=lambda s: s[0]["lead_id"]):
            if labels.get("company", "redacted") != "redacted":
                return labels["lead_id"], labels["tenant_id"], labels["company"]
        raise AssertionError(f"there is no such lead: {found}")

    def test_fallen_leads_are_reported_once_and_resolve(self):
        self.start_all()
        wait_until(lambda: self.prometheus.query(
            "account:operator_connect_leads_present_before:max == 6"),
            "leads of before in Prometheus")
        leads = [labels["lead_id"] for labels, _ in self.prometheus.query(
            'operator_connect_lead_info{status="Active"}')]
        others = []

        for lead_id in leads:
            self.edit_lead(lead_id, status="Removed")
        path, alert = self.receiver.wait_for(
            "OperatorConnectLeadsFell", "firing", others)
        self.assertEqual(others, [], "leads Removed before are no news")
        self.assertEqual(path, "/on-call")
        self.assertEqual(alert["labels"], {
            "alertname": "OperatorConnectLeadsFell", "severity": "critical",
            "account": self.account})
        self.assertTrue(alert["annotations"]["runbook_url"].endswith(
            "README.md#operatorconnectleadsfell"))

        for lead_id in leads:
            self.edit_lead(lead_id, status="Active")
        path, resolved = self.receiver.wait_for(
            "OperatorConnectLeadsFell", "resolved", others)
        self.assertEqual((path, resolved["labels"]),
                         ("/on-call", alert["labels"]))

    def test_a_removed_tenant_is_reported_by_name_and_resolves(self):
        self.start_all()
        wait_until(lambda: self.prometheus.query("operator_connect_leads"),
                   "leads in Prometheus")
        lead_id, tenant_id, company = self.a_customer()
        others = []

        self.edit_lead(lead_id, status="Removed")
        path, alert = self.receiver.wait_for(
            "OperatorConnectLeadRemoved", "firing", others)
        self.assertEqual(others, [], "leads Removed before are no news")
        self.assertEqual(path, "/on-call")
        self.assertEqual(alert["labels"], {
            "alertname": "OperatorConnectLeadRemoved", "severity": "critical",
            "account": self.account, "tenant_id": tenant_id,
            "company": company, "state": "removed"})
        self.assertIn(company, alert["annotations"]["summary"])
        self.assertTrue(alert["annotations"]["runbook_url"].endswith(
            "README.md#operatorconnectleadremoved"))

        self.edit_lead(lead_id, status="Active")
        path, resolved = self.receiver.wait_for(
            "OperatorConnectLeadRemoved", "resolved", others)
        self.assertEqual(path, "/on-call")
        self.assertEqual(resolved["labels"], alert["labels"])
        self.assertEqual([o["labels"] for o in others
                          if o["labels"] != alert["labels"]], [])

    def post(self, alertmanager, alerts):
        """Posts alerts to Alertmanager: (name without OperatorConnect,
        labels)."""
        posted = [{"labels": dict(labels, alertname="OperatorConnect" + name)}
                  for name, labels in alerts]
        reply = harness.http(alertmanager.url + "/api/v2/alerts", method="POST",
                             headers={"Content-Type": "application/json"},
                             data=json.dumps(posted).encode())
        self.assertEqual(reply.status, 200, reply.text)

    def test_a_removed_customer_pages_alone_although_300_leads_wait(self):
        alertmanager = self.start_alertmanager()
        self.post(alertmanager, [
            ("LeadUnlicensed", {"severity": "warning", "account": "emea",
                                "tenant_id": f"t{i}"}) for i in range(300)])
        self.assertEqual(
            self.receiver.messages.get(timeout=harness.WAIT_SECONDS),
            ("/waiting", ["OperatorConnectLeadUnlicensed"] * 300))
        # The next list of these is sent in a week.
        self.post(alertmanager, [
            ("LeadUnlicensed", {"severity": "warning", "account": "emea",
                                "tenant_id": "t300"}),
            ("NumbersFell", {"severity": "critical", "account": "emea"}),
            ("LeadRemoved", {"severity": "critical", "account": "emea",
                             "tenant_id": "t301"})])
        self.assertEqual(
            sorted(self.receiver.messages.get(timeout=harness.WAIT_SECONDS)
                   for _ in range(2)),
            [("/on-call", ["OperatorConnectLeadRemoved"]),
             ("/on-call", ["OperatorConnectNumbersFell"])])

    def assert_held_back(self, expected, *alerts):
        """Checks that Alertmanager as shipped inhibits the expected alerts."""
        alertmanager = self.start(
            harness.Alertmanager, self.folder,
            harness.ROOT / "config/alertmanager/alertmanager.yml")
        self.post(alertmanager, alerts)

        def held_back():
            known = harness.http(alertmanager.url + "/api/v2/alerts").json()
            held = [a["labels"] for a in known if a["status"]["inhibitedBy"]]
            return sorted((labels.pop("alertname")[len("OperatorConnect"):],
                           labels) for labels in held)
        # It processes alerts one by one, and shows them meanwhile.
        try:
            wait_until(lambda: held_back() == expected, "inhibition", 10)
        except AssertionError:
            self.assertEqual(held_back(), expected)

    def test_an_exporter_that_is_down_inhibits_only_its_own_job(self):
        emea, ours, other = ({"account": "emea"}, {"job": "carriers"},
                             {"job": "staging"})
        self.assert_held_back(
            [("ReloadFailed", ours), ("TargetDown", ours)],
            ("ReloadFailed", other), ("TargetDown", other),
            ("LeadRemoved", emea), ("AccountDown", emea),
            ("TokenUnavailable", {"account": "apac"}),
            ("ReloadFailed", ours), ("TargetDown", ours),
            ("ExporterDown", ours))

    def test_fallen_leads_inhibit_alerts_on_the_accounts_tenants(self):
        def tenant(account):
            return {"account": account, "tenant_id": "tenant-1"}
        names = ("LeadInactive", "LeadRemoved", "LeadUnlicensed",
                 "LeadUnlicensedWeek", "LicenseLost")
        self.assert_held_back(
            [(name, tenant("emea")) for name in names],
            *[(name, tenant("apac")) for name in names],
            *[(name, tenant("emea")) for name in names],
            ("NumbersFell", {"account": "emea"}),
            ("LeadsFell", {"account": "emea"}))

    def test_consequences_of_a_missing_token_are_inhibited(self):
        emea, apac = {"account": "emea"}, {"account": "apac"}
        self.assert_held_back(
            [("AccountDown", emea), ("DataOld", emea),
             ("TenantsFailing", emea)],
            ("LeadRemoved", emea), ("AccountDown", apac),
            ("AccountDown", emea), ("DataOld", emea),
            ("TenantsFailing", emea), ("TokenUnavailable", emea))

    def test_consequences_of_an_account_that_is_down_are_inhibited(self):
        emea, apac = {"account": "emea"}, {"account": "apac"}
        self.assert_held_back(
            [("DataOld", emea), ("SeriesDropped", emea),
             ("TenantsFailing", emea), ("Throttled", emea)],
            ("NumbersFell", emea), ("DataOld", apac), ("DataOld", emea),
            ("TenantsFailing", emea), ("Throttled", emea),
            ("SeriesDropped", emea), ("AccountDown", emea))


if __name__ == "__main__":
    harness.main()
