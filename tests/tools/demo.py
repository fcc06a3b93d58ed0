#!/usr/bin/env python3
"""The whole stack on this machine's loopback; see ./dev help.

Run by ./dev demo, which builds and fetches what this starts. All programs end
with this one, whatever ends it.
"""

import pathlib
import shutil
import signal
import socket
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "end_to_end"))
import harness  # noqa: E402
import stack  # noqa: E402

ONCE_SECONDS = 120
# The table: title, and a query that gives one value for each account.
COLUMNS = [
    ("leads", "sum by (account) (operator_connect_leads)"),
    ("active", 'operator_connect_leads{status="Active"}'),
    ("removed", 'operator_connect_leads{status="Removed"}'),
    ("unlicensed", "sum by (account) (operator_connect_unlicensed_leads)"),
    ("tenants", "sum by (account) (operator_connect_tenants)"),
    ("numbers", "sum by (account) (operator_connect_numbers)"),
    ("assigned", "sum by (account) (operator_connect_numbers{"
                 'assignment_status=~"UserAssigned|ConferenceAssigned|VoiceApp"'
                 "})"),
    ("sync failures", "sum by (account) (operator_connect_sync_failures)"),
    ("up", "operator_connect_up"),
]


class Ended(Exception):
    """Somebody asked for the end."""


def on_signal(signum, _frame):
    raise Ended(signal.Signals(signum).name)


def listen(port, what):
    """An address of the loopback: the usual port, or a free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return f"127.0.0.1:{port}"
        except OSError:
            print(f"   port {port} is taken, {what} uses another")
            return "127.0.0.1:0"


def read_table(prometheus):
    """The table's rows by account, from Prometheus' answers alone."""
    columns = [prometheus.by_label(query, "account") for _, query in COLUMNS]
    accounts = sorted(set().union(*columns) - {""})
    return {account: [column.get(account) for column in columns]
            for account in accounts}


def print_table(rows):
    titles = ["account"] + [title for title, _ in COLUMNS]
    lines = [titles] + [
        [account] + ["-" if value is None else f"{value:g}" for value in row]
        for account, row in rows.items()]
    widths = [max(len(line[i]) for line in lines) for i in range(len(titles))]
    for line in lines:
        print("   " + "  ".join(
            [line[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]))


def whole(rows, accounts):
    """True if every account is up and has its leads and its numbers. (The
    vendor's example has no numbers of its leads' tenants: there it is 0.)"""
    titles = [title for title, _ in COLUMNS]
    return set(rows) >= set(accounts) and all(
        rows[account][titles.index("leads")]
        and rows[account][titles.index("numbers")] is not None
        and rows[account][titles.index("up")] == 1 for account in accounts)


def wait_for_data(prometheus, accounts):
    """The table once every account is in Prometheus; None: not in time."""
    end = time.monotonic() + ONCE_SECONDS
    while time.monotonic() < end:
        rows = read_table(prometheus)
        if whole(rows, accounts):
            return rows
        time.sleep(0.5)
    return None


def describe_failure(stack_, accounts):
    rows = read_table(stack_.prometheus)
    print(f"demo: Prometheus has no leads and numbers of "
          f"{', '.join(accounts)} after {ONCE_SECONDS} s; it has:",
          file=sys.stderr)
    print_table(rows)
    for target in stack_.prometheus.api("targets")["activeTargets"]:
        print(f"   target {target['scrapeUrl']}: {target['health']} "
              f"{target['lastError']}", file=sys.stderr)
    print("\n".join(stack_.exporter.output.split("\n")[-20:]), file=sys.stderr)


def watch(stack_):
    """Until a signal comes, or a program ends by itself."""
    while True:
        for process in stack_.processes:
            if not process.running():
                print(f"demo: {process.name} ended:\n{process.output[-4000:]}",
                      file=sys.stderr)
                return 1
        time.sleep(0.5)


def demo(once, folder):
    stack_ = stack.Stack(folder)
    try:
        stack_.start(once, listen)
        print("== Waiting for Prometheus to have leads and numbers")
        rows = wait_for_data(stack_.prometheus, stack_.accounts)
        if rows is None:
            describe_failure(stack_, stack_.accounts)
            return 1
        print("== Read back from Prometheus")
        print_table(rows)
        if once:
            return 0
        print("== Look at (Ctrl-C ends all of it)")
        for name, url in stack_.addresses():
            print(f"   {name:<13} {url}")
        sys.stdout.flush()
        return watch(stack_)
    finally:
        # Once more Ctrl-C must not leave the end half done.
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)
        stack_.end()


def main():
    if sys.argv[1:] not in ([], ["--once"]):
        print("usage: ./dev demo [--once]", file=sys.stderr)
        return 2
    once = "--once" in sys.argv
    harness.use_build()
    sys.stdout.reconfigure(line_buffering=True)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, on_signal)
    folder = tempfile.mkdtemp(prefix="oc-demo-")
    try:
        return demo(once, pathlib.Path(folder))
    except Ended as ended:
        print(f"\n== Ended by {ended}")
        return 130 if once else 0
    except AssertionError as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
