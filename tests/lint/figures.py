#!/usr/bin/env python3
"""The figures of a C++ tree: how long its files and functions are, how it
hangs together, how much of it is tested and explained.

Usage: figures.py [SOURCES [TESTS]], by default exporter and tests. Prints a
table, and for each figure with a goal whether it is met. Exits 1 if one is
missed. Other people's trees can be measured likewise, and miss our goals.

A function counts from the first line of its signature to its closing brace,
and with the lambdas inside of it. A unit is a header and its source of one
name; its test has that name with _test, _unittest or test_ added. Types are
counted for 1,000 lines that are neither blank nor comment; the share of
comments is that of the lines that are not blank.
"""

import pathlib
import re
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import include_layers  # noqa: E402

HEADERS = {".h", ".hh", ".hpp"}
SOURCES = {".cc", ".cpp", ".c", ".cxx"}
CONTROL = re.compile(r"^(if|for|while|switch|catch|do|else|return)\b")
TYPE = re.compile(r"^(?:template\s*<.*>\s*)?(?:typedef\s+)?"
                  r"(?:class|struct|union|enum)\b", re.S)
LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<!\w)'(?:\\.|[^'\\\n])+'", re.S)


def blank(text):
    """`text` without comments, literals and preprocessor lines; lines stay."""
    text = LITERAL.sub(lambda match: re.sub(r"[^\n]", " ", match.group())
                       if match.group()[0] == "/"
                       else '""' + "\n" * match.group().count("\n"), text)
    text = re.sub(r"\\\n", "\n", re.sub(
        r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*",
        lambda match: "\n" * match.group().count("\n"), text, flags=re.M))
    return text


def is_function(head):
    """Whether `head {` outside of a function begins a function."""
    if "(" not in head or CONTROL.match(head):
        return False
    before = head[:head.index("(")]
    if "=" in before and "operator" not in before:
        return False
    # A member in an initialiser list, such as Name(int a) : a_{
    return not re.search(r"[:,]\s*\w+$", head) or head.endswith("const")


def scan(text):
    """The lengths of functions and the number of types that `text` defines."""
    functions, types = [], 0
    scopes = []      # [kind, line of the head]
    head, begin, line = "", 1, 1
    for char in blank(text):
        inside = any(kind == "function" for kind, _ in scopes)
        if char == "\n":
            line += 1
        if char == "{":
            kind = "other"
            if not inside:
                stripped = head.strip()
                if re.match(r"^(inline\s+)?namespace\b|^extern\b", stripped):
                    kind = "namespace"
                elif TYPE.match(stripped):
                    kind = "type"
                    types += 1
                elif is_function(stripped):
                    kind = "function"
            scopes.append((kind, begin))
            if kind != "other":
                head = ""
        elif char == "}" and scopes:
            kind, since = scopes.pop()
            if kind == "function":
                functions.append(line - since + 1)
            if kind != "other":
                head = ""
        elif char == ";":
            head = ""
        elif not inside:
            head = re.sub(r"^\s*(public|private|protected)\s*:$", "",
                          head + char)
            if not head.strip():
                head = ""
            elif len(head.strip()) == 1 and char.strip():
                begin = line
    return functions, types


def comment_lines(text):
    """How many lines hold nothing but comment, and how many are not blank."""
    count, filled, inside = 0, 0, False
    for line in text.splitlines():
        stripped = line.strip()
        filled += stripped != ""
        if inside or stripped.startswith(("//", "/*")):
            count += 1
            inside = "*/" not in stripped and (inside or
                                               stripped.startswith("/*"))
    return count, filled


def graph_of(files):
    """Which unit includes which others, by paths without their endings."""
    graph, ends = {}, {}
    for path in files:
        own = path.with_suffix("")
        graph[str(own)] = set()
        for i in range(len(own.parts)):
            ends.setdefault("/".join(own.parts[i:]), set()).add(str(own))
    for path in files:
        own = str(path.with_suffix(""))
        for line in path.read_text(errors="replace").splitlines():
            match = include_layers.INCLUDE.match(line)
            if not match:
                continue
            other = include_layers.unit(match.group(1))
            beside = str(path.parent / other)
            found = {beside} if beside in graph else ends.get(other, set())
            if len(found) == 1 and found != {own}:
                graph[own] |= found
    return graph


