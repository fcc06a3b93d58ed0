#include "exporter/exposition/sample_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace operator_connect::exposition {
namespace {

void AppendEscaped(std::string& text, std::string_view value,
                   std::string_view special) {
  while (true) {
    const std::size_t at = value.find_first_of(special);
    text += value.substr(0, at);
    if (at == std::string_view::npos) return;
    text += '\\';
    text += value[at] == '\n' ? 'n' : value[at];
    value.remove_prefix(at + 1);
  }
}

template <typename Number>
void AppendNumber(std::string& text, Number value) {
  std::array<char, 32> digits;
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), value);
  text.append(digits.data(), end);
}

}  // namespace

void AppendLabelValue(std::string& text, std::string_view value) {
  // Most values are short and plain: a loop is faster than a search.
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' || c == '"' || c == '\n') {
      text += value.substr(0, i);
      AppendEscaped(text, value.substr(i), "\\\"\n");
      return;
    }
  }
  text += value;
}

void AppendHelp(std::string& text, std::string_view help) {
  AppendEscaped(text, help, "\\\n");
}

void AppendValue(std::string& text, double value) {
  if (std::isnan(value)) {
    text += "NaN";
  } else if (std::isinf(value)) {
    text += value > 0 ? "+Inf" : "-Inf";
  } else {
    AppendNumber(text, value);
  }
}

SampleWriter::SampleWriter(Family family, std::string_view account)
    : start_(Name(family)) {
  start_ += "{account=\"";
  AppendLabelValue(start_, account);
  start_ += '"';
}

SampleWriter::Line& SampleWriter::Line::Label(std::string_view name,
                                              std::string_view value) {
  text_ += ',';
  text_ += name;
  text_ += "=\"";
  AppendLabelValue(text_, value);
  text_ += '"';
  return *this;
}

void SampleWriter::Line::Value(std::uint64_t value) {
  text_ += "} ";
  AppendNumber(text_, value);
  text_ += '\n';
}

void SampleWriter::Line::Value(double value) {
  text_ += "} ";
  AppendValue(text_, value);
  text_ += '\n';
}

std::shared_ptr<const std::string> SampleWriter::Finish() {
  if (text_.empty()) return nullptr;
  text_.shrink_to_fit();
  return std::make_shared<const std::string>(std::move(text_));
}

}  // namespace operator_connect::exposition
