#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"
#include "tests/simulator/estate.h"

namespace operator_connect::simulator {

// Samples in canonical form: `name{label="value",…}`, with labels sorted by
// name and values escaped as in the text format, and their values.
using Samples = std::map<std::string, double>;

// The exporter's settings that affect its samples.
struct TruthSettings {
  enum class Details { kNone, kAttention, kAll };

  std::string account = "default";
  WallTime now;  // for ages
  std::vector<std::string> exclude_tenants;
  std::optional<std::int64_t> channel_id;
  Details details = Details::kAll;
  std::size_t details_limit = 10000;
  Duration removed_for = std::chrono::hours(24 * 30);
  bool numbers_enabled = true;
  std::vector<std::string> exclude_statuses = {"Removed"};
  bool tenant_series = true;
  std::size_t tenant_series_limit = 10000;
  // Tenants (lower case) that could not be read. Those in `failed` are not
  // counted; those in `stale` are counted as in the estate.
  std::map<std::string, std::string> failed;  // and the reason
  std::map<std::string, std::string> stale;
  // The orphans whose numbers are known: none; removed tenants but
  // `failed_orphans`; also tenants without a lead.
  enum class Orphans { kNotAsked, kRemoved, kAll };
  Orphans orphans = Orphans::kNotAsked;
  std::set<std::string> failed_orphans;
};

// The samples that a whole collection of this estate must give, computed from
// the meaning of the records alone. Omits samples that depend on more than the
// estate (durations, ages of the data, the exporter's own metrics).
Samples LeadsTruth(const EstateData& estate, const TruthSettings& settings);
Samples NumbersTruth(const EstateData& estate, const TruthSettings& settings);
// Both together. Counting generated numbers takes about a microsecond each.
Samples Truth(const EstateData& estate, const TruthSettings& settings);

// The names of Truth()'s metrics: compare only these.
const std::set<std::string>& TruthMetrics();

// Parses an exposition in text format into canonical samples, only those of
// `names` if it is not empty. An invalid line, or a repeated sample, becomes a
// sample "BROKEN <line>".
Samples ParseExposition(std::string_view text,
                        const std::set<std::string>& names = {});

// The differences, one per line, at most `most` lines; empty: there is none.
// Each line has the sample, the expected and the actual value.
std::string Difference(const Samples& expected, const Samples& actual,
                       std::size_t most = 20);

// The canonical form of a sample's name and labels.
std::string SampleKey(std::string_view name,
                      std::vector<std::pair<std::string, std::string>> labels);

// The tenants whose numbers the exporter requests, in lower case.
std::set<std::string> AskedTenants(const EstateData& estate,
                                   const TruthSettings& settings);

// A date in the platform's form, in seconds since the epoch; nullopt for any
// other text, and for dates before the year 2000.
std::optional<double> ParseDate(std::string_view text);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_H_
