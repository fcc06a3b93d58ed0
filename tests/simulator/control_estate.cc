#include <cstdlib>
#include <string>
#include <utility>

#include "tests/simulator/control.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

// Leads use the platform's own JSON. A known id replaces the old lead.
HttpResponse ControlLeads(Platform& platform, const HttpRequest& request) {
  Estate& estate = platform.estate();
  if (request.method == "DELETE") {
    return estate.DeleteLead(Param(request, "id"))
               ? Okay()
               : TextResponse(404, R"({"error":"there is no such lead"})");
  }
  if (request.method == "GET") {
    std::string json = "[";
    const EstateSnapshot data = estate.Snapshot();
    for (const Lead& lead : data->leads) {
      if (json.size() > 1) json += ",\n";
      AppendLead(lead, json);
    }
    return Okay(json + "]");
  }
  if (const auto id = request.param("id")) {
    // Sets fields of one lead: ?id=…&status=Removed and the like.
    const bool found = estate.EditLead(*id, [&](Lead& lead) {
      if (auto value = request.param("status")) lead.status = *value;
      if (auto value = request.param("company")) lead.company = *value;
      if (auto value = request.param("umpCustomerGuid")) {
        lead.ump_customer_guid = *value;
      }
      if (auto value = request.param("lastModifiedOn")) {
        lead.last_modified_on = *value;
      }
      if (auto value = request.param("consentedOn")) {
        lead.consented_on = *value;
      }
    });
    return found ? Okay()
                 : TextResponse(404, R"({"error":"there is no such lead"})");
  }
  Estate added;
  const auto loaded = added.LoadLeads(request.body);
  if (!loaded.ok()) return Wrong(loaded.error());
  const EstateSnapshot data = added.Snapshot();
  for (const Lead& lead : data->leads) {
    if (!lead.id || !estate.EditLead(*lead.id, [&](Lead& old) {
          old = lead;
          old.raw_record = lead.raw_record + " ";  // counts as an edit
        })) {
      estate.AddLead(lead);
    }
  }
  return Okay();
}

HttpResponse ControlNumbers(Platform& platform, const HttpRequest& request) {
  Estate& estate = platform.estate();
  const std::string tenant = Param(request, "tenant_id");
  if (request.method == "GET") {
    std::string json = "{";
    const EstateSnapshot data = estate.Snapshot();
    for (const auto& [id, numbers] : data->numbers) {
      json += JsonString(id) + ":" + std::to_string(numbers.size()) + ",\n";
    }
    if (json.size() > 1) json.resize(json.size() - 2);
    return Okay(json + "}");
  }
  // In one step: no request may see the tenant without numbers.
  if (const auto count = request.param("count")) {
    if (tenant.empty()) return Wrong("tenant_id is missing");
    estate.SetNumbers(
        tenant,
        TenantNumbers::Generated(
            std::strtoull(Param(request, "seed", "1").c_str(), nullptr, 10),
            tenant, std::strtoull(count->c_str(), nullptr, 10)));
    return Okay();
  }
  if (!tenant.empty()) estate.SetNumbers(tenant, {});
  if (request.method == "DELETE") return Okay();
  const auto loaded = estate.LoadNumbers(request.body);
  return loaded.ok() ? Okay() : Wrong(loaded.error());
}

HttpResponse ControlOptions(Platform& platform, const HttpRequest& request) {
  platform.Configure([&](PlatformOptions& options) {
    const auto number = [&](const char* name, int& value) {
      if (auto text = request.param(name)) value = std::atoi(text->c_str());
    };
    const auto flag = [&](const char* name, bool& value) {
      if (auto text = request.param(name)) value = *text == "true";
    };
    const auto text = [&](const char* name, std::string& value) {
      value = Param(request, name, value.c_str());
    };
    number("expires_in", options.expires_in);
    number("first_page", options.first_page);
    number("max_page_size", options.max_page_size);
    number("lower_page_size", options.lower_page_size);
    flag("ignore_page_number", options.ignore_page_number);
    flag("wrapped", options.wrapped);
    flag("v3_demands_tenant", options.v3_demands_tenant);
    flag("gzip", options.gzip);
    text("client_secret", options.client_secret);
    const std::string framing = Param(request, "framing");
    if (framing == "chunked") options.framing = Framing::kChunked;
    if (framing == "content_length") options.framing = Framing::kContentLength;
    if (framing == "close") options.framing = Framing::kClose;
  });
  return Okay();
}

}  // namespace operator_connect::simulator
