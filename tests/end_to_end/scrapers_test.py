"""Real scrapers, Prometheus' newest release and vmagent: static targets and
those of /sd, over TLS with a password, and the format that each requests."""

import base64
import http.server
import socket
import threading

import harness
from configurations import exporter_config
from harness import wait_until
from secured import PASSWORD, TLS, USERS, SecuredTest

CLIENT = """\
    scheme: https
    basic_auth: {{username: prometheus, password: {password}}}
    tls_config: {{ca_file: {ca}}}
"""
# /sd supplies the path and the account of a target.
JOBS = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: static
{client}    static_configs: [{{targets: ["{address}"]}}]
  - job_name: discovered
{client}    http_sd_configs:
      - url: https://{address}/sd
        basic_auth: {{username: prometheus, password: {password}}}
        tls_config: {{ca_file: {ca}}}
  - job_name: recorder
    static_configs: [{{targets: ["{recorder}"]}}]
"""


class Recorder(http.server.ThreadingHTTPServer):
    """A target without samples that records what its scraper accepts, and
    accepts all writes."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.accepts = self.headers["Accept"]
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.accepts = None
        self.address = "127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ScrapersTest(SecuredTest):
    def setUp(self):
        super().setUp()
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS,
                               "--account=second")
        config = self.file("exporter.yml", exporter_config(simulator))
        web = self.file("web.yml", TLS + USERS)
        self.exporter = self.start(harness.Exporter, config,
                                   f"--web.config.file={web}", ready=False)
        self.recorder = Recorder()
        self.addCleanup(self.recorder.server_close)
        self.addCleanup(self.recorder.shutdown)
        values = {"ca": self.ca.file, "password": PASSWORD,
                  "address": self.exporter.address, "recorder": self.recorder.address}
        self.jobs = self.file("jobs.yml", JOBS.format(
            client=CLIENT.format(**values), **values))

    def assert_scraped(self, targets):
        """Checks that `targets` (job, path) are those of the configuration."""
        self.assertEqual(sorted(targets), [
            ("discovered", "/metrics/exporter"), ("discovered", "/probe"),
            ("discovered", "/probe"), ("recorder", "/metrics"), ("static", "/metrics")])

    def assert_asked_format(self, *formats):
        """Checks that the exporter returns the scraper's preferred format."""
        accepts = wait_until(lambda: self.recorder.accepts, "a scrape of the recorder")
        connection = self.connect(self.exporter.address)
        connection.request("GET", "/metrics/exporter", headers={
            "Accept": accepts, "Authorization": "Basic " + self.token()})
        reply = connection.getresponse()
        reply.read()
        connection.close()
        self.assertEqual(reply.status, 200)
        self.assertIn(reply.headers["Content-Type"], formats, accepts)

    def token(self):
        return base64.b64encode(f"prometheus:{PASSWORD}".encode()).decode("ascii")

    def test_the_newest_prometheus_scrapes_it(self):
        path = harness.newest("prometheus")
        if path is None:
            self.skipTest("the newest Prometheus could not be fetched")
        prometheus = self.start(harness.Prometheus, self.folder, self.jobs, path=path)
        wait_until(lambda: prometheus.scalar('sum(operator_connect_leads{job="static"})') == 10,
                   "leads by the static target")
        wait_until(lambda: prometheus.scalar('sum(operator_connect_leads{job="discovered"})') == 10,
                   "leads by the targets of /sd")
        wait_until(lambda: prometheus.scalar("count(up == 1)") == 5, "every target up")
        self.assert_scraped([
            (target["labels"]["job"], target["discoveredLabels"]["__metrics_path__"])
            for target in prometheus.api("targets")["activeTargets"]])
        self.assert_asked_format("application/openmetrics-text; version=1.0.0; charset=utf-8",
                                 "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")

    def test_vmagent_scrapes_it(self):
        if harness.fetched("vmagent") is None:
            self.skipTest("vmagent could not be fetched")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % free.getsockname()[1]
        self.start(harness.Process, "vmagent", [
            harness.program("vmagent"), f"-httpListenAddr={address}", f"-promscrape.config={self.jobs}",
            f"-remoteWrite.tmpDataPath={self.folder}/vmagent",
            f"-remoteWrite.url=http://{self.recorder.address}/write"])

        def scraped():
            try:
                targets = harness.http(f"http://{address}/api/v1/targets").json()
            except OSError:
                return None
            targets = targets["data"]["activeTargets"]
            up = [target for target in targets if target["health"] == "up"
                  and (target["labels"]["job"] == "recorder" or target["lastSamplesScraped"] > 0)]
            return up if len(up) == 5 else None
        self.assert_scraped([
            (target["labels"]["job"], target["discoveredLabels"]["__metrics_path__"])
            for target in wait_until(scraped, "every target up in vmagent")])
        self.assert_asked_format("text/plain; version=0.0.4; charset=utf-8")


if __name__ == "__main__":
    harness.main()
