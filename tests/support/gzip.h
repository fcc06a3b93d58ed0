#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_GZIP_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_GZIP_H_

#include <zlib.h>

#include <string>

namespace operator_connect {

// `text` as one gzip member.
inline std::string Gzip(const std::string& text) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_GZIP_H_
