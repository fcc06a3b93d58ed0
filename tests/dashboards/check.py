#!/usr/bin/env python3
"""Checks the dashboards; against a real exposition and Prometheus if given.

    check.py [--exposition FILE ...] [--prometheus URL [--range 10m]]

Always: the linter's rules (lint.py) and the structure (structure.py).
--exposition: every metric and label that a dashboard names is in one of the
  files, and every metric of the files is in a dashboard or listed below.
--prometheus: every query, its variables filled in, is run as Grafana would run
  it, and returns data unless it is listed below.
Exit 1 with a line for each finding on standard error.
"""

import argparse
import json
import math
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import lint  # noqa: E402
import model  # noqa: E402
import promql  # noqa: E402
import structure  # noqa: E402

# Metrics that no dashboard shows, with the reason.
NOT_SHOWN = {
    "operator_connect_direct_leads":
        "how a lead came in needs no watching; the tenant dashboard tells it "
        "of each lead",
    "operator_connect_oldest_unlicensed_lead_timestamp_seconds":
        "the table of tenants that need attention shows the date of each",
    "operator_connect_oldest_assignment_check_timestamp_seconds":
        "one number that is never checked again keeps it old; the newest "
        "check is shown",
    "operator_connect_oldest_tenant_numbers_timestamp_seconds":
        "the tenants that were not read are shown",
    "operator_connect_exporter_config_last_reload_success_timestamp_seconds":
        "the time of the last reload matters to the alert on a refused one",
    "operator_connect_exporter_history_up":
        "for its alert; absent without a file",
    "operator_connect_exporter_upstream_paused_until_timestamp_seconds":
        "for its alert; absent unless the platform asks for a pause",
    "process_virtual_memory_bytes":
        "address space is no cost; resident memory is shown",
}
# Written by Prometheus itself and by the recording rules, with their labels.
OF_PROMETHEUS = {
    "instance:operator_connect_replica:rank": {"account"},
    "tenant:operator_connect_tenant_numbers:min": {"account", "tenant_id"},
    "up": set(), "scrape_duration_seconds": set(),
    "ALERTS": {"alertname", "alertstate", "severity", "account", "tenant_id",
               "company", "state", "kind", "job", "instance"},
    "ALERTS_FOR_STATE": {"alertname", "severity", "account", "tenant_id",
                         "company", "state", "kind", "job", "instance"},
}
TARGET_LABELS = {"job", "instance", "__name__"}
# Queries that may return nothing: (dashboard, panel) -> reason.
MAY_BE_EMPTY = {
    ("operator-connect-overview", "Firing alerts"): "no alert may be firing",
    ("operator-connect-overview", "Tenants lost"): "none may be lost",
    ("operator-connect-overview", "Tenants that need attention"):
        "nothing may need attention",
    ("operator-connect-overview", "Civic addresses that failed to sync"):
        "none may have failed",
    ("operator-connect-numbers", "Biggest movers of the last day"):
        "no count may have moved",
    ("operator-connect-business", "Growth and releases of numbers"):
        "nothing may be known of a month ago",
    ("operator-connect-business", "Median time to license"):
        "none may have been licensed",
    ("operator-connect-exporter", "Tenants not read"):
        "every tenant may have been read",
    ("operator-connect-exporter", "Malformed and left out"):
        "no series may be left out",
}


# --- the exposition ---------------------------------------------------------

def read_exposition(paths):
    """{sample name: label names} of all files, text or OpenMetrics."""
    samples = {}
    for path in paths:
        for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
            match = re.match(r"([A-Za-z_:][\w:]*)(\{.*\})? ", line)
            if match and not line.startswith("#"):
                labels = samples.setdefault(match[1], set())
                labels |= set(re.findall(r'(?:[{,]\s*)([A-Za-z_]\w*)="',
                                         _without_values(match[2] or "")))
    return samples


def _without_values(labels):
    return re.sub(r'"(?:\\.|[^"\\])*"', '""', labels)


def check_names(boards, samples):
    findings, shown = [], set()
    for board in boards:
        for where, text in board.expressions():
            where = f"{board.path.name}: {where}"
            expression = promql.Expression(text)
            known = set(TARGET_LABELS)
            for selector in expression.selectors:
                metrics = _metrics(selector, samples)
                shown |= metrics
                for metric in metrics:
                    labels = OF_PROMETHEUS.get(metric, samples.get(metric))
                    if labels is None:
                        findings.append(f"{where}: no metric {metric!r}")
                        continue
                    known |= labels
                    for label, _, _ in selector.matchers:
                        if label not in labels | TARGET_LABELS:
                            findings.append(
                                f"{where}: {metric} has no label {label!r}")
            for label in expression.labels() - known:
                findings.append(f"{where}: no label {label!r}")
    for family in sorted({_family(name) for name in samples}):
        in_dashboard = any(_family(name) == family for name in shown)
        if family in NOT_SHOWN and in_dashboard:
            findings.append(f"{family} is listed as not shown, but is")
        elif family not in NOT_SHOWN and not in_dashboard:
            findings.append(f"{family} is in no dashboard and not listed")
    return findings


