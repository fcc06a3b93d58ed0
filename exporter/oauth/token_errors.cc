#include "exporter/oauth/token_errors.h"

#include <algorithm>
#include <iterator>

namespace operator_connect::oauth {
namespace {

struct Meaning {
  std::string_view code;
  std::string_view text;
};

// Codes that the client credentials grant can produce.
// https://login.microsoftonline.com/error explains more.
constexpr Meaning kAadsts[] = {
    {"7000215",
     "the client secret is wrong: it must be the secret's value, not its id"},
    {"7000222",
     "the client secret has expired: make a new one in the app registration"},
    {"7000216", "no client secret or certificate was sent"},
    {"7000218", "no client secret or certificate was sent"},
    {"7000229",
     "the application has no service principal in the tenant of token_url: an "
     "administrator of that tenant must consent to it"},
    {"700016",
     "the tenant in token_url knows no application with this client_id"},
    {"7000112", "the application is disabled"},
    {"7000114", "the application may not ask for tokens on its own"},
    {"70001", "the application is not known, or is disabled, in this tenant"},
    {"700027",
     "the signature by client_certificate_key_file is not accepted: is the "
     "certificate uploaded to the app registration, and not expired?"},
    {"700021", "the client assertion is not accepted"},
    {"70021",
     "no federated credential of the app registration fits the client "
     "assertion"},
    {"700211",
     "the issuer (iss) of the client assertion is in no federated credential "
     "of "
     "the app registration: write the cluster's OIDC issuer there"},
    {"700212",
     "the audience (aud) of the client assertion is in no federated credential "
     "of the app registration: it is api://AzureADTokenExchange"},
    {"700213",
     "the subject (sub) of the client assertion is in no federated credential "
     "of the app registration: write "
     "system:serviceaccount:<namespace>:<service account> there"},
    {"700024",
     "the client assertion is not within its time: is this machine's clock "
     "right, and a file of assertions renewed?"},
    {"700030", "the client certificate is not valid"},
    {"7000214", "the client certificate has been revoked"},
    {"1000502", "the client certificate is not within its valid time"},
    {"50012", "the client certificate or the assertion's signature is invalid"},
    {"50013", "the client assertion is invalid"},
    {"50027", "the client assertion is invalid"},
    {"50001", "the application in scopes is not known in this tenant"},
    {"500011",
     "the application in scopes is not known in this tenant: check the id in "
     "api://<id>/.default, and that the tenant has consented to it"},
    {"50034", "the account does not exist in this tenant"},
    {"50049", "the cloud instance in token_url is not known"},
    {"500014", "the application in scopes is disabled in this tenant"},
    {"501051",
     "the application has no role for the one in scopes: assign it one"},
    {"50059",
     "no tenant is named: token_url must be https://login.microsoftonline.com/"
     "<tenant id>/oauth2/v2.0/token"},
    {"50194",
     "the application is of one tenant, and token_url names common: write the "
     "tenant's id in its place"},
    {"901002",
     "the field resource is not accepted: take it out of endpoint_params, "
     "scopes says the same"},
    {"9002313",
     "the request is malformed: check token_url, scopes and endpoint_params"},
    {"50105",
     "the application has no role for the one in scopes: assign it one"},
    {"50196", "too many requests for tokens in too short a time"},
    {"53003", "a conditional access policy blocks the application"},
    {"530032", "a security policy of the tenant blocks the application"},
    {"530035", "security defaults or a policy block the application"},
    {"65001",
     "consent is missing: an administrator must grant the permissions"},
    {"65002", "consent is missing: the owner of the API must grant it"},
    {"70002", "the client secret is wrong or missing"},
    {"70003", "the token endpoint does not offer client credentials"},
    {"70011", "scopes is not valid: it must be api://<id>/.default"},
    {"1002012", "scopes must end in /.default"},
    {"28002", "scopes is not valid"},
    {"28003", "scopes is empty"},
    {"700022", "scopes names more than one application"},
    {"700023", "scopes is not valid: it must be api://<id>/.default"},
    {"90002", "the tenant in token_url does not exist"},
    {"90013", "the request is invalid"},
    {"90014", "a field that is needed is missing"},
    {"90019", "there is no tenant in token_url"},
    {"900021", "the tenant id in token_url is not valid"},
    {"900023",
     "the tenant in token_url is neither a tenant id nor a domain name"},
    {"90038", "the tenant belongs to another national cloud than token_url"},
    {"900144", "a field that is needed is missing"},
    {"900382", "the application may not be used in this cloud"},
    {"900432", "the application may not be used in this cloud"},
    {"90033", "the token service is not available for the moment"},
    {"90055", "too many requests for tokens"},
};

constexpr Meaning kOAuth[] = {
    {"invalid_request", "the token endpoint does not accept the request"},
    {"invalid_client", "client_id, or its secret or certificate, is wrong"},
    {"invalid_grant", "the token endpoint does not accept the credentials"},
    {"unauthorized_client",
     "the application may not use the client credentials grant"},
    {"unsupported_grant_type",
     "the token endpoint does not offer client credentials"},
    {"invalid_scope", "scopes is not valid"},
    {"invalid_resource", "the application in scopes is not known"},
    {"temporarily_unavailable",
     "the token endpoint is not available for the moment"},
};

template <std::size_t N>
std::string_view Find(const Meaning (&meanings)[N], std::string_view code) {
  const auto* const found =
      std::find_if(std::begin(meanings), std::end(meanings),
                   [code](const Meaning& m) { return m.code == code; });
  return found == std::end(meanings) ? std::string_view() : found->text;
}

}  // namespace

std::string_view ExplainAadsts(std::string_view number) {
  return Find(kAadsts, number);
}

std::string_view ExplainOAuthError(std::string_view error) {
  return Find(kOAuth, error);
}

}  // namespace operator_connect::oauth
