#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_REPLY_HEAD_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_REPLY_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace operator_connect::http_client {

// Reads the head of an HTTP answer line by line: interim heads (1xx) are
// passed over, the final one is kept. Refuses what must not be believed: more
// than kMaxBytes of head, a Content-Length that is no number or contradicts
// another, a compression that was not asked for (some need 100 MB to undo).
class ReplyHead {
 public:
  static constexpr std::size_t kMaxBytes = 64 * 1024;

  enum class Step {
    kMore,     // the head goes on
    kFinal,    // the empty line after the final head: the body begins
    kRefused,  // problem() says why
  };

  // `line` as received, with its line ending. After kFinal, lines are
  // trailers, which count but say nothing.
  Step Add(std::string_view line);

  // 0 before the first status line; below 200 while only interim heads came.
  int status() const { return status_; }
  bool final() const { return final_; }
  // The media type alone, such as text/html, in words of ours when it is not
  // one: it is shown in logs, and a server may write anything there.
  const std::string& content_type() const { return content_type_; }
  // Both as sent, without what is not printable ASCII, at most 128 bytes.
  const std::string& date() const { return date_; }
  const std::string& retry_after() const { return retry_after_; }
  // The body is gzip.
  bool compressed() const { return compressed_; }
  // Of the body as it is; unset when it is compressed or has no length.
  std::optional<std::uint64_t> body_length() const {
    return compressed_ ? std::nullopt : content_length_;
  }
  // Words of ours; empty unless refused.
  const std::string& problem() const { return problem_; }

 private:
  Step Refuse(std::string_view problem);
  void BeginStatus(std::string_view line);
  bool AddField(std::string_view name, std::string_view value);
  bool AddLength(std::string_view value);

  std::size_t bytes_ = 0;
  int status_ = 0;
  bool final_ = false;
  bool compressed_ = false;
  std::optional<std::uint64_t> content_length_;
  std::string content_type_;
  std::string date_;
  std::string retry_after_;
  std::string problem_;
};

// `text` without bytes that are not printable ASCII, cut at `max` bytes.
std::string Printable(std::string_view text, std::size_t max);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_REPLY_HEAD_H_
