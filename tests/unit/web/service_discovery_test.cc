#include "exporter/web/service_discovery.h"

#include <doctest/doctest.h>

namespace operator_connect::web {
namespace {

TEST_CASE("hosts with and without a port are addresses") {
  for (const char* host :
       {"localhost", "exporter.example.com:10390", "10.0.0.1:80", "[::1]",
        "[2001:db8::1]:10390", "a_b-c.example:65535"}) {
    CAPTURE(host);
    CHECK(IsAddress(host));
  }
}

TEST_CASE("anything else is not an address") {
  for (const char* host :
       {"", ":", ":10390", "host:", "host:0", "host:65536", "host:80:80",
        "host name", "host/path", "user@host", "a\r\nX: y", "\"", "[::1",
        "[::1]x", "[]:1", "[evil]:1", "host:8o", "h\xc3\xb6st", "<b>"}) {
    CAPTURE(host);
    CHECK_FALSE(IsAddress(host));
  }
}

TEST_CASE("a name longer than DNS allows is not an address") {
  CHECK_FALSE(IsAddress(std::string(254, 'a')));
}

TEST_CASE("each account and the exporter are targets with their labels") {
  CHECK(DiscoveryJson({"host:1", "https", "/metrics/exporter"}, {"emea"}) ==
        "[{\"targets\": [\"host:1\"], \"labels\": {\"__scheme__\": \"https\", "
        "\"__metrics_path__\": \"/probe\", \"__param_account\": \"emea\", "
        "\"instance\": \"host:1/emea\"}},\n {\"targets\": [\"host:1\"], "
        "\"labels\": {\"__scheme__\": \"https\", \"__metrics_path__\": "
        "\"/metrics/exporter\", \"instance\": \"host:1\"}}]\n");
}

TEST_CASE("quotes and control characters of a path are escaped") {
  const std::string json = DiscoveryJson({"h", "http", "/\"\\\n"}, {});
  CHECK(json.find(R"("__metrics_path__": "/\"\\\u000a")") != std::string::npos);
}

}  // namespace
}  // namespace operator_connect::web
