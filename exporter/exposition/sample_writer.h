#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_SAMPLE_WRITER_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_SAMPLE_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "exporter/exposition/families.h"

namespace operator_connect::exposition {

// Append a label value or a HELP text with the escapes of the exposition
// format: backslash, newline and, in label values, the quote.
void AppendLabelValue(std::string& text, std::string_view value);
void AppendHelp(std::string& text, std::string_view help);

// Appends the shortest decimal text that reads back as the same value, or +Inf,
// -Inf and NaN.
void AppendValue(std::string& text, double value);

// Writes the samples of one family with the label of one account:
//
//   SampleWriter leads(Family::kLeads, "emea");
//   leads.Add().Label("status", "Active").Value(6);
class SampleWriter {
 public:
  SampleWriter(Family family, std::string_view account);

  // A line that is being written. Value() ends it; call exactly one.
  class Line {
   public:
    Line& Label(std::string_view name, std::string_view value);
    void Value(std::uint64_t value);
    void Value(double value);

   private:
    friend class SampleWriter;
    explicit Line(std::string& text) : text_(text) {}
    std::string& text_;
  };

  Line Add() {
    text_ += start_;
    return Line(text_);
  }

  // Returns the lines; null if there are none.
  std::shared_ptr<const std::string> Finish();

 private:
  std::string start_;  // name{account="…"
  std::string text_;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_SAMPLE_WRITER_H_
