#!/usr/bin/env python3
"""The whole stack on this machine's loopback; see ./dev help.

Run by ./dev demo, which builds and fetches the programs that this starts. All
of them end with this one, whatever ends it.
"""

import math
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "end_to_end"))
import harness  # noqa: E402
import stack  # noqa: E402
import story  # noqa: E402

ONCE_SECONDS = 120
REHEARSAL_SECONDS = 300
# Alerts that five minutes cannot show, and why.
MAY_BE_UNSEEN = {
    "OperatorConnectAssignmentChecksStopped": "it needs nine days of the past",
    "OperatorConnectHistoryNotKept": "no file is broken on purpose",
}
# The table: title, and the metric that is summed for each account.
COLUMNS = [
    ("leads", "operator_connect_leads"),
    ("active", 'operator_connect_leads{status="Active"}'),
    ("removed", 'operator_connect_leads{status="Removed"}'),
    ("unlicensed", "operator_connect_unlicensed_leads"),
    ("tenants", "operator_connect_tenants"),
    ("numbers", "operator_connect_numbers"),
    ("assigned", "operator_connect_numbers{"
                 'assignment_status=~"UserAssigned|ConferenceAssigned|VoiceApp"'
                 "}"),
    ("sync failures", "operator_connect_sync_failures"),
    ("up", "operator_connect_up"),
]


class Ended(Exception):
    """A signal requested the end."""


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
    """The table's rows by account, from Prometheus' responses alone."""
    # Replicas show the same, so one of them counts.
    columns = [prometheus.by_label(
        f"max by (account) (sum without "
        f"(status, state, assignment_status, kind) ({what}))", "account")
        for _, what in COLUMNS]
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
    """The table as soon as every account is in Prometheus; None: not in
    time."""
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


def watch(stack_, seconds):
    """Waits for a signal, for the end of a program, or `seconds`. True if all
    programs still run."""
    story_ = story.Story(stack_)
    while story_.seconds() < seconds:
        story_.go_on()
        for process in stack_.processes:
            if not process.running():
                print(f"demo: {process.name} ended:\n{process.output[-4000:]}",
                      file=sys.stderr)
                return False
        time.sleep(0.5)
    return True


def show_alerts(prometheus):
    """Shows the states of every alert since the start. True if each was at
    least pending."""
    known = {rule["name"] for group in prometheus.api("rules")["groups"]
             for rule in group["rules"] if rule["type"] == "alerting"}
    seen = {(labels["alertname"], labels["alertstate"])
            for labels, _ in prometheus.query("max_over_time(ALERTS[1h])")}
    states = {alert: "fired" if (alert, "firing") in seen else
              "pending" if (alert, "pending") in seen else "NEVER SEEN"
              for alert in known}
    for alert in sorted(states):
        print(f"   {alert:<40} {states[alert]}")
    return not [alert for alert, state in states.items()
                if state == "NEVER SEEN" and alert not in MAY_BE_UNSEEN]


def rehearse(stack_):
    """The exit code: 0 if within five minutes every alert was seen and every
    panel of the dashboards has data."""
    if not watch(stack_, REHEARSAL_SECONDS):
        return 1
    print("== Alerts in these five minutes")
    seen = show_alerts(stack_.prometheus)
    print("== Every panel's query")
    panels = subprocess.run(
        [sys.executable, "-B", ROOT / "tests" / "dashboards" / "check.py",
         "--prometheus", stack_.prometheus.url, "--range", "5m"], check=False)
    return 0 if seen and panels.returncode == 0 else 1


def demo(mode, folder):
    once = mode == "--once"
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
        if mode == "--rehearse":
            return rehearse(stack_)
        return 0 if watch(stack_, math.inf) else 1
    finally:
        # A second Ctrl-C must not interrupt the end.
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)
        stack_.end()


def main():
    if sys.argv[1:] not in ([], ["--once"], ["--rehearse"]):
        print("usage: ./dev demo [--once|--rehearse]", file=sys.stderr)
        return 2
    mode = "".join(sys.argv[1:])
    harness.use_build()
    sys.stdout.reconfigure(line_buffering=True)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, on_signal)
    folder = tempfile.mkdtemp(prefix="oc-demo-")
    try:
        return demo(mode, pathlib.Path(folder))
    except Ended as ended:
        print(f"\n== Ended by {ended}")
        return 130 if mode else 0
    except AssertionError as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
