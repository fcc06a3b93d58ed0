#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_PARTS_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_PARTS_H_

#include <set>
#include <string>
#include <vector>

#include "tests/simulator/samples.h"
#include "tests/simulator/truth.h"

namespace operator_connect::simulator {

// The leads that count, each once: without those of excluded tenants.
std::vector<const Lead*> CountedLeads(const EstateData& estate,
                                      const TruthSettings& settings);

// Whether the platform lets a channel see a tenant's numbers: one of its
// leads belongs to it.
bool ChannelSees(const EstateData& estate, std::int64_t channel,
                 std::string_view tenant_id);

// The numbers of tenants that are no customers, and of `asked` ones that have
// no license.
void ShowOrphans(const EstateData& estate, const TruthSettings& settings,
                 const std::set<std::string>& asked, SampleMap& out);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_TRUTH_PARTS_H_
