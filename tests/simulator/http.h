#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_HTTP_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_HTTP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulator/fault.h"
#include "tests/simulator/stream.h"

namespace operator_connect::simulator {

struct HttpRequest {
  std::string method;
  std::string path;  // decoded, without the query
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  // Empty if it is missing.
  std::string_view header(const std::string& name) const;
  std::optional<std::string> param(const std::string& name) const;
};

// Decodes the fields of a query or a form.
std::map<std::string, std::string> ParseForm(std::string_view text);

// Reads requests from a connection, one at a time.
class RequestReader {
 public:
  explicit RequestReader(Stream& stream) : stream_(stream) {}
  // nullopt: the connection ended, or the input is no request.
  std::optional<HttpRequest> Next();

 private:
  bool Fill();

  Stream& stream_;
  std::string buffer_;
};

// Takes a body piece by piece. False: no more is wanted.
using Sink = std::function<bool(std::string_view)>;
// Passes a body to a sink. False: the sink refused.
using BodySource = std::function<bool(const Sink&)>;

BodySource TextBody(std::string text);
// The whole body as text.
std::string Collect(const BodySource& source);
// The body as a gzip stream.
BodySource Gzipped(BodySource source);

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  BodySource body = TextBody("");
  Framing framing = Framing::kContentLength;
  bool gzip = false;
  std::uint64_t estate_version = 0;
};

HttpResponse TextResponse(int status, std::string body,
                          std::string content_type = "application/json");

// The status line and headers, including the empty line. `length` is the
// Content-Length.
std::string ResponseHead(const HttpResponse& response,
                         std::optional<std::size_t> length);

// Sends a correct response. Calls `before_last` before the last bytes. False:
// the connection is unusable.
bool SendResponse(Stream& stream, HttpResponse response,
                  const std::function<void()>& before_last);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_HTTP_H_
