#include "tests/simulator/platform.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/page.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

// A lead that is in no list, for endless pages.
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

using LeadList = std::vector<const Lead*>;

// Reorders the list for one request, like a platform without a stable order.
void Reorder(const Fault* fault, const Paging& paging, std::uint64_t shuffle,
             LeadList& leads) {
  if (fault == nullptr) return;
  if (fault->action == Action::kShufflePages) {
    std::shuffle(leads.begin(), leads.end(), std::mt19937_64(shuffle));
  }
  if (fault->action == Action::kSwapTies && paging.page % 2 == 1) {
    for (std::size_t i = paging.size; i < leads.size(); i += paging.size) {
      std::swap(leads[i - 1], leads[i]);
    }
  }
  if (fault->action == Action::kFilterPages) {
    LeadList with_hidden;
    for (std::size_t i = 0; i < leads.size(); ++i) {
      with_hidden.push_back(leads[i]);
      if (i % 3 == 2) with_hidden.push_back(nullptr);
    }
    leads = std::move(with_hidden);
  }
}

// The response after the last page; nullopt: the usual one.
std::optional<HttpResponse> BehindTheEnd(const Fault* fault,
                                         const PageRange& range,
                                         const Paging& paging) {
  if (fault == nullptr || fault->action != Action::kCapPages ||
      range.begin < range.end || paging.page == 0) {
    return std::nullopt;
  }
  if (fault->body.empty()) return TextResponse(fault->status, "");
  return TextResponse(200, fault->body);
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
  Paging paging = ReadPaging(request, options, 10);
  if (!paging.wrong.empty()) return PlatformError(400, paging.wrong);
  if (fault != nullptr && fault->action == Action::kCapPages) {
    paging.size = std::min<std::size_t>(paging.size,
                                        fault->bytes == 0 ? 2 : fault->bytes);
  }
  const std::string online = request.param("checkOnline").value_or("false");
  if (ToLower(online) != "true" && ToLower(online) != "false") {
    return PlatformError(400, "checkOnline must be true or false.");
  }
  const std::string tenant = ToLower(request.param("msTenantId").value_or(""));
  const EstateSnapshot data = estate.Snapshot();
  LeadList leads;
  for (const Lead& lead : data->leads) {
    if (tenant.empty() || ToLower(lead.tenant_id.value_or("")) == tenant) {
      leads.push_back(&lead);
    }
  }
  Reorder(fault, paging, ++shuffles_, leads);
  const PageRange range =
      FindPage(leads.size(), paging.page, paging.size, options, fault);
  if (auto end = BehindTheEnd(fault, range, paging)) return *std::move(end);
  const std::size_t serial = paging.page * paging.size;
  HttpResponse response;
  response.estate_version = data->version;
  response.body = [data, leads, range, serial, wrapped = options.wrapped,
                   fault = Share(fault)](const Sink& sink) {
    ArrayWriter writer(sink, wrapped ? "[[" : "[", fault.get());
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (leads[i] == nullptr) continue;
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
