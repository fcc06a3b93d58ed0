#include "exporter/live_platform/json_scanner.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect::live_platform {
namespace {

constexpr std::size_t kBlock = JsonContainerScanner::kBlock;

// Fills `text` up to whole blocks.
std::string Padded(std::string text) {
  text.resize((text.size() + kBlock - 1) / kBlock * kBlock, ' ');
  return text;
}

// The end of the container that `text` begins with, or its padded size.
std::size_t End(const std::string& text) {
  JsonContainerScanner scanner;
  const std::string padded = Padded(text);
  return scanner.Scan(padded.data(), padded.size());
}

std::string Repaired(std::string text) {
  RepairSurrogates(text.data(), text.size());
  return text;
}

TEST_CASE("a container ends at its own closing bracket") {
  CHECK(End("{}") == 2);
  CHECK(End("[]]") == 2);
  CHECK(End(R"({"a":{"b":[1,2]}},{)") == 17);
}

TEST_CASE("brackets and quotes in strings are no brackets and quotes") {
  CHECK(End(R"({"}]":"{[\"}"})") == 14);
  CHECK(End(R"({"a":"\\"}})") == 10);
}

TEST_CASE("the end is found wherever it and its escapes fall in a block") {
  for (std::size_t fill = 0; fill <= 3 * kBlock; ++fill) {
    const std::string text = "{\"" + std::string(fill, 'x') + R"(\\\"}":"\\"})";
    CAPTURE(fill);
    CHECK(End(text + "}}}") == text.size());
  }
}

TEST_CASE("a string of backslashes alone is carried from block to block") {
  for (std::size_t pairs = 1; pairs <= kBlock + 1; ++pairs) {
    const std::string text = "[\"" + std::string(2 * pairs, '\\') + "\"]";
    CAPTURE(pairs);
    CHECK(End(text + "]") == text.size());
  }
}

TEST_CASE("scanning goes on where the last scan stopped") {
  const std::string text = "[\"" + std::string(kBlock, ']') + "\",[1]]";
  const std::string padded = Padded(text);
  JsonContainerScanner scanner;
  std::size_t scanned = 0;
  while (!scanner.done() && scanned < padded.size()) {
    scanned += scanner.Scan(padded.data() + scanned, kBlock);
  }
  CHECK(scanned == text.size());
}

TEST_CASE("nesting is borne to the limit") {
  constexpr auto kDepth =
      static_cast<std::size_t>(JsonContainerScanner::kMaxDepth);
  const std::string text = std::string(kDepth, '[') + std::string(kDepth, ']');
  const std::string padded = Padded(text);
  JsonContainerScanner scanner;
  CHECK(scanner.Scan(padded.data(), padded.size()) == text.size());
  CHECK(scanner.done());
  CHECK_FALSE(scanner.too_deep());
}

TEST_CASE("nesting past the limit is told") {
  const std::string padded =
      Padded(std::string(JsonContainerScanner::kMaxDepth + 1, '['));
  JsonContainerScanner scanner;
  scanner.Scan(padded.data(), padded.size());
  CHECK(scanner.too_deep());
  CHECK_FALSE(scanner.done());
}

TEST_CASE("escapes are told, so that only they are repaired") {
  const std::string plain = Padded(R"({"a":"b"})");
  const std::string escaped = Padded(R"({"a":"\n"})");
  JsonContainerScanner scanner;
  scanner.Scan(plain.data(), plain.size());
  CHECK_FALSE(scanner.has_escapes());
  scanner.Restart();
  scanner.Scan(escaped.data(), escaped.size());
  CHECK(scanner.has_escapes());
}

TEST_CASE("half of a surrogate pair becomes the replacement character") {
  CHECK(Repaired(R"("\ud800")") == R"("\ufffd")");
  CHECK(Repaired(R"("\udfffx")") == R"("\ufffdx")");
  CHECK(Repaired(R"("\uD800\uD800")") == R"("\ufffd\ufffd")");
  CHECK(Repaired(R"("\ud83d\u0041")") == R"("\ufffd\u0041")");
  CHECK(Repaired(R"("\ud83d\n")") == R"("\ufffd\n")");
}

TEST_CASE("whole pairs and other escapes are left as they are") {
  for (const char* text : {R"("\ud83d\ude00")", R"("\u00e9\n\"\\")",
                           R"("\\ud800")", R"("\u12")", R"("\)", R"("")"}) {
    CAPTURE(text);
    CHECK(Repaired(text) == text);
  }
}

}  // namespace
}  // namespace operator_connect::live_platform
