#include "exporter/config/show.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "exporter/base/duration.h"
#include "exporter/base/text.h"
#include "exporter/base/utf8.h"
#include "exporter/config/url.h"

namespace operator_connect::config {
namespace {

constexpr std::string_view kSecret = "<secret>";

// Whether `text` keeps its meaning without quotes, as words, paths and URLs do.
bool IsSafePlain(std::string_view text) {
  if (text.empty() || text.back() == ':') return false;
  if (!IsAlpha(text.front()) && text.front() != '/') return false;
  constexpr std::string_view kSafe = "_-./:";
  const bool fine = std::all_of(text.begin(), text.end(), [&](char c) {
    return IsAlnum(c) || kSafe.find(c) != kSafe.npos;
  });
  // YAML 1.1 reads these as booleans and null.
  const auto words = {"true", "false", "null", "yes", "no",
                      "on",   "off",   "y",    "n"};
  return fine &&
         std::none_of(words.begin(), words.end(), [&](const char* word) {
           return EqualIgnoringCase(text, word);
         });
}

std::string Text(std::string_view text) {
  if (text == kSecret || IsSafePlain(text)) return std::string(text);
  std::string out = "\"";
  for (const char c : SanitizeUtf8(text)) {
    if (c == '"' || c == '\\') out += '\\';
    // The loader refuses all other control characters.
    if (c == '\n' || c == '\r' || c == '\t') {
      out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string List(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ", ";
    out += Text(text);
  }
  return out + "]";
}

std::string Number(double number) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
  return std::string(buffer, end.ptr);
}

// Writes lines of "key: value", nested by indentation.
class Writer {
 public:
  void Raw(std::string_view key, const std::string& value) {
    for (int i = 0; i < depth_; ++i)
      out_ += i + 1 == depth_ && dash_ ? "- " : "  ";
    dash_ = false;
    out_ += key;
    out_ += ':';
    if (!value.empty()) out_ += " " + value;
    out_ += '\n';
  }
  void String(std::string_view key, std::string_view text) {
    Raw(key, Text(text));
  }
  // Skips unset values; null would mean the same.
  void Optional(std::string_view key, std::string_view text) {
    if (!text.empty()) String(key, text);
  }
  void Bool(std::string_view key, bool value) {
    Raw(key, value ? "true" : "false");
  }
  void Open(std::string_view key) {
    Raw(key, "");
    ++depth_;
  }
  // Lets the next line begin an entry of a list.
  void Entry() { dash_ = true; }
  void Close() { --depth_; }
  std::string Take() && { return std::move(out_); }

 private:
  int depth_ = 0;
  bool dash_ = false;
  std::string out_;
};

void WriteTimes(Writer& out, std::string_view key,
                const CollectionTimes& times) {
  out.Open(key);
  out.Raw("min_interval", FormatDuration(times.min_interval));
  out.Raw("max_age", FormatDuration(times.max_age));
  out.Raw("timeout", FormatDuration(times.timeout));
  out.Close();
}

const char* Version(TlsVersion version) {
  switch (version) {
    case TlsVersion::kTls10:
      return "TLS10";
    case TlsVersion::kTls11:
      return "TLS11";
    case TlsVersion::kTls12:
      return "TLS12";
    case TlsVersion::kTls13:
      return "TLS13";
  }
  return "";
}

// Hides all values: any of them may be a credential for a gateway.
void WriteHeaders(Writer& out, std::string_view key, const Headers& headers) {
  if (headers.empty()) return;
  out.Open(key);
  for (const auto& [name, from] : headers) {
    const auto hidden = [](const std::vector<std::string>& values) {
      return List(
          std::vector<std::string>(values.size(), std::string(kSecret)));
    };
    out.Open(Text(name));
    if (!from.values.empty()) out.Raw("values", hidden(from.values));
    if (!from.secrets.empty()) out.Raw("secrets", hidden(from.secrets));
    if (!from.files.empty()) out.Raw("files", List(from.files));
    out.Close();
  }
  out.Close();
}

void WriteProxy(Writer& out, const Proxy& proxy) {
  if (proxy.from_environment) {
    out.Bool("proxy_from_environment", true);
  } else {
    out.Optional("proxy_url", HideUserInfo(proxy.url));
    out.Optional("no_proxy", proxy.no_proxy);
  }
  WriteHeaders(out, "proxy_connect_header", proxy.connect_headers);
}

void WriteTls(Writer& out, const TlsConfig& tls) {
  out.Open("tls_config");
  out.Optional("ca_file", tls.ca_file);
  out.Optional("ca", tls.ca);
  out.Optional("cert_file", tls.cert_file);
  out.Optional("cert", tls.cert);
  out.Optional("key_file", tls.key_file);
  if (!tls.key.empty()) out.String("key", kSecret);
  out.Optional("server_name", tls.server_name);
  out.Bool("insecure_skip_verify", tls.insecure_skip_verify);
  out.Raw("min_version", Version(tls.min_version));
  out.Raw("max_version", Version(tls.max_version));
  out.Close();
}

void WriteSecret(Writer& out, const std::string& key, const Secret& secret) {
  if (!secret.value.empty()) out.String(key, kSecret);
  out.Optional(key + "_file", secret.file);
}

void WriteOAuth2(Writer& out, const OAuth2& oauth2) {
  out.Open("oauth2");
  out.String("client_id", oauth2.client_id);
  if (oauth2.client_secret) {
    WriteSecret(out, "client_secret", *oauth2.client_secret);
  }
  if (!oauth2.client_certificate_file.empty()) {
    out.String("client_certificate_file", oauth2.client_certificate_file);
    out.String("client_certificate_key_file",
               oauth2.client_certificate_key_file);
    out.Raw("client_assertion_algorithm",
            oauth2.client_assertion_algorithm == AssertionAlgorithm::kPs256
                ? "PS256"
                : "RS256");
  }
  out.Optional("client_assertion_file", oauth2.client_assertion_file);
  out.String("token_url", HideUserInfo(oauth2.token_url));
  out.Raw("scopes", List(oauth2.scopes));
  if (oauth2.endpoint_params.empty()) {
    out.Raw("endpoint_params", "{}");
  } else {
    out.Open("endpoint_params");
    for (const auto& param : oauth2.endpoint_params) {
      out.String(Text(param.first), kSecret);
    }
    out.Close();
  }
  WriteTls(out, oauth2.tls_config);
  WriteProxy(out, oauth2.proxy);
  out.Close();
}

void WriteAuthorization(Writer& out, const Authorization& authorization) {
  out.Open("authorization");
  out.String("type", authorization.type);
  WriteSecret(out, "credentials", authorization.credentials);
  out.Close();
}

void WriteLeads(Writer& out, const Leads& leads) {
  out.Open("leads");
  out.Raw("page_size", std::to_string(leads.page_size));
  out.Raw("first_page", std::to_string(leads.first_page));
  out.Bool("check_online", leads.check_online);
  out.Raw("details", leads.details == LeadDetails::kNone        ? "none"
                     : leads.details == LeadDetails::kAttention ? "attention"
                                                                : "all");
  out.Raw("details_limit", std::to_string(leads.details_limit));
  out.Raw("removed_for", FormatDuration(leads.removed_for));
  out.Bool("company", leads.company);
  out.Close();
}

void WriteNumbers(Writer& out, const Numbers& numbers) {
  out.Open("numbers");
  out.Bool("enabled", numbers.enabled);
  out.Raw("api", numbers.api == NumbersApi::kV2 ? "v2" : "v3");
  out.Raw("page_size", std::to_string(numbers.page_size));
  out.Raw("exclude_statuses", List(numbers.exclude_statuses));
  out.Raw("removed_tenants_interval",
          FormatDuration(numbers.removed_tenants_interval));
  out.Bool("tenant_series", numbers.tenant_series);
  out.Raw("tenant_series_limit", std::to_string(numbers.tenant_series_limit));
  out.Close();
}

void WriteAccount(Writer& out, const Account& account) {
  out.Entry();
  out.String("name", account.name);
  out.String("base_url", HideUserInfo(account.base_url));
  out.Bool("allow_http", account.allow_http);
  if (account.oauth2) WriteOAuth2(out, *account.oauth2);
  if (account.authorization) WriteAuthorization(out, *account.authorization);
  WriteTls(out, account.tls_config);
  WriteProxy(out, account.proxy);
  WriteHeaders(out, "http_headers", account.http_headers);
  if (account.channel_id) {
    out.Raw("channel_id", std::to_string(*account.channel_id));
  }
  out.Raw("concurrency", std::to_string(account.concurrency));
  out.Raw("requests_per_second", Number(account.requests_per_second));
  out.Raw("request_timeout", FormatDuration(account.request_timeout));
  out.Raw("max_response_bytes", std::to_string(account.max_response_bytes));
  out.Raw("exclude_tenants", List(account.exclude_tenants));
  WriteLeads(out, account.leads);
  WriteNumbers(out, account.numbers);
}

}  // namespace

std::string ToYaml(const Config& config) {
  Writer out;
  out.Open("collection");
  WriteTimes(out, "leads", config.collection.leads);
  WriteTimes(out, "numbers", config.collection.numbers);
  out.Close();
  out.Open("history");
  out.Optional("path", config.history.path);
  out.Close();
  out.Open("accounts");
  for (const Account& account : config.accounts) WriteAccount(out, account);
  out.Close();
  return std::move(out).Take();
}

}  // namespace operator_connect::config
