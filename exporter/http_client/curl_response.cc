#include "exporter/http_client/curl_response.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "exporter/base/text.h"

namespace operator_connect::http_client {
namespace {

constexpr std::chrono::seconds kLongestPause = std::chrono::hours(1);
// An unwanted body is read up to this size and time, so that the connection can
// be reused.
constexpr std::uint64_t kDiscardBytes = 16 * 1024;
constexpr Duration kDiscardTime = std::chrono::milliseconds(250);

// The values of all headers of that name in the final head, in order.
std::vector<std::string_view> Values(CURL* easy, const char* name) {
  std::vector<std::string_view> values;
  curl_header* header = nullptr;
  while (curl_easy_header(easy, name, values.size(), CURLH_HEADER, -1,
                          &header) == CURLHE_OK) {
    values.emplace_back(header->value);
  }
  return values;
}

// Empty: there is none.
std::string LastValue(CURL* easy, const char* name) {
  const std::vector<std::string_view> values = Values(easy, name);
  return values.empty() ? std::string() : std::string(values.back());
}

// The elements of the lists in all headers of that name, in lower case, without
// "identity", which has no effect.
std::vector<std::string> Codings(CURL* easy, const char* name) {
  std::vector<std::string> codings;
  for (std::string_view list : Values(easy, name)) {
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      std::string coding = LowerCase(TrimWhitespace(list.substr(0, comma)));
      list.remove_prefix(std::min(comma + 1, list.size()));
      if (!coding.empty() && coding != "identity") {
        codings.push_back(std::move(coding));
      }
    }
  }
  return codings;
}

bool IsLength(std::string_view text) {
  std::int64_t length = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, length);
  return error == std::errc() && stop == end && length >= 0 &&
         text.front() != '-';
}

// Returns why a response's framing is not trustworthy; empty: it is.
std::string_view FramingProblem(CURL* easy) {
  const std::vector<std::string_view> lengths = Values(easy, "Content-Length");
  if (!std::all_of(lengths.begin(), lengths.end(), IsLength)) {
    return "the answer's Content-Length is not a length";
  }
  if (std::adjacent_find(lengths.begin(), lengths.end(),
                         std::not_equal_to<>()) != lengths.end()) {
    return "the answer has two different Content-Lengths";
  }
  const std::vector<std::string> transfer = Codings(easy, "Transfer-Encoding");
  if (std::any_of(transfer.begin(), transfer.end(),
                  [](const std::string& c) { return c != "chunked"; })) {
    return "the answer has a transfer encoding that was not asked for";
  }
  const std::vector<std::string> content = Codings(easy, "Content-Encoding");
  if (std::any_of(content.begin(), content.end(), [](const std::string& c) {
        return c != "gzip" && c != "x-gzip";
      })) {
    return "the answer is compressed in a way that was not asked for";
  }
  return content.size() > 1 ? "the answer is compressed more than once"
                            : std::string_view();
}

// No media type has more digits in a row; a telephone number has.
constexpr int kMostDigits = 6;

bool IsMediaType(std::string_view text) {
  int slashes = 0;
  int digits = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    digits = digit ? digits + 1 : 0;
    slashes += c == '/' ? 1 : 0;
    const bool letter = LowerCase(c) >= 'a' && LowerCase(c) <= 'z';
    const bool mark = std::string_view("/.+-_").find(c) != text.npos;
    if (digits > kMostDigits || !(digit || letter || mark)) return false;
  }
  return slashes == 1 && text.size() <= 128 && text.front() != '/' &&
         text.back() != '/';
}

std::string MediaType(std::string_view value) {
  if (value.empty()) return {};
  const std::string_view type =
      TrimWhitespace(value.substr(0, value.find(';')));
  return IsMediaType(type) ? std::string(type) : "an odd content type";
}

}  // namespace

bool CurlResponse::Refuse(Failure::Kind kind, const std::string& detail) {
  failure_ = Failure{kind, response_.status, server_ + ": " + detail, true};
  return false;
}

bool CurlResponse::TakeHeadLine(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > kMaxHeadBytes) {
    return Refuse(Failure::Kind::kMalformed,
                  "the head of the answer is larger than 64 KiB");
  }
  // Trailers follow the final head; they are ignored.
  if (has_head_ || (line != "\r\n" && line != "\n")) return true;
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200) return true;
  response_.status = static_cast<int>(status);
  return EndHead();
}

bool CurlResponse::EndHead() {
  const std::string_view problem = FramingProblem(easy_);
  if (!problem.empty()) {
    return Refuse(Failure::Kind::kMalformed, std::string(problem));
  }
  has_head_ = true;
  response_.content_type = MediaType(LastValue(easy_, "Content-Type"));
  response_.retry_after =
      ParseRetryAfter(LastValue(easy_, "Retry-After"), LastValue(easy_, "Date"),
                      std::chrono::system_clock::now());
  return BeginBody(!Codings(easy_, "Content-Encoding").empty());
}

bool CurlResponse::BeginBody(bool compressed) {
  wanted_ = receiver_.OnHead(response_.status);
  curl_off_t length = -1;
  curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (!wanted_) {
    until_ = std::min(until_, std::chrono::steady_clock::now() + kDiscardTime);
  } else if (!compressed && length > 0 &&
             static_cast<std::uint64_t>(length) > max_body_bytes_) {
    return Refuse(Failure::Kind::kTooLarge,
                  "the answer announces " + std::to_string(length) +
                      " bytes, more than " + std::to_string(max_body_bytes_));
  }
  return true;
}

bool CurlResponse::TakeBody(std::string_view piece) {
  response_.body_bytes += piece.size();
  if (!wanted_) return response_.body_bytes <= kDiscardBytes;
  if (response_.body_bytes > max_body_bytes_) {
    return Refuse(Failure::Kind::kTooLarge,
                  "the answer, decompressed, has more than " +
                      std::to_string(max_body_bytes_) + " bytes");
  }
  // A fast or compressing server can deliver many pieces in one call.
  time_up_ = deadline_.expired();
  if (time_up_) return false;
  enough_ = !receiver_.OnBody(piece);
  return !enough_;
}

Duration ParseRetryAfter(const std::string& value, const std::string& date,
                         WallTime now) {
  using std::chrono::seconds;
  if (!value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        return c >= '0' && c <= '9';
      })) {
    // A number with too many digits keeps the cap.
    std::int64_t number = kLongestPause.count();
    std::from_chars(value.data(), value.data() + value.size(), number);
    return std::min(seconds(number), kLongestPause);
  }
  const std::time_t until = curl_getdate(value.c_str(), nullptr);
  if (until == -1) return {};
  std::time_t from = curl_getdate(date.c_str(), nullptr);
  if (from == -1)
    from =
        std::chrono::system_clock::to_time_t(std::chrono::floor<seconds>(now));
  return std::clamp(seconds(until - from), seconds(0), kLongestPause);
}

}  // namespace operator_connect::http_client
