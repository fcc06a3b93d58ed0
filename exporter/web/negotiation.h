#ifndef OPERATOR_CONNECT_EXPORTER_WEB_NEGOTIATION_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_NEGOTIATION_H_

#include <string>
#include <string_view>

#include "exporter/exposition/exposition.h"

namespace operator_connect::web {

// The format of an exposition, and its content type in the response.
struct ChosenFormat {
  exposition::Format format = exposition::Format::kText;
  std::string content_type;
};

// Chooses by an Accept header. OpenMetrics 1.0.0 or 0.0.1 only if it is named
// and has no smaller weight than the text format; otherwise text 0.0.4, also
// for a header that allows neither, as Prometheus expects a response.
ChosenFormat ChooseFormat(std::string_view accept);

// Whether an Accept-Encoding header allows gzip: by name or "*", with a weight
// above 0. Without a header: no.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_NEGOTIATION_H_
