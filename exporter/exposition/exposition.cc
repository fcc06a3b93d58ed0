#include "exporter/exposition/exposition.h"

namespace operator_connect::exposition {

std::string_view ContentType(Format format) {
  return format == Format::kText
             ? "text/plain; version=0.0.4; charset=utf-8"
             : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

std::size_t Exposition::size() const {
  std::size_t size = 0;
  for (const auto& piece : pieces) size += piece->size();
  return size;
}

}  // namespace operator_connect::exposition
