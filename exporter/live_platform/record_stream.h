#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_STREAM_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_STREAM_H_

#define RAPIDJSON_ASSERT(x) static_cast<void>(0)
#include <rapidjson/reader.h>
#include <rapidjson/stream.h>

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace operator_connect::live_platform {

// A RapidJSON stream that is parsed in place, like its InsituStringStream,
// over memory of which kSlack bytes behind the text may be read. That lets the
// inside of strings, three quarters of a record, be passed over in steps of
// sixteen bytes; byte by byte it costs more than all the rest together.
class RecordStream {
 public:
  using Ch = char;
  static constexpr std::size_t kSlack = 16;

  explicit RecordStream(Ch* text) : source_(text), head_(text) {}

  Ch Peek() const { return *source_; }
  Ch Take() { return *source_++; }
  std::size_t Tell() const { return static_cast<std::size_t>(source_ - head_); }

  Ch* PutBegin() { return target_ = source_; }
  void Put(Ch c) { *target_++ = c; }
  void Flush() {}
  std::size_t PutEnd(Ch* begin) {
    return static_cast<std::size_t>(target_ - begin);
  }

  // Passes over the inside of a string, up to a quote or a backslash. Control
  // characters are let through: JSON wants them escaped, but a platform that
  // forgets to is no reason to lose its whole answer.
  void SkipUnescaped() {
    if (source_ == target_) {
      source_ = target_ = FindStop(source_);
      return;
    }
    // An escape came before: the text has to move up.
    while (*source_ != '"' && *source_ != '\\') Put(Take());
  }

 private:
  static Ch* FindStop(Ch* p) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    for (;; p += kSlack) {
      const __m128i bytes =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
      const auto stops =
          static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(
              _mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash))));
      if (stops != 0) return p + std::countr_zero(stops);
    }
#else
    while (*p != '"' && *p != '\\') ++p;
    return p;
#endif
  }

  Ch* source_;
  Ch* head_;
  Ch* target_ = nullptr;
};

}  // namespace operator_connect::live_platform

namespace rapidjson {

template <>
struct StreamTraits<operator_connect::live_platform::RecordStream> {
  // Most steps are so few that copying the stream out and in costs more.
  // NOLINTNEXTLINE(readability-identifier-naming): the name is RapidJSON's.
  enum { copyOptimization = 0 };
};

// Most JSON that machines write has no white space: that is told by one look.
template <>
inline void SkipWhitespace(
    operator_connect::live_platform::RecordStream& stream) {
  while (stream.Peek() <= ' ' &&
         (stream.Peek() == ' ' || stream.Peek() == '\n' ||
          stream.Peek() == '\r' || stream.Peek() == '\t')) {
    stream.Take();
  }
}

// The reader calls this before it looks at each character of a string. For
// streams that it does not know it does nothing.
template <>
template <>
inline void
GenericReader<UTF8<>, UTF8<>, CrtAllocator>::ScanCopyUnescapedString(
    operator_connect::live_platform::RecordStream& from,
    operator_connect::live_platform::RecordStream&) {
  from.SkipUnescaped();
}

}  // namespace rapidjson

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_STREAM_H_
