#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "exporter/live_platform/record_parser.h"
#include "exporter/live_platform/timestamp.h"

namespace operator_connect::live_platform {
namespace {

enum FieldIndex { kA, kLongName, kSub };

const FieldTable& Fields() {
  static const FieldTable kFields = {
      {"a"}, {"longName"}, {"details", "company"}};
  return kFields;
}

// A record and its text.
class Parsed {
 public:
  explicit Parsed(std::string text)
      : text_(std::move(text)), parser_(Fields()) {
    const std::size_t size = text_.size();
    text_.resize(size + RecordParser::kSlack, '}');
    verdict_ = parser_.Parse(text_.data(), size);
    slack_untouched_ = text_.find_first_not_of('}', size) == std::string::npos;
  }

  RecordParser::Verdict verdict() const { return verdict_; }
  bool slack_untouched() const { return slack_untouched_; }
  const Record& operator*() const { return parser_.record(); }
  const Record* operator->() const { return &parser_.record(); }

 private:
  std::string text_;
  RecordParser parser_;
  RecordParser::Verdict verdict_;
  bool slack_untouched_;
};

// The text of field "a" with this value.
std::string TextOf(const std::string& json) {
  return std::string(Parsed(R"({"a":)" + json + "}")->Text(kA));
}
std::string CompanyOf(const std::string& json) {
  return std::string(Parsed(R"({"details":)" + json + "}")->Text(kSub));
}
std::optional<std::int64_t> IntegerOf(const std::string& json) {
  return Parsed(R"({"a":)" + json + "}")->Integer(kA);
}
bool TrueOf(const std::string& json) {
  return Parsed(R"({"a":)" + json + "}")->True(kA);
}
bool FilledOf(const std::string& json) {
  return Parsed(R"({"a":)" + json + "}")->Filled(kA);
}
RecordParser::Verdict VerdictOf(const std::string& text) {
  return Parsed(text).verdict();
}

TEST_CASE("objects, other JSON and invalid JSON are distinguished") {
  using Verdict = RecordParser::Verdict;
  CHECK(VerdictOf("{}") == Verdict::kObject);
  for (const char* text : {"[]", "[{}]", "1", "\"a\"", "null", "true"}) {
    CAPTURE(text);
    CHECK(VerdictOf(text) == Verdict::kNoObject);
  }
  for (const char* text :
       {"", "{", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "nul", "\"a",
        "{a:1}", "{'a':1}", "{}{}", "{} ", "[1 2]", R"({"a":"\x"})"}) {
    CAPTURE(text);
    CHECK(VerdictOf(text) == Verdict::kMalformed);
  }
}

TEST_CASE("the bytes after the text are unchanged") {
  CHECK(Parsed(R"({"a":"b"})").slack_untouched());
  CHECK(Parsed(R"({"a":"b)").slack_untouched());
  CHECK(Parsed("12").slack_untouched());
}

TEST_CASE("a field can be missing, null or empty") {
  CHECK(Parsed("{}")->Text(kA).empty());
  CHECK(Parsed("{}")->value(kA).kind == JsonValue::Kind::kAbsent);
  CHECK(TextOf("null").empty());
  CHECK(TextOf("\"\"").empty());
  CHECK(TextOf("[]").empty());
  CHECK(TextOf("{\"a\":\"b\"}").empty());
}

TEST_CASE("a scalar of any type has its text") {
  CHECK(TextOf("\"b\"") == "b");
  CHECK(TextOf("-12.50") == "-12.50");
  CHECK(TextOf("true") == "true");
  CHECK(TextOf("false") == "false");
}

TEST_CASE("numbers follow JSON's grammar, at any size") {
  const std::string digits(1000, '9');
  for (const std::string& number :
       {std::string("0"), std::string("-0"), std::string("1e400"),
        std::string("-1E+400"), std::string("0.0e-99999999999"), digits,
        digits + "." + digits + "e" + digits}) {
    CAPTURE(number);
    CHECK(TextOf(number) == number);
  }
}

TEST_CASE("a number that breaks JSON's grammar is malformed") {
  for (const char* number : {"-", "+1", "01", "1.", ".1", "1e", "1e+", "1.e1",
                             "--1", "0x1", "NaN", "Infinity", "1_000"}) {
    CAPTURE(number);
    CHECK(VerdictOf(std::string("{\"a\":") + number + "}") ==
          RecordParser::Verdict::kMalformed);
  }
}

TEST_CASE("the first text of an array in a scalar's place counts") {
  CHECK(TextOf(R"([null,"",{"a":1},["c"],"b","d"])") == "b");
}

TEST_CASE("a known text of an array in a scalar's place comes first") {
  const auto known = [](std::string_view text) { return text == "known"; };
  const Parsed several(R"({"a":["new","known"]})");
  CHECK(several->Text(kA, known) == "known");
  const Parsed none(R"({"a":["new","newer"]})");
  CHECK(none->Text(kA, known) == "new");
}

TEST_CASE("an id or time of an array is the first that is one") {
  CHECK(Parsed(R"({"a":[null,"0-0","x","y"]})")->Id(kA) == "x");
  CHECK(Parsed(R"({"a":["0-0"]})")->Id(kA).empty());
  CHECK(Parsed(R"({"a":["x","2022-01-10"]})")->Time(kA) ==
        ParseTimestamp("2022-01-10"));
}

TEST_CASE("escapes are resolved, and NUL is a character like any other") {
  CHECK(TextOf(R"("\"\\\/\b\n\u00e9\ud83d\ude00")") == "\"\\/\b\né😀");
  CHECK(TextOf(R"("a\u0000b")") == std::string("a\0b", 3));
}

TEST_CASE("raw control characters in a string pass") {
  CHECK(TextOf("\"a\tb\nc\x01\"") == "a\tb\nc\x01");
  CHECK(TextOf(std::string("\"a\0\\nb\0\"", 8)) == std::string("a\0\nb\0", 5));
}

TEST_CASE("the last one of repeated members counts") {
  CHECK(Parsed(R"({"a":"b","a":"c"})")->Text(kA) == "c");
  CHECK(Parsed(R"({"a":"b","a":null})")->Text(kA).empty());
  CHECK(Parsed(R"({"a":["b"],"a":["c"]})")->Text(kA) == "c");
  CHECK(Parsed(R"({"details":{"company":"b"},"details":{}})")
            ->Text(kSub)
            .empty());
}

TEST_CASE("members of nested objects are not the record's") {
  const Parsed parsed(
      R"({"x":{"a":"1","longName":"1"},"y":[{"a":"2"}],"longName":"3",)"
      R"("z":{"details":{"company":"4"}}})");
  CHECK(parsed->Text(kA).empty());
  CHECK(parsed->Text(kLongName) == "3");
  CHECK(parsed->Text(kSub).empty());
}

TEST_CASE("names differ by every character, escaped ones included") {
  CHECK(Parsed(R"({"b":"1","A":"1","aa":"1","":"1","longname":"1"})")
            ->Text(kA)
            .empty());
  CHECK(Parsed(R"({"\u0061":"1"})")->Text(kA) == "1");
}

TEST_CASE("a member is found in an object or an array's first object") {
  CHECK(CompanyOf(R"({"x":1,"company":"b"})") == "b");
  CHECK(CompanyOf(R"([{"company":"b"},{"company":"c"}])") == "b");
  CHECK(CompanyOf(R"([null,"x",{"company":"b"}])") == "b");
  CHECK(CompanyOf(R"([{"x":"b"},{"company":"c"}])").empty());
  CHECK(CompanyOf(R"({"company":7})") == "7");
  CHECK(CompanyOf(R"({"company":["","b","c"]})") == "b");
  CHECK(CompanyOf(R"({"company":[null,"b"]})") == "b");
}

TEST_CASE("nothing else in an object counts as its member") {
  for (const char* json :
       {"null", "\"company\"", "[]", "{}", R"({"company":null})",
        R"({"company":{"fullName":"x"}})", R"({"company":[{"fullName":"x"}]})",
        R"({"company":[["x"]]})", R"({"other":{"company":"x"}})",
        R"({"company":"x","company":null})"}) {
    CAPTURE(json);
    CHECK(CompanyOf(json).empty());
  }
}

TEST_CASE("an integer is read from a number or a string") {
  CHECK(IntegerOf("404") == 404);
  CHECK(IntegerOf("\" 404 \"") == 404);
  CHECK(IntegerOf(R"("\t404\r\n")") == 404);
  CHECK(IntegerOf("\"+404\"") == 404);
  CHECK(IntegerOf("404.9") == 404);
  CHECK(IntegerOf("4.04E2") == 404);
  CHECK(IntegerOf("\"3.xe\"") == 3);
  CHECK(IntegerOf("\"4e2\"") == 400);
  CHECK(IntegerOf("-1") == -1);
  CHECK(IntegerOf("[null,404]") == 404);
  for (const char* json : {"null", "\"\"", "\"x\"", "\"404x\"", "\"+-4\"",
                           "\"+\"", "true", "{}", "4e", "\"4e2x\"", "1e400"}) {
    CAPTURE(json);
    CHECK_FALSE(IntegerOf(json).has_value());
  }
}

TEST_CASE("an integer beyond 64 bits is the largest or smallest") {
  CHECK(IntegerOf("99999999999999999999") == INT64_MAX);
  CHECK(IntegerOf("-99999999999999999999.5") == INT64_MIN);
  CHECK(IntegerOf("1e30") == INT64_MAX);
  CHECK(IntegerOf("-1e30") == INT64_MIN);
}

TEST_CASE("true is recognised in all spellings") {
  for (const char* json : {"true", "\"true\"", "\"True\"", "\"TRUE\"", "1",
                           "\"1\"", "[true]", "99999999999999999999"}) {
    CAPTURE(json);
    CHECK(TrueOf(json));
  }
  for (const char* json : {"false", "\"false\"", "0", "\"0\"", "null", "\"\"",
                           "\"x\"", "[]", "{}"}) {
    CAPTURE(json);
    CHECK_FALSE(TrueOf(json));
  }
}

TEST_CASE("an array is filled by any value but null, an object by a member") {
  for (const char* json :
       {"[{}]", "[null,1]", R"({"b":null})", R"({"b":{"c":1}})", "\"x\""}) {
    CAPTURE(json);
    CHECK(FilledOf(json));
  }
  for (const char* json : {"null", "[]", "[null,null]", "{}", "\"\""}) {
    CAPTURE(json);
    CHECK_FALSE(FilledOf(json));
  }
}

TEST_CASE("the texts of an array are visited, or the scalar in its place") {
  const auto texts = [](const std::string& json) {
    std::vector<std::string> found;
    Parsed(R"({"a":)" + json + "}")
        ->ForEachText(kA,
                      [&](std::string_view text) { found.emplace_back(text); });
    return found;
  };
  using Texts = std::vector<std::string>;
  CHECK(texts(R"(["b",null,"",7,{"x":"y"},["z"],true])") ==
        Texts{"b", "7", "true"});
  CHECK(texts("\"b\"") == Texts{"b"});
  CHECK(texts(R"("b, c ,,d")") == Texts{"b", "c", "d"});
  CHECK(texts(R"(["b,c"])") == Texts{"b,c"});
  CHECK(texts(R"(" , ")") == Texts{});
  CHECK(texts("null") == Texts{});
  CHECK(texts(R"({"x":"y"})") == Texts{});
}

TEST_CASE("nothing remains of the record before") {
  RecordParser parser(Fields());
  std::string first = R"({"a":["b"],"details":{"company":"c"}})";
  std::string second = "{}";
  const std::size_t size = first.size();
  first.resize(size + RecordParser::kSlack);
  second.resize(2 + RecordParser::kSlack);
  parser.Parse(first.data(), size);
  parser.Parse(second.data(), 2);
  CHECK(parser.record().Text(kA).empty());
  CHECK(parser.record().Text(kSub).empty());
}

}  // namespace
}  // namespace operator_connect::live_platform
