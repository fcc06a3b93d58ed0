"""The program's command line: output and exit codes."""

import re
import signal
import socket
import unittest

import harness
from harness import EndToEndTest, run

GOOD = """\
accounts:
  - name: emea
    base_url: http://127.0.0.1:9/tenantui
    authorization:
      credentials: not-to-be-seen
"""
SECRET = "not-to-be-seen"


def exporter(*args, seconds=None):
    return run([harness.program("exporter"), *args], seconds=seconds)


class CommandLineTest(EndToEndTest):
    def test_help_names_every_flag_and_exits_with_0(self):
        result = exporter("--help")
        self.assertEqual(result.returncode, 0, result.stderr)
        for flag in ("config.file", "config.check", "web.listen-address",
                     "web.telemetry-path", "web.config.file",
                     "config.auto-reload-interval", "web.systemd-socket",
                     "web.max-requests", "web.enable-lifecycle",
                     "web.health-without-auth", "scrape.default-timeout",
                     "timeout-offset", "once", "log.level", "log.format", "version"):
            self.assertIn(f"--{flag}", result.stdout)

    def test_version_names_program_and_version(self):
        result = exporter("--version")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout,
                         r"operator_connect_exporter.*\d+\.\d+\.\d+")

    def test_wrong_usage_exits_with_2(self):
        config = self.file("good.yml", GOOD)
        for args in (["--no-such-flag"],
                     ["stray"],
                     ["--log.level=loud"],
                     ["--log.format=xml"],
                     ["--timeout-offset=soon"],
                     ["--web.max-requests=many"],
                     ["--web.listen-address=nonsense"],
                     ["--config.auto-reload-interval=often"],
                     ["--config.file"]):
            with self.subTest(args=args):
                known = [] if args == ["--config.file"] else [
                    f"--config.file={config}"]
                result = exporter(*known, *args)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertEqual(result.stdout, "")
                self.assertNotEqual(result.stderr.strip(), "")

    def test_a_flag_s_value_can_be_the_next_argument(self):
        config = self.file("good.yml", GOOD)
        result = exporter("--config.check", "--config.file", config)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_missing_configuration_exits_with_1_and_names_the_file(self):
        result = exporter(f"--config.file={self.folder}/nowhere.yml")
        self.assertEqual(result.returncode, 1)
        self.assertIn("nowhere.yml", result.stderr)

    def test_systemd_s_socket_is_required_by_its_flag(self):
        config = self.file("good.yml", GOOD)
        result = exporter(f"--config.file={config}", "--web.systemd-socket")
        self.assertEqual(result.returncode, 1)
        self.assertIn("systemd has handed over no socket", result.stderr)

    def test_only_systemd_s_sockets_are_listened_on(self):
        config = self.file("good.yml", GOOD)
        for flags in ["--web.systemd-socket"], []:
            with self.subTest(flags=flags), socket.socket() as handed:
                handed.bind(("127.0.0.1", 0))
                handed.listen()
                address = "127.0.0.1:%d" % handed.getsockname()[1]
                # Like systemd: on descriptor 3, for this process alone.
                service = self.start(harness.Process, "exporter", [
                    "sh", "-c", 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" "$@"',
                    harness.program("exporter"), f"--config.file={config}",
                    "--web.listen-address=127.0.0.1:1", *flags],
                    descriptor=handed.fileno())
                harness.wait_until(
                    lambda: harness.answers(f"http://{address}/-/ready"),
                    "an answer on the socket that was handed over")
                self.assertEqual(service.output.count("listening"), 1)
                self.assertEqual(service.stop(), 0)

    def test_a_listener_that_cannot_open_exits_with_1_and_names_it(self):
        config = self.file("good.yml", GOOD)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            result = exporter(f"--config.file={config}",
                              f"--web.listen-address={address}")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn(address, result.stderr)

    def test_a_second_program_on_the_same_address_is_refused(self):
        config = self.file("good.yml", GOOD)
        first = self.start(harness.Exporter, config)
        second = exporter(f"--config.file={config}",
                          f"--web.listen-address={first.address}")
        self.assertEqual(second.returncode, 1, second.stderr)
        self.assertTrue(harness.answers(first.url + "/-/healthy"))

    def test_sigterm_and_sigint_end_it_soon_with_0(self):
        config = self.file("good.yml", GOOD)
        for signum in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=signum.name):
                process = self.start(harness.Exporter, config)
                self.assertEqual(process.stop(signum, seconds=5), 0)

    def test_standard_output_stays_empty_while_it_serves(self):
        config = self.file("good.yml", GOOD)
        # The harness joins the streams: every line must be a log line.
        process = self.start(harness.Exporter, config, "--log.format=json")
        harness.http(process.url + "/metrics")
        self.assertEqual(process.stop(), 0)
        for line in process.output.split("\n"):
            self.assertRegex(line, r"^\{.*\}$")


