#include "exporter/config/account.h"

#include <algorithm>
#include <limits>

#include "exporter/base/text.h"
#include "exporter/config/credentials.h"
#include "exporter/config/headers.h"
#include "exporter/config/prometheus_keys.h"
#include "exporter/config/proxy.h"
#include "exporter/config/tls.h"

namespace operator_connect::config {
namespace {

bool IsWord(std::string_view text, std::size_t longest,
            std::string_view punctuation) {
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return IsAlnum(c) || punctuation.find(c) != punctuation.npos;
         });
}

void ReadName(MapReader& reader, std::string& out) {
  if (!reader.Require("name", "a short name of the account, such as emea")) {
    return;
  }
  std::string name;
  if (!reader.ReadString("name", name)) return;
  if (IsWord(name, 64, "_.-")) {
    out = name;
    return;
  }
  reader.Report("name", Quoted(name) +
                            " cannot be a name; write 1 to 64 letters, "
                            "digits, _ . or -");
}

std::string CheckTenant(const std::string& id) {
  if (IsWord(id, 128, "-_")) return "";
  return Quoted(id) +
         " is no tenant id; write it as in tenant_id, such as "
         "11111111-2222-3333-4444-555555555555";
}

void ReadExcludedTenants(MapReader& reader, std::vector<std::string>& out) {
  reader.ReadStrings("exclude_tenants", out, CheckTenant);
  for (std::string& id : out) id = LowerCase(id);
}

constexpr int kMaxSeries = 10'000'000;

void ReadLeads(MapReader& reader, Leads& out) {
  reader.Read("page_size", out.page_size, 1, 20000);
  reader.Read("first_page", out.first_page, 0, 1000);
  reader.Read("check_online", out.check_online);
  reader.ReadWord("details", out.details,
                  {{"none", LeadDetails::kNone},
                   {"attention", LeadDetails::kAttention},
                   {"all", LeadDetails::kAll}});
  reader.Read("details_limit", out.details_limit, 0, kMaxSeries);
  reader.ReadDuration("removed_for", out.removed_for);
  reader.Read("company", out.company);
}

void ReadNumbers(MapReader& reader, Numbers& out) {
  reader.Read("enabled", out.enabled);
  reader.ReadWord("api", out.api,
                  {{"v2", NumbersApi::kV2}, {"v3", NumbersApi::kV3}});
  reader.Read("page_size", out.page_size, 1, 100000);
  reader.ReadStrings("exclude_statuses", out.exclude_statuses,
                     [](const std::string&) { return std::string(); });
  reader.ReadDuration("removed_tenants_interval", out.removed_tenants_interval);
  reader.Read("tenant_series", out.tenant_series);
  reader.Read("tenant_series_limit", out.tenant_series_limit, 0, kMaxSeries);
}

void ReadRequests(MapReader& reader, Account& out) {
  std::int64_t channel = 0;
  if (reader.Has("channel_id") &&
      reader.Read("channel_id", channel, std::int64_t{0},
                  std::numeric_limits<std::int64_t>::max())) {
    out.channel_id = channel;
  }
  reader.Read("concurrency", out.concurrency, 1, 1000);
  reader.ReadNumber("requests_per_second", out.requests_per_second, 0, 100000);
  if (reader.ReadDuration("request_timeout", out.request_timeout) &&
      out.request_timeout <= Duration::zero()) {
    reader.Report("request_timeout",
                  "must be longer than 0; write a duration such as 30s");
  }
  reader.ReadSize("max_response_bytes", out.max_response_bytes);
}

void ReadCredentials(MapReader& reader, Account& out) {
  const bool oauth2 = reader.Has("oauth2");
  const bool authorization = reader.Has("authorization");
  if (oauth2 && authorization) {
    reader.Report("authorization",
                  "is there beside oauth2; keep one of the two");
  } else if (!oauth2 && !authorization) {
    reader.Report("oauth2",
                  "is missing; write oauth2 with client_id, "
                  "client_secret_file and token_url, or authorization with "
                  "credentials_file");
  }
  reader.ReadMap("oauth2", [&](MapReader& map) {
    out.oauth2 = ReadOAuth2(map, out.allow_http);
  });
  reader.ReadMap("authorization", [&](MapReader& map) {
    out.authorization = ReadAuthorization(map);
  });
}

}  // namespace

Account ReadAccount(MapReader& reader) {
  Account out;
  ReadName(reader, out.name);
  reader.Read("allow_http", out.allow_http);
  if (reader.Require("base_url",
                     "the platform's address, such as "
                     "https://live.example.com/tenantui")) {
    ReadServerUrl(reader, "base_url", out.allow_http, true, out.base_url);
  }
  RefuseForeignClientKeys(reader);
  ReadCredentials(reader, out);
  reader.ReadMap("tls_config",
                 [&](MapReader& map) { out.tls_config = ReadTlsConfig(map); });
  out.proxy = ReadProxy(reader);
  out.http_headers = ReadHttpHeaders(reader);
  ReadRequests(reader, out);
  ReadExcludedTenants(reader, out.exclude_tenants);
  reader.ReadMap("leads", [&](MapReader& map) { ReadLeads(map, out.leads); });
  reader.ReadMap("numbers",
                 [&](MapReader& map) { ReadNumbers(map, out.numbers); });
  return out;
}

}  // namespace operator_connect::config
