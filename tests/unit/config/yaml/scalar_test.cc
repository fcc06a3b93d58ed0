#include "exporter/config/yaml/scalar.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect::config {
namespace {

YamlNode Plain(const std::string& text) {
  YamlNode node;
  node.kind = YamlNode::Kind::kScalar;
  node.plain = true;
  node.scalar = text;
  return node;
}

TEST_CASE("plain scalars have the types of YAML's core schema") {
  for (const char* text : {"true", "False", "TRUE"}) {
    CHECK(TypeOf(Plain(text)) == ValueType::kBool);
  }
  for (const char* text : {"0", "-5", "+7", "0123"}) {
    CHECK(TypeOf(Plain(text)) == ValueType::kInt);
  }
  for (const char* text :
       {"1.5", "1e3", "-.5", "0x1F", "0o17", ".inf", "-.Inf", ".nan"}) {
    CHECK(TypeOf(Plain(text)) == ValueType::kFloat);
  }
  for (const char* text : {"yes", "no", "on", "a1", "1a", "inf", "nan", "-",
                           "+", ".", "1 2", "tRUE", "0xg"}) {
    CAPTURE(std::string(text));
    CHECK(TypeOf(Plain(text)) == ValueType::kString);
  }
  YamlNode quoted = Plain("5");
  quoted.plain = false;
  CHECK(TypeOf(quoted) == ValueType::kString);
}

TEST_CASE("sizes are bytes or have a unit") {
  CHECK(ParseSize("0") == 0);
  CHECK(ParseSize("1000") == 1000);
  CHECK(ParseSize("10B") == 10);
  CHECK(ParseSize("1kB") == 1000);
  CHECK(ParseSize("4KiB") == 4096);
  CHECK(ParseSize("256MiB") == std::uint64_t{256} << 20);
  CHECK(ParseSize("256 MiB") == std::uint64_t{256} << 20);
  CHECK(ParseSize("1GB") == 1'000'000'000);
  CHECK(ParseSize("2TiB") == std::uint64_t{2} << 40);
  for (const char* text : {"", "MiB", "-1", "1.5GB", "1mib", "1M", "1 ",
                           "1  MB", "99999999999TiB", "18446744073709551616"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(ParseSize(text));
  }
}

TEST_CASE("a misspelt word finds the intended one") {
  const std::vector<std::string_view> keys = {"client_id", "client_secret",
                                              "client_secret_file", "scopes"};
  CHECK(DidYouMean("clientid", keys) == "client_id");
  CHECK(DidYouMean("client_secrets", keys) == "client_secret");
  CHECK(DidYouMean("scope", keys) == "scopes");
  CHECK(DidYouMean("proxy", keys).empty());
  CHECK(DidYouMean("", keys).empty());
  CHECK(DidYouMean(std::string(100000, 'x'), keys).empty());
}

}  // namespace
}  // namespace operator_connect::config
