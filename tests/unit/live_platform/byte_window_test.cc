#include "exporter/live_platform/byte_window.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

namespace operator_connect::live_platform {
namespace {

std::string Text(const ByteWindow& window) {
  return {window.data(), window.size()};
}

void AppendAll(ByteWindow& window, std::string_view bytes) {
  while (!bytes.empty()) bytes.remove_prefix(window.Append(bytes));
}

TEST_CASE("a window takes no more than fits") {
  ByteWindow window(4, 0);
  CHECK(window.Append("abcdef") == 4);
  CHECK(Text(window) == "abcd");
}

TEST_CASE("removed bytes make room for new ones") {
  ByteWindow window(4, 0);
  window.Append("abcd");
  window.Remove(3);
  CHECK(window.Append("efgh") == 3);
  CHECK(Text(window) == "defg");
}

TEST_CASE("a full window grows and keeps its bytes") {
  ByteWindow window(4, 0);
  AppendAll(window, "abcdefghijklmnopqrstuvwxyz");
  CHECK(Text(window) == "abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("the slack after the end is writable") {
  ByteWindow window(4, 64);
  AppendAll(window, "abcd");
  std::memset(window.data() + window.size(), ' ', 64);
  CHECK(Text(window) == "abcd");
}

TEST_CASE("a cleared window is empty and can be used again") {
  ByteWindow window(4, 0);
  AppendAll(window, "abcdefgh");
  window.Clear();
  CHECK(window.empty());
  CHECK(window.Append("ijklmnop") == 4);
  CHECK(Text(window) == "ijkl");
}

}  // namespace
}  // namespace operator_connect::live_platform
