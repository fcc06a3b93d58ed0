#ifndef OPERATOR_CONNECT_EXPORTER_WEB_CONNECTION_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_CONNECTION_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/file_descriptor.h"
#include "exporter/web/conversation.h"
#include "exporter/web/tls_context.h"

struct ssl_st;  // OpenSSL's SSL

namespace operator_connect::web {

// The limits for a client.
struct ConnectionLimits {
  std::size_t head_bytes = 32 << 10;  // request line and headers
  // From the connect, or a request's first byte, to the end of its head.
  Duration head = std::chrono::seconds(10);
  // Between two requests: longer than usual scrape intervals, so that
  // Prometheus keeps its connection.
  Duration idle = std::chrono::minutes(5);
  Duration stall = std::chrono::seconds(10);     // no byte of a response taken
  Duration response = std::chrono::seconds(60);  // for a whole response
};

// One client's connection, plain or TLS, served by one thread. The limits
// bound every call that blocks.
class Connection : public ByteSink {
 public:
  enum class Head {
    kWhole,         // TakeHead() has a request
    kTooLarge,      // the head is past its limit
    kTimedOut,      // only a part of the head came in time
    kHttpOnTls,     // plain HTTP to TLS; what is written goes out in plain
    kHttpsOnPlain,  // TLS to plain HTTP
    kEnded,         // the client is gone or silent, or the handshake failed
  };

  // `socket` is non-blocking; `tls` null: plain. Once `stop` is readable, waits
  // for no more requests, and gives one that has begun a second to arrive.
  // `stop` outlives the connection.
  Connection(FileDescriptor socket, std::string peer, const TlsContext& tls,
             const ConnectionLimits& limits, const FileDescriptor& stop);
  ~Connection() override;

  // Waits for the next request's head. `first`: its time counts from the
  // connect.
  Head ReadHead(bool first);
  // The head found by ReadHead(). Other bytes that arrived stay.
  std::string TakeHead();

  // Begins a response, and the time limit of the whole response.
  void BeginResponse();
  bool Write(std::string_view bytes) override;
  // Sends the bytes that Write() has collected. Call at the end of a response.
  bool Flush();
  // Shuts down sending, and reads for a second what the client still sends: on
  // a close with unread bytes the kernel would discard a response on its way.
  void Linger();

  // Makes present and later reads and writes fail. Any thread.
  void Abort();

  int fd() const { return socket_.get(); }
  const std::string& peer() const { return peer_; }
  bool encrypted() const { return ssl_ != nullptr; }

 private:
  struct FreeSsl {
    void operator()(ssl_st* ssl) const;
  };

  // Whether the client's first byte begins plain HTTP and nothing else.
  bool SpeaksHttp(SteadyTime until) const;
  bool Handshake(SteadyTime until);
  bool FindHead();
  // Both give the number of bytes; 0: the client has ended; below 0: none now.
  // `wait_for` then gets the event of poll() to wait for, or 0 for an error.
  long ReadSome(char* buffer, std::size_t size, short& wait_for);
  long SendSome(std::string_view bytes, bool more, short& wait_for);
  bool SendAll(std::string_view bytes, bool more);
  bool WaitFor(short events, SteadyTime until, bool stoppable) const;
  bool stopping() const;

  const FileDescriptor socket_;
  const std::string peer_;
  const ConnectionLimits limits_;
  const FileDescriptor& stop_;

  std::unique_ptr<ssl_st, FreeSsl> ssl_;  // null: plain
  bool handshaken_;
  bool broken_;  // a TLS error: nothing more can be sent
  std::string in_;
  std::size_t searched_ = 0;  // bytes of in_ known to hold no end of a head
  std::size_t head_size_ = 0;
  std::string out_;
  SteadyTime response_until_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_CONNECTION_H_
