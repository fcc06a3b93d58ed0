"""The tools of the bench's rows: estates as static files, nginx in front of
them, and programs that run one at a time."""

import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "bench"
# One Python for both sides of a comparison: the release's own.
PYTHON = "/usr/bin/python3"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def programs():
    """The paths of the built programs."""
    return pathlib.Path(os.environ.get("OC_BUILD", ROOT / "build"))


def nginx_program():
    """nginx and its echo module, installed or unpacked."""
    for base in (pathlib.Path("/"), ROOT / "build" / "tools"):
        module = base / "usr/lib/nginx/modules/ngx_http_echo_module.so"
        if module.exists() and (base / "usr/sbin/nginx").exists():
            return base / "usr/sbin/nginx", module
    raise SystemExit("bench: nginx and libnginx-mod-http-echo are not there")


class Estates:
    """Leads and numbers of the simulator, written as files. The token is
    short: the bench measures the responses."""

    def __init__(self, folder):
        self.folder = folder
        self.sizes = {}

    def make(self, name, tenants, numbers):
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(
            [programs() / "live_platform_simulator", f"--tenants={tenants}",
             f"--numbers-per-tenant={numbers}", "--uniform", "--seed=5",
             f"--write-static={target}"], check=True)
        # After a first page that is not full the exporter requests another.
        pages = list((target / "leads").iterdir())
        if min(page.stat().st_size for page in pages) > 2:
            (target / "leads" / f"{len(pages) + 1}.json").write_text("[]")
        self.sizes[name] = sum(
            (target / url_to_file(url)).stat().st_size
            for url in self.urls(name))

    def urls(self, name):
        return (self.folder / name / "urls.txt").read_text().split()

    def remove(self, name):
        shutil.rmtree(self.folder / name)


def url_to_file(url):
    found = re.search(r"lead\?PageNumber=(\d+)", url)
    if found:
        return f"leads/{found.group(1)}.json"
    return f"numbers/{url.rsplit('=', 1)[1]}.json"


LOCATIONS = """
    location = /NAME/tenantui/api/v2/oc/lead {
      rewrite ^ /NAME/leads/$arg_PageNumber.json last;
    }
    location = /NAME/tenantui/api/v2/oc/numbers {
      rewrite ^ /NAME/numbers/$arg_msTenantId.json last;
    }
    location = /NAME/tenantui/api/v3/oc/numbers {
      rewrite ^ /NAME/v3/$arg_PageNumber.json last;
    }
    location = /slow/NAME/tenantui/api/v2/oc/lead {
      rewrite ^ /NAME/leads/$arg_PageNumber.json last;
    }
    location = /slow/NAME/tenantui/api/v2/oc/numbers {
      echo_sleep 0.020;
      echo_exec /NAME/numbers/$arg_msTenantId.json;
    }
"""

CONFIGURATION = """
load_module {module};
{user}
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  default_type application/json;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    listen 127.0.0.1:{tls_port} ssl;
    ssl_certificate {folder}/cert.pem;
    ssl_certificate_key {folder}/key.pem;
    root {folder};
    {locations}
    location /gzipped/ {{
      alias {folder}/served/;
      gzip on;
      gzip_comp_level 1;
      gzip_types *;
    }}
  }}
}}
"""


class Nginx:
    """An nginx of our own on loopback that serves a folder of estates."""

    def __init__(self, folder, names):
        self.port, self.tls_port = free_port(), free_port()
        self.ca_file = folder / "cert.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
             "2", "-keyout", folder / "key.pem", "-out", self.ca_file, "-subj",
             "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
            check=True, capture_output=True)
        program, module = nginx_program()
        config = folder / "nginx.conf"
        config.write_text(CONFIGURATION.format(
            module=module, folder=folder, port=self.port,
            tls_port=self.tls_port,
            user="user root;" if os.geteuid() == 0 else "",
            locations="".join(LOCATIONS.replace("NAME", name)
                              for name in names)))
        self.process = subprocess.Popen(
            [program, "-e", folder / "nginx.log", "-c", config])
        wait_until(lambda: answers(self.port, "/"), "nginx to answer")

    def base(self, name, tls=False, slow=False):
        where = (f"https://127.0.0.1:{self.tls_port}" if tls
                 else f"http://127.0.0.1:{self.port}")
        return f"{where}{'/slow' if slow else ''}/{name}"

    def end(self):
        self.process.terminate()
        self.process.wait()


