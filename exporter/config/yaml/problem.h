#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_PROBLEM_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_PROBLEM_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace operator_connect::config {

// A fault in a user's file, with its place and remedy.
struct Problem {
  std::string file;
  int line = 0;         // from 1; 0: the whole file
  std::string key;      // such as accounts[0].oauth2.client_id; may be empty
  std::string message;  // the fault and what to write instead; no secrets

  // "exporter.yml:12: accounts[0].oauth2.client_id: must be a string". Always
  // one line.
  std::string ToString() const;
};

// All faults in the order of the file; never empty.
using Problems = std::vector<Problem>;

// The longest list of problems that is returned; one more line counts the rest.
inline constexpr std::size_t kMaxProblems = 100;

// Collects the faults of one file. One thread.
class ProblemList {
 public:
  explicit ProblemList(std::string file) : file_(std::move(file)) {}

  void Add(int line, std::string key, std::string message);
  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size() + dropped_; }

  // Sorted by line, cut to kMaxProblems.
  Problems Take() &&;

 private:
  const std::string file_;
  Problems problems_;
  std::size_t dropped_ = 0;
};

// Quotes a user's `text` for a message: in double quotes, cut at 64 bytes,
// control characters escaped. Never for a secret.
std::string Quoted(std::string_view text);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_PROBLEM_H_
