#include "exporter/live_platform/client.h"

#include "exporter/config/url.h"

namespace operator_connect::live_platform {

Result<Done, http_client::Failure> Client::GetLeads(const LeadsRequest& request,
                                                    ResponseReader& reader,
                                                    const Deadline& deadline) {
  std::string url = account().base_url + "/api/v2/oc/lead?PageNumber=" +
                    std::to_string(request.page_number) +
                    "&PageSize=" + std::to_string(request.page_size);
  if (request.check_online) url += "&checkOnline=true";
  return requester_.Ask(
      {http_client::Endpoint::kLeads, std::move(url), request.repeat}, reader,
      deadline);
}

Result<Done, http_client::Failure> Client::GetNumbers(
    std::string_view tenant_id, ResponseReader& reader,
    const Deadline& deadline) {
  return requester_.Ask({http_client::Endpoint::kNumbers,
                         account().base_url + "/api/v2/oc/numbers?msTenantId=" +
                             config::PercentEncode(tenant_id),
                         true},
                        reader, deadline);
}

Result<Done, http_client::Failure> Client::GetNumbersPage(
    const NumbersPageRequest& request, ResponseReader& reader,
    const Deadline& deadline) {
  std::string url = account().base_url + "/api/v3/oc/numbers?PageNumber=" +
                    std::to_string(request.page_number) +
                    "&PageSize=" + std::to_string(request.page_size);
  if (!request.tenant_id.empty()) {
    url += "&msTenantId=" + config::PercentEncode(request.tenant_id);
  }
  return requester_.Ask({http_client::Endpoint::kNumbers, std::move(url), true},
                        reader, deadline);
}

}  // namespace operator_connect::live_platform
