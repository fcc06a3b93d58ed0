#!/usr/bin/env python3
"""The manual page and --help name the same flags, and the page is well formed.

    manual_test.py PROGRAM [PAGE]
    manual_test.py --help-text FILE PAGE
"""

import gzip
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "config/packaging/operator_connect_exporter.1"
# Other pages need not be installed where this one is checked.
NOT_OURS = ("referenced manual not found", "outdated mandoc.db", "run makewhatis")


def flags_of_page(text):
    """The flags that the page explains, not those that it only mentions."""
    return {"-" + flag for flag in re.findall(r"^\.It Fl (-[a-z.-]+)", text, re.M)}


def flags_of_help(text):
    return set(re.findall(r"(?<![\w-])(--[a-z][a-z.-]*[a-z])", text))


def lint(page):
    if not shutil.which("mandoc"):
        print("mandoc is not installed, the page is not linted", file=sys.stderr)
        return []
    found = subprocess.run(["mandoc", "-T", "lint"], input=page.encode(), check=False,
                           capture_output=True).stdout.decode()
    return [line for line in found.splitlines() if not any(text in line for text in NOT_OURS)]


def main():
    arguments = sys.argv[1:]
    if arguments[0] == "--help-text":
        help_text = pathlib.Path(arguments[1]).read_text(encoding="utf-8")
        path = pathlib.Path(arguments[2])
    else:
        help_text = subprocess.run([arguments[0], "--help"], check=True,
                                   capture_output=True, text=True).stdout
        path = pathlib.Path(arguments[1]) if len(arguments) > 1 else PAGE
    data = path.read_bytes()
    page = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    problems = lint(page)
    explained, offered = flags_of_page(page), flags_of_help(help_text)
    problems += [f"--help offers {flag}, the page does not explain it"
                 for flag in sorted(offered - explained)]
    problems += [f"the page explains {flag}, --help does not offer it"
                 for flag in sorted(explained - offered)]
    if not offered:
        problems.append("--help names no flag at all")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
