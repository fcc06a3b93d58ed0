#include "exporter/web/conversation.h"

#include <httplib.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <utility>

#include "exporter/base/text.h"
#include "exporter/web/gzip.h"
#include "exporter/web/request_head.h"

namespace operator_connect::web {
namespace {

constexpr std::uint64_t kLargestBody = 64 << 10;

// A stream for the library that holds the head of one request and nothing
// behind it, and passes on the library's output. Versions of the library
// require different members; these are all of them, so none can be marked
// `override`. NOLINTBEGIN(modernize-use-override)
class HeadStream : public httplib::Stream {
 public:
  HeadStream(std::string head, std::string peer, ByteSink& sink)
      : head_(std::move(head)), peer_(std::move(peer)), sink_(sink) {}

  bool is_readable() const { return position_ < head_.size(); }
  bool wait_readable() const { return is_readable(); }
  bool is_writable() const { return !failed_; }
  bool wait_writable() const { return is_writable(); }
  time_t duration() const { return 0; }

  ssize_t read(char* ptr, std::size_t size) {
    if (position_ >= head_.size()) return -1;
    const std::size_t count = head_.copy(ptr, size, position_);
    position_ += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* ptr, std::size_t size) {
    if (failed_ || !sink_.Write(std::string_view(ptr, size))) {
      failed_ = true;
      return -1;
    }
    return static_cast<ssize_t>(size);
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const {
    ip = peer_;
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const {
    ip.clear();
    port = 0;
  }
  // Invalid, as the library refuses descriptors above select()'s limit.
  socket_t socket() const { return INVALID_SOCKET; }

 private:
  const std::string head_;
  const std::string peer_;
  ByteSink& sink_;
  std::size_t position_ = 0;
  bool failed_ = false;
};
// NOLINTEND(modernize-use-override)

bool HasToken(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    if (EqualIgnoringCase(TrimWhitespace(item), token)) return true;
  }
  return false;
}

bool HasBody(const Request& request) {
  if (!request.Header("Transfer-Encoding").empty()) return true;
  const std::string_view length = request.Header("Content-Length");
  return !length.empty() && length != "0";
}

// Refuses a body by the headers, without reading it.
std::optional<Response> RefuseBody(const Request& request) {
  if (!request.Header("Content-Encoding").empty()) {
    return Text(415, "a request body with a Content-Encoding is not accepted");
  }
  const std::string_view text = request.Header("Content-Length");
  std::uint64_t length = 0;  // digits alone, as the head was read
  const auto error =
      std::from_chars(text.data(), text.data() + text.size(), length).ec;
  if (error == std::errc::result_out_of_range || length > kLargestBody) {
    return Text(413, "the request body is too large");
  }
  return std::nullopt;
}

bool WritePieces(const Response& response, httplib::DataSink& sink) {
  for (const auto& piece : response.pieces) {
    if (piece->empty()) continue;
    if (!sink.write(piece->data(), piece->size())) return false;
  }
  return true;
}

bool WriteCompressed(const Response& response, httplib::DataSink& sink) {
  GzipWriter gzip([&sink](std::string_view bytes) {
    return sink.write(bytes.data(), bytes.size());
  });
  for (const auto& piece : response.pieces) {
    if (!gzip.Write(*piece)) return false;
  }
  if (!gzip.Finish()) return false;
  sink.done();
  return true;
}

// The library's server for one request: its own listeners, threads and
// sockets are not used.
class OneRequest : private httplib::Server {
 public:
  OneRequest(const Exchange& exchange, const web::Handler& handler)
      : exchange_(exchange), handler_(handler) {
    // The library takes "no listening socket" for "shutting down", and would
    // write no body.
    svr_sock_ = 0;
    set_pre_routing_handler(HandlerWithResponse(
        [this](const httplib::Request& from, httplib::Response& to) {
          Answer(from, to);
          return HandlerResponse::Handled;
        }));
    set_error_handler(HandlerWithResponse(
        [this](const httplib::Request&, httplib::Response& to) {
          if (answered_) return HandlerResponse::Unhandled;
          to.set_content("bad request\n", "text/plain; charset=utf-8");
          return HandlerResponse::Handled;
        }));
    set_exception_handler([](const httplib::Request&, httplib::Response& to,
                             const std::exception_ptr&) { to.status = 500; });
    set_post_routing_handler(
        [this](const httplib::Request& from, httplib::Response& to) {
          FinishHead(from, to);
        });
  }

