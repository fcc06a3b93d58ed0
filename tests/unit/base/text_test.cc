#include "exporter/base/text.h"

#include <doctest/doctest.h>

namespace operator_connect {
namespace {

TEST_CASE("white space is trimmed from both ends and nowhere else") {
  CHECK(TrimWhitespace(" \t\r\n\v\fa b\n") == "a b");
  CHECK(TrimWhitespace("a") == "a");
  CHECK(TrimWhitespace(" \n").empty());
  CHECK(TrimWhitespace("").empty());
}

TEST_CASE("only the case of ASCII letters is ignored") {
  CHECK(EqualIgnoringCase("Basic", "bASIC"));
  CHECK(EqualIgnoringCase("", ""));
  CHECK_FALSE(EqualIgnoringCase("basic", "basi"));
  CHECK_FALSE(EqualIgnoringCase("[", "{"));
  CHECK_FALSE(EqualIgnoringCase("\xc3\x9c", "\xc3\xbc"));
}

TEST_CASE("only ASCII letters are put into lower case") {
  CHECK(LowerCase("AZ@[az09\xc3\x9c") == "az@[az09\xc3\x9c");
}

TEST_CASE("only ASCII letters and digits count") {
  CHECK(IsAlpha('a'));
  CHECK(IsAlpha('Z'));
  CHECK_FALSE(IsAlpha('['));
  CHECK_FALSE(IsAlpha('`'));
  CHECK_FALSE(IsAlpha('\xe9'));
  CHECK(IsDigit('0'));
  CHECK(IsDigit('9'));
  CHECK_FALSE(IsDigit(':'));
  CHECK(IsAlnum('q'));
  CHECK(IsAlnum('5'));
  CHECK_FALSE(IsAlnum('_'));
}

TEST_CASE("control characters are found") {
  CHECK(HasControlCharacter("a\nb"));
  CHECK(HasControlCharacter("\x7f"));
  CHECK(HasControlCharacter(std::string_view("\0", 1)));
  CHECK_FALSE(HasControlCharacter(" ~\xc3\xa9"));
}

}  // namespace
}  // namespace operator_connect
