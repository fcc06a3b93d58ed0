#include "exporter/oauth/given_assertion.h"

#include <doctest/doctest.h>

#include "tests/support/assertion.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::oauth {
namespace {

const WallTime kNow = WallTime(std::chrono::seconds(1700000000));

// Unsigned: the client ignores the signature.
std::string Token(const std::string& claims) {
  return ToBase64Url(R"({"alg":"RS256"})") + "." + ToBase64Url(claims) +
         ".c2ln";
}

std::string Said(const std::string& file) {
  const auto assertion = ReadGivenAssertion(file, kNow);
  if (assertion.ok()) return "ok";
  CHECK(assertion.error().kind == http_client::Failure::Kind::kCredentials);
  CHECK(assertion.error().lasting);
  CHECK(assertion.error().detail.find("the client assertion in " + file) == 0);
  return assertion.error().detail.substr(25 + file.size());
}

TEST_CASE("an assertion is read at each use and trimmed") {
  TempFile file("\n " + Token(R"({"exp":1700000001})") + "\r\n");
  CHECK(*ReadGivenAssertion(file.path(), kNow) ==
        Token(R"({"exp":1700000001})"));
  file.Write(Token(R"({"exp":1700003600.5,"sub":"next"})"));
  CHECK(*ReadGivenAssertion(file.path(), kNow) ==
        Token(R"({"exp":1700003600.5,"sub":"next"})"));
}

TEST_CASE("an assertion without an expiry is sent unchanged") {
  CHECK(Said(TempFile(Token("{}")).path()) == "ok");
  CHECK(Said(TempFile(Token(R"({"exp":"soon"})")).path()) == "ok");
}

TEST_CASE("an expired assertion is reported with its age") {
  CHECK(
      Said(TempFile(Token(R"({"exp":1700000000})")).path())
          .find(
              "has ended 0s ago: is the program still there that renews it") ==
      0);
  CHECK(Said(TempFile(Token(R"({"exp":1699996400})")).path())
            .find("has ended 1h ago") == 0);
  CHECK(Said(TempFile(Token(R"({"exp":-1e300})")).path()).find("has ended ") ==
        0);
}

TEST_CASE("a file without an assertion is reported with the fault") {
  CHECK(Said("/none/token")
            .find("cannot be used: no such file; "
                  "oauth2.client_assertion_file names") == 0);
  CHECK(Said(TempFile(" \n").path()).find("cannot be used: is empty") == 0);
  CHECK(Said(TempFile("a\nb").path())
            .find("cannot be used: holds a line break") == 0);
  for (const std::string& text :
       {std::string("hunter2"), std::string("a.b"), std::string("a..c"),
        std::string("a.b.c.d"), "é." + ToBase64Url("{}") + ".c",
        "a." + ToBase64Url("[]") + ".c", "a." + ToBase64Url("{") + ".c",
        "a." + ToBase64Url(std::string(100000, '[')) + ".c"}) {
    const std::string said = Said(TempFile(text).path());
    CAPTURE(said);
    CHECK(said.find("is no JSON Web Token (three parts") == 0);
    CHECK(said.find("hunter2") == std::string::npos);
  }
}

}  // namespace
}  // namespace operator_connect::oauth
