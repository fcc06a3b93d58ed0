"""Responses of the platform that break its documentation: the records keep
their counts, the exposition stays valid, and a failure is no zero. The
platform is a few lines of Python here, so that it can send any bytes."""

import contextlib
import http.server
import json
import threading
import unittest
import urllib.parse

import harness
from harness import EndToEndTest, Exposition

TENANT = "11111111-2222-3333-4444-555555555555"
CONFIG = """\
collection:
  leads: {{min_interval: 1s, max_age: 5m, timeout: 20s}}
  numbers: {{min_interval: 1s, max_age: 5m, timeout: 20s}}
accounts:
  - name: emea
    base_url: {url}/tenantui
    authorization: {{credentials: a-token}}
    requests_per_second: 0
"""
# The beginning of cut or foreign bodies, which no log line may hold.
PHONE = "+14255550199"


def lead(**fields):
    record = {"id": "f825e66a-0e07-4d58-9fb3-271f092ceadc",
              "tenantId": TENANT, "status": "Active",
              "umpCustomerGuid": None, "isDirectLead": False,
              "consentedOn": "2024-01-01T00:00:00Z",
              "lastModifiedOn": "2024-01-01T00:00:00Z",
              "contactDetails": {"companyName": "Contoso"}}
    record.update(fields)
    return {k: v for k, v in record.items() if v is not ...}


