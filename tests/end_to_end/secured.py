"""Shared by the tests of --web.config.file: an exporter with one, and its
clients."""

import base64
import http.client
import os
import ssl

import harness
from certificates import Certificate
from harness import EndToEndTest, run

CONFIG = """\
accounts:
  - name: emea
    base_url: http://127.0.0.1:9/tenantui
    authorization: {credentials: a-credential}
"""
# The passwords' bcrypt hashes with cost 10.
PASSWORD = "a-scrape-password"
HASH = "$2y$10$abcdefghijklmnopqrstuupqb85sN/BNr3g6iWUbEyueZv01/ppSa"
OTHER_PASSWORD = "another-password"
OTHER_HASH = "$2b$10$abcdefghijklmnopqrstuuYJvwPOjOl.XPMpM6KqkyeYip1fDF5pi"
USERS = f"basic_auth_users: {{prometheus: {HASH}}}\n"

TLS = """\
tls_server_config:
  cert_file: server.pem
  key_file: server.key
"""
CLIENTS = TLS + """\
  client_ca_file: ca.pem
  client_auth_type: RequireAndVerifyClientCert
"""


class SecuredTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.ca = Certificate(self.folder, "ca")
        self.server = Certificate(self.folder, "server", self.ca)
        self.context = ssl.create_default_context(cafile=self.ca.file)
        # Newer Pythons require extensions that test certificates lack.
        self.context.verify_flags &= ~ssl.VERIFY_X509_STRICT

    def serve(self, web_config, *args, name="web"):
        """Starts an exporter with that web configuration; its address."""
        web = self.file(f"{name}.yml", web_config)
        self.exporter = self.start(
            harness.Exporter, self.file("exporter.yml", CONFIG),
            f"--web.config.file={web}", *args, ready=False)
        return self.exporter.address

    def replace(self, name, text):
        """Replaces a file in one step, like certificate managers do."""
        os.replace(self.file(name + ".new", text), self.folder / name)

    def curl(self, address, *args, path="/metrics/exporter", ca="ca"):
        """(curl's exit code, status); status 0 without a response."""
        result = run([harness.program("curl"), "--silent", "--output",
                      self.folder / "body", "--write-out", "%{http_code}",
                      "--max-time", "20", "--cacert",
                      self.folder / f"{ca}.pem", *args,
                      f"https://{address}{path}"])
        return result.returncode, int(result.stdout)

    def as_user(self, user, password):
        """Arguments for curl()."""
        return ("--user", f"{user}:{password}")

    def by_certificate(self, certificate):
        """Arguments for curl()."""
        return ("--cert", certificate.file, "--key", certificate.key_file)

    def connect(self, address):
        """A connection to the exporter."""
        host, port = address.split(":")
        return http.client.HTTPSConnection(host, int(port), timeout=20,
                                           context=self.context)

    def get(self, connection, path="/metrics/exporter", password=PASSWORD):
        """The response to a request of the user prometheus."""
        token = base64.b64encode(f"prometheus:{password}".encode())
        connection.request("GET", path, headers={
            "Authorization": "Basic " + token.decode("ascii")})
        reply = connection.getresponse()
        reply.read()
        return reply
