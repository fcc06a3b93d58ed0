"""A real forward proxy, tinyproxy, between the exporter and the platform."""

import base64
import socket

import harness
from certificates import Certificate
from configurations import ACCOUNT, COLLECTION
from harness import EndToEndTest, Exposition, wait_until

USER, PASSWORD = "a-proxy-user", "a-proxy-password"
TINYPROXY = """\
Port {port}
Listen 127.0.0.1
Timeout 60
MaxClients 20
LogLevel Connect
"""


class ProxiesTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        if harness.fetched("tinyproxy") is None:
            self.skipTest("tinyproxy could not be fetched")
        # Not localhost's name, which would be reached directly.
        self.host = socket.gethostname()
        try:
            address = socket.gethostbyname(self.host)
        except OSError:
            self.skipTest("this machine's name has no address")
        self.authority = Certificate(self.folder, "ca")
        server = Certificate(self.folder, "server", self.authority, f"DNS:{self.host}")
        self.simulator = self.start(
            harness.Simulator, *harness.SEED_ARGS, f"--tls-cert={server.file}",
            f"--tls-key={server.key_file}", listen=f"{address}:0")
        self.account = {key: value.replace(address, self.host) for key, value
                        in self.simulator.accounts()[0].items()}

    def start_proxy(self, *, password=False):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        text = TINYPROXY.format(port=port)
        if password:
            text += f"BasicAuth {USER} {PASSWORD}\n"
        self.proxy = self.start(harness.Process, "tinyproxy",
                                [harness.program("tinyproxy"), "-d", "-c", self.file("tinyproxy.conf", text)])
        self.proxy_address = f"127.0.0.1:{port}"
        wait_until(self.listens, "tinyproxy")

    def listens(self):
        host, port = self.proxy_address.split(":")
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            return False
        return True

    def tunnels(self):
        """The number of CONNECTs to the proxy."""
        return self.proxy.output.count(f"CONNECT {self.host}:")

    def serve(self, lines, env=None):
        """Starts the exporter with these lines for the account and for its
        oauth2; returns a scrape."""
        settings = [f"tls_config: {{ca_file: {self.authority.file}}}", *lines]
        text = (COLLECTION.format() + ACCOUNT.format(**self.account).replace(
            "    requests_per_second", "".join(f"      {line}\n" for line in settings)
            + "    requests_per_second") + "".join(f"    {line}\n" for line in settings))
        self.exporter = self.start(harness.Exporter, self.file("exporter.yml", text),
                                   "--log.level=debug", "--scrape.default-timeout=1m", env=env)
        return Exposition(self.exporter.metrics())

    def assert_up(self, scrape, value=1):
        self.assertEqual(scrape.value("operator_connect_up", account="default"), value,
                         self.exporter.output)
        for secret in PASSWORD, "a-simulated-secret":
            self.assertNotIn(secret, self.exporter.output)
            self.assertNotIn(secret, harness.http(self.exporter.url + "/config").text)

    def test_everything_goes_through_a_proxy(self):
        self.start_proxy()
        self.assert_up(self.serve([f"proxy_url: http://{self.proxy_address}"]))
        self.assertGreaterEqual(self.tunnels(), 2, self.proxy.output)

    def test_a_password_in_the_url_opens_the_proxy(self):
        self.start_proxy(password=True)
        self.assert_up(self.serve([f"proxy_url: http://{USER}:{PASSWORD}@{self.proxy_address}"]))
        self.assertGreaterEqual(self.tunnels(), 2, self.proxy.output)

    def test_a_password_in_a_file_opens_the_proxy(self):
        self.start_proxy(password=True)
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode("ascii")
        self.file("proxy", f"Basic {token}\n")
        scrape = self.serve([f"proxy_url: http://{self.proxy_address}",
                             "proxy_connect_header: {Proxy-Authorization: {files: [proxy]}}"])
        self.assert_up(scrape)
        self.assertNotIn(token, self.exporter.output)
        self.assertNotIn(token, harness.http(self.exporter.url + "/config").text)

    def test_a_proxy_that_requires_another_password_is_reported(self):
        self.start_proxy(password=True)
        self.assert_up(self.serve([f"proxy_url: http://{USER}:wrong@{self.proxy_address}"]), 0)
        self.assertRegex(self.exporter.output, "the proxy .* answered 40[17]")

    def test_hosts_in_no_proxy_are_reached_directly(self):
        self.start_proxy()
        self.assert_up(self.serve([f"proxy_url: http://{self.proxy_address}",
                                   f"no_proxy: other.example,{self.host}"]))
        self.assertEqual(self.tunnels(), 0, self.proxy.output)

    def test_hosts_not_in_no_proxy_use_the_proxy(self):
        self.start_proxy()
        self.assert_up(self.serve([f"proxy_url: http://{self.proxy_address}",
                                   f"no_proxy: other.example,.{self.host}"]))
        self.assertGreaterEqual(self.tunnels(), 2, self.proxy.output)

    def test_the_environment_s_proxy_is_used_on_demand(self):
        self.start_proxy()
        env = {"HTTPS_PROXY": f"http://{self.proxy_address}"}
        self.assert_up(self.serve(["proxy_from_environment: true"], env=env))
        self.assertGreaterEqual(self.tunnels(), 2, self.proxy.output)
        self.assertNotIn(self.proxy_address, harness.http(self.exporter.url + "/config").text)

    def test_the_environment_s_exceptions_are_respected(self):
        self.start_proxy()
        env = {"HTTPS_PROXY": f"http://{self.proxy_address}", "NO_PROXY": self.host}
        self.assert_up(self.serve(["proxy_from_environment: true"], env=env))
        self.assertEqual(self.tunnels(), 0, self.proxy.output)


if __name__ == "__main__":
    harness.main()