  bool Run(ByteSink& sink) {
    Result<RequestHead, Refusal> head = ReadRequestHead(exchange_.head);
    if (!head.ok()) {
      sink.Write(head.error().ToResponse());
      return false;
    }
    request_.headers = std::move(head->headers);
    // The library gets the request line alone, as its versions treat headers
    // differently, such as decoding %XX in them.
    HeadStream stream(head->line + "\r\n", exchange_.peer, sink);
    bool closed = false;
    const bool written = Process(*this, stream, closed);
    return written && keep_;
  }

 private:
  // Newer versions of the library take the addresses from here; older ones ask
  // the stream.
  template <typename Self>
  bool Process(Self& self, httplib::Stream& stream, bool& closed) {
    const bool close = !exchange_.may_keep;
    if constexpr (requires {
                    self.process_request(stream, exchange_.peer, 0,
                                         std::string(), 0, close, closed,
                                         nullptr);
                  }) {
      return self.process_request(stream, exchange_.peer, 0, std::string(), 0,
                                  close, closed, nullptr);
    } else {
      return self.process_request(stream, close, closed, nullptr);
    }
  }

  void Answer(const httplib::Request& from, httplib::Response& to) {
    request_.method = from.method;
    request_.path = from.path;
    request_.query.insert(from.params.begin(), from.params.end());
    request_.peer = exchange_.peer;
    request_.encrypted = exchange_.encrypted;
    request_.received = exchange_.received;
    request_.hung_up = exchange_.hung_up;
    // A body is not read, so no request can be found behind it.
    keep_ = exchange_.may_keep && !HasBody(request_) &&
            from.version == "HTTP/1.1" &&
            !HasToken(request_.Header("Connection"), "close");
    answered_ = true;
    try {
      std::optional<Response> refused = RefuseBody(request_);
      response_ = refused ? *std::move(refused) : handler_(request_);
    } catch (...) {
      response_ = Text(500, "internal error");
    }
    Translate(from.version == "HTTP/1.1", to);
  }

  void Translate(bool can_chunk, httplib::Response& to) {
    to.status = response_.status;
    for (const auto& [name, value] : response_.headers) {
      to.headers.erase(name);
      to.set_header(name, value);
    }
    if (response_.pieces.empty()) {
      to.headers.erase("Content-Type");
      to.set_content(response_.body, response_.content_type);
      return;
    }
    std::size_t size = 0;
    for (const auto& piece : response_.pieces) size += piece->size();
    if (response_.gzip && can_chunk) {
      to.set_header("Content-Encoding", "gzip");
      to.set_chunked_content_provider(
          response_.content_type, [this](std::size_t, httplib::DataSink& sink) {
            return WriteCompressed(response_, sink);
          });
    } else if (size > 0) {
      to.set_content_provider(
          size, response_.content_type,
          [this](std::size_t, std::size_t, httplib::DataSink& sink) {
            return WritePieces(response_, sink);
          });
    } else {
      to.set_header("Content-Type", response_.content_type);
    }
  }

  void FinishHead(const httplib::Request& from, httplib::Response& to) {
    if (!answered_) keep_ = false;
    to.headers.erase("Keep-Alive");
    to.headers.erase("Connection");
    if (!keep_) to.set_header("Connection", "close");
    if (from.method == "HEAD") {
      to.headers.erase("Accept-Ranges");
      if (response_.unknown_length) {
        to.headers.erase("Content-Length");
        to.headers.erase("Transfer-Encoding");
      }
    }
  }

  const Exchange& exchange_;
  const web::Handler& handler_;
  Request request_;
  Response response_;
  bool answered_ = false;
  bool keep_ = false;
};

}  // namespace

bool Converse(const Exchange& exchange, const Handler& handler,
              ByteSink& sink) {
  return OneRequest(exchange, handler).Run(sink);
}

}  // namespace operator_connect::web
