// Authentication of the client at the token endpoint.

#include <doctest/doctest.h>

#include <string>

#include "tests/integration/fixture.h"
#include "tests/support/assertion.h"
#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::integration {
namespace {

using config::AssertionAlgorithm;

Identity MakeRsaIdentity() {
  IdentityOptions options;
  options.rsa = true;
  return MakeIdentity(options);
}

// A stack whose client authenticates with something else than a secret.
class IdentityStack : public CheckedStack {
 public:
  IdentityStack() { account().oauth2->client_secret.reset(); }

  void UseCertificate(const Identity& identity, AssertionAlgorithm algorithm) {
    config::OAuth2& oauth2 = *account().oauth2;
    oauth2.client_assertion_algorithm = algorithm;
    oauth2.client_certificate_file =
        dir_.Write("cert.pem", identity.CertificatePem());
    oauth2.client_certificate_key_file =
        dir_.Write("key.pem", identity.KeyPem());
  }
  void Register(const Identity& identity) {
    platform().Configure([&](simulator::PlatformOptions& options) {
      options.client_certificate = identity.CertificatePem();
    });
  }
  void Federate(const Identity& issuer) {
    platform().Configure([&](simulator::PlatformOptions& options) {
      options.federated_issuer = PodClaims().issuer;
      options.federated_subject = PodClaims().subject;
      options.federated_certificate = issuer.CertificatePem();
    });
  }
  void WriteAssertion(const std::string& assertion) {
    account().oauth2->client_assertion_file = dir_.Write("token", assertion);
  }
  std::string ScrapeOnce() {
    Start();
    return Scrape();
  }

 private:
  const TempDir dir_;
};

std::string PodToken(const Identity& issuer, const PodClaims& claims = {}) {
  return SignToken(R"({"alg":"RS256"})", claims.Json(), issuer.key.get());
}

TEST_CASE("a registered certificate authenticates, by either algorithm") {
  for (const auto algorithm :
       {AssertionAlgorithm::kPs256, AssertionAlgorithm::kRs256}) {
    const Identity identity = MakeRsaIdentity();
    IdentityStack stack;
    stack.UseCertificate(identity, algorithm);
    stack.Register(identity);
    CHECK(Value(stack.ScrapeOnce(), "operator_connect_up") == 1);
  }
}

TEST_CASE("a certificate that is not registered is reported by its key") {
  IdentityStack stack;
  stack.UseCertificate(MakeRsaIdentity(), AssertionAlgorithm::kPs256);
  stack.Register(MakeRsaIdentity());
  CHECK(Value(stack.ScrapeOnce(), "operator_connect_up") == 0);
  CHECK(stack.outlet.Text().find(
            "the signature by client_certificate_key_file is not accepted") !=
        std::string::npos);
}

TEST_CASE("an assertion of a federated issuer authenticates") {
  const Identity issuer = MakeRsaIdentity();
  IdentityStack stack;
  stack.Federate(issuer);
  stack.WriteAssertion(PodToken(issuer));
  CHECK(Value(stack.ScrapeOnce(), "operator_connect_up") == 1);
}

TEST_CASE("an assertion that does not fit is explained") {
  const Identity issuer = MakeRsaIdentity();
  IdentityStack stack;
  stack.Federate(issuer);
  PodClaims claims;
  std::string why;
  std::size_t sent = 1;
  SUBCASE("another issuer") {
    claims.issuer = "https://oidc.example.com/other/";
    why = "the issuer (iss) of the client assertion is in no federated";
  }
  SUBCASE("another subject") {
    claims.subject = "system:serviceaccount:default:default";
    why = "the subject (sub) of the client assertion is in no federated";
  }
  SUBCASE("another audience") {
    claims.audience = "https://kubernetes.default.svc";
    why = "the audience (aud) of the client assertion is in no federated";
  }
  SUBCASE("an expired one") {
    claims.seconds = -60;
    why = "has ended 1m";
    sent = 0;
  }
  stack.WriteAssertion(PodToken(issuer, claims));
  CHECK(Value(stack.ScrapeOnce(), "operator_connect_up") == 0);
  CAPTURE(stack.outlet.Text());
  CHECK(stack.outlet.Text().find(why) != std::string::npos);
  CHECK(stack.Requests(Match::Token()) == sent);
}

TEST_CASE("a renewed assertion is used without a reload") {
  const Identity issuer = MakeRsaIdentity();
  IdentityStack stack;
  stack.Federate(issuer);
  PodClaims ended;
  ended.seconds = -60;
  stack.WriteAssertion(PodToken(issuer, ended));
  CHECK(Value(stack.ScrapeOnce(), "operator_connect_up") == 0);
  stack.WriteAssertion(PodToken(issuer));
  stack.PassInterval();
  CHECK(Value(stack.Scrape(), "operator_connect_up") == 1);
}

}  // namespace
}  // namespace operator_connect::integration
