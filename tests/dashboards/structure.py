"""Checks of the dashboards' JSON alone, beyond the linter's rules."""

import json
import re

VARIABLES = ("datasource", "job", "instance", "account")
# Panels that would be useless with a text instead of a value.
_STATE_MATCHERS = ("byName",)


def check(boards):
    """Lines with the faults; none if there are none."""
    findings = []
    for field in ("uid", "title"):
        seen = {}
        for board in boards:
            value = board.json.get(field)
            if value in seen:
                findings.append(f"{board.path.name}: {field} {value!r} is "
                                f"also that of {seen[value]}")
            seen[value] = board.path.name
    uids = {board.uid for board in boards}
    for board in boards:
        for message in (_head(board) + _variables(board) + _grid(board)
                        + _panels(board) + _annotations(board)
                        + _links(board, uids)):
            findings.append(f"{board.path.name}: {message}")
    return findings + _colours(boards)


def _head(board):
    d, wrong = board.json, []
    canonical = json.dumps(d, indent=2, sort_keys=True,
                           ensure_ascii=False) + "\n"
    if board.text != canonical:
        wrong.append("is not formatted: json.dumps(indent=2, sort_keys=True, "
                     "ensure_ascii=False) and a newline")
    if board.path.stem != board.uid:
        wrong.append(f"has the uid {board.uid!r}")
    if "id" in d:
        wrong.append("has an `id`, which belongs to one Grafana alone")
    for key, value in {"schemaVersion": 42, "graphTooltip": 1,
                       "tags": ["operator-connect"]}.items():
        if d.get(key) != value:
            wrong.append(f"{key} is {d.get(key)!r}, not {value!r}")
    link = {"type": "dashboards", "asDropdown": True, "keepTime": True,
            "includeVars": True, "tags": ["operator-connect"]}
    if not any(all(each.get(k) == v for k, v in link.items())
               for each in d.get("links", [])):
        wrong.append("lacks the drop-down link to its siblings")
    names = {a["name"] for a in d["annotations"]["list"] if a["enable"]}
    for name in ("Exporter restarted", "Tenants lost"):
        if name not in names:
            wrong.append(f"lacks the annotation {name!r}")
    for a in d["annotations"]["list"]:
        # Grafana 11 reads `expr`, and 12 `target`.
        if "target" in a and a.get("expr") != a["target"]["expr"]:
            wrong.append(f"the annotation {a['name']!r} has no `expr`, or "
                         "another one than its target")
    return wrong + _import(board)


def _import(board):
    """Grafana's UI asks for the data source, and knows the requirements."""
    d, wrong = board.json, []
    if [i["name"] for i in d.get("__inputs", [])] != ["DS_PROMETHEUS"]:
        wrong.append("does not ask for DS_PROMETHEUS when it is imported")
    for variable in board.variables():
        if (variable["name"] == "datasource"
                and variable["current"]["value"] != "${DS_PROMETHEUS}"):
            wrong.append("does not take the data source that was asked for")
    required = {each["id"]: each["type"] for each in d.get("__requires", [])}
    used = {panel["type"]: "panel" for panel in board.panels()}
    if required != {**used, "grafana": "grafana", "prometheus": "datasource"}:
        wrong.append(f"requires {sorted(required)}, but uses {sorted(used)}")
    return wrong


def _variables(board):
    wrong = []
    variables = {v["name"]: v for v in board.variables()}
    for name in VARIABLES:
        if name not in variables:
            wrong.append(f"lacks the variable {name!r}")
    account = variables.get("account", {})
    if not (account.get("multi") and account.get("includeAll")
            and account.get("allValue") == ".+"):
        wrong.append("variable 'account' is not multi with All = .+")
    text = json.dumps(board.json)
    for name in re.findall(r"\$\{?(\w+)", text):
        if not name.startswith("__") and name not in {
                *variables, "1", "DS_PROMETHEUS"}:
            wrong.append(f"uses the unknown variable {name!r}")
    return wrong


def _grid(board):
    wrong, taken = [], {}
    for box in board.json["panels"]:
        at = box["gridPos"]
        if at["x"] < 0 or at["x"] + at["w"] > 24 or at["w"] < 1 or at["h"] < 1:
            wrong.append(f"{box['title']!r} leaves the grid: {at}")
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                other = taken.setdefault((x, y), box["title"])
                if other != box["title"]:
                    wrong.append(f"{box['title']!r} overlaps {other!r}")
                    break
    for box in board.json["panels"]:
        at = box["gridPos"]
        if at["y"] and not any((x, at["y"] - 1) in taken
                               for x in range(at["x"], at["x"] + at["w"])):
            wrong.append(f"{box['title']!r} has nothing above it: Grafana "
                         "moves it up")
    bottom = max((y for _, y in taken), default=-1) + 1
    for y in range(bottom):
        if not any((x, y) in taken for x in range(24)):
            wrong.append(f"line {y} of the grid is empty")
    return sorted(set(wrong))


