"""Passwords of --web.config.file: refusals, open pages, changes while the
program runs, and a flood of wrong passwords."""

import base64
import threading
import time

import harness
from certificates import Certificate
from harness import wait_until
from secured import (CLIENTS, HASH, OTHER_HASH, OTHER_PASSWORD, PASSWORD, TLS, USERS,
                     SecuredTest)


class WebPasswordsTest(SecuredTest):
    def test_wrong_passwords_and_unknown_users_are_refused(self):
        address = self.serve(TLS + USERS)
        for path in ("/", "/metrics", "/config", "/-/healthy", "/nowhere"):
            for args in ((), self.as_user("prometheus", "wrong"),
                         self.as_user("prometheus", ""),
                         self.as_user("nobody", PASSWORD),
                         self.as_user("prometheus", PASSWORD + "\0x"),
                         ("--header", "Authorization: Bearer " + PASSWORD)):
                with self.subTest(path, args=args[1:]):
                    if "\0" in "".join(args):
                        token = base64.b64encode(
                            args[1].encode()).decode("ascii")
                        args = ("--header", "Authorization: Basic " + token)
                    self.assertEqual(self.curl(address, *args, path=path),
                                     (0, 401))
        self.assertEqual(self.curl(
            address, *self.as_user("prometheus", PASSWORD)), (0, 200))
        self.exporter.stop()
        self.assertNotIn("password", self.exporter.output)

    def test_health_is_open_only_if_configured(self):
        address = self.serve(TLS + USERS, "--web.health-without-auth")
        for path, status in (("/-/healthy", 200), ("/-/ready", 200),
                             ("/metrics", 401), ("/-/reload", 401),
                             ("/-/healthy/../../config", 401)):
            with self.subTest(path):
                self.assertEqual(self.curl(address, "--path-as-is",
                                           path=path), (0, status))

    def test_changed_passwords_and_authorities_work_without_a_restart(self):
        address = self.serve(TLS + USERS)
        old = self.as_user("prometheus", PASSWORD)
        new = self.as_user("prometheus", OTHER_PASSWORD)
        self.assertEqual(self.curl(address, *old), (0, 200))
        self.assertEqual(self.curl(address, *new), (0, 401))
        self.replace("web.yml", (TLS + USERS).replace(HASH, OTHER_HASH))
        self.assertEqual(self.curl(address, *old), (0, 401))
        self.assertEqual(self.curl(address, *new), (0, 200))
        # A broken file changes nothing, and is logged once.
        self.replace("web.yml", TLS + "colour: red\n")
        for _ in range(3):
            self.assertEqual(self.curl(address), (0, 401))
        self.assertEqual(self.curl(address, *new), (0, 200))
        self.assertEqual(self.exporter.output.count("colour"), 1)
        self.replace("web.yml", CLIENTS)
        client = Certificate(self.folder, "client", self.ca)
        self.assertNotEqual(self.curl(address, *new)[0], 0)
        self.assertEqual(self.curl(address, *self.by_certificate(client)),
                         (0, 200))

    def test_50_wrong_passwords_a_second_do_not_starve_scrapes(self):
        address = self.serve(TLS + USERS)
        # A known right password does not wait for others.
        connection = self.connect(address)
        self.assertEqual(self.get(connection).status, 200)
        connection.close()
        end = time.monotonic() + 4
        statuses = []

        def guess(worker):
            connection = self.connect(address)
            count = 0
            while time.monotonic() < end:
                count += 1
                started = time.monotonic()
                statuses.append(self.get(connection, "/metrics",
                                         f"{worker}-{count}").status)
                time.sleep(max(0, 0.2 - (time.monotonic() - started)))
            connection.close()
        # 40 clients at once, each with at most five attempts per second.
        workers = [threading.Thread(target=guess, args=(i,))
                   for i in range(40)]
        for worker in workers:
            worker.start()
        wait_until(lambda: len(statuses) >= 50, "some guesses")
        scrapes = []
        while time.monotonic() < end:
            started = time.monotonic()
            connection = self.connect(address)
            status = self.get(connection).status
            connection.close()
            scrapes.append((status, time.monotonic() - started))
            time.sleep(0.1)
        for worker in workers:
            worker.join()
        self.assertGreater(len(statuses), 4 * 50, "guesses")
        self.assertLessEqual(set(statuses), {401, 503})
        self.assertGreater(len(scrapes), 3)
        # Prometheus' default timeout is 10 s.
        self.assertEqual({status for status, _ in scrapes}, {200}, scrapes)
        self.assertLess(max(seconds for _, seconds in scrapes), 5)
        self.assertLess(sorted(s for _, s in scrapes)[len(scrapes) // 2], 1)


if __name__ == "__main__":
    harness.main()
