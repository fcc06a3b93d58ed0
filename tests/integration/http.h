#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_HTTP_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_HTTP_H_

#include <memory>
#include <string>

#include "exporter/app.h"
#include "tests/integration/fixture.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::integration {

// The response to a request; status 0: there was none.
struct HttpAnswer {
  int status = 0;
  std::string body;
  Duration took{};
};

// The whole exporter, serving on a free port, and a simulated platform.
class Serving {
 public:
  explicit Serving(const StackOptions& options = {});
  // Writes the configuration, with `account` lines added to the account's, and
  // serves.
  void Start(const std::string& collection = "",
             const std::string& account = "");

  // GET, with a scrape timeout unless that is empty.
  HttpAnswer Get(const std::string& path,
                 const std::string& timeout = "") const;

  CheckedStack stack;  // its collector is not used
  std::unique_ptr<App> app;

 private:
  TempFile config_;
  int port_ = 0;
};

}  // namespace operator_connect::integration

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_HTTP_H_
