#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/page.h"
#include "tests/simulator/platform.h"
#include "tests/simulator/truth_parts.h"

namespace operator_connect::simulator {

namespace {

Number InventNumber(std::size_t index, std::string tenant) {
  Number number;
  number.id = static_cast<std::int64_t>((1ULL << 52) + index);
  number.tenant_id = std::move(tenant);
  return number;
}

void WriteNumber(Number number, const Fault* fault, std::size_t index,
                 std::string& out) {
  if (fault != nullptr && fault->action == Action::kOtherTenant) {
    number.tenant_id = "99999999-9999-4999-8999-999999999999";
    number.raw_record.clear();
    number.raw_fields.erase("tenantId");
  }
  if (SpoilsRecords(fault)) {
    AppendSpoiltNumber(std::move(number), fault->spoil, index, out);
  } else {
    AppendNumber(number, out);
  }
}

// A tenant's part of the list of all numbers.
struct Part {
  TenantNumbers numbers;
  std::size_t begin = 0;
};

std::vector<Part> PartsOf(const EstateData& data, const std::string& tenant,
                          std::size_t& total) {
  std::vector<Part> parts;
  for (const auto& [id, numbers] : data.numbers) {
    if (!tenant.empty() && id != tenant) continue;
    parts.push_back({numbers, total});
    total += numbers.size();
  }
  return parts;
}

bool WriteParts(const std::vector<Part>& parts, const PageRange& range,
                const Fault* fault, ArrayWriter& writer) {
  for (const Part& part : parts) {
    const std::size_t end =
        std::min(range.end, part.begin + part.numbers.size());
    for (std::size_t i = std::max(range.begin, part.begin); i < end; ++i) {
      WriteNumber(part.numbers.at(i - part.begin), fault, i, writer.Next());
      if (!writer.Flush()) return false;
    }
  }
  return true;
}

std::optional<HttpResponse> CheckChannel(const HttpRequest& request,
                                         std::optional<std::int64_t>& channel) {
  const std::string header(request.header("x-ovoc-channel-id"));
  if (header.empty()) return std::nullopt;
  channel = ParseInteger(header);
  if (channel) return std::nullopt;
  return PlatformError(400, "X-Ovoc-Channel-Id must be an integer.");
}

}  // namespace

HttpResponse Platform::Impl::NumbersV2(const HttpRequest& request,
                                       const Fault* fault) {
  if (!Authorised(request)) return PlatformError(401, "No valid token.");
  const std::string tenant = ToLower(request.param("msTenantId").value_or(""));
  if (tenant.empty()) return PlatformError(400, "msTenantId is required.");
  std::optional<std::int64_t> channel;
  if (auto wrong = CheckChannel(request, channel)) return *std::move(wrong);
  const EstateSnapshot data = estate.Snapshot();
  std::size_t total = 0;
  std::vector<Part> parts;
  if (!channel || ChannelSees(*data, *channel, tenant)) {
    parts = PartsOf(*data, tenant, total);
  }
  HttpResponse response;
  response.estate_version = data->version;
  response.body = [parts, total, fault = Share(fault)](const Sink& sink) {
    ArrayWriter writer(sink, "[", fault.get());
    return WriteParts(parts, {0, total, 0}, fault.get(), writer) &&
           writer.Finish("]");
  };
  return response;
}

HttpResponse Platform::Impl::NumbersV3(const HttpRequest& request,
                                       const Fault* fault) {
  if (!Authorised(request)) return PlatformError(401, "No valid token.");
  const PlatformOptions options = this->options();
  const std::string tenant = ToLower(request.param("msTenantId").value_or(""));
  if (tenant.empty() && options.v3_demands_tenant) {
    return PlatformError(400, "msTenantId is required.");
  }
  const Paging paging = ReadPaging(request, options, 200);
  if (!paging.wrong.empty()) return PlatformError(400, paging.wrong);
  std::optional<std::int64_t> channel;
  if (auto wrong = CheckChannel(request, channel)) return *std::move(wrong);
  const EstateSnapshot data = estate.Snapshot();
  std::size_t total = 0;
  std::vector<Part> parts;
  if (channel && tenant.empty()) {
    for (const auto& [id, numbers] : data->numbers) {
      if (!ChannelSees(*data, *channel, id)) continue;
      parts.push_back({numbers, total});
      total += numbers.size();
    }
  } else if (!channel || ChannelSees(*data, *channel, tenant)) {
    parts = PartsOf(*data, tenant, total);
  }
  const PageRange range =
      FindPage(total, paging.page, paging.size, options, fault);
  const std::size_t pages = (total + paging.size - 1) / paging.size;
  std::string opening = R"({"currentPage":)" + std::to_string(paging.page + 1) +
                        R"(,"pageSize":)" + std::to_string(paging.size) +
                        R"(,"totalPages":)" + std::to_string(pages) +
                        R"(,"totalRecords":)" + std::to_string(total) +
                        R"(,"data":[)";
  const std::size_t serial = paging.page * paging.size;
  HttpResponse response;
  response.estate_version = data->version;
  response.body = [parts, range, serial, opening, tenant,
                   fault = Share(fault)](const Sink& sink) {
    ArrayWriter writer(sink, opening, fault.get());
    if (!WriteParts(parts, range, fault.get(), writer)) return false;
    for (std::size_t i = 0; i < range.invented; ++i) {
      AppendNumber(InventNumber(serial + i, tenant), writer.Next());
      if (!writer.Flush()) return false;
    }
    return writer.Finish("]}");
  };
  return response;
}

}  // namespace operator_connect::simulator
