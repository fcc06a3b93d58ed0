"""The demo's programs and their configuration: copies of the shipped files in
config/ with the addresses in use."""

import os
import re
import shutil
import socket

import configurations
import harness
import history

ROOT = harness.ROOT

# Quicker than a real platform should be asked. Leads are old after two minutes.
EXPORTER_CONFIG = """\
collection:
  leads: {min_interval: 5s, max_age: 2m, timeout: 1m}
  numbers: {min_interval: 10s, max_age: 1h, timeout: 1m}
accounts:
"""
# Scrapes are twelve times as frequent, so the gaps to bridge are shorter.
RULES = {r"\[5m\]": "[1m]", r"^    interval: 5m$": "    interval: 15s"}
# Fewer series than the account has tenants, to show dropped series.
LIMITED = """\
    numbers: {tenant_series_limit: 40}
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
        # Grafana does not report the port that it got for 0.
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
    """Starts the programs in order and ends them in reverse."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.accounts = []
        self.simulators = []
        self.exporters = []
        self.exporter_config = None
        self.prometheus = self.alertmanager = self.grafana = None

    def _run(self, what, factory, *args, **kwargs):
        print(f"== Starting {what}")
        process = factory(*args, **kwargs)
        self.processes.append(process)
        return process

    @property
    def exporter(self):
        return self.exporters[0]

    def start(self, once, listen):
        """`listen` gives an address for a usual port and a name. Without
        `once` the estates move, there is a past, and a second exporter."""
        # Three accounts with moving estates, and the vendor's own ten leads.
        self.simulators = [
            self._run("the simulated platform", harness.Simulator,
                      "--tenants=60", "--numbers-per-tenant=40",
                      "--account=apac", "--account=latam",
                      *([] if once else ["--live"])),
            self._run("a second one with the vendor's example",
                      harness.Simulator, *harness.SEED_ARGS)]
        self.exporter_config = self._write_exporter_config(once)
        for replica in range(1 if once else 2):
            what = "the exporter" + ", a second replica" * replica
            self.exporters.append(self._run(
                what, harness.Exporter, self.exporter_config,
                env=self._state(replica),
                listen="127.0.0.1:0" if replica else listen(10390, what)))
        self.alertmanager = self._run(
            "Alertmanager", harness.Alertmanager, self.folder,
            self._copy("alertmanager", {}) / "alertmanager.yml",
            listen=listen(9093, "Alertmanager"))
        self.prometheus = self._run(
            "Prometheus", harness.Prometheus, self.folder,
            self._prometheus_config(), data=None if once else self._history(),
            listen=listen(9090, "Prometheus"))
        if not once and Grafana.program():
            self._copy("grafana", {})
            self.grafana = self._run(
                "Grafana", Grafana, self.folder, listen(3000, "Grafana"),
                self.prometheus.url)

    def _state(self, index):
        """Where an exporter remembers the tenants' lives: the folder that
        systemd would have made for it."""
        folder = self.folder / f"exporter-{index}"
        folder.mkdir(exist_ok=True)
        return {"STATE_DIRECTORY": str(folder)}

    def stop_exporter(self, index):
        self.processes.remove(self.exporters[index])
        self.exporters[index].reap()

    def start_exporter(self, index, config=None):
        """Starts an exporter again at the same address."""
        self.exporters[index] = harness.Exporter(
            config or self.exporter_config, env=self._state(index),
            listen=self.exporters[index].address)
        self.processes.append(self.exporters[index])

    def start_exporter_in_vain(self, index):
        """The same with a wrong address of one account's platform."""
        config = self.folder / "wrong.yml"
        config.write_text(self.exporter_config.read_text().replace(
            self.simulators[1].accounts()[0]["base_url"],
            "http://127.0.0.1:9/tenantui"))
        self.start_exporter(index, config)

    def active_leads(self, account):
        """The ids of the account's Active leads that have a license."""
        return sorted(labels["lead_id"] for labels, _ in self.prometheus.query(
            "max by (lead_id) (operator_connect_lead_info"
            f'{{account="{account}",status="Active",licensed="true"}})'))

    def edit_leads(self, account, ids, **fields):
        for lead_id in ids:
            self._control_lead(account, lead_id, method="POST", data="",
                               **fields)

    def delete_lead(self, account, lead_id):
        self._control_lead(account, lead_id, method="DELETE")

    def _control_lead(self, account, lead_id, **request):
        names = {"apac": "apac", "latam": "latam", "emea": "default"}
        self.simulators[0].control("leads", account=names[account],
                                   id=lead_id, **request)

    def end(self):
        for process in reversed(self.processes):
            process.reap()

    def addresses(self):
        """The pages to look at: name and URL."""
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

    def _history(self):
        """Prometheus' folder, with a day of the past in it."""
        print("== Making up a day of the past for Prometheus")
        data = self.folder / "prometheus-data"
        history.backfill(self.exporter.metrics(), {
            "job": "operator_connect", "instance": self.exporter.address},
            self.folder, data)
        return data

    def _write_exporter_config(self, once):
        text = EXPORTER_CONFIG
        known = [simulator.accounts() for simulator in self.simulators]
        for name, account in (("emea", known[0][0]), ("apac", known[0][1]),
                              ("latam", known[0][2]), ("example", known[1][0])):
            self.accounts.append(name)
            text += configurations.ACCOUNT.format(**{**account, "name": name})
            if name == "latam" and not once:
                text += LIMITED
        path = self.folder / "operator_connect_exporter.yml"
        path.write_text(text)
        return path

    def _copy(self, name, replacements):
        """config/<name> in our folder, with text replaced by patterns in its
        YAML files."""
        target = self.folder / name
        shutil.copytree(ROOT / "config" / name, target)
        for path in target.rglob("*.yml"):
            text = path.read_text()
            for pattern, replacement in replacements.items():
                text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
            path.write_text(text)
        return target

    def _prometheus_config(self):
        replacements = {
            r"targets: \[127\.0\.0\.1:10390\]": "targets: [{}]".format(
                ", ".join(exporter.address for exporter in self.exporters)),
            r"127\.0\.0\.1:9093": self.alertmanager.address,
            # Quicker, so that a demonstration takes minutes.
            r"scrape_interval: \S+": "scrape_interval: 5s",
            r"scrape_timeout: \S+": "scrape_timeout: 4s",
            r"evaluation_interval: \S+": "evaluation_interval: 5s",
            **RULES,
        }
        return self._copy("prometheus", replacements) / "prometheus.yml"
