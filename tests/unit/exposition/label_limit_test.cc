#include "exporter/exposition/label_limit.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect::exposition {
namespace {

bool IsKnown(std::string_view value) { return value.starts_with("known"); }

// Values v0, v1, …: v0 has one record, each next one more.
LabelLimit::Counts Values(std::size_t count) {
  LabelLimit::Counts counts;
  for (std::size_t i = 0; i < count; ++i) {
    counts["v" + std::to_string(i)] = i + 1;
  }
  return counts;
}

TEST_CASE("32 values are all shown") {
  const LabelLimit limit(Values(kMaxLabelValues), IsKnown);
  CHECK(limit("v0") == "v0");
  CHECK(limit("v31") == "v31");
}

TEST_CASE("beyond 32 values those with fewest records are other") {
  const LabelLimit limit(Values(kMaxLabelValues + 2), IsKnown);
  CHECK(limit("v0") == "other");
  CHECK(limit("v1") == "other");
  CHECK(limit("v2") == "v2");
  CHECK(limit("v33") == "v33");
  CHECK(limit("never met") == "other");
}

TEST_CASE("known values are kept without a record") {
  LabelLimit::Counts counts = Values(kMaxLabelValues);
  counts["known"] = 0;
  const LabelLimit limit(counts, IsKnown);
  CHECK(limit("known") == "known");
  CHECK(limit("v0") == "other");
  CHECK(limit("v1") == "v1");
}

TEST_CASE("among values with equal records the same are kept each time") {
  LabelLimit::Counts counts;
  for (int i = 10; i < 50; ++i) counts["v" + std::to_string(i)] = 1;
  const LabelLimit limit(counts, IsKnown);
  int kept = 0;
  for (const auto& [value, records] : counts) kept += limit(value) == value;
  CHECK(kept == kMaxLabelValues);
  CHECK(LabelLimit(counts, IsKnown)("v10") == limit("v10"));
}

}  // namespace
}  // namespace operator_connect::exposition
