#ifndef OPERATOR_CONNECT_EXPORTER_WEB_GZIP_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_GZIP_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace operator_connect::web {

// Compresses a text piece by piece, in memory that does not grow with it
// (about 330 KB while it lives). For one thread.
class GzipWriter {
 public:
  // Takes compressed bytes; false: they are not wanted any more.
  using Sink = std::function<bool(std::string_view)>;

  explicit GzipWriter(Sink sink);
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  // False: the sink has had enough, or there is no memory.
  bool Write(std::string_view piece);
  // Writes what is left; nothing may follow.
  bool Finish();

 private:
  struct State;
  bool Run(std::string_view piece, int flush);

  Sink sink_;
  std::unique_ptr<State> state_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_GZIP_H_
