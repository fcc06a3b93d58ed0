#!/usr/bin/env python3
"""Checks the pages (*.md) against the tree and against the sources.

The pages have none of ODD_WORDS. Every relative link leads to a file, and its
anchor to a heading; so does every runbook_url, each to the section of its own
alert. Each flag, key, metric, endpoint and alert of the sources is documented
in exactly one place, and nothing is documented that the sources do not have. A
place is a row of a table with a header in TABLES, or for an alert a heading.

    docs.py [FOLDER]

Exits 1 and names every problem.
"""

import collections
import pathlib
import re
import sys

# The headers of the documenting tables, as they are written.
TABLES = {
    "flag": ["flag | default | meaning"],
    "key": ["key | default | meaning"],
    "metric": ["name | labels besides `account` | value, and its source field",
               "name | labels | value"],
    "endpoint": ["path | "],
}
RUNBOOK_BASE = "https://example.com/operator_connect_exporter/"
# Phrases that plain English does not use.
ODD_WORDS = re.compile(r"\b(?:is|are|was|were) (?:told|none)\b|\bbefalls?\b|"
                       r"\brepl(?:y|ies)\b|\bthe house\b", re.I)
NO_PAGES = {".git", "build", "build-deb"}
LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?\)")
HEADING = re.compile(r"#{1,6} +(.*?)[ #]*$")


def pages(root):
    """The text of each page by its path."""
    return {path: path.read_text("utf-8") for path in sorted(root.rglob("*.md"))
            if not NO_PAGES & set(path.relative_to(root).parts)}


def prose(text):
    """The lines; those of code blocks are blank."""
    lines = []
    code = False
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        lines.append("" if code or fence else line)
        code ^= fence
    return lines


def headings(text):
    found = (HEADING.match(line) for line in prose(text))
    return [match.group(1).replace("`", "") for match in found if match]


def anchors(text):
    """The anchors of the headings, as GitHub makes them."""
    seen = collections.Counter()
    found = set()
    for heading in headings(text):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def wrong_target(folder, own, target):
    """The fault of a link of the page `own`; empty if there is none."""
    path, _, anchor = target.partition("#")
    file = (folder / path).resolve() if path else own
    if not file.exists():
        return f"there is no {path}"
    if not anchor:
        return ""
    if file.suffix != ".md":
        return f"{path} has no headings"
    if anchor not in anchors(file.read_text("utf-8")):
        return f"there is no heading #{anchor}"
    return ""


def check_links(root):
    problems = []
    for page, text in pages(root).items():
        for number, line in enumerate(prose(text), 1):
            for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
                if re.match(r"\w+:", target):
                    continue
                wrong = wrong_target(page.parent, page, target)
                if wrong:
                    problems.append(f"{page.relative_to(root)}:{number}: {wrong}")
    return problems


def check_words(root):
    return [f"{page.relative_to(root)}:{number}: \"{odd}\" is not plain English"
            for page, text in pages(root).items()
            for number, line in enumerate(prose(text), 1)
            for odd in ODD_WORDS.findall(line)]


def rule_files(root):
    return sorted((root / "config").rglob("*rule*/*.yml")) + sorted(
        (root / "config").rglob("*rule*.yaml"))


def check_runbook_urls(root):
    problems = []
    for path in rule_files(root):
        # A repeated alert has its annotations once.
        urls = collections.defaultdict(list)
        for rule in path.read_text("utf-8").split("- alert: ")[1:]:
            name = rule.split("\n")[0].strip()
            urls[name] += re.findall(r"runbook_url: (\S+)", rule)
        for name, found in urls.items():
            section = f"{RUNBOOK_BASE}config/prometheus/README.md#{name.lower()}"
            if set(found) != {section}:
                problems.append(f"{path.relative_to(root)}: runbook_url of {name} is not {section}")
            wrong = wrong_target(root, root, section.removeprefix(RUNBOOK_BASE))
            if wrong:
                problems.append(f"{path.relative_to(root)}: runbook_url of {name}: {wrong}")
    return problems


def rows(text, headers):
    """The first cells of the rows of tables with one of these headers."""
    lines = prose(text)
    for index, line in enumerate(lines):
        if line.strip("| ") not in {header.strip("| ") for header in headers}:
            continue
        for row in lines[index + 2:]:
            if not row.startswith("|"):
                break
            yield row.split("|")[1]


def names_in(cell):
    """The names of a first cell; `.x` stands for the last name with its end
    replaced by x."""
    names = []
    for name in re.findall(r"`([^`]+)`", cell):
        if name.startswith(".") and names:
            name = names[-1].rsplit(".", 1)[0] + name
        names.append(re.sub(r"^[A-Z]+ |\?.*$", "", name))
    return names


def documented(root, kind):
    """The names that the tables of `kind` document, each place separately."""
    return [name for text in pages(root).values()
            for cell in rows(text, TABLES[kind]) for name in names_in(cell)]


