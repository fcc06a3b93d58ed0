#include "exporter/web/gzip.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/web_fixture.h"

namespace operator_connect::web {
namespace {

TEST_CASE("pieces are unchanged after decompression") {
  std::string packed;
  GzipWriter gzip([&](std::string_view bytes) {
    packed += bytes;
    return true;
  });
  std::string whole;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece(static_cast<std::size_t>(i % 7) * 100,
                            static_cast<char>('a' + i % 26));
    whole += piece;
    REQUIRE(gzip.Write(piece));
  }
  REQUIRE(gzip.Finish());
  CHECK(Gunzip(packed) == whole);
}

TEST_CASE("an empty input is a whole gzip stream") {
  std::string packed;
  GzipWriter gzip([&](std::string_view bytes) {
    packed += bytes;
    return true;
  });
  REQUIRE(gzip.Finish());
  CHECK(Gunzip(packed) == std::string());
}

TEST_CASE("a sink that stops ends the writing") {
  GzipWriter gzip([](std::string_view) { return false; });
  bool wanted = true;
  unsigned random = 1;
  for (int i = 0; i < 1000 && wanted; ++i) {
    std::string noise;
    for (int j = 0; j < 1000; ++j) {
      random = random * 1664525u + 1013904223u;
      noise += static_cast<char>(random >> 24);
    }
    wanted = gzip.Write(noise);
  }
  CHECK_FALSE(wanted);
}

}  // namespace
}  // namespace operator_connect::web
