#!/usr/bin/env python3
"""config/kubernetes fits together, and fits the rules, the image and the program.

    kubernetes_test.py [PROGRAM]

kustomize cannot put a file of rules into a PrometheusRule, so that one is
made by render_rules and compared here. With PROGRAM the example
configuration is checked by --config.check; with kubectl on the machine,
what kustomize makes is checked, otherwise the files as they are.
"""

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
FOLDER = ROOT / "config/kubernetes"
RULES = ROOT / "config/prometheus/rules"
DASHBOARDS = ROOT / "dashboards"
RULE = FOLDER / "prometheus_rule.yaml"
NAME = "operator-connect-exporter"
IDENTITY = "workload_identity"
PROGRAM = None


def made_rule():
    """The resource as render_rules makes it."""
    return subprocess.run([ROOT / "config/prometheus/render_rules", "--kubernetes"],
                          check=True, capture_output=True, text=True).stdout


def files(*names):
    return [document for name in names
            for document in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))]


def rendered(folder):
    """What kustomize makes of a folder."""
    made = subprocess.run(["kubectl", "kustomize", str(folder)], check=True,
                          capture_output=True, text=True).stdout
    return list(yaml.safe_load_all(made))


def resources():
    """What would be applied, by kind."""
    documents = (rendered(FOLDER) if shutil.which("kubectl") else
                 files(*files("kustomization.yaml")[0]["resources"]))
    return {document["kind"]: document for document in documents}


