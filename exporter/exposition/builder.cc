#include "exporter/exposition/builder.h"

#include <iterator>
#include <utility>

#include "exporter/exposition/family_writer.h"

namespace operator_connect::exposition {
namespace {

// Copying less than this is cheaper than one more piece.
constexpr std::size_t kShort = 4096;

}  // namespace

void ExpositionBuilder::AddAccounts(std::vector<AccountSamples> accounts) {
  for (std::size_t i = 0; i < kFamilies; ++i) {
    const auto family = static_cast<Family>(i);
    bool started = false;
    for (const AccountSamples& account : accounts) {
      for (const Samples& samples : account.samples) {
        if (samples[family] == nullptr) continue;
        if (!std::exchange(started, true)) text_ += Head(family);
        AddShared(samples[family]);
      }
    }
  }
  std::vector<prometheus::MetricFamily> requests;
  for (AccountSamples& account : accounts) {
    requests.insert(requests.end(),
                    std::make_move_iterator(account.requests.begin()),
                    std::make_move_iterator(account.requests.end()));
  }
  AddFamilies(Merge(std::move(requests)));
}

void ExpositionBuilder::AddFamilies(
    const std::vector<prometheus::MetricFamily>& families) {
  AppendFamilies(text_, format_, families);
}

Exposition ExpositionBuilder::Finish() {
  if (format_ == Format::kOpenMetrics) text_ += "# EOF\n";
  Flush();
  return std::move(exposition_);
}

void ExpositionBuilder::AddShared(
    const std::shared_ptr<const std::string>& samples) {
  if (samples->size() < kShort) {
    text_ += *samples;
    return;
  }
  Flush();
  exposition_.pieces.push_back(samples);
}

void ExpositionBuilder::Flush() {
  if (text_.empty()) return;
  exposition_.pieces.push_back(
      std::make_shared<const std::string>(std::exchange(text_, {})));
}

}  // namespace operator_connect::exposition
