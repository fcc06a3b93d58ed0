#!/usr/bin/env python3
"""How long the dashboards' queries and the alert rules take with many tenants.

    query_times.py [--tenants 10000] [--keep FOLDER]

The exporter reads a simulated platform of that many tenants once. What it
shows becomes a day of two replicas in a Prometheus of the distribution, by
promtool tsdb create-blocks-from openmetrics: every minute, but for the series
of single tenants and leads every 290 seconds, in the first and the last four
hours alone. (No query reads all of them but now, and a day ago.)

Then that Prometheus evaluates the alert rules a few times, and each query is
run as Grafana would run it over that day, one point a minute, three times.
Prints the seconds that each group of rules took, and a table with the processor
time of Prometheus for the slowest queries of each dashboard (a busy machine
does not change it as it does the time one waits). Exits with 1 if a group or a
query took more than two seconds at its best. Needs the programs of build/ and
3 GB of disk.
"""

import argparse
import collections
import os
import pathlib
import re
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
EVALUATIONS, EVERY = 4, 20
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
                # Alert rules read what is recorded over hours.
                seldom = of_tenant and name != RECORDED
                out.write("".join(f"{head}{at}\n" for at in
                                  (slow if seldom else fast)))
        out.write("# EOF\n")


def backfill(known, folder, data):
    """Writes one block after the other, and returns the end of the last. What
    passes meanwhile becomes blocks too, until the present is near."""
    file = pathlib.Path(folder) / "block.txt"
    first = begin = (int(time.time()) - HOURS * 3600) // BLOCK * BLOCK
    while (now := int(time.time())) - begin > 1.5 * FAST:
        end = min(begin + BLOCK, now)
        write(known, begin, end, file,
              begin < first + 2 * BLOCK or end > now - 2 * BLOCK,
              begin == first)
        subprocess.run([harness.program("promtool"), "tsdb",
                        "create-blocks-from", "openmetrics", "--quiet",
                        str(file), str(data)], check=True,
                       stdout=subprocess.DEVNULL, env=harness.environment())
        begin = end
    file.unlink()
    return end


def processor_seconds(pid):
    """Of all threads of the process since its start."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def hurried_rules(folder):
    """Copies of the alert rules, every group of which is evaluated as often as
    the others, while the data is fresh."""
    for file in (HERE.parent.parent / "config/prometheus/rules").iterdir():
        (folder / file.name).write_text(
            re.sub(r"\n    interval: .*", "", file.read_text()))
    return folder / "operator_connect_*.yml"


def evaluate(prometheus):
    """{group of rules: (seconds, what took longest)}, the best of some
    evaluations: of those with most alerts, whose texts are much of the work."""
    found = collections.defaultdict(dict)  # of each group, by its time

    def alerts(rule):
        return len(rule.get("alerts", ()))

    def slowest(rules):
        rule = max(rules, key=lambda r: r["evaluationTime"])
        return (f"{rule['name']} {rule['evaluationTime']:.2f} s"
                + (f", {alerts(rule)} alerts" if alerts(rule) else ""))

    def enough():
        for group in prometheus.api("rules")["groups"]:
            evaluations, at = found[group["name"]], group["lastEvaluation"]
            if not at.startswith("0001"):  # the year 1: none yet
                evaluations[at] = (-sum(map(alerts, group["rules"])),
                                   group["evaluationTime"],
                                   slowest(group["rules"]))
        return min(map(len, found.values()), default=0) >= EVALUATIONS

    harness.wait_until(enough, "evaluations", seconds=EVALUATIONS * EVERY * 3)
    return {name: min(evaluations.values())[1:]
            for name, evaluations in found.items()}


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


def report(groups, times, series):
    print(f"{series} series\n\n| group of rules | | slowest |\n"
          "| --- | --- | --- |")
    for name, (seconds, rule) in sorted(groups.items(), key=lambda g: -g[1][0]):
        print(f"| {name} | {seconds:.2f} s | {rule} |")
    print("\n| dashboard | queries | together | slowest | |\n"
          "| --- | --- | --- | --- | --- |")
    for uid in sorted({uid for _, uid, _ in times}):
        mine = sorted((t for t in times if t[1] == uid), reverse=True)
        for rank, (seconds, _, where) in enumerate(mine[:3]):
            head = (f"{uid} | {len(mine)} | {sum(t for t, _, _ in mine):.1f} s"
                    if rank == 0 else " | | ")
            print(f"| {head} | {seconds:.2f} s | {where} |")
    slow = [(seconds, name) for name, (seconds, _) in groups.items()
            if seconds > LIMIT]
    slow += [(seconds, f"{uid}, {where}") for seconds, uid, where in times
             if seconds > LIMIT]
    for seconds, what in slow:
        print(f"too slow: {what}: {seconds:.1f} s", file=sys.stderr)
    return 1 if slow else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tenants", type=int, default=10000)
    options = parser.parse_args()
    if not os.environ.get("OC_EXPORTER"):
        harness.use_build()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        now = backfill(families(exposition(options.tenants, scratch)),
                       scratch, folder / "data") - FAST
        config = folder / "prometheus.yml"
        config.write_text(f"global: {{evaluation_interval: {EVERY}s}}\n"
                          f"rule_files: ['{hurried_rules(folder)}']\n")
        prometheus = harness.Prometheus(
            scratch, config, "--storage.tsdb.retention.time=10y",
            data=folder / "data")
        try:
            groups = evaluate(prometheus)
            series = int(prometheus.api(
                "query", query='count({__name__=~".+"})',
                time=now)["result"][0]["value"][1])
            return report(groups, measure(prometheus, now), series)
        finally:
            prometheus.reap()


if __name__ == "__main__":
    sys.exit(main())
