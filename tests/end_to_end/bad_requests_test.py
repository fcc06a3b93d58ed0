"""Invalid requests: each has a short response, nothing leaks, and the program
continues to serve. Sent by hand, as no client sends them."""

import http.client
import socket

import harness
from harness import EndToEndTest

CONFIG = """\
accounts:
  - name: emea
    base_url: http://127.0.0.1:9/tenantui
    authorization: {credentials: not-to-be-seen}
"""


class BadRequestsTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.exporter = self.start(harness.Exporter,
                                   self.file("exporter.yml", CONFIG))
        host, port = self.exporter.address.split(":")
        self.address = (host, int(port))

    def tearDown(self):
        self.assertTrue(harness.answers(self.exporter.url + "/-/healthy"))
        self.assertEqual(self.exporter.stop(), 0)

    def send(self, head, body=b""):
        """Sends these bytes: (status, head of the response, its body). A
        status of 0: no response."""
        if isinstance(head, str):
            head = head.encode("latin-1")
        with socket.create_connection(self.address, timeout=20) as connection:
            try:
                connection.sendall(head + b"\r\n\r\n" + body)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it may respond before it has read everything
            answer = b""
            try:
                while piece := connection.recv(65536):
                    answer += piece
            except ConnectionResetError:
                pass
        self.assertNotIn(b"not-to-be-seen", answer)
        if not answer:
            return 0, "", b""
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode("latin-1"), body

    def get(self, path, *headers, method="GET"):
        return self.send("\r\n".join(
            (f"{method} {path} HTTP/1.1", "Host: localhost:1",
             "Connection: close") + headers))

    def test_head_is_a_get_without_a_body(self):
        for path, status in (("/", 200), ("/metrics", 200), ("/config", 200),
                             ("/metrics/exporter", 200), ("/sd", 200),
                             ("/probe?account=emea", 200), ("/-/ready", 200),
                             ("/probe?account=apac", 404), ("/probe", 400),
                             ("/nowhere", 404), ("/-/reload", 405)):
            with self.subTest(path):
                found, head, body = self.get(path, method="HEAD")
                self.assertEqual((found, body), (status, b""), head)
                if path == "/metrics":
                    self.assertIn("Content-Type: text/plain", head)

    def test_unknown_paths_are_short_404s(self):
        for path in ("/nowhere", "/metrics/", "/metrics/other", "//metrics",
                     "/-/", "/-/quit", "/debug/pprof/", "/favicon.ico",
                     "/METRICS", "/probe/emea", "/%00", "/" + "a" * 4000):
            with self.subTest(path[:40]):
                status, _, body = self.get(path)
                self.assertEqual(status, 404)
                self.assertLess(len(body), 100)

    def test_wrong_methods_are_405s_that_name_the_right_ones(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            for path in ("/metrics", "/", "/-/healthy", "/sd", "/config"):
                with self.subTest(path, method=method):
                    status, head, body = self.get(
                        path, "Content-Length: 0", method=method)
                    self.assertEqual(status, 405, head)
                    self.assertIn("Allow: GET, HEAD", head)
                    self.assertLess(len(body), 100)
        status, head, _ = self.get("/-/reload")
        self.assertEqual(status, 405)
        self.assertIn("Allow: POST", head)
        for method in ("TRACE", "CONNECT", "BREW", "get", "G" * 5000):
            with self.subTest(method=method[:10]):
                status, _, body = self.get("/metrics", method=method)
                self.assertIn(status, (400, 405, 431, 501))
                self.assertNotIn(b"operator_connect", body)

    def test_bad_account_names_are_refused_and_not_repeated(self):
        for query, status in (("", 400), ("?", 400), ("?account=", 400),
                              ("?account", 400), ("?Account=emea", 400),
                              ("?account=apac", 404), ("?account=EMEA", 404),
                              ("?account=emea/../emea", 404),
                              ("?account=emea%20", 404),
                              ("?account=%00", 404), ("?account=%", 404),
                              ("?account=%ff%fe", 404),
                              ("?account=<script>alert(1)</script>", 404),
                              ("?account=http://127.0.0.1/", 404),
                              ("?account=" + "a" * 6000, 404)):
            with self.subTest(query[:40]):
                found, head, body = self.get("/probe" + query)
                self.assertEqual(found, status, head)
                self.assertLess(len(body), 100)
                for word in (b"script", b"http:", b"apac", b"aaaa"):
                    self.assertNotIn(word, body)

    def test_a_request_line_or_header_of_100_kb_is_refused(self):
        for name, request in (
                ("line", f"GET /{'a' * 100_000} HTTP/1.1\r\nHost: a"),
                ("query", "GET /probe?account=" + "a" * 100_000
                 + " HTTP/1.1\r\nHost: a"),
                ("header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a" * 100_000),
                ("headers", "GET / HTTP/1.1\r\nHost: a\r\n"
                 + "\r\n".join(f"X-{i}: a" for i in range(10_000)))):
            with self.subTest(name):
                status, _, body = self.send(request)
                self.assertIn(status, (400, 414, 431))
                self.assertLess(len(body), 100)

    def test_no_header_can_be_injected(self):
        for path in ("/probe?account=emea%0d%0aSet-Cookie:%20a=b",
                     "/%0d%0aSet-Cookie:%20a=b", "/sd?%0d%0aSet-Cookie:a=b"):
            with self.subTest(path):
                _, head, body = self.get(path)
                self.assertNotIn("set-cookie", head.lower())
                self.assertNotIn(b"Set-Cookie", body)
        for host in ('a"b', "a b", "a/../b", "a,b", "<a>", "user@a", "",
                     "a\tb", "a\\b", "a:b", "a:99999999"):
            with self.subTest(host=host):
                status, _, body = self.send(
                    f"GET /sd HTTP/1.1\r\nHost: {host}\r\nConnection: close")
                self.assertEqual(status, 400)
                self.assertLess(len(body), 100)

    def test_no_path_leads_to_a_file(self):
        self.file("secret", "not-to-be-seen")
        for path in ("/../../etc/passwd", "/metrics/../../../etc/passwd",
                     "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
                     "/..\\..\\etc\\passwd", "/./../etc/passwd",
                     f"/{self.folder}/secret", f"//{self.folder}/secret",
                     "/exporter.yml", "/config/../exporter.yml",
                     "/%c0%ae%c0%ae/etc/passwd"):
            with self.subTest(path):
                status, _, body = self.get(path)
                self.assertIn(status, (400, 404))
                self.assertNotIn(b"root:", body)

    def test_invalid_http_is_refused(self):
        for request in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                        b"\x00" * 100, b"GET", b"GET / HTTP/9.9\r\nHost: a",
                        b"GET /\r\nHost: a",
                        b"GET / HTTP/1.1\r\nHost: a\r\n folded: b",
                        b"GET / HTTP/1.1\r\nHost : a",
                        b"GET / HTTP/1.1\nHost: a\n",
                        b"PRI * HTTP/2.0\r\n\r\nSM"):
            with self.subTest(request[:30]):
                status, _, body = self.send(request)
                self.assertIn(status, (0, 400, 404, 408, 501, 505))
                self.assertNotIn(b"operator_connect", body)

    def test_bodies_and_ranges_are_refused(self):
        for headers in (("Range: bytes=0-1",),
                        ("Range: " + ",".join(f"{i}-" for i in range(800)),)):
            status, _, body = self.get("/metrics/exporter", *headers)
            self.assertIn(status, (200, 400, 416))
            self.assertLess(len(body), 100_000)
        status, _, _ = self.send(
            "POST /-/reload HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            "Content-Length: 10000000000", b"a" * 1000)
        self.assertIn(status, (0, 400, 403, 408, 413))

    def test_requests_in_one_packet_get_responses_in_order(self):
        request = ("GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n"
                   "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"
                   "GET /-/ready HTTP/1.1\r\nHost: a\r\nConnection: close")
        _, head, body = self.send(request)
        whole = head.encode() + b"\r\n\r\n" + body
        self.assertEqual([int(part[:3]) for part in
                          whole.split(b"HTTP/1.1 ")[1:]], [200, 404, 200])

    def test_a_connection_is_used_again(self):
        connection = http.client.HTTPConnection(*self.address, timeout=20)
        ports = set()
        for path in ("/metrics", "/nowhere", "/probe", "/"):
            connection.request("GET", path)
            connection.getresponse().read()
            ports.add(connection.sock.getsockname())
        self.assertEqual(len(ports), 1)
        connection.close()


if __name__ == "__main__":
    harness.main()