def _panels(board):
    wrong, ids, titles = [], set(), set()
    for box in board.boxes():
        if box["id"] in ids:
            wrong.append(f"panel id {box['id']} is there twice")
        ids.add(box["id"])
        if box["title"] in titles:
            wrong.append(f"title {box['title']!r} is there twice")
        titles.add(box["title"])
    for panel in board.panels():
        defaults = panel["fieldConfig"]["defaults"]
        if not defaults.get("noValue"):
            wrong.append(f"{panel['title']!r} says 'No data': set noValue")
        wrong += _thresholds(panel)
        refs = [t["refId"] for t in panel["targets"]]
        if len(set(refs)) != len(refs):
            wrong.append(f"{panel['title']!r} has a refId twice")
        if panel["type"] == "stat":
            # A range query would continue to show the last value of withdrawn
            # series.
            if any(not t.get("instant") or t.get("range")
                   for t in panel["targets"]):
                wrong.append(f"{panel['title']!r} is no instant query")
        if panel["type"] == "table":
            wrong += _table(panel)
    return wrong


def _annotations(board):
    """Red lines across a row of states would look like states."""
    timelines = [panel["id"] for panel in board.panels()
                 if panel["type"] == "state-timeline"]
    return [f"annotations {note['name']!r} are drawn over a state timeline"
            for note in board.json["annotations"]["list"]
            if note.get("iconColor") == "red" and timelines
            and note.get("filter") != {"exclude": True, "ids": timelines}]


def _thresholds(panel):
    """Grafana ignores what it does not understand: all stays green."""
    wrong, config = [], panel["fieldConfig"]
    found = [config["defaults"].get("thresholds")] + [
        item["value"] for override in config["overrides"]
        for item in override["properties"] if item["id"] == "thresholds"]
    for thresholds in filter(None, found):
        first, *others = thresholds["steps"]
        values = [step["value"] for step in others]
        if (first["value"] is not None
                or not all(isinstance(step["color"], str)
                           for step in thresholds["steps"])
                or not all(isinstance(v, (int, float)) for v in values)
                or values != sorted(set(values))):
            wrong.append(f"{panel['title']!r} has thresholds without effect")
    return wrong


def _table(panel):
    """Many tenants are shown in pages, and with a limit."""
    wrong = []
    if not panel["options"].get("enablePagination"):
        wrong.append(f"{panel['title']!r} has no pages")
    for target in panel["targets"]:
        if re.search(r"by \([^)]*tenant_id", target["expr"]) and not re.search(
                r"(top|bottom)k\(\d+, |tenant_id=~", target["expr"]):
            wrong.append(f"{panel['title']!r} has no limit")
    return wrong


def _links(board, uids):
    wrong = []
    for url in re.findall(r'"url": "(/d/[^"]*)"', board.text):
        uid = re.match(r"/d/([\w-]+)", url)[1]
        if uid not in uids:
            wrong.append(f"links to the unknown dashboard {uid!r}")
        for part in ("${__url_time_range}", "var-datasource=", "${job:queryparam}",
                     "${instance:queryparam}", "account"):
            if part not in url:
                wrong.append(f"a link to {uid} drops {part}")
    return wrong


def _colours(boards):
    """A state has one colour in every panel of every dashboard."""
    wrong, seen = [], {}

    def note(name, colour, where):
        first = seen.setdefault(name, (colour, where))
        if first[0] != colour:
            wrong.append(f"{where}: {name!r} is {colour}, but {first[0]} in "
                         f"{first[1]}")

    for board in boards:
        for panel in board.panels():
            where = f"{board.path.name}: {panel['title']!r}"
            config = panel["fieldConfig"]
            for override in config["overrides"]:
                if override["matcher"]["id"] not in _STATE_MATCHERS:
                    continue
                for item in override["properties"]:
                    if (item["id"] == "color"
                            and "fixedColor" in item["value"]):
                        note(override["matcher"]["options"],
                             item["value"]["fixedColor"], where)
                    if item["id"] == "mappings":
                        _note_mappings(item["value"], note, where)
            _note_mappings(config["defaults"].get("mappings", []), note, where)
    return wrong


def _note_mappings(mappings, note, where):
    for mapping in mappings:
        if mapping["type"] != "value":  # a mapping for no value is no state
            continue
        for option in mapping["options"].values():
            note(option["text"], option["color"], where)
