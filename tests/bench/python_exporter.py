#!/usr/bin/env python3
"""A simple exporter, as one would write it in an afternoon: collects the same
leads and numbers sequentially with requests, counts them with json, exposes
them with prometheus_client. The bench compares the exporter with it."""

import argparse
import collections
import datetime
import threading

import prometheus_client
import requests
from prometheus_client.core import REGISTRY, GaugeMetricFamily

PAGE_SIZE = 1000
NO_LICENSE = (None, "", "00000000-0000-0000-0000-000000000000")


def timestamp(text):
    if not text:
        return None
    text = text.replace("Z", "+00:00")
    head, dot, tail = text.partition(".")
    if dot:
        digits, sign, zone = tail.partition("+")
        text = f"{head}.{digits[:6]:0<6}{sign}{zone}"
    time_ = datetime.datetime.fromisoformat(text)
    if time_.tzinfo is None:
        time_ = time_.replace(tzinfo=datetime.timezone.utc)
    return time_.timestamp()


class OperatorConnectCollector:
    def __init__(self, base_url, token, account, verify):
        self.base_url = base_url
        self.account = account
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.session.verify = verify

    def get(self, path, **params):
        response = self.session.get(f"{self.base_url}/api/v2/oc/{path}",
                                    params=params, timeout=30)
        response.raise_for_status()
        return response.json()

    def leads(self):
        page = 1
        while True:
            records = self.get("lead", PageNumber=page, PageSize=PAGE_SIZE)
            yield from records
            if len(records) < PAGE_SIZE:
                return
            page += 1

    def describe(self):
        return []  # or registering would collect

    def collect(self):
        leads = list(self.leads())
        yield from self.lead_metrics(leads)
        yield from self.number_metrics(
            {lead["tenantId"] for lead in leads if lead["status"] != "Removed"})

    def lead_metrics(self, leads):
        count = GaugeMetricFamily("operator_connect_leads", "Leads.",
                                  labels=["account", "status"])
        unlicensed = GaugeMetricFamily(
            "operator_connect_unlicensed_leads", "Leads without a license.",
            labels=["account", "status"])
        info = GaugeMetricFamily(
            "operator_connect_lead_info", "Each lead.",
            labels=["account", "tenant_id", "lead_id", "company", "status",
                    "licensed", "direct"])
        consented = GaugeMetricFamily(
            "operator_connect_lead_consented_timestamp_seconds", "consentedOn.",
            labels=["account", "tenant_id", "lead_id"])
        modified = GaugeMetricFamily(
            "operator_connect_lead_last_modified_timestamp_seconds",
            "lastModifiedOn.", labels=["account", "tenant_id", "lead_id"])
        by_status = collections.Counter()
        unlicensed_by_status = collections.Counter()
        for lead in leads:
            status = lead.get("status") or "unknown"
            licensed = lead.get("umpCustomerGuid") not in NO_LICENSE
            company = (lead.get("contactDetails") or {}).get("companyName") or ""
            by_status[status] += 1
            unlicensed_by_status[status] += not licensed
            ids = [self.account, lead["tenantId"], lead["id"]]
            info.add_metric(ids + [company, status, str(licensed).lower(),
                                   str(bool(lead.get("isDirectLead"))).lower()],
                            1)
            for family, field in ((consented, "consentedOn"),
                                  (modified, "lastModifiedOn")):
                value = timestamp(lead.get(field))
                if value is not None:
                    family.add_metric(ids, value)
        for status, leads_ in by_status.items():
            count.add_metric([self.account, status], leads_)
            unlicensed.add_metric([self.account, status],
                                  unlicensed_by_status[status])
        return [count, unlicensed, info, consented, modified]

    def number_metrics(self, tenants):
        numbers = GaugeMetricFamily("operator_connect_numbers", "Numbers.",
                                    labels=["account", "assignment_status"])
        acquired = GaugeMetricFamily(
            "operator_connect_number_capabilities", "Acquired capabilities.",
            labels=["account", "assignment_status", "capability"])
        of_tenant = GaugeMetricFamily(
            "operator_connect_tenant_numbers", "Numbers of a tenant.",
            labels=["account", "tenant_id", "assignment_status"])
        by_status = collections.Counter()
        by_capability = collections.Counter()
        failed = 0
        oldest = None
        for tenant in tenants:
            by_tenant = collections.Counter()
            for number in self.get("numbers", msTenantId=tenant):
                status = number.get("assignmentStatus") or "unknown"
                by_tenant[status] += 1
                capabilities = number.get("acquiredCapabilities") or []
                for capability in capabilities:
                    by_capability[status, capability] += 1
                failed += int(number.get("alsvcode") or 0) >= 400
                checked = timestamp(number.get("aslcht"))
                if checked is not None and (oldest is None or checked < oldest):
                    oldest = checked
            by_status.update(by_tenant)
            for status, value in by_tenant.items():
                of_tenant.add_metric([self.account, tenant, status], value)
        for status, value in by_status.items():
            numbers.add_metric([self.account, status], value)
        for (status, capability), value in by_capability.items():
            acquired.add_metric([self.account, status, capability], value)
        failures = GaugeMetricFamily("operator_connect_sync_failures",
                                     "Failed.", labels=["account", "kind"])
        failures.add_metric([self.account, "number_assignment"], failed)
        oldest_check = GaugeMetricFamily(
            "operator_connect_oldest_assignment_check_timestamp_seconds",
            "aslcht.", labels=["account"])
        if oldest is not None:
            oldest_check.add_metric([self.account], oldest)
        return [numbers, acquired, of_tenant, failures, oldest_check]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--token", default="bench")
    parser.add_argument("--ca-file")
    parser.add_argument("--port", type=int, default=10391)
    parser.add_argument("--once", action="store_true")
    args = parser.parse_args()
    REGISTRY.register(OperatorConnectCollector(
        args.base_url, args.token, "bench", args.ca_file or True))
    if args.once:
        print(prometheus_client.generate_latest().decode(), end="")
        return
    prometheus_client.start_http_server(args.port, addr="127.0.0.1")
    threading.Event().wait()


if __name__ == "__main__":
    main()
