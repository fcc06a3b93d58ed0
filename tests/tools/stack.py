"""The demo's programs and their configuration: what is shipped in config/,
copied and pointed at the addresses in use."""

import os
import re
import shutil
import socket

import harness

ROOT = harness.ROOT

EXPORTER_CONFIG = """\
collection:  # quicker than is kind to a real platform
  leads: {{min_interval: 5s, max_age: 15m, timeout: 1m}}
  numbers: {{min_interval: 10s, max_age: 1h, timeout: 1m}}
accounts:
"""
ACCOUNT_CONFIG = """\
  - name: {name}
    base_url: {base_url}
    oauth2:
      client_id: {client_id}
      client_secret: {client_secret}
      token_url: {token_url}
      scopes: ["{scope}"]
    requests_per_second: 200
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Grafana(harness.Process):
    """Grafana with the shipped data source and dashboards, if installed."""

    @staticmethod
    def program():
        return shutil.which("grafana-server") or shutil.which(
            "grafana-server", path="/usr/sbin:/usr/share/grafana/bin")

    def __init__(self, folder, listen, prometheus_url):
        # Grafana does not say which port it was given for 0.
        port = int(listen.rsplit(":", 1)[1]) or free_port()
        home = os.environ.get("GRAFANA_HOME", "/usr/share/grafana")
        super().__init__("grafana", [
            self.program(), "--homepath", home], env={
                "GF_PATHS_DATA": str(folder / "grafana-data"),
                "GF_PATHS_LOGS": str(folder / "grafana-data"),
                "GF_PATHS_PLUGINS": str(folder / "grafana-data" / "plugins"),
                "GF_PATHS_PROVISIONING": str(folder / "grafana"
                                             / "provisioning"),
                "GF_SERVER_HTTP_ADDR": "127.0.0.1",
                "GF_SERVER_HTTP_PORT": str(port),
                "GF_AUTH_ANONYMOUS_ENABLED": "true",
                "GF_AUTH_ANONYMOUS_ORG_ROLE": "Viewer",
                "GF_ANALYTICS_REPORTING_ENABLED": "false",
                "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
                "PROMETHEUS_URL": prometheus_url,
                "OPERATOR_CONNECT_DASHBOARDS": str(ROOT / "dashboards"),
            })
        self.address = self.wait_for_line(
            r"HTTP Server Listen.*address=(127\.0\.0\.1:\d+)").group(1)
        self.url = "http://" + self.address


class Stack:
    """Starts the programs one after the other and ends them in reverse."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.accounts = []
        self.simulators = []
        self.exporter = None
        self.prometheus = self.alertmanager = self.grafana = None

    def _run(self, what, factory, *args, **kwargs):
        print(f"== Starting {what}")
        process = factory(*args, **kwargs)
        self.processes.append(process)
        return process

    def start(self, once, listen):
        """`listen` gives an address for a usual port and a name."""
        # Two accounts whose estate moves, and the vendor's own ten leads.
        self.simulators = [
            self._run("the simulated platform", harness.Simulator,
                      "--tenants=60", "--numbers-per-tenant=40",
                      "--account=apac", *([] if once else ["--live"])),
            self._run("a second one with the vendor's example",
                      harness.Simulator, *harness.SEED_ARGS)]
        self.exporter = self._run(
            "the exporter", harness.Exporter, self._exporter_config(),
            listen=listen(10390, "the exporter"))
        self.alertmanager = self._run(
            "Alertmanager", harness.Alertmanager, self.folder,
            self._copy("alertmanager", {}) / "alertmanager.yml",
            listen=listen(9093, "Alertmanager"))
        self.prometheus = self._run(
            "Prometheus", harness.Prometheus, self.folder,
            self._prometheus_config(),
            listen=listen(9090, "Prometheus"))
        if not once and Grafana.program():
            self._copy("grafana", {})
            self.grafana = self._run(
                "Grafana", Grafana, self.folder, listen(3000, "Grafana"),
                self.prometheus.url)

    def end(self):
        for process in reversed(self.processes):
            process.reap()

    def addresses(self):
        """What there is to look at: name and URL."""
        found = [("exporter", self.exporter.url),
                 ("its metrics", self.exporter.url + "/metrics"),
                 ("Prometheus", self.prometheus.url),
                 ("its alerts", self.prometheus.url + "/alerts"),
                 ("Alertmanager", self.alertmanager.url)]
        if self.grafana:
            found.append(("Grafana", self.grafana.url + "/dashboards"))
        else:
            found.append(("Grafana", "grafana-server is not installed"))
        found.append(("its platform", self.simulators[0].accounts()[0]["base_url"]))
        return found

    def _exporter_config(self):
        text = EXPORTER_CONFIG.format()
        known = [simulator.accounts() for simulator in self.simulators]
        for name, account in (("emea", known[0][0]), ("apac", known[0][1]),
                              ("example", known[1][0])):
            self.accounts.append(name)
            text += ACCOUNT_CONFIG.format(**{**account, "name": name})
        path = self.folder / "operator_connect_exporter.yml"
        path.write_text(text)
        return path

    def _copy(self, name, replacements):
        """config/<name> in our folder, with text replaced by patterns."""
        target = self.folder / name
        shutil.copytree(ROOT / "config" / name, target)
        for path in target.glob("*.yml"):
            text = path.read_text()
            for pattern, replacement in replacements.items():
                text = re.sub(pattern, replacement, text)
            path.write_text(text)
        return target

    def _prometheus_config(self):
        replacements = {
            r"(localhost|127\.0\.0\.1):10390": self.exporter.address,
            r"(localhost|127\.0\.0\.1):9093": self.alertmanager.address,
            # Quicker, as nobody wants to wait for a demonstration.
            r"scrape_interval: \S+": "scrape_interval: 5s",
            r"scrape_timeout: \S+": "scrape_timeout: 4s",
            r"evaluation_interval: \S+": "evaluation_interval: 5s",
        }
        return self._copy("prometheus", replacements) / "prometheus.yml"
