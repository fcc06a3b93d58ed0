#include "exporter/http_client/gunzip.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace operator_connect::http_client {
namespace {

using Step = Gunzip::Step;

std::string Gzip(const std::string& text) {
  z_stream stream = {};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
               Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Undone {
  std::string text;
  Step step = Step::kMore;
  bool cut_short = false;
};

Undone Undo(std::string_view gzip, std::size_t at_once) {
  Gunzip gunzip;
  Undone undone;
  while (!gzip.empty() && undone.step == Step::kMore) {
    undone.step = gunzip.Take(gzip.substr(0, at_once), [&](std::string_view t) {
      undone.text += t;
      return true;
    });
    gzip.remove_prefix(std::min(at_once, gzip.size()));
  }
  undone.cut_short = gunzip.cut_short();
  return undone;
}

TEST_CASE("gzip is undone in pieces of any size") {
  std::string text;
  for (int i = 0; i < 30000; ++i) text += std::to_string(i * 7919 % 104729);
  const std::string gzip = Gzip(text);
  for (const std::size_t at_once :
       {std::size_t{1}, std::size_t{7}, std::size_t{16384}, gzip.size()}) {
    const Undone undone = Undo(gzip, at_once);
    CHECK(undone.step == Step::kMore);
    CHECK_FALSE(undone.cut_short);
    CHECK(undone.text == text);
  }
}

TEST_CASE("a text that fills the buffer exactly comes to its end") {
  for (const std::size_t size : {32u << 10, 64u << 10}) {
    const Undone undone = Undo(Gzip(std::string(size, 'x')), 1 << 20);
    CHECK(undone.text.size() == size);
    CHECK_FALSE(undone.cut_short);
  }
}

TEST_CASE("members one after the other are one text") {
  const std::string gzip = Gzip("[1,") + Gzip("") + Gzip("2]");
  for (const std::size_t at_once : {std::size_t{1}, gzip.size()}) {
    const Undone undone = Undo(gzip, at_once);
    CHECK(undone.text == "[1,2]");
    CHECK_FALSE(undone.cut_short);
  }
}

TEST_CASE("gzip that lacks any of its bytes is known to be cut") {
  const std::string gzip = Gzip("[1,2,3]");
  for (std::size_t kept = 1; kept < gzip.size(); ++kept) {
    CAPTURE(kept);
    CHECK(Undo(gzip.substr(0, kept), 3).cut_short);
  }
  CHECK_FALSE(Gunzip().cut_short());
}

TEST_CASE("what is no gzip is broken") {
  std::string wrong_sum = Gzip("[1,2,3]");
  wrong_sum[wrong_sum.size() - 6] ^= 1;
  for (const std::string& broken :
       {std::string("[1,2,3]"), wrong_sum, Gzip("[1]") + "[2]"}) {
    CHECK(Undo(broken, 1 << 20).step == Step::kBroken);
    CHECK(Undo(broken, 1).step == Step::kBroken);
  }
}

TEST_CASE("a sink that has enough gets no more") {
  int calls = 0;
  Gunzip gunzip;
  const Step step = gunzip.Take(Gzip(std::string(1 << 20, 'x')),
                                [&](std::string_view) { return ++calls < 3; });
  CHECK(step == Step::kEnough);
  CHECK(calls == 3);
}

}  // namespace
}  // namespace operator_connect::http_client
