#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TRANSPORT_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TRANSPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/live_platform/failure.h"

namespace operator_connect::live_platform {

// One HTTP request. `form` set: a POST of that application/x-www-form-urlencoded
// body; else a GET.
struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::string> form;
  std::uint64_t max_body_bytes = 0;  // decompressed; past it: kTooLarge
};

// What came back, whatever its status.
struct HttpReply {
  int status = 0;
  std::string content_type;       // as sent, at most 128 bytes, printable
  std::string retry_after;        // the header as sent; empty: there was none
  std::uint64_t body_bytes = 0;   // decompressed
  std::uint64_t wire_bytes = 0;   // of the body, as received
};

// Takes a body as it arrives, decompressed, in pieces of any size.
class BodyReceiver {
 public:
  virtual ~BodyReceiver() = default;
  // The final status line and headers are read. False: the body is not wanted;
  // it is then not delivered, and may be left unread.
  virtual bool OnHead(int status) = 0;
  // The next piece. False: enough is known; the transfer is broken off, and
  // Perform() returns the reply as far as it came.
  virtual bool OnBody(std::string_view piece) = 0;
};

// One keep-alive connection to one server, used by one thread at a time.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  // Performs one request once (a stale keep-alive connection is replaced
  // silently, before anything was answered). Compression is asked for and
  // undone. Redirects are not followed. Blocks until the last byte, at the
  // latest until `deadline`, whatever the other side does. Errors: kTimeout,
  // kTransport (a body cut short is one, where HTTP can tell), kTooLarge,
  // kCredentials (a client certificate or key that cannot be read).
  virtual Result<HttpReply, Failure> Perform(const HttpRequest& request,
                                             BodyReceiver& body,
                                             const Deadline& deadline) = 0;
};

// Makes connections that share TLS settings and a proxy. Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  // Never fails and never blocks: the connection is opened by its first
  // request.
  virtual std::unique_ptr<HttpConnection> Connect() = 0;
};

// The real transport. `proxy_url` empty: no proxy, whatever the environment
// says. Certificate files are read again for new connections, so that renewed
// ones count without a restart.
std::unique_ptr<Transport> MakeTransport(const config::TlsConfig& tls,
                                         const std::string& proxy_url);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TRANSPORT_H_
