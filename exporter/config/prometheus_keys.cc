#include "exporter/config/prometheus_keys.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace operator_connect::config {
namespace {

// Refuses keys that name a secret in a secret store.
void RefuseReferences(MapReader& reader,
                      std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const std::string key(name);
    reader.Refuse(key + "_ref",
                  "names a secret in a store, and there is none here; write " +
                      key + "_file");
  }
}

}  // namespace

void RefuseForeignClientKeys(MapReader& account) {
  account.Refuse("basic_auth",
                 "is not taken by the platform; write oauth2 with client_id, "
                 "client_secret_file and token_url, or authorization with "
                 "credentials_file");
  account.Refuse("bearer_token",
                 "is an old name; write authorization: {credentials: …}");
  account.Refuse("bearer_token_file",
                 "is an old name; write authorization: {credentials_file: …}");
  for (const char* key : {"azuread", "google_iam", "sigv4"}) {
    account.Refuse(key,
                   "is for another service; write oauth2 with client_id, "
                   "client_secret_file and token_url");
  }
  account.RefuseAllBut("follow_redirects", "false",
                       "must be false, since a redirect could take the token "
                       "to another server; remove it, and write the address "
                       "that the redirect names as base_url");
  account.RefuseAllBut("enable_http2", "false",
                       "must be false, since only HTTP/1.1 is spoken; write "
                       "false, or remove it");
}

void RefuseForeignOAuth2Keys(MapReader& oauth2) {
  if (!oauth2.Has("client_certificate_file")) {
    constexpr std::string_view kGrant =
        "belongs to Prometheus' JWT bearer grant, which is not spoken here; "
        "write client_certificate_file and client_certificate_key_file, which "
        "sign a client assertion";
    oauth2.Refuse("client_certificate_key_file", std::string(kGrant));
  }
  for (const char* key : {"client_certificate_key", "client_certificate_key_id",
                          "client_certificate_key_ref"}) {
    oauth2.Refuse(key,
                  "is not taken; write client_certificate_file and "
                  "client_certificate_key_file");
  }
  oauth2.RefuseAllBut("grant_type", "client_credentials",
                      "must be client_credentials; remove it, or write another "
                      "one as endpoint_params: {grant_type: …}");
  oauth2.Refuse("signature_algorithm",
                "is not taken; write client_assertion_algorithm, PS256 or "
                "RS256");
  for (const char* key : {"iss", "audience", "claims"}) {
    oauth2.Refuse(key,
                  "is not taken, since the claims of an assertion follow from "
                  "client_id and token_url; remove it, or write "
                  "client_assertion_file with an assertion of your own");
  }
  RefuseReferences(oauth2, {"client_secret"});
}

void RefuseForeignAuthorizationKeys(MapReader& authorization) {
  RefuseReferences(authorization, {"credentials"});
}

void RefuseForeignTlsKeys(MapReader& tls_config) {
  RefuseReferences(tls_config, {"ca", "cert", "key"});
}

}  // namespace operator_connect::config
