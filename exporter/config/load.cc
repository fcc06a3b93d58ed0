#include "exporter/config/load.h"

#include <cstdlib>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "exporter/base/duration.h"
#include "exporter/config/account.h"
#include "exporter/config/config_file.h"
#include "exporter/config/yaml/map_reader.h"
#include "exporter/config/yaml/tree.h"

namespace operator_connect::config {
namespace {

void ReadTimes(MapReader& reader, CollectionTimes& out) {
  CollectionTimes times = out;
  const bool min_interval =
      reader.ReadDuration("min_interval", times.min_interval);
  const bool max_age = reader.ReadDuration("max_age", times.max_age);
  const bool timeout = reader.ReadDuration("timeout", times.timeout);
  if (!min_interval || !max_age || !timeout) return;
  if (times.timeout <= Duration::zero()) {
    reader.Report("timeout",
                  "must be longer than 0; write a duration such as "
                  "5m");
    return;
  }
  const Duration least = times.timeout + times.min_interval;
  if (times.max_age < least) {
    reader.Report("max_age", "is " + FormatDuration(times.max_age) +
                                 ", shorter than timeout + min_interval; write "
                                 "at least " +
                                 FormatDuration(least));
    return;
  }
  out = times;
}

void ReadCollection(MapReader& reader, Collection& out) {
  reader.ReadMap("leads", [&](MapReader& map) { ReadTimes(map, out.leads); });
  reader.ReadMap("numbers",
                 [&](MapReader& map) { ReadTimes(map, out.numbers); });
}

// The first use of each name, to detect duplicates.
class Names {
 public:
  void Check(MapReader& reader, const std::string& name) {
    if (name.empty()) return;
    const int line = reader.LineOf("name");
    const auto added = lines_.emplace(name, line);
    if (added.second) return;
    reader.Report("name", Quoted(name) +
                              " is a duplicate, the account on line " +
                              std::to_string(added.first->second) +
                              " has that name; write another");
  }

 private:
  std::unordered_map<std::string, int> lines_;
};

Config ReadRoot(MapReader& root) {
  Config config;
  root.ReadMap("collection",
               [&](MapReader& map) { ReadCollection(map, config.collection); });
  root.ReadMap("history", [&](MapReader& map) {
    map.ReadPath("path", config.history.path);
  });
  Names names;
  const YamlNode* accounts = root.Find("accounts");
  if (accounts == nullptr ||
      (accounts->kind == YamlNode::Kind::kList && accounts->items.empty())) {
    root.Report("accounts",
                "is missing or empty; write at least one account with name, "
                "base_url and oauth2 or authorization");
  }
  root.ReadMaps("accounts", [&](MapReader& map) {
    config.accounts.push_back(ReadAccount(map));
    names.Check(map, config.accounts.back().name);
  });
  root.Finish();
  return config;
}

// systemd joins several state directories of a unit with colons.
std::string HistoryIn(std::string_view state_directory) {
  const std::string folder(
      state_directory.substr(0, state_directory.find(':')));
  return folder.empty() ? "" : folder + "/history.db";
}

}  // namespace

Result<Config, Problems> ParseConfig(std::string_view yaml,
                                     const std::string& path) {
  ProblemList problems(path);
  const YamlTree tree = YamlTree::Parse(yaml, problems);
  if (!problems.empty() && tree.root() == nullptr) {
    return std::move(problems).Take();
  }
  if (tree.root() == nullptr || tree.root()->kind == YamlNode::Kind::kNull) {
    problems.Add(1, "accounts",
                 "the file is empty; write accounts: with at least one "
                 "account");
    return std::move(problems).Take();
  }
  FileContext context{problems, FolderOf(path)};
  MapReader root(context, *tree.root(), "", tree.root()->line);
  Config config;
  if (tree.root()->kind == YamlNode::Kind::kMap) config = ReadRoot(root);
  if (!problems.empty()) return std::move(problems).Take();
  return config;
}

Result<Config, Problems> LoadConfig(const std::string& path) {
  const Result<std::string, Problem> text = ReadConfigFile(path);
  if (!text.ok()) return Problems{text.error()};
  Result<Config, Problems> config = ParseConfig(*text, path);
  const char* const state = std::getenv("STATE_DIRECTORY");
  if (config.ok() && config->history.path.empty() && state != nullptr) {
    config->history.path = HistoryIn(state);
  }
  return config;
}

}  // namespace operator_connect::config
