#include "exporter/http_client/gunzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace operator_connect::http_client {
namespace {

constexpr int kGzipOnly = 16;
constexpr int kWindow = 15;

}  // namespace

struct Gunzip::State {
  State() {
    if (inflateInit2(&stream, kWindow + kGzipOnly) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~State() { inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  z_stream stream = {};
  std::array<char, 32 << 10> out;
};

Gunzip::Gunzip() = default;
Gunzip::~Gunzip() = default;

Gunzip::Step Gunzip::Take(std::string_view piece, const Sink& sink) {
  if (piece.empty()) return Step::kMore;
  if (!state_) state_ = std::make_unique<State>();
  z_stream& stream = state_->stream;
  // zlib reads through this pointer only; its type is older than const. A
  // piece is what the transport read at once, far below zlib's limit.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
  stream.avail_in = static_cast<uInt>(
      std::min<std::size_t>(piece.size(), std::numeric_limits<uInt>::max()));
  do {
    // What follows the end of a member can only be another.
    if (!cut_short_ && stream.avail_in > 0) inflateReset(&stream);
    stream.next_out = reinterpret_cast<Bytef*>(state_->out.data());
    stream.avail_out = static_cast<uInt>(state_->out.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    cut_short_ = result != Z_STREAM_END;
    const std::size_t made = state_->out.size() - stream.avail_out;
    if (made > 0 && !sink({state_->out.data(), made})) return Step::kEnough;
    // A full buffer may have more behind it, or, then, nothing at all.
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return Step::kBroken;
    }
  } while (stream.avail_in > 0 || (cut_short_ && stream.avail_out == 0));
  return Step::kMore;
}

}  // namespace operator_connect::http_client
