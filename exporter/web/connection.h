#ifndef OPERATOR_CONNECT_EXPORTER_WEB_CONNECTION_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_CONNECTION_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/web/conversation.h"
#include "exporter/base/file_descriptor.h"
#include "exporter/web/tls_context.h"

struct ssl_st;  // OpenSSL's SSL

namespace operator_connect::web {

// How much a client may take.
struct ConnectionLimits {
  std::size_t head_bytes = 32 << 10;           // request line and headers
  Duration stall = std::chrono::seconds(10);   // no byte of an answer taken
  Duration answer = std::chrono::seconds(60);  // for the whole of an answer
};

// One client's connection, plain or TLS. It belongs to one thread at a time:
// to the server's loop while its next request arrives, which never blocks, and
// to a worker while that request is answered.
class Connection : public ByteSink {
 public:
  // What Advance() has come to.
  enum class Progress {
    kNeedsRead,   // call again when the socket is readable
    kNeedsWrite,  // … when it is writable (a TLS handshake)
    kHead,        // TakeHead() has a request
    kTooLarge,    // the head is past its limit
    kEnded,       // the client is gone, or never spoke TLS
  };

  // `socket` is non-blocking; `tls` null: plain.
  Connection(FileDescriptor socket, std::string peer, const TlsContext& tls,
             const ConnectionLimits& limits);
  ~Connection() override;

  // Loop: takes what has arrived.
  Progress Advance();
  // Loop: whether a part of a request has arrived.
  bool begun() const { return !in_.empty(); }
  // Loop: tries once to send a short answer, whatever becomes of it.
  void WriteOnce(std::string_view answer);
  // Loop: says that nothing more will be sent. Closing right away would let
  // the kernel throw away an answer when bytes of the client are unread.
  void Finish();
  // Loop, after Finish(): reads and forgets. False: the client has ended too,
  // or sends without end.
  bool Discard();

  // The request that Advance() has found; the rest of what arrived stays.
  std::string TakeHead();

  // Worker: an answer begins, which bounds the time for all of it.
  void BeginAnswer();
  bool Write(std::string_view bytes) override;
  // Worker: sends what Write() has kept back. Call at the end of an answer.
  bool Flush();

  // Any thread: makes reads and writes under way fail.
  void Abort();

  int fd() const { return socket_.get(); }
  const std::string& peer() const { return peer_; }
  bool encrypted() const { return ssl_ != nullptr; }

 private:
  struct FreeSsl {
    void operator()(ssl_st* ssl) const;
  };

  Progress Handshake();
  Progress ReadSome();
  bool FindHead();
  bool SendAll(std::string_view bytes, bool more);
  long SendSome(std::string_view bytes, bool more, short& wait_for);
  bool WaitFor(short events) const;

  const FileDescriptor socket_;
  const std::string peer_;
  const ConnectionLimits limits_;
  const std::unique_ptr<ssl_st, FreeSsl> ssl_;

  bool handshaken_;
  bool broken_ = false;  // a TLS error: not even a farewell can be sent
  std::string in_;
  std::size_t searched_ = 0;  // bytes of in_ known to hold no end of a head
  std::size_t head_size_ = 0;
  std::size_t discarded_ = 0;
  std::string out_;
  SteadyTime answer_until_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_CONNECTION_H_
