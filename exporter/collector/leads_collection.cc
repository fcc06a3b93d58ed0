#include "exporter/collector/leads_collection.h"

#include <utility>

#include "exporter/exposition/leads_samples.h"

namespace operator_connect::collector {
namespace {

using exposition::Family;
using http_client::Failure;
using live_platform::AllLeads;
using live_platform::Client;
using live_platform::ResponseReader;

std::shared_ptr<const PublishedLeads> Publish(const LeadsContext& context,
                                              AllLeads leads,
                                              const ReadTime& started) {
  const config::Account& account = context.client.account();
  auto published = std::make_shared<PublishedLeads>();
  published->samples =
      exposition::WriteLeads(account, leads.leads, started.wall);
  published->samples[Family::kTenantsByLifecycle] = context.history.Record(
      account, leads, started.wall)[Family::kTenantsByLifecycle];
  published->tenants = TenantsOf(account, leads.leads);
  published->all_tenants = std::move(leads.tenants);
  published->read_at = started.steady;
  return published;
}

}  // namespace

LeadsOutcome CollectLeads(const LeadsContext& context,
                          const live_platform::LeadsBefore& before,
                          bool read_again_before, const ReadTime& started,
                          const Deadline& deadline) {
  LeadsOutcome outcome;
  Result<AllLeads, Failure> read = live_platform::ReadAllLeads(
      context.client.account(), before,
      [&](const Client::LeadsRequest& request, ResponseReader& reader) {
        return context.client.GetLeads(request, reader, deadline);
      },
      [&](const std::string& seen) {
        outcome.read_again = true;
        // Logged once if every collection is like this.
        if (read_again_before) return;
        context.log.Warn(
            "collector", "Leads are not believed at once.",
            {{"account", context.client.account().name}, {"detail", seen}});
      },
      outcome.malformed);
  if (read.ok()) {
    outcome.summary.success = true;
    outcome.summary.records = read->leads.size();
    outcome.published = Publish(context, *std::move(read), started);
  } else {
    outcome.summary.failure = read.error().Reason();
    outcome.summary.problem = read.error().detail;
  }
  return outcome;
}

}  // namespace operator_connect::collector
