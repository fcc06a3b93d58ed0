#ifndef OPERATOR_CONNECT_EXPORTER_WEB_LANDING_PAGE_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_LANDING_PAGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/collector/collector.h"

namespace operator_connect::web {

// The content of the landing page.
struct LandingPageData {
  std::string version;
  std::string telemetry_path;
  std::string exporter_path;
  std::vector<exposition::AccountState> accounts;
  WallTime now;
};

// A self-contained page of HTML: no script, no picture, no request. Everything
// in it is escaped.
std::string LandingPage(const LandingPageData& data);

// Escapes a text for HTML, between tags or in a quoted attribute.
std::string EscapeHtml(std::string_view text);

// The age of something, for people: "42 s ago", "3 min ago", "5 h ago", "2 days
// ago".
std::string Ago(Duration age);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_LANDING_PAGE_H_
