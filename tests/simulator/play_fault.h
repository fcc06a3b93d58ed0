#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLAY_FAULT_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLAY_FAULT_H_

#include <functional>

#include "tests/simulator/fault.h"
#include "tests/simulator/http.h"
#include "tests/simulator/stream.h"

namespace operator_connect::simulator {

// Whether an action changes what is said (and Platform::Impl sees to it), not
// how it is sent.
bool ChangesContent(Action action);

// Does to the client what `fault` says, with `response` as what would be the
// right answer. `before_last` as in SendResponse(). False: the connection is
// of no more use.
bool PlayFault(Stream& stream, const Fault& fault, HttpResponse response,
               const std::function<void()>& before_last);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLAY_FAULT_H_
