"""The rows of the bench. Each returns one or more results: the measurement,
its reference, the value, and its goal."""

import re
import statistics
import subprocess

import machinery

FAST_ROUNDS = 9   # of runs that take tenths of a second
SLOW_ROUNDS = 3   # of runs that take seconds
PROMETHEUS = {"Accept-Encoding": "gzip"}


def row(measure, against, value, unit, goal=None, at_least=False, note=""):
    """`goal` is the maximum of `value`, or the minimum with `at_least`; a row
    without a goal is for information."""
    met = None
    if goal is not None:
        met = value >= goal if at_least else value <= goal
    return {"measure": measure, "against": against, "value": value,
            "unit": unit, "goal": goal, "at_least": at_least, "met": met,
            "note": note}


def ms(seconds):
    return f"{1000 * seconds:.0f} ms"


class Bench:
    def __init__(self, estates, nginx, runner):
        self.estates = estates
        self.nginx = nginx
        self.runner = runner

    def instructions_per_byte(self):
        size = self.estates.sizes["large"]
        spent = self.runner.instructions(
            self.runner.exporter(self.nginx.base("large")))
        yield row("user instructions for each byte of a scrape, "
                  "1,000 tenants × 100 numbers, HTTP", "–", spent / size, "",
                  12, note=f"{spent:,} for {size:,} bytes")

    def cpu_beside_curl(self):
        for name, numbers, goal in (("large", 100, 1.3), ("small", 10, 0.9)):
            for tls in (False, True):
                ca = self.nginx.ca_file if tls else None
                base = self.nginx.base(name, tls)
                taken = self.runner.alternate({
                    "exporter": self.runner.exporter(base, tls_ca=ca),
                    "curl": self.runner.curl(base, self.estates.urls(name), ca),
                }, FAST_ROUNDS)
                ours, curls = taken["exporter"]["cpu"], taken["curl"]["cpu"]
                yield row(f"CPU of a scrape, 1,000 tenants × {numbers}, "
                          f"{'HTTPS' if tls else 'HTTP'}", "sequential curl",
                          ours / curls, "×", goal,
                          note=f"{ms(ours)} to {ms(curls)}")

    def beside_python(self):
        base = self.nginx.base("large")
        taken = self.runner.alternate({
            "exporter": self.runner.exporter(base),
            "python": self.runner.python(base)}, SLOW_ROUNDS)
        for key, name, goal in (("cpu", "CPU", 10), ("wall", "wall", 20)):
            ours, theirs = taken["exporter"][key], taken["python"][key]
            yield row(f"{name} of a scrape, 1,000 tenants × 100, concurrency 8",
                      "Python exporter", theirs / ours, "× less", goal, True,
                      f"{ms(ours)} to {ms(theirs)}")

    def waiting(self):
        """nginx's timer is up to a millisecond late: the delay is measured,
        too, as one connection sees it."""
        base = self.nginx.base("delayed", slow=True)
        tenants = 2000
        curl = self.runner.run(self.runner.curl(
            base, [url for url in self.estates.urls("delayed")
                   if "/numbers" in url][:200]))
        delay = curl["wall"] / 200
        for concurrency, goal in ((8, 1.15), (32, 1.15)):
            wall = statistics.median(
                self.runner.run(self.runner.exporter(
                    base, concurrency=concurrency))["wall"]
                for _ in range(SLOW_ROUNDS))
            ideal = tenants * 0.020 / concurrency
            floor = concurrency / (concurrency - 1)
            yield row(f"wall with 20 ms of delay, 2,000 tenants, concurrency "
                      f"{concurrency}", "tenants × delay ÷ concurrency",
                      wall / ideal, "×", goal,
                      note=f"one place is kept for leads: the floor is "
                      f"{floor:.3f}; with the {1000 * delay:.1f} ms that the "
                      f"server took {wall / ideal * 0.020 / delay:.3f}")

    def memory_by_numbers(self):
        self.estates.make("huge", 4, 100000)
        taken = self.runner.alternate({
            name: self.runner.exporter(self.nginx.base(name))
            for name in ("huge", "tiny")}, 5)
        self.estates.remove("huge")
        large, small = (taken[name]["peak_kib"] for name in ("huge", "tiny"))
        yield row("peak memory, 4 tenants of 100,000 numbers",
                  "the same with 10", (large - small) / 1024, "MiB more", 1,
                  note=f"{large / 1024:.1f} to {small / 1024:.1f} MiB")

    def serve(self, name, python=False):
        port = machinery.free_port()
        base = self.nginx.base(name)
        if python:
            command = [*self.runner.python(base), f"--port={port}"]
            command.remove("--once")
        else:
            command = [*self.runner.exporter(base),
                       f"--web.listen-address=127.0.0.1:{port}"]
            command.remove("--once")
        return machinery.Served(command, port)

    def exposition_served(self):
        exporter = self.serve("many")
        try:
            exporter.first_answer()
            exporter.get(headers=PROMETHEUS)
            body = exporter.get()
            series = sum(1 for line in body.splitlines()
                         if not line.startswith(b"#"))
            peak = exporter.memory("VmHWM")
            yield row(f"peak memory, 10,000 tenants, {series:,} series", "–",
                      peak / 1024, "MiB", 64,
                      note="serving: collected, then answered plain and gzip")
            served = self.estates.folder / "served"
            served.mkdir(exist_ok=True)
            (served / "metrics").write_bytes(body)
            for title, path, header in (
                    ("uncompressed", "served", None),
                    ("gzip", "gzipped", "Accept-Encoding: gzip")):
                ours, theirs = self.requests_a_second(
                    f"http://127.0.0.1:{exporter.port}/metrics",
                    f"http://127.0.0.1:{self.nginx.port}/{path}/metrics",
                    header)
                yield row(f"/metrics, {series:,} series, {title}",
                          "nginx, the same bytes as a file", ours / theirs,
                          "× requests/s", 0.5, True,
                          f"{len(body):,} bytes, 4 connections: {ours:.1f} to "
                          f"{theirs:.1f}" + (", both compress at level 1"
                                             if header else ""))
        finally:
            exporter.end()

    def requests_a_second(self, ours, theirs, header):
        rates = {ours: [], theirs: []}
        for _ in range(SLOW_ROUNDS):
            for url, found in rates.items():
                text = subprocess.run(
                    ["wrk", "--threads=1", "--connections=4", "--duration=3s",
                     *(["--header", header] if header else []), url],
                    check=True, capture_output=True, text=True).stdout
                if "Non-2xx" in text or "Socket errors" in text:
                    raise SystemExit(f"bench: wrk met errors:\n{text}")
                found.append(float(
                    re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)))
        return (statistics.median(rates[url]) for url in (ours, theirs))

    def exposition_written(self):
        program = machinery.programs() / "exposition_bench"
        setup, ours, registry = (self.runner.instructions([program, mode])
                                 for mode in ("setup", "ours", "registry"))
        yield row("instructions of an exposition of 60,000 series",
                  "prometheus-cpp's Registry and serializer",
                  (registry - setup) / (ours - setup), "× fewer", 5, True,
                  f"{(ours - setup) / 1e6:.0f} to "
                  f"{(registry - setup) / 1e6:.0f} million")

    def at_rest(self):
        starts = {False: [], True: []}
        for _ in range(FAST_ROUNDS):
            for python, found in starts.items():
                served = self.serve("tiny", python)
                found.append(served.first_answer())
                served.end()
        ours, theirs = (statistics.median(starts[key])
                        for key in (False, True))
        yield row("start to first /metrics, 4 tenants × 10", "Python exporter",
                  ours / theirs, "×", 0.1, note=f"{ms(ours)} to {ms(theirs)}")
        resting = []
        for python in (False, True):
            served = self.serve("large", python)
            served.first_answer()
            served.get(headers=PROMETHEUS)
            wakeups = served.wakeups(10)
            resting.append((served.private_kib(), served.memory()))
            if not python:
                idle = wakeups
            served.end()
        for title, ours, theirs in zip(
                ("its own", "resident, with shared libraries"), *resting):
            yield row(f"idle memory after a scrape, 1,000 tenants × 100: "
                      f"{title}", "Python exporter", ours / theirs, "×", 0.333,
                      note=f"{ours / 1024:.1f} to {theirs / 1024:.1f} MiB")
        yield row("idle wake-ups a second", "–", idle, "", 5)

    def growth(self):
        """The slope between sizes: the cost of the start does not count."""
        counts = {tenants: self.runner.instructions(
            self.runner.exporter(self.nginx.base(name)))
            for tenants, name in ((100, "hundred"), (1000, "small"),
                                  (10000, "many"))}
        low = (counts[1000] - counts[100]) / 900
        high = (counts[10000] - counts[1000]) / 9000
        yield row("growth: instructions a tenant, 1,000 to 10,000 tenants × 10",
                  "100 to 1,000", high / low, "×", 1.1,
                  note=f"{high:,.0f} to {low:,.0f}")
        yield from self.history(counts[10000])
        taken = self.runner.alternate(
            {name: self.runner.exporter(self.nginx.base(name))
             for name in ("hundred", "small", "many")}, 5)
        low = (taken["small"]["cpu"] - taken["hundred"]["cpu"]) / 900
        high = (taken["many"]["cpu"] - taken["small"]["cpu"]) / 9000
        yield row("growth: CPU a tenant, likewise", "100 to 1,000", high / low,
                  "×", 1.1, note=f"{1e6 * high:.0f} to {1e6 * low:.0f} µs")

    def history(self, scrape):
        """Beside the collection of leads, which writes it, and beside a whole
        scrape of `scrape` instructions."""
        spent = self.runner.round_of("history_bench",
                                     self.estates.folder / "history.db")
        leads = self.runner.instructions(self.runner.exporter(
            self.nginx.base("many"), numbers="enabled: false"))
        for against, whole in (("collection of leads", leads),
                               ("scrape", scrape)):
            yield row("instructions of the history, 10,000 tenants, nothing "
                      "changed", f"the {against}", spent / whole, "×", 0.05,
                      note=f"{spent / 1e6:.1f} to {whole / 1e6:.0f} million")

    def newer_api(self):
        base = self.nginx.base("large")
        commands = {api: self.runner.exporter(base, numbers=f"api: {api}")
                    for api in ("v2", "v3")}
        requests = {}
        for api, command in commands.items():
            self.runner.run(command)
            requests[api] = sum(
                int(count) for count in re.findall(
                    r'^operator_connect_exporter_upstream_requests_total'
                    r'{.*endpoint="numbers".*} (\d+)$',
                    self.runner.output.read_text(), re.M))
        taken = self.runner.alternate(commands, FAST_ROUNDS)
        spent = {api: self.runner.instructions(command)
                 for api, command in commands.items()}
        yield row("requests for numbers by v3, 1,000 tenants × 100", "by v2",
                  requests["v3"] / requests["v2"], "×",
                  note=f"{requests['v3']} to {requests['v2']}")
        yield row("CPU of that scrape by v3", "by v2",
                  taken["v3"]["cpu"] / taken["v2"]["cpu"], "×",
                  note=f"{ms(taken['v3']['cpu'])} to {ms(taken['v2']['cpu'])}")
        yield row("user instructions of that scrape by v3", "by v2",
                  spent["v3"] / spent["v2"], "×", 1,
                  note=f"{spent['v3']:,} to {spent['v2']:,}")
