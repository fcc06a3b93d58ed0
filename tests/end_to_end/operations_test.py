"""The running program: reloads by signal and by request, their effects, its
end by a signal, and very many accounts."""

import concurrent.futures
import http.client
import json
import os
import pathlib
import select
import re
import signal
import time

import harness
from configurations import ACCOUNT
from harness import EndToEndTest, Exposition, wait_until

COLLECTION = """\
collection:
  leads: {{min_interval: {interval}, max_age: 2h, timeout: 1m}}
  numbers: {{min_interval: {interval}, max_age: 2h, timeout: 1m}}
accounts:
"""
SUCCESSFUL = "operator_connect_exporter_config_last_reload_successful"
RELOADED = ("operator_connect_exporter_config_last_reload_success_"
            "timestamp_seconds")


class OperationsTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.simulator = self.start(harness.Simulator, *harness.SEED_ARGS,
                                    "--account=second")
        self.first, self.second = self.simulator.accounts()

    def write(self, *accounts, interval="0s", more=""):
        """Writes the configuration with these accounts; its path."""
        return self.file("exporter.yml", COLLECTION.format(interval=interval)
                         + "".join(ACCOUNT.format(**a) + more
                                   for a in accounts))

    def serve(self, *args):
        self.exporter = self.start(harness.Exporter,
                                   self.folder / "exporter.yml", *args)
        return self.exporter

    def post_reload(self):
        return harness.http(self.exporter.url + "/-/reload", method="POST")

    def scrape(self, path="/metrics", **kwargs):
        return Exposition(self.exporter.metrics(path, **kwargs))

    def own(self, name):
        return self.scrape("/metrics/exporter").value(name)

    def hold(self, **match):
        """Holds matching requests until release()."""
        return self.simulator.control("holds", method="POST",
                                      data=json.dumps(match))["id"]

    def wait_for_held(self, hold):
        self.assertTrue(self.simulator.control(
            "holds", id=hold, held=1, timeout=harness.WAIT_SECONDS)["reached"])

    def release(self, hold):
        self.simulator.control("holds", method="DELETE", id=hold)

    def counts(self):
        """(requests of the first account by endpoint, connections that the
        simulator has accepted, this one included)."""
        asked = self.simulator.control("requests", account="default")
        return asked["counts"], asked["accepted_connections"]

    def accounts_seen(self):
        return {s.labels["account"] for s in self.scrape().samples
                if "account" in s.labels}

    def test_a_reload_adds_and_removes_accounts(self):
        self.write(self.first)
        self.serve("--web.enable-lifecycle")
        self.assertEqual(self.accounts_seen(), {"default"})
        self.write(self.first, self.second)
        self.assertEqual(self.post_reload().status, 200)
        self.assertEqual(self.accounts_seen(), {"default", "second"})
        self.write(self.second)
        self.exporter.send(signal.SIGHUP)
        wait_until(lambda: self.accounts_seen() == {"second"},
                   "the removed account's series to disappear")
        self.assertEqual(harness.http(
            self.exporter.url + "/probe?account=default").status, 404)
        for path in ("/sd", "/config", "/"):
            text = harness.http(self.exporter.url + path).text
            self.assertIn("second", text)
            self.assertNotIn("default", text.replace("/.default", ""))

    def test_unchanged_accounts_keep_their_results_over_a_reload(self):
        self.write(self.first, interval="1h")
        self.serve("--web.enable-lifecycle")
        self.scrape()
        before, _ = self.counts()
        for accounts in ((self.second, self.first), (self.first,)):
            self.write(*accounts, interval="1h")
            self.assertEqual(self.post_reload().status, 200)
        exposition = self.scrape()
        self.assertEqual(exposition.value("operator_connect_up",
                                          account="default"), 1)
        self.assertEqual(sum(exposition.by_label(
            "operator_connect_leads", "status", account="default").values()),
            10)
        self.assertEqual(self.counts()[0], before)

    def test_unchanged_accounts_keep_token_and_connections_over_a_reload(self):
        # One request at a time, so that one connection suffices.
        one = "    concurrency: 1\n"
        self.write(self.first, self.second, more=one)
        self.serve("--web.enable-lifecycle")
        self.scrape()
        before, connections = self.counts()
        self.write(self.first, more=one)
        self.assertEqual(self.post_reload().status, 200)
        self.scrape()
        after, connections_after = self.counts()
        self.assertGreater(after["leads"], before["leads"])
        self.assertEqual(after["token"], 1)
        self.assertEqual(connections_after - connections, 1,
                         "counts() itself makes one, the exporter none")

    def test_a_reload_without_the_flag_is_forbidden(self):
        self.write(self.first)
        self.serve()
        self.write(self.second)
        reply = self.post_reload()
        self.assertEqual(reply.status, 403)
        self.assertIn("--web.enable-lifecycle", reply.text)
        self.assertEqual(self.accounts_seen(), {"default"})

    def test_a_bad_file_is_refused_and_the_old_one_stays(self):
        self.write(self.first)
        self.serve("--web.enable-lifecycle")
        self.assertEqual(self.own(SUCCESSFUL), 1)
        config = harness.http(self.exporter.url + "/config").text
        started = self.own(RELOADED)
        self.write(self.second, more="    colour: red\n")
        reply = self.post_reload()
        self.assertEqual(reply.status, 500)
        self.assertRegex(reply.text,
                         r"exporter\.yml:\d+: accounts\[0\]\.colour")
        self.assertNotIn(self.second["client_secret"], reply.text)
        self.assertEqual(self.own(SUCCESSFUL), 0)
        self.assertEqual(self.own(RELOADED), started)
        self.assertEqual(self.accounts_seen(), {"default"})
        self.assertEqual(harness.http(self.exporter.url + "/config").text,
                         config)
        (self.folder / "exporter.yml").unlink()
        self.exporter.send(signal.SIGHUP)
        self.exporter.wait_for_line("refused.*exporter.yml.*no such file")
        self.write(self.second)
        self.exporter.send(signal.SIGHUP)
        wait_until(lambda: self.own(SUCCESSFUL) == 1, "the next reload")
        self.assertGreater(self.own(RELOADED), started)
        self.assertEqual(self.accounts_seen(), {"second"})

    def swap(self, version, *accounts):
        """Writes a new version of the configuration like a ConfigMap: into
        another folder, to which a link is changed in one step."""
        self.file(f"{version}/exporter.yml", COLLECTION.format(interval="0s")
                  + "".join(ACCOUNT.format(**account) for account in accounts))
        (self.folder / "next").symlink_to(version)
        os.replace(self.folder / "next", self.folder / "data")
        link = self.folder / "exporter.yml"
        if not link.is_symlink():
            link.symlink_to("data/exporter.yml")

    def test_a_configuration_that_is_swapped_is_reloaded_by_itself(self):
        self.swap("one", self.first)
        self.serve("--config.auto-reload-interval=100ms")
        self.assertEqual(self.accounts_seen(), {"default"})
        self.swap("two", self.second)
        self.exporter.wait_for_line("configuration reloaded")
        self.assertEqual(self.accounts_seen(), {"second"})

    def test_a_bad_configuration_is_refused_once_until_it_is_repaired(self):
        self.write(self.first)
        self.serve("--config.auto-reload-interval=50ms")
        self.write(self.second, more="    colour: red\n")
        self.exporter.wait_for_line("refused.*colour")
        self.assertEqual(self.own(SUCCESSFUL), 0)
        self.assertEqual(self.accounts_seen(), {"default"})
        self.write(self.second, more="    shape: round\n")
        self.exporter.wait_for_line("refused.*shape")
        self.write(self.second)
        self.exporter.wait_for_line("configuration reloaded")
        self.assertEqual(self.own(SUCCESSFUL), 1)
        self.assertEqual(self.accounts_seen(), {"second"})
        for key in "colour", "shape":
            self.assertEqual(self.exporter.output.count(key + ":"), 1,
                             self.exporter.output)

    def test_a_secret_that_arrives_later_repairs_a_refused_configuration(self):
        self.write(self.first)
        self.serve("--config.auto-reload-interval=50ms")
        self.write(self.first, more="    http_headers: {X-Api-Key: {files: [key]}}\n")
        self.exporter.wait_for_line("refused.*X-Api-Key.*no such file")
        self.file("key", "later\n")
        self.exporter.wait_for_line("configuration reloaded")
        self.scrape()
        self.assertEqual(self.own(SUCCESSFUL), 1)
        self.assertNotIn("later", self.exporter.output)

    def test_a_collection_under_way_ends_with_the_old_configuration(self):
        self.write(self.first)
        self.serve("--web.enable-lifecycle")
        hold = self.hold(endpoint="leads")
        with concurrent.futures.ThreadPoolExecutor() as pool:
            under_way = pool.submit(self.scrape)
            self.wait_for_held(hold)
            self.write(self.second)
            self.assertEqual(self.post_reload().status, 200)
            self.release(hold)
            old = under_way.result(harness.WAIT_SECONDS)
        self.assertEqual(sum(old.by_label("operator_connect_leads", "status",
                                          account="default").values()), 10)
        log = self.simulator.control("requests", account="default")["log"]
        self.assertEqual({r["status"] for r in log
                          if r["endpoint"] == "leads"
                          # Page 0 is requested in case it exists.
                          and r["params"]["PageNumber"] != "0"}, {200})
        self.assertEqual(self.accounts_seen(), {"second"})

    def test_sigterm_ends_a_waiting_scrape_and_exits_with_0(self):
        self.write(self.first)
        exporter = self.serve()
        hold = self.hold(endpoint="leads")
        connection = http.client.HTTPConnection(exporter.address, timeout=20)
        connection.request("GET", "/metrics")
        self.wait_for_held(hold)
        started = time.monotonic()
        exporter.send(signal.SIGTERM)
        reply = connection.getresponse()
        self.assertEqual(reply.status, 200)
        Exposition(reply.read().decode())
        connection.close()
        self.assertEqual(exporter.wait(10), 0)
        self.assertLess(time.monotonic() - started, 5)
        self.release(hold)

    def test_scrapers_that_give_up_release_their_slots(self):
        self.write(self.first)
        exporter = self.serve("--scrape.default-timeout=10m",
                              "--web.max-requests=30")
        hold = self.hold(endpoint="leads")
        for _ in range(2):
            clients = []
            for i in range(40):
                clients.append(http.client.HTTPConnection(
                    exporter.address))
                clients[-1].request(
                    "GET", "/metrics" if i % 2 else "/probe?account=default")
            # Ten are refused. (One more request meanwhile could take a slot
            # from one of the forty, and release it.)
            wait_until(lambda: len(select.select(
                [client.sock for client in clients], [], [], 0)[0]) == 10,
                "no slot to be left")
            self.assertEqual(harness.http(exporter.url + "/metrics").status,
                             503)
            self.assertEqual(harness.http(
                exporter.url + "/metrics/exporter").status, 200)
            for client in clients:
                client.close()
            # All of them: a slot that is released later would never be used.
            wait_until(lambda: len(list(pathlib.Path(
                f"/proc/{exporter.pid}/task").iterdir())) < 8,
                "threads to end")
        self.release(hold)
        self.assertEqual(self.accounts_seen(), {"default"})

    def test_a_scrape_without_a_timeout_ends_in_time(self):
        self.write(self.first)
        exporter = self.serve("--scrape.default-timeout=1s")
        hold = self.hold(endpoint="leads")
        started = time.monotonic()
        self.assertEqual(harness.http(exporter.url + "/metrics").status, 200)
        self.assertLess(time.monotonic() - started, 15)
        self.release(hold)

    def test_10000_accounts_start_and_are_scraped(self):
        self.file("token", self.simulator.control("token")["access_token"])
        self.file("exporter.yml", COLLECTION.format(interval="1h") + "".join(
            f"  - {{name: a{i}, base_url: {self.first['base_url']}, "
            "numbers: {enabled: false}, leads: {details: none}, "
            "authorization: {credentials_file: token}}\n"
            for i in range(10_000)))
        started = time.monotonic()
        exporter = self.serve()
        ready = time.monotonic() - started
        slowest = 0
        timeout = {"X-Prometheus-Scrape-Timeout-Seconds": "20"}

        def all_up():
            nonlocal slowest
            begin = time.monotonic()
            text = self.exporter.metrics(headers=timeout)
            slowest = max(slowest, time.monotonic() - begin)
            return len(re.findall(r"(?m)^operator_connect_up\{.*\} 1$",
                                  text)) == 10_000
        wait_until(all_up, "10,000 accounts that are up", seconds=300)
        text = pathlib.Path(f"/proc/{exporter.pid}/status").read_text()
        status = dict(line.split(":", 1) for line in text.splitlines())
        print(f"10,000 accounts: ready in {ready:.1f} s, slowest scrape "
              f"{slowest:.1f} s, peak {int(status['VmHWM'].split()[0]) >> 10} "
              f"MiB, {status['Threads'].strip()} threads", flush=True)
        # 128 KiB for each, at the peak of a scrape.
        self.assertLess(int(status["VmHWM"].split()[0]), 10_000 * 128)
        self.assertEqual(exporter.stop(seconds=10), 0)


if __name__ == "__main__":
    harness.main()
