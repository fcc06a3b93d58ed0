#include "exporter/exposition/sample_writer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace operator_connect::exposition {
namespace {

std::string LabelText(std::string_view value) {
  std::string text;
  AppendLabelValue(text, value);
  return text;
}

std::string ValueText(double value) {
  std::string text;
  AppendValue(text, value);
  return text;
}

TEST_CASE("a line has its name, its labels in order, and its value") {
  SampleWriter writer(Family::kLeads, "emea");
  writer.Add().Label("status", "Active").Value(std::uint64_t{6});
  writer.Add().Label("a", "1").Label("b", "2").Value(0.5);
  writer.Add().Value(std::uint64_t{18446744073709551615u});
  CHECK(*writer.Finish() ==
        "operator_connect_leads{account=\"emea\",status=\"Active\"} 6\n"
        "operator_connect_leads{account=\"emea\",a=\"1\",b=\"2\"} 0.5\n"
        "operator_connect_leads{account=\"emea\"} 18446744073709551615\n");
}

TEST_CASE("a family without samples is null, not empty") {
  CHECK(SampleWriter(Family::kLeads, "emea").Finish() == nullptr);
}

TEST_CASE("backslash, quote and newline are escaped in a label value") {
  CHECK(LabelText("plain") == "plain");
  CHECK(LabelText("\\") == "\\\\");
  CHECK(LabelText("\"a\"\nb\\n") == "\\\"a\\\"\\nb\\\\n");
  CHECK(LabelText("tab\tand é") == "tab\tand é");
  CHECK(LabelText("").empty());
}

TEST_CASE("an account's name is escaped like any label value") {
  SampleWriter writer(Family::kUp, "a\"b");
  writer.Add().Value(std::uint64_t{1});
  CHECK(*writer.Finish() == "operator_connect_up{account=\"a\\\"b\"} 1\n");
}

TEST_CASE("a HELP text has its newlines and backslashes escaped") {
  std::string text;
  AppendHelp(text, "one\ntwo \\ \"three\"");
  CHECK(text == "one\\ntwo \\\\ \"three\"");
}

TEST_CASE("a value reads back unchanged") {
  for (const double value :
       {0.0, 1.0, -1.5, 0.1, 1700000000.0, 1e300, 5e-324, 1641801475.0623608}) {
    CAPTURE(value);
    CHECK(std::strtod(ValueText(value).c_str(), nullptr) == value);
  }
}

TEST_CASE("NaN and infinities are written as Prometheus reads them") {
  CHECK(ValueText(std::numeric_limits<double>::infinity()) == "+Inf");
  CHECK(ValueText(-std::numeric_limits<double>::infinity()) == "-Inf");
  CHECK(ValueText(std::nan("")) == "NaN");
}

}  // namespace
}  // namespace operator_connect::exposition