def answers(port, path):
    """Whether there is any response."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
        return True
    except OSError:
        return False
    finally:
        connection.close()


def wait_until(true, what, seconds=60, pause=0.002):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise SystemExit(f"bench: waited in vain for {what}")
        time.sleep(pause)


class Runner:
    """Runs programs to their end and measures their resources."""

    def __init__(self, folder):
        self.folder = folder
        self.output = folder / "output"

    def exporter(self, base, **settings):
        """The command that collects one account once. Settings: `tls_ca`,
        `concurrency`, `numbers`."""
        return [programs() / "operator_connect_exporter", "--once",
                "--log.level=error", self.config(base, **settings)]

    def config(self, base, tls_ca=None, concurrency=8, numbers="api: v2"):
        handle, path = tempfile.mkstemp(suffix=".yml", dir=self.folder)
        os.close(handle)
        lines = ["accounts:", "  - name: bench",
                 f"    base_url: {base}/tenantui",
                 "    requests_per_second: 0",
                 f"    concurrency: {concurrency}",
                 "    authorization: {credentials: bench}",
                 f"    numbers: {{{numbers}}}"]
        if tls_ca:
            lines.append(f"    tls_config: {{ca_file: {tls_ca}}}")
        pathlib.Path(path).write_text("\n".join(lines) + "\n")
        return f"--config.file={path}"

    def python(self, base, ca_file=None):
        return [PYTHON, "-B", HERE / "python_exporter.py", "--once",
                f"--base-url={base}/tenantui",
                *([f"--ca-file={ca_file}"] if ca_file else [])]

    def curl(self, base, urls, ca_file=None):
        """One curl process, one connection, every URL; discards the
        responses."""
        handle, path = tempfile.mkstemp(suffix=".curl", dir=self.folder)
        os.close(handle)
        pathlib.Path(path).write_text("".join(
            f'url = "{base}{url}"\noutput = /dev/null\n' for url in urls))
        return ["curl", "--silent", "--fail", "--header",
                "Authorization: Bearer bench", "--config", path,
                *(["--cacert", ca_file] if ca_file else [])]

    def run(self, command):
        """Wall and CPU time in seconds, peak memory in KiB."""
        spent = self.folder / "spent.json"
        with open(self.output, "wb") as out:
            subprocess.run([programs() / "spent", spent, *command], check=True,
                           stdout=out, stderr=subprocess.DEVNULL)
        return json.loads(spent.read_text())

    def instructions(self, command):
        """User instructions of one run, by callgrind."""
        log = self.folder / "callgrind.log"
        with open(self.output, "wb") as out:
            subprocess.run(
                ["valgrind", "--tool=callgrind", f"--log-file={log}",
                 "--callgrind-out-file=/dev/null", *command], check=True,
                stdout=out, stderr=subprocess.DEVNULL)
        return int(re.search(r"Collected : (\d+)", log.read_text()).group(1))

    def round_of(self, program, argument):
        """User instructions of one round of `program`, which takes `argument`
        and the number of rounds."""
        once, eleven = (
            self.instructions([programs() / program, argument, rounds])
            for rounds in ("1", "11"))
        return (eleven - once) // 10

    def alternate(self, commands, rounds):
        """Runs each command once per round, and returns the medians by
        name."""
        taken = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                taken[name].append(self.run(command))
        return {name: {key: statistics.median(run[key] for run in runs)
                       for key in runs[0]}
                for name, runs in taken.items()}


class Served:
    """A program that serves on its own port."""

    def __init__(self, command, port):
        self.port = port
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def get(self, path="/metrics", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=300)
        connection.request("GET", path, headers=headers or {})
        body = connection.getresponse().read()
        connection.close()
        return body

    def first_answer(self):
        """Seconds from the start to the first response to /metrics."""
        wait_until(lambda: answers(self.port, "/metrics"), "a first answer")
        return time.monotonic() - self.started

    def memory(self, field="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+) kB", status).group(1))

    def private_kib(self):
        """Memory that no other process maps: ending the program would free
        it."""
        rollup = pathlib.Path(
            f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return sum(int(size) for size in re.findall(
            r"Private_(?:Clean|Dirty):\s+(\d+) kB", rollup))

    def wakeups(self, seconds):
        """Voluntary context switches per second of the permanent threads:
        those of a scrape may just be ending."""
        before, since = self.switches(), time.monotonic()
        time.sleep(seconds)
        after = self.switches()
        woken = sum(after[task] - count for task, count in before.items()
                    if task in after)
        return woken / (time.monotonic() - since)

    def switches(self):
        found = {}
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            status = (task / "status").read_text()
            found[task.name] = int(re.search(
                r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M).group(1))
        return found

    def end(self):
        self.process.terminate()
        self.process.wait()
