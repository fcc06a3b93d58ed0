#!/usr/bin/env python3
"""How long the dashboards' queries take with many tenants.

    query_times.py [--tenants 10000] [--keep FOLDER]

The exporter reads a simulated platform of that many tenants once. What it
shows becomes a day of two replicas in a Prometheus of the distribution, by
promtool tsdb create-blocks-from openmetrics: every minute, but for the series
of single tenants and leads every 290 seconds, in the first and the last four
hours alone. (No query reads all of them but now, and a day ago.) Then each
query is run as Grafana would run it over that day, one point a minute, three
times. Prints a table with the processor time of Prometheus for the slowest
queries of each dashboard (a busy machine does not change it as it does the
time one waits), and exits with 1 if one took more than two seconds at its
best. Needs the programs of build/ and 3 GB of disk.
"""

import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]
import check  # noqa: E402
import configurations  # noqa: E402
import harness  # noqa: E402
import model  # noqa: E402

HOURS, FAST, SLOW, LIMIT = 25, 60, 290, 2.0
BLOCK = 2 * 3600
REPLICAS = ("10.0.0.1:10390", "10.0.0.2:10390")
RANK = "instance:operator_connect_replica:rank"
RECORDED = "tenant:operator_connect_tenant_numbers:min"


def exposition(tenants, folder):
    simulator = harness.Simulator(f"--tenants={tenants}",
                                  "--numbers-per-tenant=20")
    config = pathlib.Path(folder) / "exporter.yml"
    config.write_text(configurations.exporter_config(simulator)
                      .replace("min_interval: 1s, max_age: 5m",
                               "min_interval: 1h, max_age: 2h"))
    exporter = harness.Exporter(config)
    try:
        def read():
            shown = harness.Exposition(exporter.metrics(seconds=120))
            return shown if any(s.name == "operator_connect_numbers"
                                for s in shown.samples) else None
        return harness.wait_until(read, "numbers", seconds=600)
    finally:
        exporter.reap()
        simulator.reap()


def families(shown):
    """{name: [(labels in text, value, of a tenant)]} of both replicas, and of
    the recorded series that the dashboards read."""
    sums = collections.Counter()
    for sample in shown.samples:
        if sample.name == "operator_connect_tenant_numbers":
            sums[sample.labels["account"], sample.labels["tenant_id"]] += (
                sample.value)
    result = {RECORDED: [(f'account="{account}",tenant_id="{tenant}"',
                          value, True)
                         for (account, tenant), value in sums.items()]}
    for instance in REPLICAS:
        target = f'instance="{instance}",job="operator_connect"'
        for sample in shown.samples:
            labels = ",".join(
                [f'{name}="{value}"' for name, value in
                 ((n, v.replace("\\", r"\\").replace('"', r'\"'))
                  for n, v in sample.labels.items())] + [target])
            result.setdefault(sample.name, []).append(
                (labels, sample.value, "tenant_id" in sample.labels))
        for account in {s.labels["account"] for s in shown.samples
                        if "account" in s.labels}:
            result.setdefault(RANK, []).append(
                (f'account="{account}",{target}', 0, False))
    return result


def write(known, begin, end, file, tenants, more):
    """Writes the samples of one block, with or without the series of
    `tenants`. `more`: every seventh tenant has one number more, or less."""
    fast, slow = (range(begin, end, step) for step in (FAST, SLOW))
    with open(file, "w", encoding="utf-8") as out:
        for name, series in known.items():
            out.write(f"# TYPE {name} unknown\n")
            for index, (labels, value, of_tenant) in enumerate(series):
                if of_tenant and not tenants:
                    continue
                if more and index % 7 == 0 and name == RECORDED:
                    value += 1 - index % 2 * 2
                head = f"{name}{{{labels}}} {value!r} "
                out.write("".join(f"{head}{at}\n" for at in
                                  (slow if of_tenant else fast)))
        out.write("# EOF\n")


def backfill(known, end, folder, data):
    begin = (end - HOURS * 3600) // BLOCK * BLOCK
    file = pathlib.Path(folder) / "block.txt"
    starts = range(begin, end, BLOCK)
    for start in starts:
        write(known, start, min(start + BLOCK, end), file,
              start in (*starts[:2], *starts[-2:]), start == starts[0])
        subprocess.run([harness.program("promtool"), "tsdb",
                        "create-blocks-from", "openmetrics", "--quiet",
                        str(file), str(data)], check=True,
                       stdout=subprocess.DEVNULL, env=harness.environment())
    file.unlink()


def processor_seconds(pid):
    """Of all threads of the process since its start."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(prometheus, now):
    """[(seconds at best, dashboard, what)]."""
    url = check.Prometheus(prometheus.url, 86400, now, 1440)
    values = check.variables(check.tenant_to_show(url), "4m", now=now)
    values["__range"] = "1d"
    times = []
    for board in model.load():
        for where, text, instant, _ in check.queries(board):
            taken = []
            for _ in range(3):
                start = processor_seconds(prometheus.pid)
                url.query(check.fill_in(text, values), instant)
                taken.append(processor_seconds(prometheus.pid) - start)
            times.append((min(taken), board.uid, where))
    return times


def report(times, series):
    print(f"{series} series\n\n| dashboard | queries | together | slowest | |\n"
          "| --- | --- | --- | --- | --- |")
    for uid in sorted({uid for _, uid, _ in times}):
        mine = sorted((t for t in times if t[1] == uid), reverse=True)
        for rank, (seconds, _, where) in enumerate(mine[:3]):
            head = (f"{uid} | {len(mine)} | {sum(t for t, _, _ in mine):.1f} s"
                    if rank == 0 else " | | ")
            print(f"| {head} | {seconds:.2f} s | {where} |")
    slow = [t for t in times if t[0] > LIMIT]
    for seconds, uid, where in slow:
        print(f"too slow: {uid}, {where}: {seconds:.1f} s", file=sys.stderr)
    return 1 if slow else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tenants", type=int, default=10000)
    parser.add_argument("--keep", help="a folder that keeps the data: a "
                        "second run with it measures only")
    options = parser.parse_args()
    if not os.environ.get("OC_EXPORTER"):
        harness.use_build()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(options.keep or scratch)
        data, mark = folder / "data", folder / "end"
        if not mark.exists():
            end = int(time.time()) - 60
            backfill(families(exposition(options.tenants, scratch)), end,
                     scratch, data)
            mark.write_text(str(end))
        now = int(mark.read_text()) - 60
        config = pathlib.Path(scratch) / "prometheus.yml"
        config.write_text("global: {}\n")
        prometheus = harness.Prometheus(
            scratch, config, "--storage.tsdb.retention.time=10y", data=data)
        try:
            series = int(prometheus.api(
                "query", query='count({__name__=~".+"})',
                time=now)["result"][0]["value"][1])
            return report(measure(prometheus, now), series)
        finally:
            prometheus.reap()


if __name__ == "__main__":
    sys.exit(main())
