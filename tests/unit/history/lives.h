#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_HISTORY_LIVES_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_HISTORY_LIVES_H_

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/exposition/sample_writer.h"
#include "exporter/history/history.h"
#include "exporter/history/lifecycle.h"
#include "tests/support/samples.h"

namespace operator_connect::history {

using exposition::Emea;
using exposition::Lines;
using live_platform::Lead;
using std::chrono::hours;
using std::chrono::minutes;
using Leads = std::vector<Lead>;

// A whole collection without excluded tenants.
inline live_platform::AllLeads Whole(std::vector<live_platform::Lead> leads) {
  live_platform::AllLeads read;
  read.leads = std::move(leads);
  return read;
}

// The start of the first collection, and later times.
inline constexpr WallTime kStart{std::chrono::seconds(1'700'000'000)};
inline WallTime At(Duration after) { return kStart + after; }
inline constexpr Duration kDay = hours(24);

inline Lead LeadOf(std::string_view tenant, std::string_view status,
                   bool licensed) {
  Lead lead;
  lead.id = "lead-of-" + std::string(tenant);
  lead.tenant_id = lead.tenant = tenant;
  lead.company = "Contoso";
  lead.status = status;
  lead.licensed = licensed;
  return lead;
}
inline Lead Licensed(std::string_view tenant = "t") {
  return LeadOf(tenant, live_platform::kLeadActive, true);
}
inline Lead Waiting(std::string_view tenant = "t") {
  return LeadOf(tenant, live_platform::kLeadActive, false);
}
inline Lead Inactive(std::string_view tenant = "t") {
  return LeadOf(tenant, live_platform::kLeadNotActive, true);
}
inline Lead Dormant(std::string_view tenant = "t") {
  return LeadOf(tenant, live_platform::kLeadNotActive, false);
}
inline Lead Removed(std::string_view tenant = "t") {
  return LeadOf(tenant, live_platform::kLeadRemoved, false);
}

// Everything that a history shows of an account, as one text.
inline std::string Show(const AccountHistory& history, WallTime now) {
  std::string text;
  const exposition::Samples samples = history.Expose(now);
  for (const auto& piece : samples.of) {
    Lines lines = exposition::SplitLines(piece ? *piece : "");
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) text += line + '\n';
  }
  for (const prometheus::MetricFamily& family : history.Families()) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      text += family.name;
      if (metric.label.size() > 1) text += ' ' + metric.label[1].value;
      text += ' ' + std::to_string(metric.counter.value);
      for (const auto& bucket : metric.histogram.bucket) {
        text += ' ' + std::to_string(bucket.cumulative_count);
      }
      text += ' ' + std::to_string(metric.histogram.sample_sum) + '\n';
    }
  }
  return text;
}

// The counted changes, such as "removed 2 returned 1".
inline std::string Counted(const AccountHistory& history) {
  std::string text;
  const std::vector<prometheus::MetricFamily> families = history.Families();
  for (const prometheus::ClientMetric& metric : families.front().metric) {
    if (metric.counter.value == 0) continue;
    if (!text.empty()) text += ' ';
    text += metric.label[1].value + ' ' +
            std::to_string(static_cast<int>(metric.counter.value));
  }
  return text;
}

// The samples of lifecycle_since, sorted.
inline Lines Since(const AccountHistory& history, WallTime now = kStart) {
  Lines lines =
      Of(history.Expose(now), exposition::Family::kTenantLifecycleSince);
  std::sort(lines.begin(), lines.end());
  return lines;
}

// A line of Since().
inline std::string SinceLine(std::string_view tenant, std::string_view state,
                             WallTime since,
                             std::string_view company = "Contoso") {
  std::string line = "tenant_id=\"" + std::string(tenant) + "\",company=\"" +
                     std::string(company) + "\",state=\"" + std::string(state) +
                     "\"} ";
  exposition::AppendValue(line, ToUnixSeconds(since));
  return line;
}

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_HISTORY_LIVES_H_
