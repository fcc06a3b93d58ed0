#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STATIC_SITE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STATIC_SITE_H_

#include <cstddef>
#include <string>

#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

// Writes what an account's platform answers as files into `folder`, for a
// plain web server:
//   token.json                  a token reply
//   leads/<page>.json           pages of leads, the last one not full
//   numbers/<tenant id>.json    one tenant's numbers, as v2 answers
//   v3/<page>.json              pages of all numbers, as v3 answers
//   urls.txt                    one line a request of a whole collection:
//                               path and query as the exporter asks for them
// Throws std::runtime_error.
void WriteStaticSite(Platform& platform, const std::string& folder,
                     std::size_t page_size);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STATIC_SITE_H_
