#include "exporter/oauth/client_assertion.h"

#include <doctest/doctest.h>
#include <openssl/rsa.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <vector>

#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::oauth {
namespace {

const WallTime kNow = WallTime(std::chrono::seconds(1700000000));

std::string Decode(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string out(text.size(), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  REQUIRE(size >= 0);
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

struct Scene {
  Scene() {
    IdentityOptions options;
    options.rsa = true;
    identity = MakeIdentity(options);
    oauth2.client_id = "client \"id\"";
    oauth2.token_url = "https://login.example.com/token";
    oauth2.client_certificate_file =
        folder.Write("cert.pem", identity.CertificatePem());
    oauth2.client_certificate_key_file =
        folder.Write("key.pem", identity.KeyPem());
  }
  http_client::Failure Fail() const {
    const auto assertion = MakeClientAssertion(oauth2, kNow);
    REQUIRE_FALSE(assertion.ok());
    return assertion.error();
  }

  TempDir folder;
  Identity identity;
  config::OAuth2 oauth2;
};

// The decoded parts of an assertion.
struct Parts {
  explicit Parts(const std::string& assertion) {
    const std::size_t first = assertion.find('.');
    const std::size_t second = assertion.rfind('.');
    REQUIRE(second > first);
    header.Parse(Decode(assertion.substr(0, first)).c_str());
    claims.Parse(
        Decode(assertion.substr(first + 1, second - first - 1)).c_str());
    text = assertion.substr(0, second);
    signature = Decode(assertion.substr(second + 1));
  }
  bool IsSignedBy(EVP_PKEY* key, bool pss) const {
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* padding = nullptr;
    EVP_DigestVerifyInit(context, &padding, EVP_sha256(), nullptr, key);
    if (pss) {
      EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST);
    }
    const int verified = EVP_DigestVerify(
        context, reinterpret_cast<const unsigned char*>(signature.data()),
        signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
        text.size());
    EVP_MD_CTX_free(context);
    return verified == 1;
  }

  rapidjson::Document header;
  rapidjson::Document claims;
  std::string text;
  std::string signature;
};

std::string Digest(const Identity& identity, const EVP_MD* kind) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  X509_digest(identity.certificate.get(), kind, digest, &size);
  return {reinterpret_cast<char*>(digest), size};
}

TEST_CASE("an assertion names issuer, audience and expiry") {
  const Scene scene;
  const auto assertion = MakeClientAssertion(scene.oauth2, kNow);
  REQUIRE(assertion.ok());
  const Parts parts(*assertion);
  CHECK(std::string(parts.claims["aud"].GetString()) == scene.oauth2.token_url);
  CHECK(std::string(parts.claims["iss"].GetString()) == scene.oauth2.client_id);
  CHECK(std::string(parts.claims["sub"].GetString()) == scene.oauth2.client_id);
  CHECK(parts.claims["nbf"].GetInt64() == 1700000000);
  CHECK(parts.claims["exp"].GetInt64() == 1700000600);
  CHECK(std::string(parts.claims["jti"].GetString()).size() == 36);
}

TEST_CASE("an assertion is signed with PS256 and has the SHA-256 thumbprint") {
  const Scene scene;
  const Parts parts(*MakeClientAssertion(scene.oauth2, kNow));
  CHECK(std::string(parts.header["alg"].GetString()) == "PS256");
  CHECK(std::string(parts.header["typ"].GetString()) == "JWT");
  CHECK(Decode(parts.header["x5t#S256"].GetString()) ==
        Digest(scene.identity, EVP_sha256()));
  CHECK_FALSE(parts.header.HasMember("x5t"));
  CHECK(parts.IsSignedBy(scene.identity.key.get(), true));
}

TEST_CASE("an assertion with RS256 has the SHA-1 thumbprint") {
  Scene scene;
  scene.oauth2.client_assertion_algorithm = config::AssertionAlgorithm::kRs256;
  const Parts parts(*MakeClientAssertion(scene.oauth2, kNow));
  CHECK(std::string(parts.header["alg"].GetString()) == "RS256");
  CHECK(Decode(parts.header["x5t"].GetString()) ==
        Digest(scene.identity, EVP_sha1()));
  CHECK_FALSE(parts.header.HasMember("x5t#S256"));
  CHECK(parts.IsSignedBy(scene.identity.key.get(), false));
}

TEST_CASE("no two assertions are equal") {
  const Scene scene;
  CHECK(*MakeClientAssertion(scene.oauth2, kNow) !=
        *MakeClientAssertion(scene.oauth2, kNow));
}

TEST_CASE("an unusable certificate or key is reported by its file") {
  Scene scene;
  std::string file;
  SUBCASE("no certificate file") {
    file = scene.oauth2.client_certificate_file = scene.folder / "none";
  }
  SUBCASE("no certificate in it") {
    file = scene.oauth2.client_certificate_file =
        scene.folder.Write("bad.pem", "nothing");
  }
  SUBCASE("no key in it") {
    file = scene.oauth2.client_certificate_key_file =
        scene.folder.Write("bad.pem", "nothing");
  }
  SUBCASE("the key of another certificate") {
    IdentityOptions options;
    options.rsa = true;
    file = scene.oauth2.client_certificate_key_file =
        scene.folder.Write("other.pem", MakeIdentity(options).KeyPem());
  }
  SUBCASE("a key that is not RSA") {
    file = scene.oauth2.client_certificate_key_file =
        scene.folder.Write("ec.pem", MakeIdentity({}).KeyPem());
  }
  const http_client::Failure failure = scene.Fail();
  CHECK(failure.kind == http_client::Failure::Kind::kCredentials);
  CHECK(failure.detail.find(file) != std::string::npos);
}

}  // namespace
}  // namespace operator_connect::oauth
