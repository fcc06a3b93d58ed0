// exposition_bench setup|ours|registry [TENANTS]: generates the result of a
// collection and writes it as an exposition, with the exporter's own writer or
// with prometheus-cpp's Registry and TextSerializer. For callgrind: `setup`
// does everything that both do beforehand, so the difference is the cost of the
// exposition alone. Prints the number of series.

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/exposition/builder.h"
#include "exporter/exposition/leads_samples.h"
#include "exporter/exposition/numbers_samples.h"
#include "tests/bench/leads.h"

namespace {

using namespace operator_connect;
using namespace operator_connect::exposition;

struct Collected {
  config::Account account;
  std::vector<live_platform::Lead> leads;
  exposition::NumbersSnapshot numbers;
};

// One series for the registry.
struct Series {
  std::string family;
  std::map<std::string, std::string> labels;
  double value = 0;
};

exposition::TenantSnapshot MakeTenant(std::size_t index) {
  exposition::TenantSnapshot tenant;
  tenant.id = BenchTenant(index);
  tenant.read_at = SteadyTime();
  for (const live_platform::LabelIds::Id status : {0, 1}) {
    tenant.numbers.counts.push_back(
        {live_platform::NumberCount::Kind::kStatus, status, 0,
         static_cast<std::uint32_t>(1 + (index * 7 + status) % 90)});
  }
  return tenant;
}

void MakeUp(std::size_t tenants, Collected& result) {
  result.account.name = "emea";
  for (std::size_t i = 0; i < tenants; ++i) {
    result.leads.push_back(BenchLead(i));
    result.numbers.tenants.push_back(MakeTenant(i));
  }
}

exposition::Exposition WriteOurs(const Collected& result) {
  exposition::AccountSamples exposed;
  exposed.samples[0] = exposition::WriteLeads(
      result.account, result.leads, WallTime(std::chrono::seconds(1760000000)));
  exposed.samples[1] =
      exposition::WriteNumbers(result.account, result.numbers,
                               std::chrono::hours(1), SteadyTime())
          .samples;
  exposition::ExpositionBuilder builder(exposition::Format::kText);
  std::vector<exposition::AccountSamples> accounts;
  accounts.push_back(std::move(exposed));
  builder.AddAccounts(std::move(accounts));
  return builder.Finish();
}

// Parses name{label="value",…} value; no generated value has an escape.
Series ReadSeries(std::string_view line) {
  Series series;
  std::size_t at = line.find('{');
  series.family = line.substr(0, at);
  while (line[at] != '}') {
    const std::size_t equals = line.find('=', at);
    const std::size_t quote = line.find('"', equals + 2);
    series.labels.emplace(line.substr(at + 1, equals - at - 1),
                          line.substr(equals + 2, quote - equals - 2));
    at = quote + 1;
  }
  series.value = std::strtod(line.data() + at + 1, nullptr);
  return series;
}

std::vector<Series> ReadAll(const exposition::Exposition& exposition) {
  std::string text;
  for (const auto& piece : exposition.pieces) text += *piece;
  std::vector<Series> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (text[at] != '#') {
      all.push_back(ReadSeries(std::string_view(text).substr(at, end - at)));
    }
    at = end + 1;
  }
  return all;
}

std::size_t WriteWithRegistry(const std::vector<Series>& all) {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Gauge>* family = nullptr;
  for (const Series& series : all) {
    if (family == nullptr || family->GetName() != series.family) {
      family = &prometheus::BuildGauge()
                    .Name(series.family)
                    .Help("Help.")
                    .Register(registry);
    }
    family->Add(series.labels).Set(series.value);
  }
  return prometheus::TextSerializer().Serialize(registry.Collect()).size();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode != "setup" && mode != "ours" && mode != "registry") {
    std::fputs("usage: exposition_bench setup|ours|registry [TENANTS]\n",
               stderr);
    return 2;
  }
  const std::size_t tenants =
      argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10000;
  Collected result;
  MakeUp(tenants, result);
  const std::vector<Series> all = ReadAll(WriteOurs(result));
  std::size_t bytes = 0;
  if (mode == "ours") bytes = WriteOurs(result).size();
  if (mode == "registry") bytes = WriteWithRegistry(all);
  std::printf("%zu series, %zu bytes\n", all.size(), bytes);
  return 0;
}
