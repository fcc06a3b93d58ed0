// The configuration that users copy is valid and shows the defaults.

#include <doctest/doctest.h>

#include <string>

#include "exporter/base/file.h"
#include "exporter/config/load.h"
#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

const char kExample[] = OC_SOURCE_DIR "/config/operator_connect_exporter.yml";

std::string Example() {
  const auto text = ReadFile(kExample);
  REQUIRE(text.ok());
  return *text;
}

// Turns "# key: value" into "key: value", but not "# A sentence.", and leaves
// out keys that replace others.
std::string Uncommented(const std::string& example) {
  std::string out;
  std::string line;
  bool instead = false;
  for (const char c : example) {
    if (c != '\n') {
      line += c;
      continue;
    }
    const std::size_t mark = line.find("# ");
    const bool comment =
        mark != line.npos && mark >= 4 && line.find_first_not_of(' ') == mark;
    const std::size_t colon = line.find(':');
    const bool sentence =
        comment && (colon == line.npos ||
                    (line[mark + 2] >= 'A' && line[mark + 2] <= 'Z'));
    if (line.find("n place of") != line.npos) instead = true;
    if (line.empty() || (!comment && mark != 0)) instead = false;
    if (comment && !sentence && !instead) line.erase(mark, 2);
    out += line + "\n";
    line.clear();
  }
  return out;
}

TEST_CASE("the example only lacks the file of its secret") {
  const TempDir dir;
  const std::string path = dir.Write("exporter.yml", Example());
  const std::string said = Said(LoadConfig(path));
  CHECK(said.find("accounts[0].oauth2.client_secret_file: cannot read") !=
        std::string::npos);
  CHECK(said.find('\n') == said.size() - 1);
  dir.Write("secrets/emea", "hunter2\n");
  CHECK(Said(LoadConfig(path)) == "ok");
}

TEST_CASE("keys that the example comments out are valid and defaults") {
  const TempDir dir;
  dir.Write("secrets/emea", "hunter2\n");
  const auto as_it_is = LoadConfig(dir.Write("a.yml", Example()));
  const auto uncommented =
      LoadConfig(dir.Write("b.yml", Uncommented(Example())));
  REQUIRE(as_it_is.ok());
  CAPTURE(Uncommented(Example()));
  CAPTURE(Said(uncommented));
  REQUIRE(uncommented.ok());
  Config with_defaults = *uncommented;
  Account& account = with_defaults.accounts.at(0);
  CHECK(account.channel_id == 1574);
  CHECK(account.exclude_tenants.size() == 1);
  CHECK_FALSE(account.proxy.url.empty());
  account.channel_id.reset();
  account.exclude_tenants.clear();
  account.proxy = {};
  CHECK(with_defaults == *as_it_is);
  CHECK(as_it_is->collection == Collection{});
}

}  // namespace
}  // namespace operator_connect::config