class Kubernetes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = resources()
        cls.deployment = cls.made["Deployment"]
        cls.pod = cls.deployment["spec"]["template"]
        cls.container = cls.pod["spec"]["containers"][0]
        cls.dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    def test_the_prometheus_rule_holds_the_rules_as_they_are(self):
        self.assertEqual(RULE.read_text(encoding="utf-8"), made_rule(),
                         "config/prometheus/render_rules --kubernetes > config/kubernetes/prometheus_rule.yaml")
        groups = [group for path in sorted(RULES.glob("*.yml"))
                  for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]]
        self.assertEqual(self.made["PrometheusRule"]["spec"], {"groups": groups})

    def test_every_file_but_the_example_of_a_secret_is_used(self):
        used = files("kustomization.yaml")[0]
        self.assertEqual({path.name for path in FOLDER.glob("*.y*ml")},
                         {"kustomization.yaml", "secret.example.yaml", *used["resources"],
                          *used["configMapGenerator"][0]["files"]})

    def test_selectors_find_the_pod_and_the_service(self):
        labels = self.pod["metadata"]["labels"].items()
        self.assertLessEqual(self.deployment["spec"]["selector"]["matchLabels"].items(), labels)
        self.assertLessEqual(self.made["Service"]["spec"]["selector"].items(), labels)
        monitor = self.made["ServiceMonitor"]["spec"]
        self.assertLessEqual(monitor["selector"]["matchLabels"].items(),
                             self.made["Service"]["metadata"]["labels"].items())
        self.assertEqual([endpoint["port"] for endpoint in monitor["endpoints"]],
                         [port["name"] for port in self.made["Service"]["spec"]["ports"]])

    def test_a_scrape_ends_before_the_next_one(self):
        endpoint = self.made["ServiceMonitor"]["spec"]["endpoints"][0]
        self.assertEqual((endpoint["interval"], endpoint["scrapeTimeout"]), ("1m", "50s"))

    def test_ports_are_the_one_that_the_image_exposes(self):
        exposed = int(re.search(r"^EXPOSE (\d+)$", self.dockerfile, re.M)[1])
        port = self.container["ports"][0]
        self.assertEqual(port["containerPort"], exposed)
        self.assertEqual(self.made["Service"]["spec"]["ports"][0]["targetPort"], port["name"])

    def test_the_user_is_the_one_of_the_image(self):
        user, group = re.search(r"^USER (\d+):(\d+)$", self.dockerfile, re.M).groups()
        context = self.pod["spec"]["securityContext"]
        self.assertEqual((context["runAsUser"], context["runAsGroup"], context["fsGroup"]),
                         (int(user), int(group), int(group)))

    def test_the_version_is_the_one_of_the_program(self):
        version = re.search(r"^  VERSION (\S+)$",
                            (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"), re.M)[1]
        self.assertEqual(files("kustomization.yaml")[0]["images"],
                         [{"name": NAME, "newTag": version}])
        self.assertIn(f"ARG VERSION={version}\n", self.dockerfile)

    def test_the_pod_passes_the_restricted_pod_security_standard(self):
        context = self.pod["spec"]["securityContext"]
        self.assertTrue(context["runAsNonRoot"])
        self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})
        self.assertFalse(self.pod["spec"]["automountServiceAccountToken"])
        self.assertEqual(self.container["securityContext"], {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        })

    def test_the_container_has_limits_and_probes(self):
        resource = self.container["resources"]
        for kind in ("requests", "limits"):
            self.assertEqual(set(resource[kind]), {"cpu", "memory"})
        self.assertEqual(self.container["livenessProbe"]["httpGet"]["path"], "/-/healthy")
        self.assertEqual(self.container["readinessProbe"]["httpGet"]["path"], "/-/ready")

    def test_the_secret_of_the_example_is_the_one_that_is_mounted_and_read(self):
        secret = files("secret.example.yaml")[0]
        volumes = {volume["name"]: volume for volume in self.pod["spec"]["volumes"]}
        self.assertEqual(volumes["secrets"]["secret"]["secretName"], secret["metadata"]["name"])
        mounts = {mount["name"]: mount["mountPath"] for mount in self.container["volumeMounts"]}
        read = {account["oauth2"]["client_secret_file"]
                for account in files("operator_connect_exporter.yml")[0]["accounts"]}
        self.assertEqual(read, {f"{mounts['secrets']}/{key}" for key in secret["stringData"]})

    def test_the_configuration_is_mounted_where_the_program_looks(self):
        mounts = {mount["name"]: mount["mountPath"] for mount in self.container["volumeMounts"]}
        self.assertIn(f"--config.file={mounts['config']}/operator_connect_exporter.yml",
                      self.container["args"])

    def test_workload_identity_is_left_out_until_it_is_asked_for(self):
        self.assertNotIn("components", files("kustomization.yaml")[0])
        component = files(f"{IDENTITY}/kustomization.yaml")[0]
        self.assertEqual({path.name for path in (FOLDER / IDENTITY).iterdir()},
                         {"kustomization.yaml", "operator_connect_exporter.yml", *component["resources"],
                          *(patch["path"] for patch in component["patches"])})

    def test_the_assertion_is_the_one_that_is_mounted_and_read(self):
        patch = files(f"{IDENTITY}/deployment.yaml")[0]
        self.assertEqual(patch["metadata"]["name"], self.deployment["metadata"]["name"])
        pod = patch["spec"]["template"]["spec"]
        self.assertEqual(pod["serviceAccountName"],
                         files(f"{IDENTITY}/service_account.yaml")[0]["metadata"]["name"])
        projected = {volume["name"]: volume for volume in pod["volumes"]}["assertion"]["projected"]
        token = projected["sources"][0]["serviceAccountToken"]
        self.assertEqual(token["audience"], "api://AzureADTokenExchange")
        mounts = {mount.get("name"): mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
        read = {account["oauth2"]["client_assertion_file"]
                for account in files(f"{IDENTITY}/operator_connect_exporter.yml")[0]["accounts"]}
        self.assertEqual(read, {f"{mounts['assertion']}/{token['path']}"})

    def test_the_secret_is_gone_with_workload_identity(self):
        pod = files(f"{IDENTITY}/deployment.yaml")[0]["spec"]["template"]["spec"]
        gone = [entry for entry in pod["volumes"] + pod["containers"][0]["volumeMounts"]
                if entry.get("$patch") == "delete"]
        mounts = {mount["name"]: mount["mountPath"] for mount in self.container["volumeMounts"]}
        self.assertEqual([entry.get("name") or entry["mountPath"] for entry in gone],
                         ["secrets", mounts["secrets"]])

    @unittest.skipUnless(shutil.which("kubectl"), "kubectl is not installed")
    def test_workload_identity_is_asked_for_in_place_or_by_an_overlay(self):
        for lines in "components: [workload_identity]", "":
            with self.subTest(lines), tempfile.TemporaryDirectory() as folder:
                base = pathlib.Path(folder) / "base"
                shutil.copytree(FOLDER, base)
                with open(base / "kustomization.yaml", "a", encoding="utf-8") as file:
                    file.write(lines + "\n")
                overlay = pathlib.Path(folder) / "overlay"
                overlay.mkdir()
                (overlay / "kustomization.yaml").write_text(
                    "resources: [../base]\n" +
                    ("" if lines else "components: [../base/workload_identity]\n"), encoding="utf-8")
                made = {document["kind"]: document for document in rendered(overlay)}
                pod = made["Deployment"]["spec"]["template"]["spec"]
                self.assertEqual(pod["serviceAccountName"], made["ServiceAccount"]["metadata"]["name"])
                self.assertEqual({document["metadata"]["namespace"] for document in made.values()},
                                 {"monitoring"})
                self.assertEqual({volume["name"] for volume in pod["volumes"]}, {"assertion", "config"})

    @unittest.skipUnless(shutil.which("kubectl"), "kubectl is not installed")
    def test_a_changed_configuration_is_a_config_map_of_another_name(self):
        name = self.made["ConfigMap"]["metadata"]["name"]
        self.assertRegex(name, rf"^{NAME}-[a-z0-9]{{10}}$")
        volumes = {volume["name"]: volume for volume in self.pod["spec"]["volumes"]}
        self.assertEqual(volumes["config"]["configMap"]["name"], name)

    @unittest.skipUnless(shutil.which("kubectl"), "kubectl is not installed")
    def test_dashboards_are_config_maps_that_the_sidecar_takes(self):
        maps = rendered(DASHBOARDS)
        self.assertEqual({key: text for each in maps for key, text in each["data"].items()},
                         {path.name: path.read_text(encoding="utf-8")
                          for path in DASHBOARDS.glob("*.json")})
        for each in maps:
            self.assertEqual(each["metadata"]["labels"]["grafana_dashboard"], "1")
            # The limit of the annotation of `kubectl apply` without
            # --server-side.
            self.assertLess(sum(map(len, each["data"].values())), 256 * 1024)

    def test_the_program_accepts_the_configuration(self):
        if not PROGRAM:
            self.skipTest("no program given")
        self.check("operator_connect_exporter.yml", "/etc/operator_connect_exporter_secrets", "emea")
        self.check(f"{IDENTITY}/operator_connect_exporter.yml",
                   "/var/run/secrets/azure/tokens", "azure-identity-token")

    def check(self, name, secrets, file):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / file).write_text("secret", encoding="utf-8")
            text = (FOLDER / name).read_text(encoding="utf-8")
            (path / "exporter.yml").write_text(
                text.replace(secrets, folder), encoding="utf-8")
            checked = subprocess.run(
                [PROGRAM, "--config.check", f"--config.file={path / 'exporter.yml'}"],
                check=False, capture_output=True, text=True, timeout=60)
            self.assertEqual(checked.returncode, 0, checked.stderr)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        PROGRAM = sys.argv.pop(1)
    unittest.main()
