"""Shared by the end-to-end tests: starts, uses and ends real programs.

Environment variables that CTest sets name the programs (see
tests/CMakeLists.txt): OC_EXPORTER and OC_SIMULATOR are our own, OC_TOOLS is
the folder with prometheus, promtool, prometheus-alertmanager and amtool.
A missing program is a failure, never a skipped test.

Every program listens on a port of the kernel's choice and logs it. Every wait
is bounded. Every process ends with its test, and the kernel ends it
(PR_SET_PDEATHSIG) if the test itself is killed.
"""

import collections
import ctypes
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Generous: a sanitizer build on a busy machine is slow, and a wait ends with
# its event.
WAIT_SECONDS = float(os.environ.get("OC_WAIT_SECONDS", "60"))

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def use_build(exporter="build"):
    """For tests that CTest does not start: uses the programs of build/, and
    the exporter of another build folder if given."""
    os.environ.update(
        OC_EXPORTER=str(ROOT / exporter / "operator_connect_exporter"),
        OC_SIMULATOR=str(ROOT / "build" / "live_platform_simulator"),
        OC_TOOLS=str(ROOT / "build" / "tools" / "usr" / "bin"))


def program(name):
    """The path of `exporter`, `simulator`, `prometheus`, `promtool`, ...."""
    if name in ("exporter", "simulator"):
        path = os.environ.get("OC_" + name.upper(), "")
    else:
        folder = os.environ.get("OC_TOOLS", "")
        path = os.path.join(folder, name) if folder else ""
        if not os.access(path, os.X_OK):
            path = shutil.which(name) or path
    if not path or not os.access(path, os.X_OK):
        raise AssertionError(
            f"{name} is missing ({path or 'no path given'}): "
            "run the tests by ./dev test, which fetches and builds it")
    return path


def fetched(name):
    """The path of that program, or None if ./dev test could not fetch it."""
    try:
        return program(name)
    except AssertionError:
        return None


def newest(name):
    """The path of that program in Prometheus' newest release in Debian, or
    None if ./dev test could not fetch it."""
    path = ROOT / "build/tools/newest/usr/bin" / name
    return path if os.access(path, os.X_OK) else None


def environment(extra=None):
    """Our environment without proxies and with the C locale."""
    env = {k: v for k, v in os.environ.items()
           if not k.lower().endswith("_proxy")}
    env["LC_ALL"] = "C"
    env.update(extra or {})
    return env


def _prepare(descriptor):
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if descriptor is not None:
        os.dup2(descriptor, 3)


def wait_until(condition, what, seconds=None):
    """Waits for a true value of condition() and returns it; AssertionError
    after `seconds`."""
    seconds = WAIT_SECONDS if seconds is None else seconds
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.05)


def run(argv, seconds=None, **kwargs):
    """Runs a program to its end: returncode, stdout, stderr as text."""
    return subprocess.run([str(a) for a in argv], text=True,
                          capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=seconds or WAIT_SECONDS,
                          env=environment(kwargs.pop("env", None)), **kwargs)


class Process:
    """A program that runs beside the test, with its output."""

    def __init__(self, name, argv, cwd=None, env=None, descriptor=None):
        """`descriptor` becomes the program's descriptor 3."""
        self.name = name
        self._lines = []
        self._rest = b""  # of the last line, which has no end yet
        self._changed = threading.Condition()
        self._ended = False
        self._popen = subprocess.Popen(
            [str(a) for a in argv], cwd=cwd, env=environment(env),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, pass_fds=() if descriptor is None else (3,),
            preexec_fn=lambda: _prepare(descriptor))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while not self._ended:
            self._has_written(None)
            with self._changed:
                self._take()

    def _has_written(self, milliseconds):
        poll = select.poll()
        poll.register(self._popen.stdout)
        return poll.poll(milliseconds)

    def _take(self):
        """Takes what the program has written by now. Under the lock."""
        while not self._ended and self._has_written(0):
            chunk = os.read(self._popen.stdout.fileno(), 1 << 16)
            self._ended = not chunk
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            if self._ended and self._rest:
                lines.append(self._rest)
            self._lines += [line.decode("utf-8", "replace").rstrip()
                            for line in lines]
            self._changed.notify_all()

    @property
    def pid(self):
        return self._popen.pid

    @property
    def output(self):
        """All that the program has written by now."""
        with self._changed:
            self._take()
            return "\n".join(self._lines)

    def running(self):
        return self._popen.poll() is None

    def wait_for_line(self, pattern, seconds=None):
        """Waits for a line that has `pattern`, old or new; its match."""
        seconds = WAIT_SECONDS if seconds is None else seconds
        end = time.monotonic() + seconds
        seen = 0
        with self._changed:
            while True:
                for line in self._lines[seen:]:
                    match = re.search(pattern, line)
                    if match:
                        return match
                seen = len(self._lines)
                left = end - time.monotonic()
                if self._ended or left <= 0:
                    why = "it ended" if self._ended else f"{seconds:g} s"
                    raise AssertionError(
                        f"{self.name}: no line with {pattern!r} ({why}):\n"
                        + "\n".join(self._lines[-50:]))
                self._changed.wait(left)

    def send(self, signum):
        self._popen.send_signal(signum)

    def wait(self, seconds=None):
        """Waits for the end: the exit code, or the negative signal number."""
        code = self._popen.wait(WAIT_SECONDS if seconds is None else seconds)
        self._reader.join(5)
        return code

    def stop(self, signum=signal.SIGTERM, seconds=None):
        """Requests the end and waits for it; the exit code."""
        if self.running():
            self.send(signum)
        return self.wait(seconds)

    def reap(self):
        """Ends it in any case. For clean-ups."""
        if self.running():
            self._popen.terminate()
            try:
                self._popen.wait(10)
            except subprocess.TimeoutExpired:
                self._popen.kill()
        self._popen.wait()
        self._reader.join(5)
        self._popen.stdout.close()


