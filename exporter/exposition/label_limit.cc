#include "exporter/exposition/label_limit.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "exporter/live_platform/labels.h"

namespace operator_connect::exposition {

LabelLimit::LabelLimit(const Counts& counts, bool (*known)(std::string_view))
    : limited_(counts.size() > kMaxLabelValues) {
  if (!limited_) return;
  struct Candidate {
    bool known;
    std::uint64_t records;
    const std::string* value;
  };
  std::vector<Candidate> candidates;
  for (const auto& [value, records] : counts) {
    candidates.push_back({known(value), records, &value});
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) {
              return std::tuple(b.known, b.records, *a.value) <
                     std::tuple(a.known, a.records, *b.value);
            });
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i < kMaxLabelValues || candidates[i].known) {
      kept_.insert(*candidates[i].value);
    }
  }
}

std::string_view LabelLimit::operator()(std::string_view value) const {
  return !limited_ || kept_.contains(value) ? value : live_platform::kOther;
}

}  // namespace operator_connect::exposition
