"""A day of the past for the demo's Prometheus: the exporter's present samples,
as if they had been the same all the time. Without it rules and panels could
not compare with an hour or a day ago."""

import collections
import re
import subprocess
import time

import harness

HOURS = 25
# Prometheus shows a sample for five minutes.
STEP_SECONDS = 290
# Metrics of the platform's state. The exporter's own state has no past.
ESTATE = re.compile(r"operator_connect_(?!exporter_|collector_|up\b|tenants\b|"
                    r"tenant_failed\b|oldest_tenant_numbers_|dropped_series\b)")
# Recorded by config/prometheus/rules: the rule's name, its metric, and the label
# that it drops.
RECORDED = ("tenant:operator_connect_tenant_numbers:min",
            "operator_connect_tenant_numbers", "assignment_status")


def _quote(text):
    return (text.replace("\\", r"\\").replace('"', r'\"')
            .replace("\n", r"\n"))


def _as_scraped(labels):
    """A bucket's bound as in OpenMetrics, which Prometheus asks for."""
    bound = labels.get("le", "+Inf")
    return labels if bound == "+Inf" else {**labels, "le": str(float(bound))}


def _selector(labels):
    return "{" + ",".join(f'{name}="{_quote(value)}"'
                          for name, value in sorted(labels.items())) + "}"


def _families(exposition, target):
    """{name: {labels as text: value}} of the metrics with a past."""
    families = collections.defaultdict(dict)
    totals = collections.Counter()
    recorded, metric, without = RECORDED
    for sample in exposition.samples:
        if not ESTATE.match(sample.name):
            continue
        families[sample.name][_selector(
            {**_as_scraped(sample.labels), **target})] = sample.value
        if sample.name == metric:
            labels = {k: v for k, v in sample.labels.items() if k != without}
            totals[_selector(labels)] += sample.value
    families[recorded] = totals
    return families


def write(exposition_text, target, file):
    """Writes OpenMetrics text with timestamps. `target`: the labels that
    Prometheus adds to the exporter's series."""
    families = _families(harness.Exposition(exposition_text), target)
    # Until one minute ago: scrapes from now on are newer.
    end = int(time.time()) - 60
    times = range(end - HOURS * 3600, end + 1, STEP_SECONDS)
    with open(file, "w", encoding="utf-8") as out:
        for name, series in families.items():
            out.write(f"# TYPE {name} gauge\n")
            for labels, value in series.items():
                out.writelines(f"{name}{labels} {value!r} {at}\n"
                               for at in times)
        out.write("# EOF\n")


def backfill(exposition_text, target, folder, data):
    """Makes Prometheus' folder `data` with that day in it."""
    file = folder / "history.txt"
    write(exposition_text, target, file)
    subprocess.run([harness.program("promtool"), "tsdb", "create-blocks-from",
                    "openmetrics", "--quiet", str(file), str(data)],
                   check=True, stdout=subprocess.DEVNULL,
                   env=harness.environment())
    file.unlink()
