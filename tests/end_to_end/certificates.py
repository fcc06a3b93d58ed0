"""Certificates for the end-to-end tests, made by the openssl program."""

import pathlib

import harness
from harness import run


def openssl(*args):
    result = run([harness.program("openssl"), *args])
    assert result.returncode == 0, result.stderr
    return result.stdout


class Certificate:
    """PEM files, `file` and `key_file`. Signed by `ca`, or self-signed without
    it; valid for `names`: DNS:…, IP:…."""

    def __init__(self, folder, name, ca=None, names="IP:127.0.0.1",
                 rsa=False):
        self.file = pathlib.Path(folder) / f"{name}.pem"
        self.key_file = pathlib.Path(folder) / f"{name}.key"
        algorithm = (["rsa:2048"] if rsa else
                     ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        # An authority has basicConstraints, which must be set once: the
        # system's configuration would set it, too.
        configuration = pathlib.Path(folder) / "openssl.cnf"
        configuration.write_text("[req]\ndistinguished_name = name\n[name]\n",
                                 encoding="ascii")
        signer = ["-CA", ca.file, "-CAkey", ca.key_file] if ca else []
        openssl("req", "-x509", "-config", configuration, "-newkey",
                *algorithm, "-nodes", "-sha256", "-subj", f"/CN={name}",
                "-days", "2", "-keyout", self.key_file, "-out", self.file,
                "-addext", f"subjectAltName={names}", "-addext",
                f"basicConstraints=critical,CA:{'FALSE' if ca else 'TRUE'}",
                *signer)

    def expire(self):
        """Signs it again by itself, valid until yesterday."""
        sign = ["x509", "-in", self.file, "-signkey", self.key_file]
        try:
            text = openssl(*sign, "-days", "-1")
        except AssertionError:  # newer versions require the start
            text = openssl(*sign, "-not_before", "20200101000000Z",
                           "-not_after", "20200102000000Z")
        self.file.write_text(text, encoding="ascii")

    def serial(self):
        """The serial in the form of `openssl x509 -serial`."""
        return openssl("x509", "-noout", "-serial", "-in", self.file).strip()
