#include "exporter/live_platform/json_walker.h"

#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <string>
#include <string_view>

namespace operator_connect::live_platform {
namespace {

// Records the events of a walk.
struct Recorder {
  void Null() { seen += "null "; }
  void Bool(bool value) { seen += value ? "true " : "false "; }
  void Number(std::string_view text) { Add('#', text, false); }
  void String(std::string_view text, bool escaped) { Add('\'', text, escaped); }
  void Key(std::string_view name, bool escaped) { Add(':', name, escaped); }
  bool StartObject() { return Open("{ "); }
  void EndObject() { seen += "} "; }
  bool StartArray() { return Open("[ "); }
  void EndArray() { seen += "] "; }

  void Add(char mark, std::string_view text, bool escaped) {
    seen += mark;
    if (escaped) seen += '\\';
    seen.append(text) += ' ';
  }
  bool Open(std::string_view bracket) {
    seen += bracket;
    return ++opened <= most;
  }

  std::string seen;
  int opened = 0;
  int most = 100;
};

// A walk over `text`, followed by the bytes that stop it.
struct Walk {
  explicit Walk(std::string_view text, int most = 100)
      : bytes(std::string(text) + std::string("\"\"\0", 3) +
              std::string(16, '\0')) {
    recorder.most = most;
    JsonWalker<Recorder> walker(recorder);
    const char* const found = walker.Value(bytes.data());
    whole = found == bytes.data() + text.size();
    if (found == nullptr) {
      error = static_cast<std::size_t>(walker.error() - bytes.data());
    }
  }
  std::string bytes;
  Recorder recorder;
  bool whole = false;
  std::size_t error = std::string::npos;
};

std::string Unescaped(std::string_view text) {
  std::string out;
  AppendUnescaped(text, out);
  return out;
}

TEST_CASE("a walk and RapidJSON agree") {
  for (const std::string_view text :
       {R"({})",
        R"({ })",
        R"({"a":1})",
        R"({"a" : -1.5e+3 , "b":[ ] })",
        "{\"a\":\"b\",\n\t\"x\":{\"y\":[{},[],[[1,\"\"]]]}\r}",
        R"([true,false,null])",
        R"({"a":1,})",
        R"({,})",
        R"({"a"})",
        R"({"a":})",
        R"({"a" 1})",
        R"({a:1})",
        R"({1:1})",
        R"({"a":1 "x":2})",
        R"([1,])",
        R"([,1])",
        R"([1 2])",
        R"([1}])",
        R"({"a":nul})",
        R"({"a":nulll})",
        R"({"a":True})",
        R"({"a":01})",
        R"({"a":+1})",
        R"({"a":-})",
        R"({"a":1.})",
        R"({"a":1e})",
        R"({"a":.5})",
        R"(["a""b"])",
        R"("\"\\\/\b\f\n\r\t")",
        R"("\a")",
        R"("\")",
        R"("\u00e9")",
        R"("\u00E9")",
        R"("\u00g9")",
        R"("\u00")",
        R"("\ud83d\ude00")",
        R"({"\u0061":1})",
        R"({"\x":1})",
        R"("\U0061")",
        "'a'",
        "/**/1",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "-",
        "1",
        "-0.0e-9",
        "nan"}) {
    CAPTURE(text);
    rapidjson::Document document;
    document.Parse(text.data(), text.size());
    CHECK(Walk(text).whole == !document.HasParseError());
  }
}

TEST_CASE("a walk passes on everything as it is written") {
  CHECK(Walk(R"({"a":[1.50,"b\n",true,null],"c\u0064":{"":false}})")
            .recorder.seen ==
        R"({ :a [ #1.50 '\b\n true null ] :\c\u0064 { : false } } )");
}

TEST_CASE("control characters and invalid UTF-8 in a string pass") {
  CHECK(Walk("\"\t\x01\xff\"").whole);
  CHECK(Walk(std::string("\"\0\"", 3)).whole);
}

TEST_CASE("strings are read with ends and escapes at any position") {
  for (std::size_t fill = 0; fill <= 40; ++fill) {
    CAPTURE(fill);
    const std::string text = std::string(fill, 'x') + R"(\\\"]})";
    const Walk walk("[\"" + text + "\"]");
    CHECK(walk.whole);
    CHECK(walk.recorder.seen == "[ '\\" + text + " ] ");
    CHECK(Walk("\"" + std::string(2 * fill, '\\') + "\"").whole);
  }
}

TEST_CASE("a text that is cut anywhere is broken at its end") {
  const std::string_view whole =
      R"({"a":"é\n\u12ab","b":[1.5e3,true,null,"x"],"c":{"":false},"z":-0})";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    const Walk walk(whole.substr(0, size));
    CHECK_FALSE(walk.whole);
    CHECK(walk.error >= size);
  }
  CHECK(Walk(whole).whole);
}

TEST_CASE("the position of the byte that breaks a text is returned") {
  CHECK(Walk(R"({"a":x})").error == 5);
  CHECK(Walk(R"(["\u12x4"])").error == 6);
  CHECK(Walk(R"([1,2,,])").error == 5);
}

TEST_CASE("a handler stops a walk that goes too deep") {
  CHECK(Walk("[[[]]]", 3).whole);
  CHECK(Walk("[[[[]]]]", 3).error == 3);
  CHECK(Walk(R"({"a":{}})", 1).error == 5);
}

TEST_CASE("escapes are resolved") {
  CHECK(Unescaped(R"(a\"\\\/\b\f\n\r\tz)") == "a\"\\/\b\f\n\r\tz");
  CHECK(Unescaped(R"(\u0041\u00e9\u20AC\ud83d\ude00)") == "Aé€😀");
  CHECK(Unescaped(R"(a\u0000b)") == std::string("a\0b", 3));
}

TEST_CASE("half of a surrogate pair becomes the replacement character") {
  CHECK(Unescaped(R"(\ud800)") == "\uFFFD");
  CHECK(Unescaped(R"(\udfffx)") == "\uFFFDx");
  CHECK(Unescaped(R"(\uD800\uD800)") == "\uFFFD\uFFFD");
  CHECK(Unescaped(R"(\ud83d\u0041)") == "\uFFFDA");
  CHECK(Unescaped(R"(\ud83d\n)") == "\uFFFD\n");
  CHECK(Unescaped(R"(\ude00\ud83d)") == "\uFFFD\uFFFD");
}

}  // namespace
}  // namespace operator_connect::live_platform
