#include "exporter/config/headers.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

TEST_CASE("headers are read with their values, secrets and files") {
  const TempDir dir;
  dir.Write("key", "hunter2");
  const auto config = LoadConfig(dir.Write(
      "exporter.yml", With(kAccount,
                           "http_headers:\n"
                           "  X-Api-Key: {files: [key]}\n"
                           "  X-Two: {values: [a, ''], secrets: [b]}")));
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  const Headers& headers = config->accounts.at(0).http_headers;
  CHECK(headers.size() == 2);
  CHECK(headers.at("X-Api-Key") == HeaderValues{{}, {}, {dir / "key"}});
  CHECK(headers.at("X-Two") == HeaderValues{{"a", ""}, {"b"}, {}});
}

TEST_CASE("a header that cannot be sent is reported with a remedy") {
  struct Row {
    const char* headers;
    const char* want;
  };
  const Row rows[] = {
      {"[]", ": must be a map"},
      {"{Authorization: {secrets: [hunter2]}}",
       ".Authorization: is set from oauth2 or authorization; write it there"},
      {"{AUTHORIZATION: {}}", ".AUTHORIZATION: is set from oauth2"},
      {"{X-Ovoc-Channel-Id: {values: [\"1\"]}}",
       ".X-Ovoc-Channel-Id: is set from channel_id; write that"},
      {"{user-agent: {values: [x]}}",
       ".user-agent: is set by the exporter; remove it"},
      {"{Accept-Encoding: {values: [x]}}", ".Accept-Encoding: is set by"},
      {"{Host: {values: [x]}}", ".Host: belongs to the connection; remove it"},
      {"{Transfer-Encoding: {values: [x]}}", ".Transfer-Encoding: belongs to"},
      {"{Proxy-Authorization: {secrets: [hunter2]}}",
       ".Proxy-Authorization: is for a proxy; write it under "
       "proxy_connect_header"},
      {"{\"X A\": {values: [hunter2]}}",
       ": holds a name that is no header's; write one such as X-Api-Key"},
      {"{\"X-A: hunter2\\r\\nX-B\": {values: [x]}}", ": holds a name that is"},
      {"{X-A: {values: [x]}, x-a: {values: [y]}}",
       ".x-a: is a duplicate, as headers have no case"},
      {"{X-A: }",
       ".X-A: is empty; write values, secrets or files, each a list"},
      {"{X-A: {}}", ".X-A: is empty; write values, secrets or files"},
      {"{X-A: {values: [], files: []}}", ".X-A: is empty; write values,"},
      {"{X-A: [hunter2]}", ".X-A: must be a map"},
      {"{X-A: hunter2}", ".X-A: must be a map"},
      {"{X-A: {values: hunter2}}", ".X-A.values: must be a list"},
      {"{X-A: {values: [1]}}", ".X-A.values[0]: must be a string"},
      {"{X-A: {secrets: [\"\"]}}", ".X-A.secrets[0]: must not be empty"},
      {"{X-A: {secrets: [\"hunter2\\r\\nX-Evil: 1\"]}}",
       ".X-A.secrets[0]: must not hold a line break"},
      {"{X-A: {files: [/none/x]}}",
       ".X-A.files[0]: cannot read the secret file \"/none/x\": no such file"},
      {"{X-A: {file: [x]}}", ".X-A"},
  };
  for (const Row& row : rows) {
    const std::string said =
        SaidOf(With(kAccount, "http_headers: " + std::string(row.headers)));
    CAPTURE(said);
    CHECK(said.find("exporter.yml:5: accounts[0].http_headers" +
                    std::string(row.want)) == 0);
    CHECK(said.find("hunter2") == std::string::npos);
  }
}

}  // namespace
}  // namespace operator_connect::config
