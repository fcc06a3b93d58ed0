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

// The longest label value from the platform, in bytes.
inline constexpr std::size_t kMaxLabelBytes = 128;
// The value for null, missing or empty.
inline constexpr std::string_view kUnknown = "unknown";
// The value for null, missing or empty where that is usual.
inline constexpr std::string_view kNone = "none";
// The source of numbers that were not uploaded through the platform.
inline constexpr std::string_view kOcsync = "ocsync";
// The value for all values beyond a limit.
inline constexpr std::string_view kOther = "other";

// A text of the platform's as a label value. Invalid UTF-8 and NUL become
// U+FFFD, and it is cut at kMaxLabelBytes on a character boundary. A text with
// an e-mail address (\S+@\S+\.\S+), or with seven digits after a plus, becomes
// "redacted": label fields should have neither, and such a value would be
// personal data.
std::string LabelValue(std::string_view text);

// The id of a tenant or a lead as a label value, in lower case.
std::string IdLabel(std::string_view id);

// Identifies an id, in lower case. Ids with the same label, because both are
// cut or redacted, still differ. Never shown. Beyond kMaxLabelBytes a hash
// replaces the rest, so that a key takes no more memory than a label.
std::string IdKey(std::string_view id);

// A company's name as a label value; "redacted" also if it has seven digits in
// a row, possibly a telephone number. Seven to nine digits at its start, with a
// word after them, belong to a numbered company and are fine.
std::string CompanyLabel(std::string_view name);

// Whether a text is two letters.
bool IsCountryCode(std::string_view text);
// A country's code in upper case if it is one, else kUnknown.
std::string CountryLabel(std::string_view code);

// Small numbers for the label values of the platform. The same label value has
// the same id. After kMaxValues distinct values the rest share kOther's.
class LabelIds {
 public:
  using Id = std::uint16_t;
  static constexpr std::size_t kMaxValues = 1024;

  // `known` values get the first ids, in their order. `make_label` converts a
  // text of the platform to a label value, and keeps known values.
  explicit LabelIds(std::span<const std::string_view> known,
                    std::string (*make_label)(std::string_view) = LabelValue);
  LabelIds(const LabelIds&) = delete;
  LabelIds& operator=(const LabelIds&) = delete;

  // The id of a text of the platform, which is not empty.
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

  // A recently found text and its id. Texts repeat often, and comparing one is
  // cheaper than hashing it.
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

  // Texts as they were sent, unless there are too many or they are too long.
  Map texts_;
  Map ids_;
  std::vector<std::string> labels_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LABELS_H_
