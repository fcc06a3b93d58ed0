#include "exporter/web/negotiation.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <vector>

#include "exporter/base/text.h"
#include "exporter/web/http.h"

namespace operator_connect::web {
namespace {

constexpr std::string_view kText = "text/plain; version=0.0.4; charset=utf-8";

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(TrimWhitespace(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// One element of Accept or Accept-Encoding.
struct Choice {
  std::string_view name;
  std::string_view version;
  double weight = 1;
};

double ParseWeight(std::string_view text) {
  double weight = 0;
  const auto [end, error] = std::from_chars(
      text.data(), text.data() + text.size(), weight, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return 0;
  return weight >= 0 && weight <= 1 ? weight : 0;
}

Choice ParseChoice(std::string_view element) {
  const std::vector<std::string_view> parts = Split(element, ';');
  Choice choice;
  choice.name = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = TrimWhitespace(parts[i].substr(0, equals));
    std::string_view value = TrimWhitespace(parts[i].substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    if (EqualIgnoringCase(key, "q")) choice.weight = ParseWeight(value);
    if (EqualIgnoringCase(key, "version")) choice.version = value;
  }
  return choice;
}

// The weight of the most specific element that matches text/plain; below 0:
// none matches.
double TextWeight(const std::vector<Choice>& choices) {
  double weight = -1;
  int best = 0;
  for (const Choice& choice : choices) {
    int precision = 0;
    if (EqualIgnoringCase(choice.name, "text/plain") &&
        (choice.version.empty() || choice.version == "0.0.4")) {
      precision = 3;
    } else if (EqualIgnoringCase(choice.name, "text/*")) {
      precision = 2;
    } else if (choice.name == "*/*") {
      precision = 1;
    }
    if (precision == 0 || precision < best) continue;
    weight = precision > best ? choice.weight : std::max(weight, choice.weight);
    best = precision;
  }
  return weight;
}

}  // namespace

ChosenFormat ChooseFormat(std::string_view accept) {
  std::vector<Choice> choices;
  for (std::string_view element : Split(accept, ',')) {
    choices.push_back(ParseChoice(element));
  }
  const Choice* open_metrics = nullptr;
  for (const Choice& choice : choices) {
    if (!EqualIgnoringCase(choice.name, "application/openmetrics-text")) {
      continue;
    }
    if (!choice.version.empty() && choice.version != "1.0.0" &&
        choice.version != "0.0.1") {
      continue;
    }
    if (open_metrics == nullptr || choice.weight > open_metrics->weight) {
      open_metrics = &choice;
    }
  }
  if (open_metrics == nullptr || open_metrics->weight <= 0 ||
      open_metrics->weight < TextWeight(choices)) {
    return {exposition::Format::kText, std::string(kText)};
  }
  std::string content_type = "application/openmetrics-text; version=";
  content_type += open_metrics->version == "0.0.1" ? "0.0.1" : "1.0.0";
  content_type += "; charset=utf-8";
  return {exposition::Format::kOpenMetrics, std::move(content_type)};
}

bool AcceptsGzip(std::string_view accept_encoding) {
  bool any = false;
  for (std::string_view element : Split(accept_encoding, ',')) {
    const Choice choice = ParseChoice(element);
    if (EqualIgnoringCase(choice.name, "gzip") ||
        EqualIgnoringCase(choice.name, "x-gzip")) {
      return choice.weight > 0;
    }
    if (choice.name == "*") any = choice.weight > 0;
  }
  return any;
}

}  // namespace operator_connect::web
