#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_PLAIN_JSON_WALKER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_PLAIN_JSON_WALKER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace operator_connect::live_platform {

// Moves `p` over a number by JSON's grammar, or to where it breaks it: false.
inline bool SkipNumber(const char*& p) {
  const auto skip_digits = [&p] {
    const char* const begin = p;
    while (*p >= '0' && *p <= '9') ++p;
    return p > begin;
  };
  if (*p == '-') ++p;
  if (*p == '0') {
    ++p;
  } else if (!skip_digits()) {
    return false;
  }
  if (*p == '.') {
    ++p;
    if (!skip_digits()) return false;
  }
  if (*p == 'e' || *p == 'E') {
    ++p;
    if (*p == '+' || *p == '-') ++p;
    return skip_digits();
  }
  return true;
}

// Walks over JSON that has no backslash in it, which is nearly all that
// machines write: without escapes a string ends at the next quote, and a
// general reader's work for each string is spared. Tells a handler with the
// interface of RapidJSON's what it meets, and leaves the text as it is.
//
// The text must be followed by what stops the walk inside a string and
// outside, and by 16 bytes that may be read behind that. Strings are passed on
// as they are: control characters and bad UTF-8 included.
template <typename Handler>
class PlainJsonWalker {
 public:
  explicit PlainJsonWalker(Handler& handler) : handler_(handler) {}

  // Walks over the object that begins at `p`, which is a '{'. Returns what
  // follows it; null: it is broken at error(), or the handler had enough. The
  // handler bounds the depth, and with it the stack.
  const char* Object(const char* p) {
    if (!handler_.StartObject()) return Fail(p);
    p = SkipSpace(p + 1);
    if (*p == '}') return EndObject(p);
    for (;;) {
      if (*p != '"') return Fail(p);
      const char* const end = FindQuote(p + 1);
      handler_.Key(p + 1, Size(p + 1, end), false);
      p = SkipSpace(end + 1);
      if (*p != ':') return Fail(p);
      p = Value(SkipSpace(p + 1));
      if (p == nullptr) return nullptr;
      p = SkipSpace(p);
      if (*p == '}') return EndObject(p);
      if (*p != ',') return Fail(p);
      p = SkipSpace(p + 1);
    }
  }

  const char* error() const { return error_; }

 private:
  static unsigned Size(const char* begin, const char* end) {
    return static_cast<unsigned>(end - begin);
  }

  // Most JSON that machines write has no white space: told by one look.
  static const char* SkipSpace(const char* p) {
    while (*p <= ' ' && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
      ++p;
    }
    return p;
  }

  static const char* FindQuote(const char* p) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    for (;; p += 16) {
      const __m128i bytes =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
      const auto quotes = static_cast<std::uint32_t>(
          _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote)));
      if (quotes != 0) return p + std::countr_zero(quotes);
    }
#else
    while (*p != '"') ++p;
    return p;
#endif
  }

  const char* Fail(const char* p) {
    error_ = p;
    return nullptr;
  }

  const char* EndObject(const char* p) {
    handler_.EndObject(0);
    return p + 1;
  }

  const char* Array(const char* p) {
    if (!handler_.StartArray()) return Fail(p);
    p = SkipSpace(p + 1);
    if (*p != ']') {
      for (;;) {
        p = Value(p);
        if (p == nullptr) return nullptr;
        p = SkipSpace(p);
        if (*p == ']') break;
        if (*p != ',') return Fail(p);
        p = SkipSpace(p + 1);
      }
    }
    handler_.EndArray(0);
    return p + 1;
  }

  const char* Value(const char* p) {
    switch (*p) {
      case '"': {
        const char* const end = FindQuote(p + 1);
        handler_.String(p + 1, Size(p + 1, end), false);
        return end + 1;
      }
      case '{':
        return Object(p);
      case '[':
        return Array(p);
      case 'n':
        p = Word(p, "null");
        if (p != nullptr) handler_.Null();
        return p;
      case 't':
        p = Word(p, "true");
        if (p != nullptr) handler_.Bool(true);
        return p;
      case 'f':
        p = Word(p, "false");
        if (p != nullptr) handler_.Bool(false);
        return p;
      default:
        return Number(p);
    }
  }

  const char* Word(const char* p, std::string_view word) {
    if (std::memcmp(p, word.data(), word.size()) == 0) return p + word.size();
    for (std::size_t i = 0; *p == word[i]; ++i) ++p;
    return Fail(p);
  }

  const char* Number(const char* p) {
    const char* end = p;
    if (!SkipNumber(end)) return Fail(end);
    handler_.RawNumber(p, Size(p, end), false);
    return end;
  }

  Handler& handler_;
  const char* error_ = nullptr;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_PLAIN_JSON_WALKER_H_
