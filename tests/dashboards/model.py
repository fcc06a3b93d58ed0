"""The dashboards, as the checks read them."""

import json
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "dashboards"


class Dashboard:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.text = self.path.read_text(encoding="utf-8")
        self.json = json.loads(self.text)
        self.uid = self.json.get("uid", "")
        self.title = self.json.get("title", "")

    def panels(self):
        """Every panel that shows something, including those in collapsed
        rows."""
        return [p for p in self.boxes() if p["type"] != "row"]

    def boxes(self):
        """Every panel and every row heading."""
        result = []
        for panel in self.json["panels"]:
            result.append(panel)
            result.extend(panel.get("panels", []))
        return result

    def variables(self):
        return self.json["templating"]["list"]

    def expressions(self):
        """(where, PromQL) of every panel's query, annotation and variable."""
        for panel in self.panels():
            for target in panel.get("targets", []):
                yield (f"panel {panel['title']!r} {target['refId']}",
                       target["expr"])
        for annotation in self.json["annotations"]["list"]:
            if "target" in annotation:
                yield (f"annotation {annotation['name']!r}",
                       annotation["target"]["expr"])
        for variable in self.variables():
            if variable["type"] == "query":
                expression, label = variable_query(variable)
                if label:
                    expression = f"count by ({label}) ({expression})"
                yield f"variable {variable['name']!r}", expression


def variable_query(variable):
    """(PromQL, label or None) of `label_values(x, l)` or `query_result(x)`."""
    text = variable["query"]["query"]
    function, _, arguments = text.partition("(")
    arguments = arguments.rstrip()[:-1]
    if function == "query_result":
        return arguments, None
    if function == "label_values":
        expression, _, label = arguments.rpartition(",")
        return expression.strip(), label.strip()
    raise ValueError(f"variable {variable['name']!r}: {text!r}")


def load(folder=FOLDER):
    paths = sorted(pathlib.Path(folder).glob("*.json"))
    if not paths:
        raise SystemExit(f"no dashboards in {folder}")
    return [Dashboard(path) for path in paths]