class Response:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.body)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                      _NoRedirect)


def http(url, method=None, headers=None, data=None, seconds=None):
    """Sends a request; any status is a Response, no connection an OSError."""
    request = urllib.request.Request(url, method=method, data=data,
                                     headers=headers or {})
    try:
        with _OPENER.open(request, timeout=seconds or WAIT_SECONDS) as reply:
            return Response(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as reply:
        with reply:
            return Response(reply.code, reply.headers, reply.read())


def answers(url):
    """True if a GET has status 200 now."""
    try:
        return http(url, seconds=5).status == 200
    except OSError:
        return False


SEEDS = ROOT / "tests" / "simulator" / "data"
# The leads and numbers of the platform's own documentation.
SEED_ARGS = (f"--leads={SEEDS}/leads-example.json",
             f"--numbers={SEEDS}/numbers-example.json")


class Simulator(Process):
    """The simulated platform. Passes `args` to the program; without any, its
    estate is empty."""

    SECRET = "a-simulated-secret"
    SCOPE = "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default"

    def __init__(self, *args, listen="127.0.0.1:0", name="simulator"):
        super().__init__(name, [
            program("simulator"), f"--listen={listen}",
            f"--client-secret={self.SECRET}", f"--scope={self.SCOPE}", *args])
        self.url = self.wait_for_line(r"^(https?://\S+:\d+)$").group(1)
        # The program prints accounts in this order.
        names = ["default"] + [a.partition("=")[2] for a in args
                               if str(a).startswith("--account=")]
        self._accounts = [self._account(account) for account in names]

    def _account(self, name):
        found = {key: self.wait_for_line(rf"^{name} {key} (\S+)$").group(1)
                 for key in ("base_url", "token_url", "client_id")}
        return {"name": name, "client_secret": self.SECRET,
                "scope": self.SCOPE, **found}

    def accounts(self):
        """The configuration's data of each account: name, base_url, token_url,
        client_id, client_secret, scope."""
        return self._accounts

    def control(self, path, method="GET", data=None, **params):
        """Sends a request to the simulator itself; its parsed JSON
        response."""
        reply = http(f"{self.url}/_simulator/{path}?"
                     + urllib.parse.urlencode(params), method=method,
                     data=data.encode() if isinstance(data, str) else data)
        assert reply.status == 200, (path, reply.status, reply.body)
        return reply.json()

    def truth(self, account="default", **settings):
        """The samples that a correct exporter shows for an account, counted by
        the simulator. `settings` as in tests/simulator/control.cc."""
        return [parse_sample(f"{key} {value!r}") for key, value in
                self.control("truth", account=account, **settings).items()]


class Exporter(Process):
    """The program under test on 127.0.0.1, ready for scrapes."""

    def __init__(self, config_file, *args, listen="127.0.0.1:0", ready=True,
                 name="exporter", env=None):
        super().__init__(name, [
            program("exporter"), f"--config.file={config_file}",
            f"--web.listen-address={listen}", *args], env=env)
        self.address = self.wait_for_line(r"(127\.0\.0\.1:\d+)").group(1)
        self.url = "http://" + self.address
        if ready:
            wait_until(lambda: answers(self.url + "/-/ready"),
                       "/-/ready of the exporter")

    def metrics(self, path="/metrics", **kwargs):
        """The text of a scrape."""
        reply = http(self.url + path, **kwargs)
        assert reply.status == 200, (reply.status, reply.body[:500])
        return reply.text


class Prometheus(Process):
    """A real Prometheus in `folder`. `config` is its configuration file,
    `data` its data folder; None: a new one. `path`: another program than the
    distribution's."""

    def __init__(self, folder, config, *args, listen="127.0.0.1:0", data=None,
                 path=None):
        data = data or tempfile.mkdtemp(prefix="prometheus-", dir=folder)
        super().__init__("prometheus", [
            path or program("prometheus"), f"--config.file={config}",
            f"--storage.tsdb.path={data}",
            f"--web.listen-address={listen}", *args])
        self.address = self.wait_for_line(
            r"[Ll]istening on.*address=(127\.0\.0\.1:\d+)").group(1)
        self.url = "http://" + self.address
        wait_until(lambda: answers(self.url + "/-/ready"),
                   "/-/ready of Prometheus")

    def api(self, path, **params):
        reply = http(f"{self.url}/api/v1/{path}?"
                     + urllib.parse.urlencode(params))
        answer = reply.json()
        assert answer["status"] == "success", answer
        return answer["data"]

    def query(self, expression):
        """An instant query: a list of (labels, value), with the name in
        __name__."""
        data = self.api("query", query=expression)
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(sample["metric"], float(sample["value"][1]))
                for sample in data["result"]]

    def by_label(self, expression, label):
        """The same as {value of label: value}."""
        return {labels.get(label, ""): value
                for labels, value in self.query(expression)}

    def scalar(self, expression):
        """The value of the only series, or None if there is none."""
        samples = self.query(expression)
        assert len(samples) <= 1, samples
        return samples[0][1] if samples else None


