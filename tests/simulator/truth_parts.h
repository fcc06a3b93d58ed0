#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_PARTS_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_PARTS_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/samples.h"
#include "tests/simulator/truth.h"

namespace operator_connect::simulator {

// The leads that count, each once, without those of excluded tenants.
std::vector<const Lead*> CountedLeads(const EstateData& estate,
                                      const TruthSettings& settings);

// Whether the platform shows a channel the tenant's numbers: one of its leads
// belongs to the channel.
bool ChannelSees(const EstateData& estate, std::int64_t channel,
                 std::string_view tenant_id);

// The time in a field of a record; nullopt: there is none.
inline std::optional<double> DateOf(const std::optional<std::string>& text) {
  return text ? ParseDate(*text) : std::nullopt;
}

// Counts numbers for the metrics of country, location, source, SBC, profile and
// age.
class NumberFacts {
 public:
  explicit NumberFacts(double now) : now_(now) {}

  void Add(const std::string& tenant, const Number& number);
  // The sums over all tenants.
  void ShowSums(SampleMap& out) const;
  // The series of one tenant: metric, labels and value of each.
  struct Series {
    std::string metric;
    Labels labels;
    double value = 0;
  };
  std::vector<Series> Of(const std::string& tenant,
                         const TruthSettings& settings) const;

 private:
  struct Tenant {
    double idle = 0;
    std::map<std::string, double> no_location;  // by country
    std::map<std::string, double> leaving;      // by acquired status
    std::optional<double> first;
  };
  void AddAges(const Number& number, Tenant& tenant);

  const double now_;
  // By metric, and by value and assignment status.
  std::map<std::string, std::map<std::pair<std::string, std::string>, double>>
      by_state_;
  std::map<std::string, double> by_code_;
  std::map<int, double> acquired_;  // by days
  std::map<int, double> idle_;
  std::map<std::string, Tenant> tenants_;
};

// Counts the numbers of tenants that are no customers, and of those `asked`
// that have no license.
void ShowOrphans(const EstateData& estate, const TruthSettings& settings,
                 const std::set<std::string>& asked, SampleMap& out);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_PARTS_H_
