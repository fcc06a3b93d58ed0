#ifndef OPERATOR_CONNECT_EXPORTER_WEB_LANDING_PAGE_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_LANDING_PAGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/collector/collector.h"

namespace operator_connect::web {

// What the landing page shows.
struct LandingPageData {
  std::string version;
  std::string telemetry_path;
  std::string exporter_path;
  std::vector<exposition::AccountState> accounts;
  WallTime now;
};

// A page of HTML that needs nothing else: no script, no picture, no request.
// Everything in it is escaped.
std::string LandingPage(const LandingPageData& data);

// A text as it may stand in HTML, between tags or in a quoted attribute.
std::string EscapeHtml(std::string_view text);

// How long ago something was, for people: "42 s ago", "3 min ago",
// "5 h ago", "2 days ago".
std::string Ago(Duration age);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_LANDING_PAGE_H_
