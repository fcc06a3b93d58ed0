#include "tests/simulator/platform.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/page.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

// A lead that is on no list, for pages that never end.
Lead InventLead(std::size_t index) {
  Random random(Mix(0x696e7665, index));
  Lead lead;
  lead.id = random.Guid();
  lead.tenant_id = random.Guid();
  lead.company = "Endless " + std::to_string(index);
  lead.consented_on = "2024-01-01T00:00:00Z";
  lead.last_modified_on = "2024-01-01T00:00:00Z";
  return lead;
}

void WriteLead(const Lead& lead, const Fault* fault, std::size_t index,
               std::string& out) {
  if (SpoilsRecords(fault)) {
    AppendSpoiltLead(lead, fault->spoil, index, out);
  } else {
    AppendLead(lead, out);
  }
}

}  // namespace

HttpResponse PlatformError(int status, std::string_view detail) {
  HttpResponse response = TextResponse(
      status,
      R"({"type":"about:blank","title":"The request failed","status":)" +
          std::to_string(status) + R"(,"detail":)" + JsonString(detail) + "}",
      "application/problem+json; charset=utf-8");
  if (status == 401) {
    response.headers.emplace_back("WWW-Authenticate",
                                  "Bearer error=\"invalid_token\"");
  }
  return response;
}

HttpResponse Platform::Impl::Leads(const HttpRequest& request,
                                   const Fault* fault) {
  if (!Authorised(request)) return PlatformError(401, "No valid token.");
  const PlatformOptions options = this->options();
  const Paging paging = ReadPaging(request, options, 10);
  if (!paging.wrong.empty()) return PlatformError(400, paging.wrong);
  const std::string online = request.param("checkOnline").value_or("false");
  if (ToLower(online) != "true" && ToLower(online) != "false") {
    return PlatformError(400, "checkOnline must be true or false.");
  }
  const std::string tenant = ToLower(request.param("msTenantId").value_or(""));
  const EstateSnapshot data = estate.Snapshot();
  std::vector<const Lead*> leads;
  for (const Lead& lead : data->leads) {
    if (tenant.empty() || ToLower(lead.tenant_id.value_or("")) == tenant) {
      leads.push_back(&lead);
    }
  }
  const PageRange range =
      FindPage(leads.size(), paging.page, paging.size, options, fault);
  const std::size_t serial = paging.page * paging.size;
  HttpResponse response;
  response.estate_version = data->version;
  response.body = [data, leads, range, serial, wrapped = options.wrapped,
                   fault = Share(fault)](const Sink& sink) {
    ArrayWriter writer(sink, wrapped ? "[[" : "[", fault.get());
    for (std::size_t i = range.begin; i < range.end; ++i) {
      WriteLead(*leads[i], fault.get(), i, writer.Next());
      if (!writer.Flush()) return false;
    }
    for (std::size_t i = 0; i < range.invented; ++i) {
      AppendLead(InventLead(serial + i), writer.Next());
      if (!writer.Flush()) return false;
    }
    return writer.Finish(wrapped ? "]]" : "]");
  };
  return response;
}

}  // namespace operator_connect::simulator
