#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLAY_FAULT_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLAY_FAULT_H_

#include <functional>

#include "tests/simulator/fault.h"
#include "tests/simulator/http.h"
#include "tests/simulator/stream.h"

namespace operator_connect::simulator {

// Whether an action changes the content of the response (Platform::Impl applies
// it), not how it is sent.
bool ChangesContent(Action action);

// Applies `fault` to the client; `response` is the correct response.
// `before_last` as in SendResponse(). False: the connection is unusable.
bool PlayFault(Stream& stream, const Fault& fault, HttpResponse response,
               const std::function<void()>& before_last);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLAY_FAULT_H_
