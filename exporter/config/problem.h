#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PROBLEM_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PROBLEM_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "exporter/config/load.h"

namespace operator_connect::config {

// The longest list of problems that is handed out; one more line counts the
// rest.
inline constexpr std::size_t kMaxProblems = 100;

// Collects what is wrong with one file. One thread.
class ProblemList {
 public:
  explicit ProblemList(std::string file) : file_(std::move(file)) {}

  void Add(int line, std::string key, std::string message);
  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size() + dropped_; }
  const std::string& file() const { return file_; }

  // Sorted by line, cut to kMaxProblems.
  Problems Take() &&;

 private:
  const std::string file_;
  Problems problems_;
  std::size_t dropped_ = 0;
};

// `text` of the user's as a part of a message: in double quotes, cut at 64
// bytes, control characters escaped. Never for a secret.
std::string Quoted(std::string_view text);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_PROBLEM_H_
