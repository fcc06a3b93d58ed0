#!/usr/bin/env python3
"""soak.py MINUTES: the sanitizer build of the exporter under random faults.

An estate changes twice a second, faults come and go, tokens are revoked,
connections broken, the configuration reloaded, and four scrapers read. Each
scrape is compared with the estate's history: all leads must be as they were at
one moment within max_age, and so must the numbers of each tenant. Run by
./dev soak; ends with a table, and exits 1 if a value was wrong, a response late
or invalid, or the program ended by itself.
"""

import collections
import contextlib
import pathlib
import random
import signal
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "end_to_end"))
import configurations  # noqa: E402
import harness  # noqa: E402

MAX_AGE = 30
SLACK = 15  # ages count from the start of a read, which ends later
SCRAPERS = 4
CONFIG = """\
collection:
  leads: {min_interval: 1s, max_age: 30s, timeout: 6s}
  numbers: {min_interval: 1s, max_age: 30s, timeout: 8s}
accounts:
"""
HASTE = """\
    request_timeout: 2s
    max_response_bytes: 64MiB
"""
LEADS = {"operator_connect_leads", "operator_connect_unlicensed_leads",
         "operator_connect_direct_leads", "operator_connect_lead_info"}
TENANT_NUMBERS = "operator_connect_tenant_numbers"
FAULTS = [
    {"action": "status", "status": 500},
    {"action": "status", "status": 503, "retry_after": "1"},
    {"action": "status", "status": 429, "retry_after": "+1"},
    {"action": "status", "status": 404},
    {"action": "body", "body": "<html>Sign in</html>",
     "content_type": "text/html"},
    {"action": "body", "body": "null"},
    {"action": "close"}, {"action": "reset"}, {"action": "never_answer"},
    {"action": "drip_headers", "interval_ms": 200},
    {"action": "drip_body", "interval_ms": 200},
    # Not long_status_line: its response is valid, of an empty estate.
    {"action": "endless_headers"},
    {"action": "endless_record"}, {"action": "gzip_bomb"},
    {"action": "deep_document"}, {"action": "nonsense_content_length"},
    {"action": "early_hints_only"},
    {"action": "cut_body"}, {"action": "cut_body", "gzip": True},
    {"action": "cut_body", "framing": "chunked"},
    {"action": "other_tenant", "endpoint": "numbers"},
    {"action": "endless_body"}, {"action": "none", "delay_ms": 1500},
    {"action": "spoil", "spoil": "nested_names"},
    {"action": "spoil", "spoil": "megabyte_string"},
    {"action": "spoil", "spoil": "invalid_utf8"},
    {"action": "spoil", "spoil": "non_objects"},
    {"action": "spoil", "spoil": "wrong_types"},
]


def split(samples):
    """The values to compare: leads as one, numbers by tenant."""
    leads, numbers = set(), collections.defaultdict(set)
    for name, labels, value in samples:
        key = (name, tuple(sorted(labels.items())), value)
        if name in LEADS:
            leads.add(key)
        elif name == TENANT_NUMBERS:
            numbers[labels["tenant_id"]].add(key)
    return frozenset(leads), {k: frozenset(v) for k, v in numbers.items()}


class History:
    """The past states of the estate, and until when they lasted. The lock is
    held during a change, so that no scrape is compared with half of it."""

    def __init__(self, simulator):
        self.lock = threading.Lock()
        self._simulator = simulator
        self._entries = collections.deque()  # [until, leads, numbers]
        self.changes = -1
        self.record()

    def record(self):
        now = time.monotonic()
        if self._entries:
            self._entries[-1][0] = now
        # The numbers of every tenant: those of one whose lead was Removed a
        # moment ago may still be asked for.
        leads, numbers = split(self._simulator.truth(exclude_statuses=""))
        self._entries.append([float("inf"), leads, numbers])
        while self._entries[0][0] < now - MAX_AGE - SLACK:
            self._entries.popleft()
        self.changes += 1

    def wrong(self, samples):
        """The values that were never true, in words."""
        leads, numbers = split(samples)
        found = []
        if leads and not any(leads == entry[1] for entry in self._entries):
            found.append("leads as they never were")
        for tenant, series in numbers.items():
            if not any(series == entry[2].get(tenant)
                       for entry in self._entries):
                found.append(f"numbers of {tenant} as they never were")
        return found