def source(root, pattern):
    return "\n".join(path.read_text("utf-8")
                     for path in sorted((root / "exporter").glob(pattern)))


def flags(root):
    text = source(root, "flags*.cc")
    found = re.findall(r"(?:add_option|add_flag|set_\w+_flag)\(\s*\"([^\"]+)\"", text)
    return {name.split(",")[-1] for name in found} - {"--help"}


def endpoints(root):
    found = set(re.findall(r'path == "([^"]+)"', source(root, "web/endpoints*.cc")))
    options = source(root, "web/endpoint_options.h")
    for path in re.findall(r'telemetry_path = "([^"]+)"', options):
        found |= {path, path + "/exporter"}
    return found


def metrics(root):
    text = source(root, "exposition/*.cc") + source(root, "history/*.cc")
    return set(re.findall(r'"(operator_connect_\w+|process_\w+)"', text))


def alerts(root):
    return {name for path in rule_files(root)
            for name in re.findall(r"- alert: (\w+)", path.read_text("utf-8"))}


def blocks(body, opening):
    """Cuts the lambdas that `opening` finds out of `body`: returns the rest,
    and for each its key and its own body."""
    found = []
    while match := opening.search(body):
        end, depth = match.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(body[end], 0)
            end += 1
        found.append((match.group(1), body[match.end():end]))
        body = body[:match.start()] + body[end:]
    return body, found


FUNCTION = re.compile(r"^[\w:<>&* ]+ (Read\w+)\(MapReader& \w+.*?^\}", re.M | re.S)
MAP = re.compile(r'\.ReadMaps?\(\s*"(\w+)",\s*\[&\]\(MapReader& \w+\) \{')
KEY = re.compile(r'(?:\.(?:Read\w*|Require)\(|\bread\(|string_view kKey =)\s*"(\w+)"')
PAIR = re.compile(r'PairKeys \w+ = \{\s*"(\w+)",\s*"(\w+)"')
CALL = re.compile(r'(?<![.\w])(Read\w+)\(\w+(?:,\s*"(\w+)")?')


def keys_of(body, functions):
    """The keys that a function reads from a map, and those of the maps
    below."""
    body, maps = blocks(body, MAP)
    keys = set(KEY.findall(body))
    for pair in PAIR.findall(body):
        keys |= set(pair)
    for name, literal in CALL.findall(body):
        if literal:
            or_file = '= key + "_file"' in functions.get(name, "")
            keys |= {literal} | ({literal + "_file"} if or_file else set())
        elif name in functions:
            keys |= keys_of(functions[name], functions)
    for key, inner in maps:
        below = keys_of(inner, functions)
        keys |= {f"{key}.{name}" for name in below}
    return keys


def keys(root):
    """The keys of the configuration; those of an account without
    `accounts.`"""
    # The exporter-toolkit documents the web configuration.
    text = "\n".join(path.read_text("utf-8")
                     for path in sorted((root / "exporter/config").glob("*.cc"))
                     if not path.name.startswith("web_"))
    functions = {match.group(1): match.group(0).split("{", 1)[1]
                 for match in FUNCTION.finditer(text)}
    return {key.removeprefix("accounts.")
            for key in keys_of(functions["ReadRoot"], functions)}


def covers(name, thing):
    """Whether documenting `name` also documents `thing`."""
    if name.endswith("*"):
        return thing.startswith(name[:-1])
    return thing == name or thing.startswith(name + ".")


def check_once(kind, places, things):
    problems = []
    for thing in sorted(things):
        number = sum(covers(name, thing) for name in places)
        if number != 1:
            problems.append(f"{kind} {thing} is documented in {number} places")
    for name in sorted(set(places)):
        if not any(covers(name, thing) for thing in things):
            problems.append(f"{kind} {name} is documented, and is not in the sources")
    if not things:
        problems.append(f"no {kind} was found in the sources")
    return problems


def check_alert_tables(root):
    """The tables of both pages name each alert once, to find it by."""
    problems = []
    for page in "README.md", "config/prometheus/README.md":
        lines = prose((root / page).read_text("utf-8"))
        listed = re.findall(r"[`\[](OperatorConnect\w+)[`\]]",
                            "\n".join(line for line in lines if line.startswith("|")))
        problems += [f"{page}: {problem}"
                     for problem in check_once("alert", listed, alerts(root))]
    return problems


def check(root):
    problems = (check_links(root) + check_words(root) +
                check_runbook_urls(root) + check_alert_tables(root))
    for kind, things in ("flag", flags(root)), ("key", keys(root)), (
            "metric", metrics(root)), ("endpoint", endpoints(root)):
        problems += check_once(kind, documented(root, kind), things)
    sections = [heading for text in pages(root).values()
                for heading in headings(text) if heading.startswith("OperatorConnect")]
    return problems + check_once("alert", sections, alerts(root))


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1
                        else pathlib.Path(__file__).parents[2]).resolve()
    problems = check(root)
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
