#!/usr/bin/env python3
"""The rules of grafana/dashboard-linter, for where Go is not at hand.

    lint.py [DASHBOARD.json ...]

Each rule has the linter's name and does what the linter's does, warnings taken
as errors; some are stricter (every kind of panel needs a title, a description,
a unit and the data source variable). Exceptions are read from the `.lint` file
beside the dashboards, the very file that the linter reads.
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import model  # noqa: E402
import promql  # noqa: E402

# From Grafana's packages/grafana-data/src/valueFormats/categories.ts, as far
# as they are useful here.
UNITS = {"none", "string", "short", "locale", "percent", "percentunit",
         "bytes", "decbytes", "Bps", "binBps", "s", "ms", "d", "h", "m",
         "dtdurations", "dateTimeAsIso", "dateTimeFromNow", "ops", "reqps",
         "cps", "bool", "bool_yes_no", "bool_on_off"}
DATASOURCE = {"$datasource", "${datasource}"}


def lint(dashboard, exclusions=None):
    """Lines `rule: where: the fault`, without the excluded ones."""
    exclusions = exclusions or {}
    findings = []

    def add(rule, where, message, panel=None):
        for entry in exclusions.get(rule, []):
            if (entry.get("dashboard", dashboard.title) == dashboard.title
                    and entry.get("panel", panel) == panel):
                return
        findings.append(f"{rule}: {dashboard.path.name}: {where}: {message}")

    _lint_dashboard(dashboard, add)
    for panel in dashboard.panels():
        _lint_panel(panel, add)
    return findings


def _lint_dashboard(dashboard, add):
    if dashboard.json.get("editable", True):
        add("uneditable-dashboard", "editable", "should be false")
    variables = {v["name"]: v for v in dashboard.variables()}
    source = variables.get("datasource")
    if not source or source["type"] != "datasource":
        add("template-datasource-rule", "variables", "no `datasource`")
    elif source.get("label") not in ("Data source", "Prometheus data source"):
        add("template-datasource-rule", "variable datasource",
            f"label is {source.get('label')!r}, not 'Data source'")
    for name in ("job", "instance"):
        _lint_variable(name, variables.get(name), add)
    for variable in dashboard.variables():
        if variable["type"] != "query":
            continue
        where = f"variable {variable['name']}"
        if variable.get("refresh") != 2:
            add("template-on-time-change-reload-rule", where,
                f"refresh is {variable.get('refresh')}, not 2")
        try:
            promql.Expression(model.variable_query(variable)[0])
        except ValueError as error:
            add("template-label-promql-rule", where, str(error))


def _lint_variable(name, variable, add):
    rule = f"template-{name}-rule"
    if not variable:
        add(rule, "variables", f"no `{name}`")
        return
    where = f"variable {name}"
    if variable.get("datasource", {}).get("uid") not in DATASOURCE:
        add(rule, where, "does not use the data source variable")
    if variable["type"] != "query":
        add(rule, where, "is no query")
    if variable.get("label") != name.title():
        add(rule, where, f"label is {variable.get('label')!r}")
    if not variable.get("multi"):
        add(rule, where, "is no multi select")
    if variable.get("allValue") != ".+":
        add(rule, where, f"allValue is {variable.get('allValue')!r}, not '.+'")


def _lint_panel(panel, add):
    title = panel.get("title", "")
    where = f"panel {title!r} ({panel['id']})"
    if panel.get("datasource", {}).get("uid") not in DATASOURCE:
        add("panel-datasource-rule", where,
            "does not use the data source variable", title)
    if not title or not panel.get("description"):
        add("panel-title-description-rule", where,
            "needs a title and a description", title)
    if not panel.get("targets"):
        add("panel-no-targets-rule", where, "has no query", title)
    _lint_units(panel, where, add)
    for target in panel.get("targets", []):
        _lint_target(target, f"{where} {target['refId']}", title, add)


def _lint_units(panel, where, add):
    config = panel.get("fieldConfig", {})
    units = [config.get("defaults", {}).get("unit")]
    mapped = bool(config.get("defaults", {}).get("mappings"))
    for override in config.get("overrides", []):
        for item in override["properties"]:
            if item["id"] == "unit":
                units.append(item["value"])
            mapped = mapped or item["id"] == "mappings"
    units = [unit for unit in units if unit]
    for unit in units:
        if unit not in UNITS:
            add("panel-units-rule", where, f"unknown unit {unit!r}",
                panel.get("title"))
    if not units and not mapped and panel["type"] != "table":
        add("panel-units-rule", where, "has no unit", panel.get("title"))


def _lint_target(target, where, panel, add):
    if target.get("datasource", {}).get("uid") not in DATASOURCE:
        add("panel-datasource-rule", where,
            "does not use the data source variable", panel)
    try:
        expression = promql.Expression(target.get("expr", ""))
    except ValueError as error:
        add("target-promql-rule", where, str(error), panel)
        return
    if not expression.selectors:
        add("target-promql-rule", where, "selects nothing", panel)
    for selector in expression.selectors:
        shown = selector.metric or "{...}"
        for label in ("job", "instance"):
            if (label, "=~", f"${label}") not in selector.matchers:
                add(f"target-{label}-rule", where,
                    f'{shown} lacks {label}=~"${label}"', panel)
        if (selector.function in ("rate", "irate")
                and selector.window != "$__rate_interval"):
            add("target-rate-interval-rule", where,
                f"{shown}[{selector.window}] is not [$__rate_interval]", panel)
        if (selector.metric.endswith("_total")
                and selector.function not in ("rate", "irate", "increase")):
            add("target-counter-agg-rule", where,
                f"{shown} outside rate, irate and increase", panel)


def exclusions_of(folder):
    """{rule: [{"dashboard": …, "panel": …}]} of the folder's `.lint`.

    Reads what that file needs of YAML: nested keys, and entries as a list.
    """
    path = pathlib.Path(folder) / ".lint"
    result, rule = {}, None
    if not path.exists():
        return result
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"  ([\w-]+):", line):
            rule = result.setdefault(match[1], [])
        elif match := re.fullmatch(r"      (- |  )(dashboard|panel): (.+)", line):
            if match[1] == "- ":
                rule.append({})
            rule[-1][match[2]] = match[3]
        elif line.strip() and not re.match(
                r"#|exclusions:$|    (reason:|entries:$)|      \w.*[^:]$", line):
            raise SystemExit(f"{path}: not understood: {line!r}")
    for rule, entries in result.items():
        if not entries:
            raise SystemExit(f"{path}: {rule} is excluded as a whole")
    return result


def main(paths):
    boards = [model.Dashboard(p) for p in paths] if paths else model.load()
    findings = []
    for board in boards:
        findings += lint(board, exclusions_of(board.path.parent))
    for finding in findings:
        print(finding, file=sys.stderr)
    print(f"{len(boards)} dashboards, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
