"""Content negotiation: OpenMetrics as a real Prometheus requests and reads it,
the text format as promtool checks it, and gzip."""

import gzip
import re

import harness
from configurations import exporter_config, prometheus_config
from harness import EndToEndTest, Exposition, run, wait_until

OPENMETRICS = "application/openmetrics-text;version=1.0.0"
# The header of Prometheus 2.42.
PROMETHEUS_ACCEPT = (OPENMETRICS + ",application/openmetrics-text;"
                     "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,"
                     "*/*;q=0.1")
PATHS = ("/metrics", "/metrics/exporter", "/probe?account=default")


class OpenMetricsTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        text = exporter_config(self.simulator).replace(
            "min_interval: 1s", "min_interval: 4m")
        self.exporter = self.start(harness.Exporter,
                                   self.file("exporter.yml", text))
        self.exporter.metrics()

    def get(self, path="/metrics", **headers):
        reply = harness.http(self.exporter.url + path, headers={
            name.replace("_", "-"): value for name, value in headers.items()})
        self.assertEqual(reply.status, 200)
        return reply

    def open_metrics(self, path):
        reply = self.get(path, Accept=PROMETHEUS_ACCEPT)
        self.assertRegex(reply.headers["Content-Type"],
                         r"^application/openmetrics-text; ?version=1\.0\.0; ?"
                         "charset=utf-8$")
        return reply.text

    def test_prometheus_requests_open_metrics_and_reads_all_of_it(self):
        prometheus = self.start(
            harness.Prometheus, self.folder, self.file(
                "prometheus.yml",
                prometheus_config(self.exporter)))
        wait_until(lambda: prometheus.scalar("up") == 1, "a scrape")
        target, = prometheus.api("targets")["activeTargets"]
        self.assertEqual((target["health"], target["lastError"]), ("up", ""))
        metadata = {m["metric"]: m for m in prometheus.api("targets/metadata")}
        # Only OpenMetrics names the family of a counter without _total.
        counters = {n for n, m in metadata.items() if m["type"] == "counter"}
        self.assertIn("operator_connect_exporter_upstream_requests", counters)
        self.assertEqual([n for n in counters if n.endswith("_total")], [])
        self.assertEqual([n for n, m in metadata.items()
                          if m["type"] in ("unknown", "") or not m["help"]],
                         [])
        exposition = Exposition(self.exporter.metrics())
        names = {s.name for s in exposition.samples}
        read = {labels["__name__"] for labels, _ in
                prometheus.query('{job="operator_connect"}')}
        self.assertEqual(names - read, set())
        self.assertEqual(prometheus.scalar(
            "scrape_samples_scraped"), len(exposition.samples))
        self.assertEqual(prometheus.scalar(
            "operator_connect_exporter_upstream_requests_total"
            '{endpoint="token",code="200"}'), 1)

    def test_open_metrics_has_the_same_samples_as_text(self):
        for path in PATHS[::2]:
            with self.subTest(path):
                lines = self.open_metrics(path).split("\n")
                self.assertEqual(lines[-2:], ["# EOF", ""])
                self.assertEqual(lines.count("# EOF"), 1)
                found = [line for line in lines if line
                         and not line.startswith("#")]
                text = [line for line in self.get(path).text.split("\n")
                        if line and not line.startswith("#")]

                def keys(samples):
                    return [line.rsplit(" ", 1)[0] for line in samples
                            if not line.startswith("process_")]
                # `le` is a float in OpenMetrics: "1.0", where text has "1".
                self.assertEqual(
                    [re.sub(r'le="(\d+)\.0"', r'le="\1"', k)
                     for k in keys(found)], keys(text))

    def test_open_metrics_names_its_families_right(self):
        for path in PATHS:
            with self.subTest(path):
                types, family = {}, None
                for line in self.open_metrics(path).split("\n"):
                    words = line.split(" ")
                    if line.startswith("# TYPE"):
                        family = words[2]
                        self.assertNotIn(family, types)
                        types[family] = words[3]
                        self.assertFalse(family.endswith("_total"), family)
                    elif line.startswith("#") or not line:
                        continue
                    else:
                        name = re.match(r"[a-zA-Z_:]+", line).group()
                        suffixes = {"counter": ("_total",), "histogram": (
                            "_bucket", "_sum", "_count")}.get(
                                types[family], ("",))
                        self.assertIn(name, {family + s for s in suffixes})
                        self.assertNotIn("_created", name)
                self.assertIn("counter", types.values())

    def test_promtool_finds_no_fault_in_any_page(self):
        for path in PATHS:
            with self.subTest(path):
                result = harness.subprocess.run(
                    [harness.program("promtool"), "check", "metrics"],
                    input=self.get(path).text, capture_output=True,
                    encoding="utf-8", timeout=60)
                self.assertEqual(
                    (result.returncode, result.stdout, result.stderr),
                    (0, "", ""))

    def test_the_format_follows_accept(self):
        text, openmetrics = "text/plain", "application/openmetrics-text"
        for accept, expected in (
                ("", text), ("*/*", text), ("text/plain", text),
                ("application/json", text), (OPENMETRICS, openmetrics),
                (PROMETHEUS_ACCEPT, openmetrics),
                (OPENMETRICS + ";q=0", text),
                ("text/plain;q=0.9," + OPENMETRICS + ";q=0.1", text),
                ("text/html,application/xhtml+xml,*/*;q=0.8", text)):
            with self.subTest(accept):
                reply = self.get(Accept=accept)
                self.assertEqual(
                    reply.headers["Content-Type"].partition(";")[0], expected)

    def test_gzip_is_used_if_it_is_accepted(self):
        plain = self.get("/probe?account=default").body
        for accept, packed in (("gzip", True), ("gzip;q=0", False),
                               ("br, gzip;q=0.5", True), ("*", True),
                               ("identity", False), ("deflate", False)):
            with self.subTest(accept):
                reply = self.get("/probe?account=default",
                                 Accept_Encoding=accept)
                self.assertEqual(reply.headers["Content-Encoding"],
                                 "gzip" if packed else None)
                self.assertEqual(reply.headers["Vary"], "Accept-Encoding")
                body = gzip.decompress(reply.body) if packed else reply.body
                self.assertEqual(Exposition(body.decode()).helps,
                                 Exposition(plain.decode()).helps)
                if packed:
                    self.assertLess(len(reply.body), len(plain) / 4)

    def test_curl_reads_the_compressed_page(self):
        result = run([harness.program("curl"), "--silent", "--compressed",
                      "--fail", self.exporter.url + "/metrics"])
        self.assertEqual(result.returncode, 0)
        self.assertTrue(Exposition(result.stdout).samples)


if __name__ == "__main__":
    harness.main()
