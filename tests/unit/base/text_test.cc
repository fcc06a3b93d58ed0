#include "exporter/base/text.h"

#include <doctest/doctest.h>

namespace operator_connect {
namespace {

TEST_CASE("white space is taken from both ends and nowhere else") {
  CHECK(TrimWhitespace(" \t\r\n\v\fa b\n") == "a b");
  CHECK(TrimWhitespace("a") == "a");
  CHECK(TrimWhitespace(" \n").empty());
  CHECK(TrimWhitespace("").empty());
}

TEST_CASE("the case of ASCII letters alone is ignored") {
  CHECK(EqualIgnoringCase("Basic", "bASIC"));
  CHECK(EqualIgnoringCase("", ""));
  CHECK_FALSE(EqualIgnoringCase("basic", "basi"));
  CHECK_FALSE(EqualIgnoringCase("[", "{"));
  CHECK_FALSE(EqualIgnoringCase("\xc3\x9c", "\xc3\xbc"));
}

TEST_CASE("ASCII letters alone have a lower case") {
  CHECK(LowerCase("AZ@[az09\xc3\x9c") == "az@[az09\xc3\x9c");
}

}  // namespace
}  // namespace operator_connect
