#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPOSITION_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPOSITION_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace operator_connect::exposition {

// The text format 0.0.4 and OpenMetrics 1.0.0.
enum class Format { kText, kOpenMetrics };

// The Content-Type of a format, as Prometheus expects it.
std::string_view ContentType(Format format);

// A whole exposition in pieces that are shared, not copied: most of them were
// written when their collection ended. Concatenate them in order.
struct Exposition {
  std::vector<std::shared_ptr<const std::string>> pieces;
  std::size_t size() const;  // bytes of all pieces
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPOSITION_H_
