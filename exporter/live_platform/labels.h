#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LABELS_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LABELS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exporter/base/text.h"

namespace operator_connect::live_platform {

// The longest label value that comes from the platform, in bytes.
inline constexpr std::size_t kMaxLabelBytes = 128;
// The value of what is null, absent or empty.
inline constexpr std::string_view kUnknown = "unknown";
// The value of a label that a record has nothing for, where that is usual.
inline constexpr std::string_view kNone = "none";
// The source of numbers that were not uploaded through the platform.
inline constexpr std::string_view kOcsync = "ocsync";
// The value that stands for all values past a limit.
inline constexpr std::string_view kOther = "other";

// A text of the platform's as a label value: as it is, but bytes that are not
// UTF-8 and NUL become U+FFFD, and it is cut at kMaxLabelBytes on a character
// boundary. One that holds an e-mail address (\S+@\S+\.\S+), or seven digits
// behind a plus, is "redacted": no field that becomes a label has either, but
// one that did would be somebody's.
std::string LabelValue(std::string_view text);

// The id of a tenant or a lead as a label value: in lower case.
std::string IdLabel(std::string_view id);

// What tells an id from others, in lower case: ids whose labels are alike,
// because both are cut or redacted, are not the same. Never shown. Past
// kMaxLabelBytes a hash stands for the rest, so that it takes no more room
// than a label.
std::string IdKey(std::string_view id);

// A company's name as a label value; "redacted" also if it holds seven digits
// in a row, which may be a telephone number. Seven to nine that begin the name,
// with a word behind them, are a numbered company's.
std::string CompanyLabel(std::string_view name);

// A country's code in upper case if it is two letters, else kUnknown.
std::string CountryLabel(std::string_view code);

// Small numbers for the label values that come from the platform: the same
// label value has the same id. Past kMaxValues distinct ones the rest share
// kOther's.
class LabelIds {
 public:
  using Id = std::uint16_t;
  static constexpr std::size_t kMaxValues = 1024;

  // `known` values have the first ids, in their order. `make_label` makes a
  // label value of a text as the platform sent it, and leaves such a value as
  // it is.
  explicit LabelIds(std::span<const std::string_view> known,
                    std::string (*make_label)(std::string_view) = LabelValue);
  LabelIds(const LabelIds&) = delete;
  LabelIds& operator=(const LabelIds&) = delete;

  // The id of a text as the platform sent it; it is not empty.
  Id Find(std::string_view text) {
    const Recent& recent = recent_[RecentSlot(text)];
    if (recent.text != nullptr && SameText(*recent.text, text)) {
      return recent.id;
    }
    return FindText(text);
  }

  // The label value of an id.
  const std::string& label(Id id) const { return labels_[id]; }
  std::size_t size() const { return labels_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Map = std::unordered_map<std::string, Id, Hash, std::equal_to<>>;

  // A text that was found lately, and its id. Texts come again and again, and
  // comparing one costs less than hashing it.
  struct Recent {
    const std::string* text = nullptr;  // a key of texts_
    Id id = 0;
  };
  static std::size_t RecentSlot(std::string_view text) {
    return (text.size() + static_cast<unsigned char>(text.front()) * 3u +
            static_cast<unsigned char>(text.back()) * 5u) %
           kRecent;
  }
  Id FindText(std::string_view text);
  Id FindLabel(std::string label);

  std::string (*const make_label_)(std::string_view);

  static constexpr std::size_t kRecent = 64;
  std::array<Recent, kRecent> recent_;

  // Texts as they were sent, as far as they are few and short.
  Map texts_;
  Map ids_;
  std::vector<std::string> labels_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LABELS_H_
