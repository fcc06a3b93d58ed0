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

// Samples in canonical form, `name{label="value",…}` with labels in the order
// of their names and values escaped as in the text format, and their values.
using Samples = std::map<std::string, double>;

// What the exporter is told, as far as it changes what it should say.
struct TruthSettings {
  enum class Details { kNone, kAttention, kAll };

  std::string account = "default";
  WallTime now;  // for what depends on an age
  std::vector<std::string> exclude_tenants;
  std::optional<std::int64_t> channel_id;
  Details details = Details::kAll;
  std::size_t details_limit = 10000;
  Duration removed_for = std::chrono::hours(24 * 30);
  bool numbers_enabled = true;
  std::vector<std::string> exclude_statuses = {"Removed"};
  bool tenant_series = true;
  std::size_t tenant_series_limit = 10000;
  // Tenants (lower case) that could not be read. Those in `failed` count
  // nowhere; those in `stale` count as the estate has them.
  std::map<std::string, std::string> failed;  // and the reason
  std::map<std::string, std::string> stale;
  // Which orphans' numbers are known beside those of customers: none; those of
  // removed tenants, but `failed_orphans`; those without a lead too.
  enum class Orphans { kNotAsked, kRemoved, kAll };
  Orphans orphans = Orphans::kNotAsked;
  std::set<std::string> failed_orphans;
};

// The samples that a whole collection of this estate must give, computed from
// the meaning of the records alone. What depends on more than the estate
// (durations, ages of the data, the exporter's own metrics) is not among them.
Samples LeadsTruth(const EstateData& estate, const TruthSettings& settings);
Samples NumbersTruth(const EstateData& estate, const TruthSettings& settings);
// Both of them. Counting generated numbers takes about a microsecond each.
Samples Truth(const EstateData& estate, const TruthSettings& settings);

// The names of the metrics that Truth() can give: compare these alone.
const std::set<std::string>& TruthMetrics();

// Reads an exposition in text format into canonical samples, those of
// `names` alone if it is not empty. A line that is none, or a sample that is
// there twice, becomes a sample "BROKEN <line>".
Samples ParseExposition(std::string_view text,
                        const std::set<std::string>& names = {});

// What differs, one line each, at most `most` lines; empty: they are equal.
// Each line names the sample, what was expected, and what is there.
std::string Difference(const Samples& expected, const Samples& actual,
                       std::size_t most = 20);

// The canonical form of one sample's name and labels.
std::string SampleKey(std::string_view name,
                      std::vector<std::pair<std::string, std::string>> labels);

// Tenants that the exporter asks for numbers, in lower case.
std::set<std::string> AskedTenants(const EstateData& estate,
                                   const TruthSettings& settings);

// A date as the platform writes it, in seconds since the epoch; nullopt for
// what is none, and for one before the year 2000.
std::optional<double> ParseDate(std::string_view text);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_H_
