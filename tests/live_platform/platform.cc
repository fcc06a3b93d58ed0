#include "tests/live_platform/platform.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/live_platform/text.h"
#include "tests/live_platform/truth_parts.h"

namespace operator_connect::simulator {

namespace {

constexpr std::size_t kPiece = 32 << 10;

std::optional<std::int64_t> Integer(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

struct Paging {
  std::size_t page = 0;  // from 0
  std::size_t size = 0;
  std::string wrong;  // not empty: 400
};

Paging ReadPaging(const HttpRequest& request, const PlatformOptions& options,
                  std::int64_t default_size) {
  Paging paging;
  const auto number = Integer(
      request.param("PageNumber").value_or(std::to_string(options.first_page)));
  const auto size =
      Integer(request.param("PageSize").value_or(std::to_string(default_size)));
  if (!number || *number < options.first_page) {
    paging.wrong = "PageNumber must be an integer, from " +
                   std::to_string(options.first_page) + ".";
  } else if (!size || *size < 1 || *size > options.max_page_size) {
    paging.wrong = "PageSize must be between 1 and " +
                   std::to_string(options.max_page_size) + ".";
  } else {
    paging.page = static_cast<std::size_t>(*number - options.first_page);
    paging.size = static_cast<std::size_t>(*size);
    if (options.lower_page_size > 0) {
      paging.size = std::min(paging.size,
                             static_cast<std::size_t>(options.lower_page_size));
    }
  }
  return paging;
}

bool Spoils(const Fault* fault, Spoil spoil) {
  return fault != nullptr && fault->action == Action::kSpoil &&
         fault->spoil == spoil;
}

// Writes the elements of an array to a sink, in pieces of a good size.
class ArrayWriter {
 public:
  ArrayWriter(const Sink& sink, std::string opening, const Fault* fault)
      : sink_(sink), out_(std::move(opening)) {
    if (Spoils(fault, Spoil::kNonObjects)) {
      out_ += R"(null,17,"text",[])";
      first_ = false;
    }
  }
  // Where the next element is to be appended.
  std::string& Next() {
    if (!first_) out_ += ',';
    first_ = false;
    return out_;
  }
  bool Flush(std::size_t from = kPiece) {
    if (out_.size() < from) return true;
    const bool wanted = sink_(out_);
    out_.clear();
    return wanted;
  }
  bool Finish(std::string_view closing) {
    out_ += closing;
    return Flush(1);
  }

 private:
  const Sink& sink_;
  std::string out_;
  bool first_ = true;
};

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
  if (fault != nullptr && fault->action == Action::kSpoil &&
      fault->spoil != Spoil::kNonObjects) {
    AppendSpoiltNumber(std::move(number), fault->spoil, index, out);
  } else {
    AppendNumber(number, out);
  }
}

void WriteLead(const Lead& lead, const Fault* fault, std::size_t index,
               std::string& out) {
  if (fault != nullptr && fault->action == Action::kSpoil &&
      fault->spoil != Spoil::kNonObjects) {
    AppendSpoiltLead(lead, fault->spoil, index, out);
  } else {
    AppendLead(lead, out);
  }
}

std::shared_ptr<const Fault> Share(const Fault* fault) {
  return fault == nullptr ? nullptr : std::make_shared<const Fault>(*fault);
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
  channel = Integer(header);
  if (channel) return std::nullopt;
  return PlatformError(400, "X-Ovoc-Channel-Id must be an integer.");
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

PageRange FindPage(std::size_t total, std::size_t page, std::size_t size,
                   const PlatformOptions& options, const Fault* fault) {
  const Action action = fault == nullptr ? Action::kNone : fault->action;
  if (options.ignore_page_number) page = 0;
  if (action == Action::kRepeatPage && page > 0) --page;
  if (action == Action::kCyclePages) {
    page %= fault->bytes == 0 ? 2 : fault->bytes;
  }
  // Beyond any list, and short of an overflow.
  page = std::min(page, std::size_t{1} << 40);
  std::size_t begin = page * size;
  std::size_t end = begin + size;
  if (action == Action::kShiftRecord && page > 0) {
    --begin;
    --end;
  }
  PageRange range{std::min(begin, total), std::min(end, total), 0};
  if (action == Action::kEndlessPages) {
    range.invented = size - (range.end - range.begin);
  }
  return range;
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
