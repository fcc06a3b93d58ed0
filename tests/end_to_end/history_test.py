"""The history of tenants' lives in the running program: over restarts, and
with an unusable file: then scrapes are whole, one log line has the reason, and
nothing is deleted."""

import re
import signal
import sqlite3
import stat
import subprocess

import harness
from configurations import exporter_config
from harness import EndToEndTest, Exposition

UP = "operator_connect_exporter_history_up"
SINCE = "operator_connect_tenant_lifecycle_since_timestamp_seconds"
CHANGES = "operator_connect_tenant_lifecycle_changes_total"
NOT_KEPT = "The history is not kept in its file"
# The vendor's example: four of its tenants were removed long ago.
LEADS, TENANTS = 10, 6


class HistoryTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.simulator = self.start(harness.Simulator, *harness.SEED_ARGS)
        self.account = self.simulator.accounts()[0]["name"]
        self.path = self.folder / "history.db"

    def serve(self, path=None):
        """An exporter with its history at `path`."""
        config = self.file("exporter.yml", f"history: {{path: "
                           f"'{path or self.path}'}}\n"
                           + exporter_config(self.simulator))
        return self.start(harness.Exporter, config)

    def scrape(self, exporter):
        scraped = Exposition(exporter.metrics())
        self.assertEqual(sum(
            sample.value for sample in scraped.of("operator_connect_leads")),
            LEADS)
        return scraped

    def edit(self, lead_id, **fields):
        self.simulator.control("leads", method="POST", data="",
                               account=self.account, id=lead_id, **fields)

    def assert_not_kept(self, exporter, reason):
        """Checks that scrapes are whole, and that the log has the reason
        once."""
        for _ in range(3):
            scraped = self.scrape(exporter)
            self.assertEqual(scraped.value(UP), 0)
            self.assertEqual(len(scraped.of(SINCE)), TENANTS)
        lines = [line for line in exporter.output.split("\n")
                 if NOT_KEPT in line]
        self.assertEqual(len(lines), 1, exporter.output)
        self.assertRegex(lines[0], reason)
        self.assertIn(str(self.folder), lines[0])

    def test_a_removed_tenant_is_remembered_over_a_restart_and_a_kill(self):
        exporter = self.serve()
        before = self.scrape(exporter)
        self.assertEqual(before.value(UP), 1)
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        lead = before.of("operator_connect_lead_info", status="Active",
                         licensed="true")[0].labels["lead_id"]
        self.edit(lead, status="Removed")
        removed = harness.wait_until(lambda: self.removed(exporter),
                                     "a removed tenant")

        exporter.send(signal.SIGKILL)  # writes nothing at its end
        exporter.reap()
        for _ in range(2):
            exporter = self.serve()
            again = self.scrape(exporter)
            self.assertEqual(again.value(UP), 1)
            for name in (SINCE, CHANGES):
                self.assertCountEqual(again.of(name), removed.of(name))
            exporter.reap()

    def removed(self, exporter):
        scraped = self.scrape(exporter)
        return scraped if scraped.value(CHANGES, account=self.account,
                                        change="removed") == 1 else None

    def test_a_folder_that_is_missing(self):
        self.assert_not_kept(self.serve(self.folder / "missing/history.db"),
                             "its folder does not exist")

    def test_a_folder_in_its_place(self):
        self.path.mkdir()
        self.assert_not_kept(self.serve(), "it is a folder")
        self.assertTrue(self.path.is_dir())

    def make_history(self):
        exporter = self.serve()
        self.assertEqual(self.scrape(exporter).value(UP), 1)
        exporter.reap()

    def test_a_newer_schema_is_left_alone(self):
        self.make_history()
        database = sqlite3.connect(self.path)
        database.execute("PRAGMA user_version = 999")
        database.close()
        content = self.path.read_bytes()
        self.assert_not_kept(self.serve(), "its schema has version 999")
        self.assertEqual(self.path.read_bytes(), content)

    def test_garbage_is_moved_aside_at_the_next_start(self):
        self.assert_moved_aside(b"no database at all " * 100)

    def test_a_file_that_was_cut_is_moved_aside_at_the_next_start(self):
        self.make_history()
        content = self.path.read_bytes()
        self.assert_moved_aside(content[:len(content) // 2])

    def assert_moved_aside(self, content):
        self.file("history.db", content)
        exporter = self.serve()
        self.assert_not_kept(exporter, "it is broken")
        exporter.reap()
        self.assertEqual(self.path.read_bytes(), content)
        exporter = self.serve()
        self.assertEqual(self.scrape(exporter).value(UP), 1)
        moved = re.search(r"moved aside.*moved_to=\"?([^\s\"]+)",
                          exporter.output).group(1)
        with open(moved, "rb") as file:
            self.assertEqual(file.read(), content)

    def test_a_second_exporter_on_the_file_keeps_its_own_in_memory(self):
        first = self.serve()
        self.scrape(first)
        self.assert_not_kept(self.serve(), "another exporter uses it")
        self.assertEqual(self.scrape(first).value(UP), 1)

    def test_a_file_that_is_removed_while_it_is_in_use(self):
        exporter = self.serve()
        self.assertEqual(self.scrape(exporter).value(UP), 1)
        for path in self.folder.glob("history.db*"):
            path.unlink()
        harness.wait_until(lambda: self.scrape(exporter).value(UP) == 0,
                           "history_up 0")
        self.assert_not_kept(exporter, "removed")

    def mount(self, options):
        """A small file system in memory, in the test's folder."""
        folder = self.folder / "disk"
        folder.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs",
                           folder], check=False,
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("a file system can be mounted by root alone")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=True)
        return folder

    def test_a_disk_that_is_full(self):
        folder = self.mount("size=16k")
        (folder / "other").write_bytes(b"x" * 16384)
        self.assert_not_kept(self.serve(folder / "history.db"), "full")

    def test_a_disk_that_is_read_only(self):
        folder = self.mount("size=1m,ro")
        self.assert_not_kept(self.serve(folder / "history.db"), "[Rr]ead-only")


if __name__ == "__main__":
    harness.main()
