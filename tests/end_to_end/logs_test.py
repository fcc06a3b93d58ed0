"""The log as its readers see it: each line parses, reports a change once, and
holds no private data."""

import datetime
import json
import re

import harness
from configurations import exporter_config
from harness import EndToEndTest, wait_until

LOGFMT = re.compile(r'([a-z_]+)=("(?:[^"\\]|\\.)*"|[^\s"=]*)(?: |$)')


def parse_logfmt(line):
    """Parses a line into a list of (key, value); AssertionError if invalid."""
    pairs, at = [], 0
    while at < len(line):
        match = LOGFMT.match(line, at)
        assert match, f"no logfmt at {at}: {line!r}"
        key, value = match.groups()
        pairs.append((key, json.loads(value) if value.startswith('"')
                      else value))
        at = match.end()
    return pairs


def parse_json(line):
    return json.loads(line, object_pairs_hook=list)


class LogsTest(EndToEndTest):
    def serve(self, *args):
        self.simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        text = exporter_config(self.simulator).replace(
            "min_interval: 1s", "min_interval: 0s")
        self.exporter = self.start(harness.Exporter,
                                   self.file("exporter.yml", text), *args)

    def fail_leads(self, status):
        self.simulator.control("faults", method="POST", data=json.dumps(
            {"endpoint": "leads", "action": "status", "status": status}))

    def heal(self):
        self.simulator.control("faults", method="DELETE")

    def lines(self, parse=parse_logfmt):
        """The log so far, as one dictionary per line."""
        lines = []
        for line in self.exporter.output.split("\n"):
            pairs = parse(line)
            self.assertEqual([key for key, _ in pairs[:4]],
                             ["ts", "level", "source", "msg"], line)
            self.assertEqual(len(dict(pairs)), len(pairs), line)
            lines.append(dict(pairs))
        return lines

    def test_each_line_parses_and_has_its_time_in_utc(self):
        for name, parse in (("logfmt", parse_logfmt), ("json", parse_json)):
            with self.subTest(name):
                self.serve("--log.level=debug", f"--log.format={name}")
                self.fail_leads(403)
                self.exporter.metrics()
                self.exporter.stop()
                lines = self.lines(parse)
                self.assertGreater(len(lines), 6)
                now = datetime.datetime.now(datetime.timezone.utc)
                for line in lines:
                    self.assertRegex(
                        line["ts"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
                    then = datetime.datetime.fromisoformat(
                        line["ts"].replace("Z", "+00:00"))
                    self.assertLess(abs((now - then).total_seconds()), 600)
                    self.assertIn(line["level"],
                                  ("debug", "info", "warn", "error"))
                    self.assertRegex(line["source"], r"^[a-z_]+$")

    def test_a_state_that_stays_is_logged_once(self):
        self.serve()

        def of_leads():
            return [(line["level"], line.get("reason")) for line in
                    self.lines() if line.get("account") == "default"
                    and line.get("endpoint") == "leads"]
        for status, expected in ((403, [("warn", "403")]),
                                 (404, [("warn", "404")]),
                                 (None, [("info", None)]),
                                 (403, [("warn", "403")])):
            with self.subTest(status):
                before = len(of_leads())
                self.heal()
                if status:
                    self.fail_leads(status)
                for _ in range(4):
                    self.exporter.metrics()
                wait_until(lambda n=before: len(of_leads()) > n, "a line")
                self.assertEqual(of_leads()[before:], expected)

    def test_of_many_tenants_that_fail_five_are_named_and_the_rest_counted(self):
        self.serve()
        self.simulator.control("faults", method="POST", data=json.dumps(
            {"endpoint": "numbers", "action": "status", "status": 404}))
        for _ in range(3):
            failed = harness.Exposition(self.exporter.metrics()).of(
                "operator_connect_tenant_failed")
        self.exporter.stop()
        lines = [line for line in self.lines()
                 if line.get("endpoint") == "numbers" and "of a tenant"
                 in line["msg"]]
        self.assertEqual(len({line["tenant_id"] for line in lines}), 5)
        self.assertEqual(len(lines), 5)
        self.assertEqual([line["more"] for line in self.lines()
                          if "of more tenants" in line["msg"]],
                         [str(len(failed) - 5)])

    def test_debug_logs_every_request_without_secrets(self):
        self.serve("--log.level=debug")
        account = self.simulator.accounts()[0]
        self.exporter.metrics()
        self.simulator.control("revoke", method="POST", data="")
        self.fail_leads(503)
        self.exporter.metrics(
            headers={"X-Prometheus-Scrape-Timeout-Seconds": "1"})
        self.exporter.stop()
        asked = self.simulator.control("requests", account="default")["counts"]
        told = [line for line in self.lines()
                if line["msg"] == "upstream request"]
        for endpoint in ("token", "leads", "numbers"):
            found = [line for line in told if line["endpoint"] == endpoint]
            self.assertGreaterEqual(len(found), asked[endpoint], endpoint)
            self.assertGreater(len(found), 0)
        for line in told:
            self.assertEqual((line["level"], line["account"]),
                             ("debug", "default"))
            self.assertRegex(line["code"], r"^(\d{3}|[a-z_]+)$")
            self.assertRegex(line["bytes"], r"^\d+$")
            self.assertRegex(line["duration_ms"], r"^\d+$")
        read = [line for line in told if line["endpoint"] == "leads"
                and line["code"] == "200"]
        self.assertGreater(int(read[0]["bytes"]), 1000)
        secrets = [account["client_secret"], "Bearer", "simulated-default",
                   "access_token"]
        for lead in self.simulator.control("leads"):
            secrets += [lead["contactDetails"]["companyName"],
                        lead["contactDetails"]["email"], lead["id"]]
        for secret in filter(None, secrets):
            self.assertNotIn(secret, self.exporter.output)

    def test_a_level_drops_what_is_below_it(self):
        self.serve("--log.level=info")
        self.exporter.metrics()
        self.exporter.stop()
        self.assertEqual({line["level"] for line in self.lines()}, {"info"})


if __name__ == "__main__":
    harness.main()
