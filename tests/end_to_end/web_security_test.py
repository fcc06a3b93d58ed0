"""--web.config.file with real clients: Prometheus gets in by TLS, by client
certificate and by password; curl and openssl do not where they should not;
certificates change while the program runs."""

import re

import harness
from certificates import Certificate
from harness import run, wait_until
from secured import (CLIENTS, CONFIG, HASH, OTHER_PASSWORD, PASSWORD, TLS,
                     USERS, SecuredTest)

JOB = """\
  - job_name: {name}
    metrics_path: /metrics/exporter
    scheme: https
    tls_config: {{{tls}}}
    {auth}
    static_configs: [{{targets: ["{address}"]}}]
"""


class WebSecurityTest(SecuredTest):
    def s_client(self, address, *args):
        """(openssl's output about a handshake, whether it was completed)."""
        result = run([harness.program("openssl"), "s_client", "-connect",
                      address, "-CAfile", self.ca.file, *args])
        done = "Cipher is (NONE)" not in result.stdout
        return done, result.stdout + result.stderr

    def test_prometheus_gets_in_by_tls_by_certificate_and_by_password(self):
        client = Certificate(self.folder, "client", self.ca)
        addresses = {name: self.serve(text, name=name) for name, text in (
            ("tls", TLS), ("certificate", CLIENTS), ("password", TLS + USERS))}
        ca = f"ca_file: {self.ca.file}"
        both = f"{ca}, cert_file: {client.file}, key_file: {client.key_file}"
        login = "basic_auth: {{username: {}, password: {}}}".format
        right = login("prometheus", PASSWORD)
        jobs = (("tls", ca, ""), ("certificate", both, ""),
                ("password", ca, right), ("tls-unknown", "", ""),
                ("certificate-none", ca, ""), ("password-none", ca, ""),
                ("password-wrong", ca, login("prometheus", OTHER_PASSWORD)))
        config = ("global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
                  "scrape_configs:\n")
        for name, tls, auth in jobs:
            address = addresses[name.partition("-")[0]]
            config += JOB.format(name=name, tls=tls, auth=auth,
                                 address=address)
        prometheus = self.start(harness.Prometheus, self.folder,
                                self.file("prometheus.yml", config))
        wait_until(lambda: len(prometheus.query("up")) == len(jobs)
                   and prometheus.scalar("sum(up)") == 3, "three that are up")
        self.assertEqual(prometheus.by_label("up", "job"), {
            name: float("-" not in name) for name, _, _ in jobs})
        self.assertEqual(
            len(prometheus.query("operator_connect_exporter_build_info")), 3)
        def error_of(job):
            return next(target["lastError"] for target
                        in prometheus.api("targets")["activeTargets"]
                        if target["labels"]["job"] == job)
        # Each with a separate wait: on a slow machine a scrape may time out
        # instead. In TLS 1.3 the alert arrives after the client's handshake is
        # done.
        for job, reason in (
                ("tls-unknown", "certificate signed by unknown authority"),
                ("certificate-none", "tls: |reset|broken"),
                ("password-none", "401"), ("password-wrong", "401")):
            wait_until(lambda job=job, reason=reason:
                       re.search(reason, error_of(job)), (job, reason))

    def test_clients_without_a_known_certificate_get_no_response(self):
        address = self.serve(CLIENTS)
        stranger = Certificate(self.folder, "stranger",
                               Certificate(self.folder, "strange-ca"))
        known = Certificate(self.folder, "client", self.ca)
        self.assertEqual(self.curl(address, *self.by_certificate(known)),
                         (0, 200))
        for name, args in (("none", ()),
                           ("another authority's",
                            self.by_certificate(stranger))):
            for version in ("1.2", "1.3"):
                with self.subTest(name, version=version):
                    code, status = self.curl(address, f"--tlsv{version}",
                                             "--tls-max", version, *args)
                    self.assertNotEqual(code, 0)
                    self.assertEqual(status, 0)
        # A client that does not know the server fails, too.
        self.assertEqual(self.curl(address, *self.by_certificate(known),
                                   ca="strange-ca"), (60, 0))

    def test_old_protocols_are_refused_unless_they_are_allowed(self):
        old = ("-cipher", "DEFAULT@SECLEVEL=0")
        address = self.serve(TLS + "  min_version: TLS12\n")
        default = self.serve(TLS, name="default")
        allows = self.serve(TLS + "  min_version: TLS10\n", name="allows")
        for version in ("-tls1", "-tls1_1"):
            for refusing in (address, default):
                done, said = self.s_client(refusing, version, *old)
                self.assertFalse(done, said)
                self.assertIn("alert protocol version", said)
            # The client could connect: the server refuses.
            done, said = self.s_client(allows, version, *old)
            self.assertTrue(done, said)
        for version in ("-tls1_2", "-tls1_3"):
            self.assertTrue(self.s_client(address, version)[0], version)
        only13 = self.serve(TLS + "  min_version: TLS13\n", name="only13")
        self.assertFalse(self.s_client(only13, "-tls1_2")[0])

    def test_only_the_configured_cipher_suites_are_accepted(self):
        address = self.serve(TLS + "  max_version: TLS12\n  cipher_suites: "
                             "[TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n")
        done, said = self.s_client(address, "-cipher",
                                   "ECDHE-ECDSA-AES128-GCM-SHA256")
        self.assertFalse(done, said)
        done, said = self.s_client(address)
        self.assertTrue(done, said)
        self.assertIn("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384", said)

    def presented(self, address):
        """The serial of the certificate that a new client gets."""
        _, said = self.s_client(address)
        pem = said[said.index("-----BEGIN"):said.index("-----END")]
        path = self.file("presented.pem", pem + "-----END CERTIFICATE-----\n")
        return run([harness.program("openssl"), "x509", "-noout", "-serial",
                    "-in", path]).stdout.strip()

    def test_a_renewed_certificate_is_shown_to_new_connections(self):
        address = self.serve(TLS + USERS)
        old = self.server.serial()
        self.assertEqual(self.presented(address), old)
        kept = self.connect(address)
        self.assertEqual(self.get(kept).status, 200)
        renewed = Certificate(self.folder, "renewed", self.ca)
        # In two steps, as in practice: between them they do not match.
        self.replace("server.pem", renewed.file.read_text())
        self.assertEqual(self.presented(address), old)
        self.exporter.wait_for_line("key does not belong to the certificate")
        self.replace("server.key", renewed.key_file.read_text())
        self.assertEqual(self.presented(address), renewed.serial())
        self.assertEqual(self.get(kept).status, 200)
        kept.close()
        self.assertNotEqual(old, renewed.serial())


    def test_a_web_configuration_that_cannot_work_is_refused(self):
        config = self.file("exporter.yml", CONFIG)
        Certificate(self.folder, "other", self.ca)
        self.file("empty.pem", "")
        plain = "a-plain-password"
        for name, text, said in (
                ("unknown key", TLS + "colour: red\n", r":4: colour"),
                ("unknown key inside", TLS + "  colour: red\n",
                 r":4: tls_server_config\.colour"),
                ("plain password", f"basic_auth_users:\n  bob: {plain}\n",
                 r":2: basic_auth_users\.bob.*bcrypt"),
                ("no certificate", TLS.replace("server.pem", "nowhere.pem"),
                 r":2: tls_server_config\.cert_file.*nowhere\.pem"),
                ("empty certificate", TLS.replace("server.pem", "empty.pem"),
                 r":2: tls_server_config\.cert_file: "
                 r".*empty\.pem: holds no PEM certificate"),
                ("key of another", TLS.replace("server.key", "other.key"),
                 r":3: tls_server_config\.key_file: "
                 r".*other\.key: the key does not belong"),
                ("key that is none", TLS.replace("server.key", "server.pem"),
                 r":3: tls_server_config\.key_file: "
                 r".*server\.pem: holds no PEM private key"),
                ("bcrypt cost", USERS.replace(HASH, HASH[:4] + "18" + HASH[6:]),
                 r":1: basic_auth_users\.prometheus.*cost of 18")):
            web = self.file("web.yml", text)
            for mode in (["--config.check"],
                         ["--web.listen-address=127.0.0.1:0"]):
                with self.subTest(name, mode=mode):
                    result = run([harness.program("exporter"), *mode,
                                  f"--config.file={config}",
                                  f"--web.config.file={web}"])
                    self.assertEqual(result.returncode, 1, result.stderr)
                    self.assertRegex(result.stderr, r"web\.yml.*" + said)
                    self.assertNotIn(plain, result.stderr + result.stdout)

    def test_an_expired_certificate_serves_and_is_logged(self):
        self.server.expire()
        address = self.serve(TLS)
        self.assertIn("certificate has expired", self.exporter.output)
        self.assertEqual(self.curl(address, "--insecure"), (0, 200))
        self.assertEqual(self.curl(address), (60, 0))

    def test_headers_of_the_web_configuration_are_in_every_response(self):
        wanted = {"X-Frame-Options": "deny",
                  "Strict-Transport-Security": "max-age=31536000",
                  "X-XSS-Protection": "0",
                  "Content-Security-Policy": "default-src 'self'"}
        address = self.serve(
            TLS + USERS + "http_server_config:\n  headers:\n" + "".join(
                f'    {name}: "{value}"\n' for name, value in wanted.items()))
        connection = self.connect(address)
        for path, password in (("/metrics", PASSWORD), ("/", PASSWORD),
                               ("/nowhere", PASSWORD), ("/", "wrong")):
            reply = self.get(connection, path, password)
            for name, value in wanted.items():
                with self.subTest(path, status=reply.status, header=name):
                    self.assertEqual(reply.headers.get_all(name), [value])
        connection.close()


if __name__ == "__main__":
    harness.main()
