#include "exporter/http_client/trust_store.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::http_client {
namespace {

std::string Authority(const std::string& name) {
  IdentityOptions options;
  options.name = name;
  options.authority = true;
  return MakeIdentity(options).CertificatePem();
}

TEST_CASE("authorities are read once for many connections") {
  const TempDir folder;
  TrustStore trust(folder.Write("ca.pem", Authority("one")));
  const auto first = trust.Get();
  const auto second = trust.Get();
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK(first->get() == second->get());
}

TEST_CASE("authorities are read again when their file has changed") {
  const TempDir folder;
  const std::string file = folder.Write("ca.pem", Authority("one"));
  TrustStore trust(file);
  const auto first = trust.Get();
  std::filesystem::rename(folder.Write("new.pem", Authority("two")), file);
  const auto second = trust.Get();
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK(first->get() != second->get());
}

TEST_CASE("a missing or broken file is no longer trusted") {
  const TempDir folder;
  const std::string file = folder.Write("ca.pem", Authority("one"));
  TrustStore trust(file);
  REQUIRE(trust.Get().ok());
  std::filesystem::rename(folder.Write("new.pem", "nothing"), file);
  REQUIRE_FALSE(trust.Get().ok());
  CHECK(trust.Get().error().find(file) != std::string::npos);
  std::filesystem::remove(file);
  REQUIRE_FALSE(trust.Get().ok());
  CHECK(trust.Get().error().find("No such file") != std::string::npos);
  folder.Write("ca.pem", Authority("three"));
  CHECK(trust.Get().ok());
}

}  // namespace
}  // namespace operator_connect::http_client
