#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_CONTROL_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_CONTROL_H_

#include <string>

#include "tests/simulator/http.h"
#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

// The parts of the control endpoint, /_simulator/….

// A parameter of the query; `otherwise` without it.
std::string Param(const HttpRequest& request, const char* name,
                  const char* otherwise = "");
HttpResponse Okay(const std::string& json = "{}");  // 200
HttpResponse Wrong(const std::string& text);        // 400

// leads: GET returns all; POST takes an array of them, or ?id=ID&FIELD=VALUE
// edits one; DELETE ?id=ID.
HttpResponse ControlLeads(Platform& platform, const HttpRequest& request);
// numbers: GET returns counts by tenant; POST takes an array, ?tenant_id=T
// replaces that tenant's, ?tenant_id=T&count=N&seed=S generates some; DELETE
// ?tenant_id=T.
HttpResponse ControlNumbers(Platform& platform, const HttpRequest& request);
// options: sets ?NAME=VALUE of PlatformOptions.
HttpResponse ControlOptions(Platform& platform, const HttpRequest& request);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_CONTROL_H_