class Soak:
    def __init__(self, simulator, exporter, seconds, seed):
        self.simulator = simulator
        self.exporter = exporter
        self.end = time.monotonic() + seconds
        self.random = random.Random(seed)
        self.history = History(simulator)
        self.count = collections.Counter()
        self.problems = []
        self._counting = threading.Lock()

    def running(self):
        return (time.monotonic() < self.end and self.exporter.running()
                and len(self.problems) < 100)

    def problem(self, kind, text):
        with self._counting:
            self.count[kind] += 1
            self.problems.append(f"{kind}: {text}")
        print(f"   {time.strftime('%T')} {kind}: {text}", flush=True)

    def scrape(self, seed):
        chance = random.Random(seed)
        while self.running():
            timeout = chance.uniform(0.6, 6)
            started = time.monotonic()
            try:
                reply = harness.http(
                    self.exporter.url + "/metrics", seconds=30, headers={
                        "X-Prometheus-Scrape-Timeout-Seconds": f"{timeout}"})
                took = time.monotonic() - started
                self.judge(reply, took, timeout)
            except (OSError, AssertionError) as error:
                self.problem("invalid answers", str(error)[:300])

    def judge(self, reply, took, timeout):
        with self._counting:
            self.count["scrapes"] += 1
        if took > timeout:
            self.problem("late answers", f"{took:.2f} s of {timeout:.2f} s")
        if reply.status != 200:
            self.problem("invalid answers", f"status {reply.status}")
            return
        exposition = harness.Exposition(reply.text)
        self.count["series"] = len(exposition.samples)
        with self.history.lock:
            for what in self.history.wrong(exposition.samples):
                self.problem("wrong values", what)

    def change(self):
        """Changes the estate twice a second."""
        ids = [lead["id"] for lead in self.simulator.control("leads")]
        tenants = list(self.simulator.control("numbers"))
        chance = random.Random(self.random.random())
        while self.running():
            with self.history.lock:
                if chance.random() < 0.5:
                    self.simulator.control(
                        "leads", "POST", id=chance.choice(ids),
                        status=chance.choice(["Active", "Removed",
                                              "Not Active"]))
                else:
                    self.simulator.control(
                        "numbers", "POST", tenant_id=chance.choice(tenants),
                        count=chance.randrange(200),
                        seed=chance.randrange(1 << 30))
                self.history.record()
            time.sleep(0.5)

    def close_connections(self):
        """Closes all of the simulator's, including the one of this request."""
        with self.history.lock, contextlib.suppress(OSError):
            self.simulator.control("close_connections", "POST")

    def break_things(self):
        """Injects faults for some seconds, then none for a while."""
        chance = random.Random(self.random.random())
        while self.running():
            for fault in chance.sample(FAULTS, chance.randrange(4)):
                match = {"endpoint": chance.choice(["token", "leads",
                                                    "numbers", "numbers"]),
                         "probability": chance.choice([0.02, 0.2, 1])}
                self.simulator.control(
                    "faults", "POST",
                    data=harness.json.dumps({**match, **fault}))
            if chance.random() < 0.2:
                self.simulator.control("revoke", "POST")
            if chance.random() < 0.2:
                self.close_connections()
            if chance.random() < 0.1:
                self.exporter.send(signal.SIGHUP)
            time.sleep(chance.uniform(1, 8))
            with self._counting:
                for fault in self.simulator.control("faults"):
                    self.count["faults"] += fault["hits"]
            self.simulator.control("faults", "DELETE")
            time.sleep(chance.uniform(0, 4))

    def state(self):
        own = harness.Exposition(self.exporter.metrics("/metrics/exporter"))
        return {"descriptors": own.value("process_open_fds"),
                "threads": own.value("process_threads"),
                "resident MB": own.value("process_resident_memory_bytes")
                / 1e6}

    def run(self):
        threads = [threading.Thread(target=self.scrape, args=(i,), daemon=True)
                   for i in range(SCRAPERS)]
        threads += [threading.Thread(target=self.guarded, args=(work,),
                                     daemon=True)
                    for work in (self.change, self.break_things)]
        for thread in threads:
            thread.start()
        time.sleep(min(30, (self.end - time.monotonic()) / 2))
        before = self.state()
        while self.running():
            time.sleep(1)
            if int(self.end - time.monotonic()) % 60 == 0:
                print(f"   {self.end - time.monotonic():5.0f} s left, "
                      f"{dict(self.count)}", flush=True)
        for thread in threads:
            thread.join(40)
        return before

    def guarded(self, work):
        try:
            work()
        except Exception as error:  # the soak must not continue without this thread
            self.problem("soak itself", repr(error))
            self.end = 0


def report(soak, before, after, code):
    rows = [(name, soak.count[name]) for name in
            ("scrapes", "series", "faults", "wrong values", "late answers",
             "invalid answers", "soak itself")]
    rows.insert(3, ("changes of the estate", soak.history.changes))
    rows += [(f"{name}, start and end",
              f"{before[name]:.0f} {after[name]:.0f}") for name in before]
    rows.append(("exit code after SIGTERM", code))
    print("\n".join(f"   {name:<28} {value:>12}" for name, value in rows))


def main():
    minutes = float(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    harness.use_build(exporter="build/asan")
    print(f"== Soaking for {minutes:g} minutes, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="oc-soak-") as folder:
        simulator = harness.Simulator("--tenants=80",
                                      "--numbers-per-tenant=50",
                                      f"--seed={seed}")
        config = pathlib.Path(folder) / "exporter.yml"
        config.write_text(CONFIG + configurations.ACCOUNT.format(
            **simulator.accounts()[0]) + HASTE)
        exporter = harness.Exporter(config)
        soak = Soak(simulator, exporter, minutes * 60, seed)
        try:
            before = soak.run()
            alive = exporter.running()
            after = soak.state() if alive else before
            code = exporter.stop(seconds=30)
        finally:
            exporter.reap()
            simulator.reap()
    report(soak, before, after, code)
    broken = soak.problems or not alive or code != 0
    if broken:
        print(exporter.output[-20000:], file=sys.stderr)
    print("soak: FAILED" if broken else "soak: all good")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