class ConfigCheckTest(EndToEndTest):
    def check(self, text, *args):
        path = self.file("exporter.yml", text)
        return exporter("--config.check", f"--config.file={path}", *args)

    def test_a_good_configuration_exits_with_0(self):
        result = self.check(GOOD)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn(SECRET, result.stdout + result.stderr)

    def test_each_fault_is_one_line_with_file_line_and_key(self):
        oauth2 = ("    oauth2: {client_id: a, client_secret: not-to-be-seen, "
                  "token_url: 'http://127.0.0.1:9/t', scopes: [s]}\n")
        account = ("accounts:\n  - name: emea\n"
                   "    base_url: http://127.0.0.1:9/tenantui\n")
        auth = "    authorization: {credentials: not-to-be-seen}\n"
        cases = {
            "unknown key": (GOOD + "    colour: red\n", 6,
                            r"accounts\[0\]\.colour"),
            "unknown key at the top": ("colour: red\n" + GOOD, 1, "colour"),
            "wrong type": (account + auth + "    concurrency: [1]\n", 5,
                           r"accounts\[0\]\.concurrency"),
            "missing secret file": (
                account + "    authorization:\n"
                "      credentials_file: nowhere\n", 5,
                r"accounts\[0\]\.authorization\.credentials_file"),
            "bad duration": (account + auth + "    request_timeout: soon\n", 5,
                             r"accounts\[0\]\.request_timeout"),
            "duplicate account": (
                account + auth + account.replace("accounts:\n", "") + auth, 5,
                r"accounts\[1\]\.name"),
            "duplicate key": (account + auth + "    name: apac\n", 5, "name"),
            "both ways of authorization": (account + oauth2 + auth, None,
                                           r"accounts\[0\]"),
            "no way of authorization": (account, None, r"accounts\[0\]"),
            "bad URL": (
                GOOD.replace("http://127.0.0.1:9/tenantui", "htp:/nowhere"), 3,
                r"accounts\[0\]\.base_url"),
            "plain http to another machine": (
                GOOD.replace("127.0.0.1:9", "live.example.com"), 3,
                r"accounts\[0\]\.base_url"),
            "tabs": ("accounts:\n\t- name: emea\n", 2, ""),
            "max_age too short": (
                "collection:\n  leads: {min_interval: 50s, max_age: 1m, "
                "timeout: 5m}\n" + GOOD, 2, r"collection\.leads"),
        }
        for name, (text, line, key) in cases.items():
            with self.subTest(name):
                result = self.check(text)
                self.assertEqual(result.returncode, 1, result.stderr)
                lines = [l for l in result.stderr.split("\n")
                         if re.search(r"exporter\.yml:\d+: .*" + key, l)]
                self.assertEqual(len(lines), 1, result.stderr)
                if line:
                    self.assertIn(f"exporter.yml:{line}:", lines[0])
                self.assertNotIn(SECRET, result.stderr + result.stdout)

    def test_all_faults_are_found_at_once(self):
        result = self.check(
            "colour: red\n"
            "accounts:\n"
            "  - name: emea\n"
            "    base_url: nonsense\n"
            "    request_timeout: soon\n"
            "    authorization: {credentials_file: nowhere}\n"
            "  - name: emea\n"
            "    base_url: https://live.example.com/tenantui\n")
        self.assertEqual(result.returncode, 1)
        for line in (1, 4, 5, 6, 7):
            self.assertIn(f"exporter.yml:{line}:", result.stderr)

    def test_an_empty_file_is_refused(self):
        for text in ("", "\n\n", "# nothing\n", "---\n"):
            with self.subTest(repr(text)):
                result = self.check(text)
                self.assertEqual(result.returncode, 1)
                self.assertIn("exporter.yml", result.stderr)

    def test_a_file_of_10_mb_is_refused_soon(self):
        result = self.check(GOOD + "# " + "x" * (10 << 20) + "\n",)
        self.assertEqual(result.returncode, 1)
        self.assertIn("exporter.yml", result.stderr)
        self.assertLess(len(result.stderr), 4096)

    def test_a_file_that_is_not_text_is_refused(self):
        result = self.check(b"\xff\xfe\x00\x01" * 64)
        self.assertEqual(result.returncode, 1)
        self.assertIn("exporter.yml", result.stderr)

    def test_the_start_refuses_what_the_check_refuses(self):
        path = self.file("exporter.yml", GOOD + "    colour: red\n")
        result = exporter(f"--config.file={path}",
                          "--web.listen-address=127.0.0.1:0")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr,
                         r"exporter\.yml:6: accounts\[0\]\.colour")


if __name__ == "__main__":
    harness.main()
