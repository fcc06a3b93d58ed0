#!/usr/bin/env python3
"""Mutation check of the alert rules.

Changes the rules in one place at a time (each threshold, duration, label, matcher, comparison, range, offset,
operator, aggregator, range that could be an instant, singular and annotation) and runs promtool's tests on the result. A change that no test
notices is a survivor: the tests leave something open, or the rule says something that does not matter.

  tests/rules/mutate.py [--promtool PATH] [--jobs N] [--only REGEX] [--every N] [--list]

Exit status: 0 if every mutant was killed, 1 if one survived, 2 if it could not be run.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RULES = pathlib.Path("config/prometheus/rules")
TESTS = pathlib.Path("tests/rules")

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = r"\d+[smhd]"
COMPARISONS = {">": (">=", "<"), "<": ("<=", ">"), "==": ("!=", ">"), ">=": (">", "<"), "<=": ("<", ">"), "!=": ("==",)}
SET_OPERATORS = {"and": "unless", "unless": "and", "or": "unless"}
ARITHMETIC = {"-": "+", "/": "*", "*": "+"}
AGGREGATORS = {"max": "min", "min": "max", "sum": "max", "count": "sum"}
OVER_TIME = {"max": "min", "min": "max", "avg": "max"}


def around(duration):
    """Durations somewhat shorter and longer, by no less than the evaluation interval of the tests."""
    seconds = int(duration[:-1]) * UNITS[duration[-1]]
    step = max(60, seconds // 10 // 60 * 60)
    return [f"{(seconds - step) // 60}m", f"{(seconds + step) // 60}m"]


def half(duration):
    return f"{max(60, int(duration[:-1]) * UNITS[duration[-1]] // 120 * 60) // 60}m"


def number_around(text):
    if "." in text:
        return [f"{float(text) * 0.9:g}", f"{float(text) * 1.1:g}"]
    value = int(text)
    step = max(1, value // 10)
    return [str(value - step), str(value + step)]


def matchers(text):
    """Mutations of the label matchers of each selector: (start, end, replacement)."""
    for selector in re.finditer(r"\{([^{}]*)\}", text):
        parts = list(re.finditer(r'(\w+)(=~|!~|!=|=)("[^"]*"|%(?:\[1\])?q)', selector.group(1)))
        for index, part in enumerate(parts):
            start = selector.start(1)
            label, operator, value = part.groups()
            flipped = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}[operator]
            yield start + part.start(2), start + part.end(2), flipped
            if value.startswith('"'):
                yield start + part.start(3), start + part.end(3), '"mutant"'
                alternatives = value.strip('"').split("|")
                if len(alternatives) > 1:
                    for left_out in alternatives:
                        rest = "|".join(a for a in alternatives if a != left_out)
                        yield start + part.start(3), start + part.end(3), f'"{rest}"'
                # An argument of printf must be used: only constant matchers can be omitted.
                rest = ",".join(p.group(0) for p in parts if p is not part)
                yield selector.start(1), selector.end(1), rest


def query_mutations(text):
    """Mutations of one line of PromQL: (start, end, replacement)."""
    yield from matchers(text)
    # A range bridges gaps: slightly more or less does not matter, half of it does.
    for match in re.finditer(rf"\[({DURATION})\]", text):
        yield match.start(1), match.end(1), half(match.group(1))
    for match in re.finditer(rf"offset ({DURATION})", text):
        for other in around(match.group(1)):
            yield match.start(1), match.end(1), other
        yield match.start(), match.end(), ""
    # Not inside braces: those comparisons have no blanks around.
    for match in re.finditer(r"(?:^|(?<= ))(==|!=|>=|<=|>|<)(?: bool)?(?= )", text):
        for other in COMPARISONS[match.group(1)]:
            yield match.start(1), match.end(1), other
    for match in re.finditer(r"(?:==|!=|>=|<=|>|<|\* (?!0\b)|-) ?(\d+(?:\.\d+)?)|(?<=\s)(\d+\.\d+)(?= \*)", text):
        group = 1 if match.group(1) else 2
        for other in number_around(match.group(group)):
            yield match.start(group), match.end(group), other
    for match in re.finditer(r" (?:==|>|<) \d+(?:\.\d+)?$", text):
        yield match.start(), match.end(), ""
    for match in re.finditer(r"\b(?:by|on|without) \(([a-z_, ]+)\)", text):
        names = match.group(1).split(", ")
        for left_out in names:
            yield match.start(1), match.end(1), ", ".join(n for n in names if n != left_out)
    for match in re.finditer(r"\b(max|min|sum|count)(?= (?:by|without) \()", text):
        yield match.start(1), match.end(1), AGGREGATORS[match.group(1)]
    for match in re.finditer(r"\b(max|min|avg)(?=_over_time\()", text):
        yield match.start(1), match.end(1), OVER_TIME[match.group(1)]
    # A range that could be an instant.
    for match in re.finditer(rf"\b\w+_over_time\(([\w:]+(?:\{{[^{{}}]*\}})?)\[{DURATION}\]((?: offset {DURATION})?)\)", text):
        yield match.start(), match.end(), match.group(1) + match.group(2)
    for match in re.finditer(r"\btopk\((\d)", text):
        yield match.start(1), match.end(1), str(int(match.group(1)) + 1)
        if match.group(1) != "1":
            yield match.start(1), match.end(1), str(int(match.group(1)) - 1)
    for match in re.finditer(r"(?:^|\s)(and|unless|or)(?=\s|$)", text):
        yield match.start(1), match.end(1), SET_OPERATORS[match.group(1)]
    for match in re.finditer(r"(?:^|\s)([-/*])(?=\s|$)", text):
        yield match.start(1), match.end(1), ARITHMETIC[match.group(1)]
    for match in re.finditer(r'"(kind|civic_address|number_assignment)"', text):
        yield match.start(1), match.end(1), "mutant"


def line_mutations(line, section):
    """Mutations of one line of the file: new text, or None to leave the line out."""
    stripped = line.strip()
    if match := re.match(rf"(\s+(?:for|keep_firing_for): )({DURATION})$", line):
        for other in around(match.group(2)) if " for:" in line else [half(match.group(2))]:
            yield match.group(1) + other
        yield None
        return
    if section == "labels" and (match := re.match(r"(\s+\w+: )\w+$", line)):
        yield match.group(1) + "mutant"
        yield None
        return
    if section == "annotations":
        if re.match(r"\s+(?:\w+|<<): (?!>-)", line):
            yield None
        spans = [m.span(1) for m in re.finditer(r"printf `([^`]*)`", line) if "[15m]" not in line]
        for match in re.finditer(r"{{ if (eq|gt|not) ", line):
            other = {"eq": "ne", "gt": "lt", "not": "and"}[match.group(1)]
            yield line[: match.start(1)] + other + line[match.end(1) :]
    elif section == "expr":
        offset = line.index("expr:") + 5 if stripped.startswith("expr:") else 0
        spans = [(offset, len(line))]
    else:
        return
    for begin, end in spans:
        for start, stop, replacement in query_mutations(line[begin:end]):
            yield line[: begin + start] + replacement + line[begin + stop :]


def mutants(text):
    """(rule, line number, before, after, whole text) of each mutation."""
    lines = text.split("\n")
    rule = section = None
    for index, line in enumerate(lines):
        if match := re.match(r"\s+- (?:alert|record): (\S+)$", line):
            rule, section = match.group(1), None
            continue
        if line.lstrip().startswith("#"):
            continue
        if match := re.match(r"\s{8}(expr|for|keep_firing_for|labels|annotations):", line):
            section = match.group(1)
        if rule is None:
            continue
        for after in line_mutations(line, section):
            changed = lines[:index] + ([] if after is None else [after]) + lines[index + 1 :]
            yield rule, index + 1, line.strip(), (after or "(left out)").strip(), "\n".join(changed)


def all_mutants():
    """(file, rule, line number, before, after, whole text of the file) of each mutation."""
    for path in sorted((ROOT / RULES).glob("*.yml")):
        for mutant in mutants(path.read_text()):
            yield (path.name, *mutant)


def tests_of(file, rule, tests):
    """The tests that name the alert; for a recording rule, which they do not name, all that read its file. Fast ones
    first."""
    found = [test for test in tests if file in test.read_text() and (":" in rule or rule in test.read_text())]
    return sorted(found, key=lambda test: ("day" in test.name, test.name))


class Bench:
    """A copy of rules and tests for each thread."""

    def __init__(self, promtool, scratch):
        self.promtool = promtool
        self.scratch = pathlib.Path(scratch)
        self.local = threading.local()

    def place(self):
        if not hasattr(self.local, "place"):
            place = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
            shutil.copytree(ROOT / RULES, place / RULES)
            shutil.copytree(ROOT / TESTS, place / TESTS, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
            self.local.place = place
        return self.local.place

    def run(self, *arguments):
        return subprocess.run(
            [self.promtool, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )

    def verdict(self, mutant):
        """The name of the failing test file, "" if there is none, None if the text is no valid rules file."""
        file, rule, *_, text = mutant
        place = self.place()
        original = (ROOT / RULES / file).read_text()
        (place / RULES / file).write_text(text)
        try:
            if self.run("check", "rules", place / RULES / file).returncode != 0:
                return None
            for test in tests_of(file, rule, (place / TESTS).glob("*_test.yml")):
                if self.run("test", "rules", test).returncode != 0:
                    return test.name
            return ""
        finally:
            (place / RULES / file).write_text(original)

    def passes(self):
        return self.run("test", "rules", *sorted((self.place() / TESTS).glob("*_test.yml"))).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--promtool", default=os.environ.get("PROMTOOL", "promtool"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="rules whose name has this regular expression in it")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one mutant of N alone")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    options = parser.parse_args()

    chosen = [mutant for mutant in all_mutants() if re.search(options.only, mutant[1])][:: options.every]
    if options.list:
        for file, rule, line, before, after, _ in chosen:
            print(f"{rule}, {file}:{line}: {before}\n  -> {after}")
        return 0
    if not chosen or shutil.which(options.promtool) is None:
        print("mutate: no mutants, or no promtool", file=sys.stderr)
        return 2

    killed, invalid, survivors = 0, 0, []
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options.promtool, scratch)
        if not bench.passes():
            print("mutate: the tests fail on the rules as they are", file=sys.stderr)
            return 2
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            verdicts = pool.map(bench.verdict, chosen)
            for done, (mutant, verdict) in enumerate(zip(chosen, verdicts), 1):
                if verdict is None:
                    invalid += 1
                elif verdict:
                    killed += 1
                else:
                    survivors.append(mutant)
                    file, rule, line, before, after, _ = mutant
                    print(f"survived: {rule}, {file}:{line}:\n  {before}\n  {after}", flush=True)
                if done % 50 == 0:
                    print(f"  {done} of {len(chosen)} mutants", flush=True)
    print(f"rules mutated: {killed} killed, {len(survivors)} survived, {invalid} invalid and not counted")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
