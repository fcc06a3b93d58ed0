#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STATIC_SITE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STATIC_SITE_H_

#include <cstddef>
#include <string>

#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

// Writes the responses of an account's platform as files into `folder`, for a
// plain web server:
//   token.json                  a token response
//   leads/<page>.json           pages of leads, the last one not full
//   numbers/<tenant id>.json    one tenant's numbers, as in v2
//   v3/<page>.json              pages of all numbers, as in v3
//   urls.txt                    the requests of a whole collection, one a line:
//                               path and query as the exporter sends them
// Throws std::runtime_error.
void WriteStaticSite(Platform& platform, const std::string& folder,
                     std::size_t page_size);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STATIC_SITE_H_
