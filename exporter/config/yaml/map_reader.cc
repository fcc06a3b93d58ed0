#include "exporter/config/yaml/map_reader.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "exporter/base/text.h"
#include "exporter/config/yaml/scalar.h"

namespace operator_connect::config {
namespace {

bool LooksLikeKey(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsAlnum(c) || c == '_' || c == '-' || c == '.';
         });
}

std::string Join(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

bool IsMerge(const YamlNode& key) { return key.plain && key.scalar == "<<"; }

}  // namespace

std::string FolderOf(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return (error ? std::filesystem::path(path) : absolute)
      .parent_path()
      .string();
}

MapReader::MapReader(FileContext& context, const YamlNode& node,
                     std::string path, int line)
    : context_(context), path_(std::move(path)), line_(line) {
  if (node.kind == YamlNode::Kind::kMap) {
    Collect(node);
  } else if (node.kind != YamlNode::Kind::kNull) {
    Report("must be a map (key: value), not " + std::string(Describe(node)));
  }
}

void MapReader::Collect(const YamlNode& map) {
  Lines own;
  for (const auto& entry : map.entries) {
    if (!IsMerge(*entry.first)) AddEntry(*entry.first, *entry.second, own);
  }
  // Merged after the map's own keys, which win.
  for (const auto& entry : map.entries) {
    if (!IsMerge(*entry.first)) continue;
    CheckDuplicate(*entry.first, own);
    CollectMerge(*entry.second, entry.first->line);
  }
}

void MapReader::CollectMerge(const YamlNode& source, int line) {
  if (source.kind == YamlNode::Kind::kMap) {
    Collect(source);
    return;
  }
  const bool all_maps = source.kind == YamlNode::Kind::kList &&
                        std::all_of(source.items.begin(), source.items.end(),
                                    [](const YamlNode* item) {
                                      return item->kind == YamlNode::Kind::kMap;
                                    });
  if (!all_maps) {
    context_.problems.Add(line, PathOf("<<"),
                          "must be an alias (*name) of a map, or a list of "
                          "such");
    return;
  }
  for (const YamlNode* item : source.items) Collect(*item);
}

void MapReader::AddEntry(const YamlNode& key, const YamlNode& value,
                         Lines& own) {
  if (key.kind != YamlNode::Kind::kScalar) {
    context_.problems.Add(key.line, path_,
                          "a key must be a word, not " +
                              std::string(Describe(key)) +
                              "; write key: value");
    return;
  }
  CheckDuplicate(key, own);
  entries_.emplace(key.scalar, Entry{key.line, &value});
}

void MapReader::CheckDuplicate(const YamlNode& key, Lines& own) {
  const auto added = own.emplace(key.scalar, key.line);
  if (added.second) return;
  context_.problems.Add(key.line, EntryPath(key.scalar),
                        "is a duplicate, the key is also on line " +
                            std::to_string(added.first->second) +
                            "; keep one of the two");
}

const YamlNode* MapReader::Find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
    known_.emplace_back(key);
  }
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  const YamlNode* value = found->second.value;
  return value->kind == YamlNode::Kind::kNull ? nullptr : value;
}

std::vector<std::string> MapReader::Keys() const {
  std::vector<std::pair<int, std::string>> keys;
  for (const auto& [key, entry] : entries_) keys.emplace_back(entry.line, key);
  std::sort(keys.begin(), keys.end());
  std::vector<std::string> out;
  for (auto& [line, key] : keys) out.push_back(std::move(key));
  return out;
}

int MapReader::LineOf(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? line_ : found->second.line;
}

std::string MapReader::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

std::string MapReader::EntryPath(const std::string& key) const {
  return LooksLikeKey(key) ? PathOf(key) : path_;
}

void MapReader::Report(std::string_view key, std::string message) {
  context_.problems.Add(LineOf(key), PathOf(key), std::move(message));
}

void MapReader::Report(std::string message) {
  context_.problems.Add(line_, path_, std::move(message));
}

void MapReader::Refuse(std::string_view key, std::string message) {
  RefuseAllBut(key, {}, std::move(message));
}

void MapReader::RefuseAllBut(std::string_view key, std::string_view value,
                             std::string message) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  const YamlNode& node = *found->second.value;
  const bool taken = !value.empty() && (node.kind == YamlNode::Kind::kNull ||
                                        node.scalar == value);
  if (!taken) {
    context_.problems.Add(found->second.line, EntryPath(std::string(key)),
                          std::move(message));
  }
  entries_.erase(found);
}

bool MapReader::Require(std::string_view key, std::string_view what_to_write) {
  const YamlNode* node = Find(key);
  const bool empty = node != nullptr && node->kind == YamlNode::Kind::kScalar &&
                     node->scalar.empty();
  if (node != nullptr && !empty) return true;
  Report(key, "is missing; write " + std::string(what_to_write));
  return false;
}

void MapReader::ReadMap(std::string_view key,
                        const std::function<void(MapReader&)>& read) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return;
  MapReader reader(context_, *node, PathOf(key), LineOf(key));
  if (node->kind != YamlNode::Kind::kMap) return;
  read(reader);
  reader.Finish();
}

void MapReader::ReadMaps(std::string_view key,
                         const std::function<void(MapReader&)>& read) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::kList) {
    Report(key, "must be a list, each entry after a dash (- ), not " +
                    std::string(Describe(*node)));
    return;
  }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const YamlNode& item = *node->items[i];
    const std::string path = PathOf(key) + "[" + std::to_string(i) + "]";
    if (item.kind == YamlNode::Kind::kNull) {
      context_.problems.Add(item.line, path, "is empty; write it or remove it");
      continue;
    }
    MapReader reader(context_, item, path, item.line);
    if (item.kind != YamlNode::Kind::kMap) continue;
    read(reader);
    reader.Finish();
  }
}

void MapReader::Finish() {
  for (const auto& entry : entries_) {
    const bool known =
        std::find(known_.begin(), known_.end(), entry.first) != known_.end();
    if (!known) ReportUnknown(std::string(entry.first), entry.second.line);
  }
}

void MapReader::ReportUnknown(const std::string& key, int line) {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  // A text that does not look like a key may be a misplaced secret, such as
  // client_secret:abc without the space.
  if (!LooksLikeKey(key)) {
    context_.problems.Add(line, path_,
                          "unknown key, not shown here; write key: value, "
                          "with a space after the colon, and as key one of: " +
                              Join(known));
    return;
  }
  const std::string near = DidYouMean(key, known);
  context_.problems.Add(line, PathOf(key),
                        near.empty()
                            ? "unknown key; write one of: " + Join(known)
                            : "unknown key; did you mean " + near + "?");
}

void MapReader::ReportWord(std::string_view key, const std::string& text,
                           const std::vector<std::string_view>& words) {
  Report(key, "must be one of " + Join(words) + ", not " + Quoted(text));
}

}  // namespace operator_connect::config
