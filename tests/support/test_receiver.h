#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEST_RECEIVER_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEST_RECEIVER_H_

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "exporter/http_client/curl_transport.h"

namespace operator_connect {

struct FetchOptions {
  Duration timeout = std::chrono::seconds(10);
  std::stop_token stop;
  std::uint64_t max_body_bytes = 1 << 20;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::string> form;
  bool keep_body = true;
  bool throws = false;
  std::uint64_t enough_after = UINT64_MAX;
  config::TlsConfig tls;
  config::Proxy proxy;
};

// Newer versions of libcurl look at most once in that time whether a kept
// connection was closed.
inline constexpr std::chrono::milliseconds kLookedAtAgain{1100};

// The outcome of a request.
struct Fetched {
  std::optional<Result<http_client::HttpResponse, http_client::Failure>> result;
  std::string body;
  std::uint64_t wire_bytes = 0;

  http_client::Failure::Kind kind() const { return result->error().kind; }
  std::string detail() const {
    return result->ok() ? std::string() : result->error().detail;
  }
};

// Accepts the bodies of responses with status 200.
class TestReceiver : public http_client::BodyReceiver {
 public:
  explicit TestReceiver(const FetchOptions& options) : options_(options) {}
  bool OnHead(int status) override { return status == 200; }
  bool OnBody(std::string_view piece) override {
    if (options_.throws) throw std::runtime_error("from the receiver");
    bytes_ += piece.size();
    if (options_.keep_body) body.append(piece);
    return bytes_ < options_.enough_after;
  }
  std::string body;

 private:
  const FetchOptions& options_;
  std::uint64_t bytes_ = 0;
};

inline Fetched Fetch(http_client::HttpConnection& connection,
                     const std::string& url, const FetchOptions& options = {}) {
  http_client::HttpRequest request;
  request.url = url;
  request.headers = options.headers;
  request.form = options.form;
  request.max_body_bytes = options.max_body_bytes;
  TestReceiver receiver(options);
  Fetched fetched;
  fetched.result = connection.Perform(
      request, receiver, Deadline::After(options.timeout, options.stop));
  fetched.body = std::move(receiver.body);
  fetched.wire_bytes = connection.wire_bytes();
  return fetched;
}

inline Fetched Fetch(const std::string& url, const FetchOptions& options = {}) {
  const auto connection =
      http_client::MakeTransport(options.tls, options.proxy)->Connect();
  return Fetch(*connection, url, options);
}

// The size that tells growth from noise. AddressSanitizer keeps 256 MB of freed
// memory from being used again.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr long kMemorySlackKilobytes = 600 * 1024;
#else
inline constexpr long kMemorySlackKilobytes = 48 * 1024;
#endif

inline long ResidentKilobytes() {
  long pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEST_RECEIVER_H_
