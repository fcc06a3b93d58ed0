#include "exporter/oauth/client_assertion.h"

#include <doctest/doctest.h>
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

TEST_CASE("an assertion says who, for whom and until when, and is signed") {
  const Scene scene;
  const auto assertion = MakeClientAssertion(scene.oauth2, kNow);
  REQUIRE(assertion.ok());
  const std::size_t first = assertion->find('.');
  const std::size_t second = assertion->rfind('.');
  REQUIRE(second > first);

  rapidjson::Document header;
  header.Parse(Decode(assertion->substr(0, first)).c_str());
  CHECK(std::string(header["alg"].GetString()) == "RS256");
  CHECK(std::string(header["typ"].GetString()) == "JWT");
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  X509_digest(scene.identity.certificate.get(), EVP_sha1(), digest, &size);
  CHECK(Decode(header["x5t"].GetString()) ==
        std::string(reinterpret_cast<char*>(digest), size));
  X509_digest(scene.identity.certificate.get(), EVP_sha256(), digest, &size);
  CHECK(Decode(header["x5t#S256"].GetString()) ==
        std::string(reinterpret_cast<char*>(digest), size));

  rapidjson::Document claims;
  claims.Parse(
      Decode(assertion->substr(first + 1, second - first - 1)).c_str());
  CHECK(std::string(claims["aud"].GetString()) == scene.oauth2.token_url);
  CHECK(std::string(claims["iss"].GetString()) == scene.oauth2.client_id);
  CHECK(std::string(claims["sub"].GetString()) == scene.oauth2.client_id);
  CHECK(claims["nbf"].GetInt64() == 1700000000);
  CHECK(claims["exp"].GetInt64() == 1700000600);
  CHECK(std::string(claims["jti"].GetString()).size() == 36);

  const std::string signature = Decode(assertion->substr(second + 1));
  const std::string text = assertion->substr(0, second);
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr,
                       scene.identity.key.get());
  CHECK(EVP_DigestVerify(
            context, reinterpret_cast<const unsigned char*>(signature.data()),
            signature.size(),
            reinterpret_cast<const unsigned char*>(text.data()),
            text.size()) == 1);
  EVP_MD_CTX_free(context);
}

TEST_CASE("no two assertions are alike") {
  const Scene scene;
  CHECK(*MakeClientAssertion(scene.oauth2, kNow) !=
        *MakeClientAssertion(scene.oauth2, kNow));
}

TEST_CASE("a certificate or key that cannot be used is told by its file") {
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
