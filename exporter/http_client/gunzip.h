#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_GUNZIP_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_GUNZIP_H_

#include <functional>
#include <memory>
#include <string_view>

namespace operator_connect::http_client {

// Undoes gzip piece by piece, in memory that does not grow with what comes out
// (about 80 KB from the first piece on). Checks each member's sum and length,
// and knows whether the last one came to its end, which libcurl does not say
// of a body that was cut. For one thread.
class Gunzip {
 public:
  // Takes what came out; false: no more is wanted. What it throws passes
  // through.
  using Sink = std::function<bool(std::string_view)>;

  enum class Step {
    kMore,    // the piece is done
    kEnough,  // the sink said so
    kBroken,  // this is no gzip; nothing may follow
  };

  Gunzip();
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  Step Take(std::string_view piece, const Sink& sink);

  // Bytes have come, and they are not whole members.
  bool cut_short() const { return cut_short_; }

 private:
  struct State;

  std::unique_ptr<State> state_;
  bool cut_short_ = false;
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_GUNZIP_H_
