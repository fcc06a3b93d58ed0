#!/usr/bin/env python3
"""Holds the #include lines against the architecture.

main -> app -> web -> collector -> history -> exposition -> live_platform ->
oauth -> http_client -> config -> base: each may include itself and what is to
its right. Units (a header and its source) form no cycle. Each library is seen
where LIBRARIES says. The simulator includes nothing of the exporter but its
base, so that both cannot be wrong in the same way. Exits 1 and names every
line that breaks a rule, and every cycle.
"""

import pathlib
import re
import sys

LAYERS = ["main", "app", "web", "collector", "history", "exposition",
          "live_platform", "oauth", "http_client", "config", "base"]
# Header prefixes of libraries, and the folders that may include them.
LIBRARIES = {
    "rapidjson/": {"live_platform", "oauth"},
    "curl/": {"http_client"},
    "yaml-cpp/": {"config"},
    "prometheus/": {"exposition", "history"},
    "sqlite3.h": {"history"},
    "httplib.h": {"web"},
    "CLI/": {"app"},
}
# In a folder with several libraries: the files that may include this one.
FILES = {"curl/": re.compile(r"transport|curl")}
INCLUDE = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]')


def layer(path):
    """The layer of exporter/<path>: a folder, or main or app at the top."""
    if len(path.parts) > 1:
        return path.parts[0]
    return "main" if path.name == "main.cc" else "app"


def problem(own, path, included):
    """The fault of one include in a file of exporter/, or None."""
    if included.endswith(".cc"):
        return "a source is compiled, not included"
    if included.startswith("tests/"):
        return "the exporter knows nothing of its tests"
    if included.startswith("exporter/"):
        other = layer(pathlib.PurePath(included.removeprefix("exporter/")))
        if other not in LAYERS:
            return f"there is no folder {other}"
        if LAYERS.index(other) < LAYERS.index(own):
            return f"{own} may not include {other}"
    for prefix, folders in LIBRARIES.items():
        if included.startswith(prefix):
            if own not in folders:
                return f"{prefix} belongs to {', '.join(sorted(folders))} alone"
            if prefix in FILES and not FILES[prefix].search(path.name):
                return f"{prefix} belongs to its transport alone"
    return None


def includes(folder):
    """Every include below `folder`: file, line number, included path."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if match:
                yield path, number, match.group(1)


def check(root):
    """All problems of a tree, as lines."""
    found = []
    for path, number, included in includes(root / "exporter"):
        own = layer(path.relative_to(root / "exporter"))
        if own not in LAYERS:
            what = f"there is no folder {own}"
        else:
            what = problem(own, path, included)
        if what:
            found.append(f"{path.relative_to(root)}:{number}: {what}: {included}")
    for path, number, included in includes(root / "tests" / "simulator"):
        if included.startswith("exporter/") and not included.startswith(
                "exporter/base/"):
            found.append(f"{path.relative_to(root)}:{number}: the simulator "
                         f"may include exporter/base alone: {included}")
    return found


def unit(path):
    """exporter/a/b of exporter/a/b.h and exporter/a/b.cc."""
    return str(pathlib.PurePath(path).with_suffix(""))


def groups(graph):
    """The units of each cycle of `graph`, which names what each includes."""
    def reached(start):
        """All units that `start` includes, directly or not."""
        seen, queue = set(), [start]
        while queue:
            for other in graph.get(queue.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    queue.append(other)
        return seen

    reach = {own: reached(own) for own in graph}
    found = {frozenset({own} | {other for other in reach[own]
                                if own in reach.get(other, ())})
             for own in graph if own in reach[own]}
    return sorted(map(sorted, found))


def cycles(root):
    """Every cycle of units, each as one line with the units in order."""
    graph = {}
    for path, _, included in includes(root / "exporter"):
        own, other = unit(path.relative_to(root)), unit(included)
        graph.setdefault(own, set())
        if included.startswith("exporter/") and other != own:
            graph[own].add(other)
    return ["a cycle of units: " + ", ".join(group) for group in groups(graph)]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = check(root) + cycles(root)
    print("\n".join(found + [f"include layers: {len(found)} problems"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