class Platform:
    """Responds to requests for leads and numbers with given bytes. Page 2 and
    later pages of leads are empty."""

    def __init__(self):
        self.leads = b"[]"
        self.numbers = b"[]"
        self.status = 200
        self.type = "application/json"
        self.cut = 0  # bytes that Content-Length promises and that are not sent
        platform = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                page = urllib.parse.parse_qs(url.query).get("PageNumber")
                body = platform.numbers
                if url.path.endswith("/oc/lead"):
                    body = platform.leads if page == ["1"] else b"[]"
                self.send_response(platform.status)
                self.send_header("Content-Type", platform.type)
                self.send_header("Content-Length",
                                 str(len(body) + platform.cut))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(body)
                self.close_connection = bool(platform.cut)

            def log_message(self, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *args):
                pass  # clients that leave are part of the tests

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self._server.server_port
        threading.Thread(target=self._server.serve_forever,
                         daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class BadAnswersTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.platform = Platform()
        self.addCleanup(self.platform.close)

    def start_exporter(self):
        config = self.file("exporter.yml",
                           CONFIG.format(url=self.platform.url))
        return self.start(harness.Exporter, config)

    def scrape(self, leads, numbers=b"[]"):
        """One scrape of a new program, parsed strictly."""
        for name, value in (("leads", leads), ("numbers", numbers)):
            if not isinstance(value, bytes):
                value = json.dumps(value).encode("utf-8", "surrogatepass")
            setattr(self.platform, name, value)
        exporter = self.start_exporter()
        exposition = Exposition(exporter.metrics())
        self.assertEqual(exporter.stop(), 0)
        self.log = exporter.output
        return exposition

    def leads_of(self, exposition):
        return {k: v for k, v in exposition.by_label(
            "operator_connect_leads", "status").items() if v}

    def test_fields_missing_null_or_of_another_type_still_count(self):
        odd = [lead(id=str(i), **{field: value}) for i, (field, value) in
               enumerate((field, value)
                         for field in ("status", "tenantId", "umpCustomerGuid",
                                       "isDirectLead", "consentedOn",
                                       "lastModifiedOn", "contactDetails")
                         for value in (..., None, 7, "7", [], {}, [{}], True))]
        exposition = self.scrape(odd)
        self.assertEqual(sum(self.leads_of(exposition).values()), len(odd))
        self.assertEqual(exposition.value("operator_connect_up"), 1)

    def test_nested_objects_do_not_lend_their_fields(self):
        record = lead()
        decoy = {"id": "decoy", "status": "Decoy", "tenantId": "decoy",
                 "umpCustomerGuid": "decoy", "consentedOn": "1999"}
        text = json.dumps({"civicAddresses": [decoy], "contacts": [decoy],
                           **record, "comments": {"a": decoy}})
        exposition = self.scrape(f"[{text}]".encode())
        self.assertEqual(self.leads_of(exposition), {"Active": 1})
        self.assertEqual(exposition.value("operator_connect_unlicensed_leads",
                                          status="Active"), 1)
        self.assertNotIn("decoy", str(exposition.samples).lower())

    def test_any_string_leaves_the_exposition_valid(self):
        names = ['"quoted"', "new\nline", "back\\slash", "nul\0nul", "tab\t",
                 "\ud800", "\udc00\ud800", "x" * (1 << 20), "", "{}", "é" * 99]
        exposition = self.scrape(
            [lead(id=str(i), contactDetails={"companyName": name},
                  status=name or None) for i, name in enumerate(names)])
        self.assertEqual(sum(self.leads_of(exposition).values()), len(names))
        infos = exposition.of("operator_connect_lead_info")
        self.assertEqual(len(infos), len(names))
        for info in infos:
            for value in info.labels.values():
                self.assertLessEqual(len(value.encode("utf-8")), 128)

    def test_invalid_utf8_becomes_the_replacement_character(self):
        raw = json.dumps([lead(contactDetails={"companyName": "COMPANY"})])
        exposition = self.scrape(raw.encode().replace(b"COMPANY",
                                                      b"A\xff\xc3(B"))
        company = exposition.of("operator_connect_lead_info")[0].labels[
            "company"]
        self.assertRegex(company, "^A\ufffd+\\(B$")

    def test_elements_that_are_not_objects_are_malformed_others_kept(self):
        exposition = self.scrape([None, 7, lead(), "x", [1]])
        self.assertEqual(self.leads_of(exposition), {"Active": 1})
        self.assertEqual(
            exposition.value("operator_connect_exporter_malformed_records_total",
                             collector="leads"), 4)

    def test_leads_in_a_second_array_count_as_well(self):
        self.assertEqual(self.leads_of(self.scrape([[lead()]])), {"Active": 1})

    def test_no_leads_at_all_are_zeros(self):
        exposition = self.scrape([])
        self.assertEqual(
            exposition.by_label("operator_connect_leads", "status"),
            {"Active": 0, "Not Active": 0, "OC Essential": 0, "Removed": 0})
        self.assertEqual(exposition.value("operator_connect_up"), 1)

    def test_a_company_with_an_address_or_a_number_is_redacted(self):
        exposition = self.scrape(
            [lead(id="1", contactDetails={"companyName": "a@example.com"}),
             lead(id="2", contactDetails={"companyName": f"Tel {PHONE}"})])
        self.assertEqual({info.labels["company"] for info in
                          exposition.of("operator_connect_lead_info")},
                         {"redacted"})

    def test_numbers_of_every_shape_count_once_each(self):
        numbers = [{"id": i, "tenantId": TENANT, "telephoneNumber": PHONE,
                    "assignmentStatus": "UserAssigned", **extra}
                   for i, extra in enumerate([
                       {}, {"assignmentStatus": None},
                       {"acquiredCapabilities": "OutboundCalling"},
                       {"acquiredCapabilities": ["OutboundCalling"]},
                       {"aslvCode": "404"}, {"alsvcode": 500},
                       {"aslcht": "0001-01-01T00:00:00"},
                       {"tenantId": TENANT.upper()}, {"tenantId": None}])]
        exposition = self.scrape([lead()], numbers)
        self.assertEqual(exposition.by_label("operator_connect_numbers",
                                             "assignment_status"),
                         {"Unassigned": 0, "UserAssigned": 8,
                          "ConferenceAssigned": 0, "VoiceApp": 0,
                          "unknown": 1})
        self.assertEqual(exposition.value(
            "operator_connect_number_capabilities",
            assignment_status="UserAssigned", capability="OutboundCalling"), 2)
        self.assertEqual(exposition.value("operator_connect_sync_failures",
                                          kind="number_assignment"), 2)
        self.assertEqual(
            exposition.value("operator_connect_numbers_never_checked"), 9)

    def test_numbers_of_another_tenant_fail_that_tenant(self):
        exposition = self.scrape([lead()], [{"id": 1, "tenantId": "another"}])
        self.assertEqual(exposition.value("operator_connect_tenants",
                                          state="failed"), 1)
        self.assertTrue(exposition.of("operator_connect_tenant_failed",
                                      reason="mismatch"))

    def test_an_invalid_response_is_a_failure_with_a_clear_line(self):
        whole = json.dumps([lead(telephone=PHONE)]).encode()
        cases = {
            "html": b"<html><body>%s</body></html>" % PHONE.encode(),
            "object": json.dumps({"value": PHONE}).encode(),
            "null": b"null",
            "string": json.dumps(PHONE).encode(),
            "nothing": b"",
            "cut": whole[:-10],
            "without its end": whole[:-1],
            "with more after it": whole + b"[]",
            "deep": b"[" * 100000,
            "deep inside": b'[{"a":' + b"[" * 100000,
            "only elements that are no objects": b"[1, 2, 3]",
        }
        for name, body in cases.items():
            with self.subTest(name):
                exposition = self.scrape(body)
                self.assert_failed(exposition)

    def test_a_body_shorter_than_its_length_is_a_failure(self):
        self.platform.cut = 10
        self.assert_failed(self.scrape([lead()]))

    def test_another_status_than_200_is_a_failure_with_any_body(self):
        for status in (201, 204, 302, 403, 404, 500):
            with self.subTest(status):
                self.platform.status = status
                exposition = self.scrape([lead()])
                self.assert_failed(exposition)
                self.assertGreaterEqual(exposition.value(
                    "operator_connect_exporter_upstream_requests_total",
                    endpoint="leads", code=str(status)), 1)

    def assert_failed(self, exposition):
        self.assertEqual(exposition.value("operator_connect_up"), 0)
        self.assertEqual(exposition.of("operator_connect_leads"), [])
        self.assertEqual(exposition.of("operator_connect_numbers"), [])
        lines = [line for line in self.log.split("\n")
                 if "emea" in line and "leads" in line]
        self.assertTrue(lines, self.log)
        self.assertNotIn(PHONE, self.log)

    def test_the_last_counts_stay_when_the_platform_breaks(self):
        self.platform.leads = json.dumps([lead()]).encode()
        exporter = self.start_exporter()
        good = Exposition(exporter.metrics())
        self.assertEqual(self.leads_of(good), {"Active": 1})
        self.platform.leads = b"<html>"

        def down():
            scraped = Exposition(exporter.metrics())
            return (scraped if scraped.value("operator_connect_up") == 0
                    else None)
        bad = harness.wait_until(down, "operator_connect_up 0")
        self.assertEqual(self.leads_of(bad), {"Active": 1})
        self.assertEqual(bad.value("operator_connect_collector_success",
                                   collector="leads"), 0)


if __name__ == "__main__":
    harness.main()
