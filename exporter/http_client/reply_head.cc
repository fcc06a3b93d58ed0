#include "exporter/http_client/reply_head.h"

#include <algorithm>
#include <charconv>

namespace operator_connect::http_client {
namespace {

constexpr std::size_t kMaxValueBytes = 128;

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool SameName(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(),
                    [](char x, char y) { return Lower(x) == y; });
}

std::string_view Trim(std::string_view text) {
  const auto space = [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

// Whether every element of a comma list is one of `allowed`.
template <std::size_t N>
bool AllOf(std::string_view list, const std::string_view (&allowed)[N]) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = Trim(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (item.empty()) continue;
    if (std::none_of(std::begin(allowed), std::end(allowed),
                     [&](std::string_view a) { return SameName(item, a); })) {
      return false;
    }
  }
  return true;
}

// No media type has so many digits in a row; a telephone number has.
constexpr int kMostDigits = 6;

bool IsMediaType(std::string_view text) {
  int slashes = 0;
  int digits = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    digits = digit ? digits + 1 : 0;
    slashes += c == '/' ? 1 : 0;
    const bool letter = Lower(c) >= 'a' && Lower(c) <= 'z';
    const bool mark = std::string_view("/.+-_").find(c) != text.npos;
    if (digits > kMostDigits || !(digit || letter || mark)) return false;
  }
  return slashes == 1 && text.size() <= kMaxValueBytes && text.front() != '/' &&
         text.back() != '/';
}

std::string MediaType(std::string_view value) {
  const std::string_view type = Trim(value.substr(0, value.find(';')));
  return IsMediaType(type) ? std::string(type) : "an odd content type";
}

}  // namespace

std::string Printable(std::string_view text, std::size_t max) {
  std::string out;
  for (const char c : text) {
    if (out.size() == max) break;
    if (c >= 0x20 && c < 0x7f) out.push_back(c);
  }
  return out;
}

ReplyHead::Step ReplyHead::Refuse(std::string_view problem) {
  problem_ = problem;
  return Step::kRefused;
}

ReplyHead::Step ReplyHead::Add(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > kMaxBytes) {
    return Refuse("the head of the answer is larger than 64 KiB");
  }
  if (final_) return Step::kMore;
  if (line.starts_with("HTTP/")) {
    BeginStatus(line);
    return Step::kMore;
  }
  const std::string_view text = Trim(line);
  if (text.empty() && !line.empty() && line.front() != ' ' &&
      line.front() != '\t') {
    if (status_ < 200) return Step::kMore;
    final_ = true;
    return Step::kFinal;
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return Step::kMore;
  if (!AddField(Trim(text.substr(0, colon)), Trim(text.substr(colon + 1)))) {
    return Step::kRefused;
  }
  return Step::kMore;
}

void ReplyHead::BeginStatus(std::string_view line) {
  status_ = 0;
  compressed_ = false;
  content_length_.reset();
  content_type_.clear();
  date_.clear();
  retry_after_.clear();
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return;
  const std::string_view rest = Trim(line.substr(space));
  std::from_chars(rest.data(),
                  rest.data() + std::min<std::size_t>(3, rest.size()), status_);
}

bool ReplyHead::AddField(std::string_view name, std::string_view value) {
  if (SameName(name, "content-type")) {
    content_type_ = MediaType(value);
  } else if (SameName(name, "date")) {
    date_ = Printable(value, kMaxValueBytes);
  } else if (SameName(name, "retry-after")) {
    retry_after_ = Printable(value, kMaxValueBytes);
  } else if (SameName(name, "content-length")) {
    return AddLength(value);
  } else if (SameName(name, "content-encoding")) {
    if (!AllOf(value, {"identity", "gzip", "x-gzip"})) {
      Refuse("the answer is compressed in a way that was not asked for");
      return false;
    }
    if (!AllOf(value, {"identity"})) {
      if (compressed_ || value.find(',') != std::string_view::npos) {
        Refuse("the answer is compressed more than once");
        return false;
      }
      compressed_ = true;
    }
  } else if (SameName(name, "transfer-encoding")) {
    if (!AllOf(value, {"identity", "chunked"})) {
      Refuse("the answer has a transfer encoding that was not asked for");
      return false;
    }
  }
  return true;
}

bool ReplyHead::AddLength(std::string_view value) {
  std::uint64_t length = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, length);
  if (error != std::errc() || stop != end || length > INT64_MAX) {
    Refuse("the answer's Content-Length is not a length");
    return false;
  }
  if (content_length_ && *content_length_ != length) {
    Refuse("the answer has two different Content-Lengths");
    return false;
  }
  content_length_ = length;
  return true;
}

}  // namespace operator_connect::http_client
