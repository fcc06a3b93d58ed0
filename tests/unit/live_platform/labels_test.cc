#include "exporter/live_platform/labels.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "exporter/base/utf8.h"

namespace operator_connect::live_platform {
namespace {

TEST_CASE("no e-mail address or telephone number becomes a label value") {
  CHECK(LabelValue("Active by ada@contoso.example") == "redacted");
  CHECK(LabelValue("+14255550100") == "redacted");
  CHECK(LabelValue("tel:+4255550100 x") == "redacted");
  CHECK(LabelValue("+142 5550100") == "+142 5550100");
  CHECK(LabelValue("Status1234567") == "Status1234567");
  CHECK(LabelValue("a@b") == "a@b");
}

TEST_CASE("a label value is the platform's text") {
  CHECK(LabelValue("OC Essential") == "OC Essential");
  CHECK(LabelValue("a\"b\\c\nd\x01") == "a\"b\\c\nd\x01");
  CHECK(LabelValue("").empty());
}

TEST_CASE("bytes that are not UTF-8 and NUL become the replacement character") {
  CHECK(LabelValue("a\xff"
                   "b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(LabelValue(std::string_view("a\0b", 3)) ==
        "a\xEF\xBF\xBD"
        "b");
}

TEST_CASE("a label value is cut at 128 bytes") {
  CHECK(LabelValue(std::string(128, 'x')).size() == 128);
  CHECK(LabelValue(std::string(129, 'x')).size() == 128);
  CHECK(LabelValue(std::string(1 << 20, 'x')).size() == 128);
}

TEST_CASE("a label value is cut on a character boundary") {
  // "é" has two bytes, the second of which would be the 129th.
  const std::string cut = LabelValue(std::string(127, 'x') + "é");
  CHECK(cut == std::string(127, 'x'));
  CHECK(IsUtf8(LabelValue(std::string(1000, '\xff'))));
  CHECK(LabelValue(std::string(200, '\0')).size() <= kMaxLabelBytes);
}

TEST_CASE("ids are in lower case") {
  CHECK(IdLabel("F825E66A-0e07") == "f825e66a-0e07");
  CHECK(IdKey("F825E66A-0e07") == "f825e66a-0e07");
}

TEST_CASE("a company's name is shown") {
  for (const char* name : {"Contoso", "qa-int-GolanCDX&-!", "AT&T @ Work",
                           "a@b", "user@ x.y", "@x.y", "a@.b", "a@b.", "123456",
                           "555-010-0100", "Müller @home.", "日本電信"}) {
    CAPTURE(name);
    CHECK(CompanyLabel(name) == name);
  }
}

TEST_CASE("a company's name that holds an e-mail address is redacted") {
  for (const char* name :
       {"a@b.c", "Contoso (info@contoso.com)", "x\tinfo@contoso.com\ty",
        "a@@b.c", "@a@b.c", "a@b.c.", "ü@ü.ü", "a@b..c"}) {
    CAPTURE(name);
    CHECK(CompanyLabel(name) == "redacted");
  }
}

TEST_CASE("a company's name that holds seven digits in a row is redacted") {
  CHECK(CompanyLabel("1234567") == "redacted");
  CHECK(CompanyLabel("Contoso +4255550100 Ltd") == "redacted");
}

TEST_CASE("a numbered company is shown by its name") {
  for (const char* name : {"1234567 Ontario Inc.", "123456789 Québec inc.",
                           "9876543  B.C. Ltd."}) {
    CAPTURE(name);
    CHECK(CompanyLabel(name) == name);
  }
  for (const char* name :
       {"1234567", "1234567 ", "1234567 890", "1234567-Ontario",
        "1234567890 Inc.", "x 1234567 Ontario", "1234567 Ontario 4255550100",
        "1234567 Ontario a@b.example", " 1234567 Ontario",
        "+1234567 Ontario"}) {
    CAPTURE(name);
    CHECK(CompanyLabel(name) == "redacted");
  }
}

TEST_CASE("texts to be redacted are found beyond the cut") {
  CHECK(CompanyLabel(std::string(200, 'x') + " a@b.c") == "redacted");
  CHECK(CompanyLabel(std::string(125, 'x') + "1234567") == "redacted");
}

TEST_CASE("known label values have the first ids") {
  constexpr std::array<std::string_view, 2> kKnown = {"a", "b"};
  LabelIds ids(kKnown);
  CHECK(ids.Find("b") == 1);
  CHECK(ids.Find("a") == 0);
  CHECK(ids.Find("c") == 2);
  CHECK(ids.Find("c") == 2);
  CHECK(ids.label(2) == "c");
}

TEST_CASE("texts with the same label share an id") {
  LabelIds ids({});
  const std::string prefix(kMaxLabelBytes, 'x');
  CHECK(ids.Find(prefix + "1") == ids.Find(prefix + "2"));
  CHECK(ids.Find("\xff") == ids.Find("\xfe"));
}

TEST_CASE("beyond 1,024 values the rest is other, and ids stay") {
  LabelIds ids({});
  for (std::size_t i = 0; i < LabelIds::kMaxValues; ++i) {
    ids.Find("v" + std::to_string(i));
  }
  const LabelIds::Id other = ids.Find("one more");
  CHECK(ids.label(other) == kOther);
  CHECK(ids.Find("and one more") == other);
  CHECK(ids.label(ids.Find("v1023")) == "v1023");
  CHECK(ids.size() == LabelIds::kMaxValues + 1);
}

}  // namespace
}  // namespace operator_connect::live_platform
