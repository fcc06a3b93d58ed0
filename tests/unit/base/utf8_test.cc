#include "exporter/base/utf8.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace operator_connect {
namespace {

const std::string kBad(kReplacementCharacter);

TEST_CASE("valid UTF-8 is unchanged") {
  for (const std::string text :
       {"", "a", "plain ASCII, longer than eight bytes", "Gr\xC3\xBC\xC3\x9F",
        "\xE2\x82\xAC", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x9F\x98\x80",
        "\xF4\x8F\xBF\xBF", "12345678\xC3\xA9"}) {
    CAPTURE(std::string(text));
    CHECK(IsUtf8(text));
    CHECK(SanitizeUtf8(text) == text);
  }
}

TEST_CASE("each byte that is not part of a character becomes U+FFFD") {
  struct Row {
    const char* what;
    std::string text;
    std::string want;
  };
  const Row rows[] = {
      {"a lone continuation byte", "a\x80z", "a" + kBad + "z"},
      {"an overlong slash", "\xC0\xAF", kBad + kBad},
      {"an overlong slash in three bytes", "\xE0\x80\xAF", kBad + kBad + kBad},
      {"a surrogate", "\xED\xA0\x80", kBad + kBad + kBad},
      {"past U+10FFFF", "\xF4\x90\x80\x80", kBad + kBad + kBad + kBad},
      {"a byte that begins nothing", "\xFF", kBad},
      {"a character cut short by the end", "a\xE2\x82", "a" + kBad + kBad},
      {"a character cut short by a letter", "\xC3z", kBad + "z"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    CHECK_FALSE(IsUtf8(row.text));
    CHECK(SanitizeUtf8(row.text) == row.want);
  }
}

TEST_CASE("text is cut on a character boundary") {
  CHECK(SanitizeUtf8("abcdef", 3) == "abc");
  CHECK(SanitizeUtf8("ab\xC3\xA9", 3) == "ab");
  CHECK(SanitizeUtf8("ab\xC3\xA9", 4) == "ab\xC3\xA9");
  CHECK(SanitizeUtf8("a\xFF", 3) == "a");
  CHECK(SanitizeUtf8("a\xFF", 4) == "a" + kBad);
  CHECK(SanitizeUtf8("\xF0\x9F\x98\x80", 0).empty());
}

TEST_CASE("the result is valid UTF-8 within the limit for any bytes") {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int i = 0; i < 20000; ++i) {
    std::string text(static_cast<std::size_t>(byte(random) % 24), '\0');
    for (char& c : text) c = static_cast<char>(byte(random));
    const std::string clean = SanitizeUtf8(text, 16);
    REQUIRE(IsUtf8(clean));
    REQUIRE(clean.size() <= 16);
  }
}

}  // namespace
}  // namespace operator_connect
