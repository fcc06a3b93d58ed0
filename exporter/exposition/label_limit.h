#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_LABEL_LIMIT_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_LABEL_LIMIT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace operator_connect::exposition {

// The maximum number of the platform's values of one label.
inline constexpr std::size_t kMaxLabelValues = 32;

// Decides which values of one label are shown: all, if they are at most
// kMaxLabelValues; else the known values, then those with most records. The
// rest counts as "other". A value.
class LabelLimit {
 public:
  // Records by label value.
  using Counts = std::map<std::string, std::uint64_t, std::less<>>;

  // Keeps every value for which `known` is true, however few records it has.
  LabelLimit(const Counts& counts, bool (*known)(std::string_view));

  // The value under which `value` is shown. Points to it or to a constant.
  std::string_view operator()(std::string_view value) const;

 private:
  bool limited_ = false;
  std::set<std::string, std::less<>> kept_;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_LABEL_LIMIT_H_
