#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_BUILDER_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_BUILDER_H_

#include <prometheus/metric_family.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/exposition/exposition.h"
#include "exporter/exposition/families.h"

namespace operator_connect::exposition {

// The part of an account in the exposition.
struct AccountSamples {
  // Of leads, numbers, the collections, the history and orphans.
  std::array<Samples, 5> samples;
  std::vector<prometheus::MetricFamily> requests;
};

// Builds an exposition: each family once, with the samples of all accounts
// after its head. Samples are shared, not copied, unless they are short.
class ExpositionBuilder {
 public:
  explicit ExpositionBuilder(Format format) : format_(format) {}

  // Adds the samples and families of accounts. Call at most once.
  void AddAccounts(std::vector<AccountSamples> accounts);
  void AddFamilies(const std::vector<prometheus::MetricFamily>& families);

  // Ends the exposition and returns it.
  Exposition Finish();

 private:
  void AddShared(const std::shared_ptr<const std::string>& samples);
  void Flush();

  const Format format_;
  std::string text_;
  Exposition exposition_;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_BUILDER_H_
