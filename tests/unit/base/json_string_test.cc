#include "exporter/base/json_string.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace operator_connect {
namespace {

std::string Quoted(std::string_view text) {
  std::string out = "[";
  AppendJsonString(text, out);
  return out;
}

TEST_CASE("only characters that JSON forbids in strings are escaped") {
  CHECK(Quoted("") == "[\"\"");
  CHECK(Quoted("a b/c") == "[\"a b/c\"");
  CHECK(Quoted("a\"b\\c") == R"(["a\"b\\c")");
  CHECK(Quoted(std::string_view("\0\n\x1f\x20\x7f", 5)) ==
        "[\"\\u0000\\u000a\\u001f \x7f\"");
  CHECK(Quoted("Z\xc3\xbcrich \xff") == "[\"Z\xc3\xbcrich \xff\"");
}

}  // namespace
}  // namespace operator_connect
