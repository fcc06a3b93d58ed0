#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_TRANSPORT_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_TRANSPORT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::http_client {

// One HTTP request. `form` set: a POST of that
// application/x-www-form-urlencoded body; else a GET.
struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::string> form;
  bool fresh = false;                // true: on a new connection
  std::uint64_t max_body_bytes = 0;  // decompressed; past it: kTooLarge
};

// What came back, whatever its status.
struct HttpResponse {
  int status = 0;
  // The media type alone, such as text/html, in words of ours when it is not
  // one: it is shown in logs, and a server may write anything there.
  std::string content_type;
  // What a Retry-After header asks for, at most an hour; 0: nothing.
  Duration retry_after{};
  std::uint64_t body_bytes = 0;  // decompressed
};

// Takes a body as it arrives, decompressed, in pieces of any size.
class BodyReceiver {
 public:
  virtual ~BodyReceiver() = default;
  // The final status line and headers are read. False: the body is not wanted;
  // it is then not delivered. A short one is read off so that the connection
  // can be kept; a longer or slower one is left, and the connection closed.
  virtual bool OnHead(int status) = 0;
  // The next piece. False: enough is known; the transfer is broken off, and
  // Perform() returns the response as far as it came.
  virtual bool OnBody(std::string_view piece) = 0;
};

// One keep-alive connection to one server, used by one thread at a time.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  // Sends one request once, on the connection kept from the one before if that
  // is still open; one that is closed just then fails it. Compression is asked
  // for and undone. Redirects are not followed. Blocks until the last byte, at
  // the latest until `deadline`, whatever the other side does. Errors: kTimeout
  // (also when stopped), kTransport (a body cut short is one, where HTTP can
  // tell; a compressed body that ends early, and says so, is none), kMalformed
  // (no HTTP, a nonsense length or compression, a head past 64 KiB), kTooLarge,
  // kCredentials (a client certificate or key that cannot be used). Details
  // name the server as host:port, never a whole URL. What `body` throws passes
  // through.
  virtual Result<HttpResponse, Failure> Perform(const HttpRequest& request,
                                                BodyReceiver& body,
                                                const Deadline& deadline) = 0;
  // Of the last request's body, as received; also when it failed.
  virtual std::uint64_t wire_bytes() const = 0;
};

// Makes connections that share TLS settings and a proxy. Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  // Never fails and never blocks: the connection is opened by its first
  // request.
  virtual std::unique_ptr<HttpConnection> Connect() = 0;
};

// Makes transports: MakeTransport(), or a test's own.
using TransportMaker = std::function<std::unique_ptr<Transport>(
    const config::TlsConfig& tls, const config::Proxy& proxy)>;

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_TRANSPORT_H_