class Alertmanager(Process):
    """A real Alertmanager in `folder`, without a cluster."""

    def __init__(self, folder, config, *args, listen="127.0.0.1:0"):
        data = tempfile.mkdtemp(prefix="alertmanager-", dir=folder)
        super().__init__("alertmanager", [
            program("prometheus-alertmanager"), f"--config.file={config}",
            f"--storage.path={data}", "--cluster.listen-address=",
            f"--web.listen-address={listen}", *args])
        self.address = self.wait_for_line(
            r"[Ll]istening on.*address=(127\.0\.0\.1:\d+)").group(1)
        self.url = "http://" + self.address
        wait_until(lambda: answers(self.url + "/-/ready"),
                   "/-/ready of Alertmanager")


Sample = collections.namedtuple("Sample", "name labels value")

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
_LINE = re.compile(rf"({_NAME})(?:\{{((?:{_LABEL}(?:,|(?=\}})))*)\}})? (\S+)")
_ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


def _unescape(value):
    return re.sub(r'\\[\\"n]', lambda m: _ESCAPES[m.group(0)], value)


def parse_sample(line):
    """Parses a line of the text format without a time stamp."""
    match = _LINE.fullmatch(line)
    assert match, f"not a sample: {line!r}"
    pairs = re.findall(_LABEL, match.group(2) or "")
    labels = {key: _unescape(value) for key, value in pairs}
    assert len(labels) == len(pairs), f"label there twice: {line}"
    return Sample(match.group(1), labels, float(match.group(5)))


class Exposition:
    """The text format 0.0.4, parsed strictly: an invalid line, a repeated
    family or series, a family in two places or a time stamp is an
    AssertionError."""

    def __init__(self, text):
        self.samples = []
        self.types = {}
        self.helps = {}
        assert text == "" or text.endswith("\n"), "no newline at the end"
        family, closed, series = None, set(), set()
        for line in text.split("\n")[:-1]:
            if line.startswith("#"):
                _, kind, name, rest = (line.split(" ", 3) + [""])[:4]
                known = {"HELP": self.helps, "TYPE": self.types}[kind]
                assert name not in known, f"{kind} of {name} is there twice"
                known[name] = rest
            else:
                sample = parse_sample(line)
                name = self.family(sample.name)
            if name != family:
                assert name not in closed, f"{name} is in two places"
                closed.add(family)
                family = name
            if not line.startswith("#"):
                key = (sample.name, frozenset(sample.labels.items()))
                assert key not in series, f"series there twice: {line}"
                series.add(key)
                self.samples.append(sample)

    def family(self, name):
        """The family that a sample's name belongs to."""
        for suffix in ("_bucket", "_sum", "_count"):
            base = name[:-len(suffix)]
            if name.endswith(suffix) and self.types.get(base) == "histogram":
                return base
        return name

    def of(self, name, **labels):
        """The samples with that name and at least these labels."""
        return [s for s in self.samples if s.name == name
                and labels.items() <= s.labels.items()]

    def value(self, name, **labels):
        """The value of the only such sample; None without one."""
        found = self.of(name, **labels)
        assert len(found) <= 1, found
        return found[0].value if found else None

    def by_label(self, name, label, **labels):
        return {s.labels[label]: s.value for s in self.of(name, **labels)}


class EndToEndTest(unittest.TestCase):
    """A test with its own folder, and programs that end with it. If it fails,
    prints the programs' logs."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="oc-end-to-end-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.folder = pathlib.Path(folder)

    def file(self, name, text):
        """Writes a file into the test's folder and returns its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def start(self, factory, *args, **kwargs):
        """Starts factory(*args, **kwargs), a Process that ends with the
        test."""
        process = factory(*args, **kwargs)
        self.addCleanup(self._end, process)
        return process

    def _end(self, process):
        process.reap()
        outcome = getattr(self, "_outcome", None)
        if outcome is not None and not getattr(outcome, "success", True):
            print(f"--- {process.name} wrote:\n{process.output[-20000:]}\n---",
                  flush=True)


def main():
    """The end of a test file."""
    unittest.main(verbosity=2)
