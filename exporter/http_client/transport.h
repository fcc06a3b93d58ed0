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

// One HTTP request. If `form` is set, a POST of that
// application/x-www-form-urlencoded body; else a GET.
struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::string> form;
  bool fresh = false;                // true: use a new connection
  std::uint64_t max_body_bytes = 0;  // decompressed; beyond it: kTooLarge
};

// A response of any status.
struct HttpResponse {
  int status = 0;
  // The media type alone, such as text/html; a fixed text if it is none, as it
  // is logged and a server can send anything.
  std::string content_type;
  // The pause of a Retry-After header, at most an hour; 0: none.
  Duration retry_after{};
  std::uint64_t body_bytes = 0;  // decompressed
};

// Receives a body as it arrives, decompressed, in pieces of any size.
class BodyReceiver {
 public:
  virtual ~BodyReceiver() = default;
  // Called after the final status line and headers. False: the body is not
  // wanted and not delivered. A short one is read so that the connection can be
  // kept; for a longer or slower one the connection is closed.
  virtual bool OnHead(int status) = 0;
  // Receives the next piece. False: breaks off the transfer, and Perform()
  // returns the response so far.
  virtual bool OnBody(std::string_view piece) = 0;
};

// A keep-alive connection to one server, used by one thread at a time.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  // Sends one request once, on the kept connection if that is still open; if it
  // closes just then, the request fails. Requests and undoes compression. Does
  // not follow redirects. Blocks until the last byte, but no longer than
  // `deadline`, whatever the server does. Errors: kTimeout (also when stopped),
  // kTransport (includes a cut body, if HTTP can tell; a compressed body that
  // ends early without breaking HTTP is none), kMalformed (no HTTP, a nonsense
  // length or compression, a head over 64 KiB), kTooLarge, kCredentials (an
  // unusable client certificate or key). Details name the server as host:port,
  // never a whole URL. Exceptions of `body` pass through.
  virtual Result<HttpResponse, Failure> Perform(const HttpRequest& request,
                                                BodyReceiver& body,
                                                const Deadline& deadline) = 0;
  // The received bytes of the last request's body, also after a failure.
  virtual std::uint64_t wire_bytes() const = 0;
};

// Makes connections that share TLS settings and a proxy. Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  // Never fails and never blocks: the first request opens the connection.
  virtual std::unique_ptr<HttpConnection> Connect() = 0;
};

// Makes transports: MakeTransport(), or a test's own function.
using TransportMaker = std::function<std::unique_ptr<Transport>(
    const config::TlsConfig& tls, const config::Proxy& proxy)>;

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_TRANSPORT_H_
