#include "exporter/exposition/request_metrics.h"

#include <doctest/doctest.h>

#include <string>

#include "exporter/exposition/family_writer.h"
#include "tests/support/exposition_text.h"

namespace operator_connect::exposition {
namespace {

using http_client::Endpoint;
using std::chrono::milliseconds;

// The lines after operator_connect_exporter_, without the account's label.
Lines Read(const RequestMetrics& metrics) {
  std::string text;
  AppendFamilies(text, Format::kText, metrics.Collect());
  CHECK(Faults(text) == Lines{});
  return SplitLines(text);
}

bool HasSample(const RequestMetrics& metrics, const std::string& name,
               const std::string& labels, const std::string& value) {
  return Has(Read(metrics), "operator_connect_exporter_" + name +
                                "{account=\"emea\"," + labels + "} " + value);
}

TEST_CASE("the counters of every endpoint start at 0") {
  const RequestMetrics metrics("emea");
  for (const char* endpoint : {"token", "leads", "numbers"}) {
    const std::string label = std::string("endpoint=\"") + endpoint + "\"";
    for (const char* code :
         {"200", "429", "503", "timeout", "transport", "malformed"}) {
      CAPTURE(code);
      CHECK(HasSample(metrics, "upstream_requests_total",
                      std::string("code=\"") + code + "\"," + label, "0"));
    }
    CHECK(HasSample(metrics, "upstream_received_bytes_total", label, "0"));
    CHECK(HasSample(metrics, "upstream_retries_total", label, "0"));
    CHECK(HasSample(metrics, "upstream_request_duration_seconds_count", label,
                    "0"));
  }
  for (const char* collector : {"leads", "numbers"}) {
    CHECK(HasSample(metrics, "malformed_records_total",
                    std::string("collector=\"") + collector + "\"", "0"));
  }
  CHECK_FALSE(metrics.token_expiry().has_value());
}

TEST_CASE("a request is counted by outcome, with duration and bytes") {
  RequestMetrics metrics("emea");
  metrics.OnRequest(Endpoint::kLeads, "200", milliseconds(300), 1000);
  metrics.OnRequest(Endpoint::kLeads, "200", milliseconds(20), 24);
  metrics.OnRequest(Endpoint::kLeads, "418", milliseconds(20), 0);
  const std::string leads = "endpoint=\"leads\"";
  CHECK(HasSample(metrics, "upstream_requests_total", "code=\"200\"," + leads,
                  "2"));
  CHECK(HasSample(metrics, "upstream_requests_total", "code=\"418\"," + leads,
                  "1"));
  CHECK(HasSample(metrics, "upstream_received_bytes_total", leads, "1024"));
  CHECK(HasSample(metrics, "upstream_request_duration_seconds_count", leads,
                  "3"));
  CHECK(HasSample(metrics, "upstream_request_duration_seconds_bucket",
                  leads + ",le=\"0.05\"", "2"));
  CHECK(HasSample(metrics, "upstream_request_duration_seconds_bucket",
                  leads + ",le=\"0.5\"", "3"));
}

TEST_CASE("durations fall into the documented buckets") {
  RequestMetrics metrics("emea");
  for (const char* bound : {"0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10",
                            "30", "60", "+Inf"}) {
    CAPTURE(bound);
    CHECK(HasSample(metrics, "upstream_request_duration_seconds_bucket",
                    std::string("endpoint=\"token\",le=\"") + bound + "\"",
                    "0"));
  }
}

TEST_CASE("repeats and malformed records are counted") {
  RequestMetrics metrics("emea");
  metrics.OnRetry(Endpoint::kNumbers);
  metrics.OnMalformedRecords("numbers", 3);
  metrics.OnMalformedRecords("numbers", 0);
  CHECK(HasSample(metrics, "upstream_retries_total", "endpoint=\"numbers\"",
                  "1"));
  CHECK(HasSample(metrics, "malformed_records_total", "collector=\"numbers\"",
                  "3"));
  CHECK(HasSample(metrics, "malformed_records_total", "collector=\"leads\"",
                  "0"));
}

TEST_CASE("the newest token's expiry is kept") {
  RequestMetrics metrics("emea");
  metrics.OnToken(kNow);
  metrics.OnToken(kNow + std::chrono::hours(1));
  CHECK(metrics.token_expiry() == kNow + std::chrono::hours(1));
}

}  // namespace
}  // namespace operator_connect::exposition