def _metrics(selector, samples):
    if selector.metric:
        return {selector.metric}
    for label, operator, value in selector.matchers:
        if label == "__name__" and operator == "=~":
            return set(value.split("|"))
    return set(samples)


def _family(sample):
    return re.sub(r"_(bucket|sum|count)$", "", sample)


# --- a live Prometheus ------------------------------------------------------

class Prometheus:
    def __init__(self, url, seconds, now=None, points=100):
        self._url, self._seconds = url.rstrip("/"), seconds
        self._now, self._points = now, points

    def query(self, expression, instant):
        now = self._now or time.time()
        if instant:
            return self._get("query", query=expression, time=now)
        step = max(1, int(self._seconds / self._points))
        return self._get("query_range", query=expression, end=now, step=step,
                         start=now - self._seconds)

    def _get(self, what, **parameters):
        body = urllib.parse.urlencode(parameters).encode()
        try:
            with urllib.request.urlopen(f"{self._url}/api/v1/{what}", body,
                                        timeout=60) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            reason = json.load(error).get("error", "")
            raise ValueError(f"Prometheus refuses it: {reason}") from error


def fill_in(text, values):
    """The expression with `$name`, `${name}`, `${name:format}` replaced."""
    def value(match):
        name = match[1] or match[2]
        if name not in values:
            raise ValueError(f"no value for the variable {name!r}")
        return values[name]
    return re.sub(r"\$\{(\w+)(?::[\w:]+)?\}|\$([A-Za-z_]\w*)", value, text)


def tenant_to_show(prometheus, instance=".+"):
    """The id of a tenant with all series; None: there is none."""
    known = " and on (tenant_id) ".join([
        f'sum by (tenant_id) (operator_connect_tenant_numbers{{instance=~"{instance}"}})',
        'operator_connect_lead_info{status!="Removed"}',
        "operator_connect_lead_consented_timestamp_seconds",
        "operator_connect_lead_last_modified_timestamp_seconds",
        "operator_connect_tenant_lifecycle_since_timestamp_seconds",
        "operator_connect_tenant_first_number_timestamp_seconds"])
    found = prometheus.query(f"topk(1, {known})", True)
    return found[0]["metric"]["tenant_id"] if found else None


def variables(tenant_id, rate_interval, instance=".+", now=None):
    """A value for each variable."""
    return {"job": ".+", "instance": instance, "account": ".+", "price": "1.5",
            "__rate_interval": rate_interval, "__interval": rate_interval,
            "__range": rate_interval, "__to": str(int(now or time.time())),
            "tenant_id": tenant_id}


def check_queries(boards, prometheus, rate_interval, instance=".+"):
    tenant = tenant_to_show(prometheus, instance)
    if tenant is None:
        return ["no tenant has numbers and lead details: nothing to try the "
                "tenant dashboard with"]
    values, findings = variables(tenant, rate_interval, instance), []
    for board in boards:
        for where, text, instant, may_be_empty in queries(board):
            where = f"{board.path.name}: {where}"
            try:
                result = prometheus.query(fill_in(text, values), instant)
            except ValueError as error:
                findings.append(f"{where}: {error}")
                continue
            if not may_be_empty and not any(map(_has_number, result)):
                findings.append(f"{where}: returns nothing: {text}")
    return findings


def queries(board):
    """(where, expression, instant, may be empty) of all queries."""
    for panel in board.panels():
        may = (board.uid, panel["title"]) in MAY_BE_EMPTY
        for target in panel["targets"]:
            yield (f"panel {panel['title']!r} {target['refId']}",
                   target["expr"], target["instant"], may)
    for where, text in board.expressions():
        if where.startswith("annotation"):
            yield where, text, False, True
        elif where.startswith("variable"):
            yield where, text, True, False


def _has_number(series):
    points = series.get("values") or [series["value"]]
    return any(not math.isnan(float(value)) for _, value in points)


# ----------------------------------------------------------------------------

def seconds_of(duration):
    number, unit = re.fullmatch(r"(\d+)([smh])", duration).groups()
    return int(number) * {"s": 1, "m": 60, "h": 3600}[unit]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dashboards", default=model.FOLDER)
    parser.add_argument("--exposition", action="append", default=[])
    parser.add_argument("--prometheus")
    parser.add_argument("--range", default="10m")
    parser.add_argument("--rate-interval", default="1m")
    options = parser.parse_args()

    boards = model.load(options.dashboards)
    findings = []
    for board in boards:
        findings += lint.lint(board, lint.exclusions_of(board.path.parent))
    findings += structure.check(boards)
    done = ["lint", "structure"]
    known = {(b.uid, p["title"]) for b in boards for p in b.panels()}
    findings += [f"MAY_BE_EMPTY names the unknown panel {panel}"
                 for panel in MAY_BE_EMPTY if panel not in known]
    if options.exposition:
        findings += check_names(boards, read_exposition(options.exposition))
        done.append("names")
    if options.prometheus:
        prometheus = Prometheus(options.prometheus, seconds_of(options.range))
        findings += check_queries(boards, prometheus, options.rate_interval)
        done.append("queries")
    for finding in findings:
        print(finding, file=sys.stderr)
    print(f"{len(boards)} dashboards, checked: {', '.join(done)}; "
          f"{len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
