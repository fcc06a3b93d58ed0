#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_MAP_READER_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_MAP_READER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/config/yaml/problem.h"
#include "exporter/config/yaml/tree.h"

namespace operator_connect::config {

// The state shared by all readers of one file.
struct FileContext {
  ProblemList& problems;
  std::string folder;  // absolute; relative paths start here
};

// The folder at which relative paths in the file `path` start, absolute.
std::string FolderOf(const std::string& path);

// Reads one map of the configuration key by key. A missing or null value leaves
// the target at its default; so does a wrong value, which is reported. The keys
// that were asked for are the valid keys: Finish() reports all others. Merge
// keys (<<) are resolved; the map's own keys win. One thread; the tree and the
// context must outlive the reader.
class MapReader {
 public:
  // `path` names the map in messages, such as accounts[0].oauth2; empty for the
  // root. `line` is the line of the map's key.
  MapReader(FileContext& context, const YamlNode& node, std::string path,
            int line);

  // The value of `key`; null if it is missing or null.
  const YamlNode* Find(std::string_view key);
  bool Has(std::string_view key) { return Find(key) != nullptr; }

  // The line of `key` for messages; the map's own line if the key is missing.
  int LineOf(std::string_view key) const;
  std::string PathOf(std::string_view key) const;
  const std::string& path() const { return path_; }
  int line() const { return line_; }
  // All keys, merged ones included, in the order of the file.
  std::vector<std::string> Keys() const;
  void Report(std::string_view key, std::string message);
  // Reports a problem of the map itself.
  void Report(std::string message);

  // Reports `key`, if it is present, as unsupported. Lists of valid keys do not
  // include it.
  void Refuse(std::string_view key, std::string message);
  // Does the same unless the key is null or has the only accepted `value`,
  // which changes nothing.
  void RefuseAllBut(std::string_view key, std::string_view value,
                    std::string message);

  // Each reports a wrong value and then returns false. A missing value is fine.
  bool Read(std::string_view key, bool& out);
  bool Read(std::string_view key, int& out, int least, int most);
  bool Read(std::string_view key, std::int64_t& out, std::int64_t least,
            std::int64_t most);
  bool ReadNumber(std::string_view key, double& out, double least, double most);
  bool ReadDuration(std::string_view key, Duration& out);
  bool ReadSize(std::string_view key, std::uint64_t& out);
  // Reads text without control characters, since it may become part of a
  // request's head. Messages never show the value.
  bool ReadString(std::string_view key, std::string& out);
  // Does the same, but takes numbers and booleans as they are written.
  bool ReadText(std::string_view key, std::string& out);
  // Reads a path and makes it absolute. The file need not exist.
  bool ReadPath(std::string_view key, std::string& out);
  // Reads the path of a readable file and makes it absolute.
  bool ReadFilePath(std::string_view key, std::string& out);
  // Read the paths of readable secrets, and make them absolute.
  bool ReadSecretPath(std::string_view key, std::string& out);
  bool ReadSecretPaths(std::string_view key, std::vector<std::string>& out);

  // Returns the fault of a text; empty: there is none.
  using Check = std::function<std::string(const std::string&)>;
  bool ReadStrings(std::string_view key, std::vector<std::string>& out,
                   const Check& check);
  // Takes numbers and booleans as they are written. Messages never show the
  // values.
  using EntryCheck = std::function<std::string(const std::string& key,
                                               const std::string& value)>;
  bool ReadStringMap(std::string_view key,
                     std::map<std::string, std::string>& out,
                     const EntryCheck& check = {});

  // Reads one of a few words.
  template <typename Enum>
  bool ReadWord(
      std::string_view key, Enum& out,
      std::initializer_list<std::pair<std::string_view, Enum>> words) {
    std::string text;
    if (!Has(key)) return true;
    if (!ReadString(key, text)) return false;
    std::vector<std::string_view> names;
    for (const auto& word : words) {
      if (word.first == text) {
        out = word.second;
        return true;
      }
      names.push_back(word.first);
    }
    ReportWord(key, text, names);
    return false;
  }

  // Reports `key` as missing, with what to write, unless it is set and not
  // empty.
  bool Require(std::string_view key, std::string_view what_to_write);
  // Reads a map below this one. `read` gets a reader, which is then finished.
  void ReadMap(std::string_view key,
               const std::function<void(MapReader&)>& read);
  // Reads a list of maps.
  void ReadMaps(std::string_view key,
                const std::function<void(MapReader&)>& read);

  // Reports the keys that were never asked for. Call once, at the end.
  void Finish();

 private:
  struct Entry {
    int line;
    const YamlNode* value;
  };

  // The lines of a map's own keys.
  using Lines = std::unordered_map<std::string_view, int>;

  void Collect(const YamlNode& map);
  void CollectMerge(const YamlNode& source, int line);
  // The path of an entry whose key the user chose.
  std::string EntryPath(const std::string& key) const;
  // Adds an entry; an existing one of that key stays.
  void AddEntry(const YamlNode& key, const YamlNode& value, Lines& own);
  void CheckDuplicate(const YamlNode& key, Lines& own);
  std::string Absolute(const std::string& path) const;
  // Returns why the file at `path` cannot be a secret; empty: it can.
  std::string CheckSecretPath(const std::string& path) const;
  void ReportUnknown(const std::string& key, int line);
  void ReportWord(std::string_view key, const std::string& text,
                  const std::vector<std::string_view>& words);

  FileContext& context_;
  const std::string path_;
  const int line_;
  std::unordered_map<std::string_view, Entry> entries_;
  std::vector<std::string> known_;  // keys that were asked for
};

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_MAP_READER_H_
