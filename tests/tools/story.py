"""The events of the demo's stack while it runs.

The simulated platform (--live) moves its estates and fails at times; the events
here happen to the exporter itself. Together they make every alert of
config/prometheus/rules pending or firing within five minutes.
"""

import math
import signal
import time

MISTAKE = "acounts: []  # a mistake\n"


class Story:
    """`stack` runs. `tell` is called with a line for each event."""

    def __init__(self, stack, tell=print):
        self._stack, self._tell = stack, tell
        self._started = time.monotonic()
        self._good = stack.exporter_config.read_text()
        self._events = [
            (20, "a tenant leaves the list, one loses its license, one is "
             "deactivated", self._lose_three, "emea"),
            (30, "one of the two exporters is down", self._stop, 1),
            (75, "and up again", self._start, 1),
            (90, "a mistake in the configuration; it is reloaded, and refused",
             self._reload, self._good + MISTAKE),
            (190, "the mistake is mended", self._reload, self._good),
            (200, "a fifth of an account's leads are removed at once",
             self._remove, "apac"),
            (235, "both exporters are down", self._stop, 0, 1),
            (265, "and up again", self._start, 0, 1),
            # The second one crashes and crashes, and comes back with a
            # mistake: it cannot collect an account that the first one can.
            *((270 + 7 * i, "the second one crashes", self._crash)
              for i in range(3)),
            (291, "the leads are back", self._give_back, "apac"),
        ]
        self._removed = []

    def seconds(self):
        return time.monotonic() - self._started

    def go_on(self):
        """Starts the events that are due."""
        while self._events and self._events[0][0] <= self.seconds():
            at, text, happen, *what = self._events.pop(0)
            self._tell(f"   {at // 60}:{at % 60:02d}  {text}")
            happen(*what)

    def _stop(self, *which):
        for index in which:
            self._stack.stop_exporter(index)

    def _start(self, *which):
        for index in which:
            self._stack.start_exporter(index)

    def _crash(self):
        self._stack.stop_exporter(1)
        self._stack.start_exporter_in_vain(1)

    def _lose_three(self, account):
        vanished, unlicensed, inactive = self._stack.active_leads(account)[:3]
        self._stack.delete_lead(account, vanished)
        self._stack.edit_leads(
            account, [unlicensed],
            umpCustomerGuid="00000000-0000-0000-0000-000000000000")
        self._stack.edit_leads(account, [inactive], status="Not Active")

    def _remove(self, account):
        ids = self._stack.active_leads(account)
        self._removed = ids[:math.ceil(len(ids) / 5)]
        self._stack.edit_leads(account, self._removed, status="Removed")

    def _give_back(self, account):
        self._stack.edit_leads(account, self._removed, status="Active")

    def _reload(self, text):
        self._stack.exporter_config.write_text(text)
        for exporter in self._stack.exporters:
            exporter.send(signal.SIGHUP)
