#ifndef OPERATOR_CONNECT_EXPORTER_WEB_GZIP_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_GZIP_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace operator_connect::web {

// Compresses a text piece by piece, in about 330 KB of memory whatever its
// size. For one thread.
class GzipWriter {
 public:
  // Takes compressed bytes. False: no more are wanted.
  using Sink = std::function<bool(std::string_view)>;

  explicit GzipWriter(Sink sink);
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  // False: the sink wants no more, or there is no memory.
  bool Write(std::string_view piece);
  // Writes the rest; nothing may follow.
  bool Finish();

 private:
  struct State;
  bool Run(std::string_view piece, int flush);

  Sink sink_;
  std::unique_ptr<State> state_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_GZIP_H_