def tested(files, tests):
    """The share of units with a source that have a test of their name."""
    units = {path.stem for path in files if path.suffix in SOURCES} - {"main"}
    names = {path.stem for root in tests for path in root.rglob("*")
             if path.suffix in SOURCES}
    found = [unit for unit in units
             if {unit + "_test", unit + "_unittest", "test_" + unit} & names]
    return 100 * len(found) / max(len(units), 1)


def measure(folder, tests):
    """All figures, by name."""
    is_test = re.compile(r"_(unit)?test$|^test_|_bench$")
    files = sorted(path for path in folder.rglob("*")
                   if path.suffix in HEADERS | SOURCES
                   and not is_test.search(path.stem))
    texts = {path: path.read_text(errors="replace") for path in files}
    lines = {path: len(text.splitlines()) for path, text in texts.items()}
    functions, header_types = [], 0
    for path, text in texts.items():
        found, types = scan(text)
        functions += found
        if path.suffix in HEADERS:
            header_types += types
    cycles = include_layers.groups(graph_of(files))
    total = sum(lines.values())

    def spoken(kinds):
        """Lines of comment, and lines that are not blank."""
        pairs = [comment_lines(texts[path]) for path in files
                 if path.suffix in kinds]
        return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)

    def share(kinds):
        said, filled = spoken(kinds)
        return 100 * said / max(filled, 1)

    said, filled = spoken(HEADERS | SOURCES)
    folders = {}
    for path in files:
        folders[path.parent] = folders.get(path.parent, 0) + 1
    readmes = [place / "README.md" for place in (folder.parent, folder)
               if (place / "README.md").exists()]
    return {
        "lines": total,
        "lines a file, median": round(statistics.median(lines.values())),
        "lines a file, max": max(lines.values()),
        "function lines, median": round(statistics.median(functions or [0])),
        "function lines, max": max(functions or [0]),
        "largest include cycle, units": max(map(len, cycles), default=0),
        "units with a test of the same name, %": round(tested(files, tests)),
        "types in headers for 1,000 lines": round(
            1000 * header_types / max(filled - said, 1), 1),
        "fullest folder, files": max(folders.values()),
        "comments in headers, %": round(share(HEADERS)),
        "comments in sources, %": round(share(SOURCES), 1),
        "README lines": len(readmes[0].read_text().splitlines())
        if readmes else 0,
    }


# The allowed maxima; figures without a goal are for information.
GOALS = {
    "lines": 18000,
    "lines a file, max": 300,
    "function lines, max": 40,
    "largest include cycle, units": 0,
    "types in headers for 1,000 lines": 11,
    "fullest folder, files": 36,
}


def report(figures):
    """The table as Markdown, and the names of the goals that are missed."""
    rows = ["| | is | goal | |", "| --- | --- | --- | --- |"]
    missed = [name for name, most in GOALS.items() if figures[name] > most]
    for name, value in figures.items():
        goal = f"≤ {GOALS[name]:,}" if name in GOALS else ""
        verdict = "" if name not in GOALS else (
            "missed" if name in missed else "met")
        rows.append(f"| {name} | {value:,} | {goal} | {verdict} |")
    return "\n".join(rows), missed


def main():
    arguments = [pathlib.Path(argument) for argument in sys.argv[1:]]
    folder = arguments[0] if arguments else pathlib.Path("exporter")
    tests = arguments[1:] or [pathlib.Path("tests") if not arguments
                              else folder]
    table, missed = report(measure(folder, tests))
    print(table)
    print("figures: " + (f"{len(missed)} goals missed: " + ", ".join(missed)
                         if missed else "every goal is met"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
