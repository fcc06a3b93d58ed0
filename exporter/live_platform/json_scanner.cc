#include "exporter/live_platform/json_scanner.h"

#include <bit>
#include <cstring>
#include <optional>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace operator_connect::live_platform {
namespace {

// One bit for each byte of a block, lowest first.
struct Masks {
  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  // Also Y, y, _ and DEL, which stand outside of strings in no JSON.
  std::uint64_t brackets = 0;
};

// '[', '{', ']' and '}', and few others, are equal once these bits are set.
constexpr char kBracketBits = 0x26;
constexpr char kBracket = 0x7f;

#if defined(__SSE2__)

std::uint64_t Bits(__m128i bytes) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
}

Masks Classify(const char* block) {
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i bracket_bits = _mm_set1_epi8(kBracketBits);
  const __m128i bracket = _mm_set1_epi8(kBracket);
  Masks masks;
  __m128i backslashes[4];
  for (int i = 0; i < 4; ++i) {
    const __m128i bytes =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
    const int shift = 16 * i;
    masks.quotes |= Bits(_mm_cmpeq_epi8(bytes, quote)) << shift;
    masks.brackets |=
        Bits(_mm_cmpeq_epi8(_mm_or_si128(bytes, bracket_bits), bracket))
        << shift;
    backslashes[i] = _mm_cmpeq_epi8(bytes, backslash);
  }
  // Most blocks have none.
  if (Bits(_mm_or_si128(_mm_or_si128(backslashes[0], backslashes[1]),
                        _mm_or_si128(backslashes[2], backslashes[3]))) != 0) {
    for (int i = 0; i < 4; ++i) {
      masks.backslashes |= Bits(backslashes[i]) << (16 * i);
    }
  }
  return masks;
}

#else

Masks Classify(const char* block) {
  Masks masks;
  for (std::size_t i = 0; i < JsonContainerScanner::kBlock; ++i) {
    const char c = block[i];
    masks.quotes |= std::uint64_t{c == '"'} << i;
    masks.backslashes |= std::uint64_t{c == '\\'} << i;
    masks.brackets |= std::uint64_t{(c | kBracketBits) == kBracket} << i;
  }
  return masks;
}

#endif

// Which bytes are escaped by a backslash before them. `carry` says whether
// the first one is, and is left saying so of the next block's first.
std::uint64_t EscapedBytes(std::uint64_t backslashes, std::uint64_t& carry) {
  std::uint64_t escaped = carry;
  backslashes &= ~carry;
  carry = 0;
  while (backslashes != 0) {
    const int at = std::countr_zero(backslashes);
    if (at == 63) {
      carry = 1;
      break;
    }
    const std::uint64_t next = std::uint64_t{2} << at;
    escaped |= next;
    backslashes &= ~(next | (next >> 1));
  }
  return escaped;
}

// Each bit becomes the parity of itself and all bits below it: between an
// opening and a closing quote it is set.
std::uint64_t PrefixParity(std::uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') {
    return static_cast<unsigned>(lower - 'a' + 10);
  }
  return std::nullopt;
}

// The code unit of an escape \uXXXX at `p`, if one is there.
std::optional<unsigned> UnicodeEscape(const char* p, const char* end) {
  if (end - p < 6 || p[0] != '\\' || p[1] != 'u') return std::nullopt;
  unsigned unit = 0;
  for (int i = 2; i < 6; ++i) {
    const std::optional<unsigned> digit = HexDigit(p[i]);
    if (!digit) return std::nullopt;
    unit = unit << 4 | *digit;
  }
  return unit;
}

bool IsHighSurrogate(unsigned unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLowSurrogate(unsigned unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Repairs the escape at `p`, which points at its backslash; returns what
// follows it.
char* RepairEscape(char* p, char* end) {
  const std::optional<unsigned> unit = UnicodeEscape(p, end);
  if (!unit) return p + 2 < end ? p + 2 : end;
  char* const next = p + 6;
  if (IsHighSurrogate(*unit)) {
    const std::optional<unsigned> low = UnicodeEscape(next, end);
    if (low && IsLowSurrogate(*low)) return next + 6;
  } else if (!IsLowSurrogate(*unit)) {
    return next;
  }
  p[2] = p[3] = p[4] = 'f';
  p[5] = 'd';
  return next;
}

}  // namespace

std::size_t JsonContainerScanner::Scan(const char* data, std::size_t size) {
  for (std::size_t at = 0; at < size; at += kBlock) {
    const Masks masks = Classify(data + at);
    std::uint64_t quotes = masks.quotes;
    if ((masks.backslashes | escaped_) != 0) [[unlikely]] {
      has_escapes_ = true;
      quotes &= ~EscapedBytes(masks.backslashes, escaped_);
    }
    const std::uint64_t inside = PrefixParity(quotes) ^ in_string_;
    in_string_ = 0 - (inside >> 63);
    std::uint64_t brackets = masks.brackets & ~inside;
    while (brackets != 0) {
      const int bit = std::countr_zero(brackets);
      brackets &= brackets - 1;
      // '{' and '[' have the second-lowest bit set, '}' and ']' the third.
      const bool opens = (data[at + bit] & 2) != 0;
      depth_ += opens ? 1 : -1;
      if (depth_ > kMaxDepth) {
        too_deep_ = true;
        return at + bit + 1;
      }
      if (depth_ == 0) {
        done_ = true;
        return at + bit + 1;
      }
    }
  }
  return size;
}

void RepairSurrogates(char* data, std::size_t size) {
  char* const end = data + size;
  for (char* p = data; p < end;) {
    p = static_cast<char*>(
        std::memchr(p, '\\', static_cast<std::size_t>(end - p)));
    if (p == nullptr) return;
    p = RepairEscape(p, end);
  }
}

}  // namespace operator_connect::live_platform
