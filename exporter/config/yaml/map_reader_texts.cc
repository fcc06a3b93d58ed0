// The part of MapReader that reads texts and paths.

#include <filesystem>

#include "exporter/base/file.h"
#include "exporter/base/text.h"
#include "exporter/config/yaml/map_reader.h"
#include "exporter/config/yaml/scalar.h"

namespace operator_connect::config {
namespace {

bool IsNumberOrBool(const YamlNode& node) {
  const ValueType type = TypeOf(node);
  return type == ValueType::kBool || type == ValueType::kInt ||
         type == ValueType::kFloat;
}

// Returns the fault of a text for a request's head; empty: there is none.
std::string CheckText(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kScalar) {
    return "must be a string, not " + std::string(Describe(node));
  }
  if (HasControlCharacter(node.scalar)) {
    return "must not hold a line break or control character; write it on one "
           "line";
  }
  return "";
}

// Does the same for text that is not a number or boolean.
std::string CheckString(const YamlNode& node) {
  if (!IsNumberOrBool(node)) return CheckText(node);
  return "must be a string, not " + std::string(Describe(node)) +
         "; put it into quotes";
}

}  // namespace

bool MapReader::ReadString(std::string_view key, std::string& out) {
  const YamlNode* node = Find(key);
  if (node == nullptr || !IsNumberOrBool(*node)) return ReadText(key, out);
  Report(key, CheckString(*node));
  return false;
}

bool MapReader::ReadText(std::string_view key, std::string& out) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return true;
  std::string wrong = CheckText(*node);
  if (wrong.empty()) {
    out = node->scalar;
    return true;
  }
  Report(key, std::move(wrong));
  return false;
}

bool MapReader::ReadPath(std::string_view key, std::string& out) {
  std::string text;
  if (!ReadString(key, text)) return false;
  if (!text.empty()) {
    out = Absolute(text);
  }
  return true;
}

bool MapReader::ReadFilePath(std::string_view key, std::string& out) {
  std::string path;
  if (!ReadPath(key, path)) return false;
  if (path.empty()) return true;
  out = path;
  const std::string wrong = WhyUnreadable(out);
  if (wrong.empty()) return true;
  Report(key, "cannot read " + Quoted(out) + ": " + wrong +
                  "; write the path of a file that the exporter's user can "
                  "read");
  return false;
}

std::string MapReader::Absolute(const std::string& path) const {
  return (std::filesystem::path(context_.folder) / path).string();
}

std::string MapReader::CheckSecretPath(const std::string& path) const {
  if (path.empty()) return "must not be empty; write the path of a file";
  const auto secret = ReadSecretFile(Absolute(path));
  if (secret.ok()) return "";
  // Does not show a text that may be the secret itself in the wrong place.
  const std::string from =
      std::filesystem::path(path).is_absolute()
          ? ""
          : ", seen from the folder " + Quoted(context_.folder);
  return "cannot read the secret file " +
         (LooksLikePath(path) ? Quoted(path) : "that is named here") + from +
         ": " + secret.error().message +
         "; write the path of a file that holds it in one line";
}

bool MapReader::ReadSecretPath(std::string_view key, std::string& out) {
  std::string text;
  if (!ReadString(key, text)) return false;
  if (!Has(key)) return true;
  if (!text.empty()) out = Absolute(text);
  std::string wrong = CheckSecretPath(text);
  if (wrong.empty()) return true;
  Report(key, std::move(wrong));
  return false;
}

bool MapReader::ReadSecretPaths(std::string_view key,
                                std::vector<std::string>& out) {
  const bool fine = ReadStrings(key, out, [this](const std::string& path) {
    return CheckSecretPath(path);
  });
  for (std::string& path : out) path = Absolute(path);
  return fine;
}

bool MapReader::ReadStrings(std::string_view key, std::vector<std::string>& out,
                            const Check& check) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return true;
  if (node->kind != YamlNode::Kind::kList) {
    Report(key, "must be a list such as [a, b], not " +
                    std::string(Describe(*node)));
    return false;
  }
  std::vector<std::string> texts;
  bool fine = true;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const YamlNode& item = *node->items[i];
    std::string wrong = CheckString(item);
    if (wrong.empty()) wrong = check(item.scalar);
    if (wrong.empty()) {
      texts.push_back(item.scalar);
      continue;
    }
    fine = false;
    context_.problems.Add(item.line,
                          PathOf(key) + "[" + std::to_string(i) + "]",
                          std::move(wrong));
  }
  if (fine) out = std::move(texts);
  return fine;
}

bool MapReader::ReadStringMap(std::string_view key,
                              std::map<std::string, std::string>& out,
                              const EntryCheck& check) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return true;
  const std::size_t before = context_.problems.size();
  MapReader reader(context_, *node, PathOf(key), LineOf(key));
  std::map<std::string, std::string> texts;
  for (const auto& entry : reader.entries_) {
    const std::string name(entry.first);
    const YamlNode& value = *entry.second.value;
    std::string wrong = CheckText(value);
    if (wrong.empty() && HasControlCharacter(name)) {
      wrong = "a key holds a line break or control character; remove it";
    }
    if (wrong.empty() && check) wrong = check(name, value.scalar);
    if (wrong.empty()) {
      texts.emplace(name, value.scalar);
    } else {
      context_.problems.Add(entry.second.line, reader.EntryPath(name),
                            std::move(wrong));
    }
  }
  if (context_.problems.size() != before) return false;
  out = std::move(texts);
  return true;
}

}  // namespace operator_connect::config
