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

// What all readers of one file share.
struct FileContext {
  ProblemList& problems;
  std::string folder;  // absolute; relative paths count from here
};

// The folder that paths in the file `path` count from, absolute.
std::string FolderOf(const std::string& path);

// Reads one map of the configuration key by key. A value that is absent or
// null leaves its target, and so its default, as it is; a wrong one does too,
// and is reported. The keys that were asked for are the keys that there are:
// Finish() reports the others. Merge keys (<<) are resolved, what is written
// in the map itself goes first. One thread; the tree and the context must
// outlive the reader.
class MapReader {
 public:
  // `path` names the map in messages, such as accounts[0].oauth2; empty for
  // the root. `line` is that of its key.
  MapReader(FileContext& context, const YamlNode& node, std::string path,
            int line);

  // The value of `key`; null when absent or null.
  const YamlNode* Find(std::string_view key);
  bool Has(std::string_view key) { return Find(key) != nullptr; }

  // Where problems with `key` are; the map's own line when it is absent.
  int LineOf(std::string_view key) const;
  std::string PathOf(std::string_view key) const;
  const std::string& path() const { return path_; }
  int line() const { return line_; }
  // The map's own keys, in the order of the file.
  std::vector<std::string> Keys() const;
  void Report(std::string_view key, std::string message);
  // A problem of the map itself.
  void Report(std::string message);

  // Reports `key`, if it is written, as one that is not taken here, and why.
  // No list of the keys that are taken names it.
  void Refuse(std::string_view key, std::string message);
  // The same for a key of which one value alone is taken, without effect.
  void RefuseAllBut(std::string_view key, std::string_view value,
                    std::string message);

  // Each gives false, having said why, if the value is there and wrong.
  bool Read(std::string_view key, bool& out);
  bool Read(std::string_view key, int& out, int least, int most);
  bool Read(std::string_view key, std::int64_t& out, std::int64_t least,
            std::int64_t most);
  bool ReadNumber(std::string_view key, double& out, double least, double most);
  bool ReadDuration(std::string_view key, Duration& out);
  bool ReadSize(std::string_view key, std::uint64_t& out);
  // Text without control characters, since it may become part of a request's
  // head. Its value is in no message.
  bool ReadString(std::string_view key, std::string& out);
  // The same, but numbers and booleans are taken as they are written.
  bool ReadText(std::string_view key, std::string& out);
  // A path, made absolute. Nothing need be there.
  bool ReadPath(std::string_view key, std::string& out);
  // A path, made absolute, to a file that can be read.
  bool ReadFilePath(std::string_view key, std::string& out);
  // A path, made absolute, to a secret that can be read; or a list of such.
  bool ReadSecretPath(std::string_view key, std::string& out);
  bool ReadSecretPaths(std::string_view key, std::vector<std::string>& out);

  // Judges a text: empty if it is right, else what to say.
  using Check = std::function<std::string(const std::string&)>;
  bool ReadStrings(std::string_view key, std::vector<std::string>& out,
                   const Check& check);
  // Values may also be numbers and booleans, and are taken as written. They
  // are in no message.
  using EntryCheck = std::function<std::string(const std::string& key,
                                               const std::string& value)>;
  bool ReadStringMap(std::string_view key,
                     std::map<std::string, std::string>& out,
                     const EntryCheck& check = {});

  // One of a few words.
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

  // Says that `key` is missing, and what to write, unless it is there.
  bool Require(std::string_view key, std::string_view what_to_write);
  // The maps below. `read` gets a reader, which is finished after it.
  void ReadMap(std::string_view key,
               const std::function<void(MapReader&)>& read);
  // A list of maps.
  void ReadMaps(std::string_view key,
                const std::function<void(MapReader&)>& read);

  // Reports the keys that were never asked for. Call once, last.
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
  // The path of an entry whose key is the user's own.
  std::string EntryPath(const std::string& key) const;
  // An entry of that key that is there already stays.
  void AddEntry(const YamlNode& key, const YamlNode& value, Lines& own);
  void CheckDuplicate(const YamlNode& key, Lines& own);
  std::string Absolute(const std::string& path) const;
  // Why the file at `path` cannot be a secret; empty: it can.
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
