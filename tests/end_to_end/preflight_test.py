"""--once as the online check: for each common mistake one line with its
meaning and the remedy, and without secrets. Also the authorisation without
client_secret."""

import http.server
import json
import re
import socket
import subprocess
import threading

import harness
from certificates import Certificate
from configurations import ACCOUNT, COLLECTION
from harness import EndToEndTest, Exposition, run, wait_until

# Must not appear in a shared terminal.
BODY = "a-text-of-the-answer"


class PreflightTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        self.account = dict(self.simulator.accounts()[0], name="emea")

    def write(self, text=ACCOUNT, **account):
        return self.file("exporter.yml", COLLECTION.format()
                         + text.format(**{**self.account, **account}))

    def once(self, config):
        """The account's line, after its name."""
        result = run([harness.program("exporter"), "--once",
                      f"--config.file={config}"])
        self.returncode = result.returncode
        self.exposition = Exposition(result.stdout)
        lines = [line for line in result.stderr.split("\n")
                 if line.startswith("emea at ")]
        self.assertEqual(len(lines), 1, result.stderr)
        for secret in (harness.Simulator.SECRET, "simulated-default", BODY,
                       "a-wrong-secret", "Bearer"):
            self.assertNotIn(secret, result.stderr + result.stdout)
        return lines[0]

    def assert_fails(self, config, *said):
        line = self.once(config)
        for words in said:
            self.assertIn(words, line)
        self.assertIn("FAILED", line)
        self.assertEqual(self.returncode, 1)
        self.assertEqual(self.exposition.value("operator_connect_up"), 0)
        self.assertEqual(self.exposition.of("operator_connect_leads"), [])

    def fault(self, **fault):
        self.simulator.control("faults", method="DELETE")
        self.simulator.control("faults", method="POST",
                               data=json.dumps(fault))

    def assert_token_error(self, status, error, number, *said):
        self.fault(endpoint="token", action="status", status=status,
                   body=json.dumps({
                       "error": error, "error_description":
                       f"AADSTS{number}: {BODY} Trace ID: 1"}))
        self.assert_fails(self.write(), f"AADSTS{number}: ", *said)

    def test_a_success_is_one_line_with_counts_and_times(self):
        line = self.once(self.write())
        self.assertEqual(self.returncode, 0)
        self.assertRegex(
            line, "^emea at " + re.escape(self.account["base_url"])
            + r": ok; leads ok, 10 leads in \d+\.\d s; numbers ok, "
            r"\d+ numbers of \d+ tenants in \d+\.\d s$")

    def test_an_output_that_cannot_be_written_is_reported(self):
        config = self.write()
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run(
                [harness.program("exporter"), "--once",
                 f"--config.file={config}"], stdout=full, text=True,
                stderr=subprocess.PIPE, check=False,
                timeout=harness.WAIT_SECONDS)
        self.assertEqual(result.returncode, 1)
        self.assertIn("cannot write the metrics to standard output: No space",
                      result.stderr)
        self.assertIn("emea at ", result.stderr)

    def test_refusals_of_the_token_endpoint_are_explained(self):
        for status, error, number, said in (
                (400, "invalid_request", 90002, "the tenant in token_url "
                 "does not exist"),
                (401, "invalid_client", 7000222, "the client secret has "
                 "expired: make a new one"),
                (400, "invalid_request", 65001, "an administrator must grant"),
                (400, "invalid_grant", 501051, "no role"),
                (400, "invalid_resource", 500011, "scopes")):
            with self.subTest(number):
                self.assert_token_error(status, error, number, said)

    def test_wrong_credentials_are_distinguished(self):
        for name, change, said in (
                ("secret", {"client_secret": "a-wrong-secret"},
                 ("AADSTS7000215", "the client secret is wrong", "not its id")),
                ("client", {"client_id": "nobody"},
                 ("AADSTS700016", "no application with this client_id")),
                ("scope", {"scope": "api://other/.default"},
                 ("AADSTS70011", "scopes is not valid"))):
            with self.subTest(name):
                self.assert_fails(self.write(**change), *said)

    def test_a_missing_role_or_consent_is_reported(self):
        self.fault(endpoint="leads", action="status", status=403, body=BODY)
        self.assert_fails(self.write(), "status 403", "role", "consent")

    def test_a_base_url_without_its_path_is_reported(self):
        url = self.account["base_url"]
        self.assertTrue(url.endswith("/tenantui"))
        self.assert_fails(self.write(base_url=url[:-len("/tenantui")]),
                          "status 404", "base_url usually ends in /tenantui")

    def test_the_page_of_a_proxy_is_reported(self):
        page = f"<html><body>{BODY}</body></html>"
        for endpoint in ("leads", "token"):
            for status in (200, 302, 403, 407):
                with self.subTest(endpoint, status=status):
                    self.fault(endpoint=endpoint, action="status",
                               status=status, body=page,
                               content_type="text/html")
                    self.assert_fails(
                        self.write(), f"status {status}", "text/html",
                        "redirect" if status == 302 else "proxy")

    def test_an_unknown_certificate_is_reported(self):
        Certificate(self.folder, "unknown")
        server = self.start(
            harness.Simulator, f"--tls-cert={self.folder}/unknown.pem",
            f"--tls-key={self.folder}/unknown.key", *harness.SEED_ARGS)
        url = server.accounts()[0]["base_url"]
        self.assert_fails(self.write(base_url=url), "is not trusted",
                          "tls_config.ca_file")
        trusts = ACCOUNT + "    tls_config: {{ca_file: unknown.pem}}\n"
        self.assertNotIn("trusted", self.once(self.write(
            trusts, base_url=url)))
        other = url.replace("127.0.0.1", "localhost")
        self.assert_fails(self.write(trusts, base_url=other),
                          "is for another name", "server_name")

    def test_an_unused_name_or_port_is_reported(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            self.assert_fails(
                self.write(base_url=f"http://127.0.0.1:{port}/tenantui"),
                f"cannot connect to 127.0.0.1:{port}", "Connection refused")
        self.assert_fails(
            self.write(base_url="https://no-such-host.invalid/tenantui"),
            "the name of no-such-host.invalid", "cannot be resolved")
        self.assert_fails(
            self.write(token_url="https://no-such-host.invalid/token"),
            "the name of no-such-host.invalid", "cannot be resolved")

    def test_https_to_a_port_with_plain_http_is_reported(self):
        class Quiet(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.assert_fails(self.write(
            base_url=f"https://127.0.0.1:{server.server_port}/tenantui"),
            "does not speak TLS")


class CredentialsTest(EndToEndTest):
    """Instead of client_secret."""

    def test_a_certificate_is_a_client_credential(self):
        Certificate(self.folder, "client", rsa=True)
        Certificate(self.folder, "other", rsa=True)
        simulator = self.start(
            harness.Simulator, *harness.SEED_ARGS,
            f"--client-certificate={self.folder}/client.pem")
        for name, code, up in (("client", 0, 1), ("other", 1, 0)):
            with self.subTest(name):
                config = self.file("exporter.yml", COLLECTION.format()
                                   + ACCOUNT.replace(
                    "client_secret: {client_secret}",
                    f"client_certificate_file: {name}.pem\n"
                    f"      client_certificate_key_file: {name}.key").format(
                        **simulator.accounts()[0]))
                result = run([harness.program("exporter"), "--once",
                              f"--config.file={config}"])
                self.assertEqual(result.returncode, code, result.stderr)
                self.assertEqual(Exposition(result.stdout).value(
                    "operator_connect_up"), up)
        self.assertIn("AADSTS700027", result.stderr)
        self.assertIn("is the certificate uploaded", result.stderr)
        self.assertNotIn("PRIVATE", result.stderr)

    def serve(self, text):
        self.exporter = self.start(harness.Exporter, self.file(
            "exporter.yml", COLLECTION.format().replace("min_interval: 1s",
                                                    "min_interval: 0s")
            + text))

    def up(self):
        return Exposition(self.exporter.metrics()).value("operator_connect_up")

    def test_a_credentials_file_is_read_at_each_use(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)

        def token():
            return simulator.control("token")["access_token"] + "\n"
        self.file("token", token())
        account = simulator.accounts()[0]
        self.serve(f"  - name: emea\n    base_url: {account['base_url']}\n"
                   "    authorization: {credentials_file: token}\n"
                   "    requests_per_second: 0\n")
        self.assertEqual(self.up(), 1)
        simulator.control("revoke", method="POST", data="")
        self.assertEqual(self.up(), 0)
        self.file("token", token())
        self.assertEqual(self.up(), 1)

    def test_a_rotated_client_secret_works_without_a_restart(self):
        simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        account = simulator.accounts()[0]
        self.file("secret", f"  {account['client_secret']}\n")
        self.serve(ACCOUNT.replace("client_secret: {client_secret}",
                                   "client_secret_file: secret").format(
                                       **account))
        self.assertEqual(self.up(), 1)
        simulator.control("options", method="POST", data="",
                          client_secret="a-rotated-secret")
        self.file("secret", "a-rotated-secret\n")
        simulator.control("revoke", method="POST", data="")
        # The first scrape may get the platform's 401 first.
        wait_until(lambda: self.up() == 1 and simulator.control(
            "requests")["counts"]["token"] == 2, "the new secret's token")
        self.assertNotIn("secret", self.exporter.output)


if __name__ == "__main__":
    harness.main()
