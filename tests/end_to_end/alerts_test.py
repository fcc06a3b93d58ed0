"""From a lead that is removed on the simulated platform to the message that
somebody gets: the real exporter, a real Prometheus with the rules as they are
shipped, and a real Alertmanager with its example configuration. Only
intervals are shorter."""

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
rule_files: ["{rules}"]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["{alertmanager}"]}}]}}]}}
scrape_configs:
  - job_name: operator_connect
    static_configs: [{{targets: ["{exporter}"]}}]
"""


class Receiver:
    """What Alertmanager sends: (path, alert), one for each alert."""

    def __init__(self):
        alerts = self.alerts = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                for alert in json.loads(self.rfile.read(length))["alerts"]:
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
        """The first alert of that name in that status and the path it came
        by; all of that name that came before are appended to `others`."""
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
        """A copy of a shipped file, changed; each change must be one."""
        text = (harness.ROOT / "config" / path).read_text(encoding="utf-8")
        for pattern, replacement in replacements:
            text, count = re.subn(pattern, replacement, text)
            self.assertGreater(count, 0, f"{pattern} is not in {path}")
        return self.file(path.rsplit("/", 1)[1], text)

    def start_all(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        self.simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        exporter = self.start(harness.Exporter, self.file(
            "exporter.yml", exporter_config(self.simulator)))
        alertmanager = self.start(
            harness.Alertmanager, self.folder,
            self.shipped("alertmanager/alertmanager.yml",
                         (r"http://127\.0\.0\.1:5001", self.receiver.url),
                         (r"group_wait: \d+s", "group_wait: 1s"),
                         (r"group_interval: \d+m", "group_interval: 1s")))
        rules = self.shipped("prometheus/rules/operator_connect.yml",
                             (r"keep_firing_for: 12m", "keep_firing_for: 3s"))
        self.prometheus = self.start(
            harness.Prometheus, self.folder, self.file(
                "prometheus.yml", PROMETHEUS.format(
                    rules=rules, alertmanager=alertmanager.address,
                    exporter=exporter.address)))

    def edit_lead(self, lead_id, **fields):
        self.simulator.control("leads", method="POST", data="",
                               account=self.account, id=lead_id, **fields)

    def a_customer(self):
        """(lead id, tenant id, company) of an Active lead whose tenant has no
        other, as Prometheus knows it."""
        wait_until(lambda: self.prometheus.scalar(
            "count(operator_connect_lead_info)"), "leads in Prometheus")
        found = self.prometheus.query(
            'operator_connect_lead_info{status="Active"}'
            ' and on (account, tenant_id)'
            ' count by (account, tenant_id) (operator_connect_lead_info) == 1')
        for labels, _ in sorted(found, key=lambda s: s[0]["lead_id"]):
            if labels.get("company", "redacted") != "redacted":
                return labels["lead_id"], labels["tenant_id"], labels["company"]
        raise AssertionError(f"there is no such lead: {found}")

    def test_a_removed_lead_is_told_with_its_companys_name_and_resolves(self):
        self.start_all()
        self.account = self.simulator.accounts()[0]["name"]
        lead_id, tenant_id, company = self.a_customer()
        others = []

        self.edit_lead(lead_id, status="Removed")
        path, alert = self.receiver.wait_for(
            "OperatorConnectLeadRemoved", "firing", others)
        self.assertEqual(others, [], "leads Removed before are no news")
        self.assertEqual(path, "/on-call")
        self.assertEqual(alert["labels"], {
            "alertname": "OperatorConnectLeadRemoved", "severity": "critical",
            "scope": "lead", "account": self.account, "lead_id": lead_id,
            "tenant_id": tenant_id})
        self.assertIn(company, alert["annotations"]["summary"])
        self.assertIn(company, alert["annotations"]["description"])
        self.assertTrue(alert["annotations"]["runbook_url"].endswith(
            "README.md#operatorconnectleadremoved"))

        self.edit_lead(lead_id, status="Active")
        path, resolved = self.receiver.wait_for(
            "OperatorConnectLeadRemoved", "resolved", others)
        self.assertEqual(path, "/on-call")
        self.assertEqual(resolved["labels"], alert["labels"])
        self.assertEqual([o["labels"] for o in others
                          if o["labels"] != alert["labels"]], [])

    def assert_held_back(self, expected, *alerts):
        """Of the alerts, Alertmanager as shipped holds back the expected."""
        alertmanager = self.start(
            harness.Alertmanager, self.folder,
            harness.ROOT / "config/alertmanager/alertmanager.yml")
        posted = [{"labels": dict(labels, alertname="OperatorConnect" + name)}
                  for name, labels in alerts]
        reply = harness.http(alertmanager.url + "/api/v2/alerts", method="POST",
                             headers={"Content-Type": "application/json"},
                             data=json.dumps(posted).encode())
        self.assertEqual(reply.status, 200, reply.text)

        def held_back():
            known = harness.http(alertmanager.url + "/api/v2/alerts").json()
            held = [a["labels"] for a in known if a["status"]["inhibitedBy"]]
            return sorted((labels.pop("alertname")[len("OperatorConnect"):],
                           labels) for labels in held)
        # It takes up alerts one after the other, and shows them meanwhile.
        try:
            wait_until(lambda: held_back() == expected, "inhibition", 10)
        except AssertionError:
            self.assertEqual(held_back(), expected)

    def test_what_follows_from_the_exporter_being_down_is_held_back(self):
        emea, job = {"account": "emea"}, {"job": "operator_connect"}
        self.assert_held_back(
            [("AccountDown", emea), ("DataOld", emea), ("ReloadFailed", job),
             ("SeriesDropped", emea), ("TargetDown", job),
             ("TenantsFailing", emea), ("Throttled", emea),
             ("TokenUnavailable", emea)],
            ("LeadRemoved", emea), ("LeadUnlicensed", emea),
            ("LeadUnlicensedWeek", emea), ("SyncFailures", emea),
            ("NumbersFell", emea), ("AccountDown", emea), ("DataOld", emea),
            ("TenantsFailing", emea), ("Throttled", emea),
            ("TokenUnavailable", emea), ("SeriesDropped", emea),
            ("ReloadFailed", job), ("TargetDown", job), ("ExporterDown", job))

    def test_what_follows_from_a_missing_token_is_held_back(self):
        emea, apac = {"account": "emea"}, {"account": "apac"}
        self.assert_held_back(
            [("AccountDown", emea), ("DataOld", emea),
             ("TenantsFailing", emea)],
            ("LeadRemoved", emea), ("AccountDown", apac),
            ("AccountDown", emea), ("DataOld", emea),
            ("TenantsFailing", emea), ("TokenUnavailable", emea))

    def test_what_follows_from_an_account_being_down_is_held_back(self):
        emea, apac = {"account": "emea"}, {"account": "apac"}
        self.assert_held_back(
            [("DataOld", emea), ("SeriesDropped", emea),
             ("TenantsFailing", emea), ("Throttled", emea)],
            ("NumbersFell", emea), ("DataOld", apac), ("DataOld", emea),
            ("TenantsFailing", emea), ("Throttled", emea),
            ("SeriesDropped", emea), ("AccountDown", emea))

    def test_a_week_without_a_license_stands_for_the_day(self):
        def lead(number):
            return {"scope": "lead", "account": "emea", "tenant_id": "tenant-1",
                    "lead_id": f"lead-{number}"}
        self.assert_held_back(
            [("LeadUnlicensed", lead(1))],
            ("LeadUnlicensed", {"scope": "account", "account": "emea"}),
            ("LeadUnlicensed", lead(2)), ("LeadUnlicensed", lead(1)),
            ("LeadUnlicensedWeek", lead(1)))


if __name__ == "__main__":
    harness.main()
