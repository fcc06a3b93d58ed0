#include "exporter/config/credentials.h"

#include <algorithm>

#include "exporter/base/text.h"
#include "exporter/config/prometheus_keys.h"
#include "exporter/config/proxy.h"
#include "exporter/config/tls.h"
#include "exporter/config/url.h"

namespace operator_connect::config {
namespace {

// Refuses fields of the token request that have a key of their own. grant_type
// can be overridden.
std::string CheckParameter(const std::string& name, bool has_scopes) {
  if (name == "scope" && has_scopes) {
    return "is what oauth2.scopes gives; keep one of the two";
  }
  if (name == "client_id" || name == "client_secret") {
    return "has a key of its own; write it as oauth2." + name;
  }
  if (name == "client_assertion" || name == "client_assertion_type") {
    return "is made by the exporter; write oauth2.client_assertion_file, or "
           "oauth2.client_certificate_file and "
           "oauth2.client_certificate_key_file";
  }
  return "";
}

// Checks RFC 6749's scope-token. The message does not repeat the value.
std::string CheckScope(const std::string& scope) {
  const bool fine =
      !scope.empty() && std::all_of(scope.begin(), scope.end(), [](char c) {
        return c > 0x20 && c < 0x7F && c != '"' && c != '\\';
      });
  return fine ? ""
              : "is no scope; write one for each entry, without spaces, such "
                "as api://<application id>/.default";
}

// Reads a secret that is written at `key` or is in the file at `key`_file.
// Reports faults, but not that both are missing.
void ReadSecret(MapReader& reader, const std::string& key, Secret& out) {
  const std::string file_key = key + "_file";
  if (reader.Has(key) && reader.Has(file_key)) {
    reader.Report(file_key, "is there beside " + key + "; keep one of the two");
  }
  if (reader.ReadString(key, out.value) && reader.Has(key) &&
      out.value.empty()) {
    reader.Report(key, "must not be empty; write it, or " + file_key);
  }
  reader.ReadSecretPath(file_key, out.file);
}

// Reads the certificate and the key that sign client assertions.
void ReadSigningPair(MapReader& reader, bool check, OAuth2& out) {
  constexpr PairKeys kKeys = {"client_certificate_file",
                              "client_certificate_key_file", true};
  std::string& cert = out.client_certificate_file;
  std::string& key = out.client_certificate_key_file;
  if (ReadCertificatePair(reader, kKeys, cert, key) && check) {
    CheckCertificatePair(reader, kKeys, cert, key);
  }
}

void ReadAlgorithm(MapReader& reader, bool certificate, OAuth2& out) {
  constexpr std::string_view kKey = "client_assertion_algorithm";
  if (!certificate && reader.Has(kKey)) {
    reader.Report(kKey,
                  "says how a certificate signs, and there is none; remove it, "
                  "or write client_certificate_file");
  }
  reader.ReadWord(kKey, out.client_assertion_algorithm,
                  {{"PS256", AssertionAlgorithm::kPs256},
                   {"RS256", AssertionAlgorithm::kRs256}});
}

void ReadClientCredential(MapReader& reader, OAuth2& out) {
  const bool secret =
      reader.Has("client_secret") || reader.Has("client_secret_file");
  const bool certificate = reader.Has("client_certificate_file") ||
                           reader.Has("client_certificate_key_file");
  const bool given = reader.Has("client_assertion_file");
  if (secret) {
    out.client_secret.emplace();
    ReadSecret(reader, "client_secret", *out.client_secret);
  }
  if (certificate) ReadSigningPair(reader, !secret && !given, out);
  ReadAlgorithm(reader, certificate, out);
  reader.ReadSecretPath("client_assertion_file", out.client_assertion_file);
  if (secret && (certificate || given)) {
    reader.Report(
        certificate ? "client_certificate_file" : "client_assertion_file",
        "is there beside a client secret; keep one of the two");
  } else if (certificate && given) {
    reader.Report("client_assertion_file",
                  "is there beside a certificate; keep one of the two");
  } else if (!secret && !certificate && !given) {
    reader.Report("client_secret_file",
                  "is missing; write it, or client_secret, or "
                  "client_certificate_file and client_certificate_key_file, "
                  "or client_assertion_file");
  }
}

// Returns the fault of a server's URL; empty: there is none. Never repeats the
// URL: it may hold a password.
std::string CheckServerUrl(const std::optional<Url>& url, bool allow_http,
                           bool is_base) {
  const std::string such = "such as https://live.example.com/tenantui";
  if (!url) return "is no URL; write one " + such;
  if (url->scheme != "https" && url->scheme != "http") {
    return "must begin with https://; write a URL " + such;
  }
  if (url->user_info) {
    return "must not hold a user name or password; write them under oauth2 or "
           "authorization";
  }
  // Some token endpoints select a policy by a query.
  if ((url->query && is_base) || url->fragment) {
    return "must not hold ? or #; write only scheme, host and path, " + such;
  }
  if (url->scheme == "http" && !allow_http && !IsLoopback(url->host)) {
    return "must not be plain http, which shows the token to the network; "
           "write https://, or allow_http: true in the account";
  }
  return "";
}

// Follows Prometheus: trims white space, takes an empty type as Bearer, and
// refuses Basic, since credentials are no user name and password.
void ReadScheme(MapReader& reader, std::string& out) {
  std::string text;
  if (!reader.ReadString("type", text)) return;
  const std::string type(TrimWhitespace(text));
  if (type.empty()) return;
  if (EqualIgnoringCase(type, "Basic")) {
    reader.Report("type",
                  "must not be Basic, the platform takes no user name and "
                  "password; write Bearer, or oauth2 in place of "
                  "authorization");
  } else if (!IsHttpToken(type)) {
    reader.Report("type", "must be one word; write Bearer");
  } else {
    out = type;
  }
}

}  // namespace

bool ReadServerUrl(MapReader& reader, std::string_view key, bool allow_http,
                   bool is_base, std::string& out) {
  std::string text;
  if (!reader.Has(key)) return true;
  if (!reader.ReadString(key, text)) return false;
  std::string wrong = CheckServerUrl(ParseUrl(text), allow_http, is_base);
  if (!wrong.empty()) {
    reader.Report(key, std::move(wrong));
    return false;
  }
  while (is_base && text.back() == '/') text.pop_back();
  out = std::move(text);
  return true;
}

OAuth2 ReadOAuth2(MapReader& reader, bool allow_http) {
  OAuth2 out;
  RefuseForeignOAuth2Keys(reader);
  if (reader.Require("client_id", "the application's id at Entra ID")) {
    reader.ReadString("client_id", out.client_id);
  }
  ReadClientCredential(reader, out);
  if (reader.Require("token_url",
                     "the token endpoint, such as "
                     "https://login.microsoftonline.com/<tenant>/oauth2/v2.0/"
                     "token")) {
    ReadServerUrl(reader, "token_url", allow_http, false, out.token_url);
  }
  reader.ReadStrings("scopes", out.scopes, CheckScope);
  reader.ReadStringMap("endpoint_params", out.endpoint_params,
                       [&](const std::string& name, const std::string&) {
                         return CheckParameter(name, !out.scopes.empty());
                       });
  reader.ReadMap("tls_config",
                 [&](MapReader& map) { out.tls_config = ReadTlsConfig(map); });
  out.proxy = ReadProxy(reader);
  return out;
}

Authorization ReadAuthorization(MapReader& reader) {
  Authorization out;
  RefuseForeignAuthorizationKeys(reader);
  ReadScheme(reader, out.type);
  ReadSecret(reader, "credentials", out.credentials);
  if (!reader.Has("credentials") && !reader.Has("credentials_file")) {
    reader.Report("credentials_file", "is missing; write it, or credentials");
  }
  return out;
}

}  // namespace operator_connect::config
