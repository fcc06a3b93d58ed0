#!/usr/bin/env python3
"""config/compose.yaml fits together, and what it mounts is what its programs accept.

    compose_test.py [PROGRAM SIMULATOR]

With the two programs the exporter collects once from the simulator, both as
compose.yaml starts them but for the port. promtool and amtool check their
files if they are on the machine.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import yaml
except ImportError:  # 77 tells ctest that the test could not be run
    print("skipped: python3-yaml is not installed", file=sys.stderr)
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config"
PROGRAMS = []
PORT = "8470"


def run(*command):
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


def tool(name):
    """Prometheus' programs, wherever they are: beside the build, or installed."""
    path = os.pathsep.join([str(ROOT / "build/tools/usr/bin"), os.environ["PATH"]])
    found = shutil.which(name, path=path)
    if not found:
        raise unittest.SkipTest(f"{name} is not installed")
    return found


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.compose = yaml.safe_load((CONFIG / "compose.yaml").read_text(encoding="utf-8"))
        cls.services = cls.compose["services"]

    def mounts(self, name):
        """(source, target, mode) of what the service mounts."""
        return [(volume.split(":") + [""])[:3] for volume in self.services[name]["volumes"]]

    def test_versions_of_images_are_pinned(self):
        for name, service in self.services.items():
            if "build" not in service:
                self.assertRegex(service["image"], r":v?\d+\.\d+\.\d+$", name)

    def test_what_is_built_is_a_target_of_the_dockerfile(self):
        stages = re.findall(r"^FROM .* AS (\S+)$",
                            (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
        for name in ("simulator", "exporter"):
            self.assertIn(self.services[name]["build"]["target"], stages)
            self.assertEqual((CONFIG / self.services[name]["build"]["context"]).resolve(), ROOT)

    def test_every_service_says_how_it_is(self):
        for name, service in self.services.items():
            self.assertIn("healthcheck", service, name)

    def test_every_mounted_file_exists_and_is_not_written_to(self):
        for name in self.services:
            for source, _, mode in self.mounts(name) if "volumes" in self.services[name] else ():
                if source.startswith("."):
                    self.assertTrue((CONFIG / source).exists(), source)
                    self.assertEqual(mode, "ro", source)
                else:
                    self.assertIn(source, self.compose["volumes"])

    def test_ports_are_open_to_this_machine_only(self):
        for service in self.services.values():
            for port in service.get("ports", []):
                self.assertRegex(port, r"^127\.0\.0\.1:(\d+):\1$")

    def test_all_share_one_network(self):
        for name, service in self.services.items():
            if name != "simulator":
                self.assertEqual(service["network_mode"], "service:simulator")

    def test_grafana_gets_the_variables_that_its_files_name(self):
        wanted = set()
        for path in (CONFIG / "grafana/provisioning").rglob("*.yml"):
            text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
            wanted |= set(re.findall(r"(?<!\$)\$\{?([A-Z][A-Z_]+)", text))
        self.assertTrue(wanted)
        given = self.services["grafana"]["environment"]
        self.assertLessEqual(wanted, set(given))
        mounted = {target: source for source, target, _ in self.mounts("grafana")}
        self.assertEqual((CONFIG / mounted[given["OPERATOR_CONNECT_DASHBOARDS"]]).resolve(),
                         ROOT / "dashboards")
        home = pathlib.PurePath(given["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
        self.assertTrue((ROOT / "dashboards" / home.name).exists(), home)

    def test_promtool_accepts_what_prometheus_reads(self):
        checked = run(tool("promtool"), "check", "config", str(CONFIG / "prometheus/prometheus.yml"))
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_prometheus_finds_the_exporter_and_alertmanager(self):
        config = yaml.safe_load((CONFIG / "prometheus/prometheus.yml").read_text(encoding="utf-8"))
        targets = [target for job in config["scrape_configs"]
                   for group in job["static_configs"] for target in group["targets"]]
        self.assertEqual(targets, ["127.0.0.1:10390"])
        managers = [target for manager in config["alerting"]["alertmanagers"]
                    for group in manager["static_configs"] for target in group["targets"]]
        self.assertEqual(managers, ["127.0.0.1:9093"])

    def test_amtool_accepts_what_alertmanager_reads(self):
        checked = run(tool("amtool"), "check-config", str(CONFIG / "alertmanager/alertmanager.yml"))
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_the_exporter_collects_from_the_simulator(self):
        if not PROGRAMS:
            self.skipTest("no programs given")
        exporter, simulator = PROGRAMS
        flags = [flag.replace(f":{PORT}", ":0") for flag in self.services["simulator"]["command"]]
        self.assertIn("--listen=127.0.0.1:0", flags)
        with subprocess.Popen([simulator, *flags], stdout=subprocess.PIPE, text=True) as platform, \
                tempfile.TemporaryDirectory() as folder:
            try:
                port = platform.stdout.readline().strip().rsplit(":", 1)[1]
                text = (CONFIG / "compose/operator_connect_exporter.yml").read_text(encoding="utf-8")
                path = pathlib.Path(folder) / "exporter.yml"
                path.write_text(text.replace(f":{PORT}", f":{port}"), encoding="utf-8")
                once = run(exporter, "--once", f"--config.file={path}")
            finally:
                platform.terminate()
        for account in ("emea", "apac", "latam"):
            self.assertRegex(once.stdout, rf'(?m)^operator_connect_leads{{account="{account}",'
                                          r'status="Active"} [1-9]', once.stderr)


if __name__ == "__main__":
    if len(sys.argv) > 2 and not sys.argv[1].startswith("-"):
        PROGRAMS = [sys.argv.pop(1), sys.argv.pop(1)]
    unittest.main()
