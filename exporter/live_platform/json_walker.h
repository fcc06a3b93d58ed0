#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_JSON_WALKER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_JSON_WALKER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace operator_connect::live_platform {

// Moves `p` over a number by JSON's grammar. False: `p` is at the byte that
// breaks it.
inline bool SkipJsonNumber(const char*& p) {
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

// Moves `p`, which is at a backslash, over the escape. False: `p` is at the
// byte that breaks it.
bool SkipJsonEscape(const char*& p);

// Appends `text`, the inside of a string with valid escapes, in UTF-8. Half of
// a surrogate pair becomes U+FFFD.
void AppendUnescaped(std::string_view text, std::string& out);

// Walks over one JSON value and calls a handler, like RapidJSON's reader:
// Null(), Bool(bool), Number(text), String(text, escaped), Key(name, escaped),
// StartObject(), EndObject(), StartArray(), EndArray(). Passes strings as they
// are written, control characters and invalid UTF-8 included; `escaped` tells
// that there are escapes, all valid. Does not change the text.
//
// The text must be followed by bytes that stop the walk inside and outside of a
// string, and then by 16 readable bytes. StartObject() and StartArray() return
// false to stop: this bounds the depth, and so the stack.
template <typename Handler>
class JsonWalker {
 public:
  explicit JsonWalker(Handler& handler) : handler_(handler) {}

  // Walks over the value that begins at `p`, without white space before it.
  // Returns the position after it. Null: the value is broken at error(), or the
  // handler stopped the walk.
  const char* Value(const char* p) {
    switch (*p) {
      case '"':
        return String(p);
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

  const char* error() const { return error_; }

 private:
  static std::string_view Text(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  // Most JSON from machines has no white space: one comparison shows that.
  static const char* SkipSpace(const char* p) {
    while (*p <= ' ' && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
      ++p;
    }
    return p;
  }

  // Finds the next quote or backslash.
  static const char* FindStop(const char* p) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    for (;; p += 16) {
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

  // Finds the closing quote of the string whose inside begins at `p`; null: the
  // string is broken.
  const char* StringEnd(const char* p, bool& escaped) {
    p = FindStop(p);
    escaped = *p != '"';
    while (*p != '"') {
      if (!SkipJsonEscape(p)) return Fail(p);
      p = FindStop(p);
    }
    return p;
  }

  const char* Fail(const char* p) {
    error_ = p;
    return nullptr;
  }

  const char* Object(const char* p) {
    if (!handler_.StartObject()) return Fail(p);
    p = SkipSpace(p + 1);
    if (*p == '}') return EndObject(p);
    for (;;) {
      if (*p != '"') return Fail(p);
      bool escaped = false;
      const char* const end = StringEnd(p + 1, escaped);
      if (end == nullptr) return nullptr;
      handler_.Key(Text(p + 1, end), escaped);
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

  const char* EndObject(const char* p) {
    handler_.EndObject();
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
    handler_.EndArray();
    return p + 1;
  }

  const char* String(const char* p) {
    bool escaped = false;
    const char* const end = StringEnd(p + 1, escaped);
    if (end == nullptr) return nullptr;
    handler_.String(Text(p + 1, end), escaped);
    return end + 1;
  }

  const char* Word(const char* p, std::string_view word) {
    if (std::memcmp(p, word.data(), word.size()) == 0) return p + word.size();
    for (std::size_t i = 0; *p == word[i]; ++i) ++p;
    return Fail(p);
  }

  const char* Number(const char* p) {
    const char* end = p;
    if (!SkipJsonNumber(end)) return Fail(end);
    handler_.Number(Text(p, end));
    return end;
  }

  Handler& handler_;
  const char* error_ = nullptr;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_JSON_WALKER_H_
